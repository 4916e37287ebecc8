"""How the demo's customers pay, and how the accountant finds it on the statements."""

import datetime
from collections.abc import Callable
from decimal import Decimal

from banking import dismissing, reconciling
from banking.importing import import_statement
from banking.models import Transaction
from banking.proposals import Proposal
from banking.running import match_all
from dashboard.demo import people, saving
from dashboard.demo.people import Person
from dashboard.demo.statement import Movement, ing_statement
from dashboard.demo.story import Story
from invoicing.models import Invoice, State
from payments.deducting import allowed_skonto
from payments.recording import record_payment
from workmate.ledger.models import OpenItem
from workmate.models import User


def pay(story: Story, person: Person, invoice: Invoice, chance: float) -> None:
    """Money comes in as this customer pays: late, in part, too much, in cash, without number."""
    dice, amount = story.dice, invoice.gross_total
    due = invoice.due_date or story.today
    day = due + datetime.timedelta(days=person.late + dice.randint(-3, 3))
    day = max(day, invoice.issue_date + datetime.timedelta(days=1))
    day = _working_day(day)
    if day > story.today:
        return
    if chance < 0.03 and amount < 400:
        pay_cash(story, invoice, day)
        return
    if chance < 0.07:
        amount = (amount / 2).quantize(Decimal("0.01"))
    elif chance < 0.09:
        amount += Decimal(dice.choice(("10.00", "0.90", "25.00")))
    kept = Decimal(0)
    if person.skonto and person.late < 0 and amount == invoice.gross_total:
        day = _working_day((invoice.issue_date or day) + datetime.timedelta(days=4))
        kept = allowed_skonto(invoice, paid_on=day)
    story.paying.add(invoice.pk)
    amount -= kept
    purpose = _purpose(story, person, invoice)
    story.movements.append(Movement(day, person.name, "Gutschrift", purpose, amount))
    later, rest = day + datetime.timedelta(days=28), invoice.gross_total - amount - kept
    if rest > 0 and later <= story.today:
        purpose = f"Rest {invoice.number}"
        story.movements.append(Movement(later, person.name, "Gutschrift", purpose, rest))


def _working_day(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=(0, 0, 0, 0, 0, 2, 1)[day.weekday()])


def pay_cash(story: Story, invoice: Invoice, day: datetime.date) -> None:
    """The customer pays what is open over the counter."""
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


def pay_deposits(story: Story) -> None:
    """A few customers have paid a part before it is due."""
    waiting = (
        Invoice.objects.in_state(State.OPEN, on=story.today)
        .exclude(pk__in=story.paying)
        .select_related("customer")
        .order_by("-pk")
    )
    yesterday = story.today - datetime.timedelta(days=1)
    for invoice in waiting.filter(issue_date__lt=yesterday)[:3]:
        amount = (invoice.gross_total / 3).quantize(Decimal("0.01"))
        purpose = f"Anzahlung {invoice.number}"
        name = invoice.customer.name
        story.movements.append(Movement(yesterday, name, "Gutschrift", purpose, amount))


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


def running_costs(story: Story) -> None:
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


def read_statements(story: Story, say: Callable[[str], None]) -> None:
    """One statement a month, read and matched like every other; the last days wait."""
    opening, first = saving.HAD, story.start
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
            match_all(story.account, by=story.by)
            opening += sum((one.amount for one in movements), Decimal(0))
        first = last
    matched = Transaction.objects.matched().count()
    say(f"{len(story.movements)} Bankumsätze eingelesen, {matched} davon zugeordnet")


def decide_by_hand(story: Story) -> None:
    """Somebody has gone through the older ones; those of the last weeks still wait."""
    until = story.today - datetime.timedelta(days=20)
    for row in Transaction.objects.open().filter(booked_on__lt=until).order_by("booked_on", "pk"):
        if row.amount < 0:
            dismissing.ignore(row, f"Kosten: {row.purpose}", by=story.by)
        elif proposals := reconciling.propose(row, limit=1):
            _accept(row, proposals[0], by=story.by)


def _accept(row: Transaction, proposal: Proposal, *, by: User) -> None:
    items = OpenItem.objects.in_bulk([item.id for item in proposal.items])
    reconciling.match(
        row,
        [(items[item.id], amount) for item, amount in proposal.allocations],
        skonto=[(items[pk], amount) for pk, amount in proposal.skonto],
        by=by,
        score=proposal.score,
        reasons=proposal.reasons,
    )
