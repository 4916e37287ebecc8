"""Runs of the matcher, their undoing, and proposals accepted together."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from banking import accepting, running
from banking.api import actor
from banking.models import Transaction
from workmate import jobs
from workmate.api import ActResource, ApiView
from workmate.models import JobRun


class RunSerializer(serializers.Serializer):
    """A job in the background: a run of the matcher, what takes one back, a file that is read."""

    id = serializers.IntegerField(read_only=True)
    state = serializers.CharField(read_only=True)


class MatchingRuns(ApiView):
    """Starts the matcher for everything that leaves no doubt."""

    serializer_class = RunSerializer
    permission_required = "banking.reconcile_transaction"

    @extend_schema(request=None, responses={202: RunSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        run = jobs.enqueue(running.MATCHING, by=actor(request))
        return Response(RunSerializer(run).data, status=status.HTTP_202_ACCEPTED)


class MatchingRunReversal(ActResource):
    """Starts the job that takes back all that a run has booked; answers with that job."""

    queryset = JobRun.objects.filter(name=running.MATCHING)
    permission_required = "banking.reconcile_transaction"
    answer_class = RunSerializer

    def act(self, obj: JobRun, data: dict[str, Any]) -> JobRun:
        return running.order_undoing(obj, by=actor(self.request))


class OfferSerializer(serializers.Serializer):
    """A transaction and the key of its best proposal, which stands for just what it books."""

    transaction = serializers.IntegerField(source="transaction_id")
    key = serializers.CharField()
    score = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.CharField())
    against = serializers.ListField(child=serializers.CharField())
    effect = serializers.CharField()


class ChosenSerializer(serializers.Serializer):
    """Which transaction is matched by which proposal."""

    transaction = serializers.IntegerField()
    key = serializers.CharField(max_length=16)


class AcceptanceSerializer(serializers.Serializer):
    """The proposals to accept, at most 300."""

    proposals = serializers.ListField(child=ChosenSerializer(), max_length=accepting.MOST)


class OutcomeSerializer(serializers.Serializer):
    """What became of one transaction: its match, or code and message of what left it open."""

    transaction = serializers.IntegerField(source="row.pk")
    match = serializers.IntegerField(source="made.pk", allow_null=True, default=None)
    code = serializers.CharField(source="problem.code", default="")
    message = serializers.CharField(source="problem.message", default="")


class Acceptances(ApiView):
    """The proposals that the last run left for a person; POST books the chosen ones."""

    queryset = Transaction.objects.all()
    serializer_class = OfferSerializer
    permission_required = "banking.reconcile_transaction"

    @extend_schema(responses=OfferSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        offers = [offer for group in accepting.offered() for offer in group.offers]
        return Response(OfferSerializer(offers, many=True).data)

    @extend_schema(request=AcceptanceSerializer, responses=OutcomeSerializer(many=True))
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = AcceptanceSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        chosen = {one["transaction"]: one["key"] for one in body.validated_data["proposals"]}
        outcomes = accepting.accept(chosen, by=actor(request))
        return Response(OutcomeSerializer(outcomes, many=True).data)
