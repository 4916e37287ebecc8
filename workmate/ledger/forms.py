"""What a person types for reports and for opening a month again."""

import datetime
from typing import Any

from django import forms

from workmate.forms import DateField, Form


class SpanForm(Form):
    """First and last day of a report."""

    von = DateField(label="Von")
    bis = DateField(label="Bis")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        start, end = data.get("von"), data.get("bis")
        if start and end and end < start:
            self.add_error("bis", "Der letzte Tag liegt vor dem ersten.")
        return data


class UnlockForm(Form):
    """Why a locked month is opened."""

    reason = forms.CharField(label="Grund", max_length=200)


def span(data: Any, today: datetime.date) -> tuple[SpanForm, datetime.date, datetime.date]:
    """The form with its days; the year of today where nothing readable was asked for."""
    start, end = today.replace(month=1, day=1), today
    if "von" not in data and "bis" not in data:
        return SpanForm(initial={"von": start, "bis": end}), start, end
    form = SpanForm(data)
    if form.is_valid():
        start, end = form.cleaned_data["von"], form.cleaned_data["bis"]
    return form, start, end
