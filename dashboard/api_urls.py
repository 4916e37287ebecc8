"""Addresses of the overview's API."""

from django.urls import path

from dashboard.api import OverviewView

urlpatterns = [path("overview/", OverviewView.as_view(), name="api-overview")]
