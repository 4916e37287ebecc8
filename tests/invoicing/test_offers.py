"""Quotes and orders: numbered and frozen like every document, but no invoice and in no books."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from invoicing import archiving, errors, gate
from invoicing.contents import content_of
from invoicing.converting import convert, decide
from invoicing.issuing import issue
from invoicing.models import Invoice, State
from invoicing.snapshot import Snapshot
from tests.books import signed_in
from tests.payments.paying import pay
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_draft, a_line
from workmate.ledger.models import MoneyAccount
from workmate.models import AuditEvent, Entry, OpenItem, User

pytestmark = pytest.mark.django_db
UNTIL = DAY + datetime.timedelta(days=30)
LATER = DAY + datetime.timedelta(days=3)


def a_quote(by: User, **draft: Any) -> Invoice:
    """An issued quote over 119.00 EUR unless told otherwise."""
    draft = {"supply_date": None, "valid_until": UNTIL, "order_reference": "B-7"} | draft
    return issue(a_draft(by, kind="quote", **draft), by=by, on=DAY)


def state(invoice: Invoice, on: datetime.date = DAY) -> str:
    return Invoice.objects.with_state(on=on).get(pk=invoice.pk).state


@pytest.mark.parametrize(
    ("kind", "number"), [("quote", "AN-2026-0001"), ("confirmation", "AB-2026-0001")]
)
def test_an_offer_is_numbered_and_printed_but_neither_e_invoice_nor_booked(kind, number):
    owner = a_business()
    offer = (
        a_quote(owner)
        if kind == "quote"
        else issue(a_draft(owner, kind=kind, supply_date=None), by=owner, on=DAY)
    )
    assert (offer.number, offer.gross_total) == (number, Decimal("119.00"))
    assert (offer.xml, offer.open_item, offer.due_date, offer.hints) == (None, None, None, None)
    assert not Entry.objects.exists()
    assert not OpenItem.objects.exists()
    pdf = archiving.archive_pdf(offer, by=owner)
    assert pdf.filename == f"{number}.pdf"


def test_a_quote_needs_an_end_and_no_day_of_supply():
    owner = a_business()
    for until, fields in (
        (None, ["valid_until"]),
        (DAY, []),
        (DAY - datetime.timedelta(1), ["valid_until"]),
    ):
        draft = a_draft(owner, kind="quote", supply_date=None, valid_until=until)
        assert [one.field for one in gate.check(draft, on=DAY).errors] == fields


def test_the_law_of_invoices_does_not_hold_for_a_quote_but_it_needs_lines_and_a_customer():
    owner = a_business()
    draft = a_draft(owner, kind="quote", lines=[], valid_until=UNTIL)
    assert [one.field for one in gate.check(draft, on=DAY).errors] == ["lines"]


def test_an_offer_appears_in_no_question_about_money():
    owner = a_business()
    a_quote(owner)
    late = UNTIL + datetime.timedelta(days=99)
    rows = Invoice.objects
    for found in (rows.standing(), rows.open(), rows.overdue(on=late), rows.paid(), rows.billing()):
        assert list(found) == []


def test_what_became_of_a_quote_is_its_state():
    owner = a_business()
    quote = a_quote(owner)
    assert state(quote, UNTIL) == State.OFFERED
    assert state(quote, UNTIL + datetime.timedelta(days=1)) == State.EXPIRED
    decide(quote, "declined", by=owner, on=LATER)
    assert state(quote, UNTIL) == State.DECLINED
    assert AuditEvent.objects.filter(event="quote.declined").count() == 1
    with raises_problem(errors.ALREADY_DECIDED):
        decide(quote, "accepted", by=owner, on=LATER)
    with raises_problem(errors.QUOTE_DECLINED):
        convert(quote, "confirmation", by=owner, on=LATER)


def test_an_order_carries_lines_and_references_over_and_accepts_the_quote():
    owner = a_business()
    quote = a_quote(owner, lines=[a_line("80"), a_line("20", "DE7")])

    order = convert(quote, "confirmation", by=owner, on=LATER)

    quote.refresh_from_db()
    assert (quote.decision, quote.decided_on) == ("accepted", LATER)
    assert (order.kind, order.based_on, order.order_reference) == ("confirmation", quote, "B-7")
    assert [line.net_amount for line in order.lines.all()] == [Decimal(80), Decimal(20)]


def test_from_quote_to_final_invoice():
    owner = a_business()
    quote = a_quote(owner, lines=[a_line("800"), a_line("200", "DE7")])
    order = issue(convert(quote, "confirmation", by=owner, on=LATER), by=owner, on=LATER)
    draft = convert(order, "advance", percent=Decimal(25), by=owner, on=LATER)
    assert [(line.name, line.net_amount) for line in draft.lines.all()] == [
        ("25 % Anzahlung auf Auftrag AB-2026-0001", Decimal("200.00")),
        ("25 % Anzahlung auf Auftrag AB-2026-0001", Decimal("50.00")),
    ]
    advance = issue(draft, by=owner, on=LATER)
    assert advance.sales_order_reference == "AB-2026-0001"
    bank = MoneyAccount.objects.get()
    pay(bank, "291.50", (advance.open_item, "291.50"), by=owner, on=LATER)

    final = convert(order, "final", by=owner, on=LATER)

    assert content_of(final).advances == [advance]
    assert final.gross_total == Decimal("1166.00") - Decimal("291.50")
    Invoice.objects.filter(pk=final.pk).update(supply_date=LATER)
    final = issue(final, by=owner, on=LATER)
    assert Snapshot.from_json(final.snapshot).einvoice.preceding[0].number == advance.number


def test_only_issued_offers_go_on_and_only_forward():
    owner = a_business()
    order = issue(a_draft(owner, kind="confirmation"), by=owner, on=DAY)
    with raises_problem(errors.NOT_ISSUED):
        convert(a_draft(owner, kind="quote"), "invoice", by=owner, on=DAY)
    for target, kind in ((order, "quote"), (order, "cancellation"), (order, "confirmation")):
        with raises_problem(errors.NOT_CONVERTIBLE):
            convert(target, kind, by=owner, on=DAY)
    with raises_problem(errors.NOT_A_QUOTE):
        decide(order, "accepted", by=owner, on=DAY)


def test_the_database_freezes_a_quote_and_lets_nothing_else_be_decided():
    owner = a_business()
    quote, draft = a_quote(owner), a_draft(owner)
    for sql, pk, error in (
        (
            "UPDATE invoicing_invoice SET valid_until='2030-01-01' WHERE id=%s",
            quote.pk,
            ProgrammingError,
        ),
        ("UPDATE invoicing_invoice SET number='AN-9' WHERE id=%s", quote.pk, ProgrammingError),
        (
            "UPDATE invoicing_invoice SET decision='accepted', decided_on=now() WHERE id=%s",
            draft.pk,
            IntegrityError,
        ),
    ):
        with pytest.raises(error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [pk])


def test_quotes_and_orders_have_lists_of_their_own():
    owner = a_business()
    quote, client = a_quote(owner), signed_in()
    assert quote.number in client.get("/angebote/").content.decode()
    assert quote.number not in client.get("/rechnungen/").content.decode()
    assert quote.number not in client.get("/auftraege/").content.decode()
    assert quote.number in client.get("/angebote/?status=expired").content.decode()


def test_the_page_of_a_quote_leads_on_and_shows_nothing_of_an_invoice():
    owner = a_business()
    quote, client = a_quote(owner), signed_in()
    page = client.get(f"/rechnungen/{quote.pk}/").content.decode()
    assert "Auftrag bestätigen" in page
    assert "XML herunterladen" not in page
    assert client.get(f"/rechnungen/{quote.pk}/xml/").status_code == 404

    client.post(f"/rechnungen/{quote.pk}/fortsetzen/", {"kind": "advance", "percent": "50"})

    draft = Invoice.objects.get(based_on=quote)
    assert (draft.kind, draft.net_total) == ("advance", Decimal("50.00"))


def test_a_quote_is_declined_on_its_page():
    owner = a_business()
    quote, client = a_quote(owner), signed_in()
    client.post(f"/rechnungen/{quote.pk}/entscheiden/", {"decision": "declined"})
    assert state(quote) == State.DECLINED


def test_a_new_quote_is_written_and_issued_in_the_browser():
    a_business()
    client = signed_in()
    page = client.get("/angebote/neu/").content.decode()
    assert "Angebot stellen" in page
    assert "Gültig bis" in page


def test_the_api_converts_and_decides():
    owner = a_business()
    quote, client = a_quote(owner), signed_in()
    made = client.post(
        f"/api/v1/invoices/{quote.pk}/conversion/",
        {"kind": "confirmation"},
        content_type="application/json",
    )
    assert (made.status_code, made.json()["based_on"]) == (201, quote.pk)
    again = client.post(
        f"/api/v1/invoices/{quote.pk}/decision/",
        {"decision": "declined"},
        content_type="application/json",
    )
    assert again.status_code == 409


def test_a_public_link_shows_no_offer():
    quote = a_quote(a_business())
    assert signed_in("").get(f"/zahlen/{quote.token}/").status_code == 404
