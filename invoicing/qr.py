"""GiroCode: a QR code that fills in a SEPA credit transfer in the payer's banking app.

Follows EPC069-12 version 2.1 ("Quick Response Code: Guidelines to Enable Data Capture for the
Initiation of a SEPA Credit Transfer"): version 002, character set 1 (UTF-8), error correction M,
at most QR version 13, at most 331 bytes.
"""

import re
from decimal import Decimal
from math import isqrt

import zxingcpp
from schwifty import BIC, IBAN

QUIET_ZONE = 4  # modules of white around the code, ISO/IEC 18004

# Within the European Economic Area version 002 needs no BIC.
_EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI "
    "SK".split()
)
_MAX_AMOUNT = Decimal("999999999.99")
_MAX_BYTES = 331
_MAX_WIDTH = 69  # modules of version 13


def epc_payload(
    name: str, iban: str, bic: str, amount: Decimal, remittance: str, purpose: str = ""
) -> str:
    """The text that the code carries.

    `amount` is in EUR, `remittance` goes into the structured element when it is an ISO 11649
    creditor reference (RF…) and into the unstructured one otherwise. Raises `ValueError` for
    whatever a banking app would refuse.
    """
    account = IBAN(iban)
    bank = str(BIC(bic)) if bic else ""
    if not bank and account.country_code not in _EEA:
        raise ValueError("an account outside the EEA needs its BIC")
    structured = _is_creditor_reference(remittance)
    elements = [
        "BCD",
        "002",
        "1",
        "SCT",
        bank,
        _text(name, "name", 70, required=True),
        str(account),
        _amount(amount),
        _purpose(purpose),
        re.sub(r"\s", "", remittance).upper() if structured else "",
        "" if structured else _text(remittance, "remittance", 140),
    ]
    payload = "\n".join(elements).rstrip("\n")
    if len(payload.encode()) > _MAX_BYTES:
        raise ValueError(f"the payload is longer than {_MAX_BYTES} bytes")
    return payload


def svg(payload: str) -> str:
    """The code as an SVG document, black on nothing, one unit a module, quiet zone included.

    The strokes are a little wider than a module, so that rows join without hairlines.
    """
    code = zxingcpp.create_barcode(payload.encode(), zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = code.to_image(add_quiet_zones=False)
    modules = bytes(memoryview(image))  # type: ignore[arg-type]  # the stubs keep quiet about it
    width = isqrt(len(modules))
    if width > _MAX_WIDTH:
        raise ValueError("the code is larger than version 13")
    side, strokes = width + 2 * QUIET_ZONE, _strokes(modules, width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'width="{side}" height="{side}">'
        f'<path fill="none" stroke="#000" stroke-width="1.04" d="{strokes}"/></svg>'
    )


def _strokes(modules: bytes, width: int) -> str:
    """One stroke for each horizontal run of dark modules, along the middle of its row."""
    return "".join(
        f"M{run.start() + QUIET_ZONE} {y + QUIET_ZONE}.5h{run.end() - run.start()}"
        for y in range(width)
        for run in re.finditer(b"\0+", modules[y * width : (y + 1) * width])
    )


def _text(value: str, element: str, limit: int, *, required: bool = False) -> str:
    if required and not value.strip():
        raise ValueError(f"{element} is missing")
    if len(value) > limit:
        raise ValueError(f"{element} is longer than {limit} characters")
    if any(not character.isprintable() for character in value):
        raise ValueError(f"{element} contains a control character or a line break")
    return value.strip()


def _amount(amount: Decimal) -> str:
    if not amount.is_finite() or not Decimal("0.01") <= amount <= _MAX_AMOUNT:
        raise ValueError("the amount lies outside 0.01 to 999999999.99 EUR")
    if amount != amount.quantize(Decimal("0.01")):
        raise ValueError("the amount has more than two decimals")
    return f"EUR{amount:.2f}"


def _purpose(purpose: str) -> str:
    if purpose and not re.fullmatch(r"[A-Z0-9]{1,4}", purpose):
        raise ValueError("a purpose has one to four capital letters or digits")
    return purpose


def _is_creditor_reference(text: str) -> bool:
    """Whether this is an ISO 11649 reference with the right check digits (modulo 97)."""
    compact = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"RF\d\d[A-Z0-9]{1,21}", compact):
        return False
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1
