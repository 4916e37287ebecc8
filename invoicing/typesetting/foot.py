"""The foot of a document: closing words, and the columns on every page."""

from typing import TYPE_CHECKING

from invoicing.einvoice.model import EInvoice
from invoicing.typesetting.head import place
from invoicing.words import Words
from workmate.templatetags.workmate import iban

if TYPE_CHECKING:
    from invoicing.typesetting import Presentation

_REASON = "Grund des Stornos: "  # what a Stornorechnung begins its note with


def closing(invoice: EInvoice, presentation: "Presentation", say: Words) -> list[str]:
    """The notes (BT-22) and the closing text below everything, what stands above left out; then
    the names of what is enclosed."""
    above = {presentation.intro.strip()}
    texts = (text.strip() for text in (*invoice.notes, presentation.closing))
    found = [_in(say, text) for text in dict.fromkeys(texts) if text and text not in above]
    names = [one.description or one.filename or one.reference for one in invoice.attachments]
    if names:
        found.append(say("Anlagen: {names}", names=", ".join(names)))
    return found


def _in(say: Words, note: str) -> str:
    """A note of ours in the language of the letter; those of people stay as they are."""
    reason = note.removeprefix(_REASON)
    return say("Grund des Stornos: {reason}", reason=reason) if reason != note else note


def columns(
    invoice: EInvoice, presentation: "Presentation", say: Words
) -> tuple[tuple[str, ...], ...]:
    """Company, contact, bank and tax: what § 14 UStG and § 35a GmbHG want on a letter, unless the
    letter has words of its own for a column."""
    seller, address, payment = invoice.seller, invoice.seller.address, invoice.payment
    account = "" if invoice.payee else payment.iban  # ours, not that of another payee
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
            presentation.bank_name if account else "",
            f"IBAN {iban(account)}" if account else "",
            f"BIC {payment.bic}" if account and payment.bic else "",
            say("USt-IdNr. {number}", number=seller.vat_id) if seller.vat_id else "",
            say("Steuernummer {number}", number=seller.tax_number) if seller.tax_number else "",
        ),
    )
    usual = (tuple(filter(None, column)) for column in found)
    own = presentation.footer or ((), (), ())
    return tuple(mine or theirs for mine, theirs in zip(own, usual, strict=True))
