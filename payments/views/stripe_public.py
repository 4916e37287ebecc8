"""Paying online from the public page of a document."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from invoicing.models import Invoice
from payments.stripe import checkout, connecting
from payments.stripe.client import Client
from payments.stripe.models import StripeRequest
from payments.views.public import Public
from workmate.errors import Problem
from workmate.models import User


# The token in the address is the only key to this page: there is no session to misuse, and the
# page's own policy makes browsers hide where a form was sent from.
@method_decorator(csrf_exempt, name="dispatch")
class PublicCheckout(Public):
    """Leads to Stripe's page for what is open at this moment."""

    http_method_names = ("get", "head", "post", "options")
    methods = ("GET", "HEAD", "POST")

    def show(self, request: HttpRequest, invoice: Invoice) -> HttpResponse:
        page = reverse("pay:page", args=[invoice.token])
        account = connecting.account()
        if request.method != "POST" or account is None:
            return redirect(page)
        try:
            asked = checkout.ask_for(
                invoice,
                StripeRequest.Kind.SESSION,
                client=Client(account.secret_key, read=15),
                by=User.objects.system(),
            )
        except Problem as problem:
            return redirect(f"{page}?spaeter=1" if problem.status >= 500 else page)
        response = redirect(asked.url)
        response.status_code = 303
        return response
