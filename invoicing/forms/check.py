"""The form with which files are brought to be checked."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from invoicing.checking import MAX_FILES
from workmate.forms import Form


class Files(forms.ClearableFileInput):
    """An input for any number of files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; an empty one is a file too, the check says what is wrong with it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=Files, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = [super(FilesField, self).clean(one, initial) for one in data or [None]]
        if len(files) > MAX_FILES:
            raise ValidationError(f"Prüfen Sie höchstens {MAX_FILES} Dateien auf einmal.")
        return files


class CheckForm(Form):
    """E-invoices as XML or PDF."""

    einvoices = FilesField(
        label="Dateien",
        max_length=200,
        error_messages={
            "required": "Wählen Sie mindestens eine Datei.",
            "max_length": "Der Name der Datei ist länger als 200 Zeichen.",
        },
    )
