"""The days that an evaluation or a collection of documents is about."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError

from workmate.forms import DateField, Form


class SpanForm(Form):
    """First and last day, both included; `usual` where nothing valid is chosen."""

    von = DateField(label="Von", required=False)
    bis = DateField(label="Bis", required=False)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        start, end = data.get("von"), data.get("bis")
        if start and end and end < start:
            raise ValidationError({"bis": "Das Ende liegt vor dem Beginn."})
        return data

    def days(
        self, usual: tuple[datetime.date, datetime.date]
    ) -> tuple[datetime.date, datetime.date]:
        """The chosen days; a missing one is that of `usual`."""
        if not self.is_valid():
            return usual
        start = self.cleaned_data["von"] or usual[0]
        end = self.cleaned_data["bis"] or usual[1]
        return (start, max(start, end))
