import ast
import dataclasses
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from invoicing import english, words
from invoicing.einvoice import codes
from invoicing.einvoice.model import Period
from tests.invoicing import specimens
from tests.invoicing.printed import text

ENGLISH = words.of("en")


def test_amounts_and_dates_are_written_the_english_way():
    assert ENGLISH.money(Decimal(1190), "EUR") == "1,190.00\u00a0EUR"
    assert ENGLISH.date(date(2026, 11, 22)) == "22\u00a0November\u00a02026"
    assert ENGLISH.percent(Decimal("5.5")) == "5.5%"
    assert ENGLISH.number(Decimal("1234.5"), 0, most=4) == "1,234.5"


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        (date(2026, 4, 1), date(2026, 4, 30), "1–30 April 2026"),
        (date(2026, 4, 15), date(2026, 5, 14), "15 April – 14 May 2026"),
        (date(2025, 12, 1), date(2026, 1, 31), "1 December 2025 – 31 January 2026"),
        (date(2026, 4, 1), None, "from 1 April 2026"),
    ],
)
def test_an_english_period_is_written_briefly(start, end, written):
    assert ENGLISH.span(Period(start=start, end=end)).replace("\u00a0", " ") == written


def test_a_language_that_we_do_not_speak_is_german():
    assert words.of("fr") is words.GERMAN


def test_every_sentence_has_the_same_placeholders_in_both_languages():
    for german, translated in english.TEXTS.items():
        assert _placeholders(german) == _placeholders(translated)


def test_every_label_of_the_code_has_its_english():
    said = set()
    for path in (*Path("invoicing/typesetting").glob("*.py"), Path("invoicing/remittance.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say":
                said |= {
                    one.value
                    for one in ast.walk(node.args[0])
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                }
    assert len(said) > 40
    assert said - english.TEXTS.keys() == set()


def test_every_unit_category_and_way_to_pay_has_its_english():
    assert english.UNITS.keys() | words.SIGNS.keys() == codes.UNITS.keys()
    assert english.EXEMPTIONS.keys() == codes.VAT_CATEGORIES.keys()
    transfers = codes.CREDIT_TRANSFERS | {"1", "ZZZ"}
    assert english.PAYMENT_MEANS.keys() == codes.PAYMENT_MEANS.keys() - transfers


class TestEnglishDocuments:
    def test_an_english_invoice_speaks_english(self):
        shown = text(*specimens.KINDS["usual in English"]())
        for expected in (
            "Invoice RE-2026-0001",
            "Invoice date 4 May 2026",
            "6.5 hours 92.00 19% 598.00",
            "VAT 19% on 1,064.80 EUR 202.31",
            "Total in EUR 1,422.26",
            "Please transfer 1,422.26 EUR by 3 June 2026.",
            "Page 1 of 1",
        ):
            assert expected in shown
        assert not re.search("Rechnung|Umsatzsteuer|Betrag|Seite", shown)

    def test_what_the_law_wants_in_german_stands_beside_its_english(self):
        shown = text(*specimens.KINDS["reverse charge in English"]()).replace("\n", " ")
        assert (
            "Steuerschuldnerschaft des Leistungsempfängers – reverse charge: the recipient of "
            "the supply is liable for the VAT" in shown
        )

    def test_every_kind_of_document_can_be_set_in_english(self):
        for make in specimens.KINDS.values():
            invoice, shown = make()
            text(invoice, dataclasses.replace(shown, language="en"))


def _placeholders(sentence: str) -> set[str]:
    return set(re.findall(r"{\w+}", sentence))
