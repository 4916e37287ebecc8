import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings

from invoicing.einvoice import cii, ubl
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.read import read
from tests.invoicing.einvoice.einvoices import einvoices
from tests.invoicing.einvoice.golden import GOLDEN


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(einvoices())
def test_any_invoice_comes_back_the_same_from_both_syntaxes(einvoice):
    assert read(cii.write(einvoice, guideline=Guideline.EN16931)) == einvoice
    assert read(ubl.write(einvoice, guideline=Guideline.EN16931)) == einvoice


@pytest.mark.parametrize("name", GOLDEN)
def test_every_vat_case_comes_back_the_same_from_both_syntaxes(name):
    einvoice = GOLDEN[name]

    assert read(cii.write(einvoice, guideline=Guideline.XRECHNUNG)) == einvoice
    assert read(ubl.write(einvoice, guideline=Guideline.XRECHNUNG)) == einvoice


def test_a_correction_comes_back_the_same_from_both_syntaxes():
    einvoice = dataclasses.replace(GOLDEN["discounts"], type_code="381")

    assert read(ubl.write(einvoice, guideline=Guideline.XRECHNUNG)) == einvoice
    assert read(cii.write(einvoice, guideline=Guideline.XRECHNUNG)) == einvoice


def test_vat_is_read_where_both_currencies_are_the_same():
    einvoice = dataclasses.replace(GOLDEN["two_rates"], tax_currency="EUR")

    for write in (cii.write, ubl.write):
        assert read(write(einvoice, guideline=Guideline.EN16931)) == einvoice
