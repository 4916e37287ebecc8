"""Texts of the mails that carry documents: what stands in them, and filling their placeholders.

A placeholder is a German word in braces, `{nummer}`. Unknown ones are refused when a text is
kept and again when it is sent, so that no customer ever reads one.
"""

import re
from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from invoicing import archiving, errors, words
from invoicing.models import Invoice, MailText
from workmate import audit, company
from workmate.models import User

LINK = "link"
PLACEHOLDERS = {
    "beleg": "Art des Belegs, zum Beispiel „Rechnung“",
    "nummer": "Belegnummer",
    "datum": "Datum des Belegs",
    "betrag": "Bruttobetrag mit Währung",
    "faellig": "Fälligkeit",
    "kunde": "Name des Kunden",
    "unternehmen": "Ihr Firmenname",
    LINK: "Öffentliche Seite des Belegs mit Bankdaten und GiroCode; bei Angeboten nicht möglich",
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
# Ways to pay by which we take the money ourselves, so that nobody should pay on top.
COLLECTED = {Invoice.PaymentMeans.DIRECT_DEBIT, Invoice.PaymentMeans.CARD}
BRACES = re.compile(r"\{([^{}]*)\}")


def complaints(text: str, invoice: Invoice | None = None) -> list[str]:
    """What is wrong with the placeholders of a text, in German; for this document, if one is
    named."""
    names = list(dict.fromkeys(BRACES.findall(text)))
    unknown = [f"{{{name}}}" for name in names if name not in PLACEHOLDERS]
    found = [f"Unbekannt: {', '.join(unknown)}."] if unknown else []
    if invoice and invoice.is_offer and LINK in names:
        kind = invoice.get_kind_display()
        found.append(f"{{{LINK}}} ist hier nicht möglich: „{kind}“ hat keine öffentliche Seite.")
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders replaced; unknown ones stay as they are."""
    return BRACES.sub(lambda found: values.get(found[1], found[0]), text)


def values_of(invoice: Invoice, language: str) -> dict[str, str]:
    """What the placeholders stand for, in the figures of that language."""
    say = words.of(language)
    heading = ((invoice.snapshot or {}).get("page") or {}).get("heading")
    customer = invoice.customer
    values = {
        "beleg": say.heading(heading or invoice.get_kind_display()),
        "nummer": invoice.number or "",
        "datum": say.date(invoice.issue_date) if invoice.issue_date else "",
        "betrag": say.money(invoice.gross_total, invoice.currency),
        "faellig": say.date(invoice.due_date) if invoice.due_date else "",
        "kunde": customer.name if customer else "",
        "unternehmen": company.get().name,
    }
    return values if invoice.is_offer else values | {LINK: archiving.pay_url(invoice)}


def sample_values(language: str) -> dict[str, str]:
    """An invented invoice, for looking at a text before there is one."""
    link = f"{settings.PUBLIC_URL.rstrip('/')}/zahlen/muster/"
    return {**SAMPLE, LINK: link, **(SAMPLE_ENGLISH if language == "en" else {})}


def text_for(invoice: Invoice, language: str) -> tuple[str, str]:
    """Subject and text for this document, with placeholders."""
    if invoice.is_offer:
        return _built_in(invoice.kind, language)
    if invoice.kind in NOTICES:
        return _built_in("notice", language)
    collected = invoice.payment_means in COLLECTED
    return text_in(language, usual="collected" if collected else "invoice")


def text_in(language: str, *, usual: str = "invoice") -> tuple[str, str]:
    """Subject and text as they are kept, or the built-in ones of that name."""
    own = MailText.objects.filter(language=language).first()
    return (own.subject, own.text) if own else _built_in(usual, language)


@transaction.atomic
def save_text(language: str, *, subject: str, text: str, by: User) -> MailText:
    """Keep subject and text of a language; PLACEHOLDER_UNKNOWN names those that nobody knows."""
    require_known(subject=subject, text=text)
    own, _ = MailText.objects.update_or_create(
        language=language, defaults={"subject": subject, "text": text}
    )
    audit.record("mail_text.changed", own, by=by, payload={"subject": subject, "text": text})
    return own


def require_known(invoice: Invoice | None = None, **texts: str) -> None:
    """Raise PLACEHOLDER_UNKNOWN with what is wrong with each text at its field."""
    found = {field: wrong for field, text in texts.items() if (wrong := complaints(text, invoice))}
    if found:
        here = [
            name for name in PLACEHOLDERS if not (invoice and invoice.is_offer and name == LINK)
        ]
        known = ", ".join(f"{{{name}}}" for name in here)
        raise errors.PLACEHOLDER_UNKNOWN(known=known, fields=found)


def _built_in(name: str, language: str) -> tuple[str, str]:
    written = render_to_string(f"emails/{name}_{'en' if language == 'en' else 'de'}.txt")
    subject, _, text = written.partition("\n\n")
    return subject.strip(), text.strip()
