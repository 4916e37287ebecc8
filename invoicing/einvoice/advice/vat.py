"""The VAT rules of EN 16931, in German: the same ten for every category, and the decimals.

The official texts repeat themselves for each category; so that the German ones cannot drift
apart, they are made from one table.
"""

from invoicing.einvoice.advice.texts import COMPUTED, Text

_NAMES = {  # the part of the rule's name to the category in words
    "S": "Umsatzsteuerpflichtig",
    "Z": "Nullsatz",
    "E": "Steuerfrei",
    "AE": "Steuerschuldnerschaft des Leistungsempfängers",
    "IC": "Innergemeinschaftliche Lieferung",
    "G": "Ausfuhrlieferung",
    "O": "Nicht steuerbar",
}

_NUMBERS: dict[str, Text] = {
    "S": (
        "Weder Ihre USt-IdNr. noch Ihre Steuernummer ist angegeben.",
        "Ergänzen Sie eine von beiden in den Firmendaten (§ 14 Abs. 4 Nr. 2 UStG).",
        "seller.tax_number",
    ),
    "AE": (
        "Bei Steuerschuldnerschaft des Leistungsempfängers fehlt eine Steuernummer oder USt-IdNr.",
        "Ergänzen Sie die USt-IdNr. des Kunden und Ihre eigene (§ 14a UStG).",
        "buyer.vat_id",
    ),
    "IC": (
        "Für die innergemeinschaftliche Lieferung fehlt eine USt-IdNr.",
        "Ergänzen Sie die USt-IdNr. des Kunden und Ihre eigene (§ 14a Abs. 3 UStG).",
        "buyer.vat_id",
    ),
    "G": (
        "Für die Ausfuhrlieferung fehlt Ihre USt-IdNr.",
        "Ergänzen Sie sie in den Firmendaten.",
        "seller.vat_id",
    ),
    "O": (
        "Eine nicht steuerbare Rechnung darf keine USt-IdNr. nennen.",
        "Wählen Sie einen anderen Steuerfall.",
        "lines.{line}.category",
    ),
}

_REASONS = {
    "E": "Nennen Sie den Grund, zum Beispiel „Kein Ausweis von Umsatzsteuer, da Kleinunternehmer "
    "gemäß § 19 UStG“.",
    "AE": "Nennen Sie „Steuerschuldnerschaft des Leistungsempfängers“ (§ 14a Abs. 5 UStG).",
    "IC": "Nennen Sie „Steuerfreie innergemeinschaftliche Lieferung“ (§ 14a Abs. 3 UStG).",
    "G": "Nennen Sie „Steuerfreie Ausfuhrlieferung“.",
    "O": "Nennen Sie, warum der Umsatz nicht steuerbar ist.",
}

_DECIMALS = {  # rule number to (what, field)
    "01": ("Nachlass", "allowances.{allowance}.amount"),
    "02": ("Grundbetrag eines Nachlasses", "allowances.{allowance}.base"),
    "05": ("Zuschlag", "allowances.{allowance}.amount"),
    "06": ("Grundbetrag eines Zuschlags", "allowances.{allowance}.base"),
    "09": ("Summe der Positionen", "totals.line_total"),
    "10": ("Summe der Nachlässe", "totals.allowance_total"),
    "11": ("Summe der Zuschläge", "totals.charge_total"),
    "12": ("Nettosumme", "totals.tax_exclusive"),
    "13": ("Steuersumme", "totals.tax_total"),
    "14": ("Bruttosumme", "totals.tax_inclusive"),
    "15": ("Steuersumme in Buchungswährung", "totals.tax_total_accounting"),
    "16": ("Anzahlung", "totals.prepaid"),
    "17": ("Rundungsbetrag", "totals.rounding"),
    "18": ("Zahlbetrag", "totals.payable"),
    "19": ("Bemessungsgrundlage", "vat_breakdown.{vat}.taxable_amount"),
    "20": ("Steuerbetrag", "vat_breakdown.{vat}.tax_amount"),
    "23": ("Betrag der Position", "lines.{line}.net_amount"),
    "24": ("Nachlass der Position", "lines.{line}.allowances.{allowance}.amount"),
    "25": ("Grundbetrag des Nachlasses", "lines.{line}.allowances.{allowance}.base"),
    "27": ("Zuschlag der Position", "lines.{line}.allowances.{allowance}.amount"),
    "28": ("Grundbetrag des Zuschlags", "lines.{line}.allowances.{allowance}.base"),
}


def _category(code: str, name: str) -> dict[str, Text]:
    rate = (
        "Der Steuersatz muss größer als null sein."
        if code == "S"
        else "Ein Steuersatz ist hier nicht zulässig."
        if code == "O"
        else "Der Steuersatz muss null sein."
    )
    numbers = _NUMBERS.get(code, _NUMBERS["S"])
    wrong_rate = f"{rate} (Steuerfall „{name}“)"
    choose = "Wählen Sie den passenden Steuerfall."
    rules: dict[str, Text] = {
        "01": (
            f"Zu „{name}“ fehlt der passende Eintrag in der Steueraufschlüsselung.",
            COMPUTED,
            "vat_breakdown",
        ),
        "02": numbers,
        "03": numbers,
        "04": numbers,
        "05": (wrong_rate, choose, "lines.{line}.rate"),
        "06": (wrong_rate, choose, "allowances.{allowance}.rate"),
        "07": (wrong_rate, choose, "allowances.{allowance}.rate"),
        "08": (
            f"Die Bemessungsgrundlage für „{name}“ ist nicht die Summe ihrer Positionen.",
            COMPUTED,
            "vat_breakdown.{vat}.taxable_amount",
        ),
        "09": (
            f"Der Steuerbetrag für „{name}“ stimmt nicht.",
            COMPUTED,
            "vat_breakdown.{vat}.tax_amount",
        ),
        "10": _reason(code, name),
    }
    return {f"BR-{code}-{number}": text for number, text in rules.items()}


def _reason(code: str, name: str) -> Text:
    if code in _REASONS:
        wrong = f"Der Grund für „{name}“ fehlt."
        return wrong, _REASONS[code], "vat_breakdown.{vat}.reason"
    wrong = f"Zu „{name}“ darf kein Befreiungsgrund angegeben werden."
    return wrong, "Entfernen Sie den Befreiungsgrund.", "vat_breakdown.{vat}.reason"


VAT: dict[str, Text] = {
    **{rule: text for code, name in _NAMES.items() for rule, text in _category(code, name).items()},
    "BR-IC-11": (
        "Bei einer innergemeinschaftlichen Lieferung fehlt das Lieferdatum.",
        "Geben Sie Lieferdatum oder Leistungszeitraum an.",
        "delivery_date",
    ),
    "BR-IC-12": (
        "Bei einer innergemeinschaftlichen Lieferung fehlt das Bestimmungsland.",
        "Geben Sie die Lieferanschrift mit dem Land an.",
        "delivery_address.country",
    ),
    **{
        f"BR-O-{number}": (
            "„Nicht steuerbar“ lässt sich nicht mit anderen Steuerfällen mischen.",
            "Schreiben Sie dafür eine eigene Rechnung.",
            "lines",
        )
        for number in ("11", "12", "13", "14")
    },
    **{
        f"BR-DEC-{number}": (
            f"{what}: Mehr als zwei Nachkommastellen sind nicht zulässig.",
            "Runden Sie den Betrag auf Cent.",
            field,
        )
        for number, (what, field) in _DECIMALS.items()
    },
}
