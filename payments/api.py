"""The API of payments, open items and credits."""

from typing import Any, ClassVar, cast

from django.db.models import F
from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from payments import errors
from payments.allocating import apply_credit, take_back
from payments.filters import OpenItemFilters, PaymentFilters, day_asked
from payments.models import Allocation, Payment, Reversal, Settlement
from payments.recording import record_payment, reverse_payment
from workmate.api import ActResource, ReadViewSet
from workmate.ledger.models import MoneyAccount, OpenItem, Partner
from workmate.ledger.models.open_item import OpenItemQuerySet
from workmate.models import User
from workmate.money import format_date

PAYMENTS = Payment.objects.select_related("reversal").prefetch_related("allocations")


def actor(request: Request) -> User:
    """Who acts; the permission check has let nobody else through."""
    return cast("User", request.user)


class PastDateField(serializers.DateField):
    """A day up to today."""

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        if day > localdate():
            raise serializers.ValidationError(errors.IN_THE_FUTURE(day=format_date(day)).message)
        return day


class AmountField(serializers.DecimalField):
    """An amount with cents, as a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, **kwargs})


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
    """A payment to record: received is positive, paid out negative."""

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
        parts = [(part["open_item"], part["amount"]) for part in data.pop("allocations")]
        payment = record_payment(allocations=parts, by=actor(request), **data)
        answer = PaymentSerializer(PAYMENTS.get(pk=payment.pk))
        return Response(answer.data, status=status.HTTP_201_CREATED)


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


class OpenItemSerializer(serializers.ModelSerializer):
    """A claim, a debt or a credit: `outstanding` now, `owed` on the day asked for (`?on=`)."""

    partner_name = serializers.CharField(source="partner.name", read_only=True)
    owed = AmountField(read_only=True)

    class Meta:
        model = OpenItem
        fields = (
            "id",
            "kind",
            "partner",
            "partner_name",
            "document_number",
            "document_date",
            "due_date",
            "currency",
            "outstanding",
            "owed",
        )


class OpenItemViewSet(ReadViewSet):
    """Open items; settled ones only by their id."""

    queryset = OpenItem.objects.select_related("partner")
    serializer_class = OpenItemSerializer
    filterset_class = OpenItemFilters

    def get_queryset(self) -> OpenItemQuerySet:
        rows = cast("OpenItemQuerySet", super().get_queryset())
        today = localdate()
        if self.action != "list":
            return rows.annotate(owed=F("outstanding"))
        return rows.owed_on(day_asked(self.request.GET.get("on", ""), today), today=today)


class SettlementBody(serializers.Serializer):
    """For which claim how much of the credit is used."""

    open_item = serializers.PrimaryKeyRelatedField(
        queryset=OpenItem.objects.select_related("partner")
    )
    amount = AmountField()
    on = PastDateField()


class SettlementSerializer(serializers.ModelSerializer):
    """The use of a credit."""

    taken_back_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Settlement
        fields = ("id", "credit", "open_item", "amount", "settled_on", "taken_back_on")


class CreditSettlement(ActResource):
    """Uses a credit for a claim."""

    queryset = OpenItem.objects.select_related("partner")
    permission_required = "payments.record_payment"
    body_class = SettlementBody
    answer_class = SettlementSerializer

    def act(self, obj: OpenItem, data: dict[str, Any]) -> Settlement:
        return apply_credit(
            obj, data["open_item"], data["amount"], on=data["on"], by=actor(self.request)
        )


class SettlementReversalBody(serializers.Serializer):
    """When the books show that the use was taken back."""

    on = PastDateField()


class SettlementReversal(ActResource):
    """Takes back that a credit was used."""

    queryset = Settlement.objects.all()
    permission_required = "payments.reverse_payment"
    body_class = SettlementReversalBody
    answer_class = SettlementSerializer

    def act(self, obj: Settlement, data: dict[str, Any]) -> Settlement:
        return take_back(obj, on=data["on"], by=actor(self.request))
