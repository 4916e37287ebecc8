"""Open items and credits over the API."""

from typing import Any, cast

from django.db.models import F
from django.utils.timezone import localdate
from rest_framework import serializers

from payments.allocating import apply_credit, take_back
from payments.api.fields import AmountField, PastDateField, actor
from payments.filters import OpenItemFilters, day_asked
from payments.models import Settlement
from workmate.api import ActResource, ReadViewSet
from workmate.ledger.models import OpenItem
from workmate.ledger.models.open_item import OpenItemQuerySet


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


class SettlementViewSet(ReadViewSet):
    """Uses of credits, those taken back included."""

    queryset = Settlement.objects.select_related("entry__reversed_by")
    serializer_class = SettlementSerializer
    filterset_fields = ("credit", "open_item")


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
