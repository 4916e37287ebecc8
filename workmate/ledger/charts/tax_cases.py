"""The tax cases: one row a rule and date. A changed rule is a new row, never a changed one.

Reasons are the words that go on the invoice (BT-120; § 14 (4) Nr. 8, § 14a UStG), explanations
answer "Warum 0 %?" in the form. VATEX codes: CEF code list VATEX. VAT return codes: UStVA 2026.
"""

import datetime
from decimal import Decimal
from typing import Any

RULES_FROM = datetime.date(2021, 1, 1)
NO_TAX = Decimal("0.00")

TAX_CASES: tuple[dict[str, Any], ...] = (
    {
        "code": "DE19",
        "name": "19 % Umsatzsteuer",
        "category": "S",
        "rate": Decimal("19.00"),
        "explanation": "Regelsteuersatz für Lieferungen und Leistungen in Deutschland.",
        "source": "§ 12 Abs. 1 UStG",
        "vat_code_base": "81",
        "revenue": ("8400", "4400"),
        "tax": ("1776", "3806"),
        "valid_from": RULES_FROM,
    },
    {
        "code": "DE7",
        "name": "7 % Umsatzsteuer",
        "category": "S",
        "rate": Decimal("7.00"),
        "explanation": "Ermäßigter Satz, zum Beispiel für Bücher, Lebensmittel und Speisen.",
        "source": "§ 12 Abs. 2 UStG",
        "vat_code_base": "86",
        "revenue": ("8300", "4300"),
        "tax": ("1771", "3801"),
        "valid_from": RULES_FROM,
    },
    {
        "code": "DE0",
        "name": "0 % Photovoltaik",
        "category": "Z",
        "rate": NO_TAX,
        "explanation": "Nullsteuersatz für Photovoltaikanlagen an Wohngebäuden samt Installation.",
        "source": "§ 12 Abs. 3 UStG",
        "vat_code_base": "87",
        "revenue": ("8290", "4290"),
        "valid_from": datetime.date(2023, 1, 1),
    },
    {
        "code": "EXPORT",
        "name": "0 % Ausfuhr in ein Drittland",
        "category": "G",
        "rate": NO_TAX,
        "reason": "Steuerfreie Ausfuhrlieferung nach § 4 Nr. 1 Buchst. a UStG i. V. m. § 6 UStG",
        "reason_code": "VATEX-EU-G",
        "explanation": "Die Ware verlässt nachweislich die EU; der Ausfuhrnachweis ist Pflicht.",
        "source": "§ 4 Nr. 1 Buchst. a, § 6 UStG",
        "vat_code_base": "43",
        "revenue": ("8120", "4120"),
        "valid_from": RULES_FROM,
    },
    {
        "code": "EU_SUPPLY",
        "name": "0 % innergemeinschaftliche Lieferung",
        "category": "K",
        "rate": NO_TAX,
        "reason": "Steuerfreie innergemeinschaftliche Lieferung nach § 4 Nr. 1 Buchst. b UStG "
        "i. V. m. § 6a UStG",
        "reason_code": "VATEX-EU-IC",
        "explanation": "Ware an ein Unternehmen in einem anderen EU-Staat. Nötig sind beide "
        "USt-IdNrn., der Belegnachweis und die Zusammenfassende Meldung.",
        "source": "§ 4 Nr. 1 Buchst. b, § 6a, § 14a Abs. 3 UStG",
        "vat_code_base": "41",
        "revenue": ("8125", "4125"),
        "valid_from": RULES_FROM,
    },
    {
        "code": "EU_SERVICE",
        "name": "0 % Dienstleistung an EU-Unternehmen",
        "category": "AE",
        "rate": NO_TAX,
        "reason": "Steuerschuldnerschaft des Leistungsempfängers (Reverse Charge)",
        "reason_code": "VATEX-EU-AE",
        "explanation": "Der Leistungsort liegt beim Kunden in einem anderen EU-Staat, der die "
        "Steuer dort schuldet. Nötig sind beide USt-IdNrn. und die Zusammenfassende Meldung.",
        "source": "§ 3a Abs. 2, § 14a Abs. 1 UStG; Art. 196 MwStSystRL",
        "vat_code_base": "21",
        "revenue": ("8336", "4336"),
        "valid_from": RULES_FROM,
    },
    {
        "code": "RC13B",
        "name": "0 % Steuerschuldnerschaft nach § 13b",
        "category": "AE",
        "rate": NO_TAX,
        "reason": "Steuerschuldnerschaft des Leistungsempfängers (§ 13b UStG)",
        "reason_code": "VATEX-EU-AE",
        "explanation": "Ihr Kunde in Deutschland schuldet die Steuer, zum Beispiel bei "
        "Bauleistungen an ein Bauunternehmen.",
        "source": "§ 13b Abs. 2, § 14a Abs. 5 UStG",
        "vat_code_base": "60",
        "revenue": ("8337", "4337"),
        "valid_from": RULES_FROM,
    },
    {
        "code": "SMALL19",
        "name": "Kleinunternehmer, ohne Umsatzsteuer",
        "category": "E",
        "rate": NO_TAX,
        "reason": "Steuerfrei nach § 19 Abs. 1 UStG (Kleinunternehmer)",
        "explanation": "Als Kleinunternehmer sind Ihre Umsätze steuerfrei, solange der Umsatz im "
        "Vorjahr höchstens 25.000 € und im laufenden Jahr höchstens 100.000 € beträgt.",
        "source": "§ 19 Abs. 1 UStG, § 34a UStDV",
        "revenue": ("8195", "4185"),
        "valid_from": datetime.date(2025, 1, 1),
    },
)


def fields(position: int, case: dict[str, Any]) -> dict[str, Any]:
    """A row as the columns of the table."""
    columns = {"position": position, **case}
    for name in ("revenue", "tax"):
        skr03, skr04 = columns.pop(name, ("", ""))
        columns |= {f"{name}_skr03": skr03, f"{name}_skr04": skr04}
    return columns
