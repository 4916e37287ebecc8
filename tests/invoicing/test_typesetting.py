import dataclasses
import itertools
import re
from datetime import date
from decimal import Decimal

import pytest

from invoicing import words
from invoicing.einvoice.model import (
    Address,
    AllowanceCharge,
    Period,
    PrecedingInvoice,
    VatBreakdown,
)
from invoicing.pdf import Presentation, render
from tests.invoicing import pages, specimens
from tests.invoicing.einvoice import golden
from tests.invoicing.printed import PLAIN, opened, sixty_lines, text, with_item


def near(one: float, other: float) -> bool:
    return abs(one - other) < 0.5


def text_of(data: bytes) -> str:
    return " ".join(" ".join(pages.texts(data)).split())


@pytest.fixture(scope="module")
def letter() -> bytes:
    return render(golden.two_rates(), PLAIN, xml=None)


@pytest.fixture(scope="module")
def many_pages() -> bytes:
    return sixty_lines()


class TestText:
    def test_the_page_shows_the_figures_of_the_invoice(self):
        shown = text(golden.two_rates())
        assert "Nettobetrag 279,98" in shown
        assert "Umsatzsteuer 19 % auf 240,00 € 45,60" in shown
        assert "Umsatzsteuer 7 % auf 39,98 € 2,80" in shown
        assert "Gesamtbetrag in EUR 328,38" in shown

    @pytest.mark.parametrize(
        ("start", "end", "text_of_it"),
        [
            (date(2026, 4, 1), date(2026, 4, 30), "01.–30.04.2026"),
            (date(2026, 4, 15), date(2026, 5, 14), "15.04.–14.05.2026"),
            (date(2025, 12, 1), date(2026, 1, 31), "01.12.2025–31.01.2026"),
            (date(2026, 4, 1), date(2026, 4, 1), "01.04.2026"),
            (date(2026, 4, 1), None, "ab 01.04.2026"),
            (None, date(2026, 4, 30), "bis 30.04.2026"),
        ],
    )
    def test_a_period_is_written_briefly(self, start, end, text_of_it):
        assert words.GERMAN.span(Period(start=start, end=end)) == text_of_it

    def test_a_service_period_takes_the_place_of_the_date(self):
        period = Period(start=date(2026, 4, 1), end=date(2026, 4, 30))
        shown = text(dataclasses.replace(golden.two_rates(), period=period, delivery_date=None))
        assert "Leistungszeitraum 01.–30.04.2026" in shown
        assert "Leistungsdatum" not in shown

    def test_reverse_charge_is_stated_with_both_vat_ids(self):
        shown = text(golden.reverse_charge())
        assert "Steuerschuldnerschaft des Leistungsempfängers" in shown
        assert "DE987654321" in shown
        assert "DE123456789" in shown

    def test_a_small_business_states_its_reason_once(self):
        invoice = golden.small_business()
        legal = f"{invoice.seller.legal_information}, Inhaberin: Ida Sommer"
        seller = dataclasses.replace(invoice.seller, legal_information=legal)
        shown = text(dataclasses.replace(invoice, seller=seller))
        assert shown.count("Kleinunternehmer") == 1
        assert "Inhaberin: Ida Sommer" in shown
        assert "Umsatzsteuer 0 %" not in shown
        assert "Gesamtbetrag in EUR 500,00" in shown

    def test_an_exempt_part_of_a_taxed_invoice_has_its_own_base(self):
        lines = [golden.line(1, "1", "100"), golden.line(2, "1", "50", category="E", rate="0")]
        shown = text(golden.invoice(lines))
        assert "Umsatzsteuer 19 % auf 100,00 € 19,00" in shown
        assert "Ohne Umsatzsteuer 50,00 €" in shown

    def test_an_exemption_without_words_is_named_by_its_category(self):
        exempt = VatBreakdown(
            category="G", rate=Decimal(0), taxable_amount=Decimal(5), tax_amount=Decimal(0)
        )
        shown = text(dataclasses.replace(golden.reverse_charge(), vat_breakdown=(exempt,)))
        assert "Ausfuhrlieferung in ein Drittland" in shown

    def test_discounts_of_the_document_and_its_lines_are_shown(self):
        discount = AllowanceCharge(charge=False, amount=Decimal(24), percent=Decimal(10))
        whole = dataclasses.replace(
            discount, amount=Decimal(5), percent=None, category="S", rate=Decimal(19)
        )
        line = golden.line(1, "3", "80", allowances=(discount,))
        shown = text(golden.invoice([line], allowances=(whole,)))
        assert "Rabatt" in shown
        assert "10 %" in shown
        assert "Summe der Positionen 216,00" in shown
        assert "Rabatt -5,00" in shown

    def test_a_unit_price_keeps_its_decimals(self):
        assert "0,31234567" in text(with_item(net_price=Decimal("0.31234567")))

    def test_a_stornorechnung_names_its_invoice_and_asks_for_nothing(self):
        earlier = (PrecedingInvoice(number="RE-2026-0001", issue_date=date(2026, 5, 4)),)
        invoice = dataclasses.replace(
            golden.invoice([golden.line(1, "-3", "80")]),
            number="ST-2026-0001",
            type_code="384",
            preceding=earlier,
        )
        shown = text(invoice, dataclasses.replace(PLAIN, heading="Stornorechnung"))
        assert "Stornorechnung ST-2026-0001" in shown
        assert "zur Rechnung RE-2026-0001 vom 04.05.2026" in shown
        assert "Gesamtbetrag in EUR -285,60" in shown
        assert "überweisen" not in shown
        assert "GiroCode" not in shown

    def test_a_correction_is_in_favour_of_the_customer_and_asks_for_nothing(self):
        shown = text(*specimens.correction())
        assert "Rechnungskorrektur RK-2026-0001" in shown
        assert "zur Rechnung RE-2026-0001 vom 04.05.2026" in shown
        assert "Zu Ihren Gunsten in EUR 92,58" in shown
        assert "überweisen" not in shown
        assert "GiroCode" not in shown

    def test_an_offer_says_how_long_it_holds_and_asks_for_nothing(self):
        shown = text(*specimens.offer())
        assert "Angebot AN-2026-0007" in shown
        assert "Gültig bis 04.06.2026" in shown
        assert "Leistungsdatum" not in shown
        assert "überweisen" not in shown

    def test_a_final_invoice_names_the_advances_that_it_deducts_with_their_vat(self):
        shown = text(*specimens.final())
        assert "RE-2026-0011 04.05.2026 5.000,00 950,00 5.950,00" in shown
        assert "Summe der Abschläge 10.000,00 1.900,00 11.900,00" in shown
        assert "abzüglich Abschlagsrechnungen -11.900,00" in shown
        assert "Zu zahlen in EUR 11.900,00" in shown

    def test_parts_have_titles_texts_and_sums(self):
        shown = text(*specimens.sections())
        assert "Los 1: Tiefbau" in shown
        assert "Zwischensumme Los 1: Tiefbau 3.624,00" in shown
        assert "Zwischensumme Los 2: Hochbau 6.706,40" in shown
        assert "Anlagen: Wiegescheine, Aufmaß.pdf" in shown

    def test_a_title_that_is_also_the_note_of_its_line_is_printed_once(self):
        invoice, shown = specimens.sections()
        first = dataclasses.replace(invoice.lines[0], note="Los 1: Tiefbau")
        invoice = dataclasses.replace(invoice, lines=(first, *invoice.lines[1:]))
        assert text(invoice, shown).count("Los 1: Tiefbau") == 2  # itself and its sum

    def test_gross_prices_are_shown_gross_with_the_vat_inside(self):
        shown = text(*specimens.gross())
        assert "2 Stück 100,00 19 % 200,00" in shown
        assert "Gesamtbetrag in EUR 250,00" in shown
        assert "darin Umsatzsteuer 19 % auf 210,09 € 39,92" in shown
        assert "Rundung" not in shown

    def test_vat_of_a_foreign_currency_is_shown_in_eur_with_rate_and_source(self):
        shown = text(*specimens.foreign())
        assert "Total in USD 4,522.00" in shown
        assert "VAT in EUR 668.52" in shown
        assert "Converted at 1 EUR = 1.0800 USD of 4 May 2026 (EZB-Referenzkurs)." in shown

    def test_adjustments_and_delivery_are_shown(self):
        shown = text(*specimens.adjusted())
        assert "Rabatt 5 % (Treuerabatt) -50,25" in shown
        assert "Zuschlag (Fracht) 18,00" in shown
        assert "Lieferung an Zentrallager, Lagerweg 4, 28195 Bremen" in shown
        assert "Leistungszeitraum 01.–30.04.2026" in shown

    def test_a_draft_has_a_watermark_and_neither_number_nor_girocode(self):
        shown = text(golden.two_rates(), Presentation(heading="Entwurf", draft=True))
        assert "ENTWURF" in shown
        assert "RE-2026-0001" not in shown
        assert "GiroCode" not in shown

    def test_markup_in_a_text_is_printed_and_not_obeyed(self):
        shown = text(with_item(name='<img src="file:///etc/passwd">', description="<b>&amp;</b>"))
        assert '<img src="file:///etc/passwd">' in shown.replace("\n", "")
        assert "<b>&amp;</b>" in shown

    def test_a_note_that_is_the_intro_is_not_repeated(self):
        intro = dataclasses.replace(PLAIN, intro="Vielen Dank für Ihren Auftrag.")
        shown = text(golden.two_rates(), intro)
        assert shown.count("Vielen Dank für Ihren Auftrag.") == 1
        assert shown.count("Es gelten unsere AGB.") == 1

    def test_the_footer_is_made_of_the_seller_unless_given(self):
        assert "Steuernummer 22/815/08154" in text(golden.two_rates())
        own = dataclasses.replace(PLAIN, footer=(("Eins",), ("Zwei",), ("Drei",)))
        shown = text(golden.two_rates(), own)
        assert "Zwei" in shown
        assert "22/815/08154" not in shown

    def test_an_accent_that_is_no_colour_is_refused(self):
        with pytest.raises(ValueError):
            Presentation(accent="red; } body { display: none")


