"""The API of documents: drafts with `If-Match`, issuing and cancelling as resources."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.timezone import localdate
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import archiving, contents, correcting, drafting, errors, gate, restoring
from invoicing.api import actor
from invoicing.api.serializers import (
    CancellationBody,
    ConversionBody,
    DecisionBody,
    DeletedDraftSerializer,
    InvoiceSerializer,
    IssuanceBody,
    VerdictSerializer,
    content_from,
)
from invoicing.cancelling import cancel
from invoicing.converting import convert, decide
from invoicing.filters import InvoiceFilters
from invoicing.issuing import issue
from invoicing.models import DeletedDraft, Invoice
from invoicing.remembering import with_check
from workmate.api import ActResource, ApiView, ApiViewSet, ReadViewSet, etag, require_match
from workmate.views.documents import serve

ROWS = Invoice.objects.select_related("cancelled_by", "open_item").defer("snapshot")
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="ETag des Entwurfs"
)


def rows() -> Any:
    """Documents with their state today and their lines."""
    found = with_check(ROWS.with_state(on=localdate())).order_by("-id")
    return found.prefetch_related(
        "deductions",
        "lines__tax_case",
        "lines__product",
        "adjustments__tax_case",
        "attachments__file",
    )


class InvoiceViewSet(ApiViewSet):
    """Documents. Drafts are written, changed and deleted here; issued ones stay as they are."""

    queryset = Invoice.objects.all()
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilters

    def get_queryset(self) -> Any:
        return rows()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A document; its ETag is what `If-Match` wants."""
        return self._answer(self.get_object())

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A new draft, which may lack anything."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        customer = sent.validated_data.get("customer")
        content = content_from(sent.validated_data, contents.blank(customer))
        made = drafting.create_draft(content, by=actor(request))
        return self._answer(rows().get(pk=made.pk), status.HTTP_201_CREATED)

    @extend_schema(parameters=[IF_MATCH])
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is named; `lines` replaces all lines."""
        invoice = self.get_object()
        self._require_draft(invoice)
        require_match(request, invoice)
        sent = self.get_serializer(invoice, data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        content = content_from(sent.validated_data, contents.content_of(invoice))
        drafting.save_draft(invoice, content, version=invoice.version, by=actor(request))
        return self._answer(rows().get(pk=invoice.pk))

    @extend_schema(parameters=[IF_MATCH])
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a draft; it can come back for thirty days."""
        invoice = self.get_object()
        self._require_draft(invoice)
        require_match(request, invoice)
        restoring.discard(invoice, version=invoice.version, by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _require_draft(self, invoice: Invoice) -> None:
        if invoice.status != Invoice.Status.DRAFT:
            raise errors.NOT_A_DRAFT(number=invoice.number)

    def _answer(self, invoice: Invoice, code: int = status.HTTP_200_OK) -> Response:
        data = self.get_serializer(invoice).data
        return Response(data, status=code, headers={"ETag": etag(invoice)})


class Issuance(ActResource):
    """Issues a draft: it gets its number and can never be changed again."""

    queryset = Invoice.objects.all()
    permission_required = "invoicing.issue_invoice"
    body_class = IssuanceBody
    answer_class = InvoiceSerializer

    def act(self, obj: Invoice, data: dict[str, Any]) -> Invoice:
        if "If-Match" in self.request.headers:
            require_match(self.request, obj)
        issue(
            obj,
            by=actor(self.request),
            on=localdate(),
            issue_date=data.get("issue_date"),
            version=data.get("version") or obj.version,
        )
        return rows().get(pk=obj.pk)


class Cancellation(ActResource):
    """Answers an invoice with a Stornorechnung, which is returned."""

    queryset = Invoice.objects.select_related("customer")
    permission_required = "invoicing.cancel_invoice"
    body_class = CancellationBody
    answer_class = InvoiceSerializer

    def act(self, obj: Invoice, data: dict[str, Any]) -> Invoice:
        storno = cancel(obj, reason=data["reason"], by=actor(self.request), on=localdate())
        return rows().get(pk=storno.pk)


class Correction(ActResource):
    """Drafts a Rechnungskorrektur with all lines of an issued invoice; delete what was right."""

    queryset = Invoice.objects.all()
    permission_required = "invoicing.add_invoice"
    answer_class = InvoiceSerializer

    def act(self, obj: Invoice, data: dict[str, Any]) -> Invoice:
        draft = correcting.draft_correction(obj, by=actor(self.request))
        return rows().get(pk=draft.pk)


class Conversion(ActResource):
    """Drafts the document that follows a quote or an order: `kind`, for an advance `percent`."""

    queryset = Invoice.objects.all()
    permission_required = "invoicing.add_invoice"
    body_class = ConversionBody
    answer_class = InvoiceSerializer

    def act(self, obj: Invoice, data: dict[str, Any]) -> Invoice:
        draft = convert(
            obj, data["kind"], percent=data["percent"], by=actor(self.request), on=localdate()
        )
        return rows().get(pk=draft.pk)


class Decision(ActResource):
    """Keeps what the customer said to a quote: `accepted` or `declined`."""

    queryset = Invoice.objects.all()
    permission_required = "invoicing.change_invoice"
    body_class = DecisionBody
    answer_class = InvoiceSerializer

    def act(self, obj: Invoice, data: dict[str, Any]) -> Invoice:
        decide(obj, data["decision"], by=actor(self.request), on=localdate())
        return rows().get(pk=obj.pk)


class Duplication(ActResource):
    """Writes a new draft that says the same."""

    queryset = Invoice.objects.all()
    permission_required = "invoicing.add_invoice"
    answer_class = InvoiceSerializer

    def act(self, obj: Invoice, data: dict[str, Any]) -> Invoice:
        copy = drafting.duplicate(obj, by=actor(self.request), on=localdate())
        return rows().get(pk=copy.pk)


class DeletedDraftViewSet(ReadViewSet):
    """Drafts that were deleted within the last thirty days."""

    queryset = DeletedDraft.objects.select_related("customer").order_by("-id")
    serializer_class = DeletedDraftSerializer
    permission_required = "invoicing.view_invoice"


class Restoration(ActResource):
    """Brings a deleted draft back as a new one, which is returned."""

    queryset = DeletedDraft.objects.all()
    permission_required = "invoicing.add_invoice"
    answer_class = InvoiceSerializer

    def act(self, obj: DeletedDraft, data: dict[str, Any]) -> Invoice:
        draft = restoring.restore(obj, by=actor(self.request))
        return rows().get(pk=draft.pk)


class Check(ApiView):
    """What the gate would say if the draft were issued today."""

    queryset = Invoice.objects.select_related("customer")
    serializer_class = VerdictSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The findings, each at its field."""
        invoice = self.get_object()
        if invoice.status != Invoice.Status.DRAFT:
            raise errors.NOT_A_DRAFT(number=invoice.number)
        return Response(VerdictSerializer(gate.check(invoice, on=localdate())).data)


class File(ApiView):
    """An archived file of an issued document."""

    queryset = Invoice.objects.select_related("pdf", "xml", "report")
    serializer_class = InvoiceSerializer
    kind = "pdf"

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes as they were archived; the PDF is printed now if a crash left it out."""
        invoice = self.get_object()
        if invoice.status != Invoice.Status.ISSUED:
            raise errors.NOT_ISSUED()
        document = getattr(invoice, self.kind)
        if document is None and self.kind == "pdf":
            document = archiving.archive_pdf(invoice, by=actor(request))
        if document is None:
            raise Http404("an offer has no e-invoice")
        return serve(document)
