"""Cash accounting (§ 20 UStG): the VAT of an invoice is due when the money comes, to the cent."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from invoicing.cancelling import cancel
from invoicing.contents import Content, content_of
from invoicing.correcting import draft_correction
from invoicing.drafting import create_draft, save_draft
from invoicing.issuing import issue
from invoicing.models import Invoice
from invoicing.snapshot import Snapshot
from payments.allocating import apply_credit
from payments.deducting import allowed_skonto, take_back, write_off
from payments.models import Payment
from payments.recording import reverse_payment
from payments.refunding import refund, return_debit
from tests.invoicing.ledger import booked, sums
from tests.payments.paying import owed, pay
from tests.trade import DAY, a_business, a_buyer, a_line, an_invoice
from workmate import company
from workmate.errors import Problem
from workmate.ledger.models import Entry, Line, MoneyAccount
from workmate.models import Company, OpenItem

pytestmark = pytest.mark.django_db
LATER = DAY + datetime.timedelta(days=3)
SKONTO = [{"days": 14, "percent": "2.00"}]
DUE, WAITING = ("1776", "1771"), ("1766", "1761")


def item(invoice: Invoice) -> OpenItem:
    return OpenItem.objects.get(pk=invoice.open_item_id)


def vat(*numbers: str) -> list[Decimal]:
    """What stands on these accounts, a liability positive."""
    everything = sums(Entry.objects.all())
    return [-everything.get(number, Decimal(0)) for number in numbers]


def euros(*amounts: str) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


class Case:
    """A business that pays VAT on what it received, with its customer and bank."""

    def __init__(self, **fields: Any) -> None:
        self.by = a_business(**{"cash_accounting_from": datetime.date(2026, 1, 1)} | fields)
        self.bank = MoneyAccount.objects.get()
        self.customer = a_buyer(self.by)

    def invoice(self, *lines: dict[str, Any], **draft: Any) -> Invoice:
        rows = list(lines) or [a_line("100")]
        return an_invoice(self.by, customer=self.customer, lines=rows, **draft)

    def pay(self, amount: str, invoice: Invoice, **fields: Any) -> Payment:
        return pay(self.bank, amount, (item(invoice), amount), by=self.by, on=LATER, **fields)

    def refund(self, amount: str, answer: Invoice) -> Payment:
        money = {"money_account": self.bank, "method": "transfer"}
        return refund(item(answer), Decimal(amount), **money, on=LATER, by=self.by)

    def correct(self, invoice: Invoice, *lines: dict[str, Any]) -> Invoice:
        draft = draft_correction(invoice, by=self.by)
        content = content_of(draft)
        content.lines[:] = lines
        draft = save_draft(draft, content, version=draft.version, by=self.by)
        return issue(draft, by=self.by, on=LATER)

    def final(self, *lines: dict[str, Any], of: list[Invoice]) -> Invoice:
        header = {
            "kind": "final",
            "customer": self.customer,
            "supply_date": DAY,
            "cash_discounts": SKONTO,
        }
        content = Content(header=header, lines=list(lines), advances=of)
        return issue(create_draft(content, by=self.by), by=self.by, on=LATER)


@pytest.mark.parametrize(
    ("chart", "accounts"),
    [
        ("SKR03", ("1400", "8400", "1766", "8300", "1761")),
        ("SKR04", ("1200", "4400", "3816", "4300", "3811")),
    ],
)
def test_the_vat_of_an_issued_invoice_waits_on_an_account_of_its_own(chart, accounts):
    case = Case(chart=chart)
    invoice = case.invoice(a_line("100"), a_line("100", "DE7"))
    amounts = euros("226.00", "-100.00", "-19.00", "-100.00", "-7.00")
    assert booked(invoice) == dict(zip(accounts, amounts, strict=True))


def test_a_payment_moves_its_share_of_each_rate_and_a_reversal_moves_it_back():
    case = Case()
    invoice = case.invoice(a_line("100"), a_line("100", "DE7"))
    payment = case.pay("113", invoice)
    assert (vat(*DUE), vat(*WAITING)) == (euros("9.50", "3.50"), euros("9.50", "3.50"))
    entry = Entry.objects.get(act="vat.fell_due")
    lines = entry.lines.filter(account__number="1776")
    assert [(line.tax_case.code, str(line.tax_base)) for line in lines] == [("DE19", "-50.00")]
    assert (entry.booked_on, entry.document_number) == (LATER, str(invoice))

    reverse_payment(payment, on=LATER, by=case.by, reason="Irrtum")

    assert (vat(*DUE), vat(*WAITING)) == (euros("0", "0"), euros("19.00", "7.00"))


def test_a_returned_debit_takes_the_vat_with_it():
    case = Case()
    payment = case.pay("119", case.invoice())
    return_debit(payment, on=LATER, by=case.by, reason="Konto erloschen", fee=Decimal("3.00"))
    assert vat("1776", "1766") == euros("0", "19.00")


def test_a_credit_that_is_used_is_money_received():
    case = Case()
    first, second = case.invoice(), case.invoice()
    credit = pay(case.bank, "129", (item(first), "119"), by=case.by, on=LATER).credit
    assert vat("1776", "1766") == euros("19.00", "19.00")
    apply_credit(credit, item(second), Decimal(10), on=LATER, by=case.by)
    assert vat("1776", "1766") == euros("20.60", "17.40")


def test_skonto_lowers_the_vat_that_waits_and_payment_brings_the_rest():
    case = Case()
    invoice = case.invoice(a_line("100"), a_line("100", "DE7"), cash_discounts=SKONTO)
    skonto = [(item(invoice), Decimal("4.52"))]
    payment = case.pay("221.48", invoice, skonto=skonto)
    assert (vat(*DUE), vat(*WAITING)) == (euros("18.62", "6.86"), euros("0", "0"))
    reverse_payment(payment, on=LATER, by=case.by, reason="Irrtum")
    assert (vat(*DUE), vat(*WAITING)) == (euros("0", "0"), euros("19.00", "7.00"))


def test_what_is_written_off_never_falls_due():
    case = Case()
    invoice = case.invoice()
    case.pay("59.50", invoice)
    rest = write_off(item(invoice), Decimal("59.50"), reason="Insolvenz", on=LATER, by=case.by)
    assert (vat("1776", "1766"), owed(item(invoice))) == (euros("9.50", "0"), ["0.00"])
    take_back(rest, on=LATER, by=case.by)
    case.pay("59.50", invoice)
    assert vat("1776", "1766") == euros("19.00", "0")


def test_a_storno_of_what_nobody_paid_leaves_no_vat():
    case = Case()
    cancel(case.invoice(), reason="Irrtum", by=case.by, on=LATER)
    assert sums(Entry.objects.all()) == {}


def test_the_vat_of_a_cancelled_invoice_goes_when_the_money_is_refunded():
    case = Case()
    invoice = case.invoice()
    case.pay("59.50", invoice)
    storno = cancel(invoice, reason="Irrtum", by=case.by, on=LATER)
    assert vat("1776", "1766") == euros("9.50", "-9.50")
    case.refund("59.50", storno)
    assert sums(Entry.objects.all()) == {}


def test_a_correction_takes_the_rate_that_it_names_and_money_brings_the_other():
    case = Case()
    invoice = case.invoice(a_line("100"), a_line("100", "DE7"))
    case.pay("119", invoice)
    assert vat(*DUE) == euros("10.00", "3.69")
    case.correct(invoice, a_line("100", "DE7"))
    assert (vat(*DUE), vat(*WAITING)) == (euros("19.00", "0"), euros("0", "0"))


def test_a_correction_of_what_was_paid_lowers_the_vat_when_it_is_refunded():
    case = Case()
    invoice = case.invoice()
    case.pay("119", invoice)
    correction = case.correct(invoice, a_line("20"))
    assert vat("1776", "1766") == euros("19.00", "-3.80")
    case.refund("23.80", correction)
    assert vat("1776", "1766") == euros("15.20", "0")


def test_a_final_invoice_lets_the_rest_of_the_vat_wait_and_skonto_lowers_it():
    case = Case()
    advance = case.invoice(a_line("500"), kind="advance", supply_date=None)
    case.pay("595", advance)
    assert vat("1776", "1766") == euros("95.00", "0")
    advance.refresh_from_db()
    final = case.final(a_line("1000"), of=[advance])
    assert (final.gross_total, vat("1776", "1766")) == (Decimal(595), euros("95.00", "95.00"))
    skonto = allowed_skonto(final, paid_on=LATER)
    case.pay(str(595 - skonto), final, skonto=[(item(final), skonto)])
    assert (skonto, vat("1776", "1766")) == (Decimal("11.90"), euros("188.10", "0"))


def test_the_day_of_supply_decides_and_the_document_keeps_the_answer():
    case = Case(cash_accounting_from=DAY, cash_accounting_until=DAY)
    inside = case.invoice()
    before = case.invoice(supply_date=DAY - datetime.timedelta(days=1))
    company.save({"cash_accounting_until": None, "cash_accounting_from": None}, by=case.by)
    kept = [Snapshot.from_json(one.snapshot).cash_accounting for one in (inside, before)]
    assert (kept, vat("1776", "1766")) == ([True, False], euros("19.00", "19.00"))
    case.pay("119", inside)
    assert vat("1776", "1766") == euros("38.00", "0")


def test_a_correction_goes_with_its_original():
    case = Case()
    invoice = case.invoice()
    company.save({"cash_accounting_from": None}, by=case.by)
    case.correct(invoice, a_line("100"))
    assert sums(Entry.objects.all()) == {}


def test_the_end_of_cash_accounting_is_not_before_its_beginning():
    case = Case()
    with pytest.raises(Problem):
        company.save({"cash_accounting_until": datetime.date(2025, 12, 31)}, by=case.by)
    assert Company.get().cash_accounting_until is None


def test_without_cash_accounting_vat_is_due_at_once():
    case = Case(cash_accounting_from=None)
    case.pay("119", case.invoice())
    assert vat("1776", "1766") == euros("19.00", "0")
    assert not Line.objects.filter(entry__source__startswith="invoicing.vat").exists()


CENTS = st.integers(1, 99999).map(lambda cents: Decimal(cents) / 100)
PIECES = st.lists(st.tuples(CENTS, st.sampled_from(["DE19", "DE7"])), min_size=1, max_size=4)
STORIES = st.fixed_dictionaries(
    {
        "lines": PIECES,
        "cash": st.booleans(),
        "gross": st.booleans(),
        "shares": st.lists(st.integers(1, 60), max_size=3),
        "corrected": st.integers(0, 4),
        "end": st.sampled_from(["paid", "skonto", "written off", "cancelled"]),
    }
)


# A Skonto of six cents at 7 %, whose VAT is no cent.
TINY = {"lines": [(Decimal("2.57"), "DE7")], "cash": False, "gross": False, "shares": []}


@settings(max_examples=20, deadline=None)
@given(story=STORIES)
@example(story=TINY | {"corrected": 0, "end": "skonto"})
def test_once_nothing_is_open_no_cent_waits_and_what_was_received_is_taxed(story):
    with transaction.atomic():
        _live(story)
        transaction.set_rollback(True)


def _live(story: dict[str, Any]) -> None:
    case = Case() if story["cash"] else Case(cash_accounting_from=None)
    lines = [a_line(str(price), code) for price, code in story["lines"]]
    invoice = case.invoice(*lines, cash_discounts=SKONTO, prices_gross=story["gross"])
    for share in story["shares"]:
        if part := (item(invoice).outstanding * share / 100).quantize(Decimal("0.01")):
            case.pay(str(part), invoice)
    documents = [invoice]
    if story["end"] == "cancelled":
        documents.append(cancel(invoice, reason="Irrtum", by=case.by, on=LATER))
    elif 0 < story["corrected"] <= len(lines):
        documents.append(case.correct(invoice, lines[story["corrected"] - 1]))
    if (rest := item(invoice).outstanding) and story["end"] == "written off":
        write_off(item(invoice), rest, reason="Insolvenz", on=LATER, by=case.by)
    elif rest:
        most = allowed_skonto(invoice, paid_on=LATER) if story["end"] == "skonto" else Decimal(0)
        off = min(most, rest - Decimal("0.01"))
        case.pay(str(rest - off), invoice, skonto=[(item(invoice), off)] if off else [])
    for one in documents:
        if (back := item(one).outstanding) < 0:
            case.pay(str(back), one)
    everything = sums(Entry.objects.all())
    assert {*WAITING, "1400"} & set(everything) == set()
    # The base that is declared is what was sold less what was deducted, each rate by itself.
    for tax, sold in (("1776", ("8400", "8736", "2406")), ("1771", ("8300", "8731", "2401"))):
        rows = Line.objects.filter(account__number=tax)
        base = -sum((row.tax_base for row in rows), Decimal(0))
        net = -sum((everything.get(number, Decimal(0)) for number in sold), Decimal(0))
        assert abs(base - net) <= Decimal("0.05")
