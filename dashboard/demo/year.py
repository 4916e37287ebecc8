"""The year itself: what is sold, paid, forgotten, cancelled and found on the bank statements.

The same day gives the same year: one seeded generator, dates counted back from `today`.
"""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from banking import reconciling
from banking.accounts import open_account
from banking.importing import import_statement
from banking.models import BankAccount, Transaction
from banking.proposals import Proposal
from dashboard.demo import people
from dashboard.demo.people import Person, Ware
from dashboard.demo.statement import Movement, ing_statement
from invoicing.cancelling import cancel
from invoicing.customers import create_customer
from invoicing.drafting import Content, create_draft, terms_of
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice, Product
from invoicing.products import create_product
from payments.recording import record_payment
from workmate.ledger.models import MoneyAccount, OpenItem, TaxCase
from workmate.ledger.money_accounts import open_money_account
from workmate.models import User

DAYS = 400  # how far back the demo reaches
INVOICES = 300
DRAFTS = 6
OPENING = Decimal("18450.37")
Progress = Callable[[str], None]


@dataclass
class Story:
    """Everything the demo has made so far."""

    today: datetime.date
    by: User
    dice: random.Random
    account: BankAccount
    cash: MoneyAccount
    customers: list[tuple[Person, Customer]]
    products: dict[str, Product]
    cases: dict[str, TaxCase]
    movements: list[Movement] = field(default_factory=list)

    @property
    def start(self) -> datetime.date:
        return self.today - datetime.timedelta(days=DAYS)


