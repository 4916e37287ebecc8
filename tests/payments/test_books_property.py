"""Whatever people do, the books agree and what was reported stays as it was reported."""

import datetime
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import F, Q, Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from invoicing.cancelling import cancel
from invoicing.models import Invoice
from payments.allocating import apply_credit, take_back
from payments.charging import charge_fee, take_back_fee
from payments.deducting import allowed_skonto, deductible, write_off
from payments.deducting import take_back as take_back_deduction
from payments.models import Deduction, Fee, Payment, Settlement
from payments.recording import reverse_payment
from payments.refunding import refund, return_debit
from payments.suggesting import Claim, oldest_first, skonto_taken
from tests.payments.paying import pay
from tests.trade import DAY, a_business, a_buyer, a_line, an_invoice
from workmate.errors import Problem
from workmate.ledger.errors import PERIOD_LOCKED
from workmate.ledger.models import Account, Line, MoneyAccount, OpenItem, Period
from workmate.ledger.periods import lock_period, unlock_period

CENT = Decimal("0.01")
acts = st.sampled_from(
    ["issue"] * 3
    + ["pay"] * 4
    + ["overpay"] * 2
    + ["storno", "pay_back", "reverse", "reverse", "use_credit", "take_credit_back"]
    + ["pay_with_skonto", "write_off", "take_deduction_back", "fee", "debit_returns"]
    + ["pay_and_write_off", "take_fee_back", "refund", "pay_many"]
    + ["time_passes"] * 3
    + ["lock", "lock", "unlock"]
)
steps = st.lists(st.tuples(acts, st.integers(0, 999), st.integers(0, 60)), min_size=25, max_size=40)


