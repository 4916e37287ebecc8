"""What can go wrong with mandates and SEPA files."""

from workmate.errors import problem

MANDATE_INVALID = problem(
    "SEPA_2201",
    "Die Angaben zum Mandat sind nicht vollständig oder nicht gültig.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
MANDATE_REVOKED = problem(
    "SEPA_2202",
    "Das Mandat {reference} ist schon widerrufen.",
    "Für neue Lastschriften braucht es ein neues Mandat mit Unterschrift des Kunden.",
    status=409,
)
CREDITOR_ID_MISSING = problem(
    "SEPA_2203",
    "Ihre Gläubiger-Identifikationsnummer fehlt.",
    "Tragen Sie sie unter Einstellungen › Unternehmen › Lastschrift und Überweisung ein; die "
    "Bundesbank vergibt sie kostenlos.",
    status=409,
)
NOTHING_CHOSEN = problem(
    "SEPA_2204",
    "Es ist nichts ausgewählt.",
    "Wählen Sie mindestens eine Position.",
    status=422,
)
ACCOUNT_UNFIT = problem(
    "SEPA_2205",
    "Mit dem Geldkonto „{account}“ geht das nicht.",
    "Wählen Sie ein aktives Bankkonto in Euro, bei dem eine IBAN steht.",
    status=422,
)
NOT_COLLECTABLE = problem(
    "SEPA_2206",
    "{item} kann nicht eingezogen werden: {reason}",
    "Nehmen Sie die Rechnung aus der Auswahl oder beheben Sie den Grund.",
    status=409,
)
ALREADY_ORDERED = problem(
    "SEPA_2207",
    "{item} steht schon in einem anderen SEPA-Auftrag.",
    "Laden Sie die Auswahl neu; eine Rechnung wird nur einmal eingezogen.",
    status=409,
)
NOT_IN_STATE = problem(
    "SEPA_2208",
    "{batch} ist inzwischen {state}.",
    "Laden Sie die Seite neu.",
    status=409,
)
FOUR_EYES = problem(
    "SEPA_2209",
    "Wer einen Auftrag anlegt, gibt ihn nicht selbst frei.",
    "Bitten Sie eine andere Person mit diesem Recht um die Freigabe.",
    status=409,
)
NOBODY_ELSE = problem(
    "SEPA_2210",
    "Außer Ihnen darf hier niemand SEPA-Aufträge freigeben.",
    "Legen Sie eine zweite Person an, oder erlauben Sie die alleinige Freigabe unter "
    "Einstellungen › Unternehmen › Lastschrift und Überweisung.",
    status=409,
)
ORDERS_CHANGED = problem(
    "SEPA_2211",
    "Seit der Auswahl hat sich etwas geändert: {orders}.",
    "Entfernen Sie diese Positionen im Entwurf; eine erteilte Freigabe nehmen Sie vorher zurück.",
    status=409,
)
FILE_INVALID = problem(
    "SEPA_2212",
    "Die Datei besteht die Prüfung gegen das Schema {schema} nicht: {reason}",
    "Es ist keine Datei entstanden. Prüfen Sie Namen und Bankverbindungen der Positionen.",
    status=409,
)
NOT_PAYABLE = problem(
    "SEPA_2213",
    "{item} kann nicht überwiesen werden: {reason}",
    "Korrigieren Sie Betrag oder Bankverbindung.",
    status=422,
)
ORDER_ENDED = problem(
    "SEPA_2214",
    "Diese Position ist schon beendet.",
    "Laden Sie die Seite neu.",
    status=409,
)
IN_COLLECTIVE_PAYMENT = problem(
    "SEPA_2215",
    "Das Geld für {item} kam mit anderen in einer Summe und kann nicht einzeln zurückgehen.",
    "Heben Sie die Zuordnung des Bankumsatzes auf und ordnen Sie ihn ohne diese Rechnung neu zu; "
    "was übrig bleibt, wird Guthaben des Kunden und mit der Rückgabe verrechnet.",
    status=409,
)
