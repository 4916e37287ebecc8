"""Addresses of banking under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from banking import api

router = SimpleRouter()
router.register("bank-accounts", api.BankAccountViewSet, basename="api-bank-account")
router.register("statement-imports", api.StatementViewSet, basename="api-statement-import")
router.register("transactions", api.TransactionViewSet, basename="api-transaction")
router.register("matches", api.MatchViewSet, basename="api-match")

urlpatterns = [
    path(
        "transactions/<int:pk>/proposals/",
        api.Proposals.as_view(),
        name="api-transaction-proposals",
    ),
    path(
        "transactions/<int:pk>/match/", api.TransactionMatch.as_view(), name="api-transaction-match"
    ),
    path(
        "transactions/<int:pk>/dismissal/",
        api.TransactionDismissal.as_view(),
        name="api-transaction-dismissal",
    ),
    path("matches/<int:pk>/reversal/", api.MatchReversal.as_view(), name="api-match-reversal"),
    path("matching-runs/", api.MatchingRuns.as_view(), name="api-matching-runs"),
    *router.urls,
]
