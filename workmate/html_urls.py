"""Pages of the shared ground."""

from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from workmate import health
from workmate.views import (
    audit,
    catalogue,
    company,
    documents,
    exchange_rates,
    jobs,
    login,
    mail,
    profile,
    retention,
    users,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("anmelden/", login.Login.as_view(), name="login"),
    path("abmelden/", LogoutView.as_view(), name="logout"),
    path("profil/", profile.Profile.as_view(), name="profile"),
    path("profil/passwort/", profile.Password.as_view(), name="password"),
    path("profil/schluessel/", profile.Tokens.as_view(), name="tokens"),
    path(
        "profil/schluessel/<int:pk>/widerruf/",
        profile.TokenRevocation.as_view(),
        name="token_revocation",
    ),
    path("berichte/aufbewahrung/", retention.Retention.as_view(), name="retention"),
    path(
        "berichte/aufbewahrung/loeschung/",
        retention.RetentionCleanup.as_view(),
        name="retention_cleanup",
    ),
    path(
        "berichte/aufbewahrung/sperren/",
        retention.RetentionHoldNew.as_view(),
        name="retention_hold",
    ),
    path(
        "berichte/aufbewahrung/sperren/<int:pk>/aufhebung/",
        retention.RetentionRelease.as_view(),
        name="retention_release",
    ),
    path("einstellungen/", company.Settings.as_view(), name="settings"),
    path("einstellungen/unternehmen/", company.CompanyPage.as_view(), name="company"),
    path(
        "einstellungen/unternehmen/<slug:section>/",
        company.CompanySection.as_view(),
        name="company_section",
    ),
    path(
        "einstellungen/umrechnungskurse/",
        exchange_rates.ExchangeRates.as_view(),
        name="exchange_rates",
    ),
    path("einstellungen/benutzer/", users.Users.as_view(), name="users"),
    path("einstellungen/benutzer/neu/", users.NewUser.as_view(), name="user_new"),
    path("einstellungen/benutzer/<int:pk>/", users.EditUser.as_view(), name="user"),
    path(
        "einstellungen/benutzer/<int:pk>/sperre/",
        users.Deactivation.as_view(),
        name="user_deactivation",
    ),
    path(
        "einstellungen/benutzer/<int:pk>/freigabe/",
        users.Reactivation.as_view(),
        name="user_reactivation",
    ),
    path("einstellungen/e-mail/", mail.Mail.as_view(), name="mail"),
    path("einstellungen/e-mail/pruefung/", mail.MailCheck.as_view(), name="mail_check"),
    path("einstellungen/e-mail/test/", mail.MailTest.as_view(), name="mail_test"),
    path("postausgang/", mail.Outbox.as_view(), name="outbox"),
    path("postausgang/<int:pk>/", mail.OutboxMessagePage.as_view(), name="outbox_message"),
    path(
        "postausgang/<int:pk>/<int:number>/",
        mail.OutboxAttachment.as_view(),
        name="outbox_attachment",
    ),
    path("", include("workmate.ledger.urls")),
    path("pruefpfad/", audit.AuditTrail.as_view(), name="audit"),
    path("pruefpfad/<int:pk>/", audit.AuditEventPage.as_view(), name="audit_event"),
    path("aufgaben/", jobs.Jobs.as_view(), name="jobs"),
    path("aufgaben/<int:pk>/", jobs.JobPage.as_view(), name="job"),
    path("aufgaben/<int:pk>/neustart/", jobs.Restart.as_view(), name="job_restart"),
    path("aufgaben/<int:pk>/abbruch/", jobs.Cancellation.as_view(), name="job_cancellation"),
    path("dokumente/<int:pk>/", documents.document, name="document"),
    path("hilfe/fehler/", catalogue.error_catalogue, name="error_catalogue"),
    path("gesundheit/live", health.live, name="health_live"),
    path("gesundheit/bereit", health.ready, name="health_ready"),
]


if settings.DEBUG:
    urlpatterns.append(path("stil/", include("workmate.styleguide_views")))
