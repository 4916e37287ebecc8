"""Archiving prints an issued document once and keeps the bytes for ever.

It runs after the commit of issuing; what a crash left out is found again by
`Invoice.objects.without_pdf()` and printed by the sweep or at the first download.
"""

from django.db import transaction

from invoicing import pdf
from invoicing.composing import Sources, compose
from invoicing.models import Customer, Invoice
from invoicing.snapshot import Page, Snapshot
from workmate import documents
from workmate.models import Document, User


def archive_pdf(pk: int, *, by: User) -> Document:
    """The PDF of an issued document, printed from its snapshot now if it does not exist yet.

    ZUGFeRD carries the archived XML inside; beside an XRechnung the PDF is the readable copy.
    """
    invoice = Invoice.objects.select_related("xml", "pdf").get(pk=pk, status=Invoice.Status.ISSUED)
    if invoice.pdf:
        return invoice.pdf
    data = _print(invoice)
    with transaction.atomic():
        locked = Invoice.objects.select_for_update().only("number", "pdf").get(pk=pk)
        if locked.pdf:
            return locked.pdf
        locked.pdf = documents.store(
            f"invoice/{pk}/pdf",
            data,
            filename=f"{locked.number}.pdf",
            media_type="application/pdf",
            kind="invoice",
            by=by,
        )
        locked.save(update_fields=["pdf"])
    return locked.pdf


def preview(invoice: Invoice, *, on: object) -> bytes:
    """The draft as it would be printed, marked as a draft; nothing is kept."""
    sources = Sources.of(invoice)
    einvoice = compose(sources, number="", issue_date=on)
    account = sources.money_account
    page = Page(
        heading="Entwurf",
        intro=invoice.intro_text,
        customer_number=sources.customer.number,
        bank_name=account.bank_name if account else "",
        logo=sources.company.logo_id,
    )
    return pdf.render(einvoice, _presentation(page, draft=True), xml=None)


def _print(invoice: Invoice) -> bytes:
    snapshot = Snapshot.from_json(invoice.snapshot)
    zugferd = invoice.einvoice_format == Customer.Format.ZUGFERD
    return pdf.render(
        snapshot.einvoice,
        _presentation(snapshot.page, created_at=invoice.issued_at),
        xml=documents.read(invoice.xml) if zugferd else None,
    )


def _presentation(page: Page, **more: object) -> pdf.Presentation:
    logo = Document.objects.filter(pk=page.logo).first() if page.logo else None
    return pdf.Presentation(
        heading=page.heading,
        intro=page.intro,
        customer_number=page.customer_number,
        bank_name=page.bank_name,
        logo=documents.read(logo) if logo else None,
        logo_media_type=logo.media_type if logo else "",
        **more,
    )
