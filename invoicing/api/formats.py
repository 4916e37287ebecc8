"""The API of the other formats of an issued document."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import offering
from invoicing.models import Invoice
from invoicing.views.formats import sent
from workmate.api import ApiView


class FormatSerializer(serializers.Serializer):
    """A format: whether the document is valid in it, and if not, why (in German)."""

    key = serializers.CharField(source="format.key", help_text="Its part of the address.")
    name = serializers.CharField(source="format.label")
    valid = serializers.BooleanField()
    archived = serializers.BooleanField(help_text="The original itself, as it was archived.")
    reasons = serializers.ListField(child=serializers.CharField())


class Formats(ApiView):
    """The formats in which an issued document can be had; only the original is archived."""

    queryset = Invoice.objects.select_related("xml")
    serializer_class = FormatSerializer

    @extend_schema(responses=FormatSerializer(many=True))
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every format with its verdict; NOT_ISSUED for a draft."""
        found = offering.offers(self.get_object())
        return Response(FormatSerializer(found, many=True).data)


class FormatFile(ApiView):
    """An issued document in another format."""

    queryset = Invoice.objects.select_related("xml")
    serializer_class = FormatSerializer

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The XML, written now; FORMAT_NOT_VALID where the official rules refuse it."""
        return sent(offering.offer(self.get_object(), kwargs["key"]))
