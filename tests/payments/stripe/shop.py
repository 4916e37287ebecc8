"""Short words for stories with Stripe: an invoice is asked for, paid, and events are applied."""

import datetime
import hashlib
import hmac
import json
import time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from invoicing.models import Invoice
from payments.stripe import catching_up, checkout, events
from payments.stripe.client import Client
from payments.stripe.models import StripeAccount, StripeCharge, StripeEvent, StripeRequest
from simulators.stripe import StripeServer
from tests.trade import a_line, an_invoice
from workmate.ledger.models import Line
from workmate.models import User

SIGNING = "whsec_TestsTestsTestsTests0001"


class Shop:
    """One business with its account at Stripe."""

    def __init__(self, by: User, server: StripeServer, client: Client) -> None:
        self.by, self.server, self.client = by, server, client

    def invoice(self, net: str = "100", **fields: Any) -> Invoice:
        """An issued invoice over so much net at 19 %."""
        return an_invoice(self.by, lines=[a_line(net)], **fields)

    def ask(self, invoice: Invoice, kind: str = "session") -> StripeRequest:
        """The open way to pay it."""
        invoice.refresh_from_db()
        invoice.open_item.refresh_from_db()
        return checkout.ask_for(invoice, kind, client=self.client, by=self.by)

    def pay(self, invoice: Invoice, **card: str) -> StripeRequest:
        """Its customer pays on Stripe's page."""
        request = self.ask(invoice)
        self.server.control.pay(request.stripe_id, **card)
        return request

    def fetch(self) -> list[int]:
        """Keep what happened at Stripe; the numbers of the events that are new."""
        known = set(StripeEvent.objects.values_list("pk", flat=True))
        StripeAccount.objects.update(polled_until=timezone.now() - datetime.timedelta(days=2))
        catching_up.poll(self.client, StripeAccount.objects.get(pk=1), at=timezone.now())
        fresh = StripeEvent.objects.exclude(pk__in=known).order_by("pk")
        return list(fresh.values_list("pk", flat=True))

    def look(self) -> list[StripeEvent]:
        """Fetch what happened at Stripe and apply it."""
        return [events.apply(pk) for pk in self.fetch()]

    def charge(self) -> StripeCharge:
        """The only money that came."""
        return StripeCharge.objects.get()

    def charge_of(self, invoice: Invoice) -> StripeCharge:
        """The money that came for this invoice."""
        return StripeCharge.objects.get(request__invoice=invoice)


def owed(invoice: Invoice) -> str:
    """What is open on it now."""
    invoice.open_item.refresh_from_db()
    return str(invoice.open_item.outstanding)


def on_account() -> Decimal:
    """What lies on the transit account of Stripe."""
    account = StripeAccount.objects.get(pk=1).money_account.account
    return sum(
        Line.objects.filter(account=account).values_list("amount", flat=True), Decimal("0.00")
    )


def signed(event: dict[str, Any], *, secret: str = SIGNING, age: int = 0) -> tuple[bytes, str]:
    """The body and the signature of a webhook (Stripe-Signature, scheme v1)."""
    body = json.dumps(event).encode()
    moment = int(time.time()) - age
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return body, f"t={moment},v1={made}"


def an_event(number: str = "evt_1", **fields: Any) -> dict[str, Any]:
    """An event as Stripe writes it."""
    return {
        "id": number,
        "object": "event",
        "type": "payment_intent.succeeded",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "livemode": False,
        "data": {"object": {"id": "pi_1", "object": "payment_intent", "client_secret": "geheim"}},
    } | fields
