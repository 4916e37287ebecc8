"""The simulator as a process of its own: `python -m simulators.stripe --port 12111`."""

import argparse
import signal
import threading
from pathlib import Path

from simulators.stripe import WEBHOOK_SECRET, Pace, StripeServer

# In the demo nobody waits for days: a debit takes half a minute, a payout five.
QUICK = Pace(debit=30, available=120, payout=60, every=180)


def main() -> None:
    """Run until told to end."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=12111)
    options.add_argument("--file", type=Path, help="keeps the state between runs")
    options.add_argument("--webhook", help="address that is sent every event")
    options.add_argument("--name", default="Musterwerk GmbH", help="who is paid")
    given = options.parse_args()
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    with StripeServer(port=given.port, pace=QUICK, file=given.file) as server:
        server.world.name = given.name
        server.pay_out_regularly()
        if given.webhook:
            server.control.listen(given.webhook, secret=WEBHOOK_SECRET)
        print(f"Simulated Stripe at {server.url}", flush=True)  # noqa: T201 — a command
        ended.wait()


if __name__ == "__main__":
    main()
