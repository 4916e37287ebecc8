"""What one fills in to send a document, and the texts that are proposed for it."""

import re
from typing import Any, ClassVar

from django import forms

from invoicing.models import Customer, MailText
from invoicing.sending import Mail
from workmate.forms import Form, ModelForm

BETWEEN = re.compile(r"[,;\s]+")


class SendForm(Form):
    """The mail: recipients, subject, text. `key` lets a form that is sent twice act once."""

    to = forms.CharField(label="An", max_length=2000, help_text="Mehrere durch Komma getrennt.")
    cc = forms.CharField(label="Kopie", max_length=2000, required=False)
    bcc = forms.CharField(
        label="Blindkopie",
        max_length=2000,
        required=False,
        help_text="Die anderen sehen diese Adressen nicht.",
    )
    subject = forms.CharField(label="Betreff", max_length=200)
    text = forms.CharField(
        label="Text", max_length=10_000, widget=forms.Textarea(attrs={"rows": 12})
    )
    language = forms.ChoiceField(choices=Customer.Language.choices, widget=forms.HiddenInput)
    key = forms.CharField(max_length=24, widget=forms.HiddenInput, required=False)
    widths: ClassVar = {"cc": 6, "bcc": 6}

    @classmethod
    def of(cls, mail: Mail, *, key: str) -> "SendForm":
        """The form filled with a mail."""
        addresses = {name: ", ".join(getattr(mail, name)) for name in ("to", "cc", "bcc")}
        rest = {"subject": mail.subject, "text": mail.text, "language": mail.language}
        return cls(initial={**addresses, **rest, "key": key})

    @property
    def mail(self) -> Mail:
        """What was filled in; needs a valid form."""
        data = self.cleaned_data
        return Mail(
            **{name: addresses(data[name]) for name in ("to", "cc", "bcc")},
            language=data["language"],
            subject=data["subject"],
            text=data["text"].replace("\r\n", "\n"),
        )

    def columns(self) -> Any:
        """The visible fields with their widths, in order."""
        for field in self.visible_fields():
            yield field, self.widths.get(field.name, 12)


class MailTextForm(ModelForm):
    """Subject and text of one language."""

    class Meta:
        model = MailText
        fields: ClassVar = ["subject", "text"]
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 12})}


def addresses(text: str) -> list[str]:
    """The addresses in a line of them."""
    return [part for part in BETWEEN.split(text) if part]
