"""Contents: what a draft says, what a new one starts with, and what a copy keeps."""

import datetime
from dataclasses import dataclass, field, replace
from typing import Any

from invoicing.gathering import advances_of
from invoicing.models import (
    Contact,
    Customer,
    Invoice,
)
from invoicing.stationery import texts_of
from workmate.models import Company, TaxCase

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


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a draft says: values for the names in `HEADER`, for each line those in `LINE`, and for
    each discount or surcharge on the document those in `ADJUSTMENT`."""

    header: dict[str, Any]
    lines: list[dict[str, Any]] = field(default_factory=list)
    adjustments: list[dict[str, Any]] = field(default_factory=list)
    advances: list[Invoice] = field(default_factory=list)  # deducted by a final invoice


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
