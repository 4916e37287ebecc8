"""Who sells, buys, gets the goods and the money, and how it is paid."""

from collections.abc import Iterator

from invoicing.einvoice import codes, countries
from invoicing.einvoice.model import (
    Address,
    Contact,
    EInvoice,
    Identifier,
    PaymentInstructions,
)
from invoicing.showing.facts import Block, facts
from workmate.templatetags.workmate import iban

_ISSUERS = {"0088": "GLN", "0060": "D-U-N-S", "0160": "GTIN", "0204": "Leitweg-ID", "EM": "E-Mail"}


def blocks(einvoice: EInvoice) -> Iterator[Block]:
    """The parties, the seller and the buyer first."""
    seller, buyer = einvoice.seller, einvoice.buyer
    yield Block(
        title="Verkäufer",
        lines=_lines(seller.name, seller.address, seller.trading_name),
        facts=facts(_seller(einvoice)),
    )
    yield Block(
        title="Käufer",
        lines=_lines(buyer.name, buyer.address, buyer.trading_name),
        facts=facts(_buyer(einvoice)),
    )
    address = einvoice.delivery_address
    if address or einvoice.delivery_name:
        yield Block(
            title="Lieferung an",
            lines=_lines(einvoice.delivery_name, address or Address()),
            facts=facts([("BT-71", "Kennung", identifier(einvoice.delivery_location))]),
        )
    if payee := einvoice.payee:
        found = [
            ("BT-60", "Kennung", identifier(payee.identifier)),
            ("BT-61", "Registernummer", payee.register_number),
        ]
        yield Block(title="Zahlungsempfänger", lines=(payee.name,), facts=facts(found))
    if agent := einvoice.tax_representative:
        yield Block(
            title="Steuervertreter des Verkäufers",
            lines=_lines(agent.name, agent.address),
            facts=facts([("BT-63", "USt-IdNr.", agent.vat_id)]),
        )


def payment(einvoice: EInvoice) -> Iterator[tuple[str, str, str]]:
    """How and until when it is paid (BG-16)."""
    how = einvoice.payment
    means = codes.PAYMENT_MEANS.get(how.means_code, f"Zahlungsart {how.means_code}")
    if how.means_code:
        yield "BT-81", "Zahlungsweg", means
    yield "BT-82", "Erläuterung", how.means_text
    yield "BT-83", "Verwendungszweck", how.remittance
    yield from _accounts(how)
    yield "BT-87", "Karte", how.card_number and f"•••• {how.card_number}"
    yield "BT-88", "Karteninhaber", how.card_holder
    yield "BT-89", "Mandatsreferenz", how.mandate_reference
    yield "BT-90", "Gläubiger-ID", how.creditor_id
    yield "BT-91", "Belastetes Konto", iban(how.debited_iban)
    yield "BT-20", "Bedingungen", einvoice.payment_terms


def identifier(found: Identifier | None) -> str:
    """An identifier with whoever issued it."""
    if found is None or not found.value:
        return ""
    issuer = _ISSUERS.get(found.scheme) or codes.ELECTRONIC_ADDRESS_SCHEMES.get(found.scheme)
    scheme = issuer or found.scheme
    return f"{found.value} ({scheme})" if scheme else found.value


def _accounts(how: PaymentInstructions) -> Iterator[tuple[str, str, str]]:
    yield "BT-84", "IBAN", iban(how.iban)
    yield "BT-86", "BIC", how.bic
    yield "BT-85", "Kontoinhaber", how.account_name
    for account in how.further_accounts:
        yield (
            "BT-84",
            "Weiteres Konto",
            " · ".join(filter(None, (iban(account.iban), account.bic, account.name))),
        )


def _lines(name: str, address: Address, trading_name: str = "") -> tuple[str, ...]:
    """Name and address, a line each."""
    place = f"{address.post_code} {address.city}".strip()
    country = countries.name(address.country) if address.country else ""
    other = trading_name if trading_name != name else ""
    found = (name, other, address.additional, address.third_line, address.street, place)
    return tuple(filter(None, (*found, address.subdivision, country)))


def _seller(einvoice: EInvoice) -> Iterator[tuple[str, str, str]]:
    seller = einvoice.seller
    yield "BT-31", "USt-IdNr.", seller.vat_id
    yield "BT-32", "Steuernummer", seller.tax_number
    yield "BT-30", "Registernummer", seller.register_number
    for one in seller.identifiers:
        yield "BT-29", "Kennung", identifier(one)
    yield from _contact(seller.contact, ("BT-41", "BT-42", "BT-43"))
    yield "BT-34", "Elektronische Adresse", identifier(seller.electronic_address)
    yield "BT-33", "Rechtliche Angaben", seller.legal_information


def _buyer(einvoice: EInvoice) -> Iterator[tuple[str, str, str]]:
    buyer = einvoice.buyer
    yield "BT-46", "Kundennummer", identifier(buyer.identifier)
    yield "BT-48", "USt-IdNr.", buyer.vat_id
    yield "BT-47", "Registernummer", buyer.register_number
    yield from _contact(buyer.contact or Contact(), ("BT-56", "BT-57", "BT-58"))
    yield "BT-49", "Elektronische Adresse", identifier(buyer.electronic_address)


def _contact(contact: Contact, terms: tuple[str, str, str]) -> Iterator[tuple[str, str, str]]:
    yield terms[0], "Ansprechpartner", contact.name
    yield terms[1], "Telefon", contact.phone
    yield terms[2], "E-Mail", contact.email
