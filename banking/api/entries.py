"""Sorting bookings, taking back one that was entered by hand, and gaps between statements."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from banking.accounts import spans
from banking.api import actor
from banking.api.transactions import TransactionSerializer
from banking.categorising import MOST, categorise
from banking.continuity import Joint, chain
from banking.entering import reverse_entered
from banking.models import BankAccount, Transaction
from workmate.api import ActResource, ApiView


class CategorisationBody(serializers.Serializer):
    """Which bookings get which kind and category; an empty category is taken away."""

    transactions = serializers.ListField(child=serializers.IntegerField(), max_length=MOST)
    kind = serializers.ChoiceField(Transaction.Kind.choices, required=False)
    category = serializers.CharField(max_length=60, required=False, allow_blank=True)


class CategorisedSerializer(serializers.Serializer):
    """What became of one booking: changed or not, or code and message of what left it alone."""

    transaction = serializers.IntegerField(source="pk")
    changed = serializers.BooleanField()
    code = serializers.CharField(source="problem.code", default="")
    message = serializers.CharField(source="problem.message", default="")


class Categorisations(ApiView):
    """Sorts many bookings at once."""

    queryset = Transaction.objects.all()
    serializer_class = CategorisedSerializer
    permission_required = "banking.reconcile_transaction"

    @extend_schema(request=CategorisationBody, responses=CategorisedSerializer(many=True))
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = CategorisationBody(data=request.data)
        body.is_valid(raise_exception=True)
        asked = body.validated_data
        outcomes = categorise(
            asked["transactions"],
            kind=asked.get("kind", ""),
            category=asked.get("category"),
            by=actor(request),
        )
        return Response(CategorisedSerializer(outcomes, many=True).data)


class EntryReversalBody(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=200)


class TransactionReversal(ActResource):
    """Takes back a booking that was entered by hand; answers with the one that does it."""

    queryset = Transaction.objects.select_related("account")
    permission_required = "banking.add_transaction"
    body_class = EntryReversalBody
    answer_class = TransactionSerializer

    def act(self, obj: Transaction, data: dict[str, Any]) -> Transaction:
        return reverse_entered(obj, data["reason"], by=actor(self.request))


class GapSerializer(serializers.Serializer):
    """A statement and how it follows the ones before it.

    `days` are those of a gap or an overlap, `missing` is its opening balance less the closing one
    before it. With `gap` and `differs` a statement may be missing.
    """

    statement = serializers.IntegerField(source="span.id")
    first_on = serializers.DateField(source="span.first_on")
    last_on = serializers.DateField(source="span.last_on")
    joint = serializers.ChoiceField([joint.value for joint in Joint])
    days = serializers.IntegerField()
    missing = serializers.DecimalField(max_digits=14, decimal_places=2)


class Gaps(ApiView):
    """The statements of an account in a row, the oldest first, with what may be missing."""

    queryset = BankAccount.objects.all()
    serializer_class = GapSerializer
    permission_required = "banking.view_statementimport"

    @extend_schema(responses=GapSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        links = chain(spans(self.get_object()))
        return Response(GapSerializer(links, many=True).data)
