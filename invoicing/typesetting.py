"""Typesetting puts an invoice into the words and figures of its page.

It knows labels, order and German wording; sizes and places are in `templates/documents/`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from invoicing import qr
from invoicing.einvoice import codes, countries, leitweg
from invoicing.einvoice.model import AllowanceCharge, EInvoice, Line, Period
from workmate.money import format_amount, round_money
from workmate.templatetags.workmate import iban, money, percent

LONG_TEXT = 900  # characters from which a line may break across pages
ADDRESS_LINES = 6  # of the address field (DIN 5008); more are set smaller
ADDRESS_WIDTH = 40  # characters that fit into one of them
LONG_UNIT = 11  # characters up to which a unit takes one line

_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_NO_TAX = {"AE", "K", "G", "E", "Z", "O"}
# BT-20 as XRechnung writes it: BG-DEX-… "#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=100.00#"
_TERM = re.compile(
    r"#(?P<kind>SKONTO|VERZUG)#TAGE=(?P<days>\d+)#PROZENT=(?P<percent>\d+\.\d\d)#"
    r"(?:BASISBETRAG=(?P<base>-?\d+\.\d\d)#)?"
)


@dataclass(frozen=True, kw_only=True)
class Presentation:
    """What the page shows beyond the e-invoice itself; nothing here changes what is owed."""

    heading: str = "Rechnung"  # "Rechnung", "Stornorechnung", "Entwurf"
    intro: str = ""
    closing: str = ""
    customer_number: str = ""
    contact_name: str = ""  # empty: the seller's contact (BT-41)
    logo: bytes | None = None
    logo_media_type: str = ""
    footer: tuple[tuple[str, ...], ...] = ()  # up to three columns; empty: from the seller
    return_line: str = ""  # empty: from the seller
    unit_labels: Mapping[str, str] = field(default_factory=dict)  # code to word, before our own
    bank_name: str = ""
    pay_url: str | None = None
    draft: bool = False  # watermark, no number, nothing to pay with
    accent: str = "#0b4f5c"
    language: str = "de"
    created_at: datetime | None = None  # written into the file's metadata

    def __post_init__(self) -> None:
        if not _ACCENT.fullmatch(self.accent):
            raise ValueError("accent is a colour like #0b4f5c")


def context(invoice: EInvoice, presentation: Presentation) -> dict:
    """Everything the template `documents/invoice.html` shows, except the images."""
    subject = presentation.heading
    if not presentation.draft:
        subject = f"{subject} {invoice.number}".strip()
    recipient = list(_recipient(invoice))
    return {
        "invoice": invoice,
        "presentation": presentation,
        "created": presentation.created_at and presentation.created_at.isoformat("T", "seconds"),
        "seller_name": invoice.seller.trading_name or invoice.seller.name,
        "subject": subject,
        "running": f"{subject} vom {day(invoice.issue_date)}",
        "subtitles": list(_subtitles(invoice)),
        "symbol": "€" if invoice.currency == "EUR" else invoice.currency,
        "return_line": presentation.return_line or _return_line(invoice),
        "recipient": recipient,
        "crowded": sum(-(-len(text) // ADDRESS_WIDTH) for text in recipient) > ADDRESS_LINES,
        "facts": list(_facts(invoice, presentation)),
        "discounts": any(line.allowances for line in invoice.lines),
        "rows": list(_rows(invoice, presentation)),
        "totals": list(_totals(invoice)),
        "reasons": _reasons(invoice),
        "notes": [note for note in invoice.notes if note != presentation.intro],
        "payment": None if presentation.draft else _payment(invoice, presentation),
        "footer": presentation.footer or _footer(invoice, presentation),
    }


def day(value: date | None) -> str:
    """22.11.2026"""
    return f"{value:%d.%m.%Y}" if value else ""


def span(period: Period) -> str:
    """A period in few characters: "01.–30.11.2026", "15.11.–14.12.2026"."""
    start, end = period.start, period.end
    if not (start and end):
        return f"ab {day(start)}" if start else f"bis {day(end)}"
    if start == end:
        return day(start)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start:%d.}–{day(end)}"
    return f"{start:%d.%m.}–{day(end)}" if start.year == end.year else f"{day(start)}–{day(end)}"


def girocode(invoice: EInvoice) -> str | None:
    """The payload of the GiroCode; None where nothing can be transferred with one.

    A name longer than its 70 characters is cut: the bank goes by the IBAN.
    """
    payment, payable = invoice.payment, invoice.totals.payable
    if invoice.currency != "EUR" or payable <= 0 or not _is_transfer(invoice):
        return None
    name = " ".join((payment.account_name or invoice.seller.name).split())
    reference = " ".join((payment.remittance or invoice.number).split())
    try:
        return qr.epc_payload(name[:70], payment.iban, payment.bic, payable, reference[:140])
    except ValueError:
        return None


def terms(invoice: EInvoice) -> Iterator[str]:
    """The payment terms (BT-20) as sentences, Skonto in EUR and with its last day."""
    for text in filter(None, map(str.strip, invoice.payment_terms.splitlines())):
        term = _TERM.fullmatch(text)
        yield _term_sentence(term, invoice) if term else text


def _term_sentence(term: re.Match[str], invoice: EInvoice) -> str:
    days, rate = int(term["days"]), Decimal(term["percent"])
    if term["kind"] == "VERZUG":
        return f"Bei Zahlungsverzug ab {days} Tagen werden {percent(rate)} Zinsen berechnet."
    base = Decimal(term["base"]) if term["base"] else invoice.totals.payable
    discount = round_money(base * rate / 100)
    rest = money(invoice.totals.payable - discount, invoice.currency)
    last = day(invoice.issue_date + timedelta(days=days))
    return (
        f"{percent(rate)} Skonto bei Zahlung bis {last}: "
        f"{money(discount, invoice.currency)} Abzug, zu zahlen {rest}."
    )


def _recipient(invoice: EInvoice) -> Iterator[str]:
    """The lines of the address field; abroad the country closes it in capitals (DIN 5008)."""
    buyer, address = invoice.buyer, invoice.buyer.address
    yield buyer.name
    if buyer.contact and buyer.contact.name and buyer.contact.name != buyer.name:
        yield buyer.contact.name
    yield from filter(None, (address.additional, address.street))
    yield f"{address.post_code} {address.city}".strip()
    if address.country and address.country != invoice.seller.address.country:
        yield countries.name(address.country).upper()


def _return_line(invoice: EInvoice) -> str:
    seller, address = invoice.seller, invoice.seller.address
    place = f"{address.post_code} {address.city}".strip()
    return " · ".join(filter(None, (seller.trading_name or seller.name, address.street, place)))


def _facts(invoice: EInvoice, presentation: Presentation) -> Iterator[tuple[str, str]]:
    """The info block: label and value, only what there is."""
    label = "Rechnung" if presentation.draft else presentation.heading
    number = "noch nicht vergeben" if presentation.draft else invoice.number
    contact = presentation.contact_name or invoice.seller.contact.name
    routed = leitweg.looks_like_one(invoice.buyer_reference)
    found = [
        ("Rechnungsnummer" if label.endswith("echnung") else "Belegnummer", number),
        ("Rechnungsdatum", day(invoice.issue_date)),
        ("Leistungsdatum", day(invoice.delivery_date) if not invoice.period else ""),
        ("Leistungszeitraum", span(invoice.period) if invoice.period else ""),
        ("Kundennummer", presentation.customer_number),
        ("Ihre USt-IdNr.", invoice.buyer.vat_id),
        ("Ihre Bestellnummer", invoice.order_reference),
        ("Leitweg-ID" if routed else "Ihr Zeichen", invoice.buyer_reference),
        ("Vertrag", invoice.contract_reference),
        ("Projekt", invoice.project_reference),
        ("Ansprechpartner", contact),
        ("Telefon", invoice.seller.contact.phone if contact else ""),
    ]
    yield from ((label, value) for label, value in found if value)


def _subtitles(invoice: EInvoice) -> Iterator[str]:
    for earlier in invoice.preceding:
        dated = f" vom {day(earlier.issue_date)}" if earlier.issue_date else ""
        yield f"zur Rechnung {earlier.number}{dated}"
    place = invoice.delivery_address
    if place or invoice.delivery_name:
        lines = [invoice.delivery_name]
        if place:
            lines += [place.additional, place.street, f"{place.post_code} {place.city}".strip()]
        yield "Lieferung an " + ", ".join(filter(None, lines))


def _rows(invoice: EInvoice, presentation: Presentation) -> Iterator[dict]:
    """The lines with what they show, and the sum up to each for the carry-over."""
    carried = Decimal(0)
    for line in invoice.lines:
        carried += line.net_amount
        details = list(_details(line))
        unit = presentation.unit_labels.get(line.unit) or codes.unit_label(line.unit, line.quantity)
        yield {
            "line": line,
            "details": details,
            "unit": unit,
            "discount": ", ".join(map(_allowance, line.allowances)),
            "rate": "–" if line.category == "O" or line.rate is None else percent(line.rate),
            "carry": f"Übertrag  {format_amount(carried)}",
            "kind": _kind(line, details, unit),
        }


def _details(line: Line) -> Iterator[str]:
    if line.seller_item_id:
        yield f"Artikelnummer {line.seller_item_id}"
    yield from filter(None, (line.description, line.note))
    if line.period:
        yield f"Leistungszeitraum {span(line.period)}"
    yield from (item.reason for item in line.allowances if item.reason)


def _kind(line: Line, details: list[str], unit: str) -> str:
    """Classes of a row: a short unit leaves its second line to the text, a long text may break."""
    wide = "wide" if len(unit) <= LONG_UNIT and len(line.allowances) < 2 else ""
    long = "long" if len(line.name) + sum(map(len, details)) > LONG_TEXT else ""
    return f"{wide} {long}".strip()


def _allowance(item: AllowanceCharge) -> str:
    """A discount bare, a surcharge with its sign."""
    text = percent(item.percent) if item.percent else format_amount(item.amount)
    return f"+{text}" if item.charge else text


def _totals(invoice: EInvoice) -> Iterator[dict]:
    """The rows under the table: net, VAT by rate, gross, and what is left to pay."""
    totals = invoice.totals
    if invoice.allowances:
        yield _total("Summe der Positionen", totals.line_total)
    for item in invoice.allowances:
        word = "Zuschlag" if item.charge else "Rabatt"
        share = f" {percent(item.percent)}" if item.percent else ""
        reason = f" ({item.reason})" if item.reason and item.reason != word else ""
        yield _total(f"{word}{share}{reason}", item.amount if item.charge else -item.amount)
    yield _total("Nettobetrag", totals.tax_exclusive, "net")
    for vat in invoice.vat_breakdown:
        if vat.category == "O":
            continue
        base = money(vat.taxable_amount, invoice.currency)
        yield _total(f"Umsatzsteuer {percent(vat.rate or Decimal(0))} auf {base}", vat.tax_amount)
    yield _total(f"Gesamtbetrag in {invoice.currency}", totals.tax_inclusive, "gross")
    if totals.prepaid:
        yield _total("bereits gezahlt", -totals.prepaid)
    if totals.rounding:
        yield _total("Rundung", totals.rounding)
    if totals.payable != totals.tax_inclusive:
        yield _total(f"Zu zahlen in {invoice.currency}", totals.payable, "gross")


def _total(label: str, amount: Decimal, kind: str = "") -> dict:
    return {"label": label, "amount": amount, "kind": kind}


def _reasons(invoice: EInvoice) -> list[str]:
    """Why a part bears no VAT (§ 14 (4) no. 8 UStG), each sentence once."""
    stated = (
        vat.reason or codes.VAT_CATEGORIES[vat.category]
        for vat in invoice.vat_breakdown
        if vat.category in _NO_TAX and (vat.reason or vat.category != "Z")
    )
    return [reason for reason in dict.fromkeys(stated) if reason not in invoice.notes]


def _is_transfer(invoice: EInvoice) -> bool:
    return bool(invoice.payment.iban) and invoice.payment.means_code in codes.CREDIT_TRANSFERS


def _payment(invoice: EInvoice, presentation: Presentation) -> dict | None:
    """The payment box; None on a Stornorechnung and wherever nothing is owed."""
    if invoice.totals.payable <= 0:
        return None
    amount = money(invoice.totals.payable, invoice.currency)
    until = f" bis {day(invoice.due_date)}" if invoice.due_date else ""
    account = []
    if _is_transfer(invoice):
        headline = f"Bitte überweisen Sie {amount}{until}."
        account = [
            ("Empfänger", invoice.payment.account_name or invoice.seller.name),
            ("IBAN", iban(invoice.payment.iban)),
            ("BIC", " · ".join(filter(None, (invoice.payment.bic, presentation.bank_name)))),
            ("Verwendungszweck", invoice.payment.remittance or invoice.number),
        ]
    else:
        means = codes.PAYMENT_MEANS.get(invoice.payment.means_code, "")
        headline = f"Zu zahlen{until}: {amount}" + (f" ({means})" if means else "")
    return {
        "headline": headline,
        "account": [(label, value) for label, value in account if value],
        "terms": list(terms(invoice)),
    }


def _footer(invoice: EInvoice, presentation: Presentation) -> tuple[tuple[str, ...], ...]:
    """Company, contact, bank and tax: what § 14 UStG and § 35a GmbHG want on a letter."""
    seller, address, payment = invoice.seller, invoice.seller.address, invoice.payment
    place = f"{address.post_code} {address.city}".strip()
    reasons = {vat.reason for vat in invoice.vat_breakdown}
    legal = "" if seller.legal_information in reasons else seller.legal_information
    columns = (
        (seller.name, address.additional, address.street, place, legal),
        (seller.contact.name, seller.contact.phone, seller.contact.email),
        (
            f"USt-IdNr. {seller.vat_id}" if seller.vat_id else "",
            f"Steuernummer {seller.tax_number}" if seller.tax_number else "",
            f"IBAN {iban(payment.iban)}" if payment.iban else "",
            f"BIC {payment.bic}" if payment.bic else "",
        ),
    )
    return tuple(tuple(filter(None, column)) for column in columns)
