"""Sampling prints an invented invoice of ours, to see how documents look."""

from datetime import date
from decimal import Decimal

from invoicing.archiving import presentation
from invoicing.composing import compose
from invoicing.einvoice.model import EInvoice
from invoicing.gathering import Sources
from invoicing.lettering import page_of
from invoicing.models import Customer, Invoice, InvoiceLine, Letterhead
from invoicing.stationery import texts_of
from invoicing.typesetting import Presentation
from workmate import company
from workmate.models import MoneyAccount, TaxCase

PAY_URL = "https://rechnungen.example/zahlen/muster/"


def sample(paper: Letterhead, *, on: date) -> tuple[EInvoice, Presentation]:
    """An invoice on this paper that was never written; raises COMPANY_MISSING."""
    own = company.get()
    texts = texts_of(Invoice.Kind.INVOICE, Customer.Language.GERMAN)
    sources = Sources(
        invoice=Invoice(supply_date=on, **texts),
        lines=_lines(own.small_business, on),
        adjustments=[],
        attachments=[],
        advances=[],
        customer=Customer(
            number="KD-10000",
            name="Muster & Söhne GmbH",
            contact_name="Erika Mustermann",
            street="Musterstraße 1",
            post_code="12345",
            city="Musterstadt",
        ),
        company=own,
        money_account=MoneyAccount.objects.filter(on_invoices=True, is_active=True).first(),
    )
    page = page_of(sources, on, paper)
    shown = presentation(page, pay_url=PAY_URL, contact_name=own.contact_name)
    return compose(sources, number="MUSTER-0001", issue_date=on), shown


def _lines(small_business: bool, on: date) -> list[InvoiceLine]:
    code = "SMALL19" if small_business else "DE19"
    case = TaxCase.objects.on(on).filter(code=code).first()
    wares = (
        ("Beratung vor Ort", "HUR", "6.5", "92"),
        ("Leuchte, geliefert und montiert", "C62", "12", "38.90"),
    )
    return [
        InvoiceLine(
            position=position,
            name=name,
            unit=unit,
            quantity=Decimal(quantity),
            unit_price=Decimal(price),
            tax_case=case,
        )
        for position, (name, unit, quantity, price) in enumerate(wares, start=1)
    ]
