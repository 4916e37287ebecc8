"""Introducing the parties of a document: who sells, who buys, and where it is delivered."""

from invoicing.einvoice.model import (
    Address,
    Buyer,
    Contact,
    Identifier,
    Seller,
)
from invoicing.gathering import Sources
from invoicing.models import Customer
from workmate.ledger.charts.tax_cases import SMALL_BUSINESS
from workmate.models import Company

SMALL_BUSINESS_NOTE = "Kein Ausweis von Umsatzsteuer, da Kleinunternehmer gemäß § 19 UStG"


def seller_of(sources: Sources, *, with_vat_id: bool) -> Seller:
    """Our company; an invoice on what is not taxable names no USt-IdNr. (BR-O-2)."""
    company = sources.company
    vat_id = company.vat_id if with_vat_id else ""
    electronic = company.electronic_address or company.email
    scheme = company.electronic_address_scheme if company.electronic_address else "EM"
    # Without a USt-IdNr the seller needs another identifier (BR-CO-26): the Steuernummer.
    identifiers = (
        () if vat_id or not company.tax_number else (Identifier(value=company.tax_number),)
    )
    legal = [company.management and f"Geschäftsführung: {company.management}"]
    if company.register_number:
        legal.append(f"{company.register_court} {company.register_number}".strip())
    if any(case.code == SMALL_BUSINESS for case in sources.cases):
        legal = [SMALL_BUSINESS_NOTE, *legal]
    return Seller(
        name=company.name,
        identifiers=identifiers,
        vat_id=vat_id,
        tax_number=company.tax_number,
        legal_information=", ".join(part for part in legal if part),
        electronic_address=Identifier(value=electronic, scheme=scheme) if electronic else None,
        address=_address(company),
        contact=Contact(name=company.contact_name, phone=company.phone, email=company.email),
    )


def buyer_of(sources: Sources, *, with_vat_id: bool) -> Buyer:
    """The customer, with the contact that the document names before its own."""
    invoice, customer = sources.invoice, sources.customer
    if customer is None:
        return Buyer(name="")
    electronic = customer.electronic_address or customer.email
    scheme = customer.electronic_address_scheme if customer.electronic_address else "EM"
    contact = Contact(name=customer.contact_name, phone=customer.phone, email=customer.email)
    if invoice.contact_name:
        contact = Contact(
            name=invoice.contact_name, phone=invoice.contact_phone, email=invoice.contact_email
        )
    return Buyer(
        name=customer.name,
        identifier=Identifier(value=customer.number),
        vat_id=customer.vat_id if with_vat_id else "",
        electronic_address=Identifier(value=electronic, scheme=scheme) if electronic else None,
        address=_address(customer),
        contact=contact if contact.name else None,
    )


def _address(party: Company | Customer) -> Address:
    return Address(
        street=party.street,
        additional=party.additional,
        post_code=party.post_code,
        city=party.city,
        country=party.country,
    )


def delivery_of(sources: Sources) -> Address | None:
    """Where it went (BG-15): as the draft says, or for an intra-EU supply the buyer's address,
    because that must name the country of delivery (BR-IC-12)."""
    invoice = sources.invoice
    if invoice.delivery_street or invoice.delivery_city or invoice.delivery_country:
        return Address(
            street=invoice.delivery_street,
            additional=invoice.delivery_additional,
            post_code=invoice.delivery_post_code,
            city=invoice.delivery_city,
            country=invoice.delivery_country or "DE",
        )
    if sources.customer and any(
        line.tax_case and line.tax_case.category == "K" for line in sources.items
    ):
        return _address(sources.customer)
    return None
