"""The year itself: what is sold, paid, forgotten, cancelled and found on the bank statements.

The same day gives the same year: one seeded generator, dates counted back from `today`.
"""

import datetime
import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from banking.accounts import open_account
from dashboard.demo import closing, collecting, ordering, paying, people, relations, saving
from dashboard.demo.people import Person, Ware
from dashboard.demo.story import DAYS, Story
from invoicing import skonto
from invoicing.cancelling import cancel
from invoicing.contents import Content, content_of, means_of, terms_of
from invoicing.correcting import draft_correction
from invoicing.customers import create_customer
from invoicing.drafting import create_draft, save_draft
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice, Product
from invoicing.products import create_product
from workmate.ledger.models import MoneyAccount, TaxCase
from workmate.ledger.money_accounts import open_money_account
from workmate.models import User
from workmate.money import round_money

INVOICES = 300
DRAFTS = 6
MANY = 4  # lines from which an invoice has parts and a discount
Progress = Callable[[str], None]


def build(*, by: User, today: datetime.date, say: Progress, invoices: int = INVOICES) -> None:
    """Make the whole year with so many invoices; needs an empty company with its chart."""
    story = _begin(by, today)
    collecting.grant_mandate(story)
    say(f"{len(story.customers)} Kunden, {len(story.products)} Produkte")
    for number, day in enumerate(_selling_days(story, invoices), start=1):
        _sell(story, number, day)
        if number % 50 == 0:
            say(f"{number} von {invoices} Rechnungen")
    ordering.take_orders(story)
    for _ in range(DRAFTS):
        _draft(story, *story.dice.choice(story.customers), today)
    paying.pay_deposits(story)
    paying.running_costs(story)
    saving.transfers(story)
    paying.read_statements(story, say)
    saving.tell(story)
    paying.decide_by_hand(story)
    relations.tell(story)
    collecting.collect_debits(story)
    closing.close(story)


def _begin(by: User, today: datetime.date) -> Story:
    account = open_account(
        "Geschäftskonto ING",
        iban_text=people.IBAN,
        holder=str(people.COMPANY["name"]),
        on_invoices=True,
        by=by,
    )
    start = today - datetime.timedelta(days=DAYS)
    cases = {case.code: case for case in TaxCase.objects.on(start)}
    return Story(
        today=today,
        by=by,
        dice=random.Random(20260131),  # noqa: S311 — a story, not a secret
        account=account,
        cash=open_money_account("Kasse", kind=MoneyAccount.Kind.CASH, by=by),
        customers=[(person, _customer(person, by)) for person in people.CUSTOMERS],
        products={ware.number: _product(ware, by) for ware in people.WARES},
        cases=cases,
    )


def _customer(person: Person, by: User) -> Customer:
    mailbox = "".join(
        letter for letter in person.name.lower() if letter.isascii() and letter.isalpha()
    )
    wanted = {"einvoice_format": person.einvoice_format} if person.einvoice_format else {}
    return create_customer(
        **wanted,
        by=by,
        kind=person.kind,
        name=person.name,
        street=person.street,
        post_code=person.post_code,
        city=person.city,
        country=person.country,
        vat_id=person.vat_id,
        leitweg_id=person.leitweg_id,
        email=f"rechnung@{mailbox[:30]}.example",
        cash_discounts=skonto.to_json(skonto.parse(person.skonto)),
    )


def _product(ware: Ware, by: User) -> Product:
    return create_product(
        by=by,
        number=ware.number,
        name=ware.name,
        description=ware.description,
        unit=ware.unit,
        unit_price=ware.price,
        tax_case=ware.tax_case,
    )


def _selling_days(story: Story, count: int) -> list[datetime.date]:
    """Working days on which invoices are written, in order, a little more of them lately."""
    days: list[datetime.date] = []
    while len(days) < count:
        back = int(DAYS * (1 - story.dice.random() ** 0.85))
        day = story.today - datetime.timedelta(days=back)
        if day.weekday() < 5:
            days.append(day)
    return sorted(days)


