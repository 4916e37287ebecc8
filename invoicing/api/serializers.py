"""How documents are written as JSON, and how drafts are read from it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django.utils.timezone import localdate
from rest_framework import serializers

from invoicing import skonto
from invoicing.contents import ADJUSTMENT, HEADER, KINDS, LINE, Content
from invoicing.models import (
    Adjustment,
    Attachment,
    Customer,
    DeletedDraft,
    Invoice,
    InvoiceLine,
    Product,
)
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


class AdjustmentSerializer(serializers.ModelSerializer):
    """A discount or surcharge on the document: `percent` or `amount`; `tax_case` null spreads it
    over all VAT groups."""

    tax_case = serializers.CharField(
        source="tax_case.code", max_length=20, allow_null=True, required=False
    )

    class Meta:
        model = Adjustment
        fields: ClassVar = ["position", *ADJUSTMENT]
        read_only_fields: ClassVar = ["position"]


class CashDiscountSerializer(serializers.Serializer):
    """A step of Skonto: `percent` off when paid within `days` of the invoice date."""

    days = serializers.IntegerField(min_value=0, max_value=365)
    percent = serializers.DecimalField(max_digits=4, decimal_places=2)


class AdvanceField(serializers.PrimaryKeyRelatedField):
    """The ids of the advance invoices that a final invoice deducts."""

    def use_pk_only_optimization(self) -> bool:
        return False

    def to_representation(self, value: Any) -> Any:
        return value.advance_id


class ValidationSerializer(serializers.Serializer):
    """What the rules said: `unchecked`, `valid`, `invalid`, `outdated` (the draft, its customer,
    the company or the rules have changed since), or `none` for what has no rules to pass."""

    state = serializers.SerializerMethodField()
    faults = serializers.IntegerField(allow_null=True)
    hints = serializers.IntegerField(allow_null=True)
    validated_at = serializers.SerializerMethodField()

    def get_state(self, invoice: Any) -> str:
        if invoice.is_offer:
            return "none"
        if invoice.status == Invoice.Status.ISSUED:
            return "valid"
        if invoice.checked_version is None:
            return "unchecked"
        if not invoice.check_is_current:
            return "outdated"
        return "invalid" if invoice.faults else "valid"

    def get_validated_at(self, invoice: Any) -> datetime | None:
        found: datetime | None = invoice.issued_at or invoice.checked_at
        return None if invoice.is_offer else found


class InvoiceSerializer(serializers.ModelSerializer):
    """A draft or an issued document with its state on this day; amounts are text with a dot."""

    customer = serializers.PrimaryKeyRelatedField(
        queryset=Customer.objects.all(), allow_null=True, required=False
    )
    lines = LineSerializer(many=True, required=False)
    adjustments = AdjustmentSerializer(many=True, required=False)
    cash_discounts = CashDiscountSerializer(many=True, required=False)
    advances = AdvanceField(
        source="deductions",
        queryset=Invoice.objects.standing().filter(kind=Invoice.Kind.ADVANCE),
        many=True,
        required=False,
        help_text="Ids of the advance invoices that a final invoice deducts.",
    )
    attachments = serializers.SerializerMethodField()
    state = serializers.CharField(read_only=True)
    outstanding = serializers.DecimalField(
        max_digits=14, decimal_places=2, read_only=True, allow_null=True
    )
    cancelled_by = serializers.SerializerMethodField()
    validation = ValidationSerializer(source="*", read_only=True)

    class Meta:
        model = Invoice
        fields: ClassVar = [
            "id",
            "status",
            "state",
            "number",
            "version",
            *HEADER,
            "issue_date",
            "due_date",
            "einvoice_format",
            "net_total",
            "vat_total",
            "gross_total",
            "outstanding",
            "validation",
            "open_item",
            "cancels",
            "cancelled_by",
            "cancel_reason",
            "corrects",
            "based_on",
            "decision",
            "decided_on",
            "deducted_by",
            "advances",
            "lines",
            "adjustments",
            "attachments",
            "created_at",
            "updated_at",
            "issued_at",
        ]
        read_only_fields: ClassVar = [
            "status",
            "number",
            "version",
            "issue_date",
            "due_date",
            "einvoice_format",
            "net_total",
            "vat_total",
            "gross_total",
            "open_item",
            "cancels",
            "cancel_reason",
            "corrects",
            "based_on",
            "decision",
            "decided_on",
            "deducted_by",
            "created_at",
            "updated_at",
            "issued_at",
        ]

    def get_cancelled_by(self, invoice: Invoice) -> int | None:
        storno = getattr(invoice, "cancelled_by", None)
        return storno.pk if storno else None

    def get_attachments(self, invoice: Invoice) -> list[dict[str, Any]]:
        return [AttachmentSerializer(one).data for one in invoice.attachments.all()]


class AttachmentSerializer(serializers.ModelSerializer):
    """A file that travels inside the e-invoice (BG-24)."""

    filename = serializers.CharField(source="file.filename", read_only=True)
    media_type = serializers.CharField(source="file.media_type", read_only=True)
    size = serializers.IntegerField(source="file.size", read_only=True)

    class Meta:
        model = Attachment
        fields: ClassVar = ["id", "file", "filename", "media_type", "size"]
        read_only_fields = fields


class DeletedDraftSerializer(serializers.ModelSerializer):
    """A deleted draft: for whom, how much, when and by whom it was deleted."""

    class Meta:
        model = DeletedDraft
        fields: ClassVar = ["id", "customer", "gross_total", "currency", "deleted_at", "deleted_by"]
        read_only_fields = fields


def content_from(sent: Mapping[str, Any], before: Content) -> Content:
    """What the draft says after a request; what it does not name stays as it was."""
    named = dict(sent)
    lines, adjustments = named.pop("lines", None), named.pop("adjustments", None)
    advances = named.pop("deductions", before.advances)
    if "cash_discounts" in named:
        steps = [skonto.Step(one["days"], one["percent"]) for one in named["cash_discounts"]]
        named["cash_discounts"] = skonto.to_json(steps)
    header = {**before.header, **named}
    day = header.get("supply_date") or header.get("supply_end") or localdate()
    cases = {case.code: case for case in TaxCase.objects.on(day)}

    def rows(name: str, given: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [_row(name, index, row, cases) for index, row in enumerate(given)]

    return Content(
        header=header,
        lines=before.lines if lines is None else rows("lines", lines),
        adjustments=before.adjustments if adjustments is None else rows("adjustments", adjustments),
        advances=advances,
    )


def _row(name: str, index: int, sent: dict[str, Any], cases: dict[str, TaxCase]) -> dict[str, Any]:
    code = (sent.pop("tax_case", None) or {}).get("code")
    if code and code not in cases:
        message = f"Den Steuerfall „{code}“ gibt es an diesem Tag nicht."
        raise serializers.ValidationError({name: {str(index): {"tax_case": [message]}}})
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


class ConversionBody(serializers.Serializer):
    """What the offer becomes, and how much of its net an advance asks for."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in KINDS])
    percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal("0.01"), max_value=100, default=30
    )


class DecisionBody(serializers.Serializer):
    """What the customer said to the quote."""

    decision = serializers.ChoiceField(choices=Invoice.Decision.choices)
