"""What the public page of a document says, German and English side by side."""

from typing import Any

LANGUAGES = ("de", "en")

TEXTS = {
    "open": ("offen", "open"),
    "partial": ("teilweise bezahlt", "partly paid"),
    "overdue": ("fällig", "due"),
    "paid": ("bezahlt", "paid"),
    "cancelled": ("storniert", "cancelled"),
    "cancellation": ("Storno", "cancellation"),
    "correction": ("gutgeschrieben", "credited"),
    "of": ("vom {day} für {name}", "of {day} for {name}"),
    "due_on": ("Zahlbar bis {day}", "Payable by {day}"),
    "was_due_on": ("Fällig seit {day}", "Due since {day}"),
    "collected": (
        "Wir ziehen den Betrag ein. Sie müssen nichts tun.",
        "We will collect the amount. There is nothing for you to do.",
    ),
    "to_pay": ("Noch zu zahlen", "Amount due"),
    "nothing_paid": ("Vielen Dank, die Rechnung ist bezahlt.", "Thank you, this invoice is paid."),
    "nothing_cancelled": (
        "Diese Rechnung ist storniert. Es ist nichts zu zahlen.",
        "This invoice has been cancelled. There is nothing to pay.",
    ),
    "nothing_cancellation": (
        "Dieser Beleg hebt die Rechnung {number} auf. Es ist nichts zu zahlen.",
        "This document cancels invoice {number}. There is nothing to pay.",
    ),
    "nothing_correction": (
        "Mit diesem Beleg ist nichts zu zahlen.",
        "There is nothing to pay on this document.",
    ),
    "in_your_favour": ("Zu Ihren Gunsten: {amount}", "In your favour: {amount}"),
    "see_storno": ("Zur Stornorechnung {number}", "See cancellation invoice {number}"),
    "total": ("Rechnungsbetrag", "Invoice total"),
    "settled": ("bereits beglichen", "already settled"),
    "rest": ("noch offen", "still open"),
    "skonto": (
        "Bei Zahlung bis {day} ziehen Sie {percent} Skonto ab und zahlen {amount}.",
        "If you pay by {day}, deduct {percent} and pay {amount}.",
    ),
    "transfer": ("Überweisen", "Bank transfer"),
    "payee": ("Empfänger", "Payee"),
    "iban": ("IBAN", "IBAN"),
    "bic": ("BIC", "BIC"),
    "amount": ("Betrag", "Amount"),
    "reference": ("Verwendungszweck", "Reference"),
    "copy": ("{label} kopieren", "Copy {label}"),
    "copied": ("Kopiert", "Copied"),
    "girocode": (
        "GiroCode: mit der Banking-App scannen, alles ist ausgefüllt.",
        "GiroCode: scan it with your banking app, everything is filled in.",
    ),
    "girocode_alt": ("GiroCode über {amount}", "GiroCode for {amount}"),
    "online": ("Online bezahlen", "Pay online"),
    "pay_online": ("Mit Karte oder anders bezahlen", "Pay by card or other methods"),
    "online_note": (
        "Sie bezahlen auf der gesicherten Seite von Stripe und kommen danach hierher zurück.",
        "You pay on the secure page of Stripe and return here afterwards.",
    ),
    "online_failed": (
        "Das hat gerade nicht geklappt. Bitte versuchen Sie es später oder überweisen Sie.",
        "That did not work just now. Please try again later or pay by bank transfer.",
    ),
    "online_thanks": (
        "Vielen Dank! Ihre Zahlung wird gerade bestätigt. Sie müssen nichts weiter tun.",
        "Thank you! Your payment is being confirmed. There is nothing more to do.",
    ),
    "online_under_way": (
        "Ihre Zahlung ist eingeleitet. Bis sie gutgeschrieben ist, dauert es einige Tage.",
        "Your payment is on its way. It will take a few days to arrive.",
    ),
    "documents": ("Dokumente", "Documents"),
    "pdf": ("PDF herunterladen", "Download PDF"),
    "xml": ("E-Rechnung (XML) herunterladen", "Download e-invoice (XML)"),
    "unchanged": (
        "Unverändert, wie am {day} ausgestellt.",
        "Unchanged, as issued on {day}.",
    ),
    "lines": ("Positionen", "Items"),
    "line_name": ("Bezeichnung", "Description"),
    "line_amount": ("Betrag {symbol}", "Amount {symbol}"),
    "questions": ("Fragen zur Rechnung?", "Questions about this invoice?"),
    "vat_id": ("USt-IdNr.", "VAT ID"),
    "tax_number": ("Steuernummer", "Tax number"),
    "other_language": ("English", "Deutsch"),
    "contents": ("Zum Inhalt", "Skip to content"),
    "missing": ("Nichts gefunden", "Nothing found"),
    "missing_advice": (
        "Unter dieser Adresse liegt kein Beleg. Bitte prüfen Sie, ob der Link vollständig ist.",
        "There is no document at this address. Please check that the link is complete.",
    ),
    "too_often": ("Zu viele Aufrufe", "Too many requests"),
    "too_often_advice": (
        "Bitte versuchen Sie es in einigen Minuten noch einmal.",
        "Please try again in a few minutes.",
    ),
}


class Wording(dict[str, str]):
    """The texts in one language, for a template (`words.total`) and with values filled in."""

    def __init__(self, language: str) -> None:
        place = LANGUAGES.index(language)
        super().__init__({key: texts[place] for key, texts in TEXTS.items()})

    def say(self, key: str, **values: Any) -> str:
        """A text with its placeholders filled."""
        return self[key].format(**values)
