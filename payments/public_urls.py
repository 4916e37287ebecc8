"""Addresses of the public pages: the only ones of this app without a login."""

from django.urls import path

from payments.views import public
from payments.views.stripe_public import PublicCheckout

app_name = "pay"
urlpatterns = [
    path("<str:token>/", public.PublicPage.as_view(), name="page"),
    path("<str:token>/online/", PublicCheckout.as_view(), name="online"),
    path("<str:token>/pdf/", public.PublicFile.as_view(), name="pdf"),
    path("<str:token>/xml/", public.PublicFile.as_view(kind="xml"), name="xml"),
]
