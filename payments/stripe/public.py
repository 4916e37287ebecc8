"""What the public page of a document says about paying online."""

from collections.abc import Container
from urllib.parse import urlsplit

from django.conf import settings

from invoicing.models import Invoice
from payments.stripe import checkout, connecting

CHECKOUT = "https://checkout.stripe.com"


def checkout_origin() -> str:
    """Where the page of Stripe lies that a customer is led to."""
    base = urlsplit(settings.STRIPE_API_BASE)
    return CHECKOUT if base.hostname == "api.stripe.com" else f"{base.scheme}://{base.netloc}"


def online(invoice: Invoice, asked: Container[str]) -> str:
    """What the page says about paying online: `pay`, `under_way`, `thanks`, `failed` or nothing."""
    if invoice.open_item.outstanding <= 0 or not connecting.account():
        return ""
    if checkout.under_way(invoice):
        return "under_way"
    if "danke" in asked:
        return "thanks"
    return "failed" if "spaeter" in asked else "pay"
