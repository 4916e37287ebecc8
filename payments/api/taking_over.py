"""Old open items over the API: a CSV file, checked or taken over."""

from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from payments.api.fields import AmountField, PastDateField, actor
from payments.taking_over import ItemRow, Report, check, take_over
from workmate.api import ApiView
from workmate.ledger.models import OpenItem
from workmate.ledger.tables import MOST_BYTES


class TakeOverBody(serializers.Serializer):
    """The file, and the first day of the books here; `dry_run` writes nothing."""

    file = serializers.FileField()
    on = PastDateField()
    dry_run = serializers.BooleanField(default=False)

    def validate_file(self, file: Any) -> Any:
        """Refuse before reading what nobody would read."""
        if file.size > MOST_BYTES:
            raise serializers.ValidationError("Die Datei ist größer als 5 MB.")
        return file


class RowSerializer(serializers.Serializer):
    """A line of the file: `new`, `known` or `wrong`, and why."""

    line = serializers.IntegerField()
    state = serializers.ChoiceField(["new", "known", "wrong"])
    document_number = serializers.SerializerMethodField()
    amount = serializers.SerializerMethodField()
    message = serializers.CharField()

    def get_document_number(self, row: ItemRow) -> str:
        return row.cells["document"]

    def get_amount(self, row: ItemRow) -> Decimal | None:
        return row.item.amount if row.item else None


class ReportSerializer(serializers.Serializer):
    """What the file holds; `total` is what its new lines add (EUR)."""

    total = AmountField()
    rows = RowSerializer(many=True)


class TakeOver(ApiView):
    """Takes over old open items, all or none."""

    queryset = OpenItem.objects.all()
    serializer_class = TakeOverBody
    parser_classes = [MultiPartParser]
    permission_required: ClassVar = {"POST": "payments.record_payment"}

    @extend_schema(request=TakeOverBody, responses={200: ReportSerializer, 201: ReportSerializer})
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The report: 201 when it was taken over, 200 when it was only checked."""
        body = TakeOverBody(data=request.data)
        body.is_valid(raise_exception=True)
        file, on = body.validated_data["file"], body.validated_data["on"]
        data = file.read()
        if body.validated_data["dry_run"]:
            return self._answer(check(data, booked_on=on), status.HTTP_200_OK)
        report = take_over(data, file.name, booked_on=on, by=actor(request))
        return self._answer(report, status.HTTP_201_CREATED)

    def _answer(self, report: Report, code: int) -> Response:
        return Response(ReportSerializer(report).data, status=code)
