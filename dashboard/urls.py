"""Addresses of the overview and the search."""

from django.urls import path

from dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.Overview.as_view(), name="overview"),
    path("suche/", views.Search.as_view(), name="search"),
]
