"""What can go wrong between the bank and the books: codes FINANCE_30xx."""

from workmate.errors import problem

UNKNOWN_FORMAT = problem(
    "FINANCE_3001",
    "Dieses Format ist nicht bekannt.",
    "Laden Sie die Umsätze als CSV aus dem Online-Banking. Lesbar sind: {formats}.",
    status=422,
)
STATEMENT_EMPTY = problem(
    "FINANCE_3002",
    "Die Datei ist leer.",
    "Wählen Sie den Export Ihrer Bank.",
    status=422,
)
STATEMENT_TOO_LARGE = problem(
    "FINANCE_3003",
    "Die Datei ist zu groß: erlaubt sind {limit}.",
    "Exportieren Sie einen kürzeren Zeitraum.",
    status=413,
)
NOT_A_TEXT_FILE = problem(
    "FINANCE_3004",
    "Die Datei enthält Nullbytes und ist keine CSV-Datei.",
    "Laden Sie die Umsätze als CSV aus dem Online-Banking, nicht als Excel oder PDF.",
    status=422,
)
UNREADABLE_STATEMENT = problem(
    "FINANCE_3005",
    "Die Datei ist ab Zeile {line} nicht lesbar: Ein Anführungszeichen wird nicht geschlossen.",
    "Laden Sie die Datei unverändert aus dem Online-Banking.",
    status=422,
)
