"""Cancelling: a document of its own, and the original as it was."""

import datetime
from decimal import Decimal

import pytest
from django.db.models import Sum

from invoicing import errors
from invoicing.cancelling import cancel
from invoicing.models import Invoice
from invoicing.snapshot import Snapshot
from tests.books import a_posting
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, a_business, a_draft, a_line, an_authority, an_invoice
from workmate import documents
from workmate.models import Line, OpenItem

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=3)


def outstanding(invoice: Invoice) -> Decimal:
    return OpenItem.objects.get(pk=invoice.open_item_id).outstanding


def test_a_storno_has_its_own_number_and_leaves_the_original_unchanged():
    owner = a_business()
    invoice = an_invoice(owner)
    before = Invoice.objects.values().get(pk=invoice.pk)

    storno = cancel(invoice, reason="Falscher Empfänger", by=owner, on=LATER)

    assert (storno.number, storno.issue_date) == ("ST-2026-0001", LATER)
    assert (storno.cancels, storno.gross_total) == (invoice, Decimal("-119.00"))
    after = Invoice.objects.values().get(pk=invoice.pk)
    assert after == before | {"is_cancelled": True}


def test_a_storno_is_a_384_with_negative_quantities_and_names_the_original():
    owner = a_business()
    invoice = an_invoice(owner, lines=[a_line("80", discount_percent=Decimal("12.5"))])

    storno = cancel(invoice, reason="Doppelt berechnet", by=owner, on=LATER)

    einvoice = Snapshot.from_json(storno.snapshot).einvoice
    assert einvoice.type_code == "384"
    assert [item.number for item in einvoice.preceding] == [invoice.number]
    (line,) = einvoice.lines
    assert (line.quantity, line.net_price, line.net_amount) == (
        Decimal("-1.0000"),
        Decimal(80),
        Decimal("-70.00"),
    )
    assert einvoice.totals.payable == Decimal("-83.30")
    assert b"Doppelt berechnet" in documents.read(storno.xml)


@pytest.mark.parametrize("authority", [False, True])
def test_a_storno_passes_the_gate_of_the_customers_format(authority):
    owner = a_business()
    customer = an_authority(owner) if authority else None
    invoice = an_invoice(owner, customer=customer, lines=[a_line("80"), a_line("10", "DE7")])
    assert cancel(invoice, reason="Irrtum", by=owner, on=LATER).status == Invoice.Status.ISSUED


def test_an_unpaid_invoice_and_its_storno_settle_each_other():
    owner = a_business()
    invoice = an_invoice(owner)
    storno = cancel(invoice, reason="Irrtum", by=owner, on=LATER)
    assert (outstanding(invoice), outstanding(storno)) == (Decimal(0), Decimal(0))


def test_what_was_paid_already_remains_as_credit():
    owner = a_business()
    invoice = an_invoice(owner)
    a_posting(invoice.open_item, Decimal("-19.00"), on=DAY, by=owner)
    storno = cancel(invoice, reason="Irrtum", by=owner, on=LATER)
    assert (outstanding(invoice), outstanding(storno)) == (Decimal(0), Decimal("-19.00"))


def test_revenue_and_vat_are_taken_back_on_the_day_of_the_storno():
    owner = a_business()
    invoice = an_invoice(owner)
    cancel(invoice, reason="Irrtum", by=owner, on=LATER)

    def total(account: str, **when: object) -> Decimal:
        lines = Line.objects.filter(account__number=account, **when)
        return lines.aggregate(sum=Sum("amount"))["sum"]

    assert total("8400", booked_on__lte=DAY) == Decimal("-100.00")
    assert (total("8400"), total("1776"), total("1400")) == (Decimal(0), Decimal(0), Decimal(0))


def test_a_reason_is_needed():
    owner = a_business()
    with raises_problem(errors.REASON_MISSING):
        cancel(an_invoice(owner), reason="  ", by=owner, on=LATER)


def test_neither_drafts_nor_stornos_nor_cancelled_invoices_can_be_cancelled():
    owner = a_business()
    invoice = an_invoice(owner)
    storno = cancel(invoice, reason="Irrtum", by=owner, on=LATER)
    for target, problem in (
        (a_draft(owner), errors.NOT_ISSUED),
        (storno, errors.IS_CANCELLATION),
        (invoice, errors.ALREADY_CANCELLED),
    ):
        with raises_problem(problem):
            cancel(target, reason="Irrtum", by=owner, on=LATER)


@pytest.mark.django_db(transaction=True)
def test_eight_who_cancel_at_once_make_one_storno():
    owner = a_business()
    invoice = an_invoice(owner)

    at_once(lambda _: cancel(invoice, reason="Irrtum", by=owner, on=LATER))

    assert Invoice.objects.filter(cancels=invoice).count() == 1
    assert outstanding(invoice) == Decimal(0)
