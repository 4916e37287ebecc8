import dataclasses

import pytest
from lxml import etree

from invoicing.einvoice import ubl
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import Buyer, Identifier, PaymentInstructions
from invoicing.einvoice.parse import NAMESPACES
from invoicing.einvoice.validate import validate
from tests.invoicing.einvoice.golden import BUYER, GOLDEN, SELLER, invoice, line

XRECHNUNG, EN16931 = Guideline.XRECHNUNG, Guideline.EN16931


def credit_note():
    return dataclasses.replace(
        GOLDEN["discounts"],
        number="RK-2026-0001",
        type_code="381",
        preceding=GOLDEN["cancellation"].preceding,
        period=GOLDEN["final_invoice"].period,
        delivery_name="Lager Wien",
        delivery_address=BUYER.address,
    )


CASES = {**GOLDEN, "credit_note": credit_note()}


def written(einvoice, guideline=XRECHNUNG):
    return etree.fromstring(ubl.write(einvoice, guideline=guideline))


def texts(root, path):
    return [element.text for element in root.iterfind(f".//{path}", NAMESPACES)]


@pytest.mark.parametrize("name", CASES)
def test_every_vat_case_is_a_valid_xrechnung(name):
    report = validate(ubl.write(CASES[name], guideline=XRECHNUNG))

    assert report.findings == ()
    assert report.valid
    assert set(report.versions) == {"UBL-Schema 2.1", "EN 16931 UBL", "XRechnung UBL"}


@pytest.mark.parametrize("name", CASES)
def test_every_vat_case_obeys_the_european_rules_alone(name):
    report = validate(ubl.write(CASES[name], guideline=EN16931))

    assert report.findings == ()
    assert report.valid


@pytest.mark.parametrize(
    ("code", "root"), [("380", "Invoice"), ("384", "Invoice"), ("381", "CreditNote")]
)
def test_a_correction_is_a_credit_note_and_everything_else_an_invoice(code, root):
    einvoice = dataclasses.replace(GOLDEN["two_rates"], type_code=code)

    assert etree.QName(written(einvoice)).localname == root


def test_a_credit_note_keeps_its_due_date_and_project_elsewhere():
    root = written(credit_note())

    assert texts(root, "cac:PaymentMeans/cbc:PaymentDueDate") == ["2026-06-03"]
    assert texts(root, "cac:AdditionalDocumentReference/cbc:ID") == ["P-77"]
    assert texts(root, "cbc:DueDate") == texts(root, "cac:ProjectReference") == []


def test_a_cancellation_is_an_invoice_with_negative_quantities():
    root = written(GOLDEN["cancellation"])

    assert texts(root, "cbc:InvoiceTypeCode") == ["384"]
    assert texts(root, "cbc:InvoicedQuantity") == ["-3", "-2"]
    assert texts(root, "cbc:PriceAmount") == ["80", "19.99"]
    assert texts(root, "cac:InvoiceDocumentReference/cbc:ID") == ["RE-2026-0001", "RE-2026-0002"]


def test_skonto_keeps_the_line_end_that_the_rule_wants():
    assert texts(written(GOLDEN["discounts"]), "cac:PaymentTerms/cbc:Note") == [
        "#SKONTO#TAGE=14#PROZENT=2.00#\n#SKONTO#TAGE=7#PROZENT=3.00#\n"
    ]


def test_the_vat_in_euro_stands_beside_the_vat_in_the_currency_of_the_invoice():
    root = written(GOLDEN["foreign_currency"])

    found = [
        (element.text, element.get("currencyID"))
        for element in root.iterfind("cac:TaxTotal/cbc:TaxAmount", NAMESPACES)
    ]
    assert found == [("45.60", "USD"), ("41.87", "EUR")]


def test_empty_and_blank_fields_leave_no_empty_elements():
    einvoice = invoice(
        [line(1, "1", "1", description=" ", note="\n", seller_item_id="")],
        buyer=Buyer(name="Erika Mustermann", address=dataclasses.replace(BUYER.address, city=" ")),
        payment=PaymentInstructions(means_code="10"),
        payment_terms="  ",
        due_date=None,
        delivery_date=None,
        notes=(" ",),
    )

    empty = [
        element.tag
        for element in written(einvoice).iter()
        if len(element) == 0 and not (element.text or "").strip()
    ]
    assert empty == []


def test_identifiers_name_their_scheme():
    seller = dataclasses.replace(
        SELLER,
        identifiers=(Identifier(value="L-1"), Identifier(value="4012345000009", scheme="0088")),
    )
    buyer = dataclasses.replace(BUYER, identifier=Identifier(value="4098765000001", scheme="0088"))
    einvoice = invoice([line(1, "1", "1")], seller=seller, buyer=buyer)

    found = [
        (element.text, element.get("schemeID"))
        for element in written(einvoice).iterfind(".//cac:PartyIdentification/cbc:ID", NAMESPACES)
    ]
    assert found == [("L-1", None), ("4012345000009", "0088"), ("4098765000001", "0088")]
    assert validate(ubl.write(einvoice, guideline=XRECHNUNG)).findings == ()


def test_four_hundred_lines_are_valid():
    einvoice = invoice([line(n, "1", "9.99", rate="7" if n % 3 else "19") for n in range(1, 401)])

    assert validate(ubl.write(einvoice, guideline=XRECHNUNG)).valid
