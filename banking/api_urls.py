"""Addresses of banking under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from banking.api import entries, mappings, rules, runs, statements, transactions

router = SimpleRouter()
router.register("bank-accounts", statements.BankAccountViewSet, basename="api-bank-account")
router.register("statement-imports", statements.StatementViewSet, basename="api-statement-import")
router.register("transactions", transactions.TransactionViewSet, basename="api-transaction")
router.register("bank-rules", rules.RuleViewSet, basename="api-bank-rule")
router.register("csv-mappings", mappings.MappingViewSet, basename="api-csv-mapping")
router.register("waiting-files", mappings.WaitingFileViewSet, basename="api-waiting-file")
router.register("matches", transactions.MatchViewSet, basename="api-match")

urlpatterns = [
    path(
        "transaction-categorisations/",
        entries.Categorisations.as_view(),
        name="api-transaction-categorisations",
    ),
    path(
        "transactions/<int:pk>/reversal/",
        entries.TransactionReversal.as_view(),
        name="api-transaction-reversal",
    ),
    path(
        "bank-accounts/<int:pk>/gaps/",
        entries.Gaps.as_view(),
        name="api-bank-account-gaps",
    ),
    path(
        "transactions/<int:pk>/proposals/",
        transactions.Proposals.as_view(),
        name="api-transaction-proposals",
    ),
    path(
        "transactions/<int:pk>/match/",
        transactions.TransactionMatch.as_view(),
        name="api-transaction-match",
    ),
    path(
        "transactions/<int:pk>/dismissal/",
        transactions.TransactionDismissal.as_view(),
        name="api-transaction-dismissal",
    ),
    path(
        "transactions/<int:pk>/payout-arrival/",
        transactions.TransactionPayoutArrival.as_view(),
        name="api-transaction-payout-arrival",
    ),
    path(
        "transactions/<int:pk>/own-transfer/",
        transactions.TransactionOwnTransfer.as_view(),
        name="api-transaction-own-transfer",
    ),
    path(
        "matches/<int:pk>/reversal/",
        transactions.MatchReversal.as_view(),
        name="api-match-reversal",
    ),
    path(
        "statement-imports/<int:pk>/reversal/",
        statements.StatementReversal.as_view(),
        name="api-statement-import-reversal",
    ),
    path(
        "bank-accounts/<int:pk>/opening-balance/",
        statements.OpeningBalance.as_view(),
        name="api-bank-account-opening-balance",
    ),
    path("matching-runs/", runs.MatchingRuns.as_view(), name="api-matching-runs"),
    path(
        "matching-runs/<int:pk>/reversal/",
        runs.MatchingRunReversal.as_view(),
        name="api-matching-run-reversal",
    ),
    path("proposal-acceptances/", runs.Acceptances.as_view(), name="api-proposal-acceptances"),
    path("bank-rules/trials/", rules.RuleTrials.as_view(), name="api-bank-rule-trials"),
    path(
        "bank-rules/<int:pk>/activity/",
        rules.RuleActivity.as_view(),
        name="api-bank-rule-activity",
    ),
    *router.urls,
]
