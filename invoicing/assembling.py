"""Assembling the rows of a draft from what it says, with its totals and what does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from invoicing import errors, skonto
from invoicing.contents import Content, kinds_for, terms_of
from invoicing.deducting import deducted
from invoicing.models import (
    Adjustment,
    Invoice,
    InvoiceLine,
)
from invoicing.totalling import totals_of, without_advances
from invoicing.totals import DocumentTotals
from invoicing.validators import compact
from workmate.models import User
from workmate.money import LIMIT

MOST_LINES = 300
MOST_ADJUSTMENTS = 10


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The rows of a draft beside its own."""

    lines: list[InvoiceLine]
    adjustments: list[Adjustment]
    advances: list[Invoice]


def assemble(
    content: Content, *, by: User, invoice: Invoice | None = None
) -> tuple[Invoice, Parts]:
    """The draft that the content describes, with its totals, not saved.

    Raises `DRAFT_INVALID` with every value that does not fit, at its field (`lines.0.quantity`).
    """
    invoice = invoice or Invoice(created_by=by)
    if len(content.lines) > MOST_LINES:
        raise errors.TOO_MANY_LINES(limit=MOST_LINES)
    header = dict(content.header)
    if header.get("payment_terms_days") is None:
        header["payment_terms_days"] = terms_of(header.get("customer"))
    header["kind"] = header.get("kind") or invoice.kind
    known = invoice.customer_id
    for name, value in header.items():
        setattr(invoice, name, value)
    invoice.payee_iban = compact(invoice.payee_iban)
    invoice.payee_bic = compact(invoice.payee_bic)
    parts = Parts(
        lines=[_line(position, values) for position, values in enumerate(content.lines, start=1)],
        adjustments=[
            Adjustment(position=position, **values)
            for position, values in enumerate(content.adjustments, start=1)
        ],
        advances=content.advances if invoice.kind == Invoice.Kind.FINAL else [],
    )
    _take_accounts(invoice, parts.lines)
    found = _findings(invoice, parts)
    if invoice.customer and invoice.customer_id != known and invoice.is_refused_to_customer:
        found["customer"] = [f"{invoice.customer.block_text} Heben Sie zuerst die Sperre auf."]
    if found:
        raise errors.DRAFT_INVALID(fields=found)
    _compute(invoice, parts)
    if too_big := _too_big(invoice, parts.lines):
        raise errors.DRAFT_INVALID(fields=too_big)
    return invoice, parts


def _line(position: int, values: dict[str, Any]) -> InvoiceLine:
    values = {name: value for name, value in values.items() if value is not None}
    line = InvoiceLine(position=position, **values)
    return line if line.is_item else _words(line)


def _take_accounts(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    """The revenue account of each line's product; a correction takes back where it was posted."""
    posted: dict[tuple[int | None, int | None], str] = {}
    if invoice.corrects_id:
        rows = InvoiceLine.objects.filter(invoice=invoice.corrects_id).exclude(product=None)
        for pk, case, account in rows.values_list("product", "tax_case", "revenue_account"):
            posted[pk, case] = account
    for line in lines:
        if line.product and line.tax_case:
            own = line.tax_case.code == line.product.tax_case
            usual = line.product.revenue_account if own else ""
            line.revenue_account = posted.get((line.product_id, line.tax_case_id), usual)


def _words(line: InvoiceLine) -> InvoiceLine:
    """A title or text: whatever else was typed into the row is not part of the document."""
    return InvoiceLine(
        position=line.position, kind=line.kind, name=line.name, description=line.description
    )


def _findings(invoice: Invoice, parts: Parts) -> dict[str, list[str]]:
    found = _header_findings(invoice)
    for index, line in enumerate(parts.lines):
        try:
            line.clean_fields(exclude=["invoice", "product", "tax_case"])
        except ValidationError as error:
            found |= _at(f"lines.{index}", error)
        if line.discount_percent and line.discount_amount:
            text = "Geben Sie den Rabatt in Prozent oder als Betrag an, nicht beides."
            found[f"lines.{index}.discount_percent"] = [text]
    if len(parts.adjustments) > MOST_ADJUSTMENTS:
        text = f"Höchstens {MOST_ADJUSTMENTS} Rabatte und Zuschläge auf den ganzen Beleg."
        found["adjustments"] = [text]
    for index, one in enumerate(parts.adjustments):
        try:
            one.clean_fields(exclude=["invoice", "tax_case"])
        except ValidationError as error:
            found |= _at(f"adjustments.{index}", error)
        if (one.percent is None) == (one.amount is None):
            text = "Geben Sie Prozent oder Betrag an."
            found[f"adjustments.{index}.amount"] = [text]
    return found


def _header_findings(invoice: Invoice) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    try:
        invoice.clean_fields()
    except ValidationError as error:
        found.update(error.message_dict)
    if invoice.kind not in kinds_for(invoice):
        found["kind"] = ["Diese Art kann der Entwurf nicht haben."]
    if wrong := skonto.stored_problem(invoice.cash_discounts):
        found["cash_discounts"] = [wrong]
    return found


def _at(where: str, error: ValidationError) -> dict[str, list[str]]:
    return {f"{where}.{name}": messages for name, messages in error.message_dict.items()}


def _compute(invoice: Invoice, parts: Parts) -> None:
    computed = totals_of(invoice, parts.lines, parts.adjustments)
    items = [line for line in parts.lines if line.is_item]
    for line, amount in zip(items, computed.lines, strict=True):
        line.net_amount = amount.net
    take_totals(invoice, without_advances(computed, tuple(map(deducted, parts.advances))))


def take_totals(invoice: Invoice, totals: DocumentTotals) -> None:
    """The sums of the document as what they do to what is owed: a correction takes away."""
    invoice.net_total, invoice.vat_total, invoice.gross_total = (
        invoice.sign * totals.net,
        invoice.sign * totals.vat,
        invoice.sign * totals.payable,
    )


def _too_big(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, list[str]]:
    """Findings where the amounts have more digits than the books keep."""
    indexes = [index for index, line in enumerate(lines) if abs(line.net_amount) >= LIMIT]
    if not indexes and max(abs(invoice.net_total), abs(invoice.gross_total)) >= LIMIT:
        indexes = [len(lines) - 1]
    message = "Der Betrag ist zu groß. Prüfen Sie Menge und Einzelpreis."
    return {f"lines.{index}.unit_price": [message] for index in indexes}
