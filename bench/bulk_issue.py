"""Claim: 1,000 drafts are issued in bulk by two Celery workers, each once and without a gap.

Workers and broker are real processes. The clock runs from the order until the last row is decided;
the PDFs are printed in it too. `bench/bulk_issue.py 200` issues so many instead.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

import ground  # first: it makes the database and sets Django up

from invoicing import bulk_issuing, bulk_running
from invoicing.models import Invoice
from tests.background import test_database_url
from tests.trade import a_business, a_buyer, a_draft, a_line
from workmate import localdb
from workmate.celery import app
from workmate.models import JobRun, User

WORKERS, DRAFTS = 2, 1000
WARM = 6  # issued before the clock runs, so that both have compiled the rules and loaded fonts


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else DRAFTS
    owner = a_business()
    buyer = a_buyer(owner)
    lines = [a_line("100"), a_line("49.90", "DE7"), a_line("12.50")]
    drafts = [a_draft(owner, customer=buyer, lines=lines) for _ in range(number + WARM)]
    folder = Path(ground.scratch("broker", b"")).parent
    app.conf.broker_url = localdb.broker_url(folder)
    broker = localdb.Broker(folder).start()
    workers = [start_worker(folder, one) for one in range(WORKERS)]
    try:
        issued(drafts[:WARM], owner)
        seconds, run = issued(drafts[WARM:], owner)
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(60)
        broker.stop()
    numbers = sorted(Invoice.objects.issued().values_list("number", flat=True))
    year = numbers[0].split("-")[1]
    ground.report(
        "issue.bulk",
        per_second=round(number / seconds, 1),
        seconds=round(seconds, 1),
        workers=WORKERS,
        state=run.state,
        issued=len(numbers) - WARM,
        printed=Invoice.objects.issued().exclude(pdf=None).count() - WARM,
        gap_free=numbers == [f"RE-{year}-{n:04d}" for n in range(1, number + WARM + 1)],
    )


def issued(drafts: list[Invoice], owner: User) -> tuple[float, JobRun]:
    """Order the run and wait for its end; seconds and the run."""
    start = time.perf_counter()
    run = bulk_running.order(
        bulk_issuing.ISSUING, {draft.pk: draft.version for draft in drafts}, by=owner
    )
    while not JobRun.objects.get(pk=run.pk).is_over:
        time.sleep(0.2)
    return time.perf_counter() - start, JobRun.objects.get(pk=run.pk)


def start_worker(folder: Path, number: int) -> subprocess.Popen[bytes]:
    """A worker as production runs it, with one process; returns when it is warm and ready."""
    command = [sys.executable, "-m", "celery", "-A", "workmate", "worker", "--concurrency=1"]
    command += ["--loglevel=INFO", f"--hostname=bench{number}@localhost", "--without-mingle"]
    urls = {"DATABASE_URL": test_database_url(), "REDIS_URL": localdb.broker_url(folder)}
    urls |= {"LOG_LEVEL": "INFO"}  # It tells at that level that it is ready.
    log = folder / f"worker-{number}.log"
    with log.open("wb") as out:
        worker = subprocess.Popen(
            command,
            cwd=ground.ROOT,
            env=os.environ | urls,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=localdb.end_with_parent,
        )
    deadline = time.monotonic() + 120
    while b" ready." not in log.read_bytes():
        if worker.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(log.read_text(errors="replace")[-4000:])
        time.sleep(0.1)
    return worker


if __name__ == "__main__":
    main()
