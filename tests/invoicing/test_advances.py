"""Advances: VAT follows the money, and the final invoice takes off what was received, once."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from dashboard.receivables import collection
from dashboard.timespan import year_of
from invoicing import errors, gate
from invoicing.cancelling import cancel
from invoicing.contents import Content, content_of
from invoicing.drafting import create_draft
from invoicing.issuing import issue
from invoicing.models import Invoice
from invoicing.snapshot import Snapshot
from payments.allocating import apply_credit, take_back
from payments.recording import reverse_payment
from tests.books import signed_in
from tests.invoicing.ledger import booked, sums
from tests.payments.paying import owed, pay
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_authority, an_invoice
from workmate import documents
from workmate.ledger.models import Entry, MoneyAccount
from workmate.models import Line, OpenItem

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=3)
TWO_RATES = {
    "SKR03": ("1593", "1718", "1776", "1711", "1771"),
    "SKR04": ("1495", "3272", "3806", "3260", "3801"),
}


class Case:
    """A business, its customer, and the words for what happens between them."""

    def __init__(self, chart: str = "SKR03", **customer: Any) -> None:
        self.by = a_business(chart=chart)
        self.bank = MoneyAccount.objects.get()
        self.customer = a_buyer(self.by, **customer)

    def advance(self, *lines: dict[str, Any], **draft: Any) -> Invoice:
        return an_invoice(
            self.by,
            kind="advance",
            customer=self.customer,
            supply_date=None,
            lines=list(lines) or [a_line("1000")],
            **draft,
        )

    def final_draft(
        self, *lines: dict[str, Any], of: Iterable[Invoice] = (), **header: Any
    ) -> Invoice:
        content = Content(
            header={
                "kind": "final",
                "customer": self.customer,
                "supply_date": DAY,
                "payment_terms_days": 14,
            }
            | header,
            lines=list(lines) or [a_line("5000")],
            advances=list(of),
        )
        return create_draft(content, by=self.by)

    def final(self, *lines: dict[str, Any], of: Iterable[Invoice] = ()) -> Invoice:
        return issue(self.final_draft(*lines, of=of), by=self.by, on=LATER)

    def pay(self, amount: str, invoice: Invoice) -> Any:
        return pay(self.bank, amount, (item(invoice), amount), by=self.by)


def item(invoice: Invoice) -> OpenItem:
    return OpenItem.objects.get(pk=invoice.open_item_id)


def released() -> dict[str, Decimal]:
    return sums(Entry.objects.filter(act__startswith="advances."))


def vat() -> Decimal:
    lines = Line.objects.filter(account__number__in=["1771", "1776"])
    return -sum((line.amount for line in lines), Decimal(0))


@pytest.mark.parametrize(("chart", "receivables"), [("SKR03", "1400"), ("SKR04", "1200")])
def test_an_advance_is_asked_for_without_revenue_and_vat(chart, receivables):
    case = Case(chart)
    advance = case.advance()
    einvoice = Snapshot.from_json(advance.snapshot).einvoice
    assert (advance.number, einvoice.type_code, einvoice.totals.payable) == (
        "AR-2026-0001",
        "326",
        Decimal("1190.00"),
    )
    assert booked(advance) == {
        receivables: Decimal("1190.00"),
        TWO_RATES[chart][0]: Decimal("-1190.00"),
    }


@pytest.mark.parametrize("chart", ["SKR03", "SKR04"])
def test_money_that_comes_brings_its_vat_by_rate(chart):
    case = Case(chart)
    advance = case.advance(a_line("1000"), a_line("500", "DE7"))

    case.pay("1000", advance)

    clearing, net19, tax19, net7, tax7 = TWO_RATES[chart]
    assert released() == {
        clearing: Decimal("1000.00"),
        net19: Decimal("-579.71"),
        tax19: Decimal("-110.15"),
        net7: Decimal("-289.85"),
        tax7: Decimal("-20.29"),
    }
    lines = Line.objects.filter(account__number=tax19)
    assert [(line.tax_case.code, line.tax_base < 0) for line in lines] == [("DE19", True)]


def test_part_payments_lose_no_cent():
    case = Case()
    advance = case.advance(a_line("33.33"), a_line("0.07", "DE7"), a_line("12.49", "DE7"))
    for _ in range(4):
        case.pay("10.01", advance)
    case.pay(str(item(advance).outstanding), advance)
    assert released() == {
        "1593": advance.gross_total,
        "1718": Decimal("-33.33"),
        "1776": Decimal("-6.33"),
        "1711": Decimal("-12.56"),
        "1771": Decimal("-0.88"),
    }


def test_a_payment_that_comes_back_takes_its_vat_with_it():
    case = Case()
    advance = case.advance()
    payment = case.pay("595", advance)
    assert vat() == Decimal("95.00")
    reverse_payment(payment, on=LATER, by=case.by, reason="Rücklastschrift")
    assert (vat(), released()) == (Decimal(0), {})


def test_a_credit_that_is_used_for_an_advance_is_money_received():
    case = Case()
    paid = an_invoice(case.by, customer=case.customer)
    credit = pay(case.bank, "219", (item(paid), "119"), by=case.by).credit
    advance = case.advance(a_line("100"))
    before = vat()
    used = apply_credit(credit, item(advance), Decimal(100), on=DAY, by=case.by)
    assert vat() - before == Decimal("15.97")
    take_back(used, on=DAY, by=case.by)
    assert vat() == before


def test_the_vat_of_a_cancelled_advance_goes_when_the_money_is_refunded():
    case = Case()
    advance = case.advance()
    case.pay("595", advance)
    storno = cancel(advance, reason="Auftrag zurückgezogen", by=case.by, on=LATER)
    assert (vat(), owed(item(advance), item(storno))) == (Decimal(95), ["0.00", "-595.00"])

    case.pay("-238", storno)
    assert (vat(), owed(item(storno))) == (Decimal(57), ["-357.00"])
    case.pay("-357", storno)
    assert (vat(), sums(Entry.objects.all())) == (Decimal(0), {})


def test_a_cancelled_advance_that_nobody_paid_never_had_vat():
    case = Case()
    advance = case.advance()
    cancel(advance, reason="Auftrag zurückgezogen", by=case.by, on=LATER)
    assert (vat(), sums(Entry.objects.all())) == (Decimal(0), {})


def test_a_chargeback_after_the_storno_takes_the_vat_with_it():
    case = Case()
    advance = case.advance()
    payment = case.pay("595", advance)
    cancel(advance, reason="Auftrag zurückgezogen", by=case.by, on=LATER)
    reverse_payment(payment, on=LATER, by=case.by, reason="Rücklastschrift")
    assert (vat(), sums(Entry.objects.all())) == (Decimal(0), {})


def test_the_credit_of_a_cancelled_advance_pays_the_next_one_with_its_vat():
    case = Case()
    advance, second = case.advance(), case.advance(a_line("500", "DE7"))
    case.pay("595", advance)
    storno = cancel(advance, reason="Falscher Steuersatz", by=case.by, on=LATER)
    apply_credit(item(storno), item(second), Decimal(535), on=LATER, by=case.by)
    # 35.00 at 7 % on the new one; 60.00 of the old one are not refunded yet.
    assert vat() == Decimal("35.00") + Decimal("9.58")


def test_a_final_invoice_takes_off_what_was_received_with_its_vat():
    case = Case()
    paid, part = case.advance(), case.advance(a_line("500"), a_line("100", "DE7"))
    case.pay("1190", paid)
    case.pay("200", part)

    final = case.final(a_line("5000"), a_line("300", "DE7"), of=[paid, part])

    einvoice = Snapshot.from_json(final.snapshot).einvoice
    assert (final.number, einvoice.type_code) == ("SR-2026-0001", "380")
    assert [one.number for one in einvoice.preceding] == [paid.number, part.number]
    taken_off = [line for line in einvoice.lines if line.quantity < 0]
    assert [line.name for line in taken_off] == [
        "abzüglich Abschlagsrechnung AR-2026-0001 vom 04.05.2026",
        "abzüglich Abschlagsrechnung AR-2026-0002 vom 04.05.2026",
        "abzüglich Abschlagsrechnung AR-2026-0002 vom 04.05.2026",
    ]
    whole = Decimal(5000) * Decimal("1.19") + Decimal(300) * Decimal("1.07")
    assert final.gross_total == whole - 1390
    assert vat() == Decimal("971.00")
    # What was not paid of the second advance is asked for by the final invoice alone.
    assert owed(item(paid), item(part), item(final)) == ["0.00", "0.00", str(final.gross_total)]
    books = sums(Entry.objects.all())
    assert {"1593", "1711", "1718"} & set(books) == set()
    assert (books["8400"], books["8300"]) == (Decimal(-5000), Decimal(-300))


@pytest.mark.parametrize("authority", [False, True])
def test_an_advance_and_its_final_invoice_pass_the_gate_of_every_format(authority):
    owner = a_business()
    case = Case.__new__(Case)
    case.by, case.bank = owner, MoneyAccount.objects.get()
    case.customer = an_authority(owner) if authority else a_buyer(owner)
    lines = [a_line("333.33"), a_line("77.77", "DE7")]
    draft = a_draft(owner, kind="advance", customer=case.customer, supply_date=None, lines=lines)
    verdict = gate.check(draft, on=DAY)
    assert (verdict.passed, verdict.errors) == (True, ())
    advance = issue(draft, by=owner, on=DAY)
    case.pay("123.45", advance)
    verdict = gate.check(case.final_draft(*lines, a_line("1000"), of=[advance]), on=LATER)
    assert (verdict.passed, verdict.errors) == (True, ())


def test_advances_in_gross_prices_are_deducted_to_the_cent():
    case = Case()
    advance = case.advance(a_line("10.01"), a_line("0.05"), prices_gross=True)
    case.pay("5.00", advance)
    draft = case.final_draft(a_line("99.99"), a_line("7.77"), of=[advance], prices_gross=True)
    final = issue(draft, by=case.by, on=LATER)
    assert final.gross_total == Decimal("102.76")
    assert {"1593", "1718"} & set(sums(Entry.objects.all())) == set()


def test_a_cancelled_final_invoice_frees_its_advances_and_reopens_what_was_dissolved():
    case = Case()
    advance = case.advance()
    case.pay("595", advance)
    final = case.final(of=[advance])
    advance.refresh_from_db()
    assert advance.deducted_by == final

    cancel(final, reason="Falsche Menge", by=case.by, on=LATER)

    advance.refresh_from_db()
    assert advance.deducted_by is None
    assert (owed(item(advance)), vat()) == (["595.00"], Decimal("95.00"))
    again = case.final(of=[advance])
    assert (again.number, vat()) == ("SR-2026-0002", Decimal("950.00"))


def test_a_payment_reversed_after_the_final_invoice_is_owed_again_and_changes_no_vat():
    case = Case()
    advance = case.advance()
    payment = case.pay("1190", advance)
    final = case.final(of=[advance])
    reverse_payment(payment, on=LATER, by=case.by, reason="Rücklastschrift")
    assert (owed(item(advance)), vat()) == (["1190.00"], Decimal("950.00"))
    cancel(final, reason="Irrtum", by=case.by, on=LATER)
    assert vat() == Decimal(0)


def test_an_advance_is_deducted_only_once():
    case = Case()
    advance = case.advance()
    second = case.final_draft(of=[advance])
    case.final(of=[advance])
    (finding,) = gate.check(second, on=LATER).errors
    assert (finding.field, finding.text) == (
        "advances",
        "Die Abschlagsrechnung AR-2026-0001 ist schon in SR-2026-0001 abgezogen.",
    )
    with raises_problem(errors.GATE_REFUSED):
        issue(second, by=case.by, on=LATER)


@pytest.mark.django_db(transaction=True)
def test_of_two_final_invoices_at_once_one_takes_the_advance():
    case = Case()
    advance = case.advance()
    drafts = [case.final_draft(of=[advance]) for _ in range(2)]
    at_once(lambda index: issue(drafts[index], by=case.by, on=LATER, print_now=False), 2)
    assert Invoice.objects.issued().filter(kind="final").count() == 1


def test_the_database_lets_no_second_final_invoice_take_an_advance():
    case = Case()
    advance = case.advance()
    case.final(of=[advance])
    other = case.final()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE invoicing_invoice SET deducted_by_id=%s WHERE id=%s", [other.pk, advance.pk]
        )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE invoicing_invoice SET deducted_by_id=%s WHERE id=%s", [other.pk, other.pk]
        )


def test_a_deducted_advance_is_not_cancelled():
    case = Case()
    advance = case.advance()
    case.final(of=[advance])
    with raises_problem(errors.IS_DEDUCTED):
        cancel(advance, reason="Irrtum", by=case.by, on=LATER)


def test_no_advance_of_another_customer_and_no_more_than_is_owed_is_deducted():
    case = Case()
    stranger = an_invoice(case.by, kind="advance", supply_date=None)
    large = case.advance(a_line("9000"))
    case.pay("10710", large)
    for advance, text in (
        (stranger, "Die Abschlagsrechnung AR-2026-0001 gehört zu einem anderen Kunden."),
        (large, "Die Anzahlungen übersteigen die Schlussrechnung um 4.760,00\N{NO-BREAK SPACE}€."),
    ):
        draft = case.final_draft(of=[advance])
        assert [one.text for one in gate.check(draft, on=LATER).errors] == [text]


def test_a_rate_is_not_deducted_that_the_final_invoice_does_not_bill():
    case = Case()
    advance = case.advance(a_line("100", "DE7"))
    case.pay("107", advance)
    found = gate.check(case.final_draft(of=[advance]), on=LATER).errors
    assert "Zu 7 % ist mehr angezahlt, als die Schlussrechnung berechnet." in [
        one.text for one in found
    ]


def test_money_that_comes_between_draft_and_issue_is_deducted_too():
    case = Case()
    advance = case.advance()
    draft = case.final_draft(of=[advance])
    case.pay("595", advance)
    assert issue(draft, by=case.by, on=LATER).gross_total == Decimal("5355.00")


def test_an_advance_needs_no_day_of_supply_and_grants_no_skonto():
    case = Case()
    draft = a_draft(
        case.by,
        kind="advance",
        customer=case.customer,
        supply_date=None,
        cash_discounts=[{"days": 7, "percent": "2.00"}],
    )
    assert [one.field for one in gate.check(draft, on=DAY).errors] == ["cash_discounts"]


def test_the_page_of_a_final_invoice_offers_the_advances_of_its_customer():
    case = Case()
    advance = case.advance()
    draft = case.final_draft()
    client = signed_in()
    page = client.get(f"/rechnungen/{draft.pk}/entwurf/").content.decode()
    assert f"{advance.number} vom 04.05.2026" in page
    assert content_of(draft).advances == []


def test_the_api_chooses_the_advances_of_a_final_invoice():
    case = Case()
    advance = case.advance()
    answer = signed_in().post(
        "/api/v1/invoices/",
        {"kind": "final", "customer": case.customer.pk, "advances": [advance.pk]},
        content_type="application/json",
    )
    assert (answer.status_code, answer.json()["advances"]) == (201, [advance.pk])


def test_the_printed_final_invoice_has_a_table_of_its_advances():
    case = Case()
    advance = case.advance()
    case.pay("595", advance)
    final = case.final(of=[advance])
    (row,) = Snapshot.from_json(final.snapshot).page.advances
    assert (row.number, row.net, row.tax, row.gross) == (
        advance.number,
        Decimal("500.00"),
        Decimal("95.00"),
        Decimal("595.00"),
    )
    assert b"AR-2026-0001" in documents.read(final.xml)


def test_what_a_final_invoice_asks_for_instead_is_billed_once():
    case = Case()
    advance = case.advance(a_line("1000"))
    case.pay("400.00", advance)
    final = case.final(a_line("5000"), of=[advance])

    found = collection(year_of(DAY))
    assert (found.billed, found.open) == (Decimal("5950.00"), Decimal("5550.00"))

    cancel(final, reason="Falsch", by=case.by, on=LATER)
    found = collection(year_of(DAY))
    assert (found.billed, found.open) == (Decimal("1190.00"), Decimal("790.00"))