class TestPages:
    def test_a_usual_invoice_takes_one_page(self, letter):
        document = opened(letter)
        assert len(document.pages) == 1

    def test_many_lines_take_several_pages_each_with_head_and_number(self, many_pages):
        shown = pages.texts(many_pages)
        assert len(shown) >= 3
        for number, page in enumerate(shown, start=1):
            assert f"Seite {number} von {len(shown)}" in page
        for page in shown[:-1]:
            assert "Bezeichnung Menge Einheit Einzelpreis" in page
        for page in shown[1:]:
            assert "Rechnung RE-2026-0001 vom 04.05.2026" in page

    def test_the_sum_so_far_is_carried_from_page_to_page(self, many_pages):
        shown = pages.texts(many_pages)
        carried = [re.findall(r"Übertrag ([\d.,]+)", page) for page in shown]
        assert len(carried[0]) == 1
        assert len(carried[-1]) == 1
        for page, following in itertools.pairwise(carried):
            assert page[-1] == following[0]
        lines_on_first = len(re.findall(r"Leistung \d+", shown[0]))
        assert carried[0] == [f"{lines_on_first * 21},00"]

    def test_a_single_page_carries_nothing(self, letter):
        assert "Übertrag" not in pages.texts(letter)[0]

    def test_a_text_longer_than_a_page_is_printed_completely(self):
        words = [f"Wort{number}" for number in range(1500)]
        shown = text(with_item(description=" ".join(words)))
        assert "Wort0 " in shown
        assert "Wort1499" in shown

    @pytest.mark.parametrize("lines", range(8, 20))
    def test_a_total_never_stands_alone_on_its_page(self, lines):
        made = [golden.line(number, "2", "10.50") for number in range(1, lines + 1)]
        shown = pages.texts(render(golden.invoice(made), specimens.PAID, xml=None))
        (page,) = (page for page in shown if "Gesamtbetrag in EUR" in page)
        assert "Leistung " in page
        assert "Nettobetrag" in page

    def test_the_carry_over_stands_clear_of_the_foot(self, many_pages):
        for page in range(len(opened(many_pages).pages) - 1):
            found = pages.pieces(many_pages, page)
            carried = [one for one in found if one.text.startswith("Übertrag")][-1]
            (number,) = (one for one in found if one.text.startswith("Seite "))
            assert carried.top + 1 < number.top - 2
            lines = [one for one in found if one.text.startswith("Leistung ")]
            assert max(line.top for line in lines) < carried.top

    def test_the_last_words_keep_together(self):
        """A page with nothing but a last line would be a page too many."""
        for lines in range(8, 16):
            made = [golden.line(number, "2", "10.50") for number in range(1, lines + 1)]
            shown = pages.texts(render(golden.invoice(made), specimens.PAID, xml=None))
            (page,) = (page for page in shown if "Es gelten unsere AGB." in page)
            assert "Vielen Dank für Ihren Auftrag." in page
            assert "Bitte überweisen Sie" in page

    def test_wide_figures_do_not_run_into_each_other(self):
        price = Decimal("1234567.12345678")
        line = golden.line(1, "99999.9999", str(price), unit="MTK")
        data = render(golden.invoice([line]), PLAIN, xml=None)
        assert "99.999,9999 m² 1.234.567,12345678 19 % 123.456" in text_of(data)
        found = pages.pieces(data)
        (shown,) = (one for one in found if one.text == "1.234.567,12345678")
        (rate,) = (one for one in found if one.text.replace("\u00a0", " ") == "19 %")
        assert shown.left + 26 < rate.left


