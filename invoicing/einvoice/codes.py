"""The code lists of EN 16931 as far as a German business meets them, with German names.

The official rules hold the complete lists; a code that is missing here is still readable in a
received invoice. Sources: UNTDID 1001, 4461, 5305, UN/ECE Rec. 20 and 21, CEF EAS and VATEX.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

BUSINESS_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"  # BT-23


class Guideline(StrEnum):
    """What an invoice promises to obey (BT-24)."""

    EN16931 = "urn:cen.eu:en16931:2017"
    XRECHNUNG = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
    XRECHNUNG_EXTENSION = (
        "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
        "#conformant#urn:xeinkauf.de:kosit:extension:xrechnung_3.0"
    )
    FACTURX_MINIMUM = "urn:factur-x.eu:1p0:minimum"
    FACTURX_BASIC_WL = "urn:factur-x.eu:1p0:basicwl"
    FACTURX_BASIC = "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"
    FACTURX_EXTENDED = "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended"


TYPE_CODES = {  # BT-3, UNTDID 1001
    "326": "Teilrechnung",
    "380": "Rechnung",
    "381": "Rechnungskorrektur",
    "384": "Stornorechnung",
    "386": "Vorauszahlungsrechnung",
    "389": "Gutschrift (Selbstfakturierung)",
    "875": "Abschlagsrechnung (Bau)",
    "876": "Teilschlussrechnung (Bau)",
    "877": "Schlussrechnung (Bau)",
}

# How UNTDID 1001 tells apart the references that share an element.
TENDER = "50"  # BT-17
INVOICED_OBJECT = "130"  # BT-18, BT-128
SUPPORTING = "916"  # BG-24

VAT_CATEGORIES = {  # BT-118, BT-151, UNTDID 5305
    "S": "Umsatzsteuerpflichtig",
    "Z": "Nullsatz",
    "E": "Steuerfrei",
    "AE": "Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG)",
    "K": "Innergemeinschaftliche Lieferung",
    "G": "Ausfuhrlieferung in ein Drittland",
    "O": "Nicht steuerbar",
    "L": "Kanarische Inseln (IGIC)",
    "M": "Ceuta und Melilla (IPSI)",
}

EXEMPTION_CODES = {  # BT-121, CEF VATEX, for the categories that have exactly one meaning
    "AE": "VATEX-EU-AE",
    "K": "VATEX-EU-IC",
    "G": "VATEX-EU-G",
    "O": "VATEX-EU-O",
}

PAYMENT_MEANS = {  # BT-81, UNTDID 4461
    "1": "Nicht festgelegt",
    "10": "Barzahlung",
    "20": "Scheck",
    "30": "Überweisung",
    "48": "Zahlung mit Karte",
    "49": "Lastschrift",
    "54": "Zahlung mit Kreditkarte",
    "55": "Zahlung mit Debitkarte",
    "57": "Dauerauftrag",
    "58": "SEPA-Überweisung",
    "59": "SEPA-Lastschrift",
    "68": "Online-Bezahldienst",
    "97": "Verrechnung zwischen Partnern",
    "ZZZ": "Andere vereinbarte Zahlungsart",
}
CREDIT_TRANSFERS = frozenset({"30", "58"})  # these want an account, BR-DE-23

ALLOWANCE_REASONS = {  # BT-98, BT-140, UNTDID 5189
    "41": "Bonus für vorzeitige Fertigstellung",
    "42": "Sonstiger Bonus",
    "64": "Sondervereinbarung",
    "65": "Rabatt wegen Herstellungsfehler",
    "66": "Rabatt bei Neueröffnung",
    "67": "Musterrabatt",
    "68": "Auslaufrabatt",
    "88": "Materialabschlag",
    "95": "Rabatt",
    "100": "Sonderrabatt",
    "102": "Rabatt auf feste Laufzeit",
    "103": "Befristeter Rabatt",
    "104": "Standardrabatt",
    "105": "Jahresumsatzbonus",
}

ELECTRONIC_ADDRESS_SCHEMES = {  # BT-34-1, BT-49-1, CEF EAS
    "EM": "E-Mail-Adresse",
    "0204": "Leitweg-ID",
    "9930": "USt-IdNr. (Deutschland)",
    "9914": "USt-IdNr. (Österreich)",
    "9927": "USt-IdNr. (Schweiz)",
    "9944": "USt-IdNr. (Niederlande)",
    "9957": "USt-IdNr. (Frankreich)",
    "0088": "GLN (Global Location Number)",
    "0060": "D-U-N-S-Nummer",
    "0002": "SIRENE (Frankreich)",
    "0106": "KvK-Nummer (Niederlande)",
    "0183": "UID (Schweiz)",
    "0190": "OIN (Niederlande)",
    "0208": "Unternehmensnummer (Belgien)",
    "0210": "Codice Fiscale (Italien)",
    "0211": "Partita IVA (Italien)",
}


@dataclass(frozen=True)
class Unit:
    """A unit of measure (BT-130)."""

    code: str
    name: str
    plural: str


UNITS = {
    unit.code: unit
    for unit in (
        Unit("C62", "Stück", "Stück"),
        Unit("H87", "Einzelteil", "Einzelteile"),
        Unit("HUR", "Stunde", "Stunden"),
        Unit("MIN", "Minute", "Minuten"),
        Unit("DAY", "Tag", "Tage"),
        Unit("WEE", "Woche", "Wochen"),
        Unit("MON", "Monat", "Monate"),
        Unit("QAN", "Quartal", "Quartale"),
        Unit("ANN", "Jahr", "Jahre"),
        Unit("LS", "pauschal", "pauschal"),
        Unit("GRM", "Gramm", "Gramm"),
        Unit("KGM", "Kilogramm", "Kilogramm"),
        Unit("DTN", "Dezitonne", "Dezitonnen"),
        Unit("TNE", "Tonne", "Tonnen"),
        Unit("MLT", "Milliliter", "Milliliter"),
        Unit("LTR", "Liter", "Liter"),
        Unit("HLT", "Hektoliter", "Hektoliter"),
        Unit("MMT", "Millimeter", "Millimeter"),
        Unit("CMT", "Zentimeter", "Zentimeter"),
        Unit("MTR", "Meter", "Meter"),
        Unit("LM", "Laufender Meter", "Laufende Meter"),
        Unit("KMT", "Kilometer", "Kilometer"),
        Unit("MTK", "Quadratmeter", "Quadratmeter"),
        Unit("MTQ", "Kubikmeter", "Kubikmeter"),
        Unit("KWH", "Kilowattstunde", "Kilowattstunden"),
        Unit("MWH", "Megawattstunde", "Megawattstunden"),
        Unit("E34", "Gigabyte", "Gigabyte"),
        Unit("P1", "Prozent", "Prozent"),
        Unit("PR", "Paar", "Paar"),
        Unit("SET", "Satz", "Sätze"),
        Unit("DZN", "Dutzend", "Dutzend"),
        Unit("E48", "Leistungseinheit", "Leistungseinheiten"),
        Unit("XPK", "Packung", "Packungen"),
        Unit("XPP", "Packstück", "Packstücke"),
        Unit("XBX", "Kiste", "Kisten"),
        Unit("XCT", "Karton", "Kartons"),
        Unit("XPX", "Palette", "Paletten"),
        Unit("XBO", "Flasche", "Flaschen"),
        Unit("XSA", "Sack", "Säcke"),
        Unit("XRO", "Rolle", "Rollen"),
    )
}


def unit_label(code: str, quantity: Decimal = Decimal(1)) -> str:
    """The German word for the unit beside this quantity; the code itself where we know none."""
    unit = UNITS.get(code)
    if unit is None:
        return code
    return unit.name if abs(quantity) == 1 else unit.plural


def unit_choices() -> list[tuple[str, str]]:
    """Units for a form, the usual ones first."""
    return [(unit.code, unit.name) for unit in UNITS.values()]
