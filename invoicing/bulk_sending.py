"""Sending many issued documents by e-mail in one run, each to its customer with the usual text."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from invoicing import sending
from invoicing.bulk_running import Bulk, register
from invoicing.models import BulkRow, Invoice
from workmate.models import User


def issued(wanted: Sequence[int]) -> Any:
    """The issued documents among these ids, in the order in which they are sent."""
    found = Invoice.objects.issued().filter(pk__in=wanted).defer("snapshot")
    return found.select_related("customer").order_by("issue_date", "pk")


def _send(invoice: Invoice, row: BulkRow, by: User, on: date) -> object:
    """Queue the mail; a run that was ordered twice from one page sends it once."""
    page = row.run.params.get("key") or row.run_id
    key = hashlib.sha256(f"{page}:{invoice.pk}".encode()).hexdigest()[:24]
    return sending.send(invoice, sending.proposal(invoice), by=by, key=key)


SENDING = register(
    Bulk(
        job="invoicing.send_documents",
        permission="invoicing.send_invoice",
        done=BulkRow.State.SENT,
        fitting=issued,
        act=_send,
    )
)
