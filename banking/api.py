"""The API of banking: accounts, statements, transactions, and what becomes of them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from banking import errors
from banking.accounts import change_account, open_account
from banking.csv_formats.reading import MAX_SIZE
from banking.filters import StatementFilters, TransactionFilters
from banking.importing import import_statement
from banking.models import BankAccount, Dismissal, Match, StatementImport, Transaction
from banking.reconciling import ignore, judged, match, propose, undo, unignore
from banking.wording import shown
from workmate import jobs
from workmate.api import ActResource, ApiView, ReadViewSet
from workmate.ledger.models import OpenItem, Partner

MONEY = {"max_digits": 14, "decimal_places": 2}


class BankAccountSerializer(serializers.ModelSerializer):
    """A bank account; BIC and bank name come with the IBAN when they are left out."""

    name = serializers.CharField(source="money_account.name", max_length=100)
    iban = serializers.CharField(source="money_account.iban", max_length=42)
    bic = serializers.CharField(
        source="money_account.bic", max_length=11, required=False, allow_blank=True
    )
    bank_name = serializers.CharField(
        source="money_account.bank_name", max_length=150, required=False, allow_blank=True
    )
    holder = serializers.CharField(
        source="money_account.holder", max_length=150, required=False, allow_blank=True
    )
    currency = serializers.CharField(source="money_account.currency", read_only=True)
    on_invoices = serializers.BooleanField(source="money_account.on_invoices", required=False)
    is_active = serializers.BooleanField(source="money_account.is_active", required=False)

    class Meta:
        model = BankAccount
        fields = (
            "id",
            "money_account",
            "name",
            "iban",
            "bic",
            "bank_name",
            "holder",
            "currency",
            "on_invoices",
            "is_active",
            "balance",
            "balance_on",
        )
        read_only_fields = ("money_account", "balance", "balance_on")


class BankAccountViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, ReadViewSet):
    """Bank accounts. The IBAN of an account never changes."""

    queryset = BankAccount.objects.select_related("money_account")
    serializer_class = BankAccountSerializer
    http_method_names = ["get", "post", "patch", "head", "options"]

    def perform_create(self, serializer: Any) -> None:
        fields = serializer.validated_data["money_account"]
        name, iban = fields.pop("name"), fields.pop("iban")
        serializer.instance = open_account(name, iban_text=iban, by=self.request.user, **fields)

    def perform_update(self, serializer: Any) -> None:
        fields = serializer.validated_data.get("money_account", {})
        fields.pop("iban", None)
        change_account(serializer.instance, by=self.request.user, **fields)


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
            "closing_balance",
            "balance_check",
            "warnings",
            "created_at",
        )


class StatementBody(serializers.Serializer):
    """A bank's file; the account may be left out where the file names it."""

    file = serializers.FileField(allow_empty_file=True)
    account = serializers.PrimaryKeyRelatedField(
        queryset=BankAccount.objects.all(), required=False, allow_null=True
    )


