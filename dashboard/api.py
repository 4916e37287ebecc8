"""The API of the overview: the same figures, as numbers."""

from typing import Any

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dashboard import figures, receivables
from dashboard.forms import MOST
from dashboard.timespan import Timespan, year_of
from workmate.api import ApiView
from workmate.api.fields import DayField

MONEY = {"max_digits": 14, "decimal_places": 2}


class TimespanSerializer(serializers.Serializer):
    """The days asked for, both included; left out they are the current year."""

    start = DayField(required=False)
    end = DayField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        default = year_of(localdate())
        start, end = attrs.get("start", default.start), attrs.get("end", default.end)
        if end < start:
            raise serializers.ValidationError({"end": "Das Ende liegt vor dem Beginn."})
        if end - start > MOST:
            raise serializers.ValidationError({"end": "Wählen Sie höchstens drei Jahre."})
        return {"start": start, "end": end}


class ChangeSerializer(serializers.Serializer):
    """A figure (EUR, net) beside the same days of the year before."""

    now = serializers.DecimalField(**MONEY)
    before = serializers.DecimalField(**MONEY)
    percent = serializers.DecimalField(max_digits=8, decimal_places=1, allow_null=True)


class RevenueSerializer(serializers.Serializer):
    """Revenue of the span, of the running month and year; expenses of the span."""

    span = ChangeSerializer()
    month = ChangeSerializer()
    year = ChangeSerializer()
    expenses = ChangeSerializer()


class MonthSerializer(serializers.Serializer):
    """A month of the chart (EUR, net)."""

    first = serializers.DateField()
    revenue = serializers.DecimalField(**MONEY)
    expenses = serializers.DecimalField(**MONEY)
    revenue_before = serializers.DecimalField(**MONEY)


class AgeSerializer(serializers.Serializer):
    """Claims of one age (EUR)."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    amount = serializers.DecimalField(**MONEY)


class ReceivablesSerializer(serializers.Serializer):
    """Claims on the evening of the last day of the span, today at the latest (EUR)."""

    outstanding = serializers.DecimalField(**MONEY)
    count = serializers.IntegerField()
    overdue = serializers.DecimalField(**MONEY)
    overdue_count = serializers.IntegerField()
    credit = serializers.DecimalField(**MONEY)
    ages = AgeSerializer(many=True)


class CollectionSerializer(serializers.Serializer):
    """What was billed in the span and how much of it is settled (EUR gross, percent)."""

    billed = serializers.DecimalField(**MONEY)
    settled = serializers.DecimalField(**MONEY)
    open = serializers.DecimalField(**MONEY)
    percent = serializers.DecimalField(max_digits=5, decimal_places=0, allow_null=True)
    count = serializers.IntegerField()
    open_count = serializers.IntegerField()


class OverviewSerializer(serializers.Serializer):
    """All figures of the overview."""

    start = serializers.DateField()
    end = serializers.DateField()
    revenue = RevenueSerializer()
    months = MonthSerializer(many=True)
    receivables = ReceivablesSerializer()
    collection = CollectionSerializer()


class OverviewView(ApiView):
    """`GET /overview/?start=2026-01-01&end=2026-12-31`."""

    permission_required = "workmate.view_entry"

    @extend_schema(parameters=[TimespanSerializer], responses=OverviewSerializer)
    def get(self, request: Request) -> Response:
        asked = TimespanSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        span, today = Timespan(**asked.validated_data), localdate()
        days = figures.read(span, on=today)
        found = {
            "start": span.start,
            "end": span.end,
            "revenue": days.revenue(),
            "months": days.months(),
            "receivables": receivables.receivables(min(span.end, today), today=today),
            "collection": receivables.collection(span),
        }
        return Response(OverviewSerializer(found).data)
