"""Correcting: a part of an invoice is taken back, never more than was billed."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from invoicing import errors, gate
from invoicing.cancelling import cancel
from invoicing.contents import content_of
from invoicing.correcting import draft_correction
from invoicing.drafting import duplicate, save_draft
from invoicing.issuing import issue
from invoicing.models import Invoice, State
from invoicing.snapshot import Snapshot
from payments.recording import reverse_payment
from tests.books import signed_in
from tests.invoicing.ledger import booked, sums
from tests.payments.paying import owed, pay
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_authority, an_invoice
from workmate.ledger.models import MoneyAccount
from workmate.models import Entry, Line, OpenItem, User

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=3)


def reduced(invoice: Invoice, *lines: dict[str, Any], by: User) -> Invoice:
    """The draft of a correction with these lines in place of the original's."""
    draft = draft_correction(invoice, by=by)
    content = content_of(draft)
    content.lines[:] = lines
    return save_draft(draft, content, version=draft.version, by=by)


def corrected(invoice: Invoice, *lines: dict[str, Any], by: User) -> Invoice:
    return issue(reduced(invoice, *lines, by=by), by=by, on=LATER)


def item(invoice: Invoice) -> OpenItem:
    return OpenItem.objects.get(pk=invoice.open_item_id)


def test_the_draft_of_a_correction_begins_with_the_whole_invoice():
    owner = a_business()
    invoice = an_invoice(owner, lines=[a_line("80"), a_line("10", "DE7")], order_reference="B-7")

    draft = draft_correction(invoice, by=owner)

    assert (draft.kind, draft.corrects, draft.number) == ("correction", invoice, None)
    assert [line.net_amount for line in draft.lines.all()] == [Decimal(80), Decimal(10)]
    assert (draft.order_reference, draft.supply_date) == ("B-7", DAY)
    assert draft.gross_total == -invoice.gross_total


def test_a_correction_says_its_amounts_positive_and_names_the_original():
    owner = a_business()
    invoice = an_invoice(owner, lines=[a_line("80"), a_line("20")])

    correction = corrected(invoice, a_line("20"), by=owner)

    einvoice = Snapshot.from_json(correction.snapshot).einvoice
    assert (correction.number, einvoice.type_code) == ("KR-2026-0001", "381")
    (earlier,) = einvoice.preceding
    assert (earlier.number, earlier.issue_date) == (invoice.number, DAY)
    assert (einvoice.totals.payable, correction.gross_total) == (
        Decimal("23.80"),
        Decimal("-23.80"),
    )


@pytest.mark.parametrize(
    ("chart", "accounts"),
    [("SKR03", ("1400", "8400", "1776")), ("SKR04", ("1200", "4400", "3806"))],
)
def test_a_correction_takes_revenue_and_vat_back_and_is_settled(chart, accounts):
    owner = a_business(chart=chart)
    invoice = an_invoice(owner, lines=[a_line("100")])

    correction = corrected(invoice, a_line("20"), by=owner)

    receivables, revenue, vat = accounts
    assert booked(correction) == {
        receivables: Decimal("-23.80"),
        revenue: Decimal("20.00"),
        vat: Decimal("3.80"),
    }
    assert owed(item(invoice), item(correction)) == ["95.20", "0.00"]


@pytest.mark.parametrize("authority", [False, True])
def test_a_correction_passes_the_gate_of_the_customers_format(authority):
    owner = a_business()
    customer = an_authority(owner) if authority else None
    invoice = an_invoice(owner, customer=customer, lines=[a_line("80"), a_line("10", "DE7")])
    verdict = gate.check(draft_correction(invoice, by=owner), on=LATER)
    assert (verdict.passed, verdict.findings) == (True, ())


def test_no_more_is_corrected_than_was_billed_with_that_tax_case():
    owner = a_business()
    invoice = an_invoice(owner, lines=[a_line("100"), a_line("10", "DE7")])
    corrected(invoice, a_line("70"), by=owner)
    draft = reduced(invoice, a_line("5", "DE7"), a_line("30.01"), by=owner)

    (finding,) = gate.check(draft, on=LATER).errors
    assert finding.field == "lines.1.unit_price"
    assert finding.text == (
        "Zu „19 % Umsatzsteuer“ sind von RE-2026-0001 noch 30,00 € netto zu korrigieren, "
        "dieser Entwurf nimmt 30,01 € zurück."
    )
    with raises_problem(errors.GATE_REFUSED):
        issue(draft, by=owner, on=LATER)


