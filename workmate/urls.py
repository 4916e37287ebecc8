"""All addresses: German for people, English for machines under /api/v1/."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("workmate.html_urls")),
    path("", include("dashboard.urls")),
    path("", include("invoicing.urls")),
    path("zahlungen/", include("payments.urls")),
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
]
