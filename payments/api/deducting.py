"""Skonto and write-offs over the API: list, read, deduct, take back."""

from typing import Any

from rest_framework import serializers

from payments.api.fields import AmountField, PastDateField, actor
from payments.deducting import grant_skonto, take_back, write_off
from payments.models import Deduction
from workmate.api import ActResource, ReadViewSet
from workmate.ledger.models import OpenItem

DEDUCTIONS = Deduction.objects.select_related("entry__reversed_by")


class DeductionSerializer(serializers.ModelSerializer):
    """What is not going to be paid of an open item; `payment` is the one it goes back with."""

    taken_back_on = serializers.DateField(read_only=True, allow_null=True)

    class Meta:
        model = Deduction
        fields = (
            "id",
            "kind",
            "open_item",
            "amount",
            "deducted_on",
            "reason",
            "payment",
            "taken_back_on",
        )


class DeductionViewSet(ReadViewSet):
    """Skonto and write-offs, those taken back included."""

    queryset = DEDUCTIONS
    serializer_class = DeductionSerializer
    filterset_fields = ("kind", "open_item", "payment")


class SkontoBody(serializers.Serializer):
    """How much the customer keeps, and the day of the payment."""

    amount = AmountField()
    on = PastDateField()


class WriteOffBody(serializers.Serializer):
    """How much is given up, when, and why."""

    amount = AmountField()
    on = PastDateField()
    reason = serializers.CharField(max_length=200)


class SkontoGrant(ActResource):
    """Lets the customer keep Skonto; its VAT is corrected by rate."""

    queryset = OpenItem.objects.select_related("partner")
    permission_required = "payments.write_off"
    body_class = SkontoBody
    answer_class = DeductionSerializer

    def act(self, obj: OpenItem, data: dict[str, Any]) -> Deduction:
        return grant_skonto(obj, data["amount"], on=data["on"], by=actor(self.request))


class WriteOff(ActResource):
    """Gives up a part of a claim; its VAT is corrected by rate."""

    queryset = OpenItem.objects.select_related("partner")
    permission_required = "payments.write_off"
    body_class = WriteOffBody
    answer_class = DeductionSerializer

    def act(self, obj: OpenItem, data: dict[str, Any]) -> Deduction:
        return write_off(obj, by=actor(self.request), **data)


class DeductionReversalBody(serializers.Serializer):
    """When the books show that the deduction was taken back."""

    on = PastDateField()


class DeductionReversal(ActResource):
    """Takes back Skonto or a write-off."""

    queryset = Deduction.objects.select_related("open_item")
    permission_required = "payments.write_off"
    body_class = DeductionReversalBody
    answer_class = DeductionSerializer

    def act(self, obj: Deduction, data: dict[str, Any]) -> Deduction:
        return take_back(obj, on=data["on"], by=actor(self.request))