def test_the_rest_can_be_corrected_to_the_last_cent():
    owner = a_business()
    invoice = an_invoice(owner)
    corrected(invoice, a_line("70"), by=owner)
    second = corrected(invoice, a_line("30"), by=owner)
    assert owed(item(invoice), item(second)) == ["0.00", "0.00"]


@pytest.mark.parametrize("prices_gross", [False, True])
def test_vat_that_rounding_leaves_is_taken_back_with_the_rest(prices_gross):
    owner = a_business()
    lines = [a_line("0.13"), a_line("0.13"), a_line("0.03", "DE7"), a_line("0.03", "DE7")]
    invoice = an_invoice(owner, lines=lines, prices_gross=prices_gross)

    for line in lines:
        corrected(invoice, line, by=owner)

    everything = sums(Entry.objects.all())
    assert (everything, owed(item(invoice))) == ({}, ["0.00"])
    assert sum(one.vat_total for one in Invoice.objects.issued()) == 0


CENTS = st.integers(1, 400).map(lambda cents: Decimal(cents) / 100)
PIECES = st.lists(
    st.tuples(CENTS, st.sampled_from(["DE19", "DE7"]), st.integers(0, 3)), min_size=1, max_size=6
)


@pytest.mark.django_db
@settings(max_examples=12, deadline=None)
@given(pieces=PIECES, prices_gross=st.booleans(), rate=st.sampled_from([None, "1.1283", "0.87"]))
def test_an_invoice_that_is_corrected_piece_by_piece_leaves_no_cent(pieces, prices_gross, rate):
    with transaction.atomic():
        owner = a_business()
        header: dict[str, Any] = {"prices_gross": prices_gross}
        if rate:
            day_rate = {"exchange_rate": Decimal(rate), "exchange_source": "DKB, 04.05.2026"}
            header |= {"currency": "USD", "buyer_reference": "B 7"} | day_rate
        lines = [a_line(str(price), code) for price, code, _ in pieces]
        invoice = an_invoice(owner, lines=lines, **header)

        for part in range(4):
            taken = [line for line, piece in zip(lines, pieces, strict=True) if piece[2] == part]
            if taken:
                corrected(invoice, *taken, by=owner)

        documents = [Snapshot.from_json(one.snapshot) for one in Invoice.objects.issued()]
        signs = {"380": 1, "381": -1}
        vat = [one.einvoice.totals.tax_total_accounting or Decimal(0) for one in documents]
        said = [signs[one.einvoice.type_code] for one in documents]
        assert sum(sign * one for sign, one in zip(said, vat, strict=True)) == 0
        assert sums(Entry.objects.all()) == {}
        assert not Line.objects.filter(account__purpose__in=["fx_gain", "fx_loss"]).exists()
        transaction.set_rollback(True)


def test_a_correction_is_for_the_customer_of_the_original():
    owner = a_business()
    draft = draft_correction(an_invoice(owner), by=owner)
    content = content_of(draft)
    content.header["customer"] = a_buyer(owner)
    draft = save_draft(draft, content, version=draft.version, by=owner)
    assert [one.field for one in gate.check(draft, on=LATER).errors] == ["customer"]


def test_what_was_paid_too_much_remains_as_credit_and_comes_back_with_the_payment():
    owner = a_business()
    bank = MoneyAccount.objects.get()
    invoice = an_invoice(owner)
    payment = pay(bank, "119.00", (item(invoice), "119.00"), by=owner)
    correction = corrected(invoice, a_line("20"), by=owner)
    assert owed(item(invoice), item(correction)) == ["0.00", "-23.80"]

    reverse_payment(payment, on=LATER, by=owner, reason="Rücklastschrift")

    assert owed(item(invoice), item(correction)) == ["95.20", "0.00"]


