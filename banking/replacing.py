"""Replacing a collective booking by its single transactions, and knowing it by them.

One source books a batch as one sum, another splits it: the same money twice. The same batch is
what shares a reference of the bank or of the file; without one, day and sum must leave no choice.
Pure: plain data in, decisions out.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, TypeVar

from banking import dedupe
from banking.dedupe import Known, Numbered, Sorted, normalised
from banking.statement import Batch, Row
from workmate.money import format_amount, format_date

PLAIN_NAME = 6  # characters that a reference needs to be looked for in a text

Place = tuple[date, Decimal]
Part = TypeVar("Part", Row, Known)


class More(NamedTuple):
    """What else counts about a stored booking of a batch, or one with the sum of a batch."""

    batch: Batch | None
    is_open: bool
    is_replaced: bool
    has_name: bool
    names: frozenset[str]
    text: str


@dataclass
class Merged:
    """What of a file is new, what it replaces, and what a person should know of it."""

    new: list[Numbered] = field(default_factory=list)
    known: int = 0
    recognised: int = 0
    replaced: list[int] = field(default_factory=list)
    adopted: list[tuple[Batch, set[int]]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, found: Sorted) -> "Merged":
        """Where no batch is split."""
        return cls(found.new, found.known, found.recognised)


@dataclass(frozen=True, slots=True)
class _Group:
    """The single transactions of a batch, in the file (`rows`) or in the account (`items`)."""

    batch: Batch
    on: date
    rows: tuple[Row, ...] = ()
    items: tuple[Known, ...] = ()

    @property
    def place(self) -> Place:
        return self.on, self.batch.amount


def mark_of(amounts: Iterable[Decimal]) -> str:
    """The same for the same amounts in any order."""
    text = " ".join(f"{amount:.2f}" for amount in sorted(amounts))
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def as_json(batch: Batch | None) -> dict[str, object] | None:
    """What is kept of a batch with each of its transactions."""
    if batch is None:
        return None
    return {
        "references": list(batch.references),
        "amount": str(batch.amount),
        "count": batch.count,
        "parts": batch.parts,
    }


def from_json(kept: Mapping[str, object] | None) -> Batch | None:
    """The batch that `as_json` kept."""
    if kept is None:
        return None
    references, count = kept["references"], kept["count"]
    return Batch(
        tuple(map(str, references)) if isinstance(references, list) else (),
        Decimal(str(kept["amount"])),
        count if isinstance(count, int) else None,
        str(kept["parts"]),
    )


def splits(rows: Iterable[Row]) -> set[Place]:
    """Day and sum of each batch that the rows split."""
    return {(row.booked_on, row.batch.amount) for row in rows if row.batch and row.batch.parts}


def sort_out(
    rows: Sequence[Row], known: Sequence[Known], more: Mapping[int, More], *, format_key: str
) -> Merged:
    """Part the rows into new and known ones where the file or the account splits batches."""
    return _Merging(rows, known, more, format_key).run()


class _Merging:
    """One file against one account."""

    def __init__(
        self,
        rows: Sequence[Row],
        known: Sequence[Known],
        more: Mapping[int, More],
        format_key: str,
    ) -> None:
        self.rows, self.known, self.more, self.format = rows, known, more, format_key
        self.done = Merged()
        self.groups = list(_in_file(rows))
        self.stored = list(_in_account(known, more))
        inside = {item.id for group in self.stored for item in group.items}
        self.plain = [item for item in known if item.id not in inside]
        self.singles = [row for row in rows if not (row.batch and row.batch.parts)]
        self.fresh: list[tuple[Row, str]] = []

    def run(self) -> Merged:
        self._know_groups()
        self._know_named_wholes()
        left = self._know_singles()
        order = {id(row): at for at, row in enumerate(self.rows)}
        self._place_groups(left)
        self.fresh.sort(key=lambda pair: order[id(pair[0])])
        self.done.new = dedupe.numbered(self.fresh, self.known)
        return self.done

    def _know_groups(self) -> None:
        """Batches of the file whose transactions the account has."""
        for agree in (_share_name, self._may_be_same):
            for group in list(self.groups):
                found = next((one for one in self.stored if agree(group, one)), None)
                if found is not None:
                    self.groups.remove(group)
                    self._settle(found)
                    self.done.known += len(group.rows)

    def _may_be_same(self, group: _Group, stored: _Group) -> bool:
        """By day and amounts; two different references of one format never pair."""
        if (group.on, group.batch.parts) != (stored.on, stored.batch.parts):
            return False
        named = bool(group.batch.references and stored.batch.references)
        return not (named and stored.items[0].format == self.format)

    def _settle(self, stored: _Group) -> None:
        """The batch answers for something in the file, so its replaced sum answers no more."""
        self.stored.remove(stored)
        for item in self.plain:
            place = (item.booked_on, item.amount)
            if place == stored.place and self._known_more(item).is_replaced:
                self.plain.remove(item)
                return

    def _know_named_wholes(self) -> None:
        """Sums of the file that name a batch of which the account has the transactions."""
        for row in list(self.singles):
            for stored in self.stored:
                at = (row.booked_on, row.amount)
                names, text = _names(row), normalised(row.purpose)
                if at == stored.place and _is_named(stored.batch, names, text):
                    self.singles.remove(row)
                    self._settle(stored)
                    self.done.known += 1
                    break

    def _know_singles(self) -> set[int]:
        """Bookings that are no part of a batch; gives those of the account that nobody claims."""
        sums = Counter((row.booked_on, row.amount) for row in self.singles if self._may_be_sum(row))
        asked = Counter((row.booked_on, row.amount) for row in self.singles)
        exact, others = list(self.plain), list(self.plain)
        for stored in self.stored:
            if sums[stored.place]:
                continue  # the file books it as a whole
            exact += stored.items
            if not Counter((item.booked_on, item.amount) for item in stored.items) - asked:
                others += stored.items
        wholes = self._choose_wholes(exact)
        used = {item.id for item in wholes.values()}
        exact = [item for item in exact if item.id not in used]
        others = [item for item in others if item.id not in used]
        ordered = sorted(self.singles, key=self._may_be_sum)
        left = dedupe.leave(ordered, exact, others, format_key=self.format)
        answered = left.exact | left.recognised
        self.done.known += len(answered)
        self.done.recognised += len(left.recognised)
        self._know_wholes(left.rows, answered)
        self._replace(wholes)
        return {item.id for item in self.plain} - used - answered

    def _know_wholes(self, rows: Iterable[tuple[Row, str]], answered: set[int]) -> None:
        """Sums of the file that are, by day and amount, a batch with all its transactions."""
        gone = {
            (item.booked_on, item.amount): item.id
            for item in self.plain
            if self._known_more(item).is_replaced
        }
        free = [
            stored
            for stored in self.stored
            if stored.place not in gone and answered.isdisjoint(item.id for item in stored.items)
        ]
        for row, mark in rows:
            place = (row.booked_on, row.amount)
            found = next(
                (
                    one
                    for one in free
                    if one.place == place
                    and self._may_be_sum(row)
                    and _counts_agree(row.batch, one.batch)
                ),
                None,
            )
            if found is None:
                self.fresh.append((row, mark))
            else:
                free.remove(found)
                self.done.known += 1
                self.done.recognised += 1

    def _choose_wholes(self, exact: Sequence[Known]) -> dict[int, Known]:
        """For each batch of the file, by its place in `groups`, the sum that the account has."""
        if not self.groups:
            return {}
        claimed = dedupe.leave(self.singles, exact, (), format_key=self.format)
        waiting = Counter((row.booked_on, row.amount) for row, _ in claimed.rows)
        chosen: dict[int, Known] = {}
        sums: dict[Place, list[Known]] = defaultdict(list)
        for item in self.plain:
            if item.id not in claimed.exact and item.id in self.more:
                sums[item.booked_on, item.amount].append(item)
        open_places: dict[Place, list[int]] = defaultdict(list)
        for at, group in enumerate(self.groups):
            fitting = [one for one in sums[group.place] if self._may_be_whole(one, group)]
            named = [one for one in fitting if self._names_it(one, group)]
            if named:
                chosen[at] = named[0]
                sums[group.place].remove(named[0])
            else:
                open_places[group.place].append(at)
        for place, wanting in open_places.items():
            candidates = [
                one
                for one in sums[place]
                if any(self._may_be_whole(one, self.groups[at]) for at in wanting)
            ]
            taken = self._without_choice(candidates, len(wanting), waiting[place])
            if taken is None:
                self.done.told.append(_doubt(place, len(candidates)))
            chosen.update(zip(wanting, taken or (), strict=False))
        return chosen

    def _without_choice(
        self, candidates: Sequence[Known], groups: int, singles: int
    ) -> list[Known] | None:
        """Those that can be nothing but sums of the batches; None where that is open.

        `singles` are rows of the file with the same day and amount that wait for one as well.
        """
        bare = [one for one in candidates if not self._known_more(one).has_name]
        if len(bare) > groups + singles:
            return None
        taken = bare[:groups]
        spare = len(candidates) - len(taken) - singles
        if len(taken) == groups or spare <= 0:
            return taken
        named = [one for one in candidates if self._known_more(one).has_name]
        return [*taken, *named[:spare]] if spare <= groups - len(taken) else None

    def _replace(self, wholes: Mapping[int, Known]) -> None:
        """Details take the place of an undecided sum; of a decided one they are told."""
        for at, whole in wholes.items():
            group = self.groups[at]
            if self._known_more(whole).is_open:
                self.done.replaced.append(whole.id)
                self.done.told.append(_replaced(group))
                self.fresh += [(row, dedupe.fingerprint(row)) for row in group.rows]
            else:
                self.done.known += len(group.rows)
                self.done.told.append(_decided(group))
        self.groups = [group for at, group in enumerate(self.groups) if at not in wholes]

    def _place_groups(self, left: set[int]) -> None:
        """Batches without a sum: the account has all their transactions unmarked, or none.

        What was entered by hand answers for itself.
        """
        rest = [item for item in self.plain if item.id in left]
        for group in self.groups:
            found = dedupe.leave(group.rows, rest, rest, format_key=self.format)
            ids = found.exact | found.recognised
            if found.rows:
                by_hand = [item for item in rest if not item.format]
                found = dedupe.leave(group.rows, by_hand, by_hand, format_key=self.format)
                ids = found.exact | found.recognised
            self.fresh += found.rows
            self.done.known += len(ids)
            self.done.recognised += len(found.recognised)
            if ids:
                self.done.adopted.append((group.batch, ids))
            rest = [item for item in rest if item.id not in ids]

    def _known_more(self, item: Known) -> More:
        return self.more.get(item.id, _NOTHING)

    def _may_be_sum(self, row: Row) -> bool:
        """A camt file tells an ordinary booking from a batch, others do not."""
        named = bool(row.counterparty_name or row.counterparty_iban)
        return not (self.format.startswith("camt") and named and row.batch is None)

    def _may_be_whole(self, item: Known, group: _Group) -> bool:
        more = self._known_more(item)
        if more.is_replaced or not _counts_agree(more.batch, group.batch):
            return False
        if self._names_it(item, group):
            return True
        ordinary = (item.format or "").startswith("camt") and more.has_name and more.batch is None
        other = item.format == self.format and more.names and group.batch.references
        return not (ordinary or other)

    def _names_it(self, item: Known, group: _Group) -> bool:
        more = self._known_more(item)
        return _is_named(group.batch, more.names, more.text)


_NOTHING = More(None, True, False, False, frozenset(), "")


def names_of(batch: Batch | None, *others: str) -> frozenset[str]:
    """All references by which a booking can be the sum of a batch."""
    return frozenset([*others, *(batch.references if batch else ())]) - {""}


def _names(row: Row) -> frozenset[str]:
    return names_of(row.batch, row.bank_reference, row.end_to_end_id)


def _is_named(batch: Batch, names: frozenset[str], text: str) -> bool:
    plain = [normalised(name) for name in batch.references]
    return not names.isdisjoint(batch.references) or any(
        len(name) >= PLAIN_NAME and name in text for name in plain
    )


def _share_name(one: _Group, other: _Group) -> bool:
    same = (one.on, one.batch.parts) == (other.on, other.batch.parts)
    return same and not set(one.batch.references).isdisjoint(other.batch.references)


def _counts_agree(one: Batch | None, other: Batch) -> bool:
    return one is None or one.count is None or other.count is None or one.count == other.count


def _in_file(rows: Iterable[Row]) -> Iterator[_Group]:
    found: dict[tuple[date, int, Batch], list[Row]] = defaultdict(list)
    for row in rows:
        if row.batch and row.batch.parts:
            found[row.booked_on, row.batch.entry, row.batch].append(row)
    for (on, _, batch), own in found.items():
        yield from (_Group(batch, on, rows=tuple(part)) for part in _cut(own, batch))


def _in_account(known: Iterable[Known], more: Mapping[int, More]) -> Iterator[_Group]:
    """Batches of which the account has transactions; equal ones are counted."""
    found: dict[tuple[date, Batch], list[Known]] = defaultdict(list)
    for item in known:
        batch = more[item.id].batch if item.id in more else None
        if batch and batch.parts:
            found[item.booked_on, batch].append(item)
    for (on, batch), own in found.items():
        yield from (_Group(batch, on, items=tuple(part)) for part in _cut(own, batch))


def _cut(own: Sequence[Part], batch: Batch) -> Iterator[Sequence[Part]]:
    size = batch.count or len(own)
    return (own[at : at + size] for at in range(0, len(own), size))


def _decided(group: _Group) -> str:
    return (
        f"Die Sammelbuchung vom {format_date(group.on)} über {format_amount(group.batch.amount)} "
        f"ist schon entschieden; ihre {len(group.rows)} Einzelumsätze wurden nicht übernommen."
    )


def _replaced(group: _Group) -> str:
    return (
        f"Die Sammelbuchung vom {format_date(group.on)} über {format_amount(group.batch.amount)} "
        f"ist durch ihre {len(group.rows)} Einzelumsätze ersetzt."
    )


def _doubt(place: Place, count: int) -> str:
    return (
        f"Am {format_date(place[0])} können {count} Umsätze über {format_amount(place[1])} die "
        "Sammelbuchung sein, deren Einzelumsätze diese Datei nennt. Keiner wurde ersetzt; einer "
        "davon ist vielleicht doppelt."
    )
