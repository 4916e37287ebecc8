"""The forms of the letterhead page: looks, texts."""

from typing import ClassVar

from django import forms

from invoicing.models import Letterhead, StandardText
from workmate.forms import ModelForm


class LetterheadForm(ModelForm):
    """How documents look."""

    class Meta:
        model = Letterhead
        fields: ClassVar = [
            "logo_side",
            "accent",
            "font",
            "return_line",
            "footer_left",
            "footer_middle",
            "footer_right",
            "show_girocode",
            "show_pay_code",
        ]
        help_texts: ClassVar = {
            "logo_side": "Auf der anderen Seite steht nichts: Die Anschrift bleibt im Fenster.",
            "accent": "Für den Firmennamen und die Linie über den Positionen.",
            "return_line": "Über der Anschrift im Fenster. Leer: Firma und Anschrift.",
            "footer_left": "Leer: Firma und Anschrift.",
            "footer_middle": "Leer: Telefon, E-Mail-Adresse, Register und Geschäftsführung.",
            "footer_right": "Leer: Bankverbindung, USt-IdNr. und Steuernummer.",
            "show_girocode": "Nur auf Rechnungen in Euro, die überwiesen werden.",
            "show_pay_code": "Führt den Kunden zur Rechnung im Internet.",
        }
        widgets: ClassVar = {
            "accent": forms.TextInput(attrs={"type": "color"}),
            "footer_left": forms.Textarea(attrs={"rows": 4}),
            "footer_middle": forms.Textarea(attrs={"rows": 4}),
            "footer_right": forms.Textarea(attrs={"rows": 4}),
        }


class TextsForm(ModelForm):
    """What new drafts of one kind begin with."""

    class Meta:
        model = StandardText
        fields: ClassVar = ["intro_text", "closing_text"]
        widgets: ClassVar = {
            "intro_text": forms.Textarea(attrs={"rows": 3}),
            "closing_text": forms.Textarea(attrs={"rows": 3}),
        }
