import datetime
from decimal import Decimal

import pytest

from tests.books import a_user, books
from tests.problems import raises_problem
from tests.threads import at_once
from workmate.ledger import charts, errors
from workmate.ledger.charts.accounts import ACCOUNTS
from workmate.ledger.charts.tax_cases import TAX_CASES
from workmate.ledger.models import Account, MoneyAccount, Partner, TaxCase
from workmate.ledger.money_accounts import open_money_account, proposed_number
from workmate.ledger.partners import open_partner

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 5, 4)


@pytest.mark.parametrize("chart", ["SKR03", "SKR04"])
def test_loading_twice_creates_every_account_once(chart):
    charts.load(chart)
    charts.load(chart)
    assert Account.objects.count() == len(ACCOUNTS)
    assert TaxCase.objects.count() == len(TAX_CASES)
    assert charts.loaded() == chart


@pytest.mark.parametrize("chart", ["skr03", "skr04"])
def test_every_account_number_and_purpose_stands_once_in_a_chart(chart):
    numbers = [getattr(row, chart) for row in ACCOUNTS]
    purposes = [row.purpose for row in ACCOUNTS if row.purpose]
    assert len(set(numbers)) == len(numbers)
    assert len(set(purposes)) == len(purposes)


def test_the_chart_cannot_be_changed_once_it_is_loaded():
    charts.load("SKR03")
    with raises_problem(errors.OTHER_CHART):
        charts.load("SKR04")


def test_without_a_chart_the_user_is_told_what_is_missing():
    with raises_problem(errors.ACCOUNT_MISSING):
        charts.account("receivables")


@pytest.mark.parametrize("chart", ["SKR03", "SKR04"])
def test_every_tax_case_finds_its_accounts(chart):
    charts.load(chart)
    for case in TaxCase.objects.all():
        found = charts.sale_accounts([case])[case.code]
        passed_on = case.code == "PASS_THROUGH"  # somebody else's money
        assert found.revenue.kind == (Account.Kind.ASSET if passed_on else Account.Kind.REVENUE)
        assert (found.tax is None) == (case.rate == 0)


@pytest.mark.parametrize(
    ("chart", "expected"),
    [("SKR03", ("8400", "1776")), ("SKR04", ("4400", "3806"))],
)
def test_nineteen_percent_goes_to_the_accounts_of_the_chart(chart, expected):
    charts.load(chart)
    case = TaxCase.objects.get(code="DE19")
    found = charts.sale_accounts([case])["DE19"]
    assert (found.revenue.number, found.tax.number) == expected


def test_all_accounts_of_a_sale_are_found_with_one_question(django_assert_num_queries):
    charts.load("SKR03")
    cases = list(TaxCase.objects.filter(code__in=["DE19", "DE7", "EXPORT"]))
    with django_assert_num_queries(1):
        found = charts.sale_accounts(cases, "SKR03")
    assert {code: one.revenue.number for code, one in found.items()} == {
        "DE19": "8400",
        "DE7": "8300",
        "EXPORT": "8120",
    }


def test_tax_cases_are_there_from_the_first_migration_on():
    assert set(TaxCase.objects.on(DAY).values_list("code", "category", "rate")) == {
        ("DE19", "S", Decimal("19.00")),
        ("DE7", "S", Decimal("7.00")),
        ("DE0", "Z", Decimal("0.00")),
        ("EXPORT", "G", Decimal("0.00")),
        ("EU_SUPPLY", "K", Decimal("0.00")),
        ("EU_SERVICE", "AE", Decimal("0.00")),
        ("RC13B", "AE", Decimal("0.00")),
        ("SMALL19", "E", Decimal("0.00")),
        ("DE7FOOD", "S", Decimal("7.00")),
        ("RC13B_GOODS", "AE", Decimal("0.00")),
        ("THIRD_SERVICE", "O", Decimal("0.00")),
        ("THIRD_PRIVATE", "O", Decimal("0.00")),
        ("DAMAGES", "O", Decimal("0.00")),
        ("PASS_THROUGH", "O", Decimal("0.00")),
        ("EXEMPT", "E", Decimal("0.00")),
        ("EXEMPT_11", "E", Decimal("0.00")),
        ("EXEMPT_12", "E", Decimal("0.00")),
        ("EXEMPT_14", "E", Decimal("0.00")),
        ("EXEMPT_21", "E", Decimal("0.00")),
    }


def test_a_case_is_in_force_from_its_first_day_on():
    before = TaxCase.objects.on(datetime.date(2024, 12, 31))
    assert not before.filter(code="SMALL19")
    assert before.filter(code="DE19")


def test_exempt_cases_say_why_and_taxed_ones_do_not():
    for case in TaxCase.objects.all():
        assert bool(case.reason) == (case.category in {"G", "K", "AE", "E", "O"})
        assert case.explanation
        assert case.source


def test_bank_accounts_get_the_numbers_of_their_range():
    user = books()
    numbers = [open_money_account(f"Bank {n}", by=user).account.number for n in range(3)]
    cash = open_money_account("Kasse", kind=MoneyAccount.Kind.CASH, by=user)
    card = open_money_account("Karte", kind=MoneyAccount.Kind.CARD, by=user)
    savings = open_money_account("Tagesgeld", kind=MoneyAccount.Kind.SAVINGS, by=user)
    assert numbers == ["1200", "1201", "1202"]
    assert (cash.account.number, card.account.number) == ("1000", "1730")
    assert (savings.account.number, card.account.kind) == ("1203", "liability")


def test_a_savings_account_leaves_the_account_of_the_chart_to_the_current_account():
    user = books("SKR04")
    kinds = MoneyAccount.Kind
    assert [proposed_number(kind) for kind in (kinds.BANK, kinds.SAVINGS, kinds.CARD)] == [
        "1800",
        "1801",
        "3610",
    ]
    savings = open_money_account("Tagesgeld", kind=kinds.SAVINGS, by=user)
    giro = open_money_account("Giro", by=user)
    assert (savings.account.number, giro.account.number) == ("1801", "1800")
    assert proposed_number(kinds.BANK) == "1802"


@pytest.mark.django_db(transaction=True)
def test_accounts_opened_at_once_get_a_number_each():
    user = books()
    made = at_once(lambda n: open_money_account(f"Bank {n}", by=user).account.number, 6)
    assert sorted(made) == ["1200", "1201", "1202", "1203", "1204", "1205"]


def test_debtors_and_creditors_are_numbered_in_their_ranges():
    a_user()
    made = [
        open_partner(kind, "Muster").number
        for kind in (Partner.Kind.CUSTOMER, Partner.Kind.SUPPLIER, Partner.Kind.CUSTOMER)
    ]
    assert made == ["10000", "70000", "10001"]


def test_a_full_range_is_reported():
    open_partner(Partner.Kind.CUSTOMER, "Letzter", number="69999")
    with raises_problem(errors.NUMBERS_USED_UP):
        open_partner(Partner.Kind.CUSTOMER, "Einer zu viel")
