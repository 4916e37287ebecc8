"""What can go wrong with invoices (INVOICE_2xxx), customers (CRM_4xxx), products (PRODUCT_5xxx)."""

from workmate.errors import problem

# 20xx: drafts.
NOT_A_DRAFT = problem(
    "INVOICE_2011",
    "Die Rechnung {number} ist bereits gestellt.",
    "Stornieren Sie sie und schreiben Sie eine neue.",
    status=409,
)
DRAFT_CHANGED = problem(
    "INVOICE_2012",
    "Dieser Entwurf wurde inzwischen von {name} geändert.",
    "Vergleichen Sie beide Fassungen und wählen Sie, welche gelten soll.",
    status=409,
)
DRAFT_INVALID = problem(
    "INVOICE_2013",
    "Der Entwurf ist so nicht speicherbar.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
TOO_MANY_LINES = problem(
    "INVOICE_2014",
    "Eine Rechnung hat höchstens {limit} Positionen.",
    "Teilen Sie sie auf mehrere Rechnungen auf.",
    status=422,
)
NOT_ISSUED = problem(
    "INVOICE_2015",
    "Dieser Entwurf ist noch nicht gestellt.",
    "Stellen Sie die Rechnung zuerst; PDF und XML entstehen dabei.",
    status=409,
)
DRAFT_GONE = problem(
    "INVOICE_2016",
    "Diesen gelöschten Entwurf gibt es nicht mehr.",
    "Er ist schon wiederhergestellt oder nach 30 Tagen vergessen worden.",
    status=404,
)
GATE_REFUSED = problem(
    "INVOICE_2021",
    "Die Rechnung ist noch keine gültige E-Rechnung ({count} Hinweise).",
    "Beheben Sie die markierten Angaben. Es wurde keine Nummer vergeben.",
    status=422,
)
DATE_IN_FUTURE = problem(
    "INVOICE_2022",
    "Das Rechnungsdatum {date} liegt in der Zukunft.",
    "Stellen Sie die Rechnung an dem Tag, an dem sie gelten soll.",
    status=422,
)
BACKDATING_NOT_ALLOWED = problem(
    "INVOICE_2023",
    "Sie dürfen Rechnungen nicht zurückdatieren.",
    "Stellen Sie die Rechnung mit dem heutigen Datum oder fragen Sie einen Inhaber.",
    status=403,
)
DATE_BEFORE_LAST = problem(
    "INVOICE_2024",
    "In der Serie {series} gibt es schon einen Beleg vom {date}.",
    "Das Rechnungsdatum darf nicht davor liegen, damit Nummern und Daten in einer Reihe bleiben.",
    status=422,
)
ALREADY_CANCELLED = problem(
    "INVOICE_2025",
    "Die Rechnung {number} ist bereits storniert.",
    "Die Stornorechnung finden Sie in den Unterlagen der Rechnung.",
    status=409,
)
IS_CANCELLATION = problem(
    "INVOICE_2026",
    "{document} {number} kann nicht storniert werden.",
    "Schreiben Sie eine neue Rechnung.",
    status=409,
)
REASON_MISSING = problem(
    "INVOICE_2027",
    "Der Grund des Stornos fehlt.",
    "Nennen Sie den Grund; er steht auf der Stornorechnung.",
    status=422,
)

IS_CORRECTED = problem(
    "INVOICE_2028",
    "Die Rechnung {number} ist durch {correction} schon zum Teil korrigiert.",
    "Ein Storno nähme diesen Teil ein zweites Mal zurück; korrigieren Sie stattdessen den Rest.",
    status=409,
)
CANNOT_BE_CORRECTED = problem(
    "INVOICE_2029",
    "{document} {number} kann nicht korrigiert werden.",
    "Korrigiert werden gestellte Rechnungen, die nicht storniert sind.",
    status=409,
)
CORRECTS_TOO_MUCH = problem(
    "INVOICE_2030",
    "Die Korrektur nimmt mehr zurück, als von {number} noch zu korrigieren ist.",
    "Kürzen Sie die markierten Positionen. Es wurde keine Nummer vergeben.",
    status=409,
)

IS_DEDUCTED = problem(
    "INVOICE_2032",
    "Die Abschlagsrechnung {number} ist in der Schlussrechnung {final} abgezogen.",
    "Stornieren Sie zuerst die Schlussrechnung.",
    status=409,
)
ADVANCE_NOT_FREE = problem(
    "INVOICE_2033",
    "Die Abschlagsrechnung {number} ist inzwischen storniert oder anderswo abgezogen.",
    "Öffnen Sie den Entwurf noch einmal und wählen Sie die Abschlagsrechnungen neu.",
    status=409,
)

NOT_CONVERTIBLE = problem(
    "INVOICE_2034",
    "{document} {number} lässt sich nicht in diese Art fortsetzen.",
    "Aus einem Angebot wird ein Auftrag oder eine Rechnung, aus einem Auftrag eine Rechnung.",
    status=409,
)
QUOTE_DECLINED = problem(
    "INVOICE_2035",
    "Das Angebot {number} ist abgelehnt.",
    "Duplizieren Sie es und unterbreiten Sie ein neues.",
    status=409,
)
NOT_A_QUOTE = problem(
    "INVOICE_2036",
    "Nur ein gestelltes Angebot kann angenommen oder abgelehnt werden.",
    "Stellen Sie das Angebot zuerst.",
    status=409,
)
ALREADY_DECIDED = problem(
    "INVOICE_2037",
    "Das Angebot {number} ist bereits {decision}.",
    "Hat es sich der Kunde anders überlegt, duplizieren Sie das Angebot.",
    status=409,
)

SERIES_IN_USE = problem(
    "INVOICE_2031",
    "In der Serie {series} gibt es schon Belege.",
    "Der Startwert lässt sich nur ändern, solange die Serie leer ist.",
    status=409,
)

# 205x: attachments.
ATTACHMENT_TYPE = problem(
    "INVOICE_2051",
    "{filename} kann nicht in einer E-Rechnung mitgeschickt werden.",
    "Erlaubt sind PDF, PNG, JPEG, CSV, XLSX und ODS (EN 16931, BR-CL-24).",
    status=422,
)
ATTACHMENT_TOO_LARGE = problem(
    "INVOICE_2052",
    "{filename} ist größer als {limit} MB.",
    "Verkleinern Sie die Datei oder schicken Sie sie getrennt.",
    status=422,
)
ATTACHMENTS_TOO_LARGE = problem(
    "INVOICE_2053",
    "Die Anlagen sind zusammen größer als {limit} MB.",
    "Viele Empfänger nehmen größere E-Rechnungen nicht an; lassen Sie eine Anlage weg.",
    status=422,
)
TOO_MANY_ATTACHMENTS = problem(
    "INVOICE_2054",
    "Eine Rechnung hat höchstens {limit} Anlagen.",
    "Fassen Sie mehrere Unterlagen in einer PDF-Datei zusammen.",
    status=422,
)
ATTACHMENT_NAME_TWICE = problem(
    "INVOICE_2055",
    "Zwei Anlagen heißen {filename}.",
    "Benennen Sie eine um: Empfänger unterscheiden sie am Namen (BR-DE-22).",
    status=422,
)

# 215x: the official rules.
RULES_REFUSED = problem(
    "INVOICE_2151",
    "Diese Prüfregeln wurden nicht übernommen. {reason}",
    "Es gelten weiter die bisherigen. Laden Sie die Konfiguration der KoSIT unverändert herunter.",
    status=422,
)

# 214x: many drafts at once.
NOTHING_TO_DO = problem(
    "INVOICE_2141",
    "Unter den gewählten Belegen ist keiner, mit dem das geht.",
    "Stellen und löschen lassen sich Entwürfe, versenden nur gestellte Belege.",
    status=422,
)
TOO_MANY_AT_ONCE = problem(
    "INVOICE_2142",
    "Ein Lauf umfasst höchstens {limit} Belege.",
    "Teilen Sie die Auswahl auf mehrere Läufe auf.",
    status=422,
)
RIGHT_WITHDRAWN = problem(
    "INVOICE_2143",
    "{name} hat das Recht dazu nicht mehr.",
    "Was noch wartet, bleibt, wie es ist. Wer das Recht hat, kann einen neuen Lauf beginnen.",
    status=403,
)
DOCUMENT_GONE = problem(
    "INVOICE_2144",
    "Der Entwurf wurde inzwischen gelöscht.",
    "Unter „Gelöschte Entwürfe“ lässt er sich 30 Tage lang wiederherstellen.",
    status=404,
)

# 204x: other formats of an issued document.
FORMAT_UNKNOWN = problem(
    "INVOICE_2041",
    "Dieses Format gibt es nicht.",
    "Möglich sind: {formats}.",
    status=404,
)
FORMAT_NOT_VALID = problem(
    "INVOICE_2042",
    "{number} ist als {format} nicht gültig.",
    "Verwenden Sie das archivierte Original. Der Grund: {reasons}",
    status=409,
)
NO_INVOICE = problem(
    "INVOICE_2043",
    "{number} ist keine Rechnung; Formate der E-Rechnung gibt es dafür nicht.",
    "Stellen Sie zu Angebot oder Auftrag die Rechnung; sie gibt es in allen Formaten.",
    status=409,
)

# 204x: documents as one file.
NOTHING_TO_COLLECT = problem(
    "INVOICE_2045",
    "In dieser Auswahl ist kein gestellter Beleg.",
    "Wählen Sie gestellte Belege oder einen anderen Zeitraum; Entwürfe haben keine Dateien.",
    status=422,
)
NO_ROOM_TO_COLLECT = problem(
    "INVOICE_2047",
    "Für diese Datei reicht der Speicherplatz des Servers nicht: Sie braucht etwa {needed} MB, "
    "frei sind {free} MB.",
    "Wählen Sie einen kürzeren Zeitraum, oder lassen Sie Platz schaffen und starten Sie noch "
    "einmal.",
    status=507,
)
COLLECTION_NOT_READY = problem(
    "INVOICE_2048",
    "Die Datei ist noch nicht fertig.",
    "Warten Sie, bis die Aufgabe beendet ist.",
    status=409,
)
COLLECTION_GONE = problem(
    "INVOICE_2049",
    "Die Datei liegt nicht mehr bereit.",
    "Eine Datei wird nach sieben Tagen gelöscht. Stellen Sie sie neu zusammen.",
    status=410,
)

RECEIPT_RATE_MISSING = problem(
    "INVOICE_2091",
    "Der Umrechnungskurs für {currency} im Monat {month} fehlt; das Geld kam am {day}.",
    "Die Umsatzsteuer darauf entsteht mit dem Zahlungseingang, zum Kurs dieses Monats. Tragen Sie "
    "ihn unter Einstellungen › Umrechnungskurse ein und buchen Sie die Zahlung dann noch einmal.",
    status=409,
)

# 208x: sending by e-mail.
MAIL_UNFIT = problem(
    "INVOICE_2081",
    "So lässt sich die E-Mail nicht versenden.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
PLACEHOLDER_UNKNOWN = problem(
    "INVOICE_2082",
    "Der Text enthält Platzhalter, die es hier nicht gibt.",
    "Möglich sind: {known}.",
    status=422,
)
DISPATCH_UNDERWAY = problem(
    "INVOICE_2083",
    "Dieser Versand lässt sich nicht mehr abbrechen: {state}.",
    "Was schon angenommen ist, kann niemand zurückholen.",
    status=409,
)

# 40xx: customers.
CUSTOMER_INVALID = problem(
    "CRM_4001",
    "Die Angaben zum Kunden sind nicht gültig.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
CUSTOMER_HAS_DOCUMENTS = problem(
    "CRM_4002",
    "{name} kann nicht gelöscht werden: es gibt {count} Belege zu diesem Kunden.",
    "Setzen Sie den Kunden auf „nicht aktiv“; dann wird er nicht mehr vorgeschlagen.",
    status=409,
)

CONTACT_INVALID = problem(
    "CRM_4003",
    "Die Angaben zum Ansprechpartner sind nicht gültig.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
ACTIVITY_INVALID = problem(
    "CRM_4004",
    "Der Eintrag ist so nicht speicherbar.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)

# 206x: the paper.
LETTERHEAD_INVALID = problem(
    "INVOICE_2061",
    "Das Briefpapier ist so nicht speicherbar.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)

# 50xx: products.
PRODUCT_INVALID = problem(
    "PRODUCT_5001",
    "Die Angaben zum Produkt sind nicht gültig.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
PRODUCT_IN_USE = problem(
    "PRODUCT_5002",
    "{name} kann nicht gelöscht werden: {count} Positionen nennen dieses Produkt.",
    "Setzen Sie das Produkt auf „nicht aktiv“; dann wird es nicht mehr vorgeschlagen.",
    status=409,
)
PRICE_INVALID = problem(
    "PRODUCT_5003",
    "Dieser Preis ist so nicht speicherbar.",
    "Korrigieren Sie die genannten Felder.",
    status=422,
)
IS_DEDUCTED = problem(
    "INVOICE_2090",
    "Von der Rechnung {number} ist Skonto abgezogen oder ein Teil ausgebucht.",
    "Nehmen Sie den Abzug zurück, dann lässt sie sich stornieren.",
    status=409,
)
