"""The demo's other accounts: money put aside for VAT, and a company card settled every month."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

from banking import dismissing, pairing
from banking.accounts import open_account
from banking.entering import enter
from banking.importing import import_statement
from banking.models import BankAccount, Transaction
from banking.opening import post_opening
from dashboard.demo import people
from dashboard.demo.statement import Movement, ing_statement
from dashboard.demo.story import Story
from workmate.ledger.models import Account, MoneyAccount

IBAN = "DE96500105175419788301"
PUT_ASIDE, SAVED, HAD = Decimal(1500), Decimal(12000), Decimal("18450.37")
WAITING = datetime.timedelta(days=20)  # nobody has gone through the latest yet
BOUGHT = (
    (4, "Aral Station Kiel", "Diesel Transporter", "-84.12"),
    (11, "Adobe Systems Software", "Creative Cloud", "-66.45"),
    (19, "Nordbaumarkt Kiel", "Schrauben und Dübel", "-37.80"),
)


def transfers(story: Story) -> None:
    """What goes from the current account to the other two, as its statement tells."""
    holder = str(people.COMPANY["name"])
    for month in _months(story):
        for on, name, purpose, amount in (
            (10, holder, "Rücklage Umsatzsteuer", -PUT_ASIDE),
            (24, "ING Kreditkarte", "Abrechnung Firmenkarte", _spent()),
        ):
            if (day := month.replace(day=on)) <= story.today:
                story.movements.append(Movement(day, name, "Überweisung", purpose, amount))


def tell(story: Story) -> None:
    """Open both accounts with their bookings and go through what is older."""
    post_opening(story.account, HAD, on=story.start, by=story.by)
    _settle(_saved(story), story)
    _settle(_card(story), story)


def _months(story: Story) -> Iterator[datetime.date]:
    day = story.today.replace(day=1) - datetime.timedelta(days=80)
    while (day := day.replace(day=1)) <= story.today:
        yield day
        day += datetime.timedelta(days=32)


def _spent() -> Decimal:
    return sum((Decimal(amount) for *_, amount in BOUGHT), Decimal(0))


def _saved(story: Story) -> BankAccount:
    """The savings account, whose statement of these months is read."""
    holder = str(people.COMPANY["name"])
    account = open_account(
        "Tagesgeld ING",
        iban_text=IBAN,
        kind=MoneyAccount.Kind.SAVINGS,
        holder=holder,
        note="Rücklage für Umsatzsteuer",
        by=story.by,
    )
    months = list(_months(story))
    movements = [
        movement
        for month in months
        for movement in (
            Movement(
                month.replace(day=11), holder, "Gutschrift", "Rücklage Umsatzsteuer", PUT_ASIDE
            ),
            Movement(month.replace(day=27), "ING", "Zinsgutschrift", "Zinsen", Decimal("16.40")),
        )
        if movement.day <= story.today
    ]
    data = ing_statement(
        movements,
        name="Extra-Konto",
        iban=IBAN,
        holder=holder,
        opening=SAVED,
        start=months[0],
        end=story.today,
    )
    post_opening(account, SAVED, on=months[0], by=story.by)
    filename = f"Umsatzanzeige_{IBAN}_{story.today:%Y%m%d}.csv"
    import_statement(account, data, filename=filename, by=story.by)
    interest = Account.objects.get(number="2650")
    for row in account.transactions.filter(purpose="Zinsen", booked_on__lt=story.today - WAITING):
        dismissing.ignore(row, "Zinsen", account=interest, by=story.by)
    return account


def _card(story: Story) -> BankAccount:
    """The card, which has no statement: somebody enters what was bought."""
    account = open_account("Firmenkreditkarte", iban_text="", kind="card", by=story.by)
    months = list(_months(story))
    post_opening(account, _spent(), on=months[0], by=story.by)  # of the month before
    for month in months:
        for on, name, purpose, amount in (
            *BOUGHT,
            (24, "ING", "Abrechnung Firmenkarte", str(-_spent())),
        ):
            if (day := month.replace(day=on)) <= story.today:
                row = enter(
                    account,
                    booked_on=day,
                    amount=Decimal(amount),
                    counterparty_name=name,
                    purpose=purpose,
                    by=story.by,
                )
                if row.amount < 0 and day < story.today - WAITING:
                    dismissing.ignore(row, f"Kosten: {purpose}", by=story.by)
    return account


def _settle(account: BankAccount, story: Story) -> None:
    """Pair what went from one account of ours to the other."""
    for row in Transaction.objects.open().filter(account=account, amount__gt=0):
        others = [one for one in pairing.possible(row) if one.purpose == row.purpose]
        if others and row.booked_on < story.today - WAITING:
            pairing.pair(row, others[0], by=story.by)
