import pytest

from simulators.stripe import StripeServer
from tests.payments.stripe_proofs.shop import Shop


@pytest.fixture
def stripe(settings):
    """A simulated Stripe that delivers nothing by itself."""
    with StripeServer() as server:
        settings.STRIPE_API_BASE = server.url
        server.control.hold()
        yield server


@pytest.fixture
def shop(db, stripe):
    """Our company, connected with it."""
    return Shop(stripe)
