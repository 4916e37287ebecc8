"""Bank accounts and the statements that are read into them."""

from datetime import date
from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from banking.accounts import change_account, open_account
from banking.api import actor
from banking.api.runs import RunSerializer
from banking.filters import StatementFilters
from banking.forms import KINDS
from banking.models import BankAccount, CsvMapping, StatementImport
from banking.opening import post_opening, take_back_opening
from banking.undoing import undo_import
from banking.uploading import upload
from workmate.api import ActResource, ReadViewSet
from workmate.api.fields import DayField
from workmate.ledger.models.exchange_rate import CURRENCIES
from workmate.models import JobRun


class BankAccountSerializer(serializers.ModelSerializer):
    """A bank account; BIC and bank name come with the IBAN when they are left out."""

    name = serializers.CharField(source="money_account.name", max_length=100)
    kind = serializers.ChoiceField(
        source="money_account.kind",
        choices=[(kind.value, kind.label) for kind in KINDS],
        required=False,
        help_text="bank: Girokonto; it stays, as IBAN and currency do",
    )
    iban = serializers.CharField(
        source="money_account.iban", max_length=42, required=False, allow_blank=True
    )
    bic = serializers.CharField(
        source="money_account.bic", max_length=11, required=False, allow_blank=True
    )
    bank_name = serializers.CharField(
        source="money_account.bank_name", max_length=150, required=False, allow_blank=True
    )
    holder = serializers.CharField(
        source="money_account.holder", max_length=150, required=False, allow_blank=True
    )
    currency = serializers.ChoiceField(
        source="money_account.currency", choices=["EUR", *CURRENCIES], required=False
    )
    ledger_account = serializers.CharField(source="money_account.account.number", read_only=True)
    on_invoices = serializers.BooleanField(source="money_account.on_invoices", required=False)
    is_active = serializers.BooleanField(source="money_account.is_active", required=False)

    class Meta:
        model = BankAccount
        fields = (
            "id",
            "money_account",
            "name",
            "kind",
            "iban",
            "bic",
            "bank_name",
            "holder",
            "currency",
            "ledger_account",
            "on_invoices",
            "is_active",
            "note",
            "balance",
            "balance_on",
            "opening_balance",
            "opening_on",
        )
        read_only_fields = (
            "money_account",
            "balance",
            "balance_on",
            "opening_balance",
            "opening_on",
        )


class BankAccountViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, ReadViewSet):
    """Bank accounts, credit cards and cash boxes. Kind, IBAN and currency of one never change."""

    queryset = BankAccount.objects.select_related("money_account__account")
    serializer_class = BankAccountSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def perform_create(self, serializer: Any) -> None:
        fields = serializer.validated_data["money_account"]
        name, iban = fields.pop("name"), fields.pop("iban", "")
        serializer.instance = open_account(
            name,
            iban_text=iban,
            note=serializer.validated_data.get("note", ""),
            by=actor(self.request),
            **fields,
        )

    def perform_update(self, serializer: Any) -> None:
        fields = serializer.validated_data.get("money_account", {})
        for name in ("iban", "kind", "currency"):
            fields.pop(name, None)
        if "note" in serializer.validated_data:
            fields["note"] = serializer.validated_data["note"]
        change_account(serializer.instance, by=actor(self.request), **fields)


class OpeningBody(serializers.Serializer):
    """The balance on the morning of that day, in the currency of the account; minus: owed."""

    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    on = DayField()

    def validate_on(self, value: date) -> date:
        if value > localdate():
            raise serializers.ValidationError("Der Tag liegt in der Zukunft.")
        return value


class OpeningBalance(ActResource):
    """Posts the opening balance of an account; DELETE reverses it."""

    queryset = BankAccount.objects.select_related("money_account__account")
    permission_required = "banking.change_bankaccount"
    body_class = OpeningBody
    answer_class = BankAccountSerializer

    def act(self, obj: BankAccount, data: dict[str, Any]) -> BankAccount:
        return post_opening(obj, data["amount"], on=data["on"], by=actor(self.request))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        take_back_opening(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class StatementSerializer(serializers.ModelSerializer):
    """What came of a file."""

    class Meta:
        model = StatementImport
        fields = (
            "id",
            "account",
            "document",
            "filename",
            "format",
            "encoding",
            "read",
            "new",
            "known",
            "pending",
            "skipped",
            "total",
            "first_on",
            "last_on",
            "opening_balance",
            "closing_balance",
            "closing_on",
            "balance_check",
            "warnings",
            "created_at",
            "undone_at",
        )


class StatementBody(serializers.Serializer):
    """A bank's file; the account may be left out where the file or the mapping names it.

    With `mapping` a CSV file is read by it and nothing else.
    """

    file = serializers.FileField(allow_empty_file=True)
    account = serializers.PrimaryKeyRelatedField(
        queryset=BankAccount.objects.all(), required=False, allow_null=True
    )
    mapping = serializers.PrimaryKeyRelatedField(
        queryset=CsvMapping.objects.select_related("account"), required=False, allow_null=True
    )


class StatementViewSet(mixins.CreateModelMixin, ReadViewSet):
    """Statements: list, read, and reading a file in (multipart).

    A file above 2 MB is read by a job, which the answer 202 names; its result is in `jobs`.
    """

    queryset = StatementImport.objects.all()
    serializer_class = StatementSerializer
    filterset_class = StatementFilters
    parser_classes = [MultiPartParser]
    permission_required = {"POST": "banking.import_statement"}

    @extend_schema(request=StatementBody, responses={201: StatementSerializer, 202: RunSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = StatementBody(data=request.data)
        body.is_valid(raise_exception=True)
        told = body.validated_data
        made = upload(
            told.get("account"), told["file"], by=actor(request), mapping=told.get("mapping")
        )
        if isinstance(made, JobRun):
            return Response(RunSerializer(made).data, status=status.HTTP_202_ACCEPTED)
        return Response(StatementSerializer(made).data, status=status.HTTP_201_CREATED)


class StatementReversal(ActResource):
    """Takes an import back while nothing of it was decided; the file stays archived."""

    queryset = StatementImport.objects.all()
    permission_required = "banking.import_statement"
    answer_class = StatementSerializer

    def act(self, obj: StatementImport, data: dict[str, Any]) -> StatementImport:
        return undo_import(obj, by=actor(self.request))
