"""Our master data: kept in sections, each saved by itself."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from workmate import audit, documents, errors, logos
from workmate.ledger import charts
from workmate.models import Company, User


@transaction.atomic
def save(changes: dict[str, Any], *, by: User) -> Company:
    """Change some fields, or begin with them; the chart stays once its accounts are loaded."""
    company = Company.objects.select_for_update().filter(pk=1).first() or Company(pk=1)
    begun = charts.loaded()
    if begun and changes.get("chart", begun) != begun:
        raise errors.CHART_FIXED(chart=begun, fields={"chart": [errors.CHART_FIXED.message]})
    before = {name: getattr(company, name) for name in changes}
    for name, value in changes.items():
        setattr(company, name, value)
    try:
        company.full_clean()
    except ValidationError as error:
        raise errors.from_validation(error) from error
    company.save()
    if not begun:
        charts.load(company.chart)
    changed = {
        name: {"before": old, "after": getattr(company, name)}
        for name, old in before.items()
        if old != getattr(company, name)
    }
    if changed:
        audit.record("company.changed", company, by=by, payload=changed)
    return company


@transaction.atomic
def set_logo(data: bytes, *, media_type: str, by: User) -> Company:
    """Put a cleaned logo on our documents from now on; LOGO_UNUSABLE. Issued ones keep theirs."""
    company = get()
    try:
        logo = logos.clean(data, media_type)
    except logos.Unusable as error:
        raise errors.LOGO_UNUSABLE(reason=str(error), fields={"logo": [str(error)]}) from error
    ending = "svg" if logo.media_type == "image/svg+xml" else "png"
    digest = documents.digest_of(logo.data)
    company.logo = documents.store(
        f"company/logo/{digest}",
        logo.data,
        filename=f"logo.{ending}",
        media_type=logo.media_type,
        kind="logo",
        by=by,
    )
    company.save(update_fields=["logo"])
    audit.record("company.logo_changed", company, by=by, payload={"sha256": digest})
    return company


@transaction.atomic
def remove_logo(*, by: User) -> Company:
    """No logo on our documents from now on."""
    company = get()
    company.logo = None
    company.save(update_fields=["logo"])
    audit.record("company.logo_removed", company, by=by)
    return company


def get() -> Company:
    """The company; COMPANY_MISSING before set-up."""
    try:
        return Company.get()
    except Company.DoesNotExist as error:
        raise errors.COMPANY_MISSING() from error
