"""Rules about totals, allowances, VAT breakdown and payment, in German."""

from invoicing.einvoice.advice.texts import ACCOUNT, COMPUTED, REASON, Text

MONEY: dict[str, Text] = {
    "BR-12": ("Die Summe der Positionen fehlt.", COMPUTED, "totals.line_total"),
    "BR-13": ("Die Nettosumme fehlt.", COMPUTED, "totals.tax_exclusive"),
    "BR-14": ("Die Bruttosumme fehlt.", COMPUTED, "totals.tax_inclusive"),
    "BR-15": ("Der Zahlbetrag fehlt.", COMPUTED, "totals.payable"),
    "BR-31": (
        "Der Betrag eines Nachlasses fehlt.",
        "Geben Sie den Betrag an.",
        "allowances.{allowance}.amount",
    ),
    "BR-32": (
        "Der Steuerfall eines Nachlasses fehlt.",
        "Wählen Sie einen Steuerfall.",
        "allowances.{allowance}.category",
    ),
    "BR-33": ("Ein Nachlass hat keinen Grund.", REASON, "allowances.{allowance}.reason"),
    "BR-36": (
        "Der Betrag eines Zuschlags fehlt.",
        "Geben Sie den Betrag an.",
        "allowances.{allowance}.amount",
    ),
    "BR-37": (
        "Der Steuerfall eines Zuschlags fehlt.",
        "Wählen Sie einen Steuerfall.",
        "allowances.{allowance}.category",
    ),
    "BR-38": ("Ein Zuschlag hat keinen Grund.", REASON, "allowances.{allowance}.reason"),
    "BR-45": (
        "In der Steueraufschlüsselung fehlt die Bemessungsgrundlage.",
        COMPUTED,
        "vat_breakdown.{vat}.taxable_amount",
    ),
    "BR-46": (
        "In der Steueraufschlüsselung fehlt der Steuerbetrag.",
        COMPUTED,
        "vat_breakdown.{vat}.tax_amount",
    ),
    "BR-47": (
        "In der Steueraufschlüsselung fehlt die Kategorie.",
        COMPUTED,
        "vat_breakdown.{vat}.category",
    ),
    "BR-48": (
        "In der Steueraufschlüsselung fehlt der Steuersatz.",
        COMPUTED,
        "vat_breakdown.{vat}.rate",
    ),
    "BR-49": ("Die Zahlungsart fehlt.", "Wählen Sie eine Zahlungsart.", "payment.means_code"),
    "BR-50": (
        "Die IBAN fehlt.",
        ACCOUNT,
        "payment.iban",
    ),
    "BR-61": (
        "Für eine Überweisung fehlt die IBAN.",
        ACCOUNT,
        "payment.iban",
    ),
    "BR-CL-16": (
        "Die Zahlungsart ist kein gültiger Code.",
        "Wählen Sie eine andere Zahlungsart.",
        "payment.means_code",
    ),
    "BR-CL-17": (
        "Eine Steuerkategorie ist kein gültiger Code.",
        "Wählen Sie einen anderen Steuerfall.",
        "vat_breakdown.{vat}.category",
    ),
    "BR-CL-19": (
        "Der Code für den Grund eines Nachlasses ist nicht zulässig.",
        "Wählen Sie einen anderen Grund.",
        "{at}allowances.{allowance}.reason_code",
    ),
    "BR-CL-20": (
        "Der Code für den Grund eines Zuschlags ist nicht zulässig.",
        "Wählen Sie einen anderen Grund.",
        "{at}allowances.{allowance}.reason_code",
    ),
    "BR-CL-22": (
        "Der Code für den Grund der Steuerbefreiung ist nicht zulässig.",
        "Wählen Sie einen anderen Steuerfall.",
        "vat_breakdown.{vat}.reason_code",
    ),
    "BR-CO-10": ("Die Summe der Positionen stimmt nicht.", COMPUTED, "totals.line_total"),
    "BR-CO-11": ("Die Summe der Nachlässe stimmt nicht.", COMPUTED, "totals.allowance_total"),
    "BR-CO-12": ("Die Summe der Zuschläge stimmt nicht.", COMPUTED, "totals.charge_total"),
    "BR-CO-13": (
        "Die Nettosumme stimmt nicht mit Positionen, Nachlässen und Zuschlägen überein.",
        COMPUTED,
        "totals.tax_exclusive",
    ),
    "BR-CO-14": ("Die Summe der Steuerbeträge stimmt nicht.", COMPUTED, "totals.tax_total"),
    "BR-CO-15": (
        "Netto und Umsatzsteuer ergeben nicht die Bruttosumme.",
        COMPUTED,
        "totals.tax_inclusive",
    ),
    "BR-CO-16": (
        "Der Zahlbetrag ist nicht Bruttosumme abzüglich Anzahlungen plus Rundung.",
        COMPUTED,
        "totals.payable",
    ),
    "BR-CO-17": (
        "Ein Steuerbetrag ist nicht Bemessungsgrundlage mal Steuersatz.",
        COMPUTED,
        "vat_breakdown.{vat}.tax_amount",
    ),
    "BR-CO-18": ("Die Steueraufschlüsselung fehlt.", COMPUTED, "vat_breakdown"),
    "BR-CO-21": ("Ein Nachlass hat keinen Grund.", REASON, "allowances.{allowance}.reason"),
    "BR-CO-22": ("Ein Zuschlag hat keinen Grund.", REASON, "allowances.{allowance}.reason"),
    "BR-DE-1": (
        "Die Zahlungsangaben fehlen.",
        ACCOUNT,
        "payment.means_code",
    ),
    "BR-DE-14": (
        "In der Steueraufschlüsselung fehlt der Steuersatz.",
        COMPUTED,
        "vat_breakdown.{vat}.rate",
    ),
    "BR-DE-18": (
        "Die Skonto-Angabe hat nicht die vorgeschriebene Form.",
        "Sie lautet #SKONTO#TAGE=14#PROZENT=2.00# und steht in einer eigenen Zeile.",
        "payment_terms",
    ),
    "BR-DE-19": (
        "Die IBAN ist nicht gültig.",
        "Prüfen Sie das Bankkonto in den Firmendaten.",
        "payment.iban",
    ),
    "BR-DE-23-a": (
        "Für die Zahlungsart Überweisung fehlt das Bankkonto.",
        ACCOUNT,
        "payment.iban",
    ),
    "BR-DE-23-b": (
        "Zur Überweisung gehören weder Karte noch Lastschrift.",
        "Wählen Sie eine einzige Zahlungsart.",
        "payment.means_code",
    ),
    "BR-DE-24-a": (
        "Für die Zahlungsart Karte fehlen die Angaben zur Karte.",
        "Wählen Sie eine andere Zahlungsart.",
        "payment.means_code",
    ),
    "BR-DE-24-b": (
        "Zur Kartenzahlung gehört kein Bankkonto.",
        "Wählen Sie eine andere Zahlungsart.",
        "payment.means_code",
    ),
    "BR-DE-25-a": (
        "Für die Lastschrift fehlt das Mandat.",
        "Wählen Sie eine andere Zahlungsart.",
        "payment.means_code",
    ),
    "BR-DE-25-b": (
        "Zur Lastschrift gehört kein Konto des Zahlungsempfängers.",
        "Wählen Sie eine andere Zahlungsart.",
        "payment.means_code",
    ),
    "PEPPOL-EN16931-R040": (
        "Der Betrag ist nicht Grundbetrag mal Prozentsatz.",
        COMPUTED,
        "{at}allowances.{allowance}.amount",
    ),
    "PEPPOL-EN16931-R041": (
        "Zum Prozentsatz fehlt der Grundbetrag.",
        COMPUTED,
        "{at}allowances.{allowance}.base",
    ),
    "PEPPOL-EN16931-R042": (
        "Zum Grundbetrag fehlt der Prozentsatz.",
        "Geben Sie den Prozentsatz an.",
        "{at}allowances.{allowance}.percent",
    ),
    "PEPPOL-EN16931-R061": (
        "Für die Lastschrift fehlt die Mandatsreferenz.",
        "Wählen Sie eine andere Zahlungsart.",
        "payment.means_code",
    ),
}
