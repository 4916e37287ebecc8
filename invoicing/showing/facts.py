"""Details of an e-invoice under a heading; what is empty is left out."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One detail with its term in EN 16931."""

    term: str
    label: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """Details that belong together; `lines` is an address as it is written on a letter."""

    title: str
    lines: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()


def facts(found: Iterable[tuple[str, str, str]]) -> tuple[Fact, ...]:
    """The details (term, label, value) that say something."""
    return tuple(
        Fact(term=term, label=label, value=value) for term, label, value in found if value.strip()
    )
