"""A customer of the demo pays by direct debit; the next file waits for a second person."""

import datetime
from decimal import Decimal

from dashboard.demo import people
from dashboard.demo.story import Story
from invoicing.contents import Content
from invoicing.drafting import create_draft
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice
from payments.sepa.collecting import collect
from payments.sepa.mandates import grant
from workmate.models import User

PAYER = "Hausverwaltung Nordlicht GmbH"
IBAN = "DE89370400440532013000"


def collect_debits(story: Story) -> None:
    """A mandate, an invoice that announces the debit, and a draft of a batch by the accountant."""
    customer = next(one for person, one in story.customers if person.name == PAYER)
    mandate = grant(
        customer,
        reference="HVN-2025-01",
        iban=IBAN,
        signed_on=story.start,
        on=story.today,
        by=story.by,
    )
    accountant = User.objects.filter(email=people.LOGINS[1][0]).first() or story.by
    collect(
        [_invoice(story, mandate.customer)],
        scheme="CORE",
        money_account=story.account.money_account,
        on=story.today,
        by=accountant,
    )


def _invoice(story: Story, customer: Customer) -> Invoice:
    ware = next(one for one in people.WARES if one.number == "WT-400")
    header = {
        "customer": customer,
        "supply_date": story.today - datetime.timedelta(days=1),
        "payment_terms_days": 14,
        "payment_means": Invoice.PaymentMeans.DIRECT_DEBIT,
    }
    line = {
        "product": story.products[ware.number],
        "name": ware.name,
        "description": ware.description,
        "quantity": Decimal(3),
        "unit": ware.unit,
        "unit_price": ware.price,
        "tax_case": story.cases[ware.tax_case],
    }
    draft = create_draft(Content(header=header, lines=[line]), by=story.by)
    return issue(draft, by=story.by, on=story.today, print_now=False)
