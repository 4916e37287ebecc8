"""Splitting: one transaction over several open items, with what is left.

What is typed stands in the address, so that searching for one more item loses nothing, with a
script or without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from banking.forms import AllocationForm
from banking.models import Transaction
from payments.deducting import deductible
from workmate.ledger.models import OpenItem, Partner
from workmate.web import row_number

FOUND = 12
CARRIED = ("item_", "skonto_", "posten", "partner")


@dataclass(frozen=True)
class Line:
    """An open item of the split: what it gets as typed, and the Skonto that it allows."""

    item: OpenItem
    typed: str
    skonto: Decimal
    is_kept: bool

    @property
    def due(self) -> Decimal:
        """What pays it with its Skonto."""
        return self.item.outstanding - self.skonto


@dataclass(frozen=True)
class Split:
    """The lines of the screen, what of the transaction is left, and who may get that."""

    q: str
    lines: list[Line]
    rest: Decimal
    partners: list[Partner]
    partner: int
    is_open: bool


def split_of(row: Transaction, data: QueryDict) -> Split:
    """What the address says of a split: its items first, then what the search finds."""
    q = data.get("posten", "").strip()
    chosen = list(named_items(data))
    form = AllocationForm(data, items=chosen)
    allocated = form.allocated() if form.is_valid() else Decimal(0)
    items = chosen + [item for item in _others(row, q, chosen) if item not in chosen]
    allowed = deductible(items, paid_on=row.booked_on) if items else {}
    lines = [
        Line(
            item,
            data.get(f"item_{item.pk}", ""),
            allowed.get(item.pk, Decimal(0)),
            bool(data.get(f"skonto_{item.pk}")),
        )
        for item in items
    ]
    partners = list({item.partner_id: item.partner for item in items}.values())
    wanted = row_number(data.get("partner"))
    return Split(q, lines, row.amount - allocated, partners, wanted, bool(q or chosen))


def named_items(data: Mapping[str, Any]) -> QuerySet[OpenItem]:
    """The open items that fields like `item_12` name."""
    ids = [row_number(name[5:]) for name in data if name.startswith("item_")]
    return OpenItem.objects.filter(pk__in=ids).select_related("partner")


def typed(data: QueryDict) -> str:
    """What was typed of a split, for the address."""
    kept = [(name, data[name]) for name in data if name.startswith(CARRIED) and data[name]]
    return urlencode(kept)


def _others(row: Transaction, text: str, chosen: list[OpenItem]) -> list[OpenItem]:
    """Open items whose number or partner fits the text; without one, those of the same partner."""
    items = OpenItem.objects.open().filter(currency=row.currency).select_related("partner")
    if text:
        for word in text.split()[:5]:
            found = Q(document_number__icontains=word) | Q(partner__name__icontains=word)
            items = items.filter(found)
    elif chosen:
        items = items.filter(partner__in={item.partner_id for item in chosen})
    else:
        return []
    return list(items.order_by("due_date", "pk")[:FOUND])
