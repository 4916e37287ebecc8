"""Cash accounting in a foreign currency: each receipt at the rate of its month (§ 16 (6) UStG)."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from invoicing import errors
from invoicing.cancelling import cancel
from invoicing.models import Invoice
from invoicing.receipts import Worth, converted
from payments.deducting import allowed_skonto, take_back, write_off
from payments.models import Payment
from payments.recording import record_payment, reverse_payment
from payments.refunding import return_debit
from tests.invoicing.ledger import sums
from tests.invoicing.test_following import SKONTO, Case, item
from tests.problems import raises_problem
from tests.trade import DAY, a_line, an_invoice
from workmate.ledger import exchange_rates
from workmate.ledger.exchange_rates import Rate
from workmate.ledger.models import Entry, Line

pytestmark = pytest.mark.django_db
JUNE, JULY = datetime.date(2026, 6, 10), datetime.date(2026, 7, 10)
LATER = datetime.date(2026, 9, 1)  # a month without a rate


def rates(by: Any, **found: str) -> None:
    days = {"may": DAY, "june": JUNE, "july": JULY}
    made = [
        Rate(currency="USD", month=days[name].replace(day=1), rate=Decimal(rate))
        for name, rate in found.items()
    ]
    exchange_rates.enter(made, source="BMF", by=by)


class Dollars(Case):
    """The same business with a customer who pays in dollars; 1.25 USD are 1 EUR in May."""

    def __init__(self, **found: str) -> None:
        super().__init__()
        rates(self.by, **({"may": "1.25", "june": "1.10", "july": "1.20"} | found))

    def invoice(self, *lines: dict[str, Any], **draft: Any) -> Invoice:
        rows = list(lines) or [a_line("1000")]
        header = {"currency": "USD", "buyer_reference": "B 7", "customer": self.customer} | draft
        return an_invoice(self.by, lines=rows, **header)

    def come(self, amount: str, invoice: Invoice, on: datetime.date = JUNE, **more: Any) -> Payment:
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
            **more,
        )


def books(*numbers: str) -> list[str]:
    """What stands on these accounts, a liability positive."""
    everything = sums(Entry.objects.all())
    return [str(-everything.get(number, Decimal("0.00"))) for number in numbers]


def test_each_receipt_is_converted_at_the_rate_of_its_month():
    case = Dollars()
    invoice = case.invoice()
    assert books("1766", "1776") == ["152.00", "0.00"]
    case.come("595", invoice)  # 95 USD of VAT at 1.10
    assert books("1766", "1776") == ["76.00", "86.36"]
    case.come("595", invoice, JULY)  # at 1.20
    assert books("1766", "1776") == ["0.00", "165.53"]
    entries = Entry.objects.filter(act="vat.fell_due").order_by("pk")
    assert sums(entries[:1]) == {
        "1766": Decimal("76.00"),
        "1776": Decimal("-86.36"),
        "2150": Decimal("10.36"),
    }
    line = Line.objects.filter(account__number="1776").order_by("pk")[0]
    assert (line.currency, line.currency_amount, line.tax_base) == (
        "USD",
        Decimal("-95.00"),
        Decimal("-454.55"),
    )


def test_a_month_without_a_rate_is_told_and_nothing_is_booked():
    case = Dollars()
    invoice = case.invoice()
    with raises_problem(errors.RECEIPT_RATE_MISSING) as caught:
        case.come("595", invoice, LATER)
    assert "USD im Monat 09/2026 fehlt" in str(caught.value.message)
    assert not Payment.objects.exists()
    assert item(invoice).outstanding == Decimal("1190.00")


def test_undoing_takes_back_what_that_payment_brought_and_needs_no_rate():
    case = Dollars()
    invoice = case.invoice()
    first = case.come("595", invoice)
    second = case.come("300", invoice, JULY)
    reverse_payment(first, on=LATER, by=case.by, reason="Irrtum")
    assert books("1776") == ["39.92"]  # 47.90 USD at 1.20
    return_debit(second, on=LATER, by=case.by, reason="Widerspruch")
    assert books("1766", "1776") == ["152.00", "0.00"]


def test_what_was_paid_and_cancelled_goes_back_with_the_refund():
    case = Dollars()
    invoice = case.invoice()
    case.come("500", invoice)
    storno = cancel(invoice, reason="Irrtum", by=case.by, on=LATER)
    assert books("1776") == ["72.57"]  # 79.83 USD at 1.10
    case.come("-500", storno, LATER)
    assert books("1766", "1776", "1400", "8400") == ["0.00"] * 4


def test_a_correction_before_the_payment_leaves_the_rest():
    case = Dollars()
    invoice = case.invoice(a_line("1000"), a_line("77.77", "DE7"))
    case.correct(invoice, a_line("77.77", "DE7"))
    case.come("1190", invoice)
    assert books("1766", "1761", "1776", "1771") == ["0.00", "0.00", "172.73", "0.00"]


def test_skonto_and_what_is_written_off_never_fall_due():
    case = Dollars()
    invoice = case.invoice(cash_discounts=SKONTO)
    off = allowed_skonto(invoice, paid_on=DAY)
    case.come(str(1190 - off), invoice, DAY, skonto=[(item(invoice), off)])
    assert books("1766", "1776") == ["0.00", "148.96"]  # 186.20 USD at 1.25
    second = case.invoice()
    case.come("595", second)
    given_up = write_off(item(second), Decimal(595), reason="Insolvenz", on=LATER, by=case.by)
    assert books("1766", "1776") == ["0.00", "235.32"]
    take_back(given_up, on=LATER, by=case.by)
    assert books("1766", "1776") == ["76.00", "235.32"]


rate = st.decimals(min_value="0.5", max_value=20, places=4)
cents = st.integers(1, 99999).map(lambda number: Decimal(number) / 100)
acts = st.sampled_from(["pay", "pay", "undo", "write off", "take back"])
stories = st.fixed_dictionaries(
    {
        "lines": st.lists(
            st.tuples(cents, st.sampled_from(["DE19", "DE7"])), min_size=1, max_size=3
        ),
        "rates": st.tuples(rate, rate, rate),
        "acts": st.lists(st.tuples(acts, st.integers(1, 80)), max_size=5),
        "corrected": st.integers(0, 3),
        "end": st.sampled_from(["paid", "written off", "cancelled"]),
    }
)


@settings(max_examples=15, deadline=None)
@given(story=stories)
def test_whatever_happens_nothing_waits_once_all_is_settled(story):
    with transaction.atomic():
        _live(story)
        transaction.set_rollback(True)


def _live(story: dict[str, Any]) -> None:
    names = zip(("may", "june", "july"), map(str, story["rates"]), strict=True)
    case = Dollars(**dict(names))
    lines = [a_line(str(price), code) for price, code in story["lines"]]
    invoice = case.invoice(*lines)
    paid, given_up = [], []
    for act, share in story["acts"]:
        part = (item(invoice).outstanding * share / 100).quantize(Decimal("0.01"))
        if act == "pay" and part:
            paid.append(case.come(str(part), invoice, JUNE if share % 2 else JULY))
        elif act == "write off" and part:
            given_up.append(write_off(item(invoice), part, reason="x", on=JULY, by=case.by))
        elif act == "undo" and paid:
            reverse_payment(paid.pop(share % len(paid)), on=LATER, by=case.by, reason="x")
        elif act == "take back" and given_up:
            take_back(given_up.pop(), on=LATER, by=case.by)
    documents = [invoice]
    if story["end"] == "cancelled":
        for one in given_up:
            take_back(one, on=LATER, by=case.by)
        documents.append(cancel(invoice, reason="Irrtum", by=case.by, on=LATER))
    elif 0 < story["corrected"] <= len(lines) and not given_up:
        documents.append(case.correct(invoice, lines[story["corrected"] - 1]))
    if rest := item(invoice).outstanding:
        if story["end"] == "written off":
            write_off(item(invoice), rest, reason="Insolvenz", on=LATER, by=case.by)
        else:
            case.come(str(rest), invoice, JULY)
    for one in documents:
        if (back := item(one).outstanding) < 0:
            case.come(str(back), one, LATER)
    everything = sums(Entry.objects.all())
    assert {"1766", "1761", "1400"} & set(everything) == set()
    if story["end"] == "cancelled":
        assert {"1776", "1771", "8400", "8300"} & set(everything) == set()
    if story["end"] == "written off" and not paid:
        assert {"1776", "1771"} & set(everything) == set()


amounts = st.integers(-99999, 99999).map(lambda number: Decimal(number) / 100)


@given(changes=st.lists(st.tuples(amounts, st.none() | rate), max_size=8), own=rate)
def test_what_came_and_went_is_worth_nothing(changes, own):
    now = Worth()
    for change, known in [*changes, (-sum((one for one, _ in changes), Decimal(0)), None)]:
        euro = converted(change, now, None, rate=lambda known=known: known, own_rate=own)
        now = Worth(amount=now.amount + change, euro=now.euro + euro)
    assert now == Worth()
