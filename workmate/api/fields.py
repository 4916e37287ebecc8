"""Fields that the serializers of all apps share."""

import datetime
from typing import Any

from rest_framework import serializers

from workmate.money import YEARS


class DayField(serializers.DateField):
    """A day in a year in which business is done, as forms have it."""

    def to_internal_value(self, value: Any) -> datetime.date:
        day: datetime.date = super().to_internal_value(value)
        if day.year not in YEARS:
            raise serializers.ValidationError("Dieses Jahr liegt zu weit weg.")
        return day
