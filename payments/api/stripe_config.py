"""The keys of our Stripe account over the API: written, never read back."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from payments.stripe import connecting
from payments.stripe.models import StripeAccount
from workmate.api import ApiView
from workmate.encryption import masked
from workmate.web import ApiRequest


class StripeKeys(serializers.Serializer):
    """The keys; one that is left out or empty stays as it is."""

    publishable_key = serializers.CharField(required=False, allow_blank=True, max_length=200)
    secret_key = serializers.CharField(
        required=False, allow_blank=True, max_length=200, write_only=True
    )
    webhook_secret = serializers.CharField(
        required=False, allow_blank=True, max_length=220, write_only=True
    )


class StripeConfigSerializer(serializers.Serializer):
    """How Stripe is set up. Of each secret no more than the last four characters is told."""

    is_connected = serializers.BooleanField()
    livemode = serializers.BooleanField()
    account_id = serializers.CharField()
    publishable_key = serializers.CharField()
    secret_key = serializers.CharField()
    webhook_secret = serializers.CharField()
    old_webhook_secret = serializers.CharField()
    webhook_url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())


class StripeConfig(ApiView):
    """Read, set and remove the keys; for whoever may open the page of settings."""

    queryset = StripeAccount.objects.all()
    serializer_class = StripeConfigSerializer
    permission_required: ClassVar = "payments.set_up_stripe"

    def get(self, request: ApiRequest) -> Response:
        """How it is set up now."""
        return Response(_shown())

    @extend_schema(request=StripeKeys, responses=StripeConfigSerializer)
    def post(self, request: ApiRequest) -> Response:
        """Keep these keys; a new webhook secret leaves the one before it valid until removed."""
        body = StripeKeys(data=request.data)
        body.is_valid(raise_exception=True)
        connecting.save(body.validated_data, by=request.user)
        return Response(_shown())

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest) -> Response:
        """Forget the keys; what was paid and told stays."""
        connecting.remove(by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _shown() -> dict[str, Any]:
    account = connecting.account() or StripeAccount()
    shown = {
        "is_connected": account.is_connected,
        "livemode": account.livemode,
        "account_id": account.account_id,
        "publishable_key": account.publishable_key,
        "secret_key": masked(account.secret_key),
        "webhook_secret": masked(account.webhook_secret),
        "old_webhook_secret": masked(account.old_webhook_secret),
        "webhook_url": connecting.webhook_url(),
        "events": connecting.EVENTS,
    }
    return dict(StripeConfigSerializer(shown).data)
