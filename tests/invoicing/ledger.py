"""What documents did to the books, in short words."""

from collections.abc import Iterable
from decimal import Decimal

from invoicing.models import Invoice
from workmate.models import Entry


def booked(invoice: Invoice) -> dict[str, Decimal]:
    """The sums of the document's own entry by account, debit positive."""
    return sums([Entry.objects.get(source=f"invoicing.invoice:{invoice.pk}")])


def sums(entries: Iterable[Entry]) -> dict[str, Decimal]:
    """The sums of entries by account, those that are zero left out."""
    found: dict[str, Decimal] = {}
    for entry in entries:
        for line in entry.lines.select_related("account"):
            number = line.account.number
            found[number] = found.get(number, Decimal(0)) + line.amount
    return {number: total for number, total in found.items() if total}
