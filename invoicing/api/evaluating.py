"""The API of one document by its number, of figures, and of many documents as one file."""

import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.urls import reverse
from django.utils.timezone import localdate
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import collecting, statistics
from invoicing.api import actor
from invoicing.api.invoices import rows
from invoicing.api.serializers import InvoiceSerializer
from invoicing.models import Customer, Invoice, State
from invoicing.views.evaluating import collection, handed_out
from workmate.api import ApiView, etag
from workmate.models import JobRun


class InvoiceByNumber(ApiView):
    """The document with this number."""

    queryset = Invoice.objects.all()
    permission_required = "invoicing.view_invoice"
    serializer_class = InvoiceSerializer
    lookup_field = "number"

    def get_queryset(self) -> Any:
        return rows()

    @extend_schema(operation_id="invoices_by_number_retrieve")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """As among the documents."""
        invoice = self.get_object()
        return Response(self.get_serializer(invoice).data, headers={"ETag": etag(invoice)})


class SpanBody(serializers.Serializer):
    """Days of issue, both included, and a customer; all may be left out."""

    date_from = serializers.DateField(required=False)
    date_to = serializers.DateField(required=False)
    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all(), required=False)


class SumsSerializer(serializers.Serializer):
    """Documents in one state and currency."""

    state = serializers.ChoiceField(choices=State.choices)
    currency = serializers.CharField()
    count = serializers.IntegerField()
    gross = serializers.DecimalField(max_digits=16, decimal_places=2)
    outstanding = serializers.DecimalField(max_digits=16, decimal_places=2)


class MoneySerializer(serializers.Serializer):
    """What was billed in one currency, corrections taken away, and what of it is owed today."""

    currency = serializers.CharField()
    count = serializers.IntegerField()
    net = serializers.DecimalField(max_digits=16, decimal_places=2)
    gross = serializers.DecimalField(max_digits=16, decimal_places=2)
    outstanding = serializers.DecimalField(max_digits=16, decimal_places=2)
    overdue = serializers.DecimalField(max_digits=16, decimal_places=2)
    overdue_count = serializers.IntegerField()


class StatisticsSerializer(serializers.Serializer):
    """Drafts, offers and cancelled documents are in no sum."""

    states = SumsSerializer(many=True)
    money = MoneySerializer(many=True)


class InvoiceStatistics(ApiView):
    """How many documents there are in each state, and what they come to."""

    queryset = Invoice.objects.all()
    permission_required = "invoicing.view_invoice"
    serializer_class = StatisticsSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("date_from", OpenApiTypes.DATE),
            OpenApiParameter("date_to", OpenApiTypes.DATE),
            OpenApiParameter("customer", OpenApiTypes.INT),
        ]
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """For the whole, a span of days, or a customer."""
        asked = SpanBody(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = statistics.read(
            on=localdate(),
            start=asked.validated_data.get("date_from"),
            end=asked.validated_data.get("date_to"),
            customer=asked.validated_data.get("customer"),
        )
        return Response(StatisticsSerializer(found).data)


TICKED = 2000  # documents that are named one by one; a span has no bound


class CollectionBody(serializers.Serializer):
    """Documents by their ids, or by their days of issue, both included."""

    invoices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        required=False,
        max_length=TICKED,
    )
    date_from = serializers.DateField(required=False)
    date_to = serializers.DateField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("invoices") and not (attrs.get("date_from") and attrs.get("date_to")):
            text = "Nennen Sie Belege oder den ersten und letzten Tag."
            raise serializers.ValidationError({"date_from": text})
        return attrs


class InvoiceCollectionSerializer(serializers.Serializer):
    """A collection: `content` leads to the file once it is there, `job` to where it is stopped."""

    id = serializers.IntegerField(source="pk")
    job = serializers.SerializerMethodField()
    state = serializers.CharField()
    done = serializers.IntegerField(help_text="Documents that are in it.")
    total = serializers.IntegerField(help_text="Documents that will be; 0 while it waits.")
    error_code = serializers.CharField()
    error = serializers.CharField()
    size = serializers.IntegerField(source="result.size", allow_null=True, default=None)
    sha256 = serializers.CharField(source="result.sha256", allow_null=True, default=None)
    kept_until = serializers.SerializerMethodField()
    content = serializers.SerializerMethodField()

    def get_job(self, run: JobRun) -> str:
        return reverse("api-job-detail", args=[run.pk])

    def get_kept_until(self, run: JobRun) -> datetime.datetime | None:
        return collecting.kept_until(run)

    def get_content(self, run: JobRun) -> str | None:
        here = collecting.is_here(run)
        return reverse("api-invoice-collection-content", args=[run.pk]) if here else None


class Collection(ApiView):
    """Issued documents as one ZIP: PDF, XML and report of each, and tables beside them.

    A span of days holds its payments and ledger entries too, described in `index.xml` (GoBD, Z3).
    """

    queryset = Invoice.objects.all()
    permission_required = "invoicing.view_invoice"
    serializer_class = CollectionBody

    @extend_schema(responses={202: InvoiceCollectionSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have it written in the background; `Location` says how far it is."""
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        wanted = collecting.Wanted(
            ids=data.get("invoices", ()), start=data.get("date_from"), end=data.get("date_to")
        )
        if wanted.is_span and not actor(request).has_perm("invoicing.export_invoice"):
            raise PermissionDenied
        run = collecting.order(wanted, by=actor(request))
        address = reverse("api-invoice-collection-run", args=[run.pk])
        answer = InvoiceCollectionSerializer(run).data
        return Response(answer, status=status.HTTP_202_ACCEPTED, headers={"Location": address})


class CollectionRun(ApiView):
    """A collection, for whoever may have it."""

    queryset = JobRun.objects.all()
    permission_required = "invoicing.view_invoice"
    serializer_class = InvoiceCollectionSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far it is."""
        return Response(InvoiceCollectionSerializer(collection(kwargs["pk"], actor(request))).data)


class CollectionContent(ApiView):
    """The ZIP of a collection, for seven days."""

    queryset = JobRun.objects.all()
    permission_required = "invoicing.view_invoice"
    serializer_class = InvoiceCollectionSerializer

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        """The file; 409 while it is not ready, 410 when it is gone."""
        return handed_out(collection(kwargs["pk"], actor(request)), actor(request))