class StatementViewSet(mixins.CreateModelMixin, ReadViewSet):
    """Statements: list, read, and reading a file in (multipart)."""

    queryset = StatementImport.objects.all()
    serializer_class = StatementSerializer
    filterset_class = StatementFilters
    parser_classes = [MultiPartParser]
    permission_required = {"POST": "banking.import_statement"}

    @extend_schema(request=StatementBody, responses={201: StatementSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = StatementBody(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        if file.size > MAX_SIZE:
            raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_SIZE // 1024 // 1024} MB")
        imported = import_statement(
            body.validated_data.get("account"), file.read(), filename=file.name, by=request.user
        )
        return Response(StatementSerializer(imported).data, status=status.HTTP_201_CREATED)


class TransactionSerializer(serializers.ModelSerializer):
    """A booking of the bank; `state` says whether it waits for a decision."""

    state = serializers.ChoiceField(
        ["open", "matched", "dismissed", "pending", "nothing"], read_only=True
    )

    class Meta:
        model = Transaction
        fields = (
            "id",
            "account",
            "statement",
            "state",
            "booked_on",
            "value_on",
            "amount",
            "currency",
            "counterparty_name",
            "counterparty_iban",
            "counterparty_bic",
            "purpose",
            "end_to_end_id",
            "mandate",
            "creditor_id",
            "bank_reference",
            "booking_text",
            "balance_after",
        )


class TransactionViewSet(ReadViewSet):
    """Transactions; they are never changed."""

    queryset = Transaction.objects.with_state()
    serializer_class = TransactionSerializer
    filterset_class = TransactionFilters


class AllocationSerializer(serializers.Serializer):
    """Which open item gets how much, with the sign of what is open on it."""

    open_item = serializers.PrimaryKeyRelatedField(
        queryset=OpenItem.objects.select_related("partner")
    )
    amount = serializers.DecimalField(**MONEY)


class ProposalSerializer(serializers.Serializer):
    """What a transaction may pay: points from 0 to 100, reasons, and what speaks against it."""

    allocations = serializers.SerializerMethodField()
    partner = serializers.IntegerField(source="proposal.partner_id")
    rest = serializers.DecimalField(source="proposal.rest", **MONEY)
    score = serializers.IntegerField(source="proposal.score")
    reasons = serializers.ListField(source="proposal.reasons", child=serializers.CharField())
    against = serializers.ListField(source="proposal.against", child=serializers.CharField())
    effect = serializers.CharField()

    @extend_schema(responses=AllocationSerializer(many=True))
    def get_allocations(self, obj: Any) -> list[dict[str, Any]]:
        return [
            {"open_item": item.id, "amount": f"{amount:.2f}"}
            for item, amount in obj.proposal.allocations
        ]


class Proposals(ApiView):
    """Proposals for one transaction, best first."""

    queryset = Transaction.objects.all()
    serializer_class = ProposalSerializer

    @extend_schema(responses=ProposalSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = [shown(proposal) for proposal in propose(self.get_object())]
        return Response(ProposalSerializer(found, many=True).data)


class MatchSerializer(serializers.ModelSerializer):
    """That a transaction made a payment; `undone_at` is null while it holds."""

    class Meta:
        model = Match
        fields = (
            "id",
            "transaction",
            "payment",
            "automatic",
            "score",
            "reasons",
            "created_at",
            "undone_at",
        )


class MatchViewSet(ReadViewSet):
    """Matches, undone ones included."""

    queryset = Match.objects.all()
    serializer_class = MatchSerializer


class MatchBody(serializers.Serializer):
    """What the transaction pays; `partner` gets what is left as a credit."""

    allocations = AllocationSerializer(many=True, default=list)
    partner = serializers.PrimaryKeyRelatedField(
        queryset=Partner.objects.all(), required=False, allow_null=True
    )


class TransactionMatch(ActResource):
    """Matches a transaction: exactly one payment comes of it."""

    queryset = Transaction.objects.all()
    permission_required = "banking.reconcile_transaction"
    body_class = MatchBody
    answer_class = MatchSerializer

    def act(self, obj: Transaction, data: dict[str, Any]) -> Match:
        parts = [(part["open_item"], part["amount"]) for part in data["allocations"]]
        score, reasons = judged(obj, parts)
        return match(
            obj,
            parts,
            partner=data.get("partner"),
            score=score,
            reasons=reasons,
            by=self.request.user,
        )


class MatchReversal(ActResource):
    """Undoes a match; its payment is reversed."""

    queryset = Match.objects.all()
    permission_required = "banking.reconcile_transaction"
    answer_class = MatchSerializer

    def act(self, obj: Match, data: dict[str, Any]) -> Match:
        return undo(obj, by=self.request.user)


class DismissalSerializer(serializers.ModelSerializer):
    """That a transaction needs no payment, and why."""

    class Meta:
        model = Dismissal
        fields = ("transaction", "reason", "created_at")
        read_only_fields = ("transaction", "created_at")


class TransactionDismissal(ActResource):
    """Sets a transaction aside; DELETE brings it back."""

    queryset = Transaction.objects.all()
    permission_required = "banking.reconcile_transaction"
    body_class = DismissalSerializer
    answer_class = DismissalSerializer

    def act(self, obj: Transaction, data: dict[str, Any]) -> Dismissal:
        return ignore(obj, data["reason"], by=self.request.user)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        unignore(self.get_object(), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RunSerializer(serializers.Serializer):
    """A run of the matcher in the background."""

    id = serializers.IntegerField(read_only=True)
    state = serializers.CharField(read_only=True)


class MatchingRuns(ApiView):
    """Starts the matcher for everything that leaves no doubt."""

    serializer_class = RunSerializer
    permission_required = "banking.reconcile_transaction"

    @extend_schema(request=None, responses={202: RunSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        run = jobs.enqueue("banking.match", by=request.user)
        return Response(RunSerializer(run).data, status=status.HTTP_202_ACCEPTED)
