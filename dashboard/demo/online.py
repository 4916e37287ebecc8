"""Where the demo's customers pay online: a Stripe of this machine, with keys that open no other."""

from django.conf import settings

from payments.stripe import connecting
from simulators.stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET
from workmate.models import User


def connect(*, by: User) -> None:
    """Connect the company with the simulator, where `make run` has started one."""
    if settings.STRIPE_API_BASE != settings.STRIPE_ITSELF:
        keys = {"publishable_key": PUBLISHABLE_KEY, "secret_key": SECRET_KEY}
        connecting.save(keys | {"webhook_secret": WEBHOOK_SECRET}, by=by)
