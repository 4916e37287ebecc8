import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from invoicing.einvoice import cii, read, ubl
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.header import read_date, read_decimal
from invoicing.einvoice.parse import Unreadable
from tests.invoicing.einvoice.golden import GOLDEN
from tests.invoicing.einvoice.samples import FOLDER, expected, needs_samples

CREDIT_NOTE = b"""<CreditNote xmlns="urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
  xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
  <cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
  <cbc:ID> RK-7 </cbc:ID><cbc:IssueDate>2026-05-04</cbc:IssueDate>
  <cbc:CreditNoteTypeCode>381</cbc:CreditNoteTypeCode>
  <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
  <cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity>
    <cbc:RegistrationName>Lieferant KG</cbc:RegistrationName>
  </cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
  <cac:LegalMonetaryTotal>
    <cbc:TaxInclusiveAmount currencyID="EUR">119.00</cbc:TaxInclusiveAmount>
    <cbc:PayableAmount currencyID="EUR">100</cbc:PayableAmount>
  </cac:LegalMonetaryTotal></CreditNote>"""


def test_the_head_of_a_cii_invoice_is_read():
    xml = cii.write(GOLDEN["final_invoice"], guideline=Guideline.EN16931)

    head = read.header(xml)

    assert head.syntax == "CII"
    assert head.guideline == Guideline.EN16931
    assert (head.number, head.type_code, head.currency) == ("RE-2026-0001", "380", "EUR")
    assert head.issue_date == date(2026, 5, 4)
    assert (head.total, head.payable) == (Decimal("9520.00"), Decimal("4760.01"))
    assert (head.seller, head.buyer) == ("Werkstatt Nord GmbH", "Stadt Beispielhausen")


def test_the_head_of_a_ubl_credit_note_is_read():
    head = read.header(CREDIT_NOTE)

    assert head.syntax == "UBL"
    assert (head.number, head.type_code) == ("RK-7", "381")
    assert head.issue_date == date(2026, 5, 4)
    assert (head.total, head.payable) == (Decimal("119.00"), Decimal(100))
    assert (head.seller, head.buyer) == ("Lieferant KG", "")


@pytest.mark.parametrize(
    ("removed", "term"),
    [("GrandTotalAmount", "BT-112"), ("DuePayableAmount", "BT-115"), ("BilledQuantity", "BT-129")],
)
def test_an_invoice_without_a_mandatory_number_is_refused(removed, term):
    xml = cii.write(GOLDEN["small_business"], guideline=Guideline.EN16931)
    broken = xml.replace(f"ram:{removed}".encode(), b"ram:Removed")

    with pytest.raises(Unreadable, match=term):
        read.read(broken)


@pytest.mark.parametrize(
    ("removed", "term"),
    [
        ("TaxInclusiveAmount", "BT-112"),
        ("PayableAmount", "BT-115"),
        ("InvoicedQuantity", "BT-129"),
        ("IssueDate", "BT-2"),
    ],
)
def test_a_ubl_invoice_without_a_mandatory_value_is_refused(removed, term):
    xml = ubl.write(GOLDEN["small_business"], guideline=Guideline.EN16931)
    broken = xml.replace(f"cbc:{removed}".encode(), b"cbc:Removed")

    with pytest.raises(Unreadable, match=term):
        read.read(broken)


def test_an_invoice_without_a_date_is_refused():
    xml = cii.write(GOLDEN["small_business"], guideline=Guideline.EN16931)

    with pytest.raises(Unreadable, match="BT-2"):
        read.read(xml.replace(b"20260504", b"heute"))


@pytest.mark.parametrize("text", ["", "1e5", "NaN", "Infinity", "1_000", "1,5", "0x1", "--1", "."])
def test_what_is_no_decimal_of_xml_schema_is_none(text):
    assert read_decimal(text) is None


def test_dates_of_both_syntaxes_are_read():
    assert read_date("20260504") == read_date("2026-05-04Z") == date(2026, 5, 4)
    assert read_date("20261399") is None
    assert read_date("") is None


@needs_samples
def test_every_official_file_is_read_as_expected():
    wrong = []
    for row in expected():
        if row["container"] != "xml":
            continue
        head = read.header((FOLDER / row["file"]).read_bytes())
        found = (head.syntax, head.guideline, head.type_code, head.number)
        wanted = (row["syntax"], row["guideline"], row["BT-3"], row["BT-1"])
        amounts = (head.total, head.payable) == (Decimal(row["BT-112"]), Decimal(row["BT-115"]))
        if found != wanted or not amounts:
            wrong.append((row["file"], found, head.total, head.payable))
    assert wrong == []


@needs_samples
def test_the_whole_of_every_official_file_is_read():
    for row in expected():
        if row["container"] == "xml":
            einvoice = read.read((FOLDER / row["file"]).read_bytes())
            assert einvoice.number == row["BT-1"], row["file"]
            assert einvoice.type_code == row["BT-3"], row["file"]
            assert einvoice.totals.tax_inclusive == Decimal(row["BT-112"]), row["file"]
            assert einvoice.totals.payable == Decimal(row["BT-115"]), row["file"]
            assert einvoice.lines, row["file"]
            assert einvoice.seller.name, row["file"]
            assert einvoice.buyer.name, row["file"]


@needs_samples
def test_every_official_file_is_read_written_in_its_syntax_and_read_again_as_the_same():
    writers = {"CII": cii.write, "UBL": ubl.write}
    changed, count = [], 0
    for file in sorted(FOLDER.rglob("*.xml")):
        data = file.read_bytes()
        einvoice = read.read(data)
        write = writers[read.header(data).syntax]
        count += 1
        if read.read(write(einvoice, guideline=Guideline.EN16931)) != einvoice:
            changed.append(str(file.relative_to(FOLDER)))
    assert changed == []
    assert count >= 150


def test_an_identifier_without_a_value_identifies_nobody():
    xml = ubl.write(GOLDEN["two_rates"], guideline=Guideline.EN16931)
    address = GOLDEN["two_rates"].seller.electronic_address
    empty = xml.replace(f">{address.value}</cbc:EndpointID>".encode(), b"></cbc:EndpointID>")
    assert read.read(xml).seller.electronic_address == address
    assert read.read(empty).seller.electronic_address is None


def test_a_discount_on_a_price_needs_no_gross_price_in_ubl():
    einvoice = GOLDEN["two_rates"]
    first = dataclasses.replace(
        einvoice.lines[0], gross_price=None, price_discount=Decimal(5), net_price=Decimal(95)
    )
    einvoice = dataclasses.replace(einvoice, lines=(first, *einvoice.lines[1:]))
    from_ubl = read.read(ubl.write(einvoice, guideline=Guideline.EN16931)).lines[0]
    from_cii = read.read(cii.write(einvoice, guideline=Guideline.EN16931)).lines[0]
    assert from_ubl == first
    assert from_cii == dataclasses.replace(first, gross_price=Decimal(100))
