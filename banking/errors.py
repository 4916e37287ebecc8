"""What can go wrong between the bank and the books: codes FINANCE_30xx."""

from workmate.errors import problem

UNKNOWN_FORMAT = problem(
    "FINANCE_3001",
    "Dieses Format ist nicht bekannt.",
    "Laden Sie die Umsätze als CSV, camt oder MT940 aus dem Online-Banking. Lesbar ist CSV von: "
    "{formats}.",
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
WRONG_ACCOUNT = problem(
    "FINANCE_3006",
    "Die Datei gehört zum Konto {named}, nicht zu {account}.",
    "Wählen Sie das Konto, zu dem der Auszug gehört.",
    status=409,
)
SEVERAL_ACCOUNTS = problem(
    "FINANCE_3007",
    "Die Datei enthält Umsätze mehrerer Konten: {accounts}.",
    "Exportieren Sie jedes Konto für sich.",
    status=422,
)
NO_SUCH_ACCOUNT = problem(
    "FINANCE_3008",
    "Es gibt kein Bankkonto mit der IBAN {iban}.",
    "Legen Sie das Konto unter Bank › Konten an.",
    status=404,
)
INVALID_IBAN = problem(
    "FINANCE_3009", "{reason}", "Vergleichen Sie die IBAN mit Ihrem Kontoauszug.", status=422
)
ACCOUNT_EXISTS = problem(
    "FINANCE_3010",
    "Ein Konto mit der IBAN {iban} gibt es schon.",
    "Öffnen Sie das vorhandene Konto.",
    status=409,
)
ACCOUNT_NOT_NAMED = problem(
    "FINANCE_3011",
    "Die Datei nennt ihr Konto nicht.",
    "Wählen Sie das Konto, zu dem der Auszug gehört.",
    status=422,
)
NOT_CAMT = problem(
    "FINANCE_3012",
    "Diese XML-Datei ist kein lesbarer Kontoauszug. {reason}",
    "Laden Sie den Auszug als camt.053 aus dem Online-Banking.",
    status=422,
)
NOT_MT940 = problem(
    "FINANCE_3013",
    "Diese MT940-Datei ist nicht lesbar.",
    "Laden Sie den Auszug unverändert aus dem Online-Banking, am besten als camt.053.",
    status=422,
)
BROKEN_ARCHIVE = problem(
    "FINANCE_3014",
    "Die ZIP-Datei ist beschädigt oder verschlüsselt.",
    "Laden Sie sie noch einmal aus dem Online-Banking oder lesen Sie die Dateien einzeln ein.",
    status=422,
)
IBAN_MISSING = problem(
    "FINANCE_3015",
    "Auf Rechnungen steht nur ein Konto mit IBAN.",
    "Wählen Sie dafür ein Girokonto.",
    status=422,
)
CASH_IN_EURO = problem(
    "FINANCE_3016",
    "Eine Kasse wird in Euro geführt.",
    "Legen Sie für andere Währungen ein Bankkonto an.",
    status=422,
)
OPENING_EXISTS = problem(
    "FINANCE_3017",
    "Der Anfangsbestand dieses Kontos ist schon gebucht.",
    "Nehmen Sie ihn zurück, wenn er nicht stimmt; dann buchen Sie den richtigen.",
    status=409,
)
NO_OPENING = problem(
    "FINANCE_3018",
    "Für dieses Konto ist kein Anfangsbestand gebucht.",
    "Es ist nichts weiter zu tun.",
    status=409,
)
NOTHING_TO_OPEN = problem(
    "FINANCE_3019",
    "Ein Anfangsbestand von null wird nicht gebucht.",
    "Geben Sie den Bestand am Morgen des Tages ein.",
    status=422,
)
OPENING_RATE_MISSING = problem(
    "FINANCE_3079",
    "Für {currency} ist im Monat {month} kein Umrechnungskurs eingetragen.",
    "Tragen Sie ihn unter Einstellungen › Umrechnungskurse ein.",
    status=409,
)

# Matching.
STILL_PENDING = problem(
    "FINANCE_3020",
    "Dieser Umsatz ist erst vorgemerkt.",
    "Warten Sie, bis die Bank ihn gebucht hat; lesen Sie dann einen neuen Auszug ein.",
    status=409,
)
ALREADY_MATCHED = problem(
    "FINANCE_3021",
    "Dieser Umsatz ist schon zugeordnet.",
    "Heben Sie die Zuordnung auf, wenn sie nicht stimmt.",
    status=409,
)
DISMISSED = problem(
    "FINANCE_3022",
    "Dieser Umsatz ist ausgeschieden: {reason}",
    "Holen Sie ihn zurück, wenn er doch zugeordnet werden soll.",
    status=409,
)
ALREADY_UNDONE = problem(
    "FINANCE_3023",
    "Diese Zuordnung ist schon aufgehoben.",
    "Es ist nichts weiter zu tun.",
    status=409,
)
NOTHING_MOVED = problem(
    "FINANCE_3024",
    "Dieser Umsatz hat keinen Betrag.",
    "Er braucht keine Zuordnung.",
    status=409,
)
NOTHING_CHOSEN = problem(
    "FINANCE_3025",
    "Sie haben keinen offenen Posten gewählt.",
    "Wählen Sie mindestens einen und geben Sie einen Betrag an.",
    status=422,
)
TOO_MUCH_ALLOCATED = problem(
    "FINANCE_3026",
    "Verteilt sind {allocated}, der Umsatz hat aber nur {amount}.",
    "Verringern Sie die Beträge.",
    status=422,
)
REASON_MISSING = problem(
    "FINANCE_3027",
    "Der Grund fehlt.",
    "Nennen Sie in wenigen Worten, warum der Umsatz keine Zahlung ist.",
    status=422,
)
NOT_DISMISSED = problem(
    "FINANCE_3028",
    "Dieser Umsatz ist nicht ausgeschieden.",
    "Es ist nichts weiter zu tun.",
    status=409,
)
OTHER_CURRENCY = problem(
    "FINANCE_3029",
    "Der Umsatz lautet auf {currency}, das Konto auf {account_currency}.",
    "Legen Sie für diese Währung ein eigenes Konto an.",
    status=409,
)

# Sorting, and entering by hand.
NOTHING_TO_CATEGORISE = problem(
    "FINANCE_3030",
    "Es ist nichts einzuordnen.",
    "Wählen Sie Umsätze und einen Typ oder eine Kategorie.",
    status=422,
)
TOO_MANY_CHOSEN = problem(
    "FINANCE_3031",
    "Auf einmal lassen sich höchstens {most} Umsätze einordnen.",
    "Wählen Sie weniger.",
    status=422,
)
KIND_DOES_NOT_FIT = problem(
    "FINANCE_3032",
    "Der Typ {kind} passt nicht zum Vorzeichen des Betrags.",
    "Einnahmen haben Plus, Ausgaben Minus; Umbuchung, Gebühr und Zinsen gehen mit beiden.",
    status=422,
)
IS_OWN_TRANSFER = problem(
    "FINANCE_3033",
    "Dieser Umsatz ist als Umbuchung zwischen eigenen Konten gebucht.",
    "Holen Sie ihn zurück, wenn er keine ist.",
    status=409,
)
CASH_HAS_ITS_BOOK = problem(
    "FINANCE_3034",
    "Eine Kasse hat keine Bankumsätze.",
    "Erfassen Sie Bargeld als Zahlung; es steht dann im Kassenbuch.",
    status=422,
)
NOTHING_ENTERED = problem(
    "FINANCE_3035",
    "Ein Umsatz ohne Betrag wird nicht erfasst.",
    "Geben Sie den Betrag ein: Eingänge mit Plus, Ausgänge mit Minus.",
    status=422,
)
POSSIBLY_KNOWN = problem(
    "FINANCE_3036",
    "Dieses Konto hat an diesem Tag schon einen Umsatz über diesen Betrag.",
    "Bestätigen Sie, dass es ein zweiter ist.",
    status=409,
)
NOT_ENTERED_BY_HAND = problem(
    "FINANCE_3037",
    "Dieser Umsatz kommt aus einem Kontoauszug und wird nicht storniert.",
    "Nehmen Sie den Auszug zurück, oder scheiden Sie den Umsatz mit einem Grund aus.",
    status=409,
)
ALREADY_REVERSED = problem(
    "FINANCE_3038",
    "Dieser Umsatz ist storniert.",
    "Es ist nichts weiter zu tun.",
    status=409,
)
TRANSACTION_REPLACED = problem(
    "FINANCE_3080",
    "Diese Sammelbuchung ist durch ihre Einzelumsätze ersetzt.",
    "Ordnen Sie die Einzelumsätze zu; sie stehen am selben Tag auf demselben Konto.",
    status=409,
)
DECIDED_ALREADY = problem(
    "FINANCE_3039",
    "Dieser Umsatz ist zugeordnet oder ausgeschieden.",
    "Heben Sie die Zuordnung auf oder holen Sie ihn zurück; dann lässt er sich stornieren.",
    status=409,
)

# Taking an import back.
STATEMENT_UNDONE = problem(
    "FINANCE_3041",
    "Dieser Auszug ist schon zurückgenommen.",
    "Es ist nichts weiter zu tun.",
    status=409,
)
STATEMENT_IN_USE = problem(
    "FINANCE_3042",
    "Von diesem Auszug sind oder waren Umsätze zugeordnet oder ausgeschieden ({count}): {rows}.",
    "Holen Sie ausgeschiedene Umsätze zurück. Ein Auszug, von dem ein Umsatz zugeordnet wurde, "
    "bleibt; korrigieren Sie dann die einzelne Zuordnung.",
    status=409,
)
LATER_STATEMENT = problem(
    "FINANCE_3043",
    "Der spätere Auszug {later} überschneidet sich mit diesem und baut auf ihm auf.",
    "Nehmen Sie zuerst den späteren Auszug zurück.",
    status=409,
)
TRANSACTION_GONE = problem(
    "FINANCE_3044",
    "Diesen Umsatz gibt es nicht mehr: Sein Auszug wurde zurückgenommen.",
    "Laden Sie die Seite neu.",
    status=409,
)
PROPOSAL_CHANGED = problem(
    "FINANCE_3060",
    "Der Vorschlag hat sich inzwischen geändert.",
    "Sehen Sie sich den Umsatz noch einmal einzeln an.",
    status=409,
)
NOT_A_MATCHING_RUN = problem(
    "FINANCE_3061",
    "Dieser Lauf hat nichts mehr, was aufzuheben wäre.",
    "Es ist nichts weiter zu tun.",
    status=409,
)
NOT_THIS_PAYOUT = problem(
    "FINANCE_3062",
    "Diese Auszahlung passt nicht zu dem Umsatz oder ist schon einem anderen zugeordnet.",
    "Laden Sie die Seite neu und wählen Sie eine andere.",
    status=409,
)
NOT_ONE_TRANSFER = problem(
    "FINANCE_3063",
    "Diese beiden Umsätze sind keine Umbuchung zwischen Ihren Konten.",
    "Beträge und Währungen müssen sich entsprechen, die Konten verschieden sein und die Tage "
    "höchstens fünf auseinander liegen.",
    status=409,
)
ACCOUNT_NOT_FOR_BANK = problem(
    "FINANCE_3064",
    "Auf das Konto {account} kann ein Bankumsatz nicht unmittelbar gebucht werden.",
    "Wählen Sie ein Konto ohne Umsatzsteuer, das nicht selbst ein Geldkonto ist.",
    status=422,
)
PATTERN_INVALID = problem(
    "FINANCE_3065",
    "Der reguläre Ausdruck ist nicht lesbar.",
    "Prüfen Sie Klammern und Sonderzeichen, oder nehmen Sie „Text enthält“.",
    status=422,
)
PATTERN_TOO_SLOW = problem(
    "FINANCE_3066",
    "Der reguläre Ausdruck braucht zu lange.",
    "Machen Sie ihn einfacher, oder nehmen Sie „Text enthält“.",
    status=422,
)
REST_OF_SPLIT = problem(
    "FINANCE_3075",
    "Es bleiben {rest} übrig.",
    "Verteilen Sie auch den Rest, oder wählen Sie, wessen Guthaben er wird.",
    status=422,
)
NO_TABLE = problem(
    "FINANCE_3067",
    "In dieser Datei ist keine Tabelle mit Spaltenüberschriften zu finden.",
    "Laden Sie die Umsätze als CSV mit Überschriften, als camt oder MT940 aus dem Online-Banking.",
    status=422,
)
NOT_WAITING = problem(
    "FINANCE_3069",
    "Diese Datei ist schon entschieden.",
    "Laden Sie die Seite neu.",
    status=409,
)
MAPPING_DOES_NOT_FIT = problem(
    "FINANCE_3070",
    "Die Datei hat nicht die Spalten der Zuordnung „{name}“.",
    "Laden Sie sie ohne diese Zuordnung hoch, oder ordnen Sie ihre Spalten zu.",
    status=422,
)
MAPPING_OF_OTHER_ACCOUNT = problem(
    "FINANCE_3071",
    "Die Zuordnung „{name}“ gilt für das Konto {account}.",
    "Lassen Sie das Konto weg, oder nehmen Sie eine Zuordnung dieses Kontos.",
    status=409,
)
MAPPING_GONE = problem(
    "FINANCE_3072",
    "Diese Spaltenzuordnung gibt es nicht mehr.",
    "Laden Sie die Datei noch einmal ohne sie hoch.",
    status=409,
)
NESTED_ARCHIVE = problem(
    "FINANCE_3068",
    "Die ZIP-Datei enthält eine weitere ZIP-Datei.",
    "Entpacken Sie sie und lesen Sie die Auszüge ein, einzeln oder mehrere zugleich.",
    status=422,
)
