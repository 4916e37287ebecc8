"""What can go wrong in the books."""

from workmate.errors import problem

UNBALANCED = problem(
    "FINANCE_3101",
    "Die Buchung geht nicht auf: Soll und Haben unterscheiden sich um {difference} €.",
    "Melden Sie diesen Vorgang; es wurde nichts gebucht.",
    status=422,
)
PERIOD_LOCKED = problem(
    "FINANCE_3102",
    "Der {day} liegt in einer gesperrten Buchungsperiode (gesperrt bis {until}).",
    "Wählen Sie ein Datum nach dem {until} oder bitten Sie die Buchhaltung, die Periode zu öffnen.",
    status=409,
)
ALREADY_POSTED = problem(
    "FINANCE_3103",
    "Dieser Vorgang ist schon gebucht ({source}).",
    "Laden Sie die Seite neu; es wurde nichts doppelt gebucht.",
    status=409,
)
ALREADY_REVERSED = problem(
    "FINANCE_3104",
    "Die Buchung „{entry}“ ist schon zurückgenommen.",
    "Eine Buchung lässt sich nur einmal zurücknehmen.",
    status=409,
)
ACCOUNT_MISSING = problem(
    "FINANCE_3105",
    "Im Kontenrahmen fehlt das Konto „{account}“.",
    "Legen Sie unter Einstellungen › Unternehmen den Kontenrahmen an.",
    status=409,
)
OTHER_CHART = problem(
    "FINANCE_3106",
    "Die Bücher sind schon nach {chart} angelegt.",
    "Ein Kontenrahmen lässt sich nicht mehr wechseln, sobald es Konten gibt.",
    status=409,
)
NOTHING_TO_SETTLE = problem(
    "FINANCE_3111",
    "Ein Betrag von {amount} lässt sich nicht ausgleichen.",
    "Geben Sie einen Betrag über null an.",
    status=422,
)
SETTLES_TOO_MUCH = problem(
    "FINANCE_3112",
    "Auf {item} sind nur noch {outstanding} {currency} offen.",
    "Verringern Sie den Betrag; vielleicht wurde der Posten inzwischen ausgeglichen.",
    status=409,
)
NOT_OPPOSITE = problem(
    "FINANCE_3113",
    "{first} und {second} lassen sich nicht gegeneinander ausgleichen.",
    "Nötig sind eine Forderung und ein Guthaben desselben Partners in derselben Währung.",
    status=409,
)
BEFORE_CLAIM = problem(
    "FINANCE_3114",
    "Am {day} gab es {item} noch nicht.",
    "Wählen Sie ein Datum ab dem {since}.",
    status=422,
)
ALREADY_LOCKED = problem(
    "FINANCE_3121",
    "Die Buchungsperiode bis {until} ist schon gesperrt.",
    "Wählen Sie einen späteren Monat.",
    status=409,
)
NOT_LAST_LOCKED = problem(
    "FINANCE_3122",
    "Nur die zuletzt gesperrte Buchungsperiode lässt sich öffnen.",
    "Öffnen Sie zuerst die späteren Perioden.",
    status=409,
)
PERIOD_NOT_OVER = problem(
    "FINANCE_3123",
    "Der Monat bis {until} ist noch nicht vorbei.",
    "Sperren Sie einen Monat erst, wenn er abgeschlossen ist.",
    status=422,
)
REASON_MISSING = problem(
    "FINANCE_3124",
    "Es fehlt der Grund.",
    "Schreiben Sie, warum die Periode geöffnet wird; das steht dann im Prüfpfad.",
    status=422,
)
NUMBERS_USED_UP = problem(
    "FINANCE_3131",
    "Der Nummernkreis {first} bis {last} ist aufgebraucht.",
    "Legen Sie das Konto von Hand an.",
    status=409,
)
FILE_UNREADABLE = problem(
    "FINANCE_3141",
    "Die Datei ist nicht lesbar: {reason}",
    "Nötig ist eine CSV-Datei mit den Spalten {columns}.",
    status=422,
)
FILE_HAS_ERRORS = problem(
    "FINANCE_3142",
    "{count} Zeilen der Datei sind nicht in Ordnung, übernommen wurde nichts.",
    "Berichtigen Sie die genannten Zeilen und laden Sie die Datei noch einmal.",
    status=422,
)
BALANCE_TAKEN_OVER = problem(
    "FINANCE_3144",
    "Der Anfangsbestand von {account} ist schon gebucht.",
    "Nehmen Sie ihn zurück, wenn er nicht stimmt.",
    status=409,
)
NOTHING_TO_TAKE_OVER = problem(
    "FINANCE_3143",
    "In der Datei ist nichts zu übernehmen.",
    "Prüfen Sie, ob unter der Kopfzeile Beträge stehen.",
    status=422,
)
