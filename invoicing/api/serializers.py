"""How documents are written as JSON, and how drafts are read from it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.timezone import localdate
from rest_framework import serializers

from invoicing.drafting import HEADER, LINE, Content
from invoicing.models import Customer, Invoice, InvoiceLine, Product
from workmate.models import TaxCase


class LineSerializer(serializers.ModelSerializer):
    """A line; `tax_case` is the code of a tax case, the day of supply decides which rule it is."""

    tax_case = serializers.CharField(
        source="tax_case.code", max_length=20, allow_null=True, required=False
    )
    product = serializers.PrimaryKeyRelatedField(
        queryset=Product.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = InvoiceLine
        fields: ClassVar = ["position", *LINE, "net_amount"]
        read_only_fields: ClassVar = ["position", "net_amount"]


class InvoiceSerializer(serializers.ModelSerializer):
    """A draft or an issued document with its state on this day; amounts are text with a dot."""

    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.all(), allow_null=True, required=False
    )
    lines = LineSerializer(many=True, required=False)
    state = serializers.CharField(read_only=True)
    outstanding = serializers.DecimalField(
        max_digits=14, decimal_places=2, read_only=True, allow_null=True
    )
    cancelled_by = serializers.SerializerMethodField()

    class Meta:
        model = Invoice
        fields: ClassVar = [
            "id",
            "kind",
            "status",
            "state",
            "number",
            "version",
            *HEADER,
            "issue_date",
            "due_date",
            "currency",
            "einvoice_format",
            "net_total",
            "vat_total",
            "gross_total",
            "outstanding",
            "open_item",
            "cancels",
            "cancelled_by",
            "cancel_reason",
            "lines",
            "created_at",
            "updated_at",
            "issued_at",
        ]
        read_only_fields: ClassVar = [
            "kind",
            "status",
            "number",
            "version",
            "issue_date",
            "due_date",
            "currency",
            "einvoice_format",
            "net_total",
            "vat_total",
            "gross_total",
            "open_item",
            "cancels",
            "cancel_reason",
            "created_at",
            "updated_at",
            "issued_at",
        ]

    def get_cancelled_by(self, invoice: Invoice) -> int | None:
        storno = getattr(invoice, "cancelled_by", None)
        return storno.pk if storno else None


def content_from(sent: Mapping[str, Any], before: Content) -> Content:
    """What the draft says after a request; what it does not name stays as it was."""
    named = dict(sent)
    lines = named.pop("lines", None)
    header = {**before.header, **named}
    if lines is None:
        return Content(header=header, lines=before.lines)
    day = header.get("supply_date") or header.get("supply_end") or localdate()
    cases = {case.code: case for case in TaxCase.objects.on(day)}
    return Content(
        header=header, lines=[_line(index, line, cases) for index, line in enumerate(lines)]
    )


def _line(index: int, sent: dict[str, Any], cases: dict[str, TaxCase]) -> dict[str, Any]:
    code = (sent.pop("tax_case", None) or {}).get("code")
    if code and code not in cases:
        message = f"Den Steuerfall „{code}“ gibt es an diesem Tag nicht."
        raise serializers.ValidationError({"lines": {str(index): {"tax_case": [message]}}})
    return {**sent, "tax_case": cases[code] if code else None}


class FindingSerializer(serializers.Serializer):
    """Something that keeps a draft from being issued (error) or deserves a look (warning)."""

    field = serializers.CharField()
    rule = serializers.CharField()
    kind = serializers.CharField(source="class_")
    level = serializers.CharField()
    text = serializers.CharField()
    advice = serializers.CharField()


class VerdictSerializer(serializers.Serializer):
    """What the gate says to a draft today."""

    passed = serializers.BooleanField()
    findings = FindingSerializer(many=True)


class IssuanceBody(serializers.Serializer):
    """An earlier date for who may backdate, and the version that was seen."""

    issue_date = serializers.DateField(required=False, allow_null=True)
    version = serializers.IntegerField(required=False, allow_null=True)


class CancellationBody(serializers.Serializer):
    """Why; it is printed on the Stornorechnung."""

    reason = serializers.CharField(max_length=200)
