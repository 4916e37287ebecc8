"""Books for tests: a chart, money accounts, claims with amounts."""

import datetime
import itertools
from decimal import Decimal

from django.contrib.auth.models import Group
from django.test import Client

from workmate.ledger import charts
from workmate.ledger.models import Entry, MoneyAccount, OpenItem, Partner
from workmate.ledger.money_accounts import open_money_account
from workmate.ledger.open_items import open_item
from workmate.ledger.partners import open_partner
from workmate.ledger.posting import Posting, post
from workmate.models import User

DAY = datetime.date(2026, 5, 4)
_numbers = itertools.count(1)


def books(chart: str = "SKR03") -> User:
    """Load a chart; gives back a user who may act."""
    charts.load(chart)
    return a_user()


def a_user(email: str = "") -> User:
    """A person without a password."""
    return User.objects.create_user(email or f"person-{next(_numbers)}@example.org", name="Eva")


def a_bank(by: User, **fields: object) -> MoneyAccount:
    """A bank account with its ledger account."""
    return open_money_account(f"Bank {next(_numbers)}", by=by, **fields)


def a_customer(name: str = "Muster GmbH") -> Partner:
    """A debtor account."""
    return open_partner(Partner.Kind.CUSTOMER, name)


def a_claim(
    amount: str | Decimal,
    *,
    by: User,
    partner: Partner | None = None,
    on: datetime.date = DAY,
    due: datetime.date | None = None,
    number: str = "",
) -> OpenItem:
    """A receivable of so much (negative: a credit), posted against an account without tax."""
    key = next(_numbers)
    item = open_item(
        OpenItem.Kind.RECEIVABLE,
        partner or a_customer(),
        source=f"test:{key}",
        document_number=number or f"RE-{key}",
        document_date=on,
        due_date=due or on + datetime.timedelta(days=14),
    )
    a_posting(item, Decimal(amount), on=on, by=by)
    item.refresh_from_db()
    return item


def a_posting(item: OpenItem, amount: Decimal, *, on: datetime.date, by: User) -> Entry:
    """Change what is owed on an item, against an account without tax."""
    other = charts.account("write_off")
    return post(
        "test",
        source=f"test:line:{next(_numbers)}",
        booked_on=on,
        lines=[Posting(item.account, amount, item), Posting(other, -amount)],
        by=by,
    )


def signed_in(role: str = "Buchhaltung") -> Client:
    """A browser of a person with that role."""
    user = a_user()
    if role:
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
