"""Bank accounts with bookings for tests; files come from `tests.banking.statements`."""

from datetime import date
from decimal import Decimal

from banking.accounts import open_account
from banking.importing import import_statement
from banking.models import BankAccount, StatementImport, Transaction
from tests.banking.statements import sparkasse_camt
from workmate.models import Company, User

IBAN = "DE89370400440532013000"
PAYER = "DE02120300000000202051"


def an_account(by: User, *, iban: str = IBAN, name: str = "Geschäftskonto") -> BankAccount:
    """A bank account, and the company whose thresholds matching asks for."""
    Company.objects.get_or_create(pk=1, defaults={"name": "Lindenhof Werkstatt"})
    return open_account(name, iban_text=iban, by=by)


def take_in(account: BankAccount, data: bytes, by: User) -> StatementImport:
    return import_statement(account, data, filename="umsaetze.csv", by=by)


def a_transaction(
    account: BankAccount,
    amount: str,
    text: str = "",
    *,
    by: User,
    name: str = "",
    iban: str = "",
    day: str = "05.10.26",
    info: str = "Umsatz gebucht",
) -> Transaction:
    """One booking, imported through a file."""
    row = {
        "Auftragskonto": account.money_account.iban,
        "Betrag": f"{Decimal(amount):.2f}".replace(".", ","),
        "Verwendungszweck": text,
        "Beguenstigter/Zahlungspflichtiger": name,
        "Kontonummer/IBAN": iban,
        "Buchungstag": day,
        "Valutadatum": day,
        "Info": info,
    }
    take_in(account, sparkasse_camt([row]), by)
    return account.transactions.latest("pk")


BOOKED_ON = date(2026, 10, 5)
