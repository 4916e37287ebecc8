"""Restoring brings a deleted draft back; it is kept for thirty days.

Only drafts can be deleted, so only drafts come back: an issued document is answered with a
Stornorechnung and stays (§ 146 (4) AO).
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from invoicing import contents, drafting, errors
from invoicing.contents import ADJUSTMENT, HEADER, LINE, Content
from invoicing.models import Adjustment, Attachment, DeletedDraft, Invoice, InvoiceLine
from workmate import audit
from workmate.models import Document, User

KEPT = timedelta(days=30)


@transaction.atomic
def discard(invoice: Invoice, *, by: User, version: int | None = None) -> DeletedDraft:
    """Delete a draft so that it can come back.

    Raises NOT_A_DRAFT, and DRAFT_CHANGED where `version` is not the stored one.
    """
    stored = drafting.locked_draft(invoice)
    kept = DeletedDraft.objects.create(
        content=_written(stored),
        customer=stored.customer,
        gross_total=stored.gross_total,
        currency=stored.currency,
        deleted_by=by,
    )
    drafting.delete_draft(stored, by=by, version=version)
    return kept


@transaction.atomic
def restore(deleted: DeletedDraft, *, by: User) -> Invoice:
    """A new draft that says what the deleted one said; raises DRAFT_GONE.

    What was deleted meanwhile, a customer or a product, is missing in it.
    """
    found = DeletedDraft.objects.select_for_update(of=("self",)).filter(pk=deleted.pk).first()
    if found is None:
        raise errors.DRAFT_GONE()
    corrects = Invoice.objects.filter(pk=found.content.get("corrects")).first()
    based_on = Invoice.objects.filter(pk=found.content.get("based_on")).first()
    content = _read(found.content)
    draft = drafting.create_draft(content, corrects=corrects, based_on=based_on, by=by)
    files = Document.objects.in_bulk(found.content["attachments"])
    Attachment.objects.bulk_create(Attachment(invoice=draft, file=one) for one in files.values())
    found.delete()
    audit.record("invoice.draft_restored", draft, by=by)
    return draft


def forget(*, at: datetime) -> int:
    """Forget what was deleted more than `KEPT` ago; returns how many drafts."""
    return DeletedDraft.objects.filter(deleted_at__lt=at - KEPT).delete()[0]


def _written(invoice: Invoice) -> dict[str, Any]:
    content = contents.content_of(invoice)
    files = list(invoice.attachments.values_list("file_id", flat=True))
    said = {
        "header": _plain(content.header),
        "lines": [_plain(line) for line in content.lines],
        "adjustments": [_plain(one) for one in content.adjustments],
        "attachments": files,
        "corrects": invoice.corrects_id,
        "based_on": invoice.based_on_id,
        "advances": [advance.pk for advance in content.advances],
    }
    written: dict[str, Any] = json.loads(json.dumps(said, cls=DjangoJSONEncoder))
    return written


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.pk if isinstance(value, models.Model) else value for name, value in row.items()
    }


def _read(written: dict[str, Any]) -> Content:
    return Content(
        header=_typed(Invoice, HEADER, written["header"]),
        lines=[_typed(InvoiceLine, LINE, line) for line in written["lines"]],
        adjustments=[_typed(Adjustment, ADJUSTMENT, one) for one in written["adjustments"]],
        advances=list(Invoice.objects.filter(pk__in=written.get("advances", []))),
    )


def _typed(
    model: type[models.Model], names: tuple[str, ...], row: dict[str, Any]
) -> dict[str, Any]:
    """The values as the model has them; rows of other tables by their number, if still there."""
    found = {}
    for name in names:
        if name not in row:  # It was deleted before there was such a field.
            continue
        field = model._meta.get_field(name)
        value = row[name]
        if value is not None and isinstance(field, models.ForeignKey):
            found[name] = field.related_model._default_manager.filter(pk=value).first()
        elif isinstance(field, models.Field):
            found[name] = field.to_python(value)
    return found
