"""Advances in a foreign currency: taxed at the rate of the month in which the money came."""

from decimal import Decimal
from itertools import chain
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from invoicing import errors, gate
from invoicing.cancelling import cancel
from invoicing.issuing import issue
from invoicing.models import Invoice
from invoicing.offering import offers
from invoicing.snapshot import Snapshot
from payments.models import Payment
from payments.recording import record_payment, reverse_payment
from tests.books import signed_in
from tests.invoicing.ledger import booked, sums
from tests.invoicing.test_advances import Case, item
from tests.invoicing.test_foreign_receipts import JULY, JUNE, LATER, books, rates
from tests.problems import raises_problem
from tests.trade import DAY, a_line, an_authority
from workmate.ledger.models import Entry, Line

pytestmark = pytest.mark.django_db
HEADER = {"currency": "USD", "buyer_reference": "B 7"}


class Dollars(Case):
    """The same business and a customer who pays in dollars; 1.25 USD are 1 EUR in May."""

    def __init__(self, **found: str) -> None:
        super().__init__()
        rates(self.by, **({"may": "1.25", "june": "1.10", "july": "1.20"} | found))

    def advance(self, *lines: dict[str, Any], **draft: Any) -> Invoice:
        return super().advance(*lines, **(HEADER | draft))

    def final_draft(self, *lines: dict[str, Any], of: Any = (), **header: Any) -> Invoice:
        return super().final_draft(*lines, of=of, **(HEADER | {"supply_date": JULY} | header))

    def final(self, *lines: dict[str, Any], of: Any = ()) -> Invoice:
        return issue(self.final_draft(*lines, of=of), by=self.by, on=JULY)

    def come(self, amount: str, invoice: Invoice, on: Any = JUNE) -> Payment:
        """So many dollars, which the bank has changed at 1 to 1."""
        return record_payment(
            money_account=self.bank,
            received_on=on,
            amount=Decimal(amount),
            method="transfer",
            allocations=[(item(invoice), Decimal(amount))],
            currency="USD",
            euro=Decimal(amount),
            by=self.by,
        )


def test_an_advance_is_taxed_at_the_rate_of_the_month_in_which_it_was_paid():
    case = Dollars()
    advance = case.advance()
    assert booked(advance) == {"1400": Decimal("952.00"), "1593": Decimal("-952.00")}
    case.come("1190", advance)
    assert books("1718", "1776", "1593", "1400") == ["909.09", "172.73", "0.00", "0.00"]
    received = Entry.objects.get(act="advances.received")
    assert sums([received])["2150"] == Decimal("129.82")
    line = received.lines.get(account__number="1776")
    assert (line.currency, line.currency_amount, line.tax_base) == (
        "USD",
        Decimal("-190.00"),
        Decimal("-909.09"),
    )


@pytest.mark.parametrize("authority", [False, True])
def test_the_final_invoice_taxes_the_rest_at_its_own_rate(authority):
    case = Dollars()
    if authority:
        case.customer = an_authority(case.by)
    advance = case.advance()
    case.come("1190", advance)

    final = case.final(of=[advance])

    totals = Snapshot.from_json(final.snapshot).einvoice.totals
    assert (totals.tax_total, totals.tax_total_accounting) == (
        Decimal("760.00"),
        Decimal("633.33"),
    )
    assert booked(final) == {
        "1400": Decimal("3966.66"),
        "8400": Decimal("-4242.42"),
        "1718": Decimal("909.09"),
        "1776": Decimal("-633.33"),
    }
    assert books("1776", "1718", "1593", "8400") == ["806.06", "0.00", "0.00", "4242.42"]
    for document in (advance, final):
        assert [offer.reasons for offer in offers(document)] == [(), (), ()]


def test_what_was_not_paid_of_an_advance_is_asked_for_by_the_final_invoice():
    case = Dollars()
    advance = case.advance()
    case.come("333.33", advance)
    final = case.final(of=[advance])
    assert item(final).outstanding == Decimal("5616.67")
    assert item(advance).outstanding == 0
    assert books("1718", "1593", "1776") == ["0.00", "0.00", "795.70"]  # 48.38 and 747.32
    before = books("1400")
    storno = cancel(final, reason="Irrtum", by=case.by, on=LATER)
    assert Snapshot.from_json(storno.snapshot).einvoice.totals.tax_total_accounting == Decimal(
        "-747.32"
    )
    assert item(advance).outstanding == Decimal("856.67")
    assert books("1776", "8400") == ["48.38", "0.00"]
    assert books("1400") != before


def test_a_month_without_a_rate_is_told_and_nothing_is_booked():
    case = Dollars()
    advance = case.advance()
    with raises_problem(errors.RECEIPT_RATE_MISSING):
        case.come("1190", advance, LATER)
    assert not Payment.objects.exists()


