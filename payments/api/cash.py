"""Closings of cash boxes over the API: list, read, close a day."""

from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.fields import AmountField, PastDateField, actor
from payments.cash_keeping import close_day
from payments.models import CashClosing
from workmate.api import ReadViewSet
from workmate.ledger.models import MoneyAccount


class ClosingSerializer(serializers.ModelSerializer):
    """A count: what the books held, what lay in the box, and the entry of the difference."""

    difference = AmountField(read_only=True)

    class Meta:
        model = CashClosing
        fields = (
            "id",
            "money_account",
            "day",
            "balance",
            "counted",
            "difference",
            "note",
            "entry",
            "created_by",
            "created_at",
        )


class ClosingBody(serializers.Serializer):
    """What was counted on the evening of which day; a difference needs a note."""

    money_account = serializers.PrimaryKeyRelatedField(queryset=MoneyAccount.objects.all())
    day = PastDateField()
    counted = AmountField(min_value=Decimal(0))
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class ClosingViewSet(mixins.CreateModelMixin, ReadViewSet):
    """Closings: list, read, close a day. They are never changed."""

    queryset = CashClosing.objects.all()
    serializer_class = ClosingSerializer
    filterset_fields = ("money_account", "day")
    permission_required: ClassVar = {"POST": "payments.close_cash"}

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return ClosingBody if self.action == "create" else ClosingSerializer

    @extend_schema(request=ClosingBody, responses={201: ClosingSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = ClosingBody(data=request.data)
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        closing = close_day(data.pop("money_account"), by=actor(request), **data)
        return Response(ClosingSerializer(closing).data, status=status.HTTP_201_CREATED)
