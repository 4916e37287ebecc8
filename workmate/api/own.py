"""The API of the shared ground: company, me, jobs, documents, audit trail."""

from typing import Any, ClassVar

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from workmate import company, documents, errors, jobs, logos, roles
from workmate.api.resources import ActResource, ApiView, ReadViewSet
from workmate.models import AuditEvent, Company, Document, JobRun, User
from workmate.views.documents import serve
from workmate.web import ApiRequest


class CompanySerializer(serializers.ModelSerializer):
    """Our master data."""

    class Meta:
        model = Company
        exclude: ClassVar = ["id", "logo", "country"]


class CompanyResource(ApiView):
    """Read and change our master data."""

    queryset = Company.objects.all()
    serializer_class = CompanySerializer
    permission_required: ClassVar = {
        "GET": "workmate.view_company",
        "PATCH": "workmate.change_company",
    }

    def get(self, request: ApiRequest) -> Response:
        """The company."""
        return Response(CompanySerializer(company.get()).data)

    def patch(self, request: ApiRequest) -> Response:
        """Change the fields that are named."""
        data = CompanySerializer(company.get(), data=request.data, partial=True)
        data.is_valid(raise_exception=True)
        changed = company.save(data.validated_data, by=request.user)
        return Response(CompanySerializer(changed).data)


class LogoBody(serializers.Serializer):
    """PNG, JPEG, WebP or SVG up to 5 MB."""

    logo = serializers.FileField()


class CompanyLogo(ApiView):
    """The picture in the letter head of what is issued from now on."""

    queryset = Company.objects.all()
    serializer_class = LogoBody
    parser_classes = (MultiPartParser,)
    permission_required = "workmate.change_company"

    @extend_schema(request=LogoBody, responses={201: CompanySerializer})
    def post(self, request: ApiRequest) -> Response:
        """Put another one in its place."""
        body = LogoBody(data=request.data)
        body.is_valid(raise_exception=True)
        upload = body.validated_data["logo"]
        if upload.size > logos.MAX_BYTES:
            raise errors.TOO_LARGE(limit=f"{logos.MAX_BYTES // 1_000_000} MB")
        kind = upload.content_type or ""
        changed = company.set_logo(upload.read(), media_type=kind, by=request.user)
        return Response(CompanySerializer(changed).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest) -> Response:
        """No logo any more."""
        company.remove_logo(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class MeSerializer(serializers.ModelSerializer):
    """Who asks, and what they may."""

    role = serializers.SerializerMethodField()
    permissions = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields: ClassVar = ["id", "email", "name", "role", "permissions"]

    def get_role(self, user: User) -> str:
        return roles.role_of(user)

    def get_permissions(self, user: User) -> list[str]:
        return sorted(user.get_all_permissions())


class Me(ApiView):
    """The user of this request."""

    queryset = User.objects.all()
    serializer_class = MeSerializer
    permission_required = ""

    def get(self, request: ApiRequest) -> Response:
        """Who asks."""
        return Response(MeSerializer(request.user).data)


class JobSerializer(serializers.ModelSerializer):
    """A run of a job."""

    title = serializers.CharField(read_only=True)

    class Meta:
        model = JobRun
        fields: ClassVar = [
            "id",
            "name",
            "title",
            "params",
            "state",
            "done",
            "total",
            "result",
            "error_code",
            "error",
            "attempts",
            "created_at",
            "started_at",
            "finished_at",
        ]
        read_only_fields = fields


class JobViewSet(ReadViewSet):
    """Runs of jobs, the latest first."""

    queryset = JobRun.objects.order_by("-id")
    serializer_class = JobSerializer
    filterset_fields = ("name", "state")


class JobRestart(ActResource):
    """Runs a failed job once more."""

    queryset = JobRun.objects.all()
    permission_required = "workmate.change_jobrun"
    answer_class = JobSerializer

    def act(self, obj: JobRun, data: dict[str, Any]) -> JobRun:
        return jobs.restart(obj, by=self.request.user)


class JobCancellation(ActResource):
    """Stops a job."""

    queryset = JobRun.objects.all()
    permission_required = "workmate.change_jobrun"
    answer_class = JobSerializer

    def act(self, obj: JobRun, data: dict[str, Any]) -> JobRun:
        return jobs.cancel(obj, by=self.request.user)


class DocumentSerializer(serializers.ModelSerializer):
    """An archived file; its bytes are at `…/content/`."""

    class Meta:
        model = Document
        fields: ClassVar = ["id", "kind", "filename", "media_type", "size", "sha256", "created_at"]
        read_only_fields = fields


class DocumentViewSet(ReadViewSet):
    """The archive."""

    queryset = Document.objects.order_by("-id")
    serializer_class = DocumentSerializer
    filterset_fields = ("kind", "sha256")


class DocumentContent(ApiView):
    """The bytes of an archived file, for whoever may see its kind."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    permission_required = ""

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: ApiRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The file as it was archived."""
        document = self.get_object()
        if not request.user.has_perm(documents.permission_for(document)):
            raise PermissionDenied
        return serve(document)


class AuditEventSerializer(serializers.ModelSerializer):
    """An event of the audit trail."""

    class Meta:
        model = AuditEvent
        fields: ClassVar = [
            "id",
            "seq",
            "event",
            "at",
            "actor",
            "object_type",
            "object_id",
            "object_label",
            "payload",
            "payload_hash",
            "request_id",
            "prev",
            "hash",
        ]
        read_only_fields = fields


class AuditEventViewSet(ReadViewSet):
    """The audit trail, the latest first."""

    queryset = AuditEvent.objects.order_by("-id")
    serializer_class = AuditEventSerializer
    filterset_fields = ("event", "object_type", "object_id", "actor")
