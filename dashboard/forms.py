"""The form that chooses the days of the overview."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError

from dashboard.timespan import Timespan
from workmate import forms

MOST = datetime.timedelta(days=3 * 366)


class TimespanForm(forms.Form):
    """First and last day; an empty form means the year of today."""

    von = forms.DateField(label="Von", required=False)
    bis = forms.DateField(label="Bis", required=False)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        start, end = data.get("von"), data.get("bis")
        if start and end and end < start:
            raise ValidationError({"bis": "Das Ende liegt vor dem Beginn."})
        if start and end and end - start > MOST:
            raise ValidationError({"bis": "Wählen Sie höchstens drei Jahre."})
        return data

    def timespan(self, default: Timespan) -> Timespan:
        """The chosen days; where nothing valid is chosen, the default."""
        if not self.is_valid():
            return default
        start, end = self.cleaned_data["von"], self.cleaned_data["bis"]
        if start and end:
            return Timespan(start, end)
        if start:
            return Timespan(start, min(max(start, default.end), start + MOST))
        return Timespan(max(min(default.start, end), end - MOST), end) if end else default
