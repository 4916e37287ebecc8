"""Drafting: writing an invoice before it is one.

A draft may lack anything; what is there must fit. It has a version, and who saves an old one is
told so instead of overwriting the work of somebody else.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from invoicing import errors, skonto
from invoicing.composing import advances_of
from invoicing.deducting import deducted
from invoicing.models import (
    Adjustment,
    Attachment,
    Contact,
    Customer,
    Deduction,
    Invoice,
    InvoiceLine,
)
from invoicing.stationery import texts_of
from invoicing.totalling import totals_of, without_advances
from invoicing.totals import DocumentTotals
from invoicing.validators import compact
from workmate import audit
from workmate.models import AuditEvent, Company, TaxCase, User
from workmate.money import LIMIT

MOST_LINES = 300
# What a draft can be written as, and changed into; a correction is drafted from its original.
BILLS = (Invoice.Kind.INVOICE, Invoice.Kind.PARTIAL, Invoice.Kind.ADVANCE, Invoice.Kind.FINAL)
OFFERED = (Invoice.Kind.QUOTE, Invoice.Kind.CONFIRMATION)
KINDS = (*BILLS, *OFFERED)
GERMAN = Customer.Language.GERMAN
HEADER = (
    "kind",
    "customer",
    "valid_until",
    "supply_date",
    "supply_start",
    "supply_end",
    "payment_terms_days",
    "cash_discounts",
    "contact_name",
    "contact_phone",
    "contact_email",
    "buyer_reference",
    "order_reference",
    "sales_order_reference",
    "contract_reference",
    "project_reference",
    "despatch_reference",
    "accounting_reference",
    "delivery_name",
    "delivery_street",
    "delivery_additional",
    "delivery_post_code",
    "delivery_city",
    "delivery_country",
    "prices_gross",
    "currency",
    "exchange_rate",
    "exchange_source",
    "payment_means",
    "card_number",
    "card_holder",
    "payee_name",
    "payee_iban",
    "payee_bic",
    "intro_text",
    "closing_text",
    "notes",
)
LINE = (
    "kind",
    "product",
    "name",
    "description",
    "quantity",
    "unit",
    "unit_price",
    "discount_percent",
    "discount_amount",
    "period_start",
    "period_end",
    "tax_case",
)
ADJUSTMENT = ("is_charge", "reason", "percent", "amount", "tax_case")
MOST_ADJUSTMENTS = 10


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a draft says: values for the names in `HEADER`, for each line those in `LINE`, and for
    each discount or surcharge on the document those in `ADJUSTMENT`."""

    header: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)
    adjustments: list[dict[str, Any]] = field(default_factory=list)
    advances: list[Invoice] = field(default_factory=list)  # deducted by a final invoice


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The rows of a draft beside its own."""

    lines: list[InvoiceLine]
    adjustments: list[Adjustment]
    advances: list[Invoice]


def blank(customer: Customer | None = None, kind: str = Invoice.Kind.INVOICE) -> Content:
    """What a new draft starts with: terms and texts of the company, habits of the customer."""
    header: dict[str, Any] = {
        "kind": kind,
        "customer": customer,
        "payment_terms_days": terms_of(customer),
        "cash_discounts": customer.cash_discounts if customer else [],
        "payment_means": means_of(customer),
        "buyer_reference": customer.leitweg_id if customer else "",
        **person_of(customer),
        **texts_of(kind, customer.language if customer else GERMAN),
    }
    return Content(header=header)


def terms_of(customer: Customer | None) -> int:
    """The days to pay that hold for this customer: its own, or those of the company."""
    if customer and customer.payment_terms_days is not None:
        return customer.payment_terms_days
    company = Company.objects.filter(pk=1).first()
    return company.payment_terms_days if company else 14


def person_of(whom: Customer | Contact | None) -> dict[str, str]:
    """What a document says of a contact (BT-56 to BT-58); of a customer it is the primary one."""
    if isinstance(whom, Customer):
        whom = whom.contacts.filter(is_primary=True).first()
    if whom is None:
        return {"contact_name": "", "contact_phone": "", "contact_email": ""}
    return {
        "contact_name": str(whom),
        "contact_phone": whom.phone or whom.mobile,
        "contact_email": whom.email,
    }


def means_of(customer: Customer | None) -> str:
    """How this customer usually pays (BT-81)."""
    if customer and customer.pays_by_debit:
        return Invoice.PaymentMeans.DIRECT_DEBIT
    return Invoice.PaymentMeans.TRANSFER


def with_usual_terms(content: Content) -> Content:
    """The content with the customer's reference, Skonto and way to pay where nothing was chosen."""
    customer = content.header.get("customer")
    header = dict(content.header)
    if customer:
        header["buyer_reference"] = header.get("buyer_reference") or customer.leitweg_id
        if header.get("kind") != Invoice.Kind.ADVANCE:
            header["cash_discounts"] = header.get("cash_discounts") or customer.cash_discounts
        if header.get("payment_means") in (None, "", Invoice.PaymentMeans.TRANSFER):
            header["payment_means"] = means_of(customer)
        header |= _texts_for(customer, header)
    return replace(content, header=header)


def kinds_for(invoice: Invoice | None = None) -> tuple[Invoice.Kind, ...]:
    """What the draft may be changed into; a correction stays one."""
    return (Invoice.Kind.CORRECTION,) if invoice and invoice.corrects_id else KINDS


def siblings(kind: str) -> tuple[Invoice.Kind, ...]:
    """The kinds that a person turns a draft of this kind into: bills into bills."""
    return next((some for some in (BILLS, OFFERED) if kind in some), (Invoice.Kind(kind),))


