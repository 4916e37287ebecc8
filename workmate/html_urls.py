from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []

if settings.DEBUG:
    urlpatterns.append(path("stil/", include("workmate.styleguide_views")))