def _draft(story: Story, person: Person, customer: Customer, day: datetime.date) -> Invoice:
    dice = story.dice
    wares = dice.sample(people.WARES, k=dice.choice((1, 2, 2, 3, 3, 4)))
    header: dict[str, Any] = {
        "customer": customer,
        "payment_terms_days": terms_of(customer),
        "intro_text": people.COMPANY["intro_text"],
        "closing_text": people.COMPANY["closing_text"],
        "order_reference": f"B-{dice.randint(1000, 9999)}" if dice.random() < 0.3 else "",
    }
    if any(ware.unit == "MON" for ware in wares):
        header["supply_start"], header["supply_end"] = day.replace(day=1), day
    else:
        header["supply_date"] = day - datetime.timedelta(days=dice.randint(0, 6))
    header["prices_gross"] = person.kind == Customer.Kind.CONSUMER
    header["cash_discounts"] = customer.cash_discounts
    header["payment_means"] = means_of(customer)
    lines = [_line(story, person, ware) for ware in wares]
    adjustments = []
    if len(lines) == MANY:
        half = len(lines) // 2
        lines.insert(half, {"kind": "title", "name": "Zusätzlich"})
        lines.insert(0, {"kind": "title", "name": "Wie angeboten"})
        adjustments = [{"reason": "Projektrabatt", "percent": Decimal(3)}]
    content = Content(header=header, lines=lines, adjustments=adjustments)
    return create_draft(content, by=story.by)


def _line(story: Story, person: Person, ware: Ware) -> dict[str, Any]:
    dice = story.dice
    whole = ware.unit in {"C62", "MON", "DAY", "KMT"}
    quantity = Decimal(dice.randint(1, ware.most))
    case, price = story.cases[_tax_case(person, ware)], ware.price
    if person.kind == Customer.Kind.CONSUMER:  # Who cannot deduct VAT reads prices with it.
        price = round_money(price * (1 + case.rate / 100))
    return {
        "product": story.products[ware.number],
        "name": ware.name,
        "description": ware.description,
        "quantity": quantity if whole else quantity + Decimal(dice.choice(("0", "0.5", "0.25"))),
        "unit": ware.unit,
        "unit_price": price,
        "discount_percent": Decimal(dice.choice((0, 0, 0, 0, 0, 5, 10))),
        "tax_case": case,
    }


def _tax_case(person: Person, ware: Ware) -> str:
    if person.country == "CH":
        return "EXPORT"
    return "EU_SUPPLY" if person.country != "DE" else ware.tax_case


def _sell(story: Story, number: int, day: datetime.date) -> None:
    """Issue one invoice and let the customer react to it."""
    person, customer = story.dice.choice(story.customers)
    invoice = issue(_draft(story, person, customer, day), by=story.by, on=day, print_now=False)
    chance = story.dice.random()
    if number % 37 == 0 and day < story.today - datetime.timedelta(days=3):
        later = min(day + datetime.timedelta(days=3), story.today)
        _cancel(story, invoice, later)
    elif number % 61 == 0:
        _correct(story, invoice, day)
    elif chance < 0.98:
        if person.name == collecting.PAYER:
            collecting.collect_debit(story, invoice)
        else:
            paying.pay(story, person, invoice, chance)


def _cancel(story: Story, invoice: Invoice, day: datetime.date) -> None:
    """Cancel with one of the usual reasons; stornos keep their own order of dates."""
    reason = story.dice.choice(
        ("Falsche Menge berechnet", "Auftrag zurückgezogen", "Doppelt gestellt")
    )
    cancel(invoice, reason=reason, by=story.by, on=day)


def _correct(story: Story, invoice: Invoice, day: datetime.date) -> None:
    """Take back the first line: too much was delivered."""
    draft = draft_correction(invoice, by=story.by)
    content = content_of(draft)
    first = next(line for line in content.lines if line["kind"] == "item")
    content = replace(content, lines=[first], adjustments=[])
    draft = save_draft(draft, content, version=draft.version, by=story.by)
    issue(draft, by=story.by, on=day, print_now=False)
