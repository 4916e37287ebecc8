import dataclasses
from decimal import Decimal

from invoicing.pdf import render
from tests.invoicing import pages
from tests.invoicing.einvoice import golden
from tests.invoicing.printed import PLAIN, opened, text


def test_the_payment_box_says_where_what_and_until_when():
    shown = text(golden.two_rates())
    assert "Bitte überweisen Sie 328,38 € bis 03.06.2026." in shown
    assert "DE89 3704 0044 0532 0130 00" in shown
    assert "Verwendungszweck RE-2026-0001" in shown


def test_the_pay_page_is_a_link():
    address = "https://pay.example/z/8fK2mQ"
    data = render(golden.two_rates(), dataclasses.replace(PLAIN, pay_url=address), xml=None)
    document = opened(data)
    assert {str(link.A.URI) for link in document.pages[0].Annots} == {address}
    assert f"Online bezahlen: {address}" in pages.texts(data)[0]


def test_skonto_is_put_into_words():
    terms = "#SKONTO#TAGE=7#PROZENT=2.00#\nDanach ohne Abzug."
    shown = text(dataclasses.replace(golden.two_rates(), payment_terms=terms))
    assert "Zahlung bis Skonto Zahlbetrag" in shown
    assert "11.05.2026 2 % (6,57 €) 321,81 €" in shown
    assert "03.06.2026 ohne Abzug 328,38 €" in shown
    assert "Danach ohne Abzug." in shown
    assert "#" not in shown


def test_skonto_on_a_part_is_computed_from_that_part():
    terms = "#SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=100.00#"
    shown = text(dataclasses.replace(golden.two_rates(), payment_terms=terms))
    assert "11.05.2026 2 % (2,00 €) 326,38 €" in shown


def test_a_prepaid_amount_leaves_the_rest_to_pay():
    invoice = golden.two_rates()
    totals = dataclasses.replace(invoice.totals, prepaid=Decimal(100), payable=Decimal("228.38"))
    shown = text(dataclasses.replace(invoice, totals=totals))
    assert "bereits gezahlt -100,00" in shown
    assert "Zu zahlen in EUR 228,38" in shown
    assert "Bitte überweisen Sie 228,38 €" in shown


def test_a_foreign_currency_is_named_and_has_no_girocode():
    shown = text(dataclasses.replace(golden.two_rates(), currency="CHF"))
    assert "Betrag CHF" in shown
    assert "Gesamtbetrag in CHF 328,38" in shown
    assert "GiroCode" not in shown
