import re
from decimal import Decimal

import pytest

from invoicing.einvoice import codes, countries, leitweg, rules
from invoicing.einvoice.codes import Guideline


def official_codes(rule):
    """The code list inside an official rule."""
    (sheet, *_) = rules.schematron("CII", Guideline.EN16931, zugferd=False)
    text = sheet.path.read_text()
    place = text.index(f'id="{rule}"')
    lists = re.findall(r"contains\('([^']+)'", text[place : place + 40_000])
    return set(lists[0].split())


@pytest.mark.parametrize(
    ("ours", "rule"),
    [
        (codes.UNITS, "BR-CL-23"),
        (codes.TYPE_CODES, "BR-CL-01"),
        (codes.VAT_CATEGORIES, "BR-CL-17"),
        (codes.PAYMENT_MEANS, "BR-CL-16"),
        (codes.ALLOWANCE_REASONS, "BR-CL-19"),
        (codes.ELECTRONIC_ADDRESS_SCHEMES, "BR-CL-25"),
    ],
)
def test_every_code_that_we_offer_is_in_the_official_list(ours, rule):
    assert set(ours) - official_codes(rule) == set()


def test_every_exemption_code_is_official():
    assert {code.upper() for code in codes.EXEMPTION_CODES.values()} <= official_codes("BR-CL-22")


def test_units_are_named_in_german_in_singular_and_plural():
    assert codes.unit_label("HUR", Decimal(1)) == "Stunde"
    assert codes.unit_label("HUR", Decimal("1.5")) == "Stunden"
    assert codes.unit_label("HUR", Decimal(-1)) == "Stunde"
    assert codes.unit_label("XYZ") == "XYZ"
    assert codes.unit_choices()[0] == ("C62", "Stück")


def test_countries_are_named_in_german_and_sorted():
    assert countries.name("DE") == "Deutschland"
    assert countries.name("GB") == "Vereinigtes Königreich"
    assert countries.name("XX") == "XX"
    assert [code for code, _ in countries.choices()][:4] == ["DE", "AT", "CH", "AF"]
    assert len(countries.choices()) == len(countries.names()) > 240
    assert set(countries.names()) > countries.EU
    assert len(countries.EU) == 27


def test_greek_vat_ids_begin_with_el():
    assert countries.vat_prefix("GR") == "EL"
    assert countries.vat_prefix("AT") == "AT"


@pytest.mark.parametrize(
    "number", ["04011000-12345-03", "05711-06001-79", "991-33333TEST-33", "991-33333test-33 "]
)
def test_a_leitweg_id_with_right_check_digits_is_accepted(number):
    assert leitweg.problem(number) == ""
    assert leitweg.looks_like_one(number)


@pytest.mark.parametrize("number", ["04011000-12345-04", "04011000-12354-03", "991-33333TSET-33"])
def test_a_mistyped_leitweg_id_is_noticed(number):
    assert "Prüfziffer" in leitweg.problem(number)


@pytest.mark.parametrize("number", ["", "1-2-3", "RE-2026-1", "04011000_12345_03", "991-é-33"])
def test_what_is_no_leitweg_id_is_told_the_form(number):
    assert "Form" in leitweg.problem(number)
    assert not leitweg.looks_like_one(number)


def test_check_digits_are_computed():
    assert leitweg.check_digits("04011000", "12345") == "03"
    assert leitweg.check_digits("991", "33333TEST") == "33"


def test_every_guideline_of_ours_is_an_official_one():
    assert Guideline.XRECHNUNG.endswith("#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0")
    assert Guideline.EN16931 == "urn:cen.eu:en16931:2017"
