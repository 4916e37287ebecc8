"""Starting a series of numbers where the system before this one ended.

Once a document of ours has a number of the series it goes on without gaps; a jump would be one
that nobody could explain (§ 14 (4) Nr. 4 UStG, UStAE 14.5 (10)).
"""

from django.db import transaction

from invoicing import errors
from invoicing.models import Invoice, NumberRange
from workmate import audit
from workmate.models import User


@transaction.atomic
def start_after(series: str, last: int, *, by: User) -> NumberRange:
    """Let the next document of the series get the number after `last`; raises SERIES_IN_USE."""
    NumberRange.objects.get_or_create(series=series)
    found = NumberRange.objects.select_for_update().get(series=series)
    if is_used(series):
        raise errors.SERIES_IN_USE(series=series)
    if found.last != last:
        found.last = last
        found.save(update_fields=["last"])
        audit.record("numberrange.started", found, by=by, payload={"series": series, "last": last})
    return found


def is_used(series: str) -> bool:
    """Whether a document of ours has a number of the series."""
    return Invoice.objects.filter(number__startswith=f"{series}-").exists()
