"""The API of retention: the report, the trial run, erasing, holds."""

from typing import Any, ClassVar

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from workmate import retention
from workmate.api.resources import ActResource, ApiView, Idempotent
from workmate.api.rights import Rights
from workmate.models import Document, Erasure, RetentionHold
from workmate.web import ApiRequest


class RetentionRowSerializer(serializers.Serializer):
    """Records of one kind and calendar year; `until` is the last day that they are kept."""

    kind = serializers.CharField(source="kind.name")
    title = serializers.CharField(source="kind.title")
    years = serializers.IntegerField(source="kind.years")
    basis = serializers.CharField(source="kind.basis")
    year = serializers.IntegerField()
    count = serializers.IntegerField()
    until = serializers.DateField()
    hold = serializers.CharField(allow_blank=True)
    over = serializers.BooleanField()
    erasable = serializers.BooleanField()


class RetentionReport(ApiView):
    """How long everything is kept."""

    queryset = Erasure.objects.all()
    permission_required = "workmate.view_erasure"
    serializer_class = RetentionRowSerializer

    @extend_schema(responses=RetentionRowSerializer(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Each kind of records by calendar year."""
        return Response(RetentionRowSerializer(retention.report(on=localdate()), many=True).data)


class RetentionCleanupBody(serializers.Serializer):
    """A trial run unless told otherwise; erasing needs the `seal` that the trial run gave."""

    dry_run = serializers.BooleanField(default=True)
    seal = serializers.CharField(required=False, allow_blank=True, default="", max_length=64)


class ErasableFileSerializer(serializers.Serializer):
    """A file that may go."""

    document = serializers.IntegerField(source="document.pk")
    filename = serializers.CharField(source="document.filename")
    sha256 = serializers.CharField(source="document.sha256")
    kind = serializers.CharField(source="row.kind.name")
    until = serializers.DateField(source="row.until")


class ErasureProposalSerializer(serializers.Serializer):
    """The files, and the seal that erases exactly them."""

    seal = serializers.CharField(allow_blank=True)
    size = serializers.IntegerField()
    more = serializers.BooleanField()
    files = ErasableFileSerializer(many=True)


class RetentionCleanup(ApiView):
    """Shows what may go, and erases exactly that."""

    queryset = Document.objects.all()
    permission_required = "workmate.erase_document"
    serializer_class = RetentionCleanupBody

    @extend_schema(request=RetentionCleanupBody, responses=ErasureProposalSerializer)
    def post(self, request: ApiRequest) -> Response:
        """A trial run by default; with `dry_run: false` and its seal the files are erased."""
        body = RetentionCleanupBody(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        if data["dry_run"]:
            found = retention.propose(on=localdate())
        else:
            found = retention.erase(data["seal"], by=request.user, on=localdate())
        return Response(ErasureProposalSerializer(found).data)


class RetentionHoldSerializer(serializers.ModelSerializer):
    """A calendar year whose records stay beyond their time."""

    class Meta:
        model = RetentionHold
        fields: ClassVar = ["id", "year", "reason", "held_at", "released_at"]
        read_only_fields: ClassVar = ["held_at", "released_at"]
        validators: ClassVar[list[Any]] = []  # the act says it in better words


class HoldViewSet(
    Idempotent,
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    GenericViewSet,
):
    """Holds, those that were released included."""

    queryset = RetentionHold.objects.order_by("-id")
    serializer_class = RetentionHoldSerializer
    permission_classes = (Rights,)
    lookup_value_regex = "[0-9]{1,18}"

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = retention.hold_year(by=self.request.user, **serializer.validated_data)


class HoldRelease(ActResource):
    """Lets the legal time of that year count again."""

    queryset = RetentionHold.objects.all()
    permission_required = "workmate.change_retentionhold"
    answer_class = RetentionHoldSerializer

    def act(self, obj: RetentionHold, data: dict[str, Any]) -> RetentionHold:
        return retention.release(obj, by=self.request.user)
