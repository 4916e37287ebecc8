"""A company that is paid through Stripe, and what its books say, for the proofs."""

from decimal import Decimal

from django.db import connection
from django.test import Client as Browser

from invoicing.models import Invoice
from payments.models import Payment
from payments.stripe import checkout, connecting, events, webhook
from payments.stripe.client import connect
from payments.stripe.models import StripeAccount, StripeCharge, StripeEvent, StripeRequest
from simulators.stripe import ACCOUNT, PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET
from simulators.stripe.events import body_of, sign
from tests.trade import a_business, a_buyer, an_invoice
from workmate.ledger.models import Account, Line

URL = "/api/v1/stripe/webhook/"
FAR = "2099-12-31"
CARD = "4242424242424242"


class Shop:
    """One company with one open invoice of 119.00 EUR."""

    def __init__(self, stripe, **invoice):
        self.stripe = stripe
        self.by = a_business()
        keys = {
            "publishable_key": PUBLISHABLE_KEY,
            "secret_key": SECRET_KEY,
            "webhook_secret": WEBHOOK_SECRET,
        }
        connecting.save(keys, by=self.by)
        StripeAccount.objects.update(account_id=ACCOUNT)
        self.listen()
        self.customer = a_buyer(self.by)
        self.invoice = an_invoice(self.by, customer=self.customer, **invoice)
        self.browser = Browser()

    def listen(self):
        """Stripe has an address for us; nobody is there, the tests tell its events."""
        self.stripe.control.endpoint("http://localhost:9/", secret=WEBHOOK_SECRET)

    def session(self, invoice=None):
        """What the customer opens to pay."""
        invoice = Invoice.objects.get(pk=(invoice or self.invoice).pk)
        kind = StripeRequest.Kind.SESSION
        return checkout.ask_for(invoice, kind, client=connect(), by=self.by)

    def pay(self, request=None, **means):
        """The customer pays; nothing is told yet."""
        request = request or self.session()
        self.stripe.control.pay(request.stripe_id, **means)
        return request

    def tell(self, event, *, secret=WEBHOOK_SECRET, at=None):
        """The webhook is called with this event; the answer."""
        body = body_of(event)
        return self.browser.post(
            URL,
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": sign(body, secret, at=at)},
        )

    def apply(self, event):
        """Tell it, and do what the worker does."""
        assert self.tell(event).status_code == 200
        row = StripeEvent.objects.get(event_id=event["id"])
        events.apply(row.pk)
        row.refresh_from_db()
        return row

    def work(self, event):
        """Keep it as the webhook does once its signature is right, and apply it."""
        webhook.keep(event, source=StripeEvent.Source.WEBHOOK)
        return events.apply(StripeEvent.objects.only("pk").get(event_id=event["id"]).pk)

    def apply_all(self, kind=""):
        """Tell and apply everything that has happened, in order."""
        return [self.apply(event) for event in self.stripe.control.events(kind)]

    @property
    def owed(self):
        self.invoice.open_item.refresh_from_db()
        return self.invoice.open_item.outstanding

    @property
    def request(self):
        return StripeRequest.objects.latest("pk")

    def figures(self):
        """What the books say: every account, what is open, what is not assigned."""
        settle()
        accounts = Account.objects.balances(on=FAR).exclude(balance=0)
        return {
            "accounts": dict(accounts.values_list("number", "balance")),
            "owed": self.owed,
            "states": sorted(StripeRequest.objects.values_list("state", flat=True)),
            "parked": StripeCharge.objects.filter(payment=None).count(),
        }

    def at_stripe(self):
        """What our account there holds and has paid out, in euro, as Stripe counts it."""
        rows = self.stripe.world.tables["balance_transaction"].values()
        return Decimal(sum(one["net"] for one in rows if one["type"] != "payout")) / 100

    def in_books(self):
        """The same by our books."""
        account = StripeAccount.objects.get(pk=1).money_account.account
        lines = Line.objects.filter(account=account).values_list("amount", flat=True)
        return sum(lines, Decimal(0))

    def payments(self):
        """Amounts of what came and went and was not reversed."""
        rows = Payment.objects.valid().order_by("pk").values_list("amount", flat=True)
        return [str(amount) for amount in rows]


def settle():
    """Let the deferred constraints speak, as a commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
