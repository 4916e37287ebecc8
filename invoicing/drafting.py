"""Drafting: writing an invoice before it is one.

A draft may lack anything; what is there must fit. It has a version, and who saves an old one is
told so instead of overwriting the work of somebody else.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from invoicing import errors
from invoicing.composing import totals_of
from invoicing.models import Customer, Invoice, InvoiceLine
from workmate import audit
from workmate.models import AuditEvent, Company, TaxCase, User
from workmate.money import LIMIT

MOST_LINES = 300
HEADER = (
    "customer",
    "supply_date",
    "supply_start",
    "supply_end",
    "payment_terms_days",
    "buyer_reference",
    "order_reference",
    "intro_text",
    "closing_text",
    "notes",
)
LINE = (
    "product",
    "name",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "tax_case",
)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a draft says: values for the names in `HEADER`, and for each line those in `LINE`."""

    header: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)


def blank(customer: Customer | None = None) -> Content:
    """What a new draft starts with: terms and texts of the company, references of the customer."""
    company = Company.objects.filter(pk=1).first()
    header: dict[str, Any] = {
        "customer": customer,
        "payment_terms_days": terms_of(customer),
        "buyer_reference": customer.leitweg_id if customer else "",
        "intro_text": company.intro_text if company else "",
        "closing_text": company.closing_text if company else "",
    }
    return Content(header=header)


def terms_of(customer: Customer | None) -> int:
    """The days to pay that hold for this customer: its own, or those of the company."""
    if customer and customer.payment_terms_days is not None:
        return customer.payment_terms_days
    company = Company.objects.filter(pk=1).first()
    return company.payment_terms_days if company else 14


def with_usual_terms(content: Content) -> Content:
    """The content with the customer's reference and terms where nothing was written."""
    customer = content.header.get("customer")
    header = dict(content.header)
    if customer and not header.get("buyer_reference"):
        header["buyer_reference"] = customer.leitweg_id
    return Content(header=header, lines=content.lines)


def content_of(invoice: Invoice) -> Content:
    """What the stored draft says."""
    return Content(
        header={name: getattr(invoice, name) for name in HEADER},
        lines=[
            {name: getattr(line, name) for name in LINE}
            for line in invoice.lines.select_related("product", "tax_case")
        ],
    )


def assemble(
    content: Content, *, by: User, invoice: Invoice | None = None
) -> tuple[Invoice, list[InvoiceLine]]:
    """The draft that the content describes, with its totals, not saved.

    Raises `DRAFT_INVALID` with every value that does not fit, at its field (`lines.0.quantity`).
    """
    invoice = invoice or Invoice(created_by=by)
    if len(content.lines) > MOST_LINES:
        raise errors.TOO_MANY_LINES(limit=MOST_LINES)
    header = dict(content.header)
    if header.get("payment_terms_days") is None:
        header["payment_terms_days"] = terms_of(header.get("customer"))
    for name, value in header.items():
        setattr(invoice, name, value)
    lines = [_line(position, values) for position, values in enumerate(content.lines, start=1)]
    found = _findings(invoice, lines)
    if found:
        raise errors.DRAFT_INVALID(fields=found)
    _compute(invoice, lines)
    if too_big := _too_big(invoice, lines):
        raise errors.DRAFT_INVALID(fields=too_big)
    return invoice, lines


@transaction.atomic
def create_draft(content: Content | None = None, *, by: User) -> Invoice:
    """A new draft. It has no number yet, and dropping it leaves no gap."""
    invoice, lines = assemble(content or blank(), by=by)
    invoice.save()
    _write_lines(invoice, lines)
    audit.record("invoice.drafted", invoice, by=by, payload=_summary(invoice, lines))
    return invoice


@transaction.atomic
def save_draft(invoice: Invoice, content: Content, *, version: int, by: User) -> Invoice:
    """Replace what the draft says, if it still is in the version that the author saw.

    Raises `NOT_A_DRAFT`, `DRAFT_CHANGED` or `DRAFT_INVALID`.
    """
    stored = locked_draft(invoice)
    require_version(stored, version)
    stored, lines = assemble(content, by=by, invoice=stored)
    stored.version += 1
    stored.save()
    stored.lines.all().delete()
    _write_lines(stored, lines)
    audit.record("invoice.draft_changed", stored, by=by, payload=_summary(stored, lines))
    return stored


