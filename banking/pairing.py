"""Pairing: money moved between two accounts of ours is neither income nor expense.

The statement of the one account shows it going out, that of the other coming in, on the same day
or a few days later. Between both it is in transit (Geldtransit), as the books show.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction

from banking import errors
from banking.models import Dismissal, OwnTransfer, Transaction
from banking.reconciling import undecided
from payments.posting import next_id, post_transfer
from workmate import audit
from workmate.ledger.models import MoneyAccount
from workmate.ledger.money_accounts import open_money_account
from workmate.ledger.posting import open_day, reverse
from workmate.locks import Lock, hold
from workmate.models import JobRun, User

APART = timedelta(days=5)
TRANSIT = "Eigene Umbuchungen"
WITHDRAWN = ("abbuchung", "withdrawal")  # what PayPal calls money that it sends to the bank
LIKELY = 5  # the other sides that a person is shown


def paired(rows: Iterable[Transaction]) -> dict[int, Transaction]:
    """The other side of each booking that is an own transfer without doubt, by its id.

    Without doubt is what names the other account's IBAN, or is a withdrawal of a PayPal account
    and names PayPal, and is alone with its amount and day on both sides. A side that is not
    imported yet waits.
    """
    sides = _other_sides(rows)
    claims = Counter(other.pk for found in sides.values() for other in found)
    return {
        pk: found[0] for pk, found in sides.items() if len(found) == 1 and claims[found[0].pk] == 1
    }


def possible(row: Transaction) -> list[Transaction]:
    """Bookings of other accounts that may be the other side, the nearest day first."""
    if row.status == Transaction.Status.PENDING or not row.amount:
        return []
    found = _other_sides([row], must_name=False).get(row.pk, [])
    return sorted(found, key=lambda one: (abs(one.booked_on - row.booked_on), one.pk))[:LIKELY]


@transaction.atomic
def pair(
    row: Transaction, other: Transaction, *, by: User, run: JobRun | None = None
) -> OwnTransfer:
    """Book that both are one transfer between accounts of ours, and set both aside.

    Each is booked on its own day, or on the first open day where that is locked. Raises what
    decided bookings raise, and NOT_ONE_TRANSFER where they do not fit each other.
    """
    first, second = (undecided(one, by) for one in sorted((row, other), key=lambda one: one.pk))
    out, into = (first, second) if first.amount < 0 else (second, first)
    if not _fit(out, into):
        raise errors.NOT_ONE_TRANSFER()
    transit, text = _transit(by), f"Umbuchung {out.account} an {into.account}"
    origin, target = out.account.money_account, into.account.money_account
    number = next_id(OwnTransfer)
    source = f"banking.own_transfer:{number}"
    left = post_transfer(
        origin,
        transit,
        into.amount,
        source=f"{source}:out",
        text=text,
        on=open_day(out.booked_on),
        by=by,
    )
    entered = post_transfer(
        transit,
        target,
        into.amount,
        source=f"{source}:in",
        text=text,
        on=open_day(into.booked_on),
        by=by,
    )
    try:
        with transaction.atomic():
            made = OwnTransfer.objects.create(
                pk=number, out=out, into=into, left=left, entered=entered, created_by=by
            )
    except IntegrityError as error:
        raise errors.NOT_ONE_TRANSFER() from error
    _sort_as(Transaction.Kind.TRANSFER, made)
    for one in (out, into):
        Dismissal.objects.create(
            transaction=one, reason=text[:200], transfer=made, run=run, created_by=by
        )
        audit.record("transaction.dismissed", one, by=by, payload={"reason": text})
    return made


def part(made: OwnTransfer, *, by: User) -> None:
    """Both bookings wait again; what was posted is reversed. Inside the caller's transaction."""
    for entry in (made.left, made.entered):
        reverse(
            entry,
            act="payments.transfer_reversed",
            source=f"banking.own_transfer_reversal:{entry.pk}",
            booked_on=open_day(entry.booked_on),
            by=by,
        )
    _sort_as("", made)
    made.rows.all().delete()
    made.delete()


def _sort_as(kind: str, made: OwnTransfer) -> None:
    """Without a kind the database finds income or expense by the sign."""
    Transaction.objects.filter(pk__in=(made.out_id, made.into_id)).update(kind=kind)


def _other_sides(
    rows: Iterable[Transaction], *, must_name: bool = True
) -> dict[int, list[Transaction]]:
    rows = [row for row in rows if row.amount]
    if not rows or MoneyAccount.objects.filter(kind__in=MoneyAccount.STATED).count() < 2:
        return {}
    others = Transaction.objects.open().filter(amount__in={-row.amount for row in rows})
    by_amount = defaultdict(list)
    for other in others.select_related("account__money_account", "statement"):
        by_amount[other.amount, other.currency].append(other)
    sides = {}
    for row in rows:
        some = [
            one
            for one in by_amount[-row.amount, row.currency]
            if _fit(row, one) and (_names(row, one) or not must_name)
        ]
        if some:
            sides[row.pk] = some
    return sides


def _fit(row: Transaction, other: Transaction) -> bool:
    return (
        row.account_id != other.account_id
        and row.amount == -other.amount
        and row.currency == other.currency
        and abs(row.booked_on - other.booked_on) <= APART
    )


def _names(row: Transaction, other: Transaction) -> bool:
    """Whether one of them names the other's account as its counterparty, or is PayPal's payout."""
    mine, its = row.account.money_account.iban, other.account.money_account.iban
    return (
        bool(its and row.counterparty_iban == its)
        or bool(mine and other.counterparty_iban == mine)
        or _is_payout(*((row, other) if row.amount < 0 else (other, row)))
    )


def _is_payout(out: Transaction, into: Transaction) -> bool:
    """Whether PayPal's own list shows as a withdrawal what the bank says came from PayPal."""
    return (
        "PAYPAL" in f"{into.counterparty_name} {into.purpose}".upper()
        and any(word in out.booking_text.casefold() for word in WITHDRAWN)
        and out.statement is not None
        and out.statement.format_key.startswith("paypal")
    )


def _transit(by: User) -> MoneyAccount:
    hold(Lock.MONEY_ACCOUNTS)
    kind = MoneyAccount.Kind.TRANSIT
    found = MoneyAccount.objects.filter(kind=kind, name=TRANSIT).first()
    return found or open_money_account(TRANSIT, kind=kind, by=by)
