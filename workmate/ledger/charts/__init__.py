"""The chart of accounts: loading SKR03 or SKR04 and finding accounts by what they are for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction

from workmate.ledger import errors
from workmate.ledger.charts.accounts import ACCOUNTS, ADVANCES, NOT_DUE, OTHER_ADVANCES
from workmate.ledger.charts.tax_cases import TAX_CASES, fields
from workmate.ledger.models import Account, TaxCase
from workmate.models.company import Company

Key = TypeVar("Key")
CHARTS = tuple(Company.Chart.values)


@dataclass(frozen=True)
class SaleAccounts:
    """Where the net amount of a sale goes, and its tax."""

    revenue: Account
    tax: Account | None


@transaction.atomic
def load(chart: str) -> None:
    """Create the accounts of SKR03 or SKR04 and the tax cases; what exists stays as it is.

    Raises OTHER_CHART when the books were begun with the other chart.
    """
    if chart not in CHARTS:
        raise ValueError(f"{chart!r} is not a chart")
    begun = loaded()
    if begun and begun != chart:
        raise errors.OTHER_CHART(chart=begun)
    Account.objects.bulk_create(
        (
            Account(
                number=getattr(row, chart.lower()),
                name=row.name,
                kind=row.kind,
                purpose=row.purpose,
                datev_automatic=row.automatic,
                vat_code=row.vat_code,
            )
            for row in ACCOUNTS
        ),
        ignore_conflicts=True,
    )
    load_tax_cases()


def load_tax_cases() -> None:
    """Create the tax cases that are missing."""
    TaxCase.objects.bulk_create(
        (TaxCase(**fields(position, case)) for position, case in enumerate(TAX_CASES, 1)),
        ignore_conflicts=True,
    )


def loaded() -> str:
    """The chart of these books, "" before one is loaded; told by the number for receivables."""
    number = Account.objects.filter(purpose="receivables").values_list("number", flat=True).first()
    return {"1400": "SKR03", "1200": "SKR04"}.get(number or "", "")


def account(purpose: str) -> Account:
    """The account for a purpose such as `receivables`, `bank`, `fees`; raises ACCOUNT_MISSING."""
    found = Account.objects.filter(purpose=purpose).first()
    if found is None:
        raise errors.ACCOUNT_MISSING(account=purpose)
    return found


def numbered(number: str) -> Account:
    """The account with this number; raises ACCOUNT_MISSING."""
    found = Account.objects.filter(number=number).first()
    if found is None:
        raise errors.ACCOUNT_MISSING(account=number)
    return found


def sale_accounts(
    cases: Iterable[TaxCase], chart: str = "", *, not_due: bool = False
) -> dict[str, SaleAccounts]:
    """Where sales go, by the code of the tax case, in one query; raises ACCOUNT_MISSING.

    `chart` is the chart of these books, for whoever knows it already. With `not_due` the tax waits
    for the money (§ 20 UStG).
    """
    found = sale_accounts_of([(case, "") for case in cases], chart, not_due=not_due)
    return {code: accounts for (code, _), accounts in found.items()}


def sale_accounts_of(
    sales: Iterable[tuple[TaxCase, str]], chart: str = "", *, not_due: bool = False
) -> dict[tuple[str, str], SaleAccounts]:
    """Where sales go by tax case and the revenue account that a product names, "" for none.

    Like `sale_accounts` otherwise, in one query too.
    """
    chart = _chart(chart)
    numbers = {}
    for case, own in sales:
        revenue, tax = _sale_numbers(case, chart, not_due=not_due)
        numbers[case.code, own] = (own or revenue, tax)
    return _found(numbers)


def advance_accounts(
    cases: Iterable[TaxCase], chart: str = "", *, not_due: bool = False
) -> dict[str, SaleAccounts]:
    """Where advances received go instead of revenue, like `sale_accounts`."""
    chart = _chart(chart)
    numbers = {}
    for case in cases:
        pair = ADVANCES.get(int(case.rate), OTHER_ADVANCES)
        tax = _sale_numbers(case, chart, not_due=not_due)[1]
        numbers[case.code] = (pair[chart == "skr04"], tax)
    return _found(numbers)


def advance_clearing() -> Account:
    """The account that holds what advance invoices ask for until it is received."""
    return account("advance_clearing")


def _chart(chart: str) -> str:
    chart = (chart or loaded()).lower()
    if not chart:
        raise errors.ACCOUNT_MISSING(account="receivables")
    return chart


def _found(numbers: dict[Key, tuple[str, str]]) -> dict[Key, SaleAccounts]:
    wanted = {number for one in numbers.values() for number in one if number}
    found = Account.objects.in_bulk(wanted, field_name="number")
    if missing := sorted(wanted - set(found)):
        raise errors.ACCOUNT_MISSING(account=missing[0])
    return {
        key: SaleAccounts(found[revenue], found.get(tax)) for key, (revenue, tax) in numbers.items()
    }


def _sale_numbers(case: TaxCase, chart: str, *, not_due: bool) -> tuple[str, str]:
    tax = getattr(case, f"tax_{chart}") if case.rate else ""
    return getattr(case, f"revenue_{chart}"), NOT_DUE.get(tax, tax) if not_due else tax
