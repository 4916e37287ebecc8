"""What one confirms before a document becomes final."""

from typing import Any

from django import forms

from workmate.forms import DateField, Form


class IssueForm(Form):
    """The version that the user has seen and, for those who may, an earlier date."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    issue_date = DateField(
        label="Rechnungsdatum",
        required=False,
        help_text="Ein früheres Datum darf nicht vor dem letzten Beleg der Serie liegen.",
    )

    def __init__(self, *args: Any, may_backdate: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_backdate:
            del self.fields["issue_date"]


class CancelForm(Form):
    """Why an invoice is cancelled; the reason is printed."""

    reason = forms.CharField(
        label="Grund",
        max_length=200,
        help_text="Steht auf der Stornorechnung, zum Beispiel „Falscher Empfänger“.",
    )


class StartForm(Form):
    """Where a series goes on."""

    last = forms.IntegerField(
        label="Zuletzt vergeben",
        min_value=0,
        max_value=9_999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-kind": "number"}),
    )
