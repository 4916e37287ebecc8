"""Keeping the stationery: how documents look, and what new ones usually say."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from invoicing import errors
from invoicing.models import Customer, Invoice, Letterhead, StandardText
from workmate import audit, company
from workmate.models import Company, User

TEXTS = ("intro_text", "closing_text")


def get() -> Letterhead:
    """The letterhead; as it comes where nobody has changed it."""
    return Letterhead.objects.filter(pk=1).first() or Letterhead(pk=1)


@transaction.atomic
def save(changes: dict[str, Any], *, by: User) -> Letterhead:
    """Let documents look like this from now on; raises LETTERHEAD_INVALID with all findings."""
    paper = Letterhead.objects.select_for_update().filter(pk=1).first() or Letterhead(pk=1)
    before = {name: getattr(paper, name) for name in changes}
    for name, value in changes.items():
        setattr(paper, name, value)
    try:
        paper.full_clean()
        _require_tax_number(paper)
    except ValidationError as error:
        raise errors.LETTERHEAD_INVALID(fields=error.message_dict) from error
    changed = {
        name: [old, getattr(paper, name)]
        for name, old in before.items()
        if old != getattr(paper, name)
    }
    if changed:
        paper.save()
        audit.record("letterhead.changed", paper, by=by, payload=changed)
    return paper


def texts_of(kind: str, language: str) -> dict[str, str]:
    """What a new draft of this kind says; nothing where no text was written.

    Those of a German invoice are the company's own.
    """
    if (kind, language) == (Invoice.Kind.INVOICE, Customer.Language.GERMAN):
        found: Company | StandardText | None = Company.objects.filter(pk=1).first()
    else:
        found = StandardText.objects.filter(kind=kind, language=language).first()
    return {name: getattr(found, name) if found else "" for name in TEXTS}


@transaction.atomic
def save_texts(kind: str, language: str, texts: dict[str, str], *, by: User) -> None:
    """Let new drafts of this kind begin with these texts."""
    if (kind, language) == (Invoice.Kind.INVOICE, Customer.Language.GERMAN):
        company.save(texts, by=by)
        return
    before = texts_of(kind, language)
    if before == texts:
        return
    saved, _ = StandardText.objects.update_or_create(kind=kind, language=language, defaults=texts)
    audit.record("standardtext.changed", saved, by=by, payload={"before": before, "after": texts})


def _require_tax_number(paper: Letterhead) -> None:
    """A footer of one's own still names the tax number (§ 14 (4) Nr. 2 UStG)."""
    own = Company.objects.filter(pk=1).first()
    right = " ".join(paper.footer[2])
    if own is None or not right:
        return
    said = "".join("".join(map("".join, paper.footer)).split())
    numbers = ["".join(number.split()) for number in (own.vat_id, own.tax_number) if number]
    if numbers and not any(number in said for number in numbers):
        text = "Nennen Sie Ihre USt-IdNr. oder Steuernummer; sie ist auf Rechnungen Pflicht."
        raise ValidationError({"footer_right": text})
