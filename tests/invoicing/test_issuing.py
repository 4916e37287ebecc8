"""Issuing: number, freeze, posting and audit together, or nothing at all."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum

from invoicing import errors
from invoicing.attaching import Upload, attach
from invoicing.contents import content_of
from invoicing.drafting import save_draft
from invoicing.issuing import issue
from invoicing.models import Invoice, InvoiceLine, NumberRange
from invoicing.snapshot import Snapshot
from tests.problems import raises_problem
from tests.threads import alone, at_once, wait_for_a_waiter
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_authority, an_invoice
from workmate import documents
from workmate.ledger import errors as ledger_errors
from workmate.ledger.periods import lock_period
from workmate.models import AuditEvent, Entry, Line, OpenItem, User

pytestmark = pytest.mark.django_db
TOMORROW = DAY + datetime.timedelta(days=1)


def test_a_draft_has_no_number_and_gets_one_at_issue():
    owner = a_business()
    draft = a_draft(owner)
    assert draft.number is None

    invoice = issue(draft, by=owner, on=DAY)

    assert (invoice.number, invoice.status) == ("RE-2026-0001", Invoice.Status.ISSUED)
    assert (invoice.issue_date, invoice.due_date) == (DAY, datetime.date(2026, 5, 18))
    assert invoice.issued_by == owner


def test_numbers_follow_each_other_and_begin_anew_each_year():
    owner = a_business()
    numbers = [an_invoice(owner, on=day).number for day in (DAY, DAY, datetime.date(2027, 1, 2))]
    assert numbers == ["RE-2026-0001", "RE-2026-0002", "RE-2027-0001"]


def test_a_series_can_begin_where_the_old_system_ended():
    owner = a_business()
    NumberRange.objects.create(series="RE-2026", last=417)
    assert an_invoice(owner).number == "RE-2026-0418"


def test_an_issued_invoice_cannot_be_issued_again():
    owner = a_business()
    invoice = an_invoice(owner)
    with raises_problem(errors.NOT_A_DRAFT):
        issue(invoice, by=owner, on=DAY)


def test_what_the_gate_refuses_is_not_issued_and_spends_no_number():
    owner = a_business()
    draft = a_draft(owner, supply_date=None)

    with raises_problem(errors.GATE_REFUSED) as caught:
        issue(draft, by=owner, on=DAY)

    assert "supply_date" in caught.value.fields
    draft.refresh_from_db()
    assert (draft.status, draft.number) == (Invoice.Status.DRAFT, None)
    assert not NumberRange.objects.exists()
    assert not Entry.objects.exists()
    assert an_invoice(owner).number == "RE-2026-0001"


def test_a_draft_that_was_changed_meanwhile_is_not_issued():
    owner = a_business()
    draft = a_draft(owner)
    save_draft(draft, content_of(draft), version=draft.version, by=owner)
    with raises_problem(errors.DRAFT_CHANGED):
        issue(draft, by=owner, on=DAY, version=1)


def test_the_claim_is_posted_against_revenue_and_vat_per_tax_case():
    owner = a_business()
    invoice = an_invoice(owner, lines=[a_line("100"), a_line("50", "DE7"), a_line("20")])

    lines = Line.objects.filter(entry__document_number=invoice.number)
    posted = {line.account.number: line.amount for line in lines.select_related("account")}
    assert posted == {
        "1400": Decimal("196.30"),
        "8400": Decimal("-120.00"),
        "1776": Decimal("-22.80"),
        "8300": Decimal("-50.00"),
        "1771": Decimal("-3.50"),
    }
    assert invoice.open_item.outstanding == Decimal(0)  # as it was when the item was made
    assert OpenItem.objects.get(pk=invoice.open_item_id).outstanding == Decimal("196.30")


def test_the_other_chart_takes_its_own_accounts():
    owner = a_business(chart="SKR04")
    invoice = an_invoice(owner)
    numbers = Line.objects.filter(entry__document_number=invoice.number).values_list(
        "account__number", flat=True
    )
    assert set(numbers) == {"1200", "4400", "3806"}


def test_the_snapshot_keeps_what_the_document_says_whatever_changes_later():
    owner = a_business()
    customer = a_buyer(owner, name="Alte Firma GmbH")
    invoice = an_invoice(owner, customer=customer)
    type(customer).objects.filter(pk=customer.pk).update(name="Neue Firma GmbH")

    snapshot = Snapshot.from_json(Invoice.objects.get(pk=invoice.pk).snapshot)

    assert snapshot.einvoice.buyer.name == "Alte Firma GmbH"
    assert Snapshot.from_json(snapshot.to_json()) == snapshot


def test_the_customers_format_decides_what_the_xml_promises():
    owner = a_business()
    zugferd = documents.read(an_invoice(owner).xml)
    xrechnung = documents.read(an_invoice(owner, customer=an_authority(owner)).xml)
    assert b"xrechnung_3.0" not in zugferd
    assert b"xrechnung_3.0" in xrechnung


def test_issuing_is_one_act_in_the_audit_trail():
    owner = a_business()
    invoice = an_invoice(owner)
    event = AuditEvent.objects.get(event="invoice.issued")
    assert (event.actor, event.object_id) == (owner, str(invoice.pk))
    assert event.payload["number"] == invoice.number


def test_nobody_issues_for_tomorrow():
    owner = a_business()
    with raises_problem(errors.DATE_IN_FUTURE):
        issue(a_draft(owner), by=owner, on=DAY, issue_date=TOMORROW)


def test_an_earlier_date_needs_a_right():
    owner = a_business()
    clerk = User.objects.create_user("clerk@example.org", name="Kim")
    with raises_problem(errors.BACKDATING_NOT_ALLOWED):
        issue(a_draft(owner), by=clerk, on=TOMORROW, issue_date=DAY)
    assert issue(a_draft(owner), by=owner, on=TOMORROW, issue_date=DAY).issue_date == DAY


def test_a_date_never_lies_before_the_last_of_its_series():
    owner = a_business()
    an_invoice(owner, on=TOMORROW)
    with raises_problem(errors.DATE_BEFORE_LAST):
        issue(a_draft(owner), by=owner, on=TOMORROW, issue_date=DAY)
    assert NumberRange.objects.get().last == 1


def test_nothing_is_issued_into_a_locked_period():
    owner = a_business()
    lock_period(datetime.date(2026, 4, 30), by=owner, on=DAY)
    with raises_problem(ledger_errors.PERIOD_LOCKED):
        issue(a_draft(owner), by=owner, on=DAY, issue_date=datetime.date(2026, 4, 29))
    assert not NumberRange.objects.exists()


FROZEN = [
    "UPDATE invoicing_invoice SET gross_total = 1",
    "UPDATE invoicing_invoice SET status = 'draft', number = NULL",
    "UPDATE invoicing_invoice SET snapshot = '{}'",
    "UPDATE invoicing_invoice SET due_date = '2030-01-01'",
    "UPDATE invoicing_invoice SET closing_text = 'anders'",
    "DELETE FROM invoicing_invoice",
    "TRUNCATE invoicing_invoice CASCADE",
    "UPDATE invoicing_invoiceline SET name = 'anders'",
    "DELETE FROM invoicing_invoiceline",
    (
        "INSERT INTO invoicing_invoiceline (invoice_id, position, name, description, quantity,"
        " unit, unit_price, discount_percent, net_amount) SELECT id, 9, 'x', '', 1, 'C62', 1, 0, 1"
        " FROM invoicing_invoice"
    ),
]


@pytest.mark.parametrize("statement", FROZEN)
def test_an_issued_invoice_resists_raw_sql(statement):
    an_invoice(a_business())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_issued_invoice_resists_the_orm():
    invoice = an_invoice(a_business())
    for change in (
        lambda: Invoice.objects.filter(pk=invoice.pk).update(net_total=0),
        lambda: Invoice.objects.filter(pk=invoice.pk).delete(),
        lambda: InvoiceLine.objects.filter(invoice=invoice).update(quantity=2),
        invoice.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


LINE_ACTS = {
    "insert": lambda lines: lines.create(position=2, name="heimlich"),
    "update": lambda lines: lines.update(name="heimlich"),
    "delete": lambda lines: lines.all().delete(),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", LINE_ACTS)
def test_nobody_slips_a_line_in_while_an_invoice_is_issued(act):
    owner = a_business()
    draft = a_draft(owner)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Invoice.objects.select_for_update().get(pk=draft.pk)
        rival = pool.submit(alone, LINE_ACTS[act], draft.lines)
        wait_for_a_waiter()
        issue(draft, by=owner, on=DAY, print_now=False)
    assert isinstance(rival.exception(), DatabaseError)
    assert list(draft.lines.values_list("position", "name")) == [(1, "Beratung")]


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_attached_in_the_last_moment_is_not_left_out_of_the_invoice():
    owner = a_business()
    draft = a_draft(owner)

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        attach(draft, [Upload(filename="aufmass.csv", data=b"Raum;qm\n1;20\n")], by=owner)
        rival = pool.submit(alone, lambda: issue(draft, by=owner, on=DAY, print_now=False))
        wait_for_a_waiter()
    with raises_problem(errors.DRAFT_CHANGED):
        rival.result()
    assert not Invoice.objects.issued().exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_get_one_to_fifty():
    owner = a_business()
    customer = a_buyer(owner)
    drafts = [a_draft(owner, customer=customer) for _ in range(50)]

    at_once(lambda n: [issue(one, by=owner, on=DAY, print_now=False) for one in drafts[n::8]])

    numbers = Invoice.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [f"RE-2026-{n:04d}" for n in range(1, 51)]
    claims = OpenItem.objects.aggregate(total=Sum("outstanding"))["total"]
    assert claims == Decimal("119.00") * 50


@pytest.mark.django_db(transaction=True)
def test_one_draft_issued_by_eight_at_once_becomes_one_invoice():
    owner = a_business()
    draft = a_draft(owner)

    outcomes = at_once(lambda _: issue(draft, by=owner, on=DAY))

    assert sum(isinstance(outcome, Invoice) for outcome in outcomes) == 1
    assert NumberRange.objects.get().last == 1
    assert Entry.objects.filter(act="invoice.issued").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_pdf_is_archived_after_the_commit_and_its_bytes_stay():
    owner = a_business()
    invoice = an_invoice(owner)
    invoice = Invoice.objects.get(pk=invoice.pk)
    first = documents.read(invoice.pdf)
    assert first.startswith(b"%PDF-")
    assert documents.read(invoice.xml) in _attachments(first)
    with pytest.raises(DatabaseError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(pdf=None)
    assert documents.read(Invoice.objects.get(pk=invoice.pk).pdf) == first


def _attachments(pdf: bytes) -> list[bytes]:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [file.attachments[name].get_file().read_bytes() for name in file.attachments]
