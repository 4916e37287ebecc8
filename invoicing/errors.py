"""What can go wrong with customers (CRM_4xxx), products (PRODUCT_5xxx), documents (INVOICE_2xxx)."""

from workmate.errors import problem

NOT_A_DRAFT = problem(
    "INVOICE_2011",
    "Die Rechnung {number} ist bereits gestellt.",
    "Stornieren Sie sie und schreiben Sie eine neue.",
    status=409,
)
DRAFT_CHANGED = problem(
    "INVOICE_2012",
    "Der Entwurf wurde inzwischen an anderer Stelle geändert.",
    "Vergleichen Sie beide Fassungen und entscheiden Sie, welche gilt.",
    status=409,
)
GATE_REFUSED = problem(
    "INVOICE_2013",
    "Die Rechnung ist noch keine gültige E-Rechnung ({count} Hinweise).",
    "Beheben Sie die markierten Angaben. Es wurde keine Nummer vergeben.",
    status=422,
)
DATE_IN_FUTURE = problem(
    "INVOICE_2014",
    "Das Rechnungsdatum {date} liegt in der Zukunft.",
    "Stellen Sie die Rechnung an dem Tag, an dem sie gelten soll.",
    status=422,
)
BACKDATING_NOT_ALLOWED = problem(
    "INVOICE_2015",
    "Sie dürfen Rechnungen nicht zurückdatieren.",
    "Stellen Sie die Rechnung mit dem heutigen Datum oder fragen Sie einen Inhaber.",
    status=403,
)
DATE_BEFORE_LAST = problem(
    "INVOICE_2016",
    "In der Serie {series} gibt es schon einen Beleg vom {date}.",
    "Das Rechnungsdatum darf nicht davor liegen, damit Nummern und Daten in einer Reihe bleiben.",
    status=422,
)
NOT_ISSUED = problem(
    "INVOICE_2017",
    "Ein Entwurf kann nicht storniert werden.",
    "Löschen Sie den Entwurf.",
    status=409,
)
ALREADY_CANCELLED = problem(
    "INVOICE_2018",
    "Die Rechnung {number} ist bereits storniert.",
    "Die Stornorechnung finden Sie in den Unterlagen der Rechnung.",
    status=409,
)
IS_CANCELLATION = problem(
    "INVOICE_2019",
    "Die Stornorechnung {number} kann nicht storniert werden.",
    "Schreiben Sie eine neue Rechnung.",
    status=409,
)
REASON_MISSING = problem(
    "INVOICE_2020",
    "Der Grund des Stornos fehlt.",
    "Nennen Sie den Grund; er steht auf der Stornorechnung.",
    status=422,
)
