"""Lines, allowances and charges, VAT and totals, as a table shows them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from invoicing.einvoice import codes, countries
from invoicing.einvoice.model import AllowanceCharge, EInvoice, Line, Period, VatBreakdown
from invoicing.showing.parties import identifier
from workmate.money import format_amount, format_date, format_decimal, format_quantity
from workmate.templatetags.workmate import money, percent, price

_SUBJECT = re.compile(r"#[A-Z0-9]{3}#")  # what UBL writes before a note (BT-21)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line (BG-25)."""

    id: str
    name: str
    details: tuple[str, ...]
    quantity: str
    price: str
    rate: str
    amount: str


@dataclass(frozen=True, kw_only=True)
class VatRow:
    """The VAT of one category and rate (BG-23)."""

    label: str
    rate: str
    base: str
    tax: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Sum:
    """An amount with its label and term."""

    term: str
    label: str
    amount: str
    strong: bool = False


def day(value: date | None) -> str:
    return format_date(value) if value else ""


def span(period: Period) -> str:
    """A period; one of its ends may be missing in files of others."""
    return " – ".join(filter(None, (day(period.start), day(period.end))))


def note(text: str) -> str:
    """A note without the code of its subject."""
    return _SUBJECT.sub("", text, count=1).strip()


def row(line: Line) -> Row:
    """A line as it is read."""
    return Row(
        id=line.id,
        name=line.name,
        details=tuple(filter(None, _details(line))),
        quantity=f"{format_quantity(line.quantity)} {codes.unit_label(line.unit, line.quantity)}",
        price=_price(line),
        rate=_rate(line.category, line.rate),
        amount=format_amount(line.net_amount),
    )


def vat_row(vat: VatBreakdown) -> VatRow:
    """The VAT of a category as it is read."""
    reason = " · ".join(filter(None, (vat.reason, vat.reason_code)))
    return VatRow(
        label=codes.VAT_CATEGORIES.get(vat.category, f"Kategorie {vat.category}"),
        rate=percent(vat.rate),
        base=format_amount(vat.taxable_amount),
        tax=format_amount(vat.tax_amount),
        reason=reason,
    )


def adjustments(einvoice: EInvoice) -> Iterator[Sum]:
    """Allowances and charges on the whole document (BG-20, BG-21)."""
    for one in einvoice.allowances:
        yield Sum(
            term="BG-21" if one.charge else "BG-20",
            label=f"{_adjustment(one)} ({_rate(one.category, one.rate)})",
            amount=format_amount(one.amount if one.charge else -one.amount),
        )


def totals(einvoice: EInvoice) -> Iterator[Sum]:
    """The sums of the document (BG-22), those that are not given left out."""
    sums, currency = einvoice.totals, einvoice.currency

    def total(term: str, label: str, value: Decimal | None, *, strong: bool = False) -> Sum | None:
        if value is None:
            return None
        return Sum(term=term, label=label, amount=money(value, currency), strong=strong)

    accounting = sums.tax_total_accounting
    found = (
        total("BT-106", "Summe der Positionen", sums.line_total),
        total("BT-107", "Abzüge", None if sums.allowance_total is None else -sums.allowance_total),
        total("BT-108", "Zuschläge", sums.charge_total),
        total("BT-109", "Netto", sums.tax_exclusive),
        total("BT-110", "Umsatzsteuer", sums.tax_total),
        None
        if accounting is None
        else Sum(
            term="BT-111",
            label=f"Umsatzsteuer in {einvoice.tax_currency}",
            amount=money(accounting, einvoice.tax_currency),
        ),
        total("BT-112", "Gesamtbetrag", sums.tax_inclusive, strong=True),
        total("BT-113", "Bereits gezahlt", None if sums.prepaid is None else -sums.prepaid),
        total("BT-114", "Rundung", sums.rounding),
        total("BT-115", "Zu zahlen", sums.payable, strong=True),
    )
    yield from (one for one in found if one)


def _details(line: Line) -> Iterator[str]:
    """What a line says beside its name and its figures."""
    yield line.description
    yield note(line.note)
    if line.period:
        yield f"Zeitraum {span(line.period)}"
    yield from (_with_amount(one) for one in line.allowances)
    for label, value in (
        ("Artikelnummer", line.seller_item_id),
        ("Ihre Artikelnummer", line.buyer_item_id),
        ("Standardnummer", identifier(line.standard_item_id)),
        ("Objekt", identifier(line.invoiced_object)),
        ("Bestellposition", line.order_line_reference),
        ("Kostenstelle", line.accounting_reference),
        ("Herkunft", countries.name(line.origin_country) if line.origin_country else ""),
    ):
        yield f"{label}: {value}" if value else ""
    for one in line.classifications:
        yield f"Klassifikation {one.scheme}: {one.code}"
    for attribute in line.attributes:
        yield f"{attribute.name}: {attribute.value}"


def _with_amount(one: AllowanceCharge) -> str:
    return f"{_adjustment(one)}: {format_amount(one.amount if one.charge else -one.amount)}"


def _adjustment(one: AllowanceCharge) -> str:
    reason = one.reason or codes.ALLOWANCE_REASONS.get(one.reason_code, "")
    share = ""
    if one.percent is not None:
        share = percent(one.percent)
        if one.base is not None:
            share += f" auf {format_amount(one.base)}"
    word = "Zuschlag" if one.charge else "Abzug"
    return " ".join(filter(None, (word, share, reason and f"– {reason}")))


def _price(line: Line) -> str:
    """The net price, with the quantity that it is for where that is not one."""
    if line.base_quantity is None or line.base_quantity == 1:
        return price(line.net_price)
    unit = codes.unit_label(line.base_unit or line.unit, line.base_quantity)
    return f"{price(line.net_price)} je {format_decimal(line.base_quantity, 0, most=4)} {unit}"


def _rate(category: str, rate: Decimal | None) -> str:
    """The rate, with the category where that is what matters."""
    if rate:
        return percent(rate)
    return f"{percent(rate)} ({category})" if rate is not None else category
