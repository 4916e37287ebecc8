"""A row by the names of its columns: what most formats need beside their header."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from banking.csv_formats import values
from banking.csv_formats.purpose import reference, take_apart
from banking.csv_formats.table import Cells, NotABookingError
from banking.statement import Head, Row

Signs = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which column holds what; a column that the file lacks counts as empty.

    The amount is signed in `amount`, or unsigned beside `sign` (its texts with 1 and -1), or in
    `debit` and `credit`, of which the debit may already be negative. `fee` is taken off it.
    """

    booked_on: str
    amount: str = ""
    sign: str = ""
    signs: Signs = field(default_factory=dict)
    debit: str = ""
    credit: str = ""
    fee: str = ""
    value_on: str = ""
    currency: str = ""
    name: str = ""
    iban: str = ""
    bic: str = ""
    purpose: Sequence[str] = ()
    booking_text: str = ""
    end_to_end_id: str = ""
    mandate: str = ""
    creditor_id: str = ""
    bank_reference: str = ""
    balance: str = ""
    account: str = ""
    original: tuple[str, str] | None = None
    status: str = ""
    pending: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    read_day: Callable[[str], date | None] = values.day
    read_amount: Callable[[str], Decimal | None] = values.amount
    read_balance: Callable[[str], Decimal | None] | None = None

    def read_row(self, cells: Cells) -> Row:
        """The booking in these cells; raises `NotABookingError`."""
        status = cells.get(self.status).casefold()
        if status in self.dropped:
            raise NotABookingError(f"nicht ausgeführt: „{cells.get(self.status)}“")
        booked_on = self.read_day(cells[self.booked_on])
        if booked_on is None:
            raise NotABookingError(f"kein Buchungstag: „{cells[self.booked_on][:40]}“")
        fee = self._fee(cells)
        purpose = take_apart(" ".join(cells.get(name) for name in self.purpose))
        return Row(
            line=cells.line,
            booked_on=booked_on,
            value_on=self.read_day(cells.get(self.value_on)),
            amount=self._amount(cells) - fee,
            currency=(cells.get(self.currency) or "EUR").upper(),
            counterparty_name=values.squeeze(cells.get(self.name)),
            counterparty_iban=values.iban(cells.get(self.iban)),
            counterparty_bic=values.bic(cells.get(self.bic)),
            purpose=purpose.text,
            end_to_end_id=reference(cells.get(self.end_to_end_id)) or purpose.end_to_end_id,
            mandate=reference(cells.get(self.mandate)) or purpose.mandate,
            creditor_id=reference(cells.get(self.creditor_id)) or purpose.creditor_id,
            bank_reference=reference(cells.get(self.bank_reference)),
            booking_text=values.squeeze(cells.get(self.booking_text)),
            pending=status in self.pending,
            balance_after=(self.read_balance or self.read_amount)(cells.get(self.balance)),
            account=values.account(cells.get(self.account)),
            fee=fee,
            original=self._original(cells),
            raw=tuple(cells.values),
        )

    def _amount(self, cells: Cells) -> Decimal:
        if self.amount and (text := cells.get(self.amount)):
            value = self._number(text)
            if not self.sign:
                return value
            sign = self.signs.get(cells.get(self.sign).casefold())
            if sign is None:
                raise NotABookingError(f"Vorzeichen nicht lesbar: „{cells.get(self.sign)[:40]}“")
            return sign * abs(value)
        debit = cells.get(self.debit)
        if credit := cells.get(self.credit):
            value = self._number(credit)
            if value or not debit:  # some banks fill the other side with zero
                return value
        if debit:
            return -abs(self._number(debit))
        raise NotABookingError("Betrag nicht lesbar: „“")

    def _number(self, text: str) -> Decimal:
        value = self.read_amount(text)
        if value is None:
            raise NotABookingError(f"Betrag nicht lesbar: „{text[:40]}“")
        return value

    def _fee(self, cells: Cells) -> Decimal:
        text = cells.get(self.fee)
        return self._number(text) if text else Decimal(0)

    def _original(self, cells: Cells) -> tuple[Decimal, str] | None:
        if self.original is None:
            return None
        amount = self.read_amount(cells.get(self.original[0]))
        currency = cells.get(self.original[1]).upper()
        return (amount, currency) if amount is not None and currency else None


def no_head(lines: Sequence[Sequence[str]]) -> Head:
    """The head of a file that has none."""
    return Head()


def facts_of(lines: Sequence[Sequence[str]]) -> dict[str, str]:
    """Name and value of each line of a head, colons dropped."""
    return {
        cells[0].rstrip(": "): next((cell for cell in cells[1:] if cell), "")
        for cells in lines
        if len(cells) > 1 and cells[0]
    }