class Books:
    """One company with two customers; each act takes two numbers that decide everything."""

    def __init__(self):
        self.by = a_business()
        self.bank = MoneyAccount.objects.get()
        self.customers = [a_buyer(self.by) for _ in range(2)]
        self.today = DAY
        self.reported = {}

    def time_passes(self, number, days):
        self.today += datetime.timedelta(days=days)

    def issue(self, number, days):
        price = ["0.01", "9.99", "100.00", "333.33", "1000.05"][number % 5]
        lines = [a_line(price), a_line("7.77", "DE7", quantity=Decimal(1 + days))]
        skonto = [{"days": 7, "percent": "2.00"}, {"days": 14, "percent": "1.00"}]
        an_invoice(
            self.by,
            customer=self.customers[number % 2],
            lines=lines,
            cash_discounts=skonto,
            on=self.today,
        )

    def storno(self, number, days):
        if invoice := one_of(Invoice.objects.all(), number):
            self.tried(self.today, cancel, invoice, reason="Irrtum", on=self.today)

    def pay(self, number, days, more=Decimal(0)):
        if item := one_of(claims(), number):
            share = [Decimal("0.25"), Decimal("0.5"), Decimal(1)][days % 3]
            part = max(CENT, (item.outstanding * share).quantize(CENT))
            on = self.today - datetime.timedelta(days=days)
            self.tried(on, pay, self.bank, part + more, (item, part), on=on)

    def pay_with_skonto(self, number, days):
        item = one_of(claims(), number)
        invoice = item and Invoice.objects.filter(open_item=item).first()
        if not invoice:
            return
        off = min(allowed_skonto(invoice, paid_on=self.today), item.outstanding - CENT)
        if off > 0:
            part = item.outstanding - off
            parts = {"skonto": [(item, off)], "on": self.today}
            self.tried(self.today, pay, self.bank, part, (item, part), **parts)

    def pay_and_write_off(self, number, days):
        item = one_of(claims(), number)
        if item and item.outstanding > CENT:
            part = item.outstanding - CENT * min(1 + days, int(item.outstanding * 100) - 1)
            rest = [(item, item.outstanding - part)]
            parts = {"write_offs": rest, "reason": "Kleinbetrag", "on": self.today}
            self.tried(self.today, pay, self.bank, part, (item, part), **parts)

    def pay_many(self, number, days):
        """One payment over all that a customer owes, credits and all, as the form suggests."""
        customer = self.customers[number % 2]
        items = list(OpenItem.objects.open().filter(partner=customer.partner))
        allowed = deductible(items, paid_on=self.today)
        found = [
            Claim(i.pk, i.due_date, i.outstanding, allowed.get(i.pk, Decimal(0))) for i in items
        ]
        owed = sum((item.outstanding for item in items), Decimal(0))
        amount = (owed * (1 + days % 3) / 2).quantize(CENT)
        if amount <= 0:
            return
        shares = {claim: oldest_first(amount, found).get(claim.id) for claim in found}
        parts = [(i, part) for i, part in zip(items, shares.values(), strict=True) if part]
        skonto = [
            (item, skonto_taken(claim, part))
            for item, (claim, part) in zip(items, shares.items(), strict=True)
            if part and skonto_taken(claim, part)
        ]
        more = {"partner": customer.partner, "skonto": skonto, "on": self.today}
        self.tried(self.today, pay, self.bank, amount, *parts, **more)

    def take_fee_back(self, number, days):
        if fee := one_of(Fee.objects.all(), number):
            self.tried(self.today, take_back_fee, fee, on=self.today)

    def refund(self, number, days):
        if credit := one_of(OpenItem.objects.credits(), number):
            part = max(CENT, (-credit.outstanding / (1 + days % 2)).quantize(CENT))
            how = {"money_account": self.bank, "method": "transfer", "on": self.today}
            self.tried(self.today, refund, credit, part, **how)

    def write_off(self, number, days):
        if item := one_of(claims(), number):
            part = max(CENT, (item.outstanding / (1 + days % 3)).quantize(CENT))
            reason = {"reason": "uneinbringlich", "on": self.today}
            self.tried(self.today, write_off, item, part, **reason)

    def take_deduction_back(self, number, days):
        if deduction := one_of(Deduction.objects.all(), number):
            self.tried(self.today, take_back_deduction, deduction, on=self.today)

    def fee(self, number, days):
        if payment := one_of(Payment.objects.valid(), number):
            fee = {"text": "Gebühr", "on": self.today}
            self.tried(self.today, charge_fee, payment, Decimal(1 + days) / 100, **fee)

    def debit_returns(self, number, days):
        if payment := one_of(Payment.objects.valid(), number):
            back = {"reason": "Konto erloschen", "fee": CENT * (days % 2), "on": self.today}
            self.tried(self.today, return_debit, payment, **back)

    def overpay(self, number, days):
        self.pay(number, days, more=[CENT, Decimal("50.00")][number % 2])

    def pay_back(self, number, days):
        if item := one_of(OpenItem.objects.credits(), number):
            part = min(-CENT, item.outstanding / (1 + days % 2)).quantize(CENT)
            self.tried(self.today, pay, self.bank, part, (item, part), on=self.today)

    def reverse(self, number, days):
        if payment := one_of(Payment.objects.valid(), number):
            on = max(payment.received_on, self.today - datetime.timedelta(days=days))
            self.tried(on, reverse_payment, payment, on=on, reason="Irrtum")

    def use_credit(self, number, days):
        credit = one_of(OpenItem.objects.credits(), number)
        item = credit and one_of(claims().filter(partner=credit.partner), days)
        if item:
            part = min(-credit.outstanding, item.outstanding)
            self.tried(self.today, apply_credit, credit, item, part, on=self.today)

    def take_credit_back(self, number, days):
        if settlement := one_of(Settlement.objects.all(), number):
            self.tried(self.today, take_back, settlement, on=self.today)

    def lock(self, number, days):
        end = self.today.replace(day=1) - datetime.timedelta(days=1)
        if number % 2:
            end = end.replace(day=1) - datetime.timedelta(days=1)
        if self.tried(None, lock_period, end, on=self.today):
            for period in Period.objects.exclude(locked_at=None).exclude(end__in=self.reported):
                self.reported[period.end] = figures(period.end)

    def unlock(self, number, days):
        if self.reported:
            end = max(self.reported)
            unlock_period(Period.objects.get(end=end), by=self.by, reason="Beleg vergessen")
            del self.reported[end]

    def tried(self, booked_on, act, /, *args, **kwargs):
        """Act. It is refused where a locked month speaks against it, and only there for that."""
        until = max(self.reported, default=None)
        locked = bool(booked_on and until and booked_on <= until)
        result, refusal = None, ""
        try:
            result = act(*args, **kwargs, by=self.by)
        except Problem as problem:
            refusal = problem.code
        assert refusal if locked else refusal != PERIOD_LOCKED.code
        return result

    def check(self):
        """What must be true after every act."""
        with connection.cursor() as cursor:  # what a commit would decide
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        assert not total(Line.objects.all(), "amount")
        far = self.today + datetime.timedelta(days=99)
        items = list(OpenItem.objects.as_of(far))
        assert [item.outstanding for item in items] == [item.balance for item in items]
        owed = total(OpenItem.objects.all(), "outstanding")
        assert owed == Account.objects.balances(on=far).get(purpose="receivables").balance
        paid = total(Payment.objects.valid(), "amount")
        deducted = total(Deduction.objects.filter(entry__reversed_by=None), "amount")
        fees = total(Fee.objects.filter(entry__reversed_by=None), "amount")
        billed = total(Invoice.objects.all(), "gross_total")
        assert owed == billed - paid - deducted
        balances = dict(Account.objects.balances(on=far).values_list("number", "balance"))
        assert paid - fees == balances["1200"]
        assert fees == balances["4970"]
        # Revenue and VAT are what was billed less what was deducted.
        sold = ("8400", "8300", "1776", "1771", "8736", "8731", "2406", "2401")
        kept = (balances["1766"], balances["1761"])  # until what was paid is paid back
        assert min(kept) >= 0
        assert -sum(balances[number] for number in sold) - sum(kept) == billed - deducted
        self.check_items()
        for end, reported in self.reported.items():
            assert figures(end) == reported

    def check_items(self):
        """No claim falls below zero or rises above its document, no credit above zero."""
        left = F("open_item__outstanding")
        below = Q(open_item__outstanding__lt=0) | Q(gross_total__lt=left)
        assert not Invoice.objects.filter(below, gross_total__gt=0, status="issued").exists()
        above = Q(open_item__outstanding__gt=0) | Q(gross_total__gt=left)
        assert not Invoice.objects.filter(above, gross_total__lt=0, status="issued").exists()
        assert not OpenItem.objects.filter(overpayment__isnull=False, outstanding__gt=0).exists()
        for payment in Payment.objects.valid().filter(credit__isnull=False):
            assert -payment.rest <= payment.credit.outstanding <= 0
        for item in OpenItem.objects.all():
            assert item.outstanding == total(item.lines.all(), "currency_amount")


def one_of(rows, number):
    """A row chosen by a number, nothing if there is none."""
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


def claims():
    return OpenItem.objects.filter(outstanding__gt=0)


def total(rows, column):
    return rows.aggregate(total=Sum(column))["total"] or Decimal(0)


def figures(on):
    """What a report of that day says: every account, and every open item in both currencies."""
    items = OpenItem.objects.as_of(on).exclude(balance=0)
    assert set(items) == set(OpenItem.objects.open_on(on))
    return (
        dict(Account.objects.balances(on=on).values_list("number", "balance")),
        {item.pk: (item.balance, item.balance_eur) for item in items},
    )


@pytest.mark.slow
@pytest.mark.django_db
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],  # a sequence of 40 acts is readable, making it shorter takes minutes
    suppress_health_check=list(HealthCheck),
)
@given(steps)
def test_on_any_sequence_of_acts_the_books_agree(sequence):
    with transaction.atomic():
        books = Books()
        for act, number, days in sequence:
            getattr(books, act)(number, days)
            books.check()
        transaction.set_rollback(True)
