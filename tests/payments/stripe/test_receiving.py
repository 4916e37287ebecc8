"""What customers pay through Stripe is booked once, with the fee as an expense of its own."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import Fee, Payment
from payments.recording import record_payment
from payments.stripe import catching_up, checkout, events
from payments.stripe.models import StripeCharge, StripeEvent, StripeRequest
from tests.books import DAY
from tests.payments.stripe.shop import on_account, owed
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount, OpenItem

pytestmark = pytest.mark.django_db


def test_a_card_payment_settles_the_invoice_in_full_and_the_fee_is_an_expense(shop):
    invoice = shop.invoice()
    shop.pay(invoice)
    shop.look()

    payment = Payment.objects.get()
    fee = Fee.objects.get()
    assert owed(invoice) == "0.00"
    assert (str(payment.amount), payment.method) == ("119.00", "credit_card")
    assert fee.payment == payment
    assert on_account() == Decimal("119.00") - fee.amount
    assert StripeRequest.objects.get().state == "paid"


def test_events_in_any_order_and_twice_book_once(shop):
    invoice = shop.invoice()
    shop.pay(invoice)
    first = shop.look()
    StripeEvent.objects.update(state="received")
    for event in reversed(first):
        events.apply(event.pk)

    assert (Payment.objects.count(), Fee.objects.count(), owed(invoice)) == (1, 1, "0.00")


def test_a_declined_card_leaves_the_invoice_open_and_says_why(shop):
    invoice = shop.invoice()
    request = shop.pay(invoice, number="4000000000000002")
    shop.look()

    request.refresh_from_db()
    assert owed(invoice) == "119.00"
    assert (request.state, bool(request.last_error)) == ("open", True)


def test_a_debit_is_under_way_until_the_bank_has_paid(shop):
    invoice = shop.invoice()
    request = shop.pay(invoice, iban="DE89370400440532013000")
    shop.look()
    request.refresh_from_db()
    assert (request.state, owed(invoice)) == ("processing", "119.00")
    assert checkout.under_way(invoice)
    with pytest.raises(Problem) as refusal:
        shop.ask(invoice)
    assert refusal.value.code == "STRIPE_2106"

    shop.server.control.finish("debit_ends")
    shop.look()
    request.refresh_from_db()
    assert (request.state, owed(invoice)) == ("paid", "0.00")


def test_what_is_paid_twice_becomes_a_credit_of_the_customer(shop, by):
    invoice = shop.invoice()
    shop.pay(invoice)
    bank = MoneyAccount.objects.exclude(kind="transit").first()
    record_payment(
        money_account=bank,
        received_on=DAY,
        amount=Decimal(119),
        method="transfer",
        allocations=[(invoice.open_item, Decimal(119))],
        by=by,
    )
    shop.look()

    credit = OpenItem.objects.get(outstanding__lt=0)
    assert (owed(invoice), str(credit.outstanding)) == ("0.00", "-119.00")


def test_another_amount_than_was_asked_for_waits_for_a_person(shop):
    invoice = shop.invoice()
    request = shop.pay(invoice)
    StripeRequest.objects.filter(pk=request.pk).update(amount=Decimal("120.00"))
    shop.look()

    assert shop.charge().reason == ("Gezahlt wurden 119,00 EUR, angefordert waren 120,00 EUR.")
    assert Payment.objects.count() == 0


def test_an_event_of_the_other_mode_books_nothing_and_is_kept(shop, account):
    invoice = shop.invoice()
    shop.pay(invoice)
    type(account).objects.update(livemode=True)
    shop.look()

    assert Payment.objects.count() == 0
    assert StripeCharge.objects.get().reason.startswith("Das Ereignis stammt aus dem Testmodus")


def test_the_slot_is_free_again_when_the_amount_has_changed(shop, by):
    invoice = shop.invoice()
    first = shop.ask(invoice)
    assert shop.ask(invoice) == first
    bank = MoneyAccount.objects.exclude(kind="transit").first()
    record_payment(
        money_account=bank,
        received_on=DAY,
        amount=Decimal(19),
        method="transfer",
        allocations=[(invoice.open_item, Decimal(19))],
        by=by,
    )
    second = shop.ask(invoice)

    first.refresh_from_db()
    assert (first.state, str(second.amount)) == ("closed", "100.00")


def test_a_link_can_be_paid_once_and_is_closed_when_the_money_came_otherwise(shop, by):
    invoice = shop.invoice()
    link = shop.ask(invoice, "link")
    shop.pay(invoice)
    shop.look()
    catching_up.sweep(at=timezone.now())
    link.refresh_from_db()
    told = shop.client.ask(shop.client.v1.payment_links.retrieve, link.stripe_id)
    assert (link.state, told["active"]) == ("closed", False)
    assert told["restrictions"] == {"completed_sessions": {"count": 0, "limit": 1}}
