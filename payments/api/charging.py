"""Fees of payments over the API: list, read, charge, take back."""

from typing import Any

from rest_framework import serializers

from payments.api.fields import AmountField, PastDateField, actor
from payments.charging import charge_fee, take_back_fee
from payments.models import Fee, Payment
from workmate.api import ActResource, ReadViewSet


class FeeSerializer(serializers.ModelSerializer):
    """What a bank or provider kept for itself of a payment."""

    taken_back_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Fee
        fields = ("id", "payment", "amount", "charged_on", "text", "taken_back_on")


class FeeViewSet(ReadViewSet):
    """Fees, those taken back included."""

    queryset = Fee.objects.select_related("entry__reversed_by")
    serializer_class = FeeSerializer
    filterset_fields = ("payment",)


class FeeBody(serializers.Serializer):
    """How much, for what, when."""

    amount = AmountField()
    text = serializers.CharField(max_length=100)
    on = PastDateField()


class PaymentFee(ActResource):
    """Charges a fee; the payment itself stays whole."""

    queryset = Payment.objects.all()
    permission_required = "payments.record_payment"
    body_class = FeeBody
    answer_class = FeeSerializer

    def act(self, obj: Payment, data: dict[str, Any]) -> Fee:
        return charge_fee(
            obj, data["amount"], text=data["text"], on=data["on"], by=actor(self.request)
        )


class FeeReversalBody(serializers.Serializer):
    """When the books show that the fee was taken back."""

    on = PastDateField()


class FeeReversal(ActResource):
    """Takes back a fee."""

    queryset = Fee.objects.all()
    permission_required = "payments.reverse_payment"
    body_class = FeeReversalBody
    answer_class = FeeSerializer

    def act(self, obj: Fee, data: dict[str, Any]) -> Fee:
        return take_back_fee(obj, on=data["on"], by=actor(self.request))
