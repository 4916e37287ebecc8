"""Taking over the books of another system: balances of accounts and old open items.

Balances stand against 9000, open items of customers against 9008, of suppliers against 9009, so
that these three accounts show zero when everything is taken over.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction

from workmate.ledger import charts, errors, tables
from workmate.ledger.models import Account, Entry, OpenItem, Partner
from workmate.ledger.open_items import CONTROL, open_item
from workmate.ledger.posting import Posting, post
from workmate.models.user import User
from workmate.money import LIMIT, parse_decimal

FILE, SINGLE = "opening.balances", "opening.balance"
COUNTER = {OpenItem.Kind.RECEIVABLE: "opening_debtors", OpenItem.Kind.PAYABLE: "opening_creditors"}
COLUMNS = (
    tables.Column("account", ("Konto", "Kontonummer", "Sachkonto"), required=True),
    tables.Column("balance", ("Saldo", "Betrag", "EB-Wert")),
    tables.Column("debit", ("Soll", "Saldo Soll")),
    tables.Column("credit", ("Haben", "Saldo Haben")),
)


@dataclass(frozen=True)
class OldItem:
    """An open item of the old system: positive is a claim, negative a credit (EUR)."""

    partner: Partner
    document_number: str
    document_date: datetime.date
    due_date: datetime.date
    amount: Decimal

    @property
    def kind(self) -> OpenItem.Kind:
        customer = self.partner.kind == Partner.Kind.CUSTOMER
        return OpenItem.Kind.RECEIVABLE if customer else OpenItem.Kind.PAYABLE

    @property
    def source(self) -> str:
        """The same document of the same person is taken over once."""
        return f"opening:{self.partner.number}:{self.document_number}"


def take_over_item(item: OldItem, *, booked_on: datetime.date, by: User) -> OpenItem:
    """Create an old open item; what was sold is in the old books, so no revenue is posted."""
    found = open_item(
        item.kind,
        item.partner,
        source=item.source,
        document_number=item.document_number,
        document_date=item.document_date,
        due_date=item.due_date,
    )
    counter = charts.account(COUNTER[item.kind])
    post(
        "opening.item",
        source=item.source,
        booked_on=booked_on,
        lines=[Posting(found.account, item.amount, found), Posting(counter, -item.amount)],
        document_number=item.document_number,
        text=f"Vortrag {item.document_number} {item.partner.name}",
        by=by,
    )
    return found


@dataclass(frozen=True)
class BalanceRow:
    """A line of a file with balances; `error` says in German what is wrong with it."""

    line: int
    number: str
    account: Account | None
    amount: Decimal | None
    error: str = ""


def read_balances(data: bytes) -> list[BalanceRow]:
    """The balances of a CSV file (Konto; Saldo or Soll and Haben), debit positive."""
    accounts = {account.number: account for account in Account.objects.all()}
    seen, single = set[str](), _taken_over(SINGLE)
    rows = []
    for row in tables.read_table(data, COLUMNS):
        checked = _balance(row, accounts, seen)
        if checked.account and checked.account.pk in single and not checked.error:
            checked = replace(checked, error="Sein Anfangsbestand ist schon gebucht.")
        seen.add(checked.number)
        rows.append(checked)
    return rows


@transaction.atomic
def post_balances(rows: Sequence[BalanceRow], *, booked_on: datetime.date, by: User) -> Entry:
    """Post all balances as one entry; raises FILE_HAS_ERRORS, ALREADY_POSTED and PERIOD_LOCKED."""
    if wrong := [row for row in rows if row.error]:
        fields = {f"line_{row.line}": [row.error] for row in wrong}
        raise errors.FILE_HAS_ERRORS(count=len(wrong), fields=fields)
    lines = [Posting(row.account, row.amount) for row in rows if row.account and row.amount]
    if not lines:
        raise errors.NOTHING_TO_TAKE_OVER()
    total = sum((line.amount for line in lines), Decimal(0))
    return post(
        FILE,
        source=f"opening:balances:{booked_on.isoformat()}",
        booked_on=booked_on,
        lines=[*lines, Posting(charts.account("opening"), -total)],
        document_number="EB",
        text=f"Eröffnungsbilanz {booked_on:%d.%m.%Y}",
        by=by,
    )


@transaction.atomic
def post_balance(
    account: Account,
    amount: Decimal,
    *,
    source: str,
    booked_on: datetime.date,
    by: User,
    currency: str = "EUR",
    currency_amount: Decimal | None = None,
) -> Entry:
    """Post the opening balance (EUR) of one account; `currency_amount` is that in its currency.

    Raises BALANCE_TAKEN_OVER where it has one already, ALREADY_POSTED and PERIOD_LOCKED.
    """
    if account.pk in _taken_over(FILE, SINGLE):
        raise errors.BALANCE_TAKEN_OVER(account=str(account))
    return post(
        SINGLE,
        source=source,
        booked_on=booked_on,
        lines=[
            Posting(account, amount, currency=currency, currency_amount=currency_amount),
            Posting(charts.account("opening"), -amount),
        ],
        document_number="EB",
        text=f"Anfangsbestand {account.name}",
        by=by,
    )


def _taken_over(*acts: str) -> set[int]:
    """The ids of accounts whose opening balance is in the books by one of these acts."""
    live = Entry.objects.filter(act__in=acts, reversed_by=None)
    return set(live.values_list("lines__account", flat=True))


def _balance(row: tables.TableRow, accounts: dict[str, Account], seen: set[str]) -> BalanceRow:
    number = row["account"]
    account = accounts.get(number) or accounts.get(number.zfill(4))
    try:
        amount = _amount(row)
    except ValueError:
        return BalanceRow(row.line, number, account, None, "Der Betrag ist nicht lesbar.")
    error = ""
    if account is None:
        error = "Dieses Konto gibt es im Kontenrahmen nicht."
    elif account.purpose in CONTROL.values():
        error = "Übernehmen Sie hier die einzelnen offenen Posten."
    elif account.number in seen:
        error = "Dieses Konto kommt zweimal vor."
    elif abs(amount) >= LIMIT:
        error = "Der Betrag hat zu viele Stellen."
    elif amount != amount.quantize(Decimal("0.01")):
        error = "Der Betrag hat mehr als zwei Nachkommastellen."
    return BalanceRow(row.line, account.number if account else number, account, amount, error)


def _amount(row: tables.TableRow) -> Decimal:
    if row["balance"]:
        text = row["balance"]
        side = {"S": 1, "H": -1}.get(text[-1:].upper(), 0)
        return parse_decimal(text[:-1]) * side if side else parse_decimal(text)
    debit, credit = row["debit"] or "0", row["credit"] or "0"
    return parse_decimal(debit) - parse_decimal(credit)
