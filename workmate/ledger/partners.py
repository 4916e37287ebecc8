"""Debtor and creditor accounts: numbers in the ranges that DATEV reserves for persons."""

from django.db import transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast

from workmate.ledger import errors
from workmate.ledger.models import Partner
from workmate.locks import Lock, hold

RANGES = {
    Partner.Kind.CUSTOMER: (10000, 69999),
    Partner.Kind.SUPPLIER: (70000, 99999),
}


@transaction.atomic
def open_partner(kind: str, name: str, *, number: str = "") -> Partner:
    """Create a debtor or creditor account, with the next free number of its range.

    Raises NUMBERS_USED_UP when the range is full.
    """
    return Partner.objects.create(
        kind=kind, name=name[:200], number=number or _next_number(Partner.Kind(kind))
    )


def _next_number(kind: Partner.Kind) -> str:
    first, last = RANGES[kind]
    hold(Lock.PARTNERS)
    taken = (
        Partner.objects.filter(number__regex=r"^[0-9]{5}$")
        .annotate(value=Cast("number", IntegerField()))
        .filter(value__range=(first, last))
        .aggregate(highest=Max("value"))["highest"]
    )
    number = first if taken is None else taken + 1
    if number > last:
        raise errors.NUMBERS_USED_UP(first=first, last=last)
    return str(number)
