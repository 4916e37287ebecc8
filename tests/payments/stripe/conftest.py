import pytest

from payments.stripe import connecting
from payments.stripe.client import Client
from simulators.stripe import PUBLISHABLE_KEY, SECRET_KEY, StripeServer
from tests.payments.stripe.shop import SIGNING, Shop
from tests.trade import a_business


@pytest.fixture
def by(db):
    """Our company's owner."""
    return a_business()


@pytest.fixture
def server(settings):
    """A Stripe of our own; it tells nobody by itself."""
    with StripeServer() as server:
        settings.STRIPE_API_BASE = server.url
        yield server


@pytest.fixture
def account(by, server):
    """Our account, connected in test mode."""
    keys = {
        "publishable_key": PUBLISHABLE_KEY,
        "secret_key": SECRET_KEY,
        "webhook_secret": SIGNING,
    }
    return connecting.save(keys, by=by)


@pytest.fixture
def shop(by, server, account):
    """Short words for a story: ask, pay, look."""
    return Shop(by, server, Client(SECRET_KEY))
