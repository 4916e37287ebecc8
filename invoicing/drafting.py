"""Drafting: writing an invoice before it is one.

A draft may lack anything; what is there must fit. It has a version, and who saves an old one is
told so instead of overwriting the work of somebody else.
"""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from invoicing import errors
from invoicing.assembling import Parts, assemble
from invoicing.contents import Content, blank, content_of, renewed
from invoicing.models import (
    Adjustment,
    Attachment,
    Deduction,
    Invoice,
    InvoiceLine,
)
from workmate import audit
from workmate.models import AuditEvent, User


@transaction.atomic
def create_draft(
    content: Content | None = None,
    *,
    corrects: Invoice | None = None,
    based_on: Invoice | None = None,
    by: User,
) -> Invoice:
    """A new draft. It has no number yet, and dropping it leaves no gap."""
    bound = Invoice(created_by=by, corrects=corrects, based_on=based_on)
    invoice, parts = assemble(content or blank(), by=by, invoice=bound)
    invoice.save()
    _write(invoice, parts)
    payload = _summary(invoice, parts.lines)
    if origin := corrects or based_on:
        payload = {"of": str(origin), **payload}
    audit.record("invoice.drafted", invoice, by=by, payload=payload)
    return invoice


@transaction.atomic
def save_draft(invoice: Invoice, content: Content, *, version: int, by: User) -> Invoice:
    """Replace what the draft says, if it still is in the version that the author saw.

    Raises `NOT_A_DRAFT`, `DRAFT_CHANGED` or `DRAFT_INVALID`.
    """
    stored = locked_draft(invoice)
    require_version(stored, version)
    stored, parts = assemble(content, by=by, invoice=stored)
    stored.version += 1
    stored.save()
    stored.lines.all().delete()
    stored.adjustments.all().delete()
    stored.deductions.all().delete()
    _write(stored, parts)
    audit.record("invoice.draft_changed", stored, by=by, payload=_summary(stored, parts.lines))
    return stored


@transaction.atomic
def delete_draft(invoice: Invoice, *, by: User, version: int | None = None) -> None:
    """Drop a draft; what it said stays in the audit trail."""
    stored = locked_draft(invoice)
    if version is not None:
        require_version(stored, version)
    lines = list(stored.lines.all())
    audit.record("invoice.draft_deleted", stored, by=by, payload=_summary(stored, lines))
    stored.delete()


@transaction.atomic
def duplicate(invoice: Invoice, *, by: User, on: datetime.date) -> Invoice:
    """A new draft that says the same, without day of supply and with today's rules and rates."""
    copied = renewed(content_of(invoice), on=on)
    copy, parts = assemble(copied, by=by)
    copy.save()
    _write(copy, parts)
    payload = {"of": str(invoice), **_summary(copy, parts.lines)}
    audit.record("invoice.drafted", copy, by=by, payload=payload)
    return copy


def require_version(invoice: Invoice, version: int) -> None:
    """Raise `DRAFT_CHANGED` when the draft has gone on since that version."""
    if invoice.version != version:
        raise _changed(invoice)


def _changed(invoice: Invoice) -> Exception:
    last = (
        AuditEvent.objects.filter(object_type="invoicing.invoice", object_id=str(invoice.pk))
        .select_related("actor")
        .order_by("-id")
        .first()
    )
    return errors.DRAFT_CHANGED(name=last.actor if last else "jemand anderem")


def locked_draft(invoice: Invoice) -> Invoice:
    """The stored draft, locked until the transaction ends; raises `NOT_A_DRAFT`."""
    stored = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if stored.status != Invoice.Status.DRAFT:
        raise errors.NOT_A_DRAFT(number=stored.number)
    return stored


def lock_as_read(draft: Invoice, attachments: Sequence[Attachment]) -> None:
    """Lock the draft until the transaction ends, if it and its files are still as they were read.

    Raises `NOT_A_DRAFT` or `DRAFT_CHANGED`.
    """
    rows = Invoice.objects.select_for_update().only("status", "number", "version")
    stored = rows.get(pk=draft.pk)
    if stored.status != Invoice.Status.DRAFT:
        raise errors.NOT_A_DRAFT(number=stored.number)
    require_version(stored, draft.version)
    files = set(stored.attachments.values_list("pk", flat=True))
    if files != {one.pk for one in attachments}:
        raise _changed(stored)


def _write(invoice: Invoice, parts: Parts) -> None:
    for line in parts.lines:
        line.invoice = invoice
    for adjustment in parts.adjustments:
        adjustment.invoice = invoice
    InvoiceLine.objects.bulk_create(parts.lines)
    Adjustment.objects.bulk_create(parts.adjustments)
    Deduction.objects.bulk_create(
        Deduction(invoice=invoice, advance=advance) for advance in parts.advances
    )


def _summary(invoice: Invoice, lines: Sequence[InvoiceLine]) -> dict[str, Any]:
    """What the audit trail keeps of a draft."""
    return {
        "version": invoice.version,
        "kind": invoice.kind,
        "customer": invoice.customer.number if invoice.customer else None,
        "net": str(invoice.net_total),
        "gross": str(invoice.gross_total),
        "lines": [
            [line.name, str(line.quantity), line.unit, str(line.unit_price)] for line in lines
        ],
    }
