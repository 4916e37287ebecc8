"""Transactions and what becomes of them: proposals, matches, dismissals."""

from datetime import date
from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from banking import iban
from banking.api import actor
from banking.arriving import take_arrival
from banking.dismissing import ignore, unignore
from banking.entering import enter
from banking.filters import TransactionFilters
from banking.models import BankAccount, Dismissal, Match, OwnTransfer, Transaction
from banking.pairing import pair
from banking.reconciling import judged, match, propose, undo
from banking.wording import shown
from payments.stripe.models import StripePayout
from workmate.api import ActResource, ApiView, ReadViewSet
from workmate.api.fields import DayField
from workmate.ledger.models import Account, OpenItem, Partner


class TransactionSerializer(serializers.ModelSerializer):
    """A booking of the bank; `state` says whether it waits for a decision."""

    state = serializers.ChoiceField(
        ["open", "matched", "dismissed", "pending", "nothing", "reversed", "replaced"],
        read_only=True,
    )
    category = serializers.CharField(source="category.name", default="", read_only=True)

    class Meta:
        model = Transaction
        fields = (
            "id",
            "account",
            "statement",
            "state",
            "kind",
            "category",
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
            "fee",
            "original_amount",
            "original_currency",
            "entered_at",
            "reverses",
            "replaced_by",
        )


class EntryBody(serializers.Serializer):
    """A booking that no statement brings; `twin` says that it is a second one of day and amount."""

    account = serializers.PrimaryKeyRelatedField(
        queryset=BankAccount.objects.select_related("money_account")
    )
    booked_on = DayField()
    value_on = DayField(required=False, allow_null=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)
    counterparty_name = serializers.CharField(max_length=200, required=False, allow_blank=True)
    counterparty_iban = serializers.CharField(max_length=34, required=False, allow_blank=True)
    purpose = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    kind = serializers.ChoiceField(Transaction.Kind.choices, required=False)
    category = serializers.CharField(max_length=60, required=False, allow_blank=True)
    twin = serializers.BooleanField(required=False, default=False)

    def validate_booked_on(self, value: date) -> date:
        if value > localdate():
            raise serializers.ValidationError("Der Tag liegt in der Zukunft.")
        return value

    def validate_counterparty_iban(self, value: str) -> str:
        text = "".join(value.split()).upper()
        if text and not iban.is_valid(text):
            raise serializers.ValidationError("Diese IBAN ist nicht gültig.")
        return text


class TransactionViewSet(mixins.CreateModelMixin, ReadViewSet):
    """Transactions; they are never changed. POST enters one of an account without statements."""

    queryset = Transaction.objects.select_related("category")
    serializer_class = TransactionSerializer
    filterset_class = TransactionFilters

    @extend_schema(request=EntryBody, responses={201: TransactionSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = EntryBody(data=request.data)
        body.is_valid(raise_exception=True)
        fields = body.validated_data
        row = enter(fields.pop("account"), **fields, by=actor(request))
        return Response(TransactionSerializer(row).data, status=status.HTTP_201_CREATED)


class AllocationSerializer(serializers.Serializer):
    """Which open item gets how much, with the sign of what is open on it."""

    open_item = serializers.PrimaryKeyRelatedField(
        queryset=OpenItem.objects.select_related("partner")
    )
    amount = serializers.DecimalField(max_digits=14, decimal_places=2)


class ProposalSerializer(serializers.Serializer):
    """What a transaction may pay: points from 0 to 100, reasons, and what speaks against it."""

    allocations = serializers.SerializerMethodField()
    partner = serializers.IntegerField(source="proposal.partner_id")
    rest = serializers.DecimalField(source="proposal.rest", max_digits=14, decimal_places=2)
    score = serializers.IntegerField(source="proposal.score")
    reasons = serializers.ListField(source="proposal.reasons", child=serializers.CharField())
    against = serializers.ListField(source="proposal.against", child=serializers.CharField())
    effect = serializers.CharField()
    skonto = serializers.SerializerMethodField()

    @extend_schema(responses=AllocationSerializer(many=True))
    def get_skonto(self, obj: Any) -> list[dict[str, Any]]:
        return [{"open_item": pk, "amount": f"{amount:.2f}"} for pk, amount in obj.proposal.skonto]

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
    """What the transaction pays; `partner` gets what is left as a credit.

    `skonto` is what the payer kept of which items, within their terms.
    """

    allocations = AllocationSerializer(many=True, default=list)
    skonto = AllocationSerializer(many=True, default=list)
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
        skonto = [(part["open_item"], part["amount"]) for part in data["skonto"]]
        score, reasons = judged(obj, parts, skonto)
        return match(
            obj,
            parts,
            skonto=skonto,
            partner=data.get("partner"),
            score=score,
            reasons=reasons,
            by=actor(self.request),
        )


class MatchReversal(ActResource):
    """Undoes a match; its payment is reversed."""

    queryset = Match.objects.all()
    permission_required = "banking.reconcile_transaction"
    answer_class = MatchSerializer

    def act(self, obj: Match, data: dict[str, Any]) -> Match:
        return undo(obj, by=actor(self.request))


class DismissalSerializer(serializers.ModelSerializer):
    """That a transaction needs no payment, and why; `account` is the number where it is posted."""

    account = serializers.SlugRelatedField(
        slug_field="number", queryset=Account.objects.for_bank(), required=False, write_only=True
    )

    class Meta:
        model = Dismissal
        fields = ("transaction", "reason", "account", "entry", "created_at")
        read_only_fields = ("transaction", "entry", "created_at")


class TransactionDismissal(ActResource):
    """Sets a transaction aside; DELETE brings it back."""

    queryset = Transaction.objects.all()
    permission_required = "banking.reconcile_transaction"
    body_class = DismissalSerializer
    answer_class = DismissalSerializer

    def act(self, obj: Transaction, data: dict[str, Any]) -> Dismissal:
        return ignore(obj, data["reason"], account=data.get("account"), by=actor(self.request))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        unignore(self.get_object(), by=actor(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PayoutArrivalBody(serializers.Serializer):
    """The payout of Stripe that has arrived."""

    payout = serializers.PrimaryKeyRelatedField(queryset=StripePayout.objects.all())


class TransactionPayoutArrival(ActResource):
    """Books a payout of Stripe as arrived with this booking; bringing it back undoes that."""

    queryset = Transaction.objects.all()
    permission_required = "banking.reconcile_transaction"
    body_class = PayoutArrivalBody
    answer_class = DismissalSerializer

    def act(self, obj: Transaction, data: dict[str, Any]) -> Dismissal:
        return take_arrival(obj, data["payout"], by=actor(self.request))


class OwnTransferBody(serializers.Serializer):
    """The booking of the other account."""

    other = serializers.PrimaryKeyRelatedField(queryset=Transaction.objects.all())


class OwnTransferSerializer(serializers.ModelSerializer):
    """Money moved between two accounts of ours: the booking it left and the one it entered."""

    class Meta:
        model = OwnTransfer
        fields = ("id", "out", "into", "created_at")


class TransactionOwnTransfer(ActResource):
    """Books this and another booking as one transfer; bringing one back parts both."""

    queryset = Transaction.objects.all()
    permission_required = "banking.reconcile_transaction"
    body_class = OwnTransferBody
    answer_class = OwnTransferSerializer

    def act(self, obj: Transaction, data: dict[str, Any]) -> OwnTransfer:
        return pair(obj, data["other"], by=actor(self.request))
