"""The foot of a document: closing words, and the columns on every page."""

from typing import TYPE_CHECKING

from invoicing.einvoice.model import EInvoice
from invoicing.typesetting.head import place
from invoicing.words import Words
from workmate.templatetags.workmate import iban

if TYPE_CHECKING:
    from invoicing.typesetting import Presentation


def closing(invoice: EInvoice, presentation: "Presentation", say: Words) -> list[str]:
    """The notes (BT-22) and the closing text below everything, what stands above left out; then
    the names of what is enclosed."""
    above = {presentation.intro.strip()}
    texts = (text.strip() for text in (*invoice.notes, presentation.closing))
    found = [text for text in dict.fromkeys(texts) if text and text not in above]
    if presentation.enclosures:
        found.append(say("Anlagen: {names}", names=", ".join(presentation.enclosures)))
    return found


def columns(
    invoice: EInvoice, presentation: "Presentation", say: Words
) -> tuple[tuple[str, ...], ...]:
    """Company, contact, bank and tax: what § 14 UStG and § 35a GmbHG want on a letter, unless the
    letter has words of its own for a column."""
    seller, address, payment = invoice.seller, invoice.seller.address, invoice.payment
    legal = seller.legal_information
    for vat in invoice.vat_breakdown:
        legal = legal.replace(vat.reason, "").strip(", ")
    phone = seller.contact.phone
    found = (
        (seller.name, address.additional, address.street, place(address)),
        (
            say("Telefon {phone}", phone=phone) if phone else "",
            seller.contact.email,
            *legal.split(", "),
        ),
        (
            presentation.bank_name if payment.iban else "",
            f"IBAN {iban(payment.iban)}" if payment.iban else "",
            f"BIC {payment.bic}" if payment.bic else "",
            say("USt-IdNr. {number}", number=seller.vat_id) if seller.vat_id else "",
            say("Steuernummer {number}", number=seller.tax_number) if seller.tax_number else "",
        ),
    )
    usual = (tuple(filter(None, column)) for column in found)
    own = presentation.footer or ((), (), ())
    return tuple(mine or theirs for mine, theirs in zip(own, usual, strict=True))
