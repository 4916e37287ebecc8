"""Which days the statements of an account cover, and whether each goes on where the last ended.

A statement begins with its first booking. Days without a statement may be days without a
booking: only equal balances prove it, and different ones prove that something is missing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Span:
    """What a statement says about its period."""

    id: int
    name: str
    first_on: date
    last_on: date
    opening: Decimal | None = None
    closing: Decimal | None = None


class Joint(StrEnum):
    """How a statement follows the ones before it."""

    FIRST = "first"
    PROVEN = "proven"
    NEXT = "next"
    OVERLAP = "overlap"
    GAP = "gap"
    DIFFERS = "differs"


@dataclass(frozen=True, slots=True)
class Link:
    """A statement, how it follows, over how many days (of a gap or an overlap), what is missing.

    `missing` is the opening balance less the closing one before it.
    """

    span: Span
    joint: Joint
    days: int = 0
    missing: Decimal = Decimal(0)

    @property
    def is_bad(self) -> bool:
        return self.joint in (Joint.GAP, Joint.DIFFERS)


def chain(spans: Iterable[Span]) -> Iterator[Link]:
    """The statements by their days, each with how it follows the furthest one before it."""
    last: Span | None = None
    for span in sorted(spans, key=lambda span: (span.first_on, span.last_on, span.id)):
        yield _link(last, span)
        # Of two that end on one day the later import knows more of it.
        if last is None or (span.last_on, span.id) > (last.last_on, last.id):
            last = span


def _link(last: Span | None, span: Span) -> Link:
    if last is None:
        return Link(span, Joint.FIRST)
    if span.first_on <= last.last_on:
        end = min(span.last_on, last.last_on)
        return Link(span, Joint.OVERLAP, (end - span.first_on).days + 1)
    between = (span.first_on - last.last_on - timedelta(1)).days
    if last.closing is not None and span.opening is not None:
        missing = span.opening - last.closing
        return Link(span, Joint.DIFFERS if missing else Joint.PROVEN, between, missing)
    return Link(span, Joint.GAP if between else Joint.NEXT, between)
