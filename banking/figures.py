"""What the bookings of a list add up to: in, out, still to decide, and what is on the accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Max, Q, QuerySet, Sum
from django.urls import reverse

from banking.models import BankAccount, Transaction
from workmate.money import format_date

State = Transaction.State
COUNTED = Q(status=Transaction.Status.BOOKED) & ~Q(state__in=[State.REVERSED, State.REPLACED])


@dataclass(frozen=True)
class Card:
    """One figure: an amount in its currency, or a number as `plain`, and where it leads."""

    label: str
    href: str
    value: Decimal | None = None
    currency: str = "EUR"
    plain: str = ""
    note: str = ""


def cards(
    rows: QuerySet[Transaction], account: BankAccount | None, asked: Mapping[str, str]
) -> tuple[Card, ...]:
    """Four figures of these bookings, in the currency of the account or else in euro.

    Pending, reversed and replaced bookings count for nothing.
    """
    currency = account.money_account.currency if account else "EUR"
    found = (
        rows.order_by()
        .filter(COUNTED, currency=currency)
        .aggregate(
            into=Sum("amount", filter=Q(amount__gt=0)), out=Sum("amount", filter=Q(amount__lt=0))
        )
    )
    waiting = rows.order_by().filter(state=State.OPEN).count()
    accounts = BankAccount.objects.filter(
        money_account__currency=currency, money_account__is_active=True
    )
    if account:
        accounts = BankAccount.objects.filter(pk=account.pk)
    lies = accounts.aggregate(sum=Sum("balance"), on=Max("balance_on"))
    known = lies["sum"] is not None
    where = account.get_absolute_url() if account else reverse("banking:accounts")
    return (
        Card("Eingänge", _narrowed(asked, direction="in"), found["into"] or Decimal(0), currency),
        Card("Ausgänge", _narrowed(asked, direction="out"), found["out"] or Decimal(0), currency),
        Card("Zu entscheiden", _narrowed(asked, state="open"), plain=str(waiting)),
        Card(
            "Kontostand laut Bank",
            where,
            lies["sum"],
            currency,
            plain="" if known else "unbekannt",
            note=f"am {format_date(lies['on'])}" if known else "",
        ),
    )


def _narrowed(asked: Mapping[str, str], **more: str) -> str:
    """The list with one filter more, on its first page."""
    kept = [
        (name, value)
        for name, value in asked.items()
        if name not in {"after", "before", "export", *more}
    ]
    return f"{reverse('banking:transactions')}?{urlencode([*kept, *more.items()])}"
