"""Deleting many drafts in one run; each can come back for thirty days."""

from datetime import date

from invoicing import restoring
from invoicing.bulk_issuing import drafts
from invoicing.bulk_running import Bulk, register
from invoicing.models import BulkRow, Invoice
from workmate.models import User


def _discard(draft: Invoice, row: BulkRow, by: User, on: date) -> object:
    return restoring.discard(draft, by=by, version=row.version)


DISCARDING = register(
    Bulk(
        job="invoicing.discard_drafts",
        permission="invoicing.delete_invoice",
        done=BulkRow.State.DELETED,
        fitting=drafts,
        act=_discard,
    )
)
