"""Stripe on the loopback interface: strict, stateful, for tests and the demo.

    with StripeServer() as stripe:
        client = StripeClient(SECRET_KEY, base_addresses={"api": stripe.url})
        secret = stripe.control.endpoint("http://localhost:8000/stripe/webhook/")
        session = client.v1.checkout.sessions.create(...)
        stripe.control.pay(session.id)

It speaks the documented API over real HTTP with real signatures. Parameters are checked against
the contract in the official package; what Stripe refuses is refused in its words, and what would
move money in a way that is not imitated here is refused too, never ignored.
"""

from simulators.stripe.server import StripeServer
from simulators.stripe.world import (
    ACCOUNT,
    API_VERSION,
    LIVE_KEY,
    PUBLISHABLE_KEY,
    RESTRICTED_KEY,
    SECRET_KEY,
    WEBHOOK_SECRET,
    Pace,
)

__all__ = [
    "ACCOUNT",
    "API_VERSION",
    "LIVE_KEY",
    "PUBLISHABLE_KEY",
    "RESTRICTED_KEY",
    "SECRET_KEY",
    "WEBHOOK_SECRET",
    "Pace",
    "StripeServer",
]
