"""Writing who sells, buys, is paid and answers for the VAT, in CII (BG-4, BG-7, BG-10, BG-11)."""

from drafthorse.models.elements import Element
from drafthorse.models.party import TaxRegistration

from invoicing.einvoice.cii_elements import CiiSeller, set_values
from invoicing.einvoice.model import (
    Address,
    Buyer,
    Contact,
    Identifier,
    Payee,
    Seller,
    TaxRepresentative,
)
from invoicing.einvoice.values import text_of


def seller(party: CiiSeller, who: Seller) -> None:
    for identifier in who.identifiers:
        if identifier.scheme:
            party.global_id.add((identifier.scheme, text_of(identifier.value)))
        else:
            party.id.add(text_of(identifier.value))
    party.name = text_of(who.name)
    set_values(party, description=text_of(who.legal_information))
    _organization(party, who.register_number, who.register_scheme, who.trading_name)
    _contact(party.contact, who.contact)
    address(party.address, who.address)
    _electronic_address(party, who.electronic_address)
    _tax_registrations(party, FC=who.tax_number, VA=who.vat_id)


def buyer(party: Element, who: Buyer) -> None:
    identify(party, who.identifier)
    party.name = text_of(who.name)
    _organization(party, who.register_number, who.register_scheme, who.trading_name)
    if who.contact:
        _contact(party.contact, who.contact)
    address(party.address, who.address)
    _electronic_address(party, who.electronic_address)
    _tax_registrations(party, VA=who.vat_id)


def payee(party: Element, who: Payee) -> None:
    identify(party, who.identifier)
    party.name = text_of(who.name)
    _organization(party, who.register_number, who.register_scheme)


def tax_representative(party: Element, who: TaxRepresentative) -> None:
    party.name = text_of(who.name)
    address(party.address, who.address)
    _tax_registrations(party, VA=who.vat_id)


def identify(party: Element, identifier: Identifier | None) -> None:
    """The one identifier of a party or a place (BT-46, BT-60, BT-71)."""
    if identifier and identifier.scheme:
        party.global_id.add((identifier.scheme, text_of(identifier.value)))
    elif identifier:
        party.id = text_of(identifier.value)


def address(element: Element, where: Address) -> None:
    set_values(
        element,
        postcode=text_of(where.post_code),
        line_one=text_of(where.street),
        line_two=text_of(where.additional),
        line_three=text_of(where.third_line),
        city_name=text_of(where.city),
        country_id=where.country,
        country_subdivision=text_of(where.subdivision),
    )


def _organization(party: Element, number: str, scheme: str, trading_name: str = "") -> None:
    set_values(party.legal_organization, trade_name=text_of(trading_name))
    if number := text_of(number):
        party.legal_organization.id = (scheme, number)


def _contact(element: Element, contact: Contact) -> None:
    set_values(element, person_name=text_of(contact.name))
    set_values(element.telephone, number=text_of(contact.phone))
    set_values(element.email, address=text_of(contact.email))


def _electronic_address(party: Element, where: Identifier | None) -> None:
    if where:
        party.electronic_address.uri_ID = (where.scheme, text_of(where.value))


def _tax_registrations(party: Element, **numbers: str) -> None:
    for scheme, value in numbers.items():
        if text_of(value):
            party.tax_registrations.add(TaxRegistration(id=(scheme, text_of(value))))
