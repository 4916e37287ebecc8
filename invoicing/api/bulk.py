"""The API of acts on many documents: each is one job, and each row says what came of it."""

from typing import Any, ClassVar

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import bulk_running
from invoicing.api import actor
from invoicing.bulk_discarding import DISCARDING
from invoicing.bulk_issuing import ISSUING
from invoicing.bulk_running import BULKS, Bulk
from invoicing.bulk_sending import SENDING
from invoicing.models import BulkRow, Invoice
from workmate.api import ApiView
from workmate.models import JobRun


class BulkBody(serializers.Serializer):
    """The documents, as they are at this moment: a draft that changes later is left alone."""

    invoices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        allow_empty=False,
        max_length=bulk_running.LIMIT,
    )


class BulkRowSerializer(serializers.ModelSerializer):
    """A document of a run: `waiting`, done, or `refused` with the code and the reasons."""

    invoice = serializers.IntegerField(source="document_number", allow_null=True)
    number = serializers.CharField(source="invoice.number", allow_null=True, default=None)

    class Meta:
        model = BulkRow
        fields: ClassVar = ["invoice", "state", "number", "code", "findings"]
        read_only_fields = fields


class BulkSerializer(serializers.Serializer):
    """A run over many documents; `job` is its address among the jobs."""

    id = serializers.IntegerField(source="pk")
    job = serializers.SerializerMethodField()
    state = serializers.CharField()
    succeeded_count = serializers.SerializerMethodField()
    failed_count = serializers.SerializerMethodField()
    succeeded = serializers.SerializerMethodField(help_text="Ids of the documents it was done to.")
    failed = serializers.SerializerMethodField(help_text="Ids of the documents it was refused for.")
    rows = BulkRowSerializer(source="bulk_rows", many=True)

    def get_job(self, run: JobRun) -> str:
        return reverse("api-job-detail", args=[run.pk])

    def get_succeeded(self, run: JobRun) -> list[int]:
        return _ids(run, BULKS[run.name].done)

    def get_failed(self, run: JobRun) -> list[int]:
        return _ids(run, BulkRow.State.REFUSED)

    def get_succeeded_count(self, run: JobRun) -> int:
        return len(self.get_succeeded(run))

    def get_failed_count(self, run: JobRun) -> int:
        return len(self.get_failed(run))


class BulkOrder(ApiView):
    """Does one thing to many documents in the background."""

    queryset = Invoice.objects.all()
    serializer_class = BulkBody
    bulk: Bulk

    @extend_schema(request=BulkBody, responses={202: BulkSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Start the run; `Location` leads to its rows."""
        body = BulkBody(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = dict.fromkeys(body.validated_data["invoices"])
        run = bulk_running.order(self.bulk, wanted, by=actor(request))
        address = reverse("api-invoice-bulk-run", args=[run.pk])
        answer = BulkSerializer(_run(run.pk)).data
        return Response(answer, status=status.HTTP_202_ACCEPTED, headers={"Location": address})


class BulkIssuance(BulkOrder):
    """Issues many drafts."""

    bulk = ISSUING
    permission_required = ISSUING.permission


class BulkDispatch(BulkOrder):
    """Sends many issued documents by e-mail, each to its customer with the usual text."""

    bulk = SENDING
    permission_required = SENDING.permission


class BulkDeletion(BulkOrder):
    """Deletes many drafts; each can come back for thirty days."""

    bulk = DISCARDING
    permission_required = DISCARDING.permission


class BulkRun(ApiView):
    """A run and what came of each of its documents."""

    queryset = Invoice.objects.all()
    serializer_class = BulkSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How far it is."""
        return Response(BulkSerializer(_run(kwargs["pk"])).data)


def _run(pk: int) -> JobRun:
    runs = JobRun.objects.filter(name__in=BULKS).prefetch_related("bulk_rows__invoice")
    return get_object_or_404(runs, pk=pk)


def _ids(run: JobRun, state: BulkRow.State) -> list[int]:
    rows = run.bulk_rows.all()
    return [row.document_number for row in rows if row.state == state and row.document_number]
