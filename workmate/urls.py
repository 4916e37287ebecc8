"""All addresses: German for people, English for machines under /api/v1/."""

from django.contrib import admin
from django.urls import include, path, re_path

from workmate.views import refusals

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("workmate.html_urls")),
    path("", include("dashboard.urls")),
    path("", include("invoicing.urls")),
    path("zahlungen/", include("payments.urls")),
    path("zahlen/", include("payments.public_urls")),
    path("bank/", include("banking.urls")),
    path(
        "api/v1/",
        include(
            [
                path("", include("workmate.api_urls")),
                path("", include("invoicing.api_urls")),
                path("", include("payments.api_urls")),
                path("", include("banking.api_urls")),
                path("", include("dashboard.api_urls")),
            ]
        ),
    ),
    path("api/", include("workmate.api.urls")),
    re_path(r"^api/(?P<rest>.*)$", refusals.not_found_for_machines),
]

handler400 = refusals.bad_request
handler403 = refusals.forbidden
handler404 = refusals.not_found
handler500 = refusals.server_error
