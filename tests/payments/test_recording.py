import datetime
from decimal import Decimal

import pytest
from django.db import Error, transaction

from payments import errors
from payments.allocating import apply_credit
from payments.models import Allocation, Payment
from payments.recording import reverse_payment
from tests.books import DAY, a_bank, a_claim, a_customer
from tests.payments.paying import owed, pay
from tests.problems import raises_problem
from tests.threads import at_once
from workmate.errors import Problem
from workmate.ledger import errors as ledger_errors
from workmate.ledger.models import Account, OpenItem
from workmate.ledger.periods import lock_period
from workmate.ledger.posting import open_day
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
LATER = datetime.date(2026, 6, 20)


def balance(number, on=LATER):
    return str(Account.objects.balances(on=on).get(number=number).balance)


def test_a_payment_settles_its_invoice(by, bank, customer):
    invoice = a_claim("119.00", by=by, partner=customer, number="RE-2026-0001")
    payment = pay(bank, "119.00", (invoice, "119.00"), by=by)
    assert owed(invoice) == ["0.00"]
    assert payment.partner == customer
    assert payment.entry.text == "Zahlung Muster GmbH RE-2026-0001"
    assert (balance("1200"), balance("1400")) == ("119.00", "0.00")


def test_a_part_leaves_the_rest_open(by, bank):
    invoice = a_claim("119.00", by=by)
    pay(bank, "19.00", (invoice, "19.00"), by=by)
    pay(bank, "50.00", (invoice, "50.00"), by=by, on=LATER)
    assert owed(invoice) == ["50.00"]
    before = OpenItem.objects.as_of(LATER - datetime.timedelta(days=1)).get(pk=invoice.pk)
    assert str(before.balance) == "100.00"


def test_one_payment_settles_several_invoices(by, bank, customer):
    first, second = (a_claim(amount, by=by, partner=customer) for amount in ("100.00", "50.00"))
    payment = pay(bank, "120.00", (first, "100.00"), (second, "20.00"), by=by)
    assert owed(first, second) == ["0.00", "30.00"]
    assert payment.rest == 0
    assert payment.credit is None


def test_what_is_paid_too_much_is_a_visible_credit(by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer)
    payment = pay(bank, "130.00", (invoice, "100.00"), by=by)
    assert owed(invoice, payment.credit) == ["0.00", "-30.00"]
    assert str(payment.credit) == "Guthaben Muster GmbH"
    assert list(OpenItem.objects.credits()) == [payment.credit]
    assert payment.rest == Decimal("30.00")


def test_money_without_an_invoice_is_a_credit_of_the_customer(by, bank, customer):
    payment = pay(bank, "30.00", by=by, partner=customer)
    assert owed(payment.credit) == ["-30.00"]


def test_a_rest_without_a_customer_is_refused(by, bank):
    with raises_problem(errors.WHO_PAID):
        pay(bank, "30.00", by=by)
    invoices = [a_claim("10.00", by=by, partner=a_customer()) for _ in range(2)]
    with raises_problem(errors.WHO_PAID):
        pay(bank, "30.00", *((item, "10.00") for item in invoices), by=by)
    assert not Payment.objects.exists()


def test_a_customer_may_deduct_a_credit(by, bank, customer):
    invoice = a_claim("119.00", by=by, partner=customer)
    storno = a_claim("-19.00", by=by, partner=customer)
    pay(bank, "100.00", (invoice, "119.00"), (storno, "-19.00"), by=by)
    assert owed(invoice, storno) == ["0.00", "0.00"]


def test_a_credit_is_paid_back_with_a_negative_amount(by, bank, customer):
    credit = pay(bank, "30.00", by=by, partner=customer).credit
    refund = pay(bank, "-30.00", (credit, "-30.00"), by=by, on=LATER)
    assert owed(credit) == ["0.00"]
    assert refund.entry.text.startswith("Auszahlung")
    assert balance("1200") == "0.00"


def test_paying_out_more_than_the_credit_is_refused(by, bank, customer):
    credit = pay(bank, "30.00", by=by, partner=customer).credit
    with raises_problem(errors.MORE_THAN_PAID):
        pay(bank, "-40.00", (credit, "-30.00"), by=by)


def test_no_more_is_allocated_than_is_open(by, bank):
    invoice = a_claim("100.00", by=by, number="RE-7")
    with raises_problem(errors.ALLOCATED_TOO_MUCH) as refusal:
        pay(bank, "200.00", (invoice, "100.01"), by=by)
    assert refusal.value.message == "Auf RE-7 sind nur noch 100,00 EUR offen."
    with raises_problem(errors.ALLOCATED_TOO_MUCH):
        pay(bank, "-10.00", (invoice, "-10.00"), by=by)
    with raises_problem(errors.ALLOCATED_TOO_MUCH):
        pay(bank, "10.00", (invoice, "0.00"), by=by)


