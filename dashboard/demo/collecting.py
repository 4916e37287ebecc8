"""A customer of the demo pays by direct debit; one came back, the last waits for a release."""

import datetime
from decimal import Decimal

from django.utils.timezone import make_aware

from dashboard.demo import people
from dashboard.demo.statement import Movement
from dashboard.demo.story import Story
from invoicing.contents import Content
from invoicing.drafting import create_draft
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice
from payments.models import Batch
from payments.sepa.collecting import collect
from payments.sepa.mandates import grant
from payments.sepa.releasing import release, write_file
from workmate.models import User

PAYER = "Hausverwaltung Nordlicht GmbH"
IBAN = "DE89370400440532013000"
RETURNED = 2  # the second batch comes back


def grant_mandate(story: Story) -> None:
    """From the first day on the customer pays by debit."""
    customer = _customer(story)
    grant(
        customer,
        reference="HVN-2025-01",
        iban=IBAN,
        signed_on=story.start,
        on=story.today,
        by=story.by,
    )
    customer.refresh_from_db()


def collect_debit(story: Story, invoice: Invoice) -> None:
    """The accountant prepares, the owner releases, the bank books, and once it takes back."""
    day = invoice.issue_date or story.today
    batch = _draft(story, invoice, day)
    release(batch, on=day, by=story.by)
    at = make_aware(datetime.datetime.combine(day, datetime.time(11, 30)))
    write_file(batch, at=at, by=batch.created_by)
    order = batch.orders.get()
    if order.due_on > story.today:
        return
    story.paying.add(invoice.pk)
    text = f"EREF+{order.end_to_end_id}SVWZ+"
    purpose = f"{text}Lastschrift {invoice.number}"
    story.movements.append(Movement(order.due_on, PAYER, "Lastschrift", purpose, order.amount))
    back = order.due_on + datetime.timedelta(days=4)
    if Batch.objects.count() == RETURNED and back <= story.today:
        purpose = f"{text}Rückgabe MS03, Entgelt 3,50 EUR"
        amount = -order.amount - Decimal("3.50")
        story.movements.append(Movement(back, PAYER, "Rücklastschrift", purpose, amount))


def collect_debits(story: Story) -> None:
    """An invoice that announces the debit, and a draft of a batch by the accountant."""
    _draft(story, _invoice(story, _customer(story)), story.today)


def _draft(story: Story, invoice: Invoice, day: datetime.date) -> Batch:
    accountant = User.objects.get(email=people.LOGINS[1][0])
    return collect(
        [invoice],
        scheme="CORE",
        money_account=story.account.money_account,
        on=day,
        by=accountant,
    )


def _customer(story: Story) -> Customer:
    return next(one for person, one in story.customers if person.name == PAYER)


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