def test_drafts_cancelled_invoices_and_answers_cannot_be_corrected():
    owner = a_business()
    invoice = an_invoice(owner)
    correction = corrected(an_invoice(owner), a_line("1"), by=owner)
    storno = cancel(invoice, reason="Irrtum", by=owner, on=LATER)
    invoice.refresh_from_db()
    for target, problem in (
        (a_draft(owner), errors.NOT_ISSUED),
        (invoice, errors.CANNOT_BE_CORRECTED),
        (storno, errors.CANNOT_BE_CORRECTED),
        (correction, errors.CANNOT_BE_CORRECTED),
    ):
        with raises_problem(problem):
            draft_correction(target, by=owner)


def test_neither_a_correction_nor_a_corrected_invoice_is_cancelled():
    owner = a_business()
    invoice = an_invoice(owner)
    correction = corrected(invoice, a_line("1"), by=owner)
    with raises_problem(errors.IS_CORRECTED):
        cancel(invoice, reason="Irrtum", by=owner, on=LATER)
    with raises_problem(errors.IS_CANCELLATION):
        cancel(correction, reason="Irrtum", by=owner, on=LATER)


def test_an_invoice_cancelled_meanwhile_is_not_corrected_any_more():
    owner = a_business()
    invoice = an_invoice(owner)
    draft = draft_correction(invoice, by=owner)
    cancel(invoice, reason="Irrtum", by=owner, on=LATER)
    with raises_problem(errors.CANNOT_BE_CORRECTED):
        issue(draft, by=owner, on=LATER)
    assert Invoice.objects.filter(kind="correction", status="issued").count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_four_corrections_at_once_only_what_fits_is_issued():
    owner = a_business()
    invoice = an_invoice(owner)
    drafts = [reduced(invoice, a_line("60"), by=owner) for _ in range(4)]

    at_once(lambda index: issue(drafts[index], by=owner, on=LATER, print_now=False), 4)

    assert invoice.corrections.issued().count() == 1
    assert owed(item(invoice)) == ["47.60"]


def test_a_correction_is_neither_overdue_nor_open_nor_billed():
    owner = a_business()
    correction = corrected(an_invoice(owner), a_line("20"), by=owner)
    later = LATER + datetime.timedelta(days=400)
    found = Invoice.objects.with_state(on=later).get(pk=correction.pk)
    assert found.state == State.CORRECTION
    assert correction not in Invoice.objects.standing()


def test_a_duplicate_of_a_correction_is_an_invoice():
    owner = a_business()
    copy = duplicate(draft_correction(an_invoice(owner), by=owner), by=owner, on=DAY)
    assert (copy.kind, copy.corrects, copy.gross_total) == ("invoice", None, Decimal("119.00"))


def test_the_database_knows_no_correction_without_original():
    owner = a_business()
    draft = a_draft(owner)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE invoicing_invoice SET kind='correction' WHERE id=%s", [draft.pk])


def test_the_page_of_an_invoice_offers_to_correct_it_and_names_its_corrections():
    owner = a_business()
    invoice = an_invoice(owner)
    client = signed_in()
    assert "Korrigieren" in client.get(f"/rechnungen/{invoice.pk}/").content.decode()

    answer = client.post(f"/rechnungen/{invoice.pk}/korrigieren/", follow=True)

    draft = Invoice.objects.get(corrects=invoice)
    assert answer.redirect_chain[-1][0] == f"/rechnungen/{draft.pk}/entwurf/"
    assert "Korrektur der Rechnung" in answer.content.decode()
    issue(draft, by=owner, on=LATER)
    page = client.get(f"/rechnungen/{invoice.pk}/").content.decode()
    assert "Korrigiert durch" in page
    assert ">Stornieren<" not in page


def test_the_api_drafts_a_correction():
    owner = a_business()
    invoice = an_invoice(owner)
    answer = signed_in().post(f"/api/v1/invoices/{invoice.pk}/correction/")
    made = answer.json()
    assert (answer.status_code, made["kind"], made["corrects"]) == (201, "correction", invoice.pk)
