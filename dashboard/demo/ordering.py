"""The demo's orders: quotes that wait, are declined or lead to advances and a final invoice."""

import datetime
from decimal import Decimal
from typing import Any

from dashboard.demo import people
from dashboard.demo.paying import pay_cash
from dashboard.demo.story import Story
from invoicing.contents import Content, content_of
from invoicing.converting import convert, decide
from invoicing.drafting import create_draft, save_draft
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice

VALID = datetime.timedelta(days=30)


def take_orders(story: Story) -> None:
    """An order up to its final invoice, one with its advance; quotes expired, declined, open."""
    home = [customer for person, customer in story.customers if person.country == "DE"]
    days = [story.today - datetime.timedelta(days=back) for back in (80, 55, 40, 30, 6)]
    kept = {customer.pk: customer for customer in home}
    buyers = list(kept.values())[:5]
    _finished(story, buyers[0], days[0])
    _begun(story, buyers[1], days[1])
    _quote(story, buyers[2], days[2])
    decide(_quote(story, buyers[3], days[3]), "declined", by=story.by, on=days[3])
    _quote(story, buyers[4], days[4])


def _finished(story: Story, customer: Customer, day: datetime.date) -> None:
    order = _order(story, customer, day)
    advance = _advance(story, order, day + datetime.timedelta(days=4))
    pay_cash(story, advance, day + datetime.timedelta(days=9))
    done = day + datetime.timedelta(days=20)
    final = convert(order, Invoice.Kind.FINAL, by=story.by, on=done)
    content = content_of(final)
    content.header["supply_date"] = done
    final = save_draft(final, content, version=final.version, by=story.by)
    issue(final, by=story.by, on=done, print_now=False)


def _begun(story: Story, customer: Customer, day: datetime.date) -> None:
    _advance(story, _order(story, customer, day), day + datetime.timedelta(days=3))


def _order(story: Story, customer: Customer, day: datetime.date) -> Invoice:
    quote = _quote(story, customer, day)
    day += datetime.timedelta(days=2)
    order = convert(quote, Invoice.Kind.CONFIRMATION, by=story.by, on=day)
    return issue(order, by=story.by, on=day, print_now=False)


def _advance(story: Story, order: Invoice, day: datetime.date) -> Invoice:
    draft = convert(order, Invoice.Kind.ADVANCE, by=story.by, on=day)
    return issue(draft, by=story.by, on=day, print_now=False)


def _quote(story: Story, customer: Customer, day: datetime.date) -> Invoice:
    header: dict[str, Any] = {
        "kind": Invoice.Kind.QUOTE,
        "customer": customer,
        "valid_until": day + VALID,
        "intro_text": "Vielen Dank für Ihre Anfrage. Gern bieten wir Ihnen an:",
    }
    lines = [_line(story, ware) for ware in people.WARES[:3]]
    draft = create_draft(Content(header=header, lines=lines), by=story.by)
    return issue(draft, by=story.by, on=day, print_now=False)


def _line(story: Story, ware: people.Ware) -> dict[str, Any]:
    return {
        "product": story.products[ware.number],
        "name": ware.name,
        "description": ware.description,
        "quantity": Decimal(2),
        "unit": ware.unit,
        "unit_price": ware.price,
        "tax_case": story.cases[ware.tax_case],
    }
