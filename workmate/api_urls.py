"""Addresses of the shared ground's API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from workmate.api import books, own, retention

router = SimpleRouter()
router.register("jobs", own.JobViewSet, basename="api-job")
router.register("documents", own.DocumentViewSet, basename="api-document")
router.register("audit-events", own.AuditEventViewSet, basename="api-audit-event")
router.register("money-accounts", books.MoneyAccountViewSet, basename="api-money-account")
router.register("accounts", books.AccountViewSet, basename="api-account")
router.register("entries", books.EntryViewSet, basename="api-entry")
router.register("periods", books.PeriodViewSet, basename="api-period")
router.register("retention-holds", retention.HoldViewSet, basename="api-retention-hold")

urlpatterns = [
    path("retention/", retention.RetentionReport.as_view(), name="api-retention"),
    path("retention/cleanup/", retention.RetentionCleanup.as_view(), name="api-retention-cleanup"),
    path(
        "retention-holds/<int:pk>/release/",
        retention.HoldRelease.as_view(),
        name="api-retention-hold-release",
    ),
    path("company/", own.CompanyResource.as_view(), name="api-company"),
    path("company/logo/", own.CompanyLogo.as_view(), name="api-company-logo"),
    path("trial-balance/", books.TrialBalance.as_view(), name="api-trial-balance"),
    path(
        "periods/<int:pk>/unlocking/",
        books.PeriodUnlocking.as_view(),
        name="api-period-unlocking",
    ),
    path("users/me/", own.Me.as_view(), name="api-me"),
    path("jobs/<int:pk>/restart/", own.JobRestart.as_view(), name="api-job-restart"),
    path("jobs/<int:pk>/cancellation/", own.JobCancellation.as_view(), name="api-job-cancel"),
    path("documents/<int:pk>/content/", own.DocumentContent.as_view(), name="api-document-content"),
    *router.urls,
]
