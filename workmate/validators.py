"""What our own numbers and addresses must look like; only the form is checked here."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from stdnum.de import vat
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError as NumberError


def compact_vat_id(value: str) -> str:
    """A VAT id as it is stored: `de 136 695 976` is `DE136695976`."""
    return re.sub(r"[\s.\-]", "", value).upper()


def validate_german_vat_id(value: str) -> None:
    """DE and nine digits, the last one a check digit (§ 27a UStG, BT-31)."""
    number = compact_vat_id(value)
    try:
        if not number.startswith("DE"):
            raise NumberError
        vat.validate(number)
    except NumberError as error:
        raise ValidationError(
            "Diese USt-IdNr. ist nicht gültig: DE und neun Ziffern, die letzte ist Prüfziffer."
        ) from error


def validate_tax_number(value: str) -> None:
    """A Steuernummer in the spelling of a Land or of ELSTER (BT-32)."""
    digits = re.sub(r"\D", "", value)
    if not re.fullmatch(r"[0-9/ .-]+", value) or len(digits) not in (10, 11, 13):
        raise ValidationError(
            "Eine Steuernummer hat 10, 11 oder 13 Ziffern, zum Beispiel 12/345/67890."
        )


def validate_creditor_id(value: str) -> None:
    """A SEPA creditor identifier with right check digits (BT-90, EPC262-08)."""
    try:
        at_02.validate(value)
    except NumberError as error:
        raise ValidationError(
            "Diese Gläubiger-ID ist nicht gültig, sie sieht aus wie DE98ZZZ09999999999."
        ) from error


def validate_german_post_code(value: str) -> None:
    """Five digits."""
    if not re.fullmatch(r"\d{5}", value):
        raise ValidationError("Eine deutsche Postleitzahl hat fünf Ziffern.")


def validate_website(value: str) -> None:
    """An address on the web, with or without its scheme."""
    address = value if "://" in value else f"https://{value}"
    URLValidator(schemes=["http", "https"], message="Das ist keine Internetadresse.")(address)
