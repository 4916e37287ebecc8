"""What a tax number, a VAT id or a Leitweg-ID must look like; only the form is checked here."""

import re

from django.core.exceptions import ValidationError
from stdnum import iban, vatin
from stdnum.exceptions import ValidationError as NumberError

from invoicing.einvoice import codes, countries, leitweg

# Steuernummer: 10 or 11 digits in the spelling of the Land, 13 in the federal one (ELSTER).
_TAX_NUMBER_DIGITS = (10, 11, 13)
_TAX_NUMBER_CHARACTERS = re.compile(r"[0-9/ .-]+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def compact(text: str) -> str:
    """A number without blanks, dots and hyphens, in upper case: `de 123 456` → `DE123456`."""
    return re.sub(r"[\s.\-]", "", text).upper()


def validate_vat_id(value: str) -> None:
    """A VAT id of an EU member state, of Northern Ireland or Switzerland (BT-48)."""
    number = compact(value)
    prefix = number[:2]
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9+*]{2,13}", number):
        raise ValidationError(
            "Eine USt-IdNr. beginnt mit dem Länderkürzel, zum Beispiel DE123456789."
        )
    country = "GR" if prefix == "EL" else prefix
    if country not in countries.EU:
        return
    try:
        vatin.validate(number)
    except NumberError as error:
        raise ValidationError(
            "Diese USt-IdNr. gibt es so nicht: Länge oder Prüfziffer passen nicht zu "
            f"{countries.name(country)}."
        ) from error


def validate_tax_number(value: str) -> None:
    """A German Steuernummer in the spelling of a Land or of ELSTER (BT-32)."""
    digits = re.sub(r"\D", "", value)
    if not _TAX_NUMBER_CHARACTERS.fullmatch(value) or len(digits) not in _TAX_NUMBER_DIGITS:
        raise ValidationError(
            "Eine Steuernummer hat 10, 11 oder 13 Ziffern, zum Beispiel 12/345/67890."
        )


def validate_iban(value: str) -> None:
    """An IBAN with right check digits (BT-84, BT-91)."""
    if not iban.is_valid(value):
        raise ValidationError("Diese IBAN stimmt nicht: Länge oder Prüfziffern passen nicht.")


def validate_card_digits(value: str) -> None:
    """The last four to six digits of a card; more must not be kept (BT-87, PCI DSS 3.4)."""
    if not re.fullmatch(r"\d{4,6}", value):
        raise ValidationError("Geben Sie nur die letzten vier bis sechs Ziffern der Karte an.")


def validate_country(value: str) -> None:
    """An ISO 3166-1 alpha-2 code (BT-55)."""
    if value not in countries.names():
        raise ValidationError(f"„{value}“ ist kein Ländercode nach ISO 3166-1, zum Beispiel DE.")


def validate_unit(value: str) -> None:
    """A unit of UN/ECE Recommendation 20 or 21 that we know a German word for (BT-130)."""
    if value not in codes.UNITS:
        raise ValidationError(f"„{value}“ ist keine Einheit aus der Liste.")


def validate_scheme(value: str) -> None:
    """A scheme of electronic addresses (EAS, BT-49-1)."""
    if value not in codes.ELECTRONIC_ADDRESS_SCHEMES:
        raise ValidationError(f"„{value}“ ist kein Adress-Schema aus der Liste.")


def electronic_address_problem(address: str, scheme: str) -> str:
    """What is wrong with an electronic address of this scheme, in German; empty when nothing is."""
    if scheme == "EM" and not _EMAIL.fullmatch(address):
        return "Zum Schema E-Mail gehört eine E-Mail-Adresse."
    if scheme == "0204":
        return leitweg.problem(address)
    return ""


def validate_accent(value: str) -> None:
    """A colour like #0b4f5c that can be read on white paper: contrast of 3 or more.

    Source: WCAG 2.2, 1.4.11.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        raise ValidationError("Geben Sie eine Farbe wie #0b4f5c an.")
    channels = (int(value[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    if 1.05 / (luminance + 0.05) < 3:
        raise ValidationError(
            "Diese Farbe ist auf weißem Papier kaum zu sehen. Wählen Sie eine dunklere."
        )
