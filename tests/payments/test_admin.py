from decimal import Decimal

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from payments.allocating import apply_credit
from payments.cash_keeping import close_day
from payments.charging import charge_fee
from payments.deducting import write_off
from payments.public import note_view
from payments.receipting import issue_receipt
from payments.recording import reverse_payment
from payments.stripe.models import (
    StripeAccount,
    StripeCharge,
    StripeDispute,
    StripeEvent,
    StripeMovement,
    StripePayout,
    StripeRefund,
    StripeRequest,
)
from tests.books import DAY, a_bank, a_claim, a_user
from tests.payments.paying import pay
from tests.payments.sepa.debits import a_batch, a_collector
from tests.trade import an_invoice
from workmate.ledger.exchange_rates import Rate, enter
from workmate.ledger.models import MoneyAccount
from workmate.ledger.periods import lock_period

pytestmark = pytest.mark.django_db
MODELS = [
    model
    for model in admin.site._registry
    if model._meta.app_label == "payments" or model.__module__.startswith("workmate.ledger")
]


@pytest.fixture
def client(by):
    owner = a_user()
    owner.is_staff = owner.is_superuser = True
    owner.save()
    client = Client()
    client.force_login(owner, backend="django.contrib.auth.backends.ModelBackend")
    return client


def stripe_rows(invoice, by):
    """One row of everything that Stripe tells."""
    now = timezone.now()
    some = {"amount": Decimal(10), "livemode": False, "currency": "EUR"}
    clearing = MoneyAccount.objects.get(on_invoices=True)
    StripeAccount.objects.create(pk=1, money_account=clearing)
    StripeEvent.objects.create(
        event_id="evt_1", type="ping", livemode=False, happened_at=now, payload={}, source="webhook"
    )
    asked = StripeRequest.objects.create(invoice=invoice, kind="session", created_by=by, **some)
    charge = StripeCharge.objects.create(
        payment_intent="pi_1", request=asked, paid_at=now, reason="Test", **some
    )
    StripeRefund.objects.create(charge=charge, amount=1, created_by=by)
    StripeDispute.objects.create(
        charge=charge, amount=1, dispute_id="du_1", status="lost", created_at=now
    )
    payout = StripePayout.objects.create(
        payout_id="po_1", amount=9, currency="EUR", arrival_date=DAY, state="paid"
    )
    StripeMovement.objects.create(
        payout=payout,
        movement_id="txn_1",
        category="charge",
        amount=10,
        fee=1,
        net=9,
        happened_at=now,
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.model_name)
def test_the_admin_shows_all_and_changes_nothing(client, by, bank, customer, model):
    claim = a_claim("100.00", by=by, partner=customer)
    credit = pay(bank, "30.00", by=by, partner=customer).credit
    apply_credit(credit, claim, 10, on=DAY, by=by)
    pay(bank, "5.00", (claim, "5.00"), by=by)
    reverse_payment(pay(bank, "1.00", by=by, partner=customer), on=DAY, by=by, reason="Irrtum")
    charge_fee(pay(bank, "2.00", by=by, partner=customer), Decimal(1), text="Test", on=DAY, by=by)
    owner = a_collector()
    invoice = an_invoice(owner)
    a_batch(owner, money_account=MoneyAccount.objects.get(on_invoices=True))
    stripe_rows(invoice, by)
    write_off(invoice.open_item, Decimal(1), reason="Test", on=DAY, by=by)
    issue_receipt(pay(bank, "3.00", by=by, partner=customer), on=DAY, by=by)
    close_day(a_bank(by, kind=MoneyAccount.Kind.CASH), DAY, counted=Decimal(0), by=by)
    note_view(invoice, at=timezone.now())
    usd = Rate(currency="USD", month=DAY.replace(day=1), rate=Decimal("1.1"))
    enter([usd], source="BMF", by=by)
    lock_period(DAY, by=by, on=DAY.replace(month=7))
    base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    row = model.objects.first()
    assert client.get(base).status_code == 200
    assert client.get(f"{base}{row.pk}/change/").status_code == 200
    for address in (f"{base}add/", f"{base}{row.pk}/change/", f"{base}{row.pk}/delete/"):
        assert client.post(address, {}).status_code == 403
