"""Lettering gives a document its letter: heading, texts, language and what else its page shows."""

from invoicing.composing import Sources
from invoicing.snapshot import Page


def page_of(sources: Sources) -> Page:
    """The page of a draft as it stands; a customer may still be missing."""
    invoice, customer, account = sources.invoice, sources.customer, sources.money_account
    return Page(
        heading=invoice.get_kind_display(),
        intro=invoice.intro_text,
        customer_number=customer.number if customer else "",
        language=customer.language if customer else "de",
        bank_name=account.bank_name if account else "",
        logo=sources.company.logo_id,
    )
