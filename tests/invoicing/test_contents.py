"""What a draft can say beyond plain lines: each passes the gate, is posted and is shown."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from invoicing import attaching, errors, gate
from invoicing.attaching import Upload
from invoicing.cancelling import cancel
from invoicing.einvoice.read import read
from invoicing.issuing import issue
from invoicing.models import Adjustment, Attachment, Invoice
from invoicing.offering import offers
from invoicing.snapshot import Snapshot
from tests.books import signed_in
from tests.problems import raises_problem
from tests.trade import (
    DAY,
    a_business,
    a_buyer,
    a_draft,
    a_line,
    a_portal,
    an_authority,
    an_invoice,
    tax_case,
)
from workmate import documents
from workmate.models import Line

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return a_business(creditor_id="DE98ZZZ09999999999")


BUYERS = pytest.mark.parametrize("customer", [a_buyer, an_authority, a_portal])


def issued(owner, customer, **draft):
    invoice = issue(a_draft(owner, customer=customer, **draft), by=owner, on=DAY)
    return invoice, Snapshot.from_json(invoice.snapshot).einvoice


def booked(invoice):
    """Account number → EUR of what the invoice posted."""
    lines = Line.objects.filter(entry__source=f"invoicing.invoice:{invoice.pk}")
    return {line.account.number: line.amount for line in lines.select_related("account")}


def adjustment(**fields):
    return {"is_charge": False, "reason": "", "percent": None, "amount": None, "tax_case": None} | {
        name: Decimal(value) if name in ("percent", "amount") else value
        for name, value in fields.items()
    }


@BUYERS
def test_discounts_and_surcharges_are_computed_per_rate_and_posted(owner, customer):
    draft = a_draft(
        owner,
        customer=customer(owner),
        lines=[
            a_line("100", discount_percent=Decimal(10)),
            a_line("50", "DE7", discount_amount=Decimal(5)),
            a_line("20", "DE7", discount_percent=Decimal(-50)),
        ],
        adjustments=[
            adjustment(percent="10", reason="Treuerabatt"),
            adjustment(amount="6.90", is_charge=True, reason="Fracht", tax_case=tax_case()),
        ],
    )
    invoice = issue(draft, by=owner, on=DAY)

    assert (invoice.net_total, invoice.vat_total, invoice.gross_total) == (
        Decimal("155.40"),
        Decimal("21.43"),
        Decimal("176.83"),
    )
    assert booked(invoice) == {
        "1400": Decimal("176.83"),
        "8400": Decimal("-87.90"),
        "1776": Decimal("-16.70"),
        "8300": Decimal("-67.50"),
        "1771": Decimal("-4.73"),
    }


@BUYERS
def test_gross_prices_are_what_is_owed(owner, customer):
    invoice, einvoice = issued(
        owner,
        customer(owner),
        prices_gross=True,
        lines=[a_line("9.99", quantity=Decimal(3)), a_line("0.03"), a_line("5", "DE7")],
    )

    assert invoice.gross_total == Decimal("35.00")
    assert einvoice.totals.payable == Decimal("35.00")
    assert sum(booked(invoice).values()) == 0
    assert invoice.open_item.outstanding == 0 or invoice.open_item_id
    invoice.open_item.refresh_from_db()
    assert invoice.open_item.outstanding == Decimal("35.00")


def test_a_cent_of_rounding_is_posted_so_that_the_books_balance(owner):
    invoice, einvoice = issued(owner, a_buyer(owner), prices_gross=True, lines=[a_line("0.03")])
    assert einvoice.totals.rounding == Decimal("-0.01")
    assert booked(invoice) == {
        "1400": Decimal("0.03"),
        "8400": Decimal("-0.03"),
        "1776": Decimal("-0.01"),
        "2700": Decimal("0.01"),
    }


@BUYERS
def test_skonto_is_written_as_xrechnung_wants_it(owner, customer):
    _, einvoice = issued(
        owner,
        customer(owner),
        payment_terms_days=30,
        cash_discounts=[{"days": 7, "percent": "3.00"}, {"days": 14, "percent": "2.00"}],
    )
    assert einvoice.payment_terms.splitlines() == [
        "#SKONTO#TAGE=7#PROZENT=3.00#",
        "#SKONTO#TAGE=14#PROZENT=2.00#",
        "Zahlbar bis 03.06.2026 ohne Abzug.",
    ]


def test_skonto_that_outlasts_the_terms_is_refused(owner):
    draft = a_draft(owner, cash_discounts=[{"days": 30, "percent": "2.00"}])
    verdict = gate.check(draft, on=DAY)
    assert "cash_discounts" in verdict.fields()


def test_titles_and_texts_go_into_the_note_of_the_line_below(owner):
    _, einvoice = issued(
        owner,
        a_buyer(owner),
        lines=[
            {"kind": "title", "name": "Erster Abschnitt"},
            {"kind": "text", "name": "Wie besprochen", "description": "am 3. Mai"},
            a_line("100"),
            a_line("50"),
            {"kind": "text", "name": "Vielen Dank"},
        ],
    )
    assert [(line.id, line.note) for line in einvoice.lines] == [
        ("1", "Erster Abschnitt\nWie besprochen\nam 3. Mai"),
        ("2", ""),
    ]


def test_findings_count_only_the_lines_of_the_form(owner):
    draft = a_draft(owner, lines=[{"kind": "title", "name": "Oben"}, a_line("100", quantity=None)])
    fields = gate.check(draft, on=DAY).fields()
    assert "lines.1.quantity" in fields
    assert not any(name.startswith("lines.0.") for name in fields)


@BUYERS
def test_a_line_has_its_own_period(owner, customer):
    start, end = datetime.date(2026, 4, 1), datetime.date(2026, 4, 30)
    _, einvoice = issued(
        owner,
        customer(owner),
        supply_date=None,
        supply_start=start,
        supply_end=end,
        lines=[a_line("100", period_start=start, period_end=end)],
    )
    assert (einvoice.lines[0].period.start, einvoice.lines[0].period.end) == (start, end)


def test_percent_and_amount_on_one_line_are_refused(owner):
    line = a_line("100", discount_percent=Decimal(1), discount_amount=Decimal(1))
    with raises_problem(errors.DRAFT_INVALID):
        a_draft(owner, lines=[line])


def test_parts_of_an_issued_invoice_stay(owner):
    draft = a_draft(owner, adjustments=[adjustment(percent="10")])
    attaching.attach(draft, [Upload(filename="a.pdf", data=b"%PDF-1.7 a")], by=owner)
    invoice = issue(draft, by=owner, on=DAY)

    invoices = Invoice.objects.filter(pk=invoice.pk)
    for act in (
        Adjustment.objects.filter(invoice=invoice).delete,
        lambda: Adjustment.objects.filter(invoice=invoice).update(percent=1),
        lambda: Attachment.objects.filter(invoice=invoice)._raw_delete("default"),
        lambda: invoices.update(cash_discounts=[{"days": 7, "percent": "2.00"}]),
        lambda: invoices.update(prices_gross=True),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("filename", "data", "problem"),
    [
        ("programm.exe", b"MZ\x90\x00", errors.ATTACHMENT_TYPE),
        ("seite.html", b"<script>alert(1)</script>", errors.ATTACHMENT_TYPE),
        ("archiv.zip", b"PK\x03\x04 no archive", errors.ATTACHMENT_TYPE),
        ("tabelle.csv", b"\x00\x01", errors.ATTACHMENT_TYPE),
        ("gross.pdf", b"%PDF-" + bytes(attaching.MAX_FILE), errors.ATTACHMENT_TOO_LARGE),
    ],
)
def test_an_attachment_is_told_by_its_content(owner, filename, data, problem):
    draft = a_draft(owner)
    with raises_problem(problem):
        attaching.attach(draft, [Upload(filename=filename, data=data)], by=owner)
    assert not draft.attachments.exists()


def test_a_file_is_attached_once_and_its_name_only_once(owner):
    draft = a_draft(owner)
    one = Upload(filename="Stunden.csv", data=b"Tag;Stunden\n4.5.;8\n")
    attaching.attach(draft, [one, one], by=owner)
    attaching.attach(draft, [one], by=owner)
    assert draft.attachments.count() == 1
    with raises_problem(errors.ATTACHMENT_NAME_TWICE):
        attaching.attach(draft, [Upload(filename="stunden.CSV", data=b"Tag;1\n")], by=owner)
    attaching.detach(draft, draft.attachments.get(), by=owner)
    assert not draft.attachments.exists()


def test_a_picture_gets_the_ending_that_fits_it(owner):
    draft = a_draft(owner)
    picture = Upload(filename="foto", data=b"\x89PNG\r\n\x1a\n...")
    (made,) = attaching.attach(draft, [picture], by=owner)
    assert (made.file.filename, made.file.media_type) == ("foto.png", "image/png")


BY_DEBIT = {
    "pays_by_debit": True,
    "mandate_reference": "M-2026-17",
    "mandate_iban": "DE89370400440532013000",
}


@BUYERS
def test_a_direct_debit_names_mandate_creditor_and_account(owner, customer):
    _, einvoice = issued(owner, customer(owner, **BY_DEBIT), payment_means="59")
    payment = einvoice.payment
    assert (payment.mandate_reference, payment.creditor_id, payment.debited_iban) == (
        "M-2026-17",
        "DE98ZZZ09999999999",
        "DE89370400440532013000",
    )
    assert payment.iban == ""
    assert einvoice.payment_terms == "Wir ziehen den Betrag am 18.05.2026 per SEPA-Lastschrift ein."


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ({"payment_means": "59"}, "customer.mandate_reference"),
        ({"payment_means": "48"}, "card_number"),
        ({"payee_name": "Factor AG"}, "payee_iban"),
    ],
)
def test_a_way_to_pay_that_lacks_something_is_refused_at_its_field(owner, header, field):
    assert field in gate.check(a_draft(owner, **header), on=DAY).fields()


@BUYERS
@pytest.mark.parametrize(
    "header",
    [
        {"payment_means": "48", "card_number": "1234", "card_holder": "Eva Muster"},
        {"payment_means": "30"},
        {"payment_means": "57"},
        {"payee_name": "Factor AG", "payee_iban": "DE89370400440532013000"},
        {
            "order_reference": "B-1",
            "sales_order_reference": "A-2",
            "contract_reference": "V-3",
            "project_reference": "P-4",
            "despatch_reference": "L-5",
            "accounting_reference": "K-6",
        },
        {"sales_order_reference": "A-2"},
        {
            "delivery_name": "Lager Süd",
            "delivery_street": "Am Tor 3",
            "delivery_post_code": "50667",
            "delivery_city": "Köln",
        },
    ],
    ids=["card", "transfer", "standing", "payee", "references", "sales order", "delivery"],
)
def test_every_way_to_pay_and_every_reference_is_offered_in_all_formats(owner, customer, header):
    invoice, einvoice = issued(owner, customer(owner), **header)
    for offer in offers(invoice):
        if offer.format.zugferd or customer is not a_buyer:
            assert offer.reasons == ()
        assert read(offer.data) == einvoice


def test_attachments_travel_inside_the_file_and_not_in_the_row(owner):
    draft = a_draft(owner, customer=an_authority(owner))
    sheet = b"Tag;Stunden\n4.5.;8\n"
    attaching.attach(draft, [Upload(filename="stunden.csv", data=sheet)], by=owner)
    invoice = issue(draft, by=owner, on=DAY)

    (carried,) = read(documents.read(invoice.xml)).attachments
    assert (carried.filename, carried.media_type, carried.data) == (
        "stunden.csv",
        "text/csv",
        sheet,
    )
    assert invoice.snapshot["einvoice"]["attachments"][0]["data"] == ""
    for offer in offers(invoice):
        assert read(offer.data).attachments == (carried,)
    storno = cancel(invoice, reason="Falsch", by=owner, on=DAY)
    assert read(documents.read(storno.xml)).attachments == ()


def test_a_stornorechnung_takes_every_content_back(owner):
    invoice, _ = issued(
        owner,
        an_authority(owner),
        prices_gross=True,
        cash_discounts=[{"days": 7, "percent": "2.00"}],
        lines=[
            {"kind": "title", "name": "Erster Teil"},
            a_line("9.99", quantity=Decimal(3), discount_percent=Decimal(10)),
            a_line("0.03", discount_percent=Decimal(-50)),
        ],
        adjustments=[adjustment(percent="10"), adjustment(amount="5", is_charge=True)],
    )
    storno = cancel(invoice, reason="Falsch", by=owner, on=DAY)
    assert storno.gross_total == -invoice.gross_total
    assert {number: -amount for number, amount in booked(storno).items()} == booked(invoice)
    invoice.open_item.refresh_from_db()
    assert invoice.open_item.outstanding == 0


def test_an_xrechnung_in_ubl_is_issued_offered_and_cancelled(owner):
    invoice, einvoice = issued(owner, a_portal(owner))
    assert b"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" in documents.read(invoice.xml)
    assert read(documents.read(invoice.xml)) == einvoice
    assert [offer.archived for offer in offers(invoice)] == [True, False, False]
    storno = cancel(invoice, reason="Falsch", by=owner, on=DAY)
    assert read(documents.read(storno.xml)).type_code == "384"


def test_the_list_tells_what_the_rules_said(owner):
    an_invoice(owner)
    a_draft(owner)
    page = signed_in("Buchhaltung").get(reverse("invoicing:invoices"))
    assert page.content.decode().count("geprüft") >= 2  # the invoice; the draft is not
    assert Invoice.objects.issued().get().hints == 0
