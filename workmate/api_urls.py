"""Addresses of the shared ground's API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from workmate.api import own

router = SimpleRouter()
router.register("jobs", own.JobViewSet, basename="api-job")
router.register("documents", own.DocumentViewSet, basename="api-document")
router.register("audit-events", own.AuditEventViewSet, basename="api-audit-event")

urlpatterns = [
    path("company/", own.CompanyResource.as_view(), name="api-company"),
    path("users/me/", own.Me.as_view(), name="api-me"),
    path("jobs/<int:pk>/restart/", own.JobRestart.as_view(), name="api-job-restart"),
    path("jobs/<int:pk>/cancellation/", own.JobCancellation.as_view(), name="api-job-cancel"),
    path("documents/<int:pk>/content/", own.DocumentContent.as_view(), name="api-document-content"),
    *router.urls,
]
