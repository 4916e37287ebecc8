"""The head of a document: to whom, from whom, and the facts beside it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from invoicing.einvoice import countries, leitweg
from invoicing.einvoice.model import Address, EInvoice
from invoicing.words import Words

if TYPE_CHECKING:
    from invoicing.typesetting import Presentation

# The labels of number and date; every other kind of document is an invoice.
_OF_KIND = {
    "Angebot": ("Angebotsnummer", "Angebotsdatum"),
    "Auftragsbestätigung": ("Auftragsnummer", "Auftragsdatum"),
    "Rechnungskorrektur": ("Belegnummer", "Belegdatum"),
}
UNBILLED = frozenset({"Angebot", "Auftragsbestätigung"})  # these ask for no money


def recipient(invoice: EInvoice) -> Iterator[str]:
    """The lines of the address field; abroad the country closes it in capitals (DIN 5008)."""
    buyer, address = invoice.buyer, invoice.buyer.address
    yield buyer.name
    if buyer.contact and buyer.contact.name and buyer.contact.name != buyer.name:
        yield buyer.contact.name
    yield from filter(None, (address.additional, address.street))
    yield place(address)
    if address.country and address.country != invoice.seller.address.country:
        yield countries.name(address.country).upper()


def return_line(invoice: EInvoice) -> str:
    """The sender in one line, as it shows in the window of the envelope."""
    seller, address = invoice.seller, invoice.seller.address
    parts = (seller.trading_name or seller.name, address.street, place(address))
    return " · ".join(filter(None, parts))


def place(address: Address) -> str:
    """Post code and city."""
    return f"{address.post_code} {address.city}".strip()


def facts(invoice: EInvoice, presentation: "Presentation", say: Words) -> Iterator[tuple[str, str]]:
    """The info block: label and value, only what there is."""
    number_label, date_label = _OF_KIND.get(
        presentation.heading, ("Rechnungsnummer", "Rechnungsdatum")
    )
    number = say("noch nicht vergeben") if presentation.draft else invoice.number
    contact = presentation.contact_name or invoice.seller.contact.name
    delivered = None if invoice.period else invoice.delivery_date
    until = presentation.valid_until
    routed = leitweg.looks_like_one(invoice.buyer_reference)
    found = [
        (number_label, number),
        (date_label, say.date(invoice.issue_date)),
        ("Gültig bis", say.date(until) if until else ""),
        ("Leistungsdatum", say.date(delivered) if delivered else ""),
        ("Leistungszeitraum", say.span(invoice.period) if invoice.period else ""),
        ("Kundennummer", presentation.customer_number),
        ("Ihre USt-IdNr.", invoice.buyer.vat_id),
        ("Ihre Bestellnummer", invoice.order_reference),
        ("Leitweg-ID" if routed else "Ihr Zeichen", invoice.buyer_reference),
        ("Auftrag", invoice.sales_order_reference),
        ("Lieferschein", invoice.despatch_reference),
        ("Vertrag", invoice.contract_reference),
        ("Projekt", invoice.project_reference),
        ("Ihre Kostenstelle", invoice.accounting_reference),
        ("Ansprechpartner", contact),
        ("Telefon", invoice.seller.contact.phone if contact else ""),
    ]
    yield from ((say(label), value) for label, value in found if value)


def subtitles(invoice: EInvoice, say: Words) -> Iterator[str]:
    """What the document answers, and where the goods went."""
    for earlier in invoice.preceding:
        if earlier.issue_date:
            day = say.date(earlier.issue_date)
            yield say("zur Rechnung {number} vom {day}", number=earlier.number, day=day)
        else:
            yield say("zur Rechnung {number}", number=earlier.number)
    address = invoice.delivery_address
    if address or invoice.delivery_name:
        lines = [invoice.delivery_name]
        if address:
            lines += [address.additional, address.street, place(address)]
            if address.country and address.country != invoice.seller.address.country:
                lines.append(countries.name(address.country))
        yield say("Lieferung an {place}", place=", ".join(filter(None, lines)))
