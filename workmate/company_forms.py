"""The sections of the company page; each is a form that is saved by itself."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.forms import BoundField, FileField, Select, TextInput

from workmate.forms import Form, ModelForm
from workmate.models import Company

SCHEMES = (
    ("EM", "E-Mail (EM)"),
    ("9930", "USt-IdNr. (9930)"),
    ("0204", "Leitweg-ID (0204)"),
    ("0088", "GLN (0088)"),
)


class Section(ModelForm):
    """A part of the company page with its title and a note on what it affects."""

    title: ClassVar[str]
    note: ClassVar[str]
    # Field → columns of twelve; the rest takes them all.
    widths: ClassVar[dict[str, int]] = {}

    def columns(self) -> Iterator[tuple[BoundField, int]]:
        """The fields with their widths, in order."""
        for field in self:
            yield field, self.widths.get(field.name, 12)


class MasterData(Section):
    """Who we are, as on every letter."""

    title = "Stammdaten"
    note = "Stehen auf jedem Dokument, das Sie ab jetzt stellen."
    widths: ClassVar = {
        "name": 8,
        "legal_form": 4,
        "post_code": 4,
        "city": 8,
        "register_court": 6,
        "register_number": 6,
        "phone": 6,
        "email": 6,
        "electronic_address_scheme": 4,
        "electronic_address": 8,
    }

    class Meta:
        model = Company
        fields: ClassVar = [
            "name",
            "legal_form",
            "management",
            "street",
            "additional",
            "post_code",
            "city",
            "register_court",
            "register_number",
            "contact_name",
            "phone",
            "email",
            "website",
            "electronic_address_scheme",
            "electronic_address",
        ]
        widgets: ClassVar = {"electronic_address_scheme": Select(choices=SCHEMES)}
        labels: ClassVar = {"electronic_address_scheme": "Art der elektronischen Adresse"}
        help_texts: ClassVar = {
            "name": "Wie im Handelsregister oder in der Gewerbeanmeldung.",
            "electronic_address": "Unter der Ihr Unternehmen E-Rechnungen erhält. "
            "Leer: die E-Mail-Adresse.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("street", "post_code", "city", "email"):
            self.fields[name].required = True


class Taxes(Section):
    """What the tax office knows us by."""

    title = "Steuern"
    note = "USt-IdNr. oder Steuernummer ist Pflicht auf jeder Rechnung (§ 14 Abs. 4 Nr. 2 UStG)."
    widths: ClassVar = {
        "vat_id": 6,
        "tax_number": 6,
        "small_business": 7,
        "small_business_until": 5,
        "cash_accounting_from": 6,
        "cash_accounting_until": 6,
    }

    class Meta:
        model = Company
        fields: ClassVar = [
            "vat_id",
            "tax_number",
            "small_business",
            "small_business_until",
            "cash_accounting_from",
            "cash_accounting_until",
            "chart",
        ]
        help_texts: ClassVar = {
            "small_business": "Ihre Rechnungen weisen dann keine Umsatzsteuer aus.",
            "cash_accounting_from": "Für Leistungen ab diesem Tag schulden Sie die Umsatzsteuer "
            "erst, wenn Ihr Kunde zahlt (§ 20 UStG). Das Finanzamt muss es gestatten; möglich bis "
            "800.000 € Gesamtumsatz im Vorjahr, ohne Buchführungspflicht und für freie Berufe. "
            "Leer: Versteuerung nach vereinbarten Entgelten.",
            "cash_accounting_until": "Letzter Tag der Leistung, meist ein 31. Dezember. Leer: bis "
            "auf Weiteres. Rechnungen über Leistungen davor werden weiter bei Zahlung versteuert.",
            "chart": "Steht fest, sobald die Konten angelegt sind.",
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        found = "vat_id" in data and "tax_number" in data
        if found and not data["vat_id"] and not data["tax_number"]:
            self.add_error("tax_number", "Geben Sie USt-IdNr. oder Steuernummer an.")
        return data


class Invoices(Section):
    """What is proposed for every new invoice."""

    title = "Rechnungen"
    note = "Vorgaben für neue Entwürfe; in jedem Entwurf lassen sie sich ändern."
    widths: ClassVar = {"payment_terms_days": 4}

    class Meta:
        model = Company
        fields: ClassVar = ["payment_terms_days"]
        widgets: ClassVar = {
            "payment_terms_days": TextInput(attrs={"inputmode": "numeric"}),
        }


class Sepa(Section):
    """What direct debits and credit transfers need."""

    title = "Lastschrift und Überweisung"
    note = "Für SEPA-Dateien, die Sie selbst bei Ihrer Bank einreichen."
    widths: ClassVar = {"creditor_id": 8, "sepa_notice_days": 4}

    class Meta:
        model = Company
        fields: ClassVar = ["creditor_id", "sepa_notice_days", "sepa_release_alone"]
        help_texts: ClassVar = {
            "creditor_id": "Von der Bundesbank; nötig für Rechnungen, die Sie per Lastschrift "
            "einziehen.",
            "sepa_notice_days": "So lange nach der Rechnung wird frühestens eingezogen. Weniger "
            "als 14 müssen mit den Kunden vereinbart sein.",
            "sepa_release_alone": "Nur für Unternehmen, in denen eine Person allein arbeitet. "
            "Sonst gilt das Vier-Augen-Prinzip. Die Änderung steht im Prüfpfad.",
        }
        widgets: ClassVar = {"sepa_notice_days": TextInput(attrs={"inputmode": "numeric"})}


class Matching(Section):
    """When a bank transaction finds its invoice by itself."""

    title = "Bank-Zuordnung"
    note = "Umsätze mit mindestens so vielen von 100 Punkten."
    widths: ClassVar = {"match_automatic": 6, "match_suggest": 6, "match_ceiling": 6}

    class Meta:
        model = Company
        fields: ClassVar = ["match_automatic", "match_suggest", "match_ceiling"]
        widgets: ClassVar = {
            "match_automatic": TextInput(attrs={"inputmode": "numeric"}),
            "match_suggest": TextInput(attrs={"inputmode": "numeric"}),
        }
        help_texts: ClassVar = {
            "match_automatic": "Zwischen 80 und 100.",
            "match_suggest": "Darunter wird nichts vorgeschlagen.",
        }


class LogoUpload(Form):
    """The picture in the letter head."""

    logo = FileField(label="Logo", help_text="PNG, JPEG, WebP oder SVG bis 5 MB.")


SECTIONS: dict[str, type[Section]] = {
    "stammdaten": MasterData,
    "steuern": Taxes,
    "rechnungen": Invoices,
    "sepa": Sepa,
    "zuordnung": Matching,
}
