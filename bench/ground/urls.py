"""The addresses of the product, and one that answers with a constant behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from workmate import urls

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


def constant(request: HttpRequest) -> HttpResponse:
    """What the least possible page costs: session, user and middleware, and two words."""
    return HttpResponse("Guten Tag")


urlpatterns = [path("konstant/", constant), *urls.urlpatterns]
