"""The API of issuing many drafts as one job."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import bulk_issuing
from invoicing.api import actor
from invoicing.models import BulkRow, Invoice
from workmate.api import ApiView
from workmate.models import JobRun


class BulkBody(serializers.Serializer):
    """The drafts to issue; each as it is at this moment, a later change keeps it from going."""

    invoices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        allow_empty=False,
        max_length=bulk_issuing.LIMIT,
    )


class BulkRowSerializer(serializers.ModelSerializer):
    """One draft of a run: `waiting`, `issued` with its number, or `refused` with the reasons."""

    number = serializers.CharField(source="invoice.number", allow_null=True, default=None)

    class Meta:
        model = BulkRow
        fields: ClassVar = ["invoice", "state", "number", "findings"]
        read_only_fields = fields


class BulkSerializer(serializers.Serializer):
    """A run over many drafts; `job` is its address among the jobs."""

    id = serializers.IntegerField(source="pk")
    job = serializers.SerializerMethodField()
    state = serializers.CharField()
    rows = BulkRowSerializer(source="bulk_rows", many=True)

    def get_job(self, run: JobRun) -> str:
        return reverse("api-job-detail", args=[run.pk])


class BulkIssuance(ApiView):
    """Issues many drafts in the background."""

    queryset = Invoice.objects.all()
    serializer_class = BulkBody
    permission_required = "invoicing.issue_invoice"

    @extend_schema(request=BulkBody, responses={202: BulkSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Start the run; `Location` leads to its rows."""
        body = BulkBody(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = dict.fromkeys(body.validated_data["invoices"])
        run = bulk_issuing.order(wanted, by=actor(request))
        address = reverse("api-invoice-bulk-issuance-run", args=[run.pk])
        answer = BulkSerializer(_run(run.pk)).data
        return Response(answer, status=status.HTTP_202_ACCEPTED, headers={"Location": address})


class BulkIssuanceRun(ApiView):
    """A run and what came of each of its drafts."""

    queryset = Invoice.objects.all()
    serializer_class = BulkSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far it is."""
        return Response(BulkSerializer(_run(kwargs["pk"])).data)


def _run(pk: int) -> JobRun:
    runs = JobRun.objects.filter(name=bulk_issuing.JOB).prefetch_related("bulk_rows__invoice")
    return get_object_or_404(runs, pk=pk)