@transaction.atomic
def delete_draft(invoice: Invoice, *, by: User, version: int | None = None) -> None:
    """Drop a draft; what it said stays in the audit trail."""
    stored = locked_draft(invoice)
    if version is not None:
        require_version(stored, version)
    lines = list(stored.lines.all())
    audit.record("invoice.draft_deleted", stored, by=by, payload=_summary(stored, lines))
    stored.delete()


@transaction.atomic
def duplicate(invoice: Invoice, *, by: User, on: datetime.date) -> Invoice:
    """A new draft that says the same, without day of supply and with today's tax rules."""
    content = content_of(invoice)
    header = {**content.header, "supply_date": None, "supply_start": None, "supply_end": None}
    cases = {case.code: case for case in TaxCase.objects.on(on)}
    lines = [
        {**line, "tax_case": cases.get(line["tax_case"].code) if line["tax_case"] else None}
        for line in content.lines
    ]
    copy, copied_lines = assemble(Content(header=header, lines=lines), by=by)
    copy.save()
    _write_lines(copy, copied_lines)
    payload = {"of": str(invoice), **_summary(copy, copied_lines)}
    audit.record("invoice.drafted", copy, by=by, payload=payload)
    return copy


def require_version(invoice: Invoice, version: int) -> None:
    """Raise `DRAFT_CHANGED` when the draft has gone on since that version."""
    if invoice.version == version:
        return
    last = (
        AuditEvent.objects.filter(object_type="invoicing.invoice", object_id=str(invoice.pk))
        .select_related("actor")
        .order_by("-id")
        .first()
    )
    raise errors.DRAFT_CHANGED(name=last.actor if last else "jemand anderem")


def locked_draft(invoice: Invoice) -> Invoice:
    """The stored draft, locked until the transaction ends; raises `NOT_A_DRAFT`."""
    stored = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if stored.status != Invoice.Status.DRAFT:
        raise errors.NOT_A_DRAFT(number=stored.number)
    return stored


def _line(position: int, values: dict[str, Any]) -> InvoiceLine:
    values = {**values, "discount_percent": values.get("discount_percent") or Decimal(0)}
    return InvoiceLine(position=position, **values)


def _findings(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        invoice.clean_fields()
    except ValidationError as error:
        found.update(error.message_dict)
    for index, line in enumerate(lines):
        try:
            line.clean_fields(exclude=["invoice", "product", "tax_case"])
        except ValidationError as error:
            found |= {
                f"lines.{index}.{name}": messages for name, messages in error.message_dict.items()
            }
    return found


def _compute(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    computed = totals_of(lines)
    for line, amount in zip(lines, computed.lines, strict=True):
        line.net_amount = amount.net
    invoice.net_total, invoice.vat_total, invoice.gross_total = (
        computed.net,
        computed.vat,
        computed.gross,
    )


def _too_big(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, list[str]]:
    """Findings where the amounts have more digits than the books keep."""
    indexes = [index for index, line in enumerate(lines) if abs(line.net_amount) >= LIMIT]
    if not indexes and max(abs(invoice.net_total), abs(invoice.gross_total)) >= LIMIT:
        indexes = [len(lines) - 1]
    message = "Der Betrag ist zu groß. Prüfen Sie Menge und Einzelpreis."
    return {f"lines.{index}.unit_price": [message] for index in indexes}


def _write_lines(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    for line in lines:
        line.invoice = invoice
    InvoiceLine.objects.bulk_create(lines)


def _summary(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """What the audit trail keeps of a draft."""
    return {
        "version": invoice.version,
        "customer": invoice.customer.number if invoice.customer else None,
        "net": str(invoice.net_total),
        "gross": str(invoice.gross_total),
        "lines": [
            [line.name, str(line.quantity), line.unit, str(line.unit_price)] for line in lines
        ],
    }
