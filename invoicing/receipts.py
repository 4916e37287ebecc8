"""Receipts: what VAT that falls due with the money is worth in EUR.

Each receipt is converted at the monthly rate of the BMF for the month in which the money came
(§ 16 (6) UStG), whatever the rate of the document. What goes back does so at the worth at which it
came, so that nothing of it stays in the books.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from invoicing import errors
from invoicing.deducting import TaxedBase
from workmate.ledger import exchange_rates
from workmate.ledger.models import Account, Entry, TaxCase
from workmate.ledger.posting import Posting
from workmate.money import format_date, round_money

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Worth:
    """So much in the document's currency, and what it is worth in EUR."""

    amount: Decimal = ZERO
    euro: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class Fallen:
    """What has fallen due of a tax case: its VAT in the document's currency, the rest in EUR.

    `waited` is what left the account on which it waited, at the document's rate; `due` what came
    onto that of the VAT that is due.
    """

    tax: Decimal = ZERO
    waited_tax: Decimal = ZERO
    waited_base: Decimal = ZERO
    due_tax: Decimal = ZERO
    due_base: Decimal = ZERO

    def __add__(self, other: "Fallen") -> "Fallen":
        return Fallen(
            **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        )

    def lines(self, wait: Account, into: Account, case: TaxCase, currency: str) -> list[Posting]:
        """From the account on which it waited to that of VAT that is due; rates differ."""
        if not (self.tax or self.waited_tax):
            return []
        return [
            *lines_of(wait, self.waited_tax, self.tax, currency, case=case, base=self.waited_base),
            *lines_of(into, -self.due_tax, -self.tax, currency, case=case, base=-self.due_base),
        ]


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The act that VAT follows, and how what it changes is converted.

    `received_on` is the day on which money came; None where none did: what such an act adds has the
    average worth of what came before, or that at the document's own rate.
    """

    currency: str
    own_rate: Decimal
    received_on: date | None

    def rate(self) -> Decimal | None:
        """The rate of the month of receipt; raises RECEIPT_RATE_MISSING."""
        if self.received_on is None:
            return None
        found = exchange_rates.find(self.currency, self.received_on)
        if found is None:
            raise errors.RECEIPT_RATE_MISSING(
                currency=self.currency,
                month=f"{self.received_on:%m/%Y}",
                day=format_date(self.received_on),
            )
        return found.rate

    def euro(self, change: Decimal, before: Worth, undone: Worth | None = None) -> Decimal:
        """What a change of an amount in the document's currency is worth."""
        return converted(change, before, undone, rate=self.rate, own_rate=self.own_rate)

    def change(
        self, now: TaxedBase, left: TaxedBase, held: TaxedBase, then: Fallen, undone: Fallen
    ) -> Fallen:
        """What falls due now, so that `now` of `left` has: `held` is what `left` is in the books.

        The base is known in EUR at the document's rate, and converted from there.
        """
        tax = now.tax - then.tax
        waited_tax = self._part(held.tax, now.tax, left.tax) - then.waited_tax
        waited_base = self._part(held.base, now.base, left.base) - then.waited_base
        own = self.own_rate
        return Fallen(
            tax=tax,
            waited_tax=waited_tax,
            waited_base=waited_base,
            due_tax=self.euro(
                tax,
                Worth(amount=then.tax, euro=then.due_tax),
                Worth(amount=undone.tax, euro=undone.due_tax),
            ),
            due_base=converted(
                waited_base,
                Worth(amount=then.waited_base, euro=then.due_base),
                Worth(amount=undone.waited_base, euro=undone.due_base),
                rate=lambda: rate / own if (rate := self.rate()) else None,
                own_rate=Decimal(1),
            ),
        )

    def _part(self, held: Decimal, now: Decimal, left: Decimal) -> Decimal:
        """So much of what is held; what is beyond it, at the rate of the document."""
        if left and ZERO <= now / left < 1:
            return round_money(held * now / left)
        return held + round_money((now - left) / self.own_rate)


def converted(
    change: Decimal,
    before: Worth,
    undone: Worth | None,
    *,
    rate: Callable[[], Decimal | None],
    own_rate: Decimal,
) -> Decimal:
    """What a change of an amount is worth (EUR), after `before`.

    The last part that goes takes all that is left. An act that undoes another one (`undone`) takes
    back what that was worth; what else goes back has the average worth. `rate` is asked only where
    something is added.
    """
    after = before.amount + change
    if not after:
        return -before.euro
    if undone and undone.amount:
        euro = round_money(undone.euro * change / undone.amount)
        if (before.euro + euro) * after > 0:
            return euro
    if before.amount * after < 0:
        return round_money(after / (rate() or own_rate)) - before.euro
    if abs(after) > abs(before.amount) and (found := rate()):
        return round_money(change / found)
    if before.amount:
        return round_money(before.euro * change / before.amount)
    return round_money(change / own_rate)


def undone_by(source: str) -> str | None:
    """The source of the act that the act of this source takes back, if it does."""
    reversal = Entry.objects.filter(source=source, reverses__isnull=False)
    return reversal.values_list("reverses__source", flat=True).first()


def lines_of(
    account: Account,
    euro: Decimal,
    amount: Decimal,
    currency: str,
    *,
    case: TaxCase | None = None,
    base: Decimal | None = None,
) -> list[Posting]:
    """An amount with its worth as one line, or as two where rounding gives them other signs.

    A base whose VAT is no cent has a line as well: it is declared.
    """
    if euro * amount >= 0:
        is_told = euro or amount or base
        return [Posting(account, euro, None, case, base, currency, amount)] if is_told else []
    return [
        Posting(account, ZERO, None, case, ZERO if case else None, currency, amount),
        Posting(account, euro, None, case, base),
    ]
