"""What counts for the limits of § 19 UStG, and when they warn."""

import datetime
from decimal import Decimal

import pytest

from invoicing.cancelling import cancel
from tests.books import signed_in
from tests.trade import DAY, a_business, a_buyer, a_line, an_invoice
from workmate.ledger import turnover
from workmate.ledger.turnover import Limit
from workmate.models import Company

pytestmark = pytest.mark.django_db


def amounts(on=DAY):
    found = turnover.limits(on)
    return found.before.amount, found.year.amount


def test_what_is_billed_counts_net_in_its_year_and_a_cancelled_invoice_does_not():
    owner = a_business(small_business=True)
    an_invoice(owner, lines=[a_line("40000", code="SMALL19")])
    wrong = an_invoice(owner, lines=[a_line("500", code="SMALL19")])
    assert amounts() == (0, Decimal("40500.00"))
    cancel(wrong, reason="Falsch", by=owner, on=DAY)
    assert amounts() == (0, Decimal("40000.00"))
    assert amounts(datetime.date(2027, 1, 1)) == (Decimal("40000.00"), 0)


def test_taxed_sales_of_the_year_count_without_their_vat():
    owner = a_business()
    an_invoice(owner, lines=[a_line("100"), a_line("50", code="DE7")])
    assert amounts() == (0, Decimal("150.00"))


@pytest.mark.parametrize("code", ["EXEMPT_14", "DAMAGES", "PASS_THROUGH"])
def test_what_the_law_leaves_out_does_not_count(code):
    owner = a_business()
    an_invoice(owner, lines=[a_line("100", code=code)])
    assert amounts() == (0, 0)


def test_services_abroad_do_not_count():
    owner = a_business()
    buyer = a_buyer(owner, country="NL", vat_id="NL004495445B01")
    an_invoice(owner, customer=buyer, lines=[a_line(code="EU_SERVICE")])
    assert amounts() == (0, 0)


@pytest.mark.parametrize(
    ("amount", "percent", "tone", "passed"),
    [
        ("-5", 0, "", False),
        ("0", 0, "", False),
        ("79999.99", 79, "", False),
        ("80000", 80, "attention", False),
        ("94999.99", 94, "attention", False),
        ("95000", 95, "negative", False),
        ("99999.99", 99, "negative", False),
        ("100000", 100, "negative", False),
        ("100000.01", 100, "negative", True),
    ],
)
def test_the_warning_grows_with_the_turnover(amount, percent, tone, passed):
    limit = Limit(year=2026, amount=Decimal(amount), limit=turnover.LIMIT_YEAR)
    assert (limit.percent, limit.tone, limit.is_passed) == (percent, tone, passed)


def test_overview_and_company_page_show_the_meter_to_a_small_business_only():
    owner = a_business(small_business=True)
    an_invoice(owner, on=DAY, lines=[a_line("100", code="SMALL19")])
    client = signed_in("Inhaber")
    for address in ("/", "/einstellungen/unternehmen/"):
        assert "Umsatz im laufenden Jahr" in client.get(address).text
    Company.objects.update(small_business=False)
    for address in ("/", "/einstellungen/unternehmen/"):
        assert "Umsatz im laufenden Jahr" not in client.get(address).text