def _texts_for(customer: Customer, header: dict[str, Any]) -> dict[str, str]:
    """The usual texts in the customer's language, where those of a German draft were left."""
    kind = header.get("kind") or Invoice.Kind.INVOICE
    usual, own = texts_of(kind, GERMAN), texts_of(kind, customer.language)
    return {name: own[name] for name in usual if header.get(name) == usual[name]}


def content_of(invoice: Invoice) -> Content:
    """What the stored draft says."""
    return Content(
        header={name: getattr(invoice, name) for name in HEADER},
        lines=[
            {name: getattr(line, name) for name in LINE}
            for line in invoice.lines.select_related("product", "tax_case")
        ],
        adjustments=[
            {name: getattr(one, name) for name in ADJUSTMENT}
            for one in invoice.adjustments.select_related("tax_case")
        ],
        advances=advances_of(invoice),
    )


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


@transaction.atomic
def create_draft(
    content: Content | None = None,
    *,
    corrects: Invoice | None = None,
    based_on: Invoice | None = None,
    by: User,
) -> Invoice:
    """A new draft. It has no number yet, and dropping it leaves no gap."""
    bound = Invoice(created_by=by, corrects=corrects, based_on=based_on)
    invoice, parts = assemble(content or blank(), by=by, invoice=bound)
    invoice.save()
    _write(invoice, parts)
    payload = _summary(invoice, parts.lines)
    if origin := corrects or based_on:
        payload = {"of": str(origin), **payload}
    audit.record("invoice.drafted", invoice, by=by, payload=payload)
    return invoice


@transaction.atomic
def save_draft(invoice: Invoice, content: Content, *, version: int, by: User) -> Invoice:
    """Replace what the draft says, if it still is in the version that the author saw.

    Raises `NOT_A_DRAFT`, `DRAFT_CHANGED` or `DRAFT_INVALID`.
    """
    stored = locked_draft(invoice)
    require_version(stored, version)
    stored, parts = assemble(content, by=by, invoice=stored)
    stored.version += 1
    stored.save()
    stored.lines.all().delete()
    stored.adjustments.all().delete()
    stored.deductions.all().delete()
    _write(stored, parts)
    audit.record("invoice.draft_changed", stored, by=by, payload=_summary(stored, parts.lines))
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
    """A new draft that says the same, without day of supply and with today's rules and rates."""
    copied = renewed(content_of(invoice), on=on)
    copy, parts = assemble(copied, by=by)
    copy.save()
    _write(copy, parts)
    payload = {"of": str(invoice), **_summary(copy, parts.lines)}
    audit.record("invoice.drafted", copy, by=by, payload=payload)
    return copy


def renewed(content: Content, *, on: datetime.date) -> Content:
    """What a document says, for a new one: without days, with the tax rules of that day."""
    days = ("supply_date", "supply_start", "supply_end", "valid_until")
    header = {**content.header, **dict.fromkeys(days)}
    header |= {"exchange_rate": None, "exchange_source": ""}
    if header["kind"] not in KINDS:
        header["kind"] = Invoice.Kind.INVOICE
    cases = {case.code: case for case in TaxCase.objects.on(on)}

    def today(row: dict[str, Any]) -> dict[str, Any]:
        case = row["tax_case"]
        return {**row, "tax_case": cases.get(case.code) if case else None}

    return Content(
        header=header,
        lines=[{**today(line), "period_start": None, "period_end": None} for line in content.lines],
        adjustments=[today(one) for one in content.adjustments],
    )


def require_version(invoice: Invoice, version: int) -> None:
    """Raise `DRAFT_CHANGED` when the draft has gone on since that version."""
    if invoice.version != version:
        raise _changed(invoice)


def _changed(invoice: Invoice) -> Exception:
    last = (
        AuditEvent.objects.filter(object_type="invoicing.invoice", object_id=str(invoice.pk))
        .select_related("actor")
        .order_by("-id")
        .first()
    )
    return errors.DRAFT_CHANGED(name=last.actor if last else "jemand anderem")


def locked_draft(invoice: Invoice) -> Invoice:
    """The stored draft, locked until the transaction ends; raises `NOT_A_DRAFT`."""
    stored = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if stored.status != Invoice.Status.DRAFT:
        raise errors.NOT_A_DRAFT(number=stored.number)
    return stored


def lock_as_read(draft: Invoice, attachments: Sequence[Attachment]) -> None:
    """Lock the draft until the transaction ends, if it and its files are still as they were read.

    Raises `NOT_A_DRAFT` or `DRAFT_CHANGED`.
    """
    rows = Invoice.objects.select_for_update().only("status", "number", "version")
    stored = rows.get(pk=draft.pk)
    if stored.status != Invoice.Status.DRAFT:
        raise errors.NOT_A_DRAFT(number=stored.number)
    require_version(stored, draft.version)
    files = set(stored.attachments.values_list("pk", flat=True))
    if files != {one.pk for one in attachments}:
        raise _changed(stored)


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


def _write(invoice: Invoice, parts: Parts) -> None:
    for line in parts.lines:
        line.invoice = invoice
    for adjustment in parts.adjustments:
        adjustment.invoice = invoice
    InvoiceLine.objects.bulk_create(parts.lines)
    Adjustment.objects.bulk_create(parts.adjustments)
    Deduction.objects.bulk_create(
        Deduction(invoice=invoice, advance=advance) for advance in parts.advances
    )


def _summary(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """What the audit trail keeps of a draft."""
    return {
        "version": invoice.version,
        "kind": invoice.kind,
        "customer": invoice.customer.number if invoice.customer else None,
        "net": str(invoice.net_total),
        "gross": str(invoice.gross_total),
        "lines": [
            [line.name, str(line.quantity), line.unit, str(line.unit_price)] for line in lines
        ],
    }
