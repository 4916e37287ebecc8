"""Drafting: anything may be missing, nothing may be overwritten unseen."""

from decimal import Decimal

import pytest

from invoicing import contents, drafting, errors
from invoicing.contents import Content, blank, content_of
from invoicing.models import Invoice, InvoiceLine
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_authority, an_invoice
from workmate.errors import Problem
from workmate.models import AuditEvent, Company

pytestmark = pytest.mark.django_db


def changed(draft, **header):
    content = content_of(draft)
    return Content(header={**content.header, **header}, lines=content.lines)


def test_an_empty_draft_can_be_saved():
    draft = drafting.create_draft(Content(header={}), by=a_business())
    assert (draft.number, draft.customer, draft.gross_total) == (None, None, Decimal("0.00"))


def test_a_line_may_lack_everything_but_its_name():
    owner = a_business()
    line = dict.fromkeys(contents.LINE) | {"name": "Beratung", "description": "", "unit": ""}
    draft = drafting.create_draft(Content(header={}, lines=[line]), by=owner)
    assert draft.lines.get().net_amount == Decimal("0.00")


def test_totals_follow_the_lines():
    draft = a_draft(a_business(), lines=[a_line("100"), a_line("50", "DE7", quantity=Decimal(2))])
    assert (draft.net_total, draft.vat_total, draft.gross_total) == (
        Decimal("200.00"),
        Decimal("26.00"),
        Decimal("226.00"),
    )
    assert [line.net_amount for line in draft.lines.all()] == [Decimal("100.00"), Decimal("100.00")]


def test_a_new_draft_starts_with_the_terms_of_the_customer():
    owner = a_business(intro_text="Guten Tag", payment_terms_days=30)
    customer = an_authority(owner, payment_terms_days=7)
    assert blank().header["payment_terms_days"] == 30
    assert blank(customer).header["payment_terms_days"] == 7
    assert blank(customer).header["buyer_reference"] == customer.leitweg_id
    assert blank(customer).header["intro_text"] == "Guten Tag"


def test_a_draft_can_be_written_before_the_company_is_set_up():
    owner = a_business()
    Company.objects.all().delete()
    assert drafting.create_draft(blank(a_buyer(owner)), by=owner).payment_terms_days == 14


def test_each_save_is_a_new_version():
    owner = a_business()
    draft = a_draft(owner)
    saved = drafting.save_draft(draft, changed(draft, order_reference="B-1"), version=1, by=owner)
    assert (saved.version, saved.order_reference) == (2, "B-1")
    assert AuditEvent.objects.get(event="invoice.draft_changed").payload["version"] == 2


def test_the_second_of_two_tabs_is_refused():
    owner = a_business()
    draft = a_draft(owner)
    drafting.save_draft(draft, changed(draft, order_reference="first"), version=1, by=owner)
    with raises_problem(errors.DRAFT_CHANGED) as raised:
        drafting.save_draft(draft, changed(draft, order_reference="second"), version=1, by=owner)
    assert raised.value.params["name"] == owner
    assert Invoice.objects.get().order_reference == "first"


@pytest.mark.django_db(transaction=True)
def test_of_eight_saves_at_once_one_counts():
    owner = a_business()
    draft = a_draft(owner)
    content = content_of(draft)

    outcomes = at_once(lambda _: drafting.save_draft(draft, content, version=1, by=owner))

    refused = [outcome.code for outcome in outcomes if isinstance(outcome, Problem)]
    assert refused == [errors.DRAFT_CHANGED.code] * 7
    assert Invoice.objects.get().version == 2
    assert InvoiceLine.objects.count() == 1


def test_an_issued_invoice_cannot_be_saved_as_a_draft():
    owner = a_business()
    invoice = an_invoice(owner)
    with raises_problem(errors.NOT_A_DRAFT):
        drafting.save_draft(invoice, content_of(invoice), version=1, by=owner)


def test_every_value_that_does_not_fit_is_named_at_its_field():
    owner = a_business()
    lines = [
        a_line(),
        a_line("-1", name="x" * 201, unit="STK", discount_percent=Decimal(101)),
    ]
    with raises_problem(errors.DRAFT_INVALID) as raised:
        a_draft(owner, lines=lines, payment_terms_days=366, order_reference="x" * 61)
    assert set(raised.value.fields) == {
        "payment_terms_days",
        "order_reference",
        "lines.1.unit_price",
        "lines.1.name",
        "lines.1.unit",
        "lines.1.discount_percent",
    }


def test_a_draft_has_at_most_300_lines():
    with raises_problem(errors.TOO_MANY_LINES):
        a_draft(a_business(), lines=[a_line()] * 301)


def test_300_lines_are_saved_with_few_queries(django_assert_max_num_queries):
    owner = a_business()
    content = Content(header=blank(a_buyer(owner)).header, lines=[a_line()] * 300)
    with django_assert_max_num_queries(10):
        drafting.create_draft(content, by=owner)


def test_a_deleted_draft_stays_in_the_audit_trail():
    owner = a_business()
    drafting.delete_draft(a_draft(owner), by=owner)
    assert not Invoice.objects.exists()
    event = AuditEvent.objects.get(event="invoice.draft_deleted")
    assert event.payload["lines"] == [["Beratung", "1.0000", "HUR", "100.00000000"]]


def test_a_draft_that_changed_is_not_deleted_unseen():
    owner = a_business()
    draft = a_draft(owner)
    drafting.save_draft(draft, content_of(draft), version=1, by=owner)
    with raises_problem(errors.DRAFT_CHANGED):
        drafting.delete_draft(draft, version=1, by=owner)


def test_an_issued_invoice_is_not_deleted():
    owner = a_business()
    with raises_problem(errors.NOT_A_DRAFT):
        drafting.delete_draft(an_invoice(owner), by=owner)


def test_a_duplicate_says_the_same_but_not_when():
    owner = a_business()
    invoice = an_invoice(owner, order_reference="B-7", lines=[a_line("10"), a_line("20", "DE7")])
    copy = drafting.duplicate(invoice, by=owner, on=DAY)
    assert (copy.status, copy.number, copy.order_reference) == ("draft", None, "B-7")
    assert copy.supply_date is None
    assert copy.gross_total == invoice.gross_total
    assert copy.token != invoice.token


@pytest.mark.parametrize(
    ("prices", "field"),
    [(["10", "9999999999"], "lines.1.unit_price"), (["900000", "900000"], "lines.1.unit_price")],
)
def test_an_amount_beyond_the_books_is_refused_at_its_line(prices, field):
    owner = a_business()
    lines = [a_line(price, quantity=Decimal(999999)) for price in prices]
    with raises_problem(errors.DRAFT_INVALID) as refused:
        a_draft(owner, lines=lines)
    assert list(refused.value.fields) == [field]
