"""Claim: issuing with all that it does takes at most 1.6 times the bare rendering of its page.

Everything is real: gate, XML, official rules, archive with fsync, posting, audit, PDF/A-3. Bare is
WeasyPrint turning the same page, already made, into the same kind of PDF in the same process.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from typing import Any

import ground  # first: it makes the database and sets Django up
from django.db import connection, connections, transaction

from invoicing import archiving, pdf, posting
from invoicing.einvoice import validate
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice
from invoicing.snapshot import Snapshot
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_authority
from workmate.models import User

ROUNDS, WRITERS, EACH = 15, 8, 5


def main() -> None:
    validate.warm_up()
    pdf.warm_up()
    owner = a_business()
    customers = {"zugferd": a_buyer(owner), "xrechnung": an_authority(owner)}
    for name, customer in customers.items():
        whole(name, customer, owner)
    without_pdf(customers["xrechnung"], owner)
    posting_alone(customers["zugferd"], owner)
    for with_pdf in (True, False):
        many_writers(customers["zugferd"], owner, with_pdf=with_pdf)


def drafts(customer: Customer, owner: User, number: int) -> Iterator[Invoice]:
    """So many drafts of three lines and two rates, made before the clock runs."""
    lines = [a_line("100"), a_line("49.90", "DE7"), a_line("12.50")]
    return iter([a_draft(owner, customer=customer, lines=lines) for _ in range(number)])


def whole(name: str, customer: Customer, owner: User) -> None:
    """One writer, PDF included, beside the bare rendering of the page that it prints."""
    waiting = drafts(customer, owner, ROUNDS + 2)
    bare = bare_rendering(issue(next(waiting), by=owner, on=DAY))
    variants = {"bare": bare, "issue": lambda: issue(next(waiting), by=owner, on=DAY)}
    ground.interleaved(1, **variants)
    taken = ground.interleaved(ROUNDS, **variants)
    ground.report(
        f"issue.{name}",
        ratio=taken["issue"].ratio(taken["bare"]),
        target="<= 1.6",
        work_ratio=taken["issue"].work_ratio(taken["bare"]),
        per_second=taken["issue"].per_second,
        issue_ms=taken["issue"].ms,
        bare_ms=taken["bare"].ms,
        bare_work_ms=taken["bare"].work_ms,
    )


def bare_rendering(invoice: Invoice) -> Callable[[], bytes]:
    """WeasyPrint and nothing else, on the page of this invoice."""
    snapshot = Snapshot.from_json(Invoice.objects.get(pk=invoice.pk).snapshot)
    presentation = archiving.presentation(
        snapshot.page, pay_url=archiving.pay_url(invoice), created_at=invoice.issued_at
    )
    images = pdf.images(snapshot.einvoice, presentation)
    context = pdf._context(snapshot.einvoice, presentation, images)
    page = pdf.render_to_string("documents/invoice.html", context)
    return lambda: pdf._lay_out(page, images).write_pdf(pdf_variant=pdf.VARIANT)


def without_pdf(customer: Customer, owner: User) -> None:
    """Gate, XML, archive, posting and audit, until the commit is on the disk."""
    waiting = drafts(customer, owner, 4 * ROUNDS + 1)
    variants = {"issue": lambda: issue(next(waiting), by=owner, on=DAY, print_now=False)}
    ground.interleaved(1, **variants)
    taken = ground.interleaved(4 * ROUNDS, **variants)["issue"]
    ground.report("issue.without_pdf", per_second=taken.per_second, work_ms=taken.work_ms)


def posting_alone(customer: Customer, owner: User) -> None:
    """Open item and entry of an invoice, each in a transaction of its own on the disk."""
    done = issue(next(drafts(customer, owner, 1)), by=owner, on=DAY)
    snapshot = Snapshot.from_json(Invoice.objects.get(pk=done.pk).snapshot)
    unposted = drafts(customer, owner, 4 * ROUNDS)

    @transaction.atomic
    def post_one() -> None:
        invoice = next(unposted)
        item = posting.open_item_for(invoice, snapshot)
        posting.post_document(invoice, snapshot, item, by=owner)

    taken = ground.interleaved(4 * ROUNDS, post=post_one)["post"]
    ground.report(
        "issue.posting_alone",
        per_second=taken.per_second,
        target=">= 50 per second",
        work_ms=taken.work_ms,
    )


def many_writers(customer: Customer, owner: User, *, with_pdf: bool) -> None:
    """Eight processes with connections of their own, as eight workers of the web server have."""
    each = EACH if with_pdf else 4 * EACH
    waiting = [list(drafts(customer, owner, each)) for _ in range(WRITERS)]
    before = Invoice.objects.issued().count()
    connection.close()
    processes = multiprocessing.get_context("fork")
    line = processes.Barrier(WRITERS + 1)
    writers = [
        processes.Process(target=write, args=(own, owner, line, with_pdf)) for own in waiting
    ]
    for writer in writers:
        writer.start()
    line.wait()
    start = time.perf_counter()
    for writer in writers:
        writer.join()
    seconds = time.perf_counter() - start
    numbers = sorted(Invoice.objects.issued().values_list("number", flat=True))
    ground.report(
        f"issue.{WRITERS}_writers{'' if with_pdf else '_without_pdf'}",
        per_second=round(WRITERS * each / seconds, 1),
        issued=len(numbers) - before,
        gap_free=numbers == [f"RE-{DAY.year}-{n:04d}" for n in range(1, len(numbers) + 1)],
    )


def write(own: list[Invoice], owner: User, line: Any, with_pdf: bool) -> None:
    """What one writer does from the moment that all are ready."""
    connections.close_all()
    connection.ensure_connection()
    line.wait()
    for draft in own:
        issue(draft, by=owner, on=DAY, print_now=with_pdf)


if __name__ == "__main__":
    main()
