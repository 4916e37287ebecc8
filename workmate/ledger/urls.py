"""Addresses of the books."""

from django.urls import path, re_path

from workmate.ledger import views

urlpatterns = [
    path("berichte/", views.TrialBalance.as_view(), name="reports"),
    path("berichte/journal/", views.Journal.as_view(), name="journal"),
    path("berichte/journal/<int:pk>/", views.EntryPage.as_view(), name="entry"),
    path("berichte/konten/<slug:number>/", views.AccountSheet.as_view(), name="account"),
    path("einstellungen/perioden/", views.Periods.as_view(), name="periods"),
    re_path(
        r"^einstellungen/perioden/(?P<month>20[0-9]{2}-(0[1-9]|1[0-2]))/sperre/$",
        views.PeriodLock.as_view(),
        name="period_lock",
    ),
    path(
        "einstellungen/perioden/<int:pk>/freigabe/",
        views.PeriodUnlock.as_view(),
        name="period_unlock",
    ),
]
