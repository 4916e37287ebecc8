"""What can go wrong with payments."""

from workmate.errors import problem

NOTHING_PAID = problem(
    "PAYMENT_2051",
    "Ein Betrag von 0,00 € ist keine Zahlung.",
    "Geben Sie den gezahlten Betrag an, Auszahlungen mit einem Minus davor.",
    status=422,
)
WRONG_CURRENCY = problem(
    "PAYMENT_2052",
    "{item} lautet auf {expected}, die Zahlung auf {currency}.",
    "Zahlung, Geldkonto und Posten müssen dieselbe Währung haben.",
    status=422,
)
ALLOCATED_TOO_MUCH = problem(
    "PAYMENT_2053",
    "Auf {item} sind nur noch {outstanding} {currency} offen.",
    "Verringern Sie den Betrag; vielleicht ist inzwischen eine andere Zahlung eingegangen.",
    status=409,
)
MORE_THAN_PAID = problem(
    "PAYMENT_2054",
    "Zugeordnet sind {allocated} {currency}, gezahlt wurden nur {amount} {currency}.",
    "Verringern Sie die zugeordneten Beträge um {excess} {currency}.",
    status=422,
)
WHO_PAID = problem(
    "PAYMENT_2055",
    "Es bleiben {rest} {currency} übrig, und es ist nicht klar, wessen Guthaben das ist.",
    "Wählen Sie den Kunden oder ordnen Sie den ganzen Betrag zu.",
    status=422,
)
ALLOCATED_TWICE = problem(
    "PAYMENT_2056",
    "{item} ist zweimal zugeordnet.",
    "Fassen Sie beide Beträge zusammen.",
    status=422,
)
RATE_MISSING = problem(
    "PAYMENT_2057",
    "Der Gegenwert der Zahlung in Euro fehlt.",
    "Geben Sie an, wie viel Euro die {currency} am Zahltag wert waren.",
    status=422,
)
ALREADY_REVERSED = problem(
    "PAYMENT_2058",
    "Diese Zahlung ist schon storniert.",
    "Erfassen Sie eine neue Zahlung, wenn das Geld doch da ist.",
    status=409,
)
CREDIT_USED = problem(
    "PAYMENT_2059",
    "Das Guthaben von {rest} {currency} aus dieser Zahlung ist schon verwendet.",
    "Nehmen Sie zuerst die Verrechnung oder Rückzahlung des Guthabens zurück.",
    status=409,
)
REVERSED_TOO_EARLY = problem(
    "PAYMENT_2060",
    "Das Storno kann nicht vor der Zahlung liegen, die am {booked_on} gebucht ist.",
    "Wählen Sie ein Datum ab dem {booked_on}.",
    status=422,
)
MONEY_ACCOUNT_CLOSED = problem(
    "PAYMENT_2061",
    "Das Geldkonto „{account}“ ist nicht mehr aktiv.",
    "Wählen Sie ein anderes Geldkonto.",
    status=422,
)
REASON_MISSING = problem(
    "PAYMENT_2062",
    "Es fehlt der Grund.",
    "Schreiben Sie, warum die Zahlung storniert wird; das steht dann im Prüfpfad.",
    status=422,
)
NOT_A_CREDIT = problem(
    "PAYMENT_2063",
    "Auf {item} gibt es kein Guthaben.",
    "Vielleicht wurde es inzwischen verwendet; laden Sie die Seite neu.",
    status=409,
)
IN_THE_FUTURE = problem(
    "PAYMENT_2064",
    "Der {day} liegt in der Zukunft.",
    "Erfassen Sie Zahlungen, wenn sie eingegangen sind.",
    status=422,
)
SETTLEMENT_TAKEN_BACK = problem(
    "PAYMENT_2065",
    "Diese Verrechnung ist schon zurückgenommen.",
    "Laden Sie die Seite neu.",
    status=409,
)
NOT_DEDUCTIBLE = problem(
    "PAYMENT_2066",
    "Von {item} kann nichts abgezogen werden.",
    "Die Umsatzsteuer eines Abzugs richtet sich nach der Rechnung. Übernommene Posten, "
    "Abschlagsrechnungen und stornierte Rechnungen können nicht gekürzt werden.",
    status=409,
)
SKONTO_TOO_HIGH = problem(
    "PAYMENT_2067",
    "Auf {item} sind am {day} höchstens {allowed} {currency} Skonto möglich.",
    "Buchen Sie weniger Skonto, oder lassen Sie den Rest offen.",
    status=422,
)
DEDUCTION_TAKEN_BACK = problem(
    "PAYMENT_2068",
    "Dieser Abzug ist schon zurückgenommen.",
    "Laden Sie die Seite neu.",
    status=409,
)
FEE_UNFIT = problem(
    "PAYMENT_2069",
    "Die Gebühr von {fee} {currency} passt nicht zur Zahlung.",
    "Eine Gebühr ist größer als null und bei einem Eingang kleiner als die Zahlung selbst.",
    status=422,
)
FEE_TAKEN_BACK = problem(
    "PAYMENT_2070",
    "Diese Gebühr ist schon zurückgenommen.",
    "Laden Sie die Seite neu.",
    status=409,
)
NOT_RETURNABLE = problem(
    "PAYMENT_2071",
    "Diese Zahlung kann nicht zurückgegeben werden.",
    "Eine Rücklastschrift gibt es nur zu Geld, das eingegangen ist.",
    status=409,
)
CHANGED_MEANWHILE = problem(
    "PAYMENT_2080",
    "Auf {item} sind inzwischen {outstanding} {currency} offen, nicht mehr {seen} {currency}.",
    "Vielleicht ist dieselbe Zahlung in einem anderen Fenster schon gebucht. Prüfen Sie die "
    "Zuordnung, und buchen Sie dann noch einmal.",
    status=409,
)
GIVEN_BACK = problem(
    "PAYMENT_2091",
    "Von dieser Zahlung ist schon etwas erstattet.",
    "Stornieren Sie zuerst die Erstattung, wenn es sie nicht gab.",
    status=409,
)
GIVES_BACK_TOO_MUCH = problem(
    "PAYMENT_2092",
    "Von dieser Zahlung lassen sich noch höchstens {rest} {currency} erstatten.",
    "Verringern Sie den Betrag. Ein verrechnetes Guthaben geben Sie zuerst wieder frei.",
    status=409,
)
CASH_OVERDRAWN = problem(
    "PAYMENT_2081",
    "In „{account}“ lägen am {day} {balance} €.",
    "Eine Kasse kann nicht weniger als nichts enthalten. Prüfen Sie Betrag und Datum, oder "
    "buchen Sie zuerst die Einlage.",
    status=409,
)
CASH_CLOSED = problem(
    "PAYMENT_2082",
    "„{account}“ ist bis zum {until} abgeschlossen.",
    "Buchen Sie mit einem späteren Datum und vermerken Sie den Grund.",
    status=409,
)
COUNT_DIFFERS = problem(
    "PAYMENT_2083",
    "Gezählt sind {counted} €, laut Büchern {balance} €.",
    "Zählen Sie nach, oder schreiben Sie in die Bemerkung, wie die Differenz entstand.",
    status=422,
)
NO_CASH_BOX = problem(
    "PAYMENT_2084",
    "„{account}“ ist keine Kasse.",
    "Ein Kassenbuch gibt es nur zu Geldkonten der Art Kasse.",
    status=422,
)
NO_RECEIPT = problem(
    "PAYMENT_2085",
    "Zu dieser Zahlung gibt es keine Quittung.",
    "Quittiert wird Geld, das eingegangen und nicht storniert ist.",
    status=409,
)
