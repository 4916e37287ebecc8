"""Rules about the invoice lines, in German."""

from invoicing.einvoice.advice.texts import COMPUTED, LINE, REASON, Text

LINES: dict[str, Text] = {
    "BR-21": ("Eine Position hat keine Nummer.", COMPUTED, "lines.{line}.id"),
    "BR-22": ("Die Menge fehlt.", LINE, "lines.{line}.quantity"),
    "BR-23": (
        "Die Einheit fehlt.",
        "Wählen Sie eine Einheit, zum Beispiel „Stück“.",
        "lines.{line}.unit",
    ),
    "BR-24": ("Der Betrag der Position fehlt.", COMPUTED, "lines.{line}.net_amount"),
    "BR-25": (
        "Die Bezeichnung der Position fehlt.",
        "Beschreiben Sie Art der Ware oder Leistung (§ 14 Abs. 4 Nr. 5 UStG).",
        "lines.{line}.name",
    ),
    "BR-26": ("Der Einzelpreis fehlt.", LINE, "lines.{line}.net_price"),
    "BR-27": (
        "Der Einzelpreis ist negativ.",
        "Geben Sie statt eines negativen Preises eine negative Menge oder einen Nachlass an.",
        "lines.{line}.net_price",
    ),
    "BR-30": (
        "Der Leistungszeitraum der Position endet, bevor er beginnt.",
        "Prüfen Sie Beginn und Ende.",
        "lines.{line}.period.end",
    ),
    "BR-41": (
        "Der Betrag eines Nachlasses fehlt.",
        LINE,
        "lines.{line}.allowances.{allowance}.amount",
    ),
    "BR-42": (
        "Der Nachlass hat keinen Grund.",
        REASON,
        "lines.{line}.allowances.{allowance}.reason",
    ),
    "BR-43": (
        "Der Betrag eines Zuschlags fehlt.",
        LINE,
        "lines.{line}.allowances.{allowance}.amount",
    ),
    "BR-44": (
        "Der Zuschlag hat keinen Grund.",
        REASON,
        "lines.{line}.allowances.{allowance}.reason",
    ),
    "BR-CO-04": (
        "Der Steuerfall der Position fehlt.",
        "Wählen Sie einen Steuerfall.",
        "lines.{line}.category",
    ),
    "BR-CO-20": (
        "Der Leistungszeitraum der Position hat weder Beginn noch Ende.",
        "Geben Sie mindestens eines von beiden an.",
        "lines.{line}.period.start",
    ),
    "BR-CO-23": (
        "Der Nachlass hat keinen Grund.",
        REASON,
        "lines.{line}.allowances.{allowance}.reason",
    ),
    "BR-CO-24": (
        "Der Zuschlag hat keinen Grund.",
        REASON,
        "lines.{line}.allowances.{allowance}.reason",
    ),
    "BR-CL-18": (
        "Die Steuerkategorie der Position ist kein gültiger Code.",
        "Wählen Sie einen anderen Steuerfall.",
        "lines.{line}.category",
    ),
    "BR-CL-23": (
        "Die Einheit ist kein gültiger Code.",
        "Wählen Sie eine Einheit aus der Liste (UN/ECE-Empfehlung 20).",
        "lines.{line}.unit",
    ),
    "PEPPOL-EN16931-R110": (
        "Der Zeitraum der Position beginnt vor dem Leistungszeitraum.",
        "Gleichen Sie die beiden Zeiträume ab.",
        "lines.{line}.period.start",
    ),
    "PEPPOL-EN16931-R111": (
        "Der Zeitraum der Position endet nach dem Leistungszeitraum.",
        "Gleichen Sie die beiden Zeiträume ab.",
        "lines.{line}.period.end",
    ),
    "PEPPOL-EN16931-R120": (
        "Der Betrag der Position ist nicht Menge mal Preis abzüglich Nachlass.",
        COMPUTED,
        "lines.{line}.net_amount",
    ),
    "PEPPOL-EN16931-R121": (
        "Die Preiseinheit muss größer als null sein.",
        LINE,
        "lines.{line}.net_price",
    ),
    "PEPPOL-EN16931-R130": (
        "Preiseinheit und Mengeneinheit sind verschieden.",
        LINE,
        "lines.{line}.unit",
    ),
}
