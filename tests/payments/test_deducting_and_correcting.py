"""Skonto and write-offs beside corrections: whatever comes first, no VAT is corrected twice."""

from decimal import Decimal

import pytest

from invoicing import gate
from invoicing.contents import Content, content_of
from invoicing.correcting import draft_correction
from invoicing.drafting import create_draft, save_draft
from invoicing.issuing import issue
from payments.deducting import allowed_skonto, take_back, write_off
from tests.invoicing.ledger import sums
from tests.payments.paying import owed, pay
from tests.trade import DAY, a_business, a_buyer, a_line, an_invoice
from workmate.ledger.models import Entry, MoneyAccount

pytestmark = pytest.mark.django_db
SKONTO = [{"days": 14, "percent": "2.00"}]


def books(*numbers):
    everything = sums(Entry.objects.all())
    return [str(everything.get(number, Decimal("0.00"))) for number in numbers]


def correction(invoice, *lines, by):
    draft = draft_correction(invoice, by=by)
    content = content_of(draft)
    content.lines[:] = lines
    return save_draft(draft, content, version=draft.version, by=by)


def paid_with_skonto(owner, invoice):
    """Everything is paid, 2 % less."""
    item = invoice.open_item
    off = allowed_skonto(invoice, paid_on=DAY)
    rest = str(invoice.gross_total - off)
    return pay(MoneyAccount.objects.get(), rest, (item, rest), by=owner, skonto=[(item, off)])


def test_no_more_is_corrected_than_skonto_has_left():
    owner = a_business()
    invoice = an_invoice(owner, cash_discounts=SKONTO)
    payment = paid_with_skonto(owner, invoice)
    whole = correction(invoice, a_line("100"), by=owner)
    (finding,) = gate.check(whole, on=DAY).errors
    assert "noch 98,00 € netto" in finding.text

    rest = issue(correction(invoice, a_line("98"), by=owner), by=owner, on=DAY)

    assert books("1776", "1766", "8400", "8736") == ["-18.62", "18.62", "-2.00", "2.00"]
    assert owed(rest.open_item) == [f"-{payment.amount}"]
    back = f"-{payment.amount}"
    pay(MoneyAccount.objects.get(), back, (rest.open_item, back), by=owner)
    assert books("1776", "1766", "8400", "8736") == ["0.00", "0.00", "-2.00", "2.00"]


def test_once_skonto_went_back_everything_can_be_corrected():
    owner = a_business()
    invoice = an_invoice(owner, cash_discounts=SKONTO)
    take_back(paid_with_skonto(owner, invoice).deductions.get(), on=DAY, by=owner)
    made = issue(correction(invoice, a_line("100"), by=owner), by=owner, on=DAY)
    pay(MoneyAccount.objects.get(), "-116.62", (made.open_item, "-116.62"), by=owner)
    assert books("1776", "8400", "8736") == ["0.00", "0.00", "0.00"]


def test_a_part_is_corrected_after_skonto_and_the_vat_is_that_of_the_money_kept():
    owner = a_business()
    invoice = an_invoice(owner, cash_discounts=SKONTO)
    paid_with_skonto(owner, invoice)
    back = issue(correction(invoice, a_line("20"), by=owner), by=owner, on=DAY)
    pay(MoneyAccount.objects.get(), "-23.80", (back.open_item, "-23.80"), by=owner)
    # 116.62 were paid and 23.80 refunded: 92.82 with 14.82 of VAT.
    assert books("1200", "1776", "1400") == ["92.82", "-14.82", "0.00"]


def test_a_write_off_after_a_correction_takes_only_what_is_left_of_each_rate():
    owner = a_business()
    invoice = an_invoice(owner, lines=[a_line("100"), a_line("100", "DE7")])
    issue(correction(invoice, a_line("100", "DE7"), by=owner), by=owner, on=DAY)
    write_off(invoice.open_item, Decimal(119), reason="Insolvenz", on=DAY, by=owner)
    assert books("1776", "1771", "2406", "2401") == ["0.00", "0.00", "100.00", "0.00"]


def test_cents_that_rounding_leaves_are_written_off_with_the_rest():
    owner = a_business()
    invoice = an_invoice(owner, lines=[a_line("0.01") for _ in range(3)])
    issue(correction(invoice, a_line("0.01"), by=owner), by=owner, on=DAY)
    write_off(invoice.open_item, Decimal("0.02"), reason="Kleinbetrag", on=DAY, by=owner)
    assert books("1776", "1400") == ["0.00", "0.00"]


def test_skonto_on_a_final_invoice_is_that_of_the_rest_which_it_asks_for():
    owner = a_business()
    customer = a_buyer(owner)
    rows = [a_line("500"), a_line("100", "DE7")]
    advance = an_invoice(owner, kind="advance", customer=customer, supply_date=None, lines=rows)
    bank = MoneyAccount.objects.get()
    pay(bank, "702.00", (advance.open_item, "702.00"), by=owner)
    advance.refresh_from_db()
    header = {
        "kind": "final",
        "customer": customer,
        "supply_date": DAY,
        "cash_discounts": SKONTO,
    }
    content = Content(
        header=header, lines=[a_line("1000"), a_line("100", "DE7")], advances=[advance]
    )
    final = issue(create_draft(content, by=owner), by=owner, on=DAY)
    assert final.gross_total == Decimal("595.00")

    paid_with_skonto(owner, final)

    # 2 % of what is left to pay, which bears 19 % only: 10.00 net and 1.90 of VAT.
    assert books("8736", "8731", "1776", "1771") == ["10.00", "0.00", "-188.10", "-7.00"]
