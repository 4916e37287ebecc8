"""Texts of the mails that carry documents: what stands in them, and filling their placeholders.

A placeholder is a German word in braces, `{nummer}`. Unknown ones are refused when a text is
kept and again when it is sent, so that no customer ever reads one.
"""

import re
from collections.abc import Mapping

from django.db import transaction
from django.template.loader import render_to_string

from invoicing import errors, words
from invoicing.models import Invoice, MailText
from workmate import audit, company
from workmate.models import User

PLACEHOLDERS = {
    "beleg": "Art des Belegs, zum Beispiel „Rechnung“",
    "nummer": "Belegnummer",
    "datum": "Datum des Belegs",
    "betrag": "Bruttobetrag mit Währung",
    "faellig": "Fälligkeit",
    "kunde": "Name des Kunden",
    "unternehmen": "Ihr Firmenname",
}
SAMPLE = {
    "beleg": "Rechnung",
    "nummer": "RE-2026-0042",
    "datum": "22.11.2026",
    "betrag": "1.190,00\u00a0€",
    "faellig": "06.12.2026",
    "kunde": "Muster GmbH",
}
SAMPLE_ENGLISH = {
    "beleg": "Invoice",
    "datum": "22\u00a0November\u00a02026",
    "betrag": "1,190.00\u00a0EUR",
    "faellig": "6\u00a0December\u00a02026",
}
# Documents by which nothing is asked for.
NOTICES = {"cancellation", "correction"}
BRACES = re.compile(r"\{([^{}]*)\}")


def unknown(text: str) -> list[str]:
    """The placeholders that nobody knows, each once."""
    return [name for name in dict.fromkeys(BRACES.findall(text)) if name not in PLACEHOLDERS]


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; unknown ones stay as they are."""
    return BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def values_of(invoice: Invoice, language: str) -> dict[str, str]:
    """What the placeholders stand for, in the figures of that language."""
    say = words.of(language)
    heading = ((invoice.snapshot or {}).get("page") or {}).get("heading")
    customer = invoice.customer
    return {
        "beleg": say.heading(heading or invoice.get_kind_display()),
        "nummer": invoice.number or "",
        "datum": say.date(invoice.issue_date) if invoice.issue_date else "",
        "betrag": say.money(invoice.gross_total, invoice.currency),
        "faellig": say.date(invoice.due_date) if invoice.due_date else "",
        "kunde": customer.name if customer else "",
        "unternehmen": company.get().name,
    }


def sample_values(language: str) -> dict[str, str]:
    """An invented invoice, for looking at a text before there is one."""
    return {**SAMPLE, **(SAMPLE_ENGLISH if language == "en" else {})}


def text_for(invoice: Invoice, language: str) -> tuple[str, str]:
    """Subject and text for this document, with placeholders."""
    if invoice.kind in NOTICES:
        return _built_in("notice", language)
    return text_in(language)


def text_in(language: str) -> tuple[str, str]:
    """Subject and text as they are kept, or the built-in ones."""
    own = MailText.objects.filter(language=language).first()
    return (own.subject, own.text) if own else _built_in("invoice", language)


@transaction.atomic
def save_text(language: str, *, subject: str, text: str, by: User) -> MailText:
    """Keep subject and text of a language; PLACEHOLDER_UNKNOWN names those that nobody knows."""
    require_known(subject=subject, text=text)
    own, _ = MailText.objects.update_or_create(
        language=language, defaults={"subject": subject, "text": text}
    )
    audit.record("mail_text.changed", own, by=by, payload={"subject": subject, "text": text})
    return own


def require_known(**texts: str) -> None:
    """Raise PLACEHOLDER_UNKNOWN with each text's unknown placeholders at its field."""
    found = {
        field: [f"Unbekannt: {', '.join(f'{{{name}}}' for name in names)}."]
        for field, text in texts.items()
        if (names := unknown(text))
    }
    if found:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise errors.PLACEHOLDER_UNKNOWN(known=known, fields=found)


def _built_in(name: str, language: str) -> tuple[str, str]:
    written = render_to_string(f"emails/{name}_{'en' if language == 'en' else 'de'}.txt")
    subject, _, text = written.partition("\n\n")
    return subject.strip(), text.strip()
