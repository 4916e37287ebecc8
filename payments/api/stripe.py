"""Asking for money through Stripe over the API: a checkout session, a link, an intent."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from invoicing.models import Invoice
from payments.api.fields import actor
from payments.stripe import checkout
from payments.stripe.client import connect
from payments.stripe.models import StripeRequest
from workmate.api import ActResource

FIELDS = (
    "id",
    "invoice",
    "kind",
    "state",
    "amount",
    "currency",
    "livemode",
    "stripe_id",
    "url",
    "expires_at",
    "created_at",
)


class StripeRequestSerializer(serializers.ModelSerializer):
    """What was asked for; `url` is where the customer pays a session or a link."""

    class Meta:
        model = StripeRequest
        fields = FIELDS
        read_only_fields = fields


class StripeIntentSerializer(StripeRequestSerializer):
    """An intent with the secret that the customer's browser needs to pay it."""

    client_secret = serializers.SerializerMethodField()

    class Meta:
        model = StripeRequest
        fields = (*FIELDS, "client_secret")
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_client_secret(self, row: StripeRequest) -> str:
        return checkout.client_secret(row, client=connect(read=15))


class Asking(ActResource):
    """The open way of this kind to pay what is open on the invoice; a new one if there is none."""

    queryset = Invoice.objects.issued().billing().select_related("open_item", "customer")
    permission_required = "payments.add_striperequest"
    answer_class = StripeRequestSerializer
    kind = StripeRequest.Kind.SESSION

    def act(self, obj: Invoice, data: dict[str, Any]) -> StripeRequest:
        return checkout.ask_for(obj, self.kind, client=connect(read=15), by=actor(self.request))


class CheckoutSession(Asking):
    """A session of Stripe's hosted page for what is open on the invoice."""


class PaymentLink(Asking):
    """A link that can be paid once."""

    kind = StripeRequest.Kind.LINK


class PaymentIntent(Asking):
    """An intent for Stripe's elements in a page of your own."""

    kind = StripeRequest.Kind.INTENT
    answer_class = StripeIntentSerializer