def build(*, by: User, today: datetime.date, say: Progress) -> None:
    """Make the whole year; needs an empty company with its chart."""
    story = _begin(by, today)
    say(f"{len(story.customers)} Kunden, {len(story.products)} Produkte")
    for number, day in enumerate(_selling_days(story), start=1):
        _sell(story, number, day)
        if number % 50 == 0:
            say(f"{number} von {INVOICES} Rechnungen")
    for _ in range(DRAFTS):
        _draft(story, *story.dice.choice(story.customers), today)
    _running_costs(story)
    _read_statements(story, say)
    _decide_by_hand(story)


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
    return create_customer(
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


def _selling_days(story: Story) -> list[datetime.date]:
    """Working days on which invoices are written, in order, a little more of them lately."""
    days = []
    while len(days) < INVOICES:
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
    return create_draft(
        Content(header=header, lines=[_line(story, person, ware) for ware in wares]), by=story.by
    )


def _line(story: Story, person: Person, ware: Ware) -> dict[str, Any]:
    dice = story.dice
    whole = ware.unit in {"C62", "MON", "DAY", "KMT"}
    quantity = Decimal(dice.randint(1, ware.most))
    return {
        "product": story.products[ware.number],
        "name": ware.name,
        "description": ware.description,
        "quantity": quantity if whole else quantity + Decimal(dice.choice(("0", "0.5", "0.25"))),
        "unit": ware.unit,
        "unit_price": ware.price,
        "discount_percent": Decimal(dice.choice((0, 0, 0, 0, 0, 5, 10))),
        "tax_case": story.cases[_tax_case(person, ware)],
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
    elif chance < 0.98:
        _pay(story, person, invoice, chance)


def _cancel(story: Story, invoice: Invoice, day: datetime.date) -> None:
    """Cancel with one of the usual reasons; stornos keep their own order of dates."""
    reason = story.dice.choice(
        ("Falsche Menge berechnet", "Auftrag zurückgezogen", "Doppelt gestellt")
    )
    cancel(invoice, reason=reason, by=story.by, on=day)


def _pay(story: Story, person: Person, invoice: Invoice, chance: float) -> None:
    """Money comes in as this customer pays: late, in part, too much, in cash, without number."""
    dice, amount = story.dice, invoice.gross_total
    due = invoice.due_date or story.today
    day = due + datetime.timedelta(days=person.late + dice.randint(-3, 3))
    day = max(day, invoice.issue_date + datetime.timedelta(days=1))
    day += datetime.timedelta(days=max(0, day.weekday() - 4))
    if day > story.today:
        return
    if chance < 0.03 and amount < 400:
        _pay_cash(story, invoice, day)
        return
    if chance < 0.07:
        amount = (amount / 2).quantize(Decimal("0.01"))
    elif chance < 0.09:
        amount += Decimal(dice.choice(("10.00", "0.90", "25.00")))
    purpose = _purpose(story, person, invoice)
    story.movements.append(Movement(day, person.name, "Gutschrift", purpose, amount))
    later, rest = day + datetime.timedelta(days=28), invoice.gross_total - amount
    if rest > 0 and later <= story.today:
        purpose = f"Rest {invoice.number}"
        story.movements.append(Movement(later, person.name, "Gutschrift", purpose, rest))


def _pay_cash(story: Story, invoice: Invoice, day: datetime.date) -> None:
    item = OpenItem.objects.get(pk=invoice.open_item_id)
    record_payment(
        money_account=story.cash,
        received_on=day,
        amount=item.outstanding,
        method="cash",
        allocations=[(item, item.outstanding)],
        reference=f"Barzahlung {invoice.number}",
        by=story.by,
    )


def _purpose(story: Story, person: Person, invoice: Invoice) -> str:
    number = invoice.number or ""
    if story.dice.random() > person.careful:
        return story.dice.choice(("Danke für die schönen Schilder", "Rechnung", "Werbetechnik"))
    return story.dice.choice(
        (
            f"Rechnung {number}",
            f"{number} Kd.-Nr. {invoice.customer.number}",
            f"RG {number.replace('-', ' ')} vom {invoice.issue_date:%d.%m.%y}",
            number.replace("-", "").lower(),
            f"Rechn.-Nr. {number.replace('-', '/')}",
        )
    )


def _running_costs(story: Story) -> None:
    """What leaves the account every month."""
    day = story.start.replace(day=1) + datetime.timedelta(days=32)
    while (day := day.replace(day=1)) <= story.today:
        for on, name, purpose, amount in (
            (1, "Hafenimmobilien Kiel KG", "Miete Werkstatt", "-1850.00"),
            (3, "Stadtwerke Kiel AG", "Strom Abschlag", "-246.00"),
            (15, "ING", "Kontoführung", "-9.90"),
            (26, "Tarik Aydin", "Gehalt", "-2310.40"),
        ):
            when = day.replace(day=on)
            if when <= story.today:
                text = "Überweisung" if on != 15 else "Entgelt"
                story.movements.append(Movement(when, name, text, purpose, Decimal(amount)))
        day += datetime.timedelta(days=32)


def _read_statements(story: Story, say: Progress) -> None:
    """One statement a month, read and matched like every other; the last days wait."""
    opening, first = OPENING, story.start
    while first <= story.today:
        last = (first.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
        end = min(last - datetime.timedelta(days=1), story.today)
        movements = [one for one in story.movements if first <= one.day <= end]
        if movements:
            data = ing_statement(
                movements,
                iban=people.IBAN,
                holder=str(people.COMPANY["name"]),
                opening=opening,
                start=first,
                end=end,
            )
            filename = f"Umsatzanzeige_{people.IBAN}_{end:%Y%m%d}.csv"
            import_statement(story.account, data, filename=filename, by=story.by)
            reconciling.match_all(story.account, by=story.by)
            opening += sum((one.amount for one in movements), Decimal(0))
        first = last
    matched = Transaction.objects.matched().count()
    say(f"{len(story.movements)} Bankumsätze eingelesen, {matched} davon zugeordnet")


def _decide_by_hand(story: Story) -> None:
    """Somebody has gone through the older ones; those of the last weeks still wait."""
    until = story.today - datetime.timedelta(days=20)
    for row in Transaction.objects.open().filter(booked_on__lt=until).order_by("booked_on", "pk"):
        if row.amount < 0:
            reconciling.ignore(row, f"Kosten: {row.purpose}", by=story.by)
        elif proposals := reconciling.propose(row, limit=1):
            _accept(row, proposals[0], by=story.by)


def _accept(row: Transaction, proposal: Proposal, *, by: User) -> None:
    items = OpenItem.objects.in_bulk([item.id for item in proposal.items])
    reconciling.match(
        row,
        [(items[item.id], amount) for item, amount in proposal.allocations],
        by=by,
        score=proposal.score,
        reasons=proposal.reasons,
    )
