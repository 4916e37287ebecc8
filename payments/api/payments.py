"""Payments over the API: list, read, record, take back."""

from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.fields import AmountField, PastDateField, actor
from payments.filters import PaymentFilters
from payments.models import Allocation, Payment, Receipt, Reversal
from payments.receipting import issue_receipt
from payments.recording import record_payment, reverse_payment
from workmate.api import ActResource, ReadViewSet
from workmate.ledger.models import MoneyAccount, OpenItem, Partner

PAYMENTS = Payment.objects.select_related("reversal").prefetch_related("allocations")


class AllocationSerializer(serializers.ModelSerializer):
    """A part of a payment, with the sign of what is open on its item."""

    class Meta:
        model = Allocation
        fields = ("open_item", "amount")


class ReversalSerializer(serializers.ModelSerializer):
    """That a payment was taken back."""

    class Meta:
        model = Reversal
        fields = ("reversed_on", "reason", "created_at")


class PaymentSerializer(serializers.ModelSerializer):
    """A payment as it stands; `reversal` is null while it counts."""

    allocations = AllocationSerializer(many=True)
    reversal = ReversalSerializer(allow_null=True, default=None)

    class Meta:
        model = Payment
        fields = (
            "id",
            "received_on",
            "amount",
            "currency",
            "method",
            "money_account",
            "partner",
            "reference",
            "note",
            "credit",
            "allocations",
            "reversal",
            "created_at",
        )


class AllocationBody(serializers.Serializer):
    """Which open item gets how much."""

    open_item = serializers.PrimaryKeyRelatedField(queryset=OpenItem.objects.all())
    amount = AmountField()


class PaymentBody(serializers.Serializer):
    """A payment to record: received is positive, paid out negative.

    `skonto` and `write_offs` (for a `reason`) settle what is missing, `fee` is what the bank kept;
    all three go back with the payment.
    """

    received_on = PastDateField()
    amount = AmountField()
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="EUR")
    euro = AmountField(required=False, allow_null=True)
    method = serializers.ChoiceField(Payment.Method.choices)
    money_account = serializers.PrimaryKeyRelatedField(queryset=MoneyAccount.objects.all())
    partner = serializers.PrimaryKeyRelatedField(
        queryset=Partner.objects.all(), required=False, allow_null=True
    )
    reference = serializers.CharField(max_length=200, allow_blank=True, default="")
    note = serializers.CharField(max_length=5000, allow_blank=True, default="")
    allocations = AllocationBody(many=True, default=list)
    skonto = AllocationBody(many=True, default=list)
    write_offs = AllocationBody(many=True, default=list)
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    fee = AmountField(min_value=Decimal(0), default=Decimal(0))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Rows become pairs, as the act takes them."""
        for name in ("allocations", "skonto", "write_offs"):
            attrs[name] = [(part["open_item"], part["amount"]) for part in attrs[name]]
        return attrs


class PaymentViewSet(mixins.CreateModelMixin, ReadViewSet):
    """Payments: list, read, record. They are never changed, only reversed."""

    queryset = PAYMENTS
    serializer_class = PaymentSerializer
    filterset_class = PaymentFilters
    permission_required: ClassVar = {"POST": "payments.record_payment"}

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return PaymentBody if self.action == "create" else PaymentSerializer

    @extend_schema(request=PaymentBody, responses={201: PaymentSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = PaymentBody(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        if data["write_offs"] and not request.user.has_perm("payments.write_off"):
            raise PermissionDenied
        payment = record_payment(by=actor(request), **data)
        answer = PaymentSerializer(PAYMENTS.get(pk=payment.pk))
        return Response(answer.data, status=status.HTTP_201_CREATED)


class ReceiptSerializer(serializers.ModelSerializer):
    """A receipt; its PDF is the document of that id."""

    class Meta:
        model = Receipt
        fields = ("id", "payment", "number", "issued_on", "pdf")


class PaymentReceipt(ActResource):
    """Issues the receipt of a payment, once; later calls answer the same."""

    queryset = Payment.objects.all()
    permission_required = "payments.record_payment"
    answer_class = ReceiptSerializer

    def act(self, obj: Payment, data: dict[str, Any]) -> Receipt:
        return issue_receipt(obj, on=localdate(), by=actor(self.request))


class ReversalBody(serializers.Serializer):
    """When the books show the reversal, and why."""

    on = PastDateField()
    reason = serializers.CharField(max_length=200)


class PaymentReversal(ActResource):
    """Takes a payment back."""

    queryset = Payment.objects.all()
    permission_required = "payments.reverse_payment"
    body_class = ReversalBody
    answer_class = PaymentSerializer

    def act(self, obj: Payment, data: dict[str, Any]) -> Payment:
        reverse_payment(obj, by=actor(self.request), **data)
        return PAYMENTS.get(pk=obj.pk)