class TestDin5008:
    """Form B: address field 45 to 90 mm from the top, info block from 50 mm and 125 mm from the
    left, folds at 105 and 210 mm, hole at 148.5 mm, text from 25 mm to 190 mm."""

    def test_folds_and_hole_are_marked_in_the_left_margin(self, letter):
        marks = [one for one in pages.fillings(letter) if one.left < 12 and one.height < 0.6]
        places = {place for place in (105, 148.5, 210) for one in marks if near(one.top, place)}
        assert places == {105, 148.5, 210}
        assert all(any(near(one.top, place) for place in places) for one in marks)
        assert max(one.left + one.width for one in marks) < 12

    def test_the_text_keeps_the_margins(self, letter):
        found = [one for one in pages.pieces(letter) if one.top > 95]
        assert min(one.left for one in found) == pytest.approx(25, abs=0.3)
        rules = [one for one in pages.fillings(letter) if one.width > 100]
        assert rules
        for rule in rules:
            assert rule.left == pytest.approx(25, abs=0.3)
            assert rule.left + rule.width == pytest.approx(190, abs=0.3)

    def test_only_the_first_page_has_marks_and_an_address(self, many_pages):
        assert not [one for one in pages.fillings(many_pages, 1) if one.left < 12]
        assert "Rathausplatz" not in pages.texts(many_pages)[1]

    def test_the_address_stands_in_the_window(self):
        data = render(golden.two_rates(), PLAIN, xml=None)
        for wanted in ("Stadt Beispielhausen", "Paul Winter", "Rathausplatz 1", "28195 Bremen"):
            found = min(
                (piece for piece in pages.pieces(data) if piece.text.startswith(wanted)),
                key=lambda piece: piece.top,
            )
            assert found.left == pytest.approx(25, abs=0.3)
            assert 62.7 < found.top < 90

    def test_a_long_address_is_set_smaller_and_stays_in_the_window(self):
        buyer = dataclasses.replace(
            golden.BUYER,
            name="Gesellschaft für die Förderung der handwerklichen Ausbildung und der "
            "Weiterbildung in Norddeutschland gemeinnützige GmbH",
            address=Address(
                street="Rathausplatz 1",
                additional="Abteilung Beschaffung",
                post_code="1010",
                city="Wien",
                country="AT",
            ),
        )
        data = render(dataclasses.replace(golden.two_rates(), buyer=buyer), PLAIN, xml=None)
        (country,) = (piece for piece in pages.pieces(data) if piece.text == "ÖSTERREICH")
        assert country.top < 90

    def test_the_return_line_stands_above_the_address(self):
        data = render(golden.two_rates(), PLAIN, xml=None)
        (line,) = (piece for piece in pages.pieces(data) if " · 20457 Hamburg" in piece.text)
        assert 45 < line.top < 62.7

    def test_the_info_block_starts_at_125_mm(self):
        data = render(golden.two_rates(), PLAIN, xml=None)
        (label,) = (piece for piece in pages.pieces(data) if piece.text == "Rechnungsdatum")
        assert label.left == pytest.approx(125, abs=0.3)
        assert label.top > 50
