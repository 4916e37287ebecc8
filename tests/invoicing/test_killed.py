"""Issuing survives a process that dies at any point: nothing is lost, no number is spent."""

import pytest
from django.core.management import call_command

from invoicing import bulk_issuing, bulk_running
from invoicing.archiving import archive_pdf
from invoicing.issuing import issue
from invoicing.models import BulkRow, Invoice, NumberRange
from tests.killed import killed
from tests.trade import DAY, a_business, a_buyer, a_draft
from workmate import documents, jobs
from workmate.models import Entry, OpenItem

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE_COMMIT = [
    "invoicing.issuing.judge",
    "invoicing.issuing.lock_as_read",
    "invoicing.issuing.take_number",
    "invoicing.posting.open_item_for",
    "workmate.documents.store_all",
    "invoicing.posting.post_document",
    "workmate.audit.record",
    "invoicing.issuing.archive_after_commit",
]
STATES = BulkRow.State


def numbers() -> list[str]:
    return sorted(Invoice.objects.issued().values_list("number", flat=True))


def assert_whole(count: int) -> None:
    """So many invoices with the first numbers, each booked once, trail and archive intact."""
    assert numbers() == _first(count)
    assert list(NumberRange.objects.values_list("last", flat=True)) == [count]
    assert Entry.objects.filter(act="invoice.issued").count() == count
    assert OpenItem.objects.count() == count
    call_command("verify_audit")


def _first(count: int) -> list[str]:
    year = Invoice.objects.issued().values_list("issue_date__year", flat=True).first()
    return [f"RE-{year}-{n:04d}" for n in range(1, count + 1)]


@pytest.mark.parametrize("point", BEFORE_COMMIT)
def test_a_death_before_the_commit_leaves_a_draft_and_no_number(point):
    owner = a_business()
    draft = a_draft(owner)

    killed(lambda: issue(draft, by=owner, on=DAY), at=point)

    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("draft", None)
    assert not NumberRange.objects.exists()
    assert not Entry.objects.exists()
    issue(draft, by=owner, on=DAY)
    assert_whole(1)


@pytest.mark.parametrize(
    ("point", "after"),
    [("invoicing.archiving.archive_pdf", False), ("invoicing.archiving._print", True)],
)
def test_a_death_after_the_commit_costs_only_the_page_which_is_printed_later(point, after):
    owner = a_business()
    draft = a_draft(owner)

    killed(lambda: issue(draft, by=owner, on=DAY), at=point, after=after)

    assert_whole(1)
    assert list(Invoice.objects.without_pdf()) == [draft]
    assert documents.read(archive_pdf(Invoice.objects.get(), by=owner)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("point", "call"),
    [
        ("invoicing.bulk_running.act_on_next", 1),
        ("invoicing.issuing.take_number", 2),
        ("workmate.documents.store_all", 2),
        ("invoicing.bulk_running._refusal", 3),
        ("invoicing.archiving.archive_pdf", 2),
    ],
)
def test_a_run_goes_on_where_its_worker_died(point, call):
    owner = a_business()
    buyer = a_buyer(owner)
    drafts = [a_draft(owner, customer=buyer) for _ in range(4)]
    run = bulk_running.order(
        bulk_issuing.ISSUING, dict.fromkeys(draft.pk for draft in drafts), by=owner
    )

    killed(lambda: jobs.execute(run.pk), at=point, call=call)

    done = run.bulk_rows.filter(state=STATES.ISSUED)
    assert {row.invoice.status for row in done} <= {"issued"}
    assert done.count() == Invoice.objects.issued().count() < 4
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert (run.state, run.result) == ("done", {"gestellt": 4, "abgelehnt": 0})
    assert_whole(4)
