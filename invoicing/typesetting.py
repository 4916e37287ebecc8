"""Typesetting puts an invoice into the words and figures of its page.

It knows labels, order and German wording; sizes and places are in `templates/documents/`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from invoicing import remittance
from invoicing.einvoice import codes, countries, leitweg
from invoicing.einvoice.model import AllowanceCharge, EInvoice, Line, Period, VatBreakdown
from workmate.money import format_amount, format_date
from workmate.templatetags.workmate import iban, money, percent

LONG_TEXT = 900  # characters from which a line may break across pages
ADDRESS_LINES = 6  # of the address field (DIN 5008); more are set smaller
ADDRESS_WIDTH = 40  # characters that fit into one of them
LONG_UNIT = 11  # characters up to which a unit takes one line

_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_UNTAXED = frozenset({"E", "O"})  # no rate, not even of 0 %
_WITH_REASON = frozenset({"AE", "K", "G", "E", "O"})


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
        "running": f"{subject} vom {format_date(invoice.issue_date)}",
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
        "closing": _closing(invoice, presentation),
        "notes": [note for note in invoice.notes if note != presentation.intro],
        "payment": None if presentation.draft else remittance.box(invoice, presentation.bank_name),
        "footer": presentation.footer or _footer(invoice, presentation),
    }


def span(period: Period) -> str:
    """A period in few characters: "01.–30.11.2026", "15.11.–14.12.2026"."""
    start, end = period.start, period.end
    if start is None or end is None:
        return f"ab {format_date(start)}" if start else f"bis {format_date(end)}" if end else ""
    if start == end:
        return format_date(end)
    if start.year != end.year:
        return f"{format_date(start)}–{format_date(end)}"
    first = f"{start:%d.}" if start.month == end.month else f"{start:%d.%m.}"
    return f"{first}–{format_date(end)}"


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
    delivered = None if invoice.period else invoice.delivery_date
    routed = leitweg.looks_like_one(invoice.buyer_reference)
    found = [
        ("Rechnungsnummer" if label.endswith("echnung") else "Belegnummer", number),
        ("Rechnungsdatum", format_date(invoice.issue_date)),
        ("Leistungsdatum", format_date(delivered) if delivered else ""),
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
        dated = f" vom {format_date(earlier.issue_date)}" if earlier.issue_date else ""
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
            "rate": "–" if line.category in _UNTAXED or line.rate is None else percent(line.rate),
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
    if any(vat.category not in _UNTAXED for vat in invoice.vat_breakdown):
        yield _total("Nettobetrag", totals.tax_exclusive, "net")
        yield from (
            _total(_vat_label(vat, invoice), vat.tax_amount) for vat in invoice.vat_breakdown
        )
    yield _total(f"Gesamtbetrag in {invoice.currency}", totals.tax_inclusive, "gross")
    if totals.prepaid:
        yield _total("bereits gezahlt", -totals.prepaid)
    if totals.rounding:
        yield _total("Rundung", totals.rounding)
    if totals.payable != totals.tax_inclusive:
        yield _total(f"Zu zahlen in {invoice.currency}", totals.payable, "gross")


def _vat_label(vat: VatBreakdown, invoice: EInvoice) -> str:
    """Every rate and every exemption with its base (§ 14 (4) no. 7 and 8 UStG)."""
    base = money(vat.taxable_amount, invoice.currency)
    if vat.category in _UNTAXED:
        return f"Ohne Umsatzsteuer {base}"
    return f"Umsatzsteuer {percent(vat.rate or Decimal(0))} auf {base}"


def _total(label: str, amount: Decimal, kind: str = "") -> dict:
    return {"label": label, "amount": amount, "kind": kind}


def _reasons(invoice: EInvoice) -> list[str]:
    """Why a part bears no VAT (§ 14 (4) no. 8 UStG), each sentence once."""
    stated = (
        vat.reason or codes.VAT_CATEGORIES[vat.category]
        for vat in invoice.vat_breakdown
        if vat.reason or vat.category in _WITH_REASON
    )
    return [reason for reason in dict.fromkeys(stated) if reason not in invoice.notes]


def _closing(invoice: EInvoice, presentation: Presentation) -> list[str]:
    """The notes (BT-22) and the closing text below everything, what stands above left out."""
    above = {presentation.intro.strip()}
    texts = (text.strip() for text in (*invoice.notes, presentation.closing))
    return [text for text in dict.fromkeys(texts) if text and text not in above]


def _footer(invoice: EInvoice, presentation: Presentation) -> tuple[tuple[str, ...], ...]:
    """Company, contact, bank and tax: what § 14 UStG and § 35a GmbHG want on a letter."""
    seller, address, payment = invoice.seller, invoice.seller.address, invoice.payment
    place = f"{address.post_code} {address.city}".strip()
    legal = seller.legal_information
    for vat in invoice.vat_breakdown:
        legal = legal.replace(vat.reason, "").strip(", ")
    columns = (
        (seller.name, address.additional, address.street, place, legal),
        (
            seller.contact.name,
            f"Telefon {seller.contact.phone}" if seller.contact.phone else "",
            seller.contact.email,
        ),
        (
            presentation.bank_name if payment.iban else "",
            f"IBAN {iban(payment.iban)}" if payment.iban else "",
            f"BIC {payment.bic}" if payment.bic else "",
            f"USt-IdNr. {seller.vat_id}" if seller.vat_id else "",
            f"Steuernummer {seller.tax_number}" if seller.tax_number else "",
        ),
    )
    return tuple(tuple(filter(None, column)) for column in columns)
