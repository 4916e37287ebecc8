import dataclasses
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from invoicing.einvoice import cii
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import Buyer, Identifier, PaymentInstructions
from invoicing.einvoice.parse import NAMESPACES
from invoicing.einvoice.read import read
from invoicing.einvoice.validate import validate
from invoicing.einvoice.values import clean
from tests.invoicing.einvoice.golden import BUYER, GOLDEN, SELLER, abroad, invoice, line

XRECHNUNG, ZUGFERD = Guideline.XRECHNUNG, Guideline.EN16931


def written(einvoice, guideline=ZUGFERD):
    return etree.fromstring(cii.write(einvoice, guideline=guideline))


def texts(root, path):
    return [element.text for element in root.iterfind(f".//{path}", NAMESPACES)]


@pytest.mark.parametrize("name", GOLDEN)
def test_every_vat_case_is_a_valid_xrechnung(name):
    report = validate(cii.write(GOLDEN[name], guideline=XRECHNUNG))

    assert report.findings == ()
    assert report.valid
    assert set(report.versions) == {"CII-Schema D22B", "EN 16931 CII", "XRechnung CII"}


@pytest.mark.parametrize("name", GOLDEN)
def test_every_vat_case_is_a_valid_zugferd_xml(name):
    report = validate(cii.write(GOLDEN[name], guideline=ZUGFERD), as_zugferd=True)

    assert report.findings == ()
    assert report.valid
    assert set(report.versions) == {
        "Factur-X-Schema EN16931",
        "EN 16931 CII",
        "Factur-X EN16931",
    }


@pytest.mark.parametrize("guideline", [XRECHNUNG, ZUGFERD])
@pytest.mark.parametrize("name", GOLDEN)
def test_reading_gives_back_what_was_written(name, guideline):
    assert read(cii.write(GOLDEN[name], guideline=guideline)) == GOLDEN[name]


def test_a_private_customer_gets_a_valid_zugferd_without_electronic_address_and_reference():
    buyer = Buyer(name="Erika Mustermann", address=BUYER.address)
    private = invoice([line(1, "2", "50")], buyer=buyer, buyer_reference="")

    as_zugferd = validate(cii.write(private, guideline=ZUGFERD), as_zugferd=True)
    as_xrechnung = validate(cii.write(private, guideline=XRECHNUNG))

    assert as_zugferd.findings == ()
    assert {finding.rule for finding in as_xrechnung.errors} == {
        "BR-DE-15",
        "PEPPOL-EN16931-R010",
    }


def test_the_guideline_and_the_business_process_are_named():
    root = written(GOLDEN["two_rates"], XRECHNUNG)

    context = "rsm:ExchangedDocumentContext"
    assert texts(root, f"{context}//ram:ID") == [
        "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
        XRECHNUNG,
    ]


def test_a_cancellation_names_every_invoice_that_it_cancels():
    root = written(GOLDEN["cancellation"])

    assert texts(root, "ram:InvoiceReferencedDocument/ram:IssuerAssignedID") == [
        "RE-2026-0001",
        "RE-2026-0002",
    ]
    assert texts(root, "ram:TypeCode")[0] == "384"
    assert texts(root, "ram:BilledQuantity") == ["-3", "-2"]
    assert texts(root, "ram:NetPriceProductTradePrice/ram:ChargeAmount") == ["80", "19.99"]


def test_amounts_have_two_decimals_and_prices_keep_theirs():
    root = written(invoice([line(1, "1.2500", "0.33330000"), line(2, "100", "7.00000000")]))

    assert texts(root, "ram:BilledQuantity") == ["1.25", "100"]
    assert texts(root, "ram:NetPriceProductTradePrice/ram:ChargeAmount") == ["0.3333", "7"]
    assert texts(root, "ram:LineTotalAmount") == ["0.42", "700.00", "700.42"]


def test_a_number_in_scientific_notation_is_written_out():
    root = written(invoice([line(1, "1E+2", "1E+1")]))

    assert texts(root, "ram:BilledQuantity") == ["100"]
    assert texts(root, "ram:NetPriceProductTradePrice/ram:ChargeAmount") == ["10"]


def test_an_amount_with_three_decimals_is_not_rounded_in_silence():
    einvoice = invoice([line(1, "1", "1", net_amount=Decimal("1.005"))])

    report = validate(cii.write(einvoice, guideline=ZUGFERD))

    assert "BR-DEC-23" in {finding.rule for finding in report.errors}


def test_skonto_keeps_the_line_end_that_the_rule_wants():
    root = written(GOLDEN["discounts"])

    assert texts(root, "ram:SpecifiedTradePaymentTerms/ram:Description") == [
        "#SKONTO#TAGE=14#PROZENT=2.00#\n#SKONTO#TAGE=7#PROZENT=3.00#\n"
    ]


def test_characters_that_xml_cannot_carry_are_left_out():
    einvoice = invoice([line(1, "1", "1", name="Tasse\x0b\x00 \ud83d rot\r\nund \U0001f600 blau")])

    assert read(cii.write(einvoice, guideline=ZUGFERD)).lines[0].name == (
        "Tasse  rot\nund \U0001f600 blau"
    )


@given(st.text(max_size=40))
def test_any_text_that_a_user_types_is_written_and_read_back(text):
    einvoice = invoice([line(1, "1", "1", description=text)], buyer_reference=text)

    back = read(cii.write(einvoice, guideline=ZUGFERD))

    assert back.lines[0].description == clean(text).strip()
    assert back.buyer_reference == clean(text).strip()


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

    root = written(einvoice)

    empty = [e.tag for e in root.iter() if len(e) == 0 and not (e.text or "").strip()]
    assert empty == [f"{{{NAMESPACES['ram']}}}ApplicableHeaderTradeDelivery"]


def test_identifiers_with_a_scheme_are_global():
    seller = dataclasses.replace(
        SELLER,
        identifiers=(
            Identifier(value="L-1"),
            Identifier(value="L-2"),
            Identifier(value="4012345000009", scheme="0088"),
        ),
    )
    buyer = dataclasses.replace(BUYER, identifier=Identifier(value="4098765000001", scheme="0088"))
    einvoice = invoice([line(1, "1", "1")], seller=seller, buyer=buyer)

    root = written(einvoice)

    assert texts(root, "ram:SellerTradeParty/ram:ID") == ["L-1", "L-2"]
    assert texts(root, "ram:SellerTradeParty/ram:GlobalID") == ["4012345000009"]
    assert read(cii.write(einvoice, guideline=ZUGFERD)) == einvoice
    assert validate(cii.write(einvoice, guideline=XRECHNUNG)).findings == ()


def test_the_same_invoice_gives_the_same_bytes_in_every_thread():
    einvoice = GOLDEN["discounts"]

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: cii.write(einvoice, guideline=XRECHNUNG), range(80)))

    assert set(made) == {cii.write(einvoice, guideline=XRECHNUNG)}
    assert made[0].startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<rsm:Cross")


def test_four_hundred_lines_are_valid():
    einvoice = invoice([line(n, "1", "9.99", rate="7" if n % 3 else "19") for n in range(1, 401)])

    assert validate(cii.write(einvoice, guideline=XRECHNUNG)).valid


def test_an_export_may_be_to_any_country():
    for country in ("CH", "US", "GB", "AE"):
        einvoice = dataclasses.replace(GOLDEN["export"], buyer=abroad(country))
        assert validate(cii.write(einvoice, guideline=XRECHNUNG)).findings == ()
