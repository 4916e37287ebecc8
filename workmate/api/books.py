"""The API of the books: money accounts, accounts, journal, periods, balances."""

import datetime
from typing import Any, ClassVar

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from workmate.api.fields import DayField
from workmate.api.resources import ActResource, ApiView, ReadViewSet
from workmate.ledger.filters import EntryFilters
from workmate.ledger.models import Account, Entry, Line, MoneyAccount, Period
from workmate.ledger.periods import lock_period, unlock_period
from workmate.ledger.reports import trial_balance
from workmate.web import ApiRequest


class MoneyAccountSerializer(serializers.ModelSerializer):
    """Where money lies; payments name it."""

    ledger_account = serializers.CharField(source="account.number", read_only=True)

    class Meta:
        model = MoneyAccount
        fields: ClassVar = [
            "id",
            "name",
            "kind",
            "holder",
            "iban",
            "bic",
            "bank_name",
            "currency",
            "ledger_account",
            "on_invoices",
            "is_active",
        ]


class MoneyAccountViewSet(ReadViewSet):
    """Bank accounts, cash boxes, cards, transit; bank accounts are opened at `/bank-accounts/`."""

    queryset = MoneyAccount.objects.select_related("account")
    serializer_class = MoneyAccountSerializer
    filterset_fields = ("kind", "is_active")


class AccountSerializer(serializers.ModelSerializer):
    """An account of the chart."""

    class Meta:
        model = Account
        fields: ClassVar = [
            "id",
            "number",
            "name",
            "kind",
            "purpose",
            "datev_automatic",
            "vat_code",
            "is_active",
        ]


class AccountViewSet(ReadViewSet):
    """The chart of accounts."""

    queryset = Account.objects.order_by("number")
    serializer_class = AccountSerializer
    filterset_fields = ("kind", "number", "is_active")


class EntryLineSerializer(serializers.ModelSerializer):
    """A line of an entry; `amount` (EUR) is debit above zero, credit below."""

    account = serializers.CharField(source="account.number", read_only=True)
    tax_case = serializers.CharField(source="tax_case.code", read_only=True, allow_null=True)

    class Meta:
        model = Line
        fields: ClassVar = [
            "position",
            "account",
            "amount",
            "currency",
            "currency_amount",
            "tax_case",
            "tax_base",
            "open_item",
        ]


class EntrySerializer(serializers.ModelSerializer):
    """An entry of the journal; it is never changed, only reversed."""

    lines = EntryLineSerializer(many=True, read_only=True)

    class Meta:
        model = Entry
        fields: ClassVar = [
            "id",
            "act",
            "booked_on",
            "document_number",
            "text",
            "source",
            "reverses",
            "actor",
            "recorded_at",
            "lines",
        ]


class EntryViewSet(ReadViewSet):
    """The journal, the latest first."""

    queryset = Entry.objects.order_by("-id").prefetch_related("lines__account", "lines__tax_case")
    serializer_class = EntrySerializer
    filterset_class = EntryFilters


class PeriodSerializer(serializers.ModelSerializer):
    """A month of the books; `locked_at` is null while it is open."""

    class Meta:
        model = Period
        fields: ClassVar = ["id", "start", "end", "locked_at", "locked_by"]


class PeriodBody(serializers.Serializer):
    """Any day of the month that shall be locked, with all months before it."""

    day = DayField()


class PeriodViewSet(mixins.CreateModelMixin, ReadViewSet):
    """Months that are or were locked; POST locks one."""

    queryset = Period.objects.order_by("-start")
    serializer_class = PeriodSerializer
    permission_required: ClassVar = {"POST": "workmate.lock_period"}

    @extend_schema(request=PeriodBody, responses={201: PeriodSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = PeriodBody(data=request.data)
        body.is_valid(raise_exception=True)
        period = lock_period(body.validated_data["day"], by=request.user, on=localdate())
        return Response(PeriodSerializer(period).data, status=status.HTTP_201_CREATED)


class UnlockingBody(serializers.Serializer):
    """Why; it stands in the audit trail."""

    reason = serializers.CharField(max_length=200)


class PeriodUnlocking(ActResource):
    """Opens the last locked month again."""

    queryset = Period.objects.all()
    permission_required = "workmate.lock_period"
    body_class = UnlockingBody
    answer_class = PeriodSerializer

    def act(self, obj: Period, data: dict[str, Any]) -> Period:
        return unlock_period(obj, by=self.request.user, reason=data["reason"])


class SpanSerializer(serializers.Serializer):
    """First and last day; left out it is this year up to today."""

    start = DayField(required=False)
    end = DayField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, datetime.date]:
        end = attrs.get("end", localdate())
        start = attrs.get("start", end.replace(month=1, day=1))
        if end < start:
            raise serializers.ValidationError({"end": "Das Ende liegt vor dem Beginn."})
        return {"start": start, "end": end}


class BalanceSerializer(serializers.Serializer):
    """An account's balances (EUR): opening and closing signed, debit and credit of the span."""

    number = serializers.CharField()
    name = serializers.CharField()
    opening = serializers.DecimalField(max_digits=20, decimal_places=2)
    debit = serializers.DecimalField(max_digits=20, decimal_places=2)
    credit = serializers.DecimalField(max_digits=20, decimal_places=2)
    closing = serializers.DecimalField(max_digits=20, decimal_places=2)


class TrialBalance(ApiView):
    """Summen und Salden: `GET /trial-balance/?start=2026-01-01&end=2026-03-31`."""

    queryset = Account.objects.all()
    serializer_class = BalanceSerializer
    permission_required = "workmate.view_entry"

    @extend_schema(parameters=[SpanSerializer], responses=BalanceSerializer(many=True))
    def get(self, request: ApiRequest) -> Response:
        """Every account that holds or moved something."""
        asked = SpanSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows = trial_balance(**asked.validated_data)
        return Response(BalanceSerializer(rows, many=True).data)
