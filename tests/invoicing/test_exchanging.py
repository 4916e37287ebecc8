"""Invoices in foreign currencies: the rate, VAT in euro, the books, and payments."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import receivables
from dashboard.timespan import year_of
from invoicing import errors
from invoicing.cancelling import cancel
from invoicing.contents import content_of
from invoicing.correcting import draft_correction
from invoicing.drafting import duplicate, save_draft
from invoicing.exchanging import exchange_of, payable_in_euro, vat_in_euro
from invoicing.gate import check
from invoicing.gathering import Sources
from invoicing.issuing import issue
from invoicing.letter import Exchange
from invoicing.models import Customer, Invoice
from invoicing.offering import offers
from invoicing.snapshot import Snapshot
from invoicing.totals import LineInput, compute
from payments import errors as payment_errors
from payments.recording import reverse_payment
from tests.books import a_bank, signed_in
from tests.payments.paying import owed, pay
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_authority, an_invoice
from workmate.ledger import charts, exchange_rates
from workmate.ledger.exchange_rates import Rate
from workmate.ledger.models import Entry, ExchangeRate, Line, MoneyAccount
from workmate.ledger.open_items import book_value
from workmate.money import round_money

pytestmark = pytest.mark.django_db
BMF = "BMF, Umsatzsteuer-Umrechnungskurse 2026"


def a_rate(owner, rate="1.25", currency="USD", day=DAY):
    made = Rate(currency=currency, month=day.replace(day=1), rate=Decimal(rate))
    return exchange_rates.enter([made], source=BMF, by=owner)[0]


def foreign(owner, *, rate="1.25", **draft):
    """An issued invoice over 1,000.00 USD net, 1,190.00 with VAT: 952.00 EUR at 1.25."""
    a_rate(owner, rate)
    lines = draft.pop("lines", [a_line("1000")])
    return an_invoice(owner, currency="USD", lines=lines, buyer_reference="B 7", **draft)


def booked(entry):
    lines = entry.lines.select_related("account").order_by("position")
    return [
        (line.account.number, str(line.amount), line.currency, str(line.currency_amount))
        for line in lines
    ]


def entry_of(invoice):
    return Entry.objects.get(source=f"invoicing.invoice:{invoice.pk}")


def balance(purpose):
    lines = Line.objects.filter(account=charts.account(purpose))
    return sum((line.amount for line in lines), Decimal(0))


@pytest.mark.parametrize("authority", [False, True])
def test_vat_is_also_said_in_euro_and_every_format_is_valid(authority):
    owner = a_business()
    buyer = an_authority(owner) if authority else a_buyer(owner)
    invoice = foreign(owner, customer=buyer, lines=[a_line("1000"), a_line("33.33", code="DE7")])
    einvoice = Snapshot.from_json(invoice.snapshot).einvoice
    assert (einvoice.currency, einvoice.tax_currency) == ("USD", "EUR")
    assert einvoice.totals.tax_total == Decimal("192.33")  # 190.00 and 2.33
    assert einvoice.totals.tax_total_accounting == Decimal("153.86")  # 152.00 and 1.86
    assert [offer.reasons for offer in offers(invoice)] == [(), (), ()]


@pytest.mark.parametrize(
    ("chart", "numbers"), [("SKR03", ("1400", "8400", "1776")), ("SKR04", ("1200", "4400", "3806"))]
)
def test_the_books_are_in_euro_and_know_the_amounts_of_the_document(chart, numbers):
    owner = a_business(chart=chart)
    invoice = foreign(owner)
    claim, revenue, tax = numbers
    assert booked(entry_of(invoice)) == [
        (claim, "952.00", "USD", "1190.00"),
        (revenue, "-800.00", "USD", "-1000.00"),
        (tax, "-152.00", "USD", "-190.00"),
    ]
    assert invoice.open_item.currency == "USD"
    assert owed(invoice.open_item) == ["1190.00"]


def test_the_document_keeps_its_rate_and_source():
    owner = a_business()
    invoice = foreign(owner)
    a_rate(owner, "9.99")
    exchange = Snapshot.from_json(invoice.snapshot).page.exchange
    assert exchange == Exchange(rate=Decimal("1.25"), on=DAY.replace(day=1), source=BMF)


@pytest.mark.parametrize(("code", "fields"), [("EXPORT", {"country": "CH"}), ("DAMAGES", {})])
def test_a_foreign_invoice_without_vat_is_valid_too(code, fields):
    owner = a_business()
    invoice = foreign(owner, customer=a_buyer(owner, **fields), lines=[a_line(code=code)])
    totals = Snapshot.from_json(invoice.snapshot).einvoice.totals
    assert totals.tax_total_accounting == 0
    assert [offer.reasons for offer in offers(invoice)] == [(), (), ()]


def test_a_missing_rate_is_named_and_never_taken_from_another_month():
    owner = a_business()
    a_rate(owner, day=datetime.date(2026, 4, 1))
    a_rate(owner, currency="CHF")
    draft = a_draft(owner, currency="USD")
    with raises_problem(errors.GATE_REFUSED) as caught:
        issue(draft, by=owner, on=DAY)
    assert caught.value.fields["exchange_rate"] == [
        (
            "Der Umrechnungskurs für USD im Monat 05/2026 fehlt. Tragen Sie ihn unter "
            "Einstellungen › Umrechnungskurse ein; ein Kurs eines anderen Monats wird nicht "
            "verwendet."
        )
    ]


def test_the_month_of_supply_decides_not_that_of_the_invoice():
    owner = a_business()
    april = datetime.date(2026, 4, 30)
    a_rate(owner, "1.10", day=april)
    a_rate(owner, "1.20")
    draft = a_draft(owner, currency="USD", supply_date=april)
    assert exchange_of(draft, DAY).rate == Decimal("1.10")


def test_a_rate_of_the_day_needs_its_source():
    owner = a_business()
    draft = a_draft(owner, currency="USD", exchange_rate=Decimal("1.3"))
    assert "exchange_source" in check(draft, on=DAY).fields()
    draft.exchange_source = "Abrechnung der DKB vom 04.05.2026"
    draft.save()
    assert check(draft, on=DAY).passed
    assert exchange_of(draft, DAY).rate == Decimal("1.3")


def test_a_duplicate_has_the_currency_and_no_rate_of_another_day():
    owner = a_business()
    day_rate = {"exchange_rate": Decimal("1.3"), "exchange_source": "DKB"}
    copy = duplicate(a_draft(owner, currency="USD", **day_rate), by=owner, on=DAY)
    assert (copy.currency, copy.exchange_rate, copy.exchange_source) == ("USD", None, "")


def test_a_stornorechnung_takes_back_exactly_what_was_booked():
    owner = a_business()
    invoice = foreign(owner, rate="1.1283")
    a_rate(owner, "1.5")  # what was issued does not care
    storno = cancel(invoice, reason="Falsch", by=owner, on=DAY)
    opposite = [
        (number, str(-Decimal(amount)), currency, str(-Decimal(other)))
        for number, amount, currency, other in booked(entry_of(invoice))
    ]
    assert booked(entry_of(storno)) == opposite
    assert owed(invoice.open_item, storno.open_item) == ["0.00", "0.00"]
    assert (balance("receivables"), balance("fx_gain"), balance("fx_loss")) == (0, 0, 0)
    accounted = Snapshot.from_json(storno.snapshot).einvoice.totals.tax_total_accounting
    assert accounted == -round_money(Decimal(190) / Decimal("1.1283"))


def part_of(invoice, *lines, by):
    """An issued correction of these lines."""
    draft = draft_correction(invoice, by=by)
    content = content_of(draft)
    content.lines[:] = lines
    draft = save_draft(draft, content, version=draft.version, by=by)
    return issue(draft, by=by, on=DAY)


def test_a_correction_has_the_rate_of_its_original():
    owner = a_business()
    invoice = foreign(owner)
    a_rate(owner, "2")
    correction = issue(draft_correction(invoice, by=owner), by=owner, on=DAY)
    assert booked(entry_of(correction)) == [
        ("1400", "-952.00", "USD", "-1190.00"),
        ("8400", "800.00", "USD", "1000.00"),
        ("1776", "152.00", "USD", "190.00"),
    ]
    einvoice = Snapshot.from_json(correction.snapshot).einvoice
    assert (einvoice.currency, einvoice.tax_currency) == ("USD", "EUR")
    assert einvoice.totals.tax_total_accounting == Decimal("152.00")
    assert [offer.reasons for offer in offers(correction)] == [(), (), ()]
    assert balance("receivables") == 0


def test_corrections_and_payments_of_a_foreign_invoice_make_no_exchange_difference():
    owner = a_business()
    lines = [a_line("333.33"), a_line("333.33"), a_line("77.77", "DE7")]
    invoice = foreign(owner, rate="1.1283", lines=lines)
    item = invoice.open_item
    first = part_of(invoice, lines[0], by=owner)
    item.refresh_from_db()
    euro = book_value(item, Decimal("100.01"))
    pay(MoneyAccount.objects.get(), "100.01", (item, "100.01"), by=owner, currency="USD", euro=euro)
    second = part_of(invoice, lines[1], lines[2], by=owner)
    assert owed(item, first.open_item, second.open_item) == ["0.00", "0.00", "-100.01"]
    assert (balance("fx_gain"), balance("fx_loss")) == (0, 0)
    assert balance("receivables") == -euro


def test_the_draft_says_in_euro_what_will_be_posted():
    owner = a_business()
    a_rate(owner, "1.1283")
    lines = [a_line("333.33"), a_line("0.35", "DE7"), a_line("99.99", "EXPORT")]
    invoice = a_draft(owner, currency="USD", lines=lines, customer=a_buyer(owner, country="CH"))
    shown = payable_in_euro(Sources.of(invoice).totals, exchange_of(invoice, DAY))
    posted = booked(entry_of(issue(invoice, by=owner, on=DAY)))[0][1]
    assert str(shown) == posted


@pytest.mark.parametrize(
    ("received", "gain", "loss"), [("970.00", "-18.00", "0"), ("920.00", "0", "32.00")]
)
def test_dollars_arrive_on_an_account_in_euro(received, gain, loss):
    owner = a_business()
    invoice = foreign(owner)
    bank = MoneyAccount.objects.get()
    part = (invoice.open_item, "1190")
    payment = pay(bank, "1190", part, by=owner, currency="USD", euro=Decimal(received))
    assert owed(invoice.open_item) == ["0.00"]
    assert booked(payment.entry)[0] == (bank.account.number, received, "EUR", received)
    assert (balance("receivables"), balance("fx_gain"), balance("fx_loss")) == (
        0,
        Decimal(gain),
        Decimal(loss),
    )
    reverse_payment(payment, on=DAY, by=owner, reason="Rückbuchung")
    assert owed(invoice.open_item) == ["1190.00"]
    assert (balance("receivables"), balance("fx_gain"), balance("fx_loss")) == (952, 0, 0)


def test_dollars_arrive_on_an_account_in_dollars():
    owner = a_business()
    invoice = foreign(owner)
    bank = a_bank(owner, currency="USD")
    pay(bank, "1190", (invoice.open_item, "1190"), by=owner, currency="USD", euro=Decimal(952))
    line = Line.objects.get(account=bank.account)
    assert (line.amount, line.currency, line.currency_amount) == (952, "USD", 1190)


def test_what_the_bank_has_credited_must_be_said():
    owner = a_business()
    part = (foreign(owner).open_item, "1190")
    with raises_problem(payment_errors.RATE_MISSING):
        pay(MoneyAccount.objects.get(), "1190", part, by=owner, currency="USD")


def test_the_last_part_of_several_payments_leaves_no_cent_in_the_books():
    owner = a_business()
    invoice = foreign(owner, rate="1.1283")
    bank = MoneyAccount.objects.get()
    for amount in ("333.33", "333.33", "523.34"):
        euro = round_money(Decimal(amount) / Decimal("1.1283"))
        pay(bank, amount, (invoice.open_item, amount), by=owner, currency="USD", euro=euro)
    assert owed(invoice.open_item) == ["0.00"]
    assert balance("receivables") == 0


def test_figures_count_foreign_invoices_in_euro():
    owner = a_business()
    a_home = an_invoice(owner)  # 119.00 EUR
    invoice = foreign(owner)  # 952.00 EUR
    bank = MoneyAccount.objects.get()
    for day, today in ((DAY, DAY), (DAY, DAY + datetime.timedelta(days=9))):
        found = receivables.receivables(day, today=today)
        assert (found.outstanding, found.count) == (Decimal("1071.00"), 2)
        assert sum(age.amount for age in found.ages) == Decimal("1071.00")
    billed = receivables.collection(year_of(DAY))
    assert (billed.billed, billed.open, billed.count) == (Decimal(1071), Decimal(1071), 2)
    half = (invoice.open_item, "595")
    pay(bank, "595", half, by=owner, currency="USD", euro=Decimal(500))
    billed = receivables.collection(year_of(DAY))
    assert (billed.billed, billed.open, billed.open_count) == (Decimal(1071), Decimal(595), 2)
    assert a_home.gross_total == 119


@given(
    prices=st.lists(
        st.tuples(
            st.decimals(min_value=0, max_value=9999, places=2), st.sampled_from(["19", "7", "0"])
        ),
        min_size=1,
        max_size=5,
    ),
    rate=st.decimals(min_value="0.5", max_value=30, places=4),
)
def test_vat_in_euro_is_each_group_rounded_once(prices, rate):
    lines = [LineInput(quantity=Decimal(1), unit_price=p, rate=Decimal(r)) for p, r in prices]
    totals = compute(lines)
    exchange = Exchange(rate=rate, on=DAY, source=BMF)
    expected = sum((round_money(group.tax / rate) for group in totals.groups), Decimal(0))
    assert vat_in_euro(totals, exchange) == expected
    assert abs(vat_in_euro(totals, exchange) - totals.vat / rate) <= Decimal("0.005") * 3


def test_the_draft_shows_rate_and_euro_beside_the_form():
    owner = a_business()
    a_rate(owner)
    draft = a_draft(owner, currency="USD", lines=[a_line("1000")])
    page = signed_in("Buchhaltung").get(f"/rechnungen/{draft.pk}/entwurf/").text
    for text in ("Gesamt in Euro", "952,00", f"1 EUR = 1,25 USD, {BMF} (05/2026)", "1.190,00"):
        assert text in page, text


def test_a_currency_that_is_not_offered_is_refused():
    owner = a_business()
    with raises_problem(errors.DRAFT_INVALID):
        a_draft(owner, currency="JPY")


def test_the_draft_without_a_rate_leads_to_the_page_of_rates():
    owner = a_business()
    draft = a_draft(owner, currency="USD")
    page = signed_in("Buchhaltung").get(f"/rechnungen/{draft.pk}/entwurf/").text
    assert "/einstellungen/umrechnungskurse/?waehrung=USD&amp;monat=2026-05" in page


def test_the_payment_form_takes_dollars_for_an_account_in_euro():
    owner = a_business()
    invoice = foreign(owner)
    item = invoice.open_item
    client = signed_in("Buchhaltung")
    address = f"/zahlungen/neu/?kunde={item.partner_id}"
    sent = {
        "received_on": "04.05.2026",
        "amount": "1.190,00",
        "money_account": MoneyAccount.objects.get().pk,
        "method": "transfer",
        f"item_{item.pk}": "1.190,00",
    }
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "euro": "940,00"}).status_code == 302
    assert owed(item) == ["0.00"]
    assert balance("fx_loss") == 12


def test_the_customer_of_a_private_person_may_get_foreign_invoices():
    owner = a_business()
    invoice = foreign(owner, customer=a_buyer(owner, kind=Customer.Kind.CONSUMER, email=""))
    assert invoice.status == Invoice.Status.ISSUED
    assert Sources.of(invoice).invoice.currency == "USD"
    assert ExchangeRate.objects.count() == 1
