"""Whatever happens to advances and their final invoice: VAT over time is that of the supply."""

import datetime
from decimal import Decimal
from itertools import chain

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from invoicing.cancelling import cancel
from invoicing.issuing import issue
from invoicing.models import Invoice
from invoicing.totals import LineInput, compute
from payments.recording import reverse_payment
from tests.invoicing.ledger import sums
from tests.invoicing.test_advances import Case, item
from tests.trade import DAY, a_line
from workmate.models import Entry

LATER = DAY + datetime.timedelta(days=3)
CODES = {"DE19": Decimal(19), "DE7": Decimal(7)}
prices = st.decimals(min_value="0.01", max_value="999.99", places=2)
rows = st.lists(st.tuples(prices, st.sampled_from(sorted(CODES))), min_size=1, max_size=3)
stories = st.fixed_dictionaries(
    {
        "advances": st.lists(rows, min_size=1, max_size=3),
        "shares": st.lists(st.integers(0, 100), min_size=4, max_size=4),
        "reversed": st.sets(st.integers(0, 5), max_size=3),
        "end": st.sampled_from(["stands", "reversed", "cancelled", "again"]),
    }
)


def lines(found: list[tuple[Decimal, str]]) -> list[dict]:
    return [a_line(str(price), code) for price, code in found]


def vat_of(found: list[tuple[Decimal, str]]) -> dict[str, Decimal]:
    inputs = [
        LineInput(quantity=Decimal(1), unit_price=price, rate=CODES[code]) for price, code in found
    ]
    accounts = {Decimal(19): "1776", Decimal(7): "1771"}
    taxes = {accounts[group.rate]: group.tax for group in compute(inputs).groups}
    return {account: -tax for account, tax in taxes.items() if tax}


def books() -> dict[str, Decimal]:
    return sums(Entry.objects.all())


def vat() -> dict[str, Decimal]:
    return {number: total for number, total in books().items() if number in ("1776", "1771")}


@pytest.mark.django_db
@settings(max_examples=12, deadline=None)
@given(story=stories)
def test_vat_over_time_is_the_vat_of_the_whole_supply(story):
    with transaction.atomic():
        _live(story)
        transaction.set_rollback(True)


def _live(story: dict) -> None:
    case = Case()
    advances = [case.advance(*lines(found)) for found in story["advances"]]
    payments = []
    for advance, share in zip(advances * 2, story["shares"], strict=False):
        amount = (item(advance).outstanding * share / 100).quantize(Decimal("0.01"))
        if amount:
            payments.append(case.pay(str(amount), advance))
    for index in sorted(story["reversed"]):
        if index < len(payments):
            reverse_payment(payments[index], on=DAY, by=case.by, reason="zurück")
            payments[index] = None
    # The whole supply is more than the advances at every rate.
    supply = [
        *chain.from_iterable(story["advances"]),
        (Decimal("1000.01"), "DE19"),
        (Decimal("50.03"), "DE7"),
    ]
    before = vat()

    final = issue(case.final_draft(*lines(supply), of=advances), by=case.by, on=LATER)

    assert vat() == vat_of(supply)
    assert {"1593", "1711", "1718"} & set(books()) == set()
    standing = [payment for payment in payments if payment]
    if story["end"] == "reversed" and standing:
        reverse_payment(standing[0], on=LATER, by=case.by, reason="zurück")
        assert vat() == vat_of(supply)
    if story["end"] in ("cancelled", "again"):
        cancel(final, reason="Irrtum", by=case.by, on=LATER)
        assert vat() == before
    if story["end"] == "cancelled":
        for advance in advances:
            advance.refresh_from_db()
            storno = cancel(advance, reason="Irrtum", by=case.by, on=LATER)
            if back := item(storno).outstanding:
                case.pay(str(back), storno)
        assert vat() == {}
    if story["end"] == "again":
        fresh = list(Invoice.objects.filter(pk__in=[one.pk for one in advances]))
        issue(case.final_draft(*lines(supply), of=fresh), by=case.by, on=LATER)
        assert vat() == vat_of(supply)
