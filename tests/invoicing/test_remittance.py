import dataclasses
from decimal import Decimal

import pytest

from invoicing import remittance
from invoicing.pdf import render
from tests.invoicing import pages, specimens
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


class TestGiroCode:
    def test_it_asks_for_what_the_document_says_is_due(self):
        payload = remittance.girocode(golden.two_rates())
        assert payload.split("\n")[5:8] == [
            "Werkstatt Nord GmbH",
            "DE89370400440532013000",
            "EUR328.38",
        ]

    def test_a_later_copy_asks_for_what_is_still_open(self):
        payload = remittance.girocode(golden.two_rates(), Decimal("28.38"))
        assert payload.split("\n")[7] == "EUR28.38"

    @pytest.mark.parametrize("amount", ["0", "-5"])
    def test_nothing_open_has_no_code(self, amount):
        assert remittance.girocode(golden.two_rates(), Decimal(amount)) is None


class TestCodesOnThePage:
    def codes(self, specimen) -> set[str]:
        document = opened(render(*specimen, xml=None))
        found = {str(item.Alt) for item in pages.objects(document) if "/Alt" in item}
        return found & {"GiroCode für die Überweisung", "QR-Code der Bezahlseite"}

    def test_both_stand_on_an_invoice_with_their_captions(self):
        assert len(self.codes(specimens.usual())) == 2
        shown = " ".join(text(*specimens.usual()).split())
        assert "GiroCode: mit der Banking- App scannen" in shown
        assert "Online bezahlen: mit dem Telefon scannen" in shown

    @pytest.mark.parametrize("name", ["storno", "correction", "offer", "confirmation", "draft"])
    def test_where_nothing_is_to_be_paid_there_is_none(self, name):
        assert self.codes(specimens.KINDS[name]()) == set()

    def test_an_invoice_of_zero_has_none(self):
        free = golden.invoice([golden.line(1, "1", "0")])
        assert self.codes((free, specimens.PAID)) == set()

    def test_the_letterhead_can_leave_out_each(self):
        invoice, shown = specimens.usual()
        without = dataclasses.replace(shown, show_girocode=False)
        assert self.codes((invoice, without)) == {"QR-Code der Bezahlseite"}
        without = dataclasses.replace(shown, show_pay_code=False)
        assert self.codes((invoice, without)) == {"GiroCode für die Überweisung"}
        assert specimens.PAY_URL not in text(invoice, without)


class TestOtherWaysToPay:
    def test_a_debit_is_announced_with_day_mandate_and_creditor(self):
        shown = text(*specimens.debited())
        assert "Wir ziehen 1.422,26 € am 03.06.2026 von Ihrem Konto DE02 … 2051 ein." in shown
        assert "Mandatsreferenz M-2024-017" in shown
        assert "Gläubiger-ID DE98ZZZ09999999999" in shown
        assert "GiroCode" not in shown
        assert "Online bezahlen" not in shown  # it would be paid twice

    def test_a_card_is_named_by_its_last_digits(self):
        shown = text(*specimens.carded())
        assert "Wir ziehen 1.422,26 € über Ihre Karte ein." in shown
        assert "Karte •••• 4242" in shown

    def test_another_payee_is_named_and_our_bank_is_not(self):
        invoice, shown = specimens.factored()
        printed = text(invoice, shown)
        assert "Empfänger Nord Factoring AG" in printed
        assert printed.count("DE02 1203 0000 0000 2020 51") == 1
        assert "Commerzbank" not in printed
        assert remittance.girocode(invoice).split("\n")[5] == "Nord Factoring AG"