def test_a_paid_advance_that_is_cancelled_gives_all_of_it_back_with_the_refund():
    case = Dollars()
    advance = case.advance()
    case.come("595", advance)
    case.come("595", advance, JULY)
    storno = cancel(advance, reason="Irrtum", by=case.by, on=LATER)
    assert books("1776") == ["165.53"]
    case.come("-1190", storno, LATER)
    assert books("1718", "1776", "1593", "1400") == ["0.00"] * 4


def test_an_advance_in_another_currency_is_not_deducted():
    case = Dollars()
    advance = case.advance()
    draft = case.final_draft(of=[advance], currency="EUR")
    assert "lautet auf USD" in gate.check(draft, on=DAY).fields()["advances"][0]


def test_pages_say_the_currency_and_the_vat_in_euro():
    case = Dollars()
    advance = case.advance()
    case.come("1190", advance)
    final = case.final(of=[advance])
    page = signed_in("Buchhaltung").get(final.get_absolute_url()).text
    for text in ("4.760,00", "633,33", "abzüglich Abschlagsrechnung"):
        assert text in page, text


rate = st.decimals(min_value="0.5", max_value=20, places=4)
prices = st.decimals(min_value="0.01", max_value="999.99", places=2)
rows = st.lists(st.tuples(prices, st.sampled_from(["DE19", "DE7"])), min_size=1, max_size=3)
stories = st.fixed_dictionaries(
    {
        "rates": st.tuples(rate, rate, rate),
        "advances": st.lists(rows, min_size=1, max_size=2),
        "shares": st.lists(st.integers(0, 100), min_size=3, max_size=3),
        "reversed": st.sets(st.integers(0, 3), max_size=2),
        "end": st.sampled_from(["stands", "cancelled", "again"]),
    }
)


@settings(max_examples=10, deadline=None)
@given(story=stories)
def test_vat_and_ledger_close_whatever_happens(story):
    with transaction.atomic():
        _live(story)
        transaction.set_rollback(True)


def lines(found: Any) -> list[dict[str, Any]]:
    return [a_line(str(price), code) for price, code in found]


def due() -> tuple[Decimal, Decimal]:
    """VAT that is due, in EUR and in USD."""
    found = Line.objects.filter(account__number__in=["1776", "1771"])
    dollars = [line.currency_amount for line in found if line.currency == "USD"]
    return -sum((line.amount for line in found), Decimal(0)), -sum(dollars, Decimal(0))


def _live(story: dict[str, Any]) -> None:
    names = zip(("may", "june", "july"), map(str, story["rates"]), strict=True)
    case = Dollars(**dict(names))
    advances = [case.advance(*lines(found)) for found in story["advances"]]
    paid: list[Payment | None] = []
    for index, share in enumerate(story["shares"]):
        advance = advances[index % len(advances)]
        part = (item(advance).outstanding * share / 100).quantize(Decimal("0.01"))
        if part:
            paid.append(case.come(str(part), advance, (JUNE, JULY)[index % 2]))
    for index in sorted(story["reversed"]):
        if index < len(paid):
            reverse_payment(paid[index], on=LATER, by=case.by, reason="zurück")
    before = due()
    supply = [
        *chain.from_iterable(story["advances"]),
        (Decimal("1000.01"), "DE19"),
        (Decimal("50.03"), "DE7"),
    ]

    def bill() -> Invoice:
        fresh = list(Invoice.objects.filter(pk__in=[one.pk for one in advances]))
        return issue(case.final_draft(*lines(supply), of=fresh), by=case.by, on=LATER)

    def check(final: Invoice) -> None:
        totals = Snapshot.from_json(final.snapshot).einvoice.totals
        # All VAT: that of each receipt at its rate, that of the rest at the final invoice's.
        assert due()[0] == before[0] + totals.tax_total_accounting
        assert due()[1] == before[1] + totals.tax_total
        assert {"1593", "1711", "1718"} & set(sums(Entry.objects.all())) == set()

    final = bill()
    check(final)
    if story["end"] != "stands":
        cancel(final, reason="Irrtum", by=case.by, on=LATER)
        assert due() == before
    if story["end"] == "again":
        check(final := bill())
    if story["end"] == "cancelled":
        for advance in advances:
            advance.refresh_from_db()
            storno = cancel(advance, reason="Irrtum", by=case.by, on=LATER)
            if back := item(storno).outstanding:
                case.come(str(back), storno, LATER)
        assert due() == (0, 0)
    elif rest := item(final).outstanding:
        case.come(str(rest), final, LATER)
    everything = sums(Entry.objects.all())
    assert {"1593", "1711", "1718", "1400"} & set(everything) == set()
    if story["end"] == "cancelled":
        assert {"8400", "8300"} & set(everything) == set()
