"""Paging by position instead of by number: page 2,000 costs what page 1 costs.

Rows are ordered by one value and, where it is equal, by their key; a cursor names the last row
seen. Rows added or removed meanwhile shift nothing. No value sorts last.
"""

from dataclasses import dataclass
from types import NoneType
from typing import Any

from django.core import signing
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

CURSOR = "_cursor"


@dataclass(frozen=True)
class Order:
    """By which field or annotation, and whether downwards."""

    field: str
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> "Order":
        """`-due_date` is downwards by due date."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.field}" if self.descending else self.field


@dataclass(frozen=True)
class Page:
    """The rows of a page with the cursors of its neighbours, empty where there are none."""

    rows: list[Any]
    before: str
    after: str


def fetch(
    rows: QuerySet[Any], order: Order, size: int, *, after: str = "", before: str = ""
) -> Page:
    """The page behind `after` or in front of `before`; the first one without, or when in doubt."""
    annotated = rows.annotate(**{CURSOR: F(order.field)})
    nullable = _nullable(rows.model, order.field)
    position = _decode(before or after, order, annotated.query.annotations[CURSOR].output_field)
    backwards = bool(before and position)
    descending = order.descending != backwards
    chosen = annotated.order_by(*_ordering(order, nullable, descending, backwards))
    if position:
        chosen = _beyond(chosen, order, nullable, descending, backwards, *position)
    found = list(chosen[: size + 1])
    if position and (not found or (backwards and len(found) < size)):
        return fetch(rows, order, size)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return Page(
        rows=found,
        before=_encode(found[0], order) if found and (more if backwards else position) else "",
        after=_encode(found[-1], order) if found and (backwards or more) else "",
    )


def _ordering(order: Order, nullable: bool, descending: bool, backwards: bool) -> list[Any]:
    pk = "-pk" if descending else "pk"
    if not nullable:
        return [f"-{order.field}" if descending else order.field, pk]
    ends = {"nulls_first": True} if backwards else {"nulls_last": True}
    field = F(order.field)
    return [field.desc(**ends) if descending else field.asc(**ends), pk]


def _beyond(
    rows: QuerySet[Any],
    order: Order,
    nullable: bool,
    descending: bool,
    backwards: bool,
    value: Any,
    pk: Any,
) -> QuerySet[Any]:
    name = order.field
    further = {"pk__lt" if descending else "pk__gt": pk}
    if value is None:
        nulls = Q(**{f"{name}__isnull": True}, **further)
        return rows.filter(nulls | Q(**{f"{name}__isnull": False}) if backwards else nulls)
    lookup = TupleLessThan if descending else TupleGreaterThan
    ahead = Q(lookup(Tuple(F(name), F("pk")), (value, pk)))
    if nullable and not backwards:
        ahead |= Q(**{f"{name}__isnull": True})
    return rows.filter(ahead)


def _nullable(model: type[Model], path: str) -> bool:
    """Whether the field may be empty; an annotation may."""
    for part in path.split("__"):
        names = {field.name for field in model._meta.get_fields()} | {"pk"}
        if part not in names:
            return True
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if getattr(field, "null", True):
            return True
        model = getattr(field, "related_model", None) or model
    return False


def _encode(row: Any, order: Order) -> str:
    value = getattr(row, CURSOR)
    if not isinstance(value, (int, str, NoneType)):
        value = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return signing.dumps([str(order), value, row.pk], salt=CURSOR)


def _decode(cursor: str, order: Order, field: "Field[Any, Any]") -> tuple[Any, Any] | None:
    """What a cursor says; nothing when it was not made here, for this order."""
    try:
        made_for, value, pk = signing.loads(cursor, salt=CURSOR)
    except signing.BadSignature:
        return None
    if made_for != str(order):
        return None
    return (None if value is None else field.to_python(value)), pk
