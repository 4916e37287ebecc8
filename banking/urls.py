"""Addresses under /bank/."""

from django.urls import path

from banking.views import (
    accounts,
    categorising,
    continuity,
    entering,
    imports,
    mapping,
    reconciling,
    rules,
    runs,
    transactions,
    waiting,
)

app_name = "banking"
urlpatterns = [
    path("", accounts.Accounts.as_view(), name="accounts"),
    path("konten/neu/", accounts.AccountNew.as_view(), name="account_new"),
    path("konten/<int:pk>/", accounts.AccountPage.as_view(), name="account"),
    path("konten/<int:pk>/bearbeiten/", accounts.AccountEdit.as_view(), name="account_edit"),
    path("konten/<int:pk>/anfangsbestand/", accounts.Opening.as_view(), name="account_opening"),
    path(
        "konten/<int:pk>/anfangsbestand/zuruecknehmen/",
        accounts.OpeningUndo.as_view(),
        name="account_opening_undo",
    ),
    path("konten/<int:pk>/auszuege/", continuity.Continuity.as_view(), name="continuity"),
    path("umsaetze/", transactions.Transactions.as_view(), name="transactions"),
    path("umsaetze/erfassen/", entering.TransactionNew.as_view(), name="transaction_new"),
    path("umsaetze/einordnen/", categorising.Categorise.as_view(), name="categorise"),
    path(
        "umsaetze/<int:pk>/stornieren/",
        entering.TransactionReversal.as_view(),
        name="transaction_reversal",
    ),
    path("umsaetze/<int:pk>/", transactions.TransactionPage.as_view(), name="transaction"),
    path("umsaetze/<int:pk>/zuordnen/", reconciling.MatchNew.as_view(), name="match"),
    path(
        "umsaetze/<int:pk>/umbuchung/",
        reconciling.OwnTransferNew.as_view(),
        name="own_transfer",
    ),
    path(
        "umsaetze/<int:pk>/auszahlung/",
        reconciling.PayoutArrival.as_view(),
        name="payout_arrival",
    ),
    path("umsaetze/<int:pk>/ausscheiden/", reconciling.DismissalNew.as_view(), name="dismissal"),
    path(
        "umsaetze/<int:pk>/zurueckholen/",
        reconciling.DismissalUndo.as_view(),
        name="dismissal_undo",
    ),
    path("zuordnungen/<int:pk>/aufheben/", reconciling.MatchUndo.as_view(), name="match_undo"),
    path("zuordnen/", reconciling.Reconcile.as_view(), name="reconcile"),
    path("zuordnen/lauf/", reconciling.MatchRun.as_view(), name="match_run"),
    path("zuordnen/gesammelt/", runs.Accept.as_view(), name="accept"),
    path("regeln/", rules.Rules.as_view(), name="rules"),
    path("regeln/neu/", rules.RuleNew.as_view(), name="rule_new"),
    path("regeln/<int:pk>/", rules.RuleEdit.as_view(), name="rule"),
    path("regeln/<int:pk>/loeschen/", rules.RuleDrop.as_view(), name="rule_drop"),
    path("zuordnungslaeufe/", runs.Runs.as_view(), name="runs"),
    path("zuordnungslaeufe/<int:pk>/", runs.RunPage.as_view(), name="run"),
    path("zuordnungslaeufe/<int:pk>/aufheben/", runs.RunUndo.as_view(), name="run_undo"),
    path("einlesen/", imports.Import.as_view(), name="import"),
    path("einlesen/ergebnis/", imports.ImportResults.as_view(), name="import_results"),
    path("einlesen/aufgabe/<int:pk>/", imports.ImportRun.as_view(), name="import_run"),
    path("einlesen/spalten/<int:pk>/", mapping.Mapping.as_view(), name="mapping"),
    path("einlesen/offen/", waiting.WaitingFiles.as_view(), name="waiting_files"),
    path(
        "einlesen/offen/<int:pk>/verwerfen/", waiting.Discard.as_view(), name="waiting_file_discard"
    ),
    path("einlesen/formate/<int:pk>/weg/", mapping.MappingDrop.as_view(), name="mapping_drop"),
    path("auszuege/", imports.Statements.as_view(), name="statements"),
    path("auszuege/<int:pk>/", imports.StatementPage.as_view(), name="statement"),
    path(
        "auszuege/<int:pk>/zuruecknehmen/", imports.StatementUndo.as_view(), name="statement_undo"
    ),
]
