"""Rules for bookings of the bank: kept, tried out, switched off."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from banking import iban, ruling
from banking.api import actor
from banking.api.transactions import TransactionSerializer
from banking.models import BankRule, Transaction
from workmate.api import ActResource, ApiView, ApiViewSet
from workmate.ledger.models import Account

MOST = 100  # bookings that a trial shows


class RuleSerializer(serializers.ModelSerializer):
    """The marks of a rule; `account` is the number where it posts, amounts are without a sign.

    `problem` says why the rule failed in the last run; empty where it did not.
    """

    account = serializers.SlugRelatedField(
        slug_field="number", queryset=Account.objects.for_bank(), required=False, allow_null=True
    )

    class Meta:
        model = BankRule
        fields = (
            "id",
            "name",
            "rank",
            "direction",
            "contains",
            "pattern",
            "iban",
            "amount_from",
            "amount_to",
            "account",
            "is_active",
            "problem",
            "problem_at",
            "created_at",
        )
        read_only_fields = ("is_active", "problem", "problem_at", "created_at")

    def validate_iban(self, value: str) -> str:
        """The IBAN without spaces, checked."""
        text = "".join(value.split()).upper()
        if text and not iban.is_valid(text):
            raise serializers.ValidationError("Diese IBAN ist nicht gültig.")
        return text

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The database's constraints, told before they refuse."""
        changed(self.instance, attrs).validate_constraints()
        return attrs


class RuleViewSet(ApiViewSet):
    """Rules, the smallest rank first; what a deleted one has decided stays decided."""

    queryset = BankRule.objects.select_related("account")
    serializer_class = RuleSerializer

    def perform_create(self, serializer: Any) -> None:
        data = serializer.validated_data
        serializer.instance = ruling.keep(
            changed(None, data), by=actor(self.request), changes=told(data)
        )

    def perform_update(self, serializer: Any) -> None:
        data = serializer.validated_data
        serializer.instance = ruling.keep(
            changed(serializer.instance, data), by=actor(self.request), changes=told(data)
        )

    def perform_destroy(self, instance: BankRule) -> None:
        ruling.drop(instance, by=actor(self.request))


class RuleActive(serializers.Serializer):
    """Whether a rule decides."""

    is_active = serializers.BooleanField()


class RuleActivity(ActResource):
    """Lets a rule decide, or no longer."""

    queryset = BankRule.objects.select_related("account")
    permission_required = "banking.change_bankrule"
    body_class = RuleActive
    answer_class = RuleSerializer

    def act(self, obj: BankRule, data: dict[str, Any]) -> BankRule:
        return ruling.switch(obj, data["is_active"], by=actor(self.request))


class RuleTrials(ApiView):
    """The open bookings that a rule with these marks would decide, at most 100; saves nothing."""

    queryset = Transaction.objects.all()
    serializer_class = RuleSerializer
    permission_required = "banking.add_bankrule"

    @extend_schema(request=RuleSerializer, responses=TransactionSerializer(many=True))
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        rows = Transaction.objects.open().order_by("-booked_on", "-pk")
        found = ruling.fitting(changed(None, body.validated_data), rows, MOST)
        return Response(TransactionSerializer(found, many=True).data)


def changed(rule: BankRule | None, data: dict[str, Any]) -> BankRule:
    """The rule, or a new one, with these marks; nothing is saved."""
    rule = rule or BankRule()
    for name, value in data.items():
        setattr(rule, name, value)
    return rule


def told(data: dict[str, Any]) -> dict[str, str]:
    """The fields for the audit trail."""
    return {name: "" if value is None else str(value) for name, value in data.items()}