def test_no_more_is_allocated_than_was_paid(by, bank):
    invoice = a_claim("100.00", by=by)
    with raises_problem(errors.MORE_THAN_PAID) as refusal:
        pay(bank, "90.00", (invoice, "100.00"), by=by)
    assert "10,00 EUR" in refusal.value.advice


def test_nothing_is_no_payment(by, bank, customer):
    with raises_problem(errors.NOTHING_PAID):
        pay(bank, "0.00", by=by, partner=customer)


def test_an_item_is_named_once(by, bank):
    invoice = a_claim("100.00", by=by)
    with raises_problem(errors.ALLOCATED_TWICE):
        pay(bank, "100.00", (invoice, "50.00"), (invoice, "50.00"), by=by)


def test_currencies_must_agree(by, bank, customer):
    invoice = a_claim("100.00", by=by, partner=customer)
    dollars = a_bank(by, currency="USD")
    with raises_problem(errors.WRONG_CURRENCY):
        pay(bank, "100.00", (invoice, "100.00"), by=by, currency="USD")
    with raises_problem(errors.WRONG_CURRENCY):
        pay(dollars, "100.00", (invoice, "100.00"), by=by, currency="USD")
    with raises_problem(errors.RATE_MISSING):
        pay(dollars, "100.00", by=by, partner=customer, currency="USD")


def test_a_foreign_payment_is_booked_with_its_worth_in_euro(by, customer):
    dollars = a_bank(by, currency="USD")
    payment = pay(dollars, "100.00", by=by, partner=customer, currency="USD", euro=Decimal("91.37"))
    line = payment.credit.lines.get()
    assert (str(line.amount), line.currency, str(line.currency_amount)) == (
        "-91.37",
        "USD",
        "-100.00",
    )


def test_a_closed_money_account_takes_no_payment(by, bank, customer):
    bank.is_active = False
    bank.save()
    with raises_problem(errors.MONEY_ACCOUNT_CLOSED):
        pay(bank, "1.00", by=by, partner=customer)


def test_a_locked_period_takes_no_payment(by, bank):
    invoice = a_claim("100.00", by=by)
    lock_period(DAY, by=by, on=LATER)
    with raises_problem(ledger_errors.PERIOD_LOCKED):
        pay(bank, "100.00", (invoice, "100.00"), by=by)
    assert not Payment.objects.exists()
    assert owed(invoice) == ["100.00"]


def test_a_payment_leaves_one_audit_event(by, bank):
    invoice = a_claim("100.00", by=by, number="RE-7")
    payment = pay(bank, "100.00", (invoice, "100.00"), by=by)
    event = AuditEvent.objects.get(event="payment.recorded")
    assert (event.object_id, event.actor) == (str(payment.pk), by)
    assert event.payload["allocations"] == [["RE-7", "100.00"]]


def test_the_audit_trail_tells_two_credits_of_a_customer_apart(by, bank, customer):
    credit_items = [
        pay(bank, amount, by=by, partner=customer).credit for amount in ("10.00", "20.00")
    ]
    pay(bank, "-30.00", (credit_items[0], "-10.00"), (credit_items[1], "-20.00"), by=by)
    event = AuditEvent.objects.filter(event="payment.recorded").latest("pk")
    assert [amount for _, amount in event.payload["allocations"]] == ["-10.00", "-20.00"]


