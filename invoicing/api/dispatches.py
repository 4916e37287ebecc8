"""The API of dispatches: sending a document, and what became of it."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import sending
from invoicing.api import actor
from invoicing.filters import DispatchFilters
from invoicing.models import Customer, Dispatch, Invoice, Recipient
from workmate.api import ActResource, ApiView, ReadViewSet

ROWS = Dispatch.objects.select_related("invoice").prefetch_related("recipients").order_by("-id")


class RecipientSerializer(serializers.ModelSerializer):
    """An address and what its mail server said."""

    class Meta:
        model = Recipient
        fields: ClassVar = ["address", "role", "state", "code", "answer", "answered_at"]


class DispatchSerializer(serializers.ModelSerializer):
    """One act of sending; `captured`: kept in the outbox of the demo instead of leaving."""

    recipients = RecipientSerializer(many=True, read_only=True)

    class Meta:
        model = Dispatch
        fields: ClassVar = [
            "id",
            "invoice",
            "state",
            "language",
            "subject",
            "text",
            "sender",
            "message_id",
            "captured",
            "error",
            "recipients",
            "created_at",
            "sent_at",
        ]
        read_only_fields: ClassVar = fields


class DispatchBody(serializers.Serializer):
    """What is not named comes from the customer and the kept texts."""

    to = serializers.ListField(child=serializers.CharField(max_length=254), required=False)
    cc = serializers.ListField(child=serializers.CharField(max_length=254), required=False)
    bcc = serializers.ListField(child=serializers.CharField(max_length=254), required=False)
    language = serializers.ChoiceField(choices=Customer.Language.choices, required=False)
    subject = serializers.CharField(max_length=200, required=False)
    text = serializers.CharField(max_length=10_000, required=False)


class InvoiceDispatches(ApiView):
    """The dispatches of a document, the latest first; POST sends it once more."""

    queryset = Invoice.objects.select_related("customer")
    permission_required = {"GET": "invoicing.view_dispatch", "POST": "invoicing.send_invoice"}
    serializer_class = DispatchSerializer

    @extend_schema(responses=DispatchSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Everything that was sent of this document."""
        found = ROWS.filter(invoice=self.get_object())
        return Response(DispatchSerializer(found, many=True).data)

    @extend_schema(request=DispatchBody, responses={201: DispatchSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Queue a dispatch; its state tells later what the mail server said."""
        invoice = self.get_object()
        body = DispatchBody(data=request.data)
        body.is_valid(raise_exception=True)
        said = body.validated_data
        proposed = sending.proposal(invoice, language=said.get("language", ""))
        wanted = sending.Mail(**{**vars(proposed), **said})
        made = sending.send(invoice, wanted, by=actor(request))
        answer = DispatchSerializer(ROWS.get(pk=made.pk))
        return Response(answer.data, status=status.HTTP_201_CREATED)


class DispatchViewSet(ReadViewSet):
    """All dispatches."""

    queryset = ROWS
    serializer_class = DispatchSerializer
    filterset_class = DispatchFilters


class CallingOff(ActResource):
    """Takes back a dispatch that still waits."""

    queryset = ROWS
    permission_required = "invoicing.send_invoice"
    answer_class = DispatchSerializer

    def act(self, obj: Dispatch, data: dict[str, Any]) -> Dispatch:
        sending.call_off(obj, by=actor(self.request))
        return ROWS.get(pk=obj.pk)
