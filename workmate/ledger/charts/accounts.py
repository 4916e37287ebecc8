"""The accounts of SKR03 and SKR04 side by side, a selection for small businesses.

Numbers follow the DATEV standard charts. `automatic` marks accounts to which DATEV adds the tax
by itself, so that an export must not give them a tax key. VAT return codes: UStVA 2026.
"""

from dataclasses import dataclass

ASSET, LIABILITY, EQUITY = "asset", "liability", "equity"
REVENUE, EXPENSE, OPENING = "revenue", "expense", "opening"


@dataclass(frozen=True)
class Row:
    """One account in both charts."""

    skr03: str
    skr04: str
    name: str
    kind: str
    purpose: str = ""
    automatic: bool = False
    vat_code: str = ""


ACCOUNTS = (
    # Fixed assets
    Row("0027", "0135", "EDV-Software", ASSET),
    Row("0320", "0520", "Pkw", ASSET),
    Row("0410", "0635", "Geschäftsausstattung", ASSET),
    Row("0420", "0650", "Büroeinrichtung", ASSET),
    Row("0480", "0670", "Geringwertige Wirtschaftsgüter", ASSET),
    Row("0490", "0690", "Sonstige Betriebs- und Geschäftsausstattung", ASSET),
    # Money
    Row("1000", "1600", "Kasse", ASSET, "cash"),
    Row("1200", "1800", "Bank", ASSET, "bank"),
    Row("1360", "1460", "Geldtransit", ASSET, "transit"),
    # Claims
    Row("1400", "1200", "Forderungen aus Lieferungen und Leistungen", ASSET, "receivables"),
    Row("1500", "1300", "Sonstige Vermögensgegenstände", ASSET),
    Row("1525", "1350", "Kautionen", ASSET),
    Row("1511", "1181", "Geleistete Anzahlungen 7 % Vorsteuer", ASSET, "", True, "66"),
    Row("1518", "1186", "Geleistete Anzahlungen 19 % Vorsteuer", ASSET, "", True, "66"),
    Row("1590", "1370", "Durchlaufende Posten", ASSET),
    Row(
        "1593",
        "1495",
        "Verrechnungskonto erhaltene Anzahlungen bei Buchung über Debitorenkonto",
        ASSET,
        "advance_clearing",
    ),
    # Input tax
    Row("1571", "1401", "Abziehbare Vorsteuer 7 %", ASSET, "", False, "66"),
    Row("1574", "1404", "Abziehbare Vorsteuer aus innergem. Erwerb 19 %", ASSET, "", False, "61"),
    Row("1576", "1406", "Abziehbare Vorsteuer 19 %", ASSET, "", False, "66"),
    Row("1577", "1407", "Abziehbare Vorsteuer nach § 13b UStG 19 %", ASSET, "", False, "67"),
    # Debts
    Row("0630", "3150", "Verbindlichkeiten gegenüber Kreditinstituten", LIABILITY),
    Row("1600", "3300", "Verbindlichkeiten aus Lieferungen und Leistungen", LIABILITY, "payables"),
    Row("1700", "3500", "Sonstige Verbindlichkeiten", LIABILITY),
    Row("1710", "3250", "Erhaltene Anzahlungen auf Bestellungen", LIABILITY),
    Row("1711", "3260", "Erhaltene Anzahlungen 7 % USt", LIABILITY, "", True, "86"),
    Row("1718", "3272", "Erhaltene Anzahlungen 19 % USt", LIABILITY, "", True, "81"),
    Row("1740", "3720", "Verbindlichkeiten aus Lohn und Gehalt", LIABILITY),
    Row("1741", "3730", "Verbindlichkeiten aus Lohn- und Kirchensteuer", LIABILITY),
    Row("1742", "3740", "Verbindlichkeiten im Rahmen der sozialen Sicherheit", LIABILITY),
    # Output tax
    Row("1771", "3801", "Umsatzsteuer 7 %", LIABILITY),
    Row("1761", "3811", "Umsatzsteuer nicht fällig 7 %", LIABILITY),
    Row("1766", "3816", "Umsatzsteuer nicht fällig 19 %", LIABILITY),
    Row("1774", "3804", "Umsatzsteuer aus innergem. Erwerb 19 %", LIABILITY),
    Row("1776", "3806", "Umsatzsteuer 19 %", LIABILITY),
    Row("1780", "3820", "Umsatzsteuer-Vorauszahlungen", LIABILITY),
    Row("1781", "3830", "Umsatzsteuer-Vorauszahlung 1/11", LIABILITY, "", False, "39"),
    Row("1787", "3837", "Umsatzsteuer nach § 13b UStG 19 %", LIABILITY, "", False, "47"),
    # Equity
    Row("0800", "2900", "Gezeichnetes Kapital", EQUITY),
    Row("0860", "2970", "Gewinnvortrag vor Verwendung", EQUITY),
    Row("1800", "2100", "Privatentnahmen", EQUITY),
    Row("1890", "2180", "Privateinlagen", EQUITY),
    # Revenue
    Row("8100", "4100", "Steuerfreie Umsätze § 4 Nr. 8 ff. UStG", REVENUE, "", True, "48"),
    Row("8105", "4105", "Steuerfreie Umsätze § 4 Nr. 12 UStG", REVENUE, "", True, "48"),
    Row("8120", "4120", "Steuerfreie Umsätze § 4 Nr. 1a UStG", REVENUE, "", True, "43"),
    Row("8125", "4125", "Steuerfreie innergem. Lieferungen", REVENUE, "", True, "41"),
    Row("8195", "4185", "Erlöse als Kleinunternehmer nach § 19 UStG", REVENUE),
    Row("8200", "4200", "Erlöse", REVENUE),
    Row("8290", "4290", "Erlöse 0 % USt", REVENUE, "", True, "87"),
    Row("8300", "4300", "Erlöse 7 % USt", REVENUE, "", True, "86"),
    Row("8335", "4335", "Erlöse nach § 13b Abs. 2 Nr. 10 UStG", REVENUE, "", True, "60"),
    Row("8336", "4336", "Erlöse aus im EU-Ausland steuerpfl. Leistungen", REVENUE, "", True, "21"),
    Row("8337", "4337", "Erlöse aus Leistungen nach § 13b UStG", REVENUE, "", True, "60"),
    Row("8338", "4338", "Erlöse aus im Drittland steuerbaren Leistungen", REVENUE, "", True, "45"),
    Row("8400", "4400", "Erlöse 19 % USt", REVENUE, "", True, "81"),
    Row("8731", "4731", "Gewährte Skonti 7 % USt", REVENUE, "", True, "86"),
    Row("8736", "4736", "Gewährte Skonti 19 % USt", REVENUE, "", True, "81"),
    Row("2650", "7100", "Zinserträge und Verzugszinsen", REVENUE),
    Row("2660", "4840", "Erträge aus der Währungsumrechnung", REVENUE, "fx_gain"),
    Row("2700", "4830", "Sonstige betriebliche Erträge", REVENUE, "rounding"),
    # Goods and services bought
    Row("3000", "5000", "Roh-, Hilfs- und Betriebsstoffe", EXPENSE),
    Row("3100", "5900", "Fremdleistungen", EXPENSE),
    Row("3300", "5300", "Wareneingang 7 % Vorsteuer", EXPENSE, "", True, "66"),
    Row("3400", "5400", "Wareneingang 19 % Vorsteuer", EXPENSE, "", True, "66"),
    Row("3731", "5731", "Erhaltene Skonti 7 % Vorsteuer", EXPENSE, "", True, "66"),
    Row("3736", "5736", "Erhaltene Skonti 19 % Vorsteuer", EXPENSE, "", True, "66"),
    # Staff
    Row("4110", "6010", "Löhne", EXPENSE),
    Row("4120", "6020", "Gehälter", EXPENSE),
    Row("4130", "6110", "Gesetzliche soziale Aufwendungen", EXPENSE),
    # Rooms
    Row("4210", "6310", "Miete", EXPENSE),
    Row("4230", "6320", "Heizung", EXPENSE),
    Row("4240", "6325", "Gas, Strom, Wasser", EXPENSE),
    Row("4250", "6330", "Reinigung", EXPENSE),
    # Insurance and vehicles
    Row("4360", "6400", "Versicherungen", EXPENSE),
    Row("4380", "6420", "Beiträge", EXPENSE),
    Row("4510", "7685", "Kfz-Steuer", EXPENSE),
    Row("4520", "6520", "Kfz-Versicherungen", EXPENSE),
    Row("4530", "6530", "Laufende Kfz-Betriebskosten", EXPENSE),
    Row("4540", "6540", "Kfz-Reparaturen", EXPENSE),
    Row("4570", "6560", "Mietleasing Kfz", EXPENSE),
    # Marketing, gifts, entertainment
    Row("4600", "6600", "Werbekosten", EXPENSE),
    Row("4630", "6610", "Geschenke abzugsfähig", EXPENSE),
    Row("4635", "6620", "Geschenke nicht abzugsfähig", EXPENSE),
    Row("4650", "6640", "Bewirtungskosten", EXPENSE),
    Row("4654", "6644", "Nicht abzugsfähige Bewirtungskosten", EXPENSE),
    # Travel
    Row("4660", "6650", "Reisekosten Arbeitnehmer", EXPENSE),
    Row("4663", "6663", "Reisekosten Arbeitnehmer, Fahrtkosten", EXPENSE),
    Row("4664", "6664", "Reisekosten Arbeitnehmer, Verpflegung", EXPENSE),
    Row("4666", "6660", "Reisekosten Arbeitnehmer, Übernachtung", EXPENSE),
    Row("4668", "6668", "Kilometergelderstattung Arbeitnehmer", EXPENSE),
    Row("4670", "6670", "Reisekosten Unternehmer", EXPENSE),
    Row("4673", "6673", "Reisekosten Unternehmer, Fahrtkosten", EXPENSE),
    Row("4674", "6674", "Reisekosten Unternehmer, Verpflegung", EXPENSE),
    Row("4676", "6680", "Reisekosten Unternehmer, Übernachtung", EXPENSE),
    # Office and advice
    Row("4806", "6495", "Wartungskosten für Hard- und Software", EXPENSE),
    Row("4910", "6800", "Porto", EXPENSE),
    Row("4920", "6805", "Telefon", EXPENSE),
    Row("4925", "6810", "Telefax und Internetkosten", EXPENSE),
    Row("4930", "6815", "Bürobedarf", EXPENSE),
    Row("4940", "6820", "Zeitschriften, Bücher", EXPENSE),
    Row("4945", "6821", "Fortbildungskosten", EXPENSE),
    Row("4950", "6825", "Rechts- und Beratungskosten", EXPENSE),
    Row("4955", "6830", "Buchführungskosten", EXPENSE),
    Row("4957", "6827", "Abschluss- und Prüfungskosten", EXPENSE),
    Row("4960", "6835", "Mieten für Einrichtungen", EXPENSE),
    Row("4964", "6837", "Aufwendungen für Lizenzen", EXPENSE),
    Row("4900", "6300", "Sonstige betriebliche Aufwendungen", EXPENSE),
    Row("4970", "6855", "Nebenkosten des Geldverkehrs", EXPENSE, "fees"),
    Row("4980", "6850", "Sonstiger Betriebsbedarf", EXPENSE),
    # Depreciation, losses
    Row("4822", "6200", "Abschreibungen auf immaterielle Vermögensgegenstände", EXPENSE),
    Row("4830", "6220", "Abschreibungen auf Sachanlagen", EXPENSE),
    Row("4855", "6260", "Sofortabschreibung geringwertiger Wirtschaftsgüter", EXPENSE),
    Row("2100", "7300", "Zinsen und ähnliche Aufwendungen", EXPENSE),
    Row("2150", "6880", "Aufwendungen aus der Währungsumrechnung", EXPENSE, "fx_loss"),
    Row("2400", "6930", "Forderungsverluste", EXPENSE, "write_off"),
    Row("2401", "6931", "Forderungsverluste 7 % USt", EXPENSE, "", True, "86"),
    Row("2406", "6936", "Forderungsverluste 19 % USt", EXPENSE, "", True, "81"),
    # Taking over
    Row("9000", "9000", "Saldenvorträge Sachkonten", OPENING, "opening"),
    Row("9008", "9008", "Saldenvorträge Debitoren", OPENING, "opening_debtors"),
    Row("9009", "9009", "Saldenvorträge Kreditoren", OPENING, "opening_creditors"),
)
# Where the net of an advance goes, by its rate in percent; SKR03 and SKR04.
ADVANCES = {19: ("1718", "3272"), 7: ("1711", "3260")}
OTHER_ADVANCES = ("1710", "3250")
# Where the tax of an invoice waits for the money under cash accounting (§ 20 UStG), by its account.
NOT_DUE = {"1771": "1761", "1776": "1766", "3801": "3811", "3806": "3816"}
# Where further money accounts get their number: first and last of the DATEV range.
MONEY_RANGES = {
    "SKR03": {
        "bank": (1200, 1299),
        "savings": (1200, 1299),
        "cash": (1000, 1019),
        "card": (
            1730,
            1735,
        ),  # Kreditkartenabrechnung: what is owed to the bank until it is debited
        "transit": (1361, 1379),
    },
    "SKR04": {
        "bank": (1800, 1899),
        "savings": (1800, 1899),
        "cash": (1600, 1619),
        "card": (3610, 3615),
        "transit": (1461, 1479),
    },
}
