import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import zxingcpp
from PIL import Image

from invoicing import qr

GOOD = {
    "name": "Müller & Söhne GmbH",
    "iban": "DE02 1203 0000 0000 2020 51",
    "bic": "BYLADEM1001",
    "amount": Decimal(1190),
    "remittance": "RE-2026-0001",
}


def payload(**changes: object) -> str:
    return qr.epc_payload(**{**GOOD, **changes})


def test_a_payload_has_the_elements_of_epc069_12_in_their_order():
    assert payload().split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "BYLADEM1001",
        "Müller & Söhne GmbH",
        "DE02120300000000202051",
        "EUR1190.00",
        "",
        "",
        "RE-2026-0001",
    ]


def test_a_german_account_needs_no_bic():
    assert payload(bic="").split("\n")[4] == ""


def test_an_account_outside_the_eea_needs_its_bic():
    with pytest.raises(ValueError, match="BIC"):
        payload(iban="CH93 0076 2011 6238 5295 7", bic="")


def test_a_creditor_reference_is_structured():
    lines = payload(remittance="RF18 5390 0754 7034").split("\n")
    assert lines[9:] == ["RF18539007547034"]


def test_a_reference_with_wrong_check_digits_is_plain_text():
    lines = payload(remittance="RF19 5390 0754 7034").split("\n")
    assert lines[9:] == ["", "RF19 5390 0754 7034"]


def test_nothing_follows_the_last_element_in_use():
    assert payload(remittance="").endswith("EUR1190.00")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.01", "EUR0.01"), ("999999999.99", "EUR999999999.99"), ("12.3", "EUR12.30")],
)
def test_an_amount_has_a_dot_and_two_decimals(amount: str, text: str):
    assert payload(amount=Decimal(amount)).split("\n")[7] == text


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1000000000", "12.345", "NaN", "Infinity"])
def test_an_amount_that_cannot_be_transferred_is_refused(amount: str):
    with pytest.raises(ValueError):
        payload(amount=Decimal(amount))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 71},
        {"name": "Müller\nDE00"},
        {"iban": "DE03120300000000202051"},
        {"iban": ""},
        {"bic": "BYLADEM"},
        {"remittance": "x" * 141},
        {"remittance": "zwei\nZeilen"},
        {"purpose": "HOUSE"},
        {"name": "ä" * 70, "remittance": "ö" * 140},
    ],
    ids=lambda changes: ", ".join(changes),
)
def test_what_a_banking_app_would_refuse_is_refused(changes: dict):
    with pytest.raises(ValueError):
        payload(**changes)


def read(svg: str) -> zxingcpp.Barcode:
    """What a camera reads off the drawing: every stroke painted, three dots a module."""
    image = ElementTree.fromstring(svg)
    side = int(image.attrib["width"])
    page = Image.new("L", (side, side), 255)
    path = image.find("{http://www.w3.org/2000/svg}path")
    assert path is not None
    for x, y, width in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path.attrib["d"]):
        page.paste(0, (int(x), int(y), int(x) + int(width), int(y) + 1))
    assert page.crop((0, 0, side, qr.QUIET_ZONE)).getextrema() == (255, 255)
    (found,) = zxingcpp.read_barcodes(page.resize((3 * side, 3 * side), Image.Resampling.NEAREST))
    return found


def test_a_camera_reads_the_payload_off_the_drawing():
    code = read(qr.svg(payload()))
    assert code.format == zxingcpp.BarcodeFormat.QRCode
    assert code.bytes == payload().encode()
    assert code.ec_level == "M"


def test_the_longest_payload_fits_into_version_13():
    text = payload(name="x" * 70, remittance="y" * 140, amount=Decimal("999999999.99"))
    assert read(qr.svg(text)).bytes == text.encode()


def test_a_payload_beyond_version_13_is_refused():
    with pytest.raises(ValueError, match="version 13"):
        qr.svg("ä" * 200)
