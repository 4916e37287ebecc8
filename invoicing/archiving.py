"""Archiving prints an issued document once and keeps the bytes for ever.

It runs after the commit of issuing; what a crash left out is found again by
`Invoice.objects.without_pdf()` and printed by the sweep or at the first download.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from invoicing import pdf
from invoicing.composing import compose
from invoicing.gathering import Sources
from invoicing.lettering import page_of
from invoicing.models import Customer, Invoice
from invoicing.snapshot import Page, Snapshot
from invoicing.typesetting import Presentation
from workmate import company, documents
from workmate.models import Document, User


def archive_pdf(invoice: Invoice, *, by: User) -> Document:
    """The PDF of an issued document, printed from its snapshot now if it does not exist yet.

    Any copy of the row will do, as what is issued does not change. ZUGFeRD carries the archived
    XML inside; beside an XRechnung the PDF is the readable copy.
    """
    if invoice.pdf:
        return invoice.pdf
    data = _print(invoice)
    with transaction.atomic():
        rows = Invoice.objects.issued().select_for_update().only("number", "pdf")
        locked = rows.get(pk=invoice.pk)
        if locked.pdf:
            return locked.pdf
        locked.pdf = documents.store(
            f"invoice/{invoice.pk}/pdf",
            data,
            filename=f"{locked.number}.pdf",
            media_type="application/pdf",
            kind="invoice",
            by=by,
        )
        locked.save(update_fields=["pdf"])
    return locked.pdf


def preview(invoice: Invoice, *, on: date) -> bytes:
    """The draft as it would be printed, marked as a draft; nothing is kept.

    Raises COMPANY_MISSING before set-up: a letter needs a sender.
    """
    company.get()
    sources = Sources.of(invoice)
    einvoice = compose(sources, number="", issue_date=on)
    return pdf.render(einvoice, presentation(page_of(sources, on), draft=True), xml=None)


def presentation(page: Page, **more: Any) -> Presentation:
    """The page of a snapshot, ready to be set, with its logo."""
    logo = Document.objects.filter(pk=page.logo).first() if page.logo else None
    return Presentation.of(
        page,
        logo=documents.read(logo) if logo else None,
        logo_media_type=logo.media_type if logo else "",
        **more,
    )


def pay_url(invoice: Invoice) -> str:
    """The public page of a document, where its customer pays."""
    return f"{settings.PUBLIC_URL.rstrip('/')}/zahlen/{invoice.token}/"


def _print(invoice: Invoice) -> bytes:
    snapshot = Snapshot.from_json(invoice.snapshot)
    zugferd = invoice.einvoice_format == Customer.Format.ZUGFERD
    return pdf.render(
        snapshot.einvoice,
        presentation(snapshot.page, pay_url=pay_url(invoice), created_at=invoice.issued_at),
        xml=documents.read(invoice.xml) if zugferd and invoice.xml else None,
    )