def test_a_payment_cannot_be_changed_or_deleted(by, bank):
    invoice = a_claim("100.00", by=by)
    payment = pay(bank, "100.00", (invoice, "100.00"), by=by)
    for change in (
        payment.delete,
        lambda: Payment.objects.update(note="anders"),
        lambda: Allocation.objects.update(amount=1),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()


def test_reversing_the_only_payment_opens_the_invoice_again(by, bank):
    invoice = a_claim("119.00", by=by, due=DAY)
    payment = pay(bank, "119.00", (invoice, "119.00"), by=by)
    assert not OpenItem.objects.overdue(LATER)
    reversal = reverse_payment(payment, on=LATER, by=by, reason="Rücklastschrift")
    assert owed(invoice) == ["119.00"]
    assert list(OpenItem.objects.overdue(LATER)) == [invoice]
    assert (balance("1200"), balance("1200", on=DAY)) == ("0.00", "119.00")
    assert reversal.entry.reverses == payment.entry
    event = AuditEvent.objects.get(event="payment.reversed")
    assert event.payload["reason"] == "Rücklastschrift"


def test_reversing_an_overpayment_takes_the_credit_away(by, bank):
    invoice = a_claim("100.00", by=by)
    payment = pay(bank, "130.00", (invoice, "100.00"), by=by)
    reverse_payment(payment, on=DAY, by=by, reason="falsch erfasst")
    assert owed(invoice, payment.credit) == ["100.00", "0.00"]


def test_an_overpayment_whose_credit_was_used_is_not_reversed(by, bank, customer):
    first, second = (a_claim("100.00", by=by, partner=customer) for _ in range(2))
    payment = pay(bank, "130.00", (first, "100.00"), by=by)
    apply_credit(payment.credit, second, Decimal("10.00"), on=LATER, by=by)
    with raises_problem(errors.CREDIT_USED) as refusal:
        reverse_payment(payment, on=LATER, by=by, reason="falsch erfasst")
    assert "30,00 EUR" in refusal.value.message
    assert owed(first, second, payment.credit) == ["0.00", "90.00", "-20.00"]


def test_a_payment_is_reversed_once(by, bank, customer):
    payment = pay(bank, "1.00", by=by, partner=customer)
    reverse_payment(payment, on=DAY, by=by, reason="falsch erfasst")
    with raises_problem(errors.ALREADY_REVERSED):
        reverse_payment(payment, on=DAY, by=by, reason="falsch erfasst")


def test_a_reversal_has_a_reason_and_is_not_before_the_payment(by, bank, customer):
    payment = pay(bank, "1.00", by=by, partner=customer)
    with raises_problem(errors.REASON_MISSING):
        reverse_payment(payment, on=DAY, by=by, reason="  ")
    with raises_problem(errors.REVERSED_TOO_EARLY):
        reverse_payment(payment, on=DAY - datetime.timedelta(days=1), by=by, reason="falsch")


def test_a_payment_of_a_locked_period_is_reversed_in_the_open_one(by, bank):
    invoice = a_claim("100.00", by=by)
    payment = pay(bank, "100.00", (invoice, "100.00"), by=by)
    lock_period(DAY, by=by, on=LATER)
    with raises_problem(ledger_errors.PERIOD_LOCKED):
        reverse_payment(payment, on=DAY, by=by, reason="falsch erfasst")
    reverse_payment(payment, on=open_day(DAY), by=by, reason="falsch erfasst")
    assert str(OpenItem.objects.as_of(DAY).get(pk=invoice.pk).balance) == "0.00"
    assert owed(invoice) == ["100.00"]


def test_recording_takes_the_same_number_of_queries_for_one_and_for_five_items(
    by, bank, customer, django_assert_num_queries
):
    items = [a_claim("10.00", by=by, partner=customer) for _ in range(7)]
    with django_assert_num_queries(15):
        pay(bank, "20.00", *((item, "10.00") for item in items[:2]), by=by)
    with django_assert_num_queries(15):
        pay(bank, "50.00", *((item, "10.00") for item in items[2:]), by=by)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_the_same_payment_one_succeeds(by, bank):
    invoice = a_claim("119.00", by=by)
    results = at_once(lambda number: pay(bank, "119.00", (invoice, "119.00"), by=by), times=2)
    refused = [result for result in results if isinstance(result, Problem)]
    assert [problem.code for problem in refused] == [errors.ALLOCATED_TOO_MUCH.code]
    assert Payment.objects.count() == 1
    assert owed(invoice) == ["0.00"]


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_reverse_a_payment_one_succeeds(by, bank):
    invoice = a_claim("119.00", by=by)
    payment = pay(bank, "119.00", (invoice, "119.00"), by=by)
    results = at_once(lambda _: reverse_payment(payment, on=LATER, by=by, reason="falsch"))
    refused = [result.code for result in results if isinstance(result, Problem)]
    assert refused == [errors.ALREADY_REVERSED.code] * 7
    assert owed(invoice) == ["119.00"]


@pytest.mark.django_db(transaction=True)
def test_a_credit_is_either_used_or_reversed_never_both(by, bank, customer):
    first, second = (a_claim("100.00", by=by, partner=customer) for _ in range(2))
    payment = pay(bank, "130.00", (first, "100.00"), by=by)

    def act(number):
        if number % 2:
            return apply_credit(payment.credit, second, Decimal("30.00"), on=LATER, by=by)
        return reverse_payment(payment, on=LATER, by=by, reason="falsch erfasst")

    results = at_once(act)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert all(isinstance(r, Problem) for r in results if isinstance(r, Exception))
    assert owed(payment.credit) == ["0.00"]
    assert owed(first, second) in (["100.00", "100.00"], ["0.00", "70.00"])
