"""Claim: a webhook is answered before it is applied, and what it tells is booked within seconds.

Everything is real: gunicorn and a Celery worker as in production, signatures, HTTP to a simulated
Stripe on the loopback interface, commits that wait for the disk. Every event is of another payment.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import ground  # first: it makes the database and sets Django up
from django.conf import settings

from invoicing.models import Invoice
from payments.models import Payment
from payments.stripe import checkout, connecting
from payments.stripe.client import connect
from payments.stripe.models import StripeEvent
from simulators.stripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET, StripeServer
from simulators.stripe.events import body_of, post
from tests.trade import a_business, a_buyer, an_invoice
from workmate import localdb
from workmate.models import User

PAYMENTS, ALONE, SENDERS = 100, 10, 8
PORT = 8028
URL = f"http://localhost:{PORT}/api/v1/stripe/webhook/"


def main() -> None:
    with StripeServer() as stripe:
        settings.STRIPE_API_BASE = stripe.url
        owner = a_business()
        keys = {"publishable_key": PUBLISHABLE_KEY, "secret_key": SECRET_KEY}
        connecting.save(keys | {"webhook_secret": WEBHOOK_SECRET}, by=owner)
        bodies = list(paid(stripe, owner, PAYMENTS + ALONE))
        with running(stripe.url):
            one_by_one(bodies[:ALONE])
            all_at_once(bodies[ALONE:])


def paid(stripe: StripeServer, owner: User, number: int) -> Iterator[bytes]:
    """What Stripe tells of so many payments of as many invoices."""
    customer = a_buyer(owner)
    client = connect()
    for _ in range(number):
        invoice = Invoice.objects.get(pk=an_invoice(owner, customer=customer).pk)
        request = checkout.ask_for(invoice, "session", client=client, by=owner)
        stripe.control.pay(request.stripe_id or "")
        yield body_of(stripe.control.events("payment_intent.succeeded")[-1])


@contextmanager
def running(stripe_url: str) -> Iterator[None]:
    """The web server and one worker with two processes, as `make run` starts them."""
    folder = Path(ground.scratch("log", b"")).parent
    broker = localdb.Broker(folder).start()
    database = ground.connection.settings_dict
    host = (database.get("OPTIONS") or {}).get("host") or database["HOST"]
    environment = os.environ | {
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": f"postgresql://{database['USER']}:@/{database['NAME']}?host={host}",
        "DEMO": "1",
        "PORT": str(PORT),
        "REDIS_URL": localdb.broker_url(folder),
        "STRIPE_API_BASE": stripe_url,
    }
    commands = (
        ["gunicorn", "-c", "deploy/gunicorn.py"],
        ["celery", "-q", "-A", "workmate", "worker", "--concurrency=2", "--loglevel=ERROR"],
    )
    parts = [
        subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ground.ROOT,
            env=environment,
            preexec_fn=localdb.end_with_parent,
        )
        for command in commands
    ]
    try:
        wait_until(answers)
        yield
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait(30)
        broker.stop()


def one_by_one(bodies: list[bytes]) -> None:
    """Each event alone: until it is answered, and until its payment is in the books."""
    accepted = ground.Taken()
    booked = ground.Taken()
    for number, body in enumerate(bodies, start=1):
        start = time.perf_counter()
        assert post(URL, body, WEBHOOK_SECRET) == 200
        accepted.clock.append((time.perf_counter() - start) * 1000)
        wait_until(lambda wanted=number: Payment.objects.count() == wanted)
        booked.clock.append((time.perf_counter() - start) * 1000)
    ground.report("webhooks.alone", accepted_ms=accepted.ms, booked_ms=booked.ms)


def all_at_once(bodies: list[bytes]) -> None:
    """All of them by eight senders, and until the last one is booked."""
    before = Payment.objects.count()
    start = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as senders:
        answers = list(senders.map(lambda body: post(URL, body, WEBHOOK_SECRET), bodies))
    accepted = time.perf_counter() - start
    wait_until(lambda: not StripeEvent.objects.exclude(state="done").exists())
    booked = time.perf_counter() - start
    ground.report(
        "webhooks.at_once",
        accepted_per_second=round(len(bodies) / accepted, 1),
        booked_per_second=round(len(bodies) / booked, 1),
        last_booked_after_s=round(booked, 1),
        refused=sum(answer != 200 for answer in answers),
        booked_once=Payment.objects.count() - before == len(bodies),
    )


def answers() -> bool:
    """Whether the web server is there: it takes no body without a signature."""
    return post(URL, b"", "nobody") == 400


def wait_until(reached: Callable[[], bool], seconds: float = 300) -> None:
    """Look again and again until it is so."""
    end = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.005)


if __name__ == "__main__":
    main()
