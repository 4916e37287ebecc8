"""The tax cases: one row a rule and date. A changed rule is a new row, never a changed one.

Reasons are the words that go on the invoice (BT-120; § 14 (4) Nr. 8, § 14a UStG), explanations
answer "Warum 0 %?" in the form. VATEX codes: CEF code list VATEX. VAT return codes: UStVA 2026.
`counts_for_limit` says whether a sale is part of the turnover of § 19 (2) UStG. Sales that are
taxed in other member states (OSS) are not here: their rates are those of 26 other countries.
"""

import datetime
from decimal import Decimal
from typing import Any

RULES_FROM = datetime.date(2021, 1, 1)
NO_TAX = Decimal("0.00")
SMALL_BUSINESS = "SMALL19"  # the code of the case of § 19 UStG

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
        "counts_for_limit": False,
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
        "code": SMALL_BUSINESS,
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
    {
        "code": "DE7FOOD",
        "name": "7 % Speisen im Restaurant",
        "category": "S",
        "rate": Decimal("7.00"),
        "explanation": "Seit dem 1. Januar 2026 gelten für Speisen in Restaurants, Imbissen und "
        "beim Catering 7 %, für Getränke weiterhin 19 %. Davor galten auch für Speisen zum Verzehr "
        "vor Ort 19 %.",
        "source": "§ 12 Abs. 2 Nr. 15 UStG",
        "vat_code_base": "86",
        "revenue": ("8300", "4300"),
        "tax": ("1771", "3801"),
        "valid_from": datetime.date(2026, 1, 1),
    },
    {
        "code": "RC13B_GOODS",
        "name": "0 % § 13b, Mobilfunkgeräte, Tablets und ähnliche",
        "category": "AE",
        "rate": NO_TAX,
        "reason": "Steuerschuldnerschaft des Leistungsempfängers (§ 13b Abs. 2 Nr. 10 UStG)",
        "reason_code": "VATEX-EU-AE",
        "explanation": "Lieferung von Mobilfunkgeräten, Tablets, Spielekonsolen und integrierten "
        "Schaltkreisen an ein Unternehmen, wenn das Entgelt mindestens 5.000 € beträgt. Ihr Kunde "
        "schuldet die Steuer.",
        "source": "§ 13b Abs. 2 Nr. 10, Abs. 5, § 14a Abs. 5 UStG",
        "vat_code_base": "60",
        "revenue": ("8335", "4335"),
        "valid_from": RULES_FROM,
    },
    {
        "code": "THIRD_SERVICE",
        "name": "Dienstleistung an Unternehmen im Drittland",
        "category": "O",
        "rate": NO_TAX,
        "reason": "Nicht im Inland steuerbare sonstige Leistung (§ 3a Abs. 2 UStG)",
        "reason_code": "VATEX-EU-O",
        "explanation": "Der Leistungsort liegt dort, wo Ihr Kunde sein Unternehmen betreibt, also "
        "außerhalb der EU. Deutsche Umsatzsteuer entsteht nicht; ob der Kunde oder Sie dort "
        "Steuern schulden, bestimmt das Recht seines Landes.",
        "source": "§ 3a Abs. 2 UStG",
        "vat_code_base": "45",
        "revenue": ("8338", "4338"),
        "valid_from": RULES_FROM,
        "counts_for_limit": False,
    },
    {
        "code": "THIRD_PRIVATE",
        "name": "Katalogleistung an Privatperson im Drittland",
        "category": "O",
        "rate": NO_TAX,
        "reason": "Nicht im Inland steuerbare sonstige Leistung (§ 3a Abs. 4 UStG)",
        "reason_code": "VATEX-EU-O",
        "explanation": "Nur für die Leistungen des Katalogs in § 3a Abs. 4 Satz 2 UStG, zum "
        "Beispiel Beratung, Werbung, Übersetzung und Überlassung von Rechten. Andere Leistungen an "
        "Privatpersonen sind meist in Deutschland steuerbar.",
        "source": "§ 3a Abs. 4 UStG",
        "vat_code_base": "45",
        "revenue": ("8338", "4338"),
        "valid_from": RULES_FROM,
        "counts_for_limit": False,
    },
    {
        "code": "DAMAGES",
        "name": "Nicht steuerbar: Schadensersatz",
        "category": "O",
        "rate": NO_TAX,
        "reason": "Nicht steuerbar: echter Schadensersatz ohne Leistungsaustausch",
        "reason_code": "VATEX-EU-O",
        "explanation": "Echter Schadensersatz und Vertragsstrafen sind kein Entgelt für eine "
        "Leistung. Vergütungen, für die Sie etwas leisten oder dulden, gehören nicht hierher.",
        "source": "§ 1 Abs. 1 Nr. 1 UStG, Abschn. 1.3 UStAE",
        "revenue": ("2700", "4830"),
        "valid_from": RULES_FROM,
        "counts_for_limit": False,
    },
    {
        "code": "PASS_THROUGH",
        "name": "Nicht steuerbar: durchlaufender Posten",
        "category": "O",
        "rate": NO_TAX,
        "reason": "Durchlaufender Posten, kein Entgelt (§ 10 Abs. 1 Satz 5 UStG)",
        "reason_code": "VATEX-EU-O",
        "explanation": "Beträge, die Sie im Namen und für Rechnung Ihres Kunden gezahlt haben, zum "
        "Beispiel Gerichtskosten. Auslagen im eigenen Namen gehören nicht hierher; sie teilen das "
        "Schicksal der Hauptleistung.",
        "source": "§ 10 Abs. 1 Satz 5 UStG, Abschn. 10.4 UStAE",
        "revenue": ("1590", "1370"),
        "valid_from": RULES_FROM,
        "counts_for_limit": False,
    },
    {
        "code": "EXEMPT",
        "name": "Steuerfrei nach § 4 Nr. 8 bis 28",
        "category": "E",
        "rate": NO_TAX,
        "reason": "Steuerfreie Leistung nach § 4 Nr. 8 bis 28 UStG",
        "explanation": "Für Befreiungen ohne eigenen Eintrag. Nennen Sie die genaue Nummer des "
        "§ 4 UStG in der Beschreibung der Position. Vorsteuer aus den zugehörigen "
        "Eingangsleistungen ist nicht abziehbar.",
        "source": "§ 4 Nr. 8 bis 28, § 15 Abs. 2 UStG",
        "vat_code_base": "48",
        "revenue": ("8100", "4100"),
        "valid_from": RULES_FROM,
    },
    {
        "code": "EXEMPT_11",
        "name": "Steuerfrei § 4 Nr. 11: Versicherungsvermittlung",
        "category": "E",
        "rate": NO_TAX,
        "reason": "Steuerfrei nach § 4 Nr. 11 UStG (Bausparkassen- und Versicherungsvertreter, "
        "Versicherungsmakler)",
        "reason_code": "VATEX-EU-135-1",
        "explanation": "Umsätze aus der Tätigkeit als Versicherungs- oder Bausparkassenvertreter "
        "und als Versicherungsmakler.",
        "source": "§ 4 Nr. 11 UStG; Art. 135 Abs. 1 Buchst. a MwStSystRL",
        "vat_code_base": "48",
        "revenue": ("8100", "4100"),
        "valid_from": RULES_FROM,
        "counts_for_limit": False,
    },
    {
        "code": "EXEMPT_12",
        "name": "Steuerfrei § 4 Nr. 12: Vermietung",
        "category": "E",
        "rate": NO_TAX,
        "reason": "Steuerfrei nach § 4 Nr. 12 UStG (Vermietung und Verpachtung von Grundstücken)",
        "reason_code": "VATEX-EU-135-1",
        "explanation": "Vermietung von Wohnungen, Büros und Grundstücken. Kurzfristige "
        "Beherbergung und Stellplätze sind steuerpflichtig; bei Vermietung an Unternehmen können "
        "Sie auf die Befreiung verzichten (§ 9 UStG).",
        "source": "§ 4 Nr. 12 UStG; Art. 135 Abs. 1 Buchst. l MwStSystRL",
        "vat_code_base": "48",
        "revenue": ("8105", "4105"),
        "valid_from": RULES_FROM,
        "counts_for_limit": False,
    },
    {
        "code": "EXEMPT_14",
        "name": "Steuerfrei § 4 Nr. 14: Heilbehandlung",
        "category": "E",
        "rate": NO_TAX,
        "reason": "Steuerfrei nach § 4 Nr. 14 UStG (Heilbehandlung im Bereich der Humanmedizin)",
        "reason_code": "VATEX-EU-132-1C",
        "explanation": "Heilbehandlungen von Ärzten, Zahnärzten, Heilpraktikern, "
        "Physiotherapeuten, Hebammen und ähnlichen Heilberufen. Wellness und rein kosmetische "
        "Behandlungen gehören nicht dazu.",
        "source": "§ 4 Nr. 14 UStG; Art. 132 Abs. 1 Buchst. c MwStSystRL",
        "vat_code_base": "48",
        "revenue": ("8100", "4100"),
        "valid_from": RULES_FROM,
        "counts_for_limit": False,
    },
    {
        "code": "EXEMPT_21",
        "name": "Steuerfrei § 4 Nr. 21: Unterricht",
        "category": "E",
        "rate": NO_TAX,
        "reason": "Steuerfrei nach § 4 Nr. 21 UStG (Schul- und Bildungsleistungen)",
        "reason_code": "VATEX-EU-132-1I",
        "explanation": "Unterricht, Ausbildung und Fortbildung durch anerkannte Einrichtungen "
        "und Lehrkräfte. Private Einrichtungen brauchen in der Regel eine Bescheinigung der "
        "Landesbehörde.",
        "source": "§ 4 Nr. 21 UStG; Art. 132 Abs. 1 Buchst. i, j MwStSystRL",
        "vat_code_base": "48",
        "revenue": ("8100", "4100"),
        "valid_from": RULES_FROM,
        "counts_for_limit": False,
    },
)


def fields(position: int, case: dict[str, Any]) -> dict[str, Any]:
    """A row as the columns of the table."""
    columns = {"position": position, "counts_for_limit": True, **case}
    for name in ("revenue", "tax"):
        skr03, skr04 = columns.pop(name, ("", ""))
        columns |= {f"{name}_skr03": skr03, f"{name}_skr04": skr04}
    return columns
