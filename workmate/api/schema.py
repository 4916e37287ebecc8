"""The OpenAPI document: what drf-spectacular finds, and what all our addresses share."""

from typing import Any, Literal

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from workmate.views.refusals import MEDIA_TYPE

REFUSALS = {
    "400": "Die Anfrage ist nicht lesbar.",
    "401": "Nicht angemeldet.",
    "403": "Keine Berechtigung.",
    "404": "Nicht gefunden.",
    "409": "Widerspruch zum jetzigen Stand.",
    "412": "Inzwischen geändert.",
    "415": "Format nicht angenommen.",
    "422": "Angaben nicht gültig.",
    "428": "If-Match fehlt.",
    "429": "Zu viele Anfragen.",
}
WRITING = {"412", "415", "428"}


Direction = Literal["request", "response"]


class FieldErrorSerializer(serializers.Serializer):
    """What is wrong with one field."""

    field = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """A refusal as in RFC 9457."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    instance = serializers.CharField()
    code = serializers.CharField()
    hint = serializers.CharField()
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]  # RFC 9457's own name


class TokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Bearer wm_…`."""

    target_class = "workmate.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "wm_…"}


class SessionScheme(OpenApiAuthenticationExtension):
    """The login of the pages."""

    target_class = "workmate.api.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class Schema(AutoSchema):
    """Adds the refusals to every operation and the idempotency key to every POST."""

    def get_override_parameters(self) -> list[Any]:
        if self.method != "POST":
            return super().get_override_parameters()
        key = OpenApiParameter(
            "Idempotency-Key",
            OpenApiTypes.STR,
            OpenApiParameter.HEADER,
            description="Eine Wiederholung mit demselben Schlüssel wirkt nur einmal (24 Stunden).",
        )
        return [*super().get_override_parameters(), key]

    def _map_serializer_field(
        self, field: Any, direction: Direction, bypass_extensions: bool = False
    ) -> Any:
        """What is only read may be empty where its column may."""
        if isinstance(field, serializers.ChoiceField) and field.read_only:
            field.allow_blank = field.allow_blank or _is_blank(field)
        return super()._map_serializer_field(field, direction, bypass_extensions)

    def get_response_serializers(self) -> Any:
        answer = getattr(self.view, "answer_class", None)
        if answer and self.method == "POST":
            return {str(getattr(self.view, "status", 201)): answer}
        return super().get_response_serializers()

    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        responses = super()._get_response_bodies(direction)
        for code, description in REFUSALS.items():
            if code in responses or (code in WRITING and self.method == "GET"):
                continue
            answer = OpenApiResponse(ProblemSerializer, description)
            responses[code] = self._get_response_for_code(
                answer, code, media_types=[MEDIA_TYPE], direction=direction
            )
        return responses


def _is_blank(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    columns = {column.name: column for column in model._meta.concrete_fields} if model else {}
    return field.source in columns and columns[field.source].blank
