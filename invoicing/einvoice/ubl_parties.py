"""Writing who sells, buys and is paid, and where it goes, in UBL (BG-4, BG-7, BG-10 to BG-13)."""

from invoicing.einvoice.model import (
    Address,
    Buyer,
    Contact,
    EInvoice,
    Identifier,
    Payee,
    TaxRepresentative,
)
from invoicing.einvoice.ubl_elements import Group
from invoicing.einvoice.values import text_of

VAT = "VAT"
LOCAL_TAX = "FC"  # as in CII: the scheme of BT-32, anything but VAT


SEPA = "SEPA"  # the scheme of a creditor identifier (BT-90), which is no identifier of the seller


def seller(party: Group, invoice: EInvoice) -> None:
    who = invoice.seller
    _electronic_address(party, who.electronic_address)
    # CII writes identifiers without a scheme first; the same order keeps both files alike.
    for identifier in sorted(who.identifiers, key=lambda one: bool(one.scheme)):
        _identifier(party, identifier)
    if creditor := text_of(invoice.payment.creditor_id):
        _identifier(party, Identifier(value=creditor, scheme=SEPA))
    party.group("PartyName").add("Name", text_of(who.trading_name))
    _address(party.group("PostalAddress"), who.address)
    _tax_number(party, VAT, who.vat_id)
    _tax_number(party, LOCAL_TAX, who.tax_number)
    entity = party.group("PartyLegalEntity")
    entity.add("RegistrationName", text_of(who.name))
    entity.add("CompanyID", text_of(who.register_number), schemeID=who.register_scheme)
    entity.add("CompanyLegalForm", text_of(who.legal_information))
    _contact(party, who.contact)


def buyer(party: Group, who: Buyer) -> None:
    _electronic_address(party, who.electronic_address)
    if who.identifier:
        _identifier(party, who.identifier)
    party.group("PartyName").add("Name", text_of(who.trading_name))
    _address(party.group("PostalAddress"), who.address)
    _tax_number(party, VAT, who.vat_id)
    entity = party.group("PartyLegalEntity")
    entity.add("RegistrationName", text_of(who.name))
    entity.add("CompanyID", text_of(who.register_number), schemeID=who.register_scheme)
    if who.contact:
        _contact(party, who.contact)


def payee(party: Group, who: Payee) -> None:
    if who.identifier:
        _identifier(party, who.identifier)
    party.group("PartyName").add("Name", text_of(who.name))
    entity = party.group("PartyLegalEntity")
    entity.add("CompanyID", text_of(who.register_number), schemeID=who.register_scheme)


def tax_representative(party: Group, who: TaxRepresentative) -> None:
    party.group("PartyName").add("Name", text_of(who.name))
    _address(party.group("PostalAddress"), who.address)
    _tax_number(party, VAT, who.vat_id)


def delivery(root: Group, invoice: EInvoice) -> None:
    group = root.group("Delivery")
    if invoice.delivery_date:
        group.add("ActualDeliveryDate", invoice.delivery_date.isoformat())
    location = group.group("DeliveryLocation")
    if where := invoice.delivery_location:
        location.add("ID", text_of(where.value), schemeID=where.scheme)
    if invoice.delivery_address:
        _address(location.group("Address"), invoice.delivery_address)
    group.group("DeliveryParty/PartyName").add("Name", text_of(invoice.delivery_name))


def _electronic_address(party: Group, address: Identifier | None) -> None:
    if address:
        party.add("EndpointID", text_of(address.value), schemeID=address.scheme)


def _identifier(party: Group, identifier: Identifier) -> None:
    group = party.group("PartyIdentification")
    group.add("ID", text_of(identifier.value), schemeID=identifier.scheme)


def _address(group: Group, address: Address) -> None:
    group.add("StreetName", text_of(address.street))
    group.add("AdditionalStreetName", text_of(address.additional))
    group.add("CityName", text_of(address.city))
    group.add("PostalZone", text_of(address.post_code))
    group.add("CountrySubentity", text_of(address.subdivision))
    group.group("AddressLine").add("Line", text_of(address.third_line))
    group.group("Country").add("IdentificationCode", address.country)


def _tax_number(party: Group, scheme: str, value: str) -> None:
    if number := text_of(value):
        group = party.group("PartyTaxScheme")
        group.add("CompanyID", number)
        group.group("TaxScheme").add("ID", scheme)


def _contact(party: Group, contact: Contact) -> None:
    group = party.group("Contact")
    group.add("Name", text_of(contact.name))
    group.add("Telephone", text_of(contact.phone))
    group.add("ElectronicMail", text_of(contact.email))
