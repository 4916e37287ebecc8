"""What the serializers of payments share."""

from typing import Any, cast

from django.utils.timezone import localdate
from rest_framework import serializers
from rest_framework.request import Request

from payments import errors
from workmate.api.fields import DayField
from workmate.models import User
from workmate.money import format_date


def actor(request: Request) -> User:
    """Who acts; the permission check has let nobody else through."""
    return cast("User", request.user)


class PastDateField(DayField):
    """A day up to today."""

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        if day > localdate():
            raise serializers.ValidationError(errors.IN_THE_FUTURE(day=format_date(day)).message)
        return day


class AmountField(serializers.DecimalField):
    """An amount with cents, as a string."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, **kwargs})
