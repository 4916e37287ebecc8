"""Document numbers found in the text of a transfer, in whatever way people write them.

Nothing about the form of a number is assumed: it is learnt from the numbers themselves. A text
is cut into runs of letters and of digits; neighbouring runs are put together and looked up. A
run is taken whole or not at all, so that `RE-2026-10001` never contains `RE-2026-1000`.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from banking.runs import (
    INVOICE_WORDS,
    STOPS,
    Run,
    ends_with_word,
    goes_on,
    may_stand_before,
    named_otherwise,
    runs_of,
)

_LOOK_ALIKE = str.maketrans("OIL", "011")
_DIGITS = re.compile(r"(?<!\S)\S*\d\S*?(?=[,;:.!]*(?:\s|$))")  # a word that has digits in it
_MOST_RUNS = 9
_OPENING = 3  # characters by which most other words are told from numbers


class Spelling(IntEnum):
    """How a number was written, best last."""

    SHORT = 1
    NO_PREFIX = 2
    FEWER_ZEROS = 3
    LOOK_ALIKE = 4
    RESPACED = 5
    EXACT = 6


class Hit(NamedTuple):
    """A number found: its owner's key, how it was written and where (runs `first` to `last`)."""

    key: Hashable
    spelling: Spelling
    start: int
    end: int
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class _Form:
    """A number taken apart: letters before, groups of digits, all of it without separators."""

    prefix: str
    groups: tuple[str, ...]
    compact: str
    written: str

    @property
    def digits(self) -> str:
        return "".join(self.groups)

    @property
    def significant(self) -> tuple[str, ...]:
        return tuple(group.lstrip("0") or "0" for group in self.groups)


def squashed(text: str) -> str:
    """Letters and digits alone, look-alikes as digits.

    Whatever `NumberIndex.find` finds in the text, its last digits stand in here in one piece.
    """
    return "".join(filter(str.isalnum, text.upper())).translate(_LOOK_ALIKE)


def has_swapped(text: str, number: str) -> bool:
    """Whether the text holds the number but for two neighbouring digits of its last group."""
    written = squashed(text)
    form = _form(number).compact.translate(_LOOK_ALIKE)
    tail = len(_form(number).groups[-1]) if _form(number).groups else 0
    for at in range(max(1, len(form) - tail + 1), len(form)):
        left, right = form[at - 1], form[at]
        if left != right and f"{form[: at - 1]}{right}{left}{form[at + 1 :]}" in written:
            return True
    return False


@lru_cache(maxsize=4096)
def _form(number: str) -> _Form:
    written = number.upper()
    runs = [run for part in runs_of(written) for run in part]
    first_digits = next((at for at, run in enumerate(runs) if run.digits), len(runs))
    return _Form(
        prefix="".join(run.text for run in runs[:first_digits]),
        groups=tuple(run.text for run in runs if run.digits),
        compact="".join(run.text for run in runs),
        written=written,
    )


class NumberIndex:
    """Numbers to look for, each with a key of its owner; built once, asked for every text."""

    def __init__(self, numbers: Iterable[tuple[str, Hashable]] = ()) -> None:
        self._written: dict[str, list[Hashable]] = defaultdict(list)
        self._compact: dict[str, list[tuple[Hashable, str]]] = defaultdict(list)
        self._look_alike: dict[str, list[Hashable]] = defaultdict(list)
        self._digits: dict[str, list[tuple[Hashable, str]]] = defaultdict(list)
        self._fewer_zeros: dict[tuple[str, tuple[str, ...]], list[Hashable]] = defaultdict(list)
        self._any_prefix: dict[tuple[str, ...], list[Hashable]] = defaultdict(list)
        self._short: dict[tuple[str, str], list[Hashable]] = defaultdict(list)
        self._prefixes: set[str] = set()
        self._openings: set[str] = set()  # of numbers, a few characters, look-alikes as digits
        self._longest = 1
        for number, key in numbers:
            self.add(number, key)

    def add(self, number: str, key: Hashable) -> None:
        """Learn a number; one without a digit cannot be told from a word and is left out."""
        form = _form(number)
        if not form.groups:
            return
        self._compact[form.compact].append((key, form.written))
        if form.prefix and form.written.startswith(form.prefix):
            self._written[form.written].append(key)
        self._look_alike[form.compact.translate(_LOOK_ALIKE)].append(key)
        if len(form.digits) >= 4 and form.prefix:
            self._digits[form.digits].append((key, form.prefix))
        self._fewer_zeros[form.prefix, form.significant].append(key)
        self._any_prefix[form.significant].append(key)
        if len(form.groups) > 1 and form.prefix:
            self._short[form.prefix, form.significant[-1]].append(key)
        self._prefixes.add(form.prefix)
        for start in (form.compact.translate(_LOOK_ALIKE), form.digits):
            self._openings |= {start[:length] for length in range(1, _OPENING + 1)}
        self._longest = max(self._longest, len(form.compact))

    @property
    def prefixes(self) -> set[str]:
        return self._prefixes

    def find(self, text: str) -> list[Hit]:
        """The best hit for every owner, hits inside a longer one left out."""
        text = text.upper()
        if (only := self._only_one(text)) is not None:
            return only
        hits: dict[Hashable, Hit] = {}
        parts = [part for part in runs_of(text) if any(run.digits for run in part)]
        for part in map(self._parted, parts):
            for hit in self._in_part(part, text):
                if hit.key not in hits or hits[hit.key].spelling < hit.spelling:
                    hits[hit.key] = hit
        return _without_contained(sorted(hits.values(), key=lambda hit: hit.start), text)

    def _only_one(self, text: str) -> list[Hit] | None:
        """The hit where one number stands there as it was given and no other digits do.

        Most transfers are like that; it says what the long way says, in a tenth of the time. None
        where only the long way can tell; without digits there is no number at all.
        """
        words = list(_DIGITS.finditer(STOPS.sub(" ", text)))
        if not words:
            return []
        owners = self._written.get(words[0][0])
        if len(words) > 1 or owners is None or len(owners) > 1:
            return None
        start = text.index(words[0][0])
        return [Hit(owners[0], Spelling.EXACT, start, start + len(words[0][0]))]

    def _parted(self, part: list[Run]) -> list[Run]:
        """`RECHNUNGRE` before digits is the word and the prefix."""
        result = []
        for run in part:
            if known := self._prefix_at_the_end(run):
                cut = run.end - len(known)
                result.append(run._replace(text=run.text[: -len(known)], end=cut))
                run = Run(known, cut, run.end, digits=False, glue="")
            result.append(run)
        return result

    def _prefix_at_the_end(self, run: Run) -> str:
        if not run.digits:
            for known in self._prefixes:
                if ends_with_word(run, known):
                    return known
        return ""

    def _in_part(self, part: list[Run], text: str) -> Iterator[Hit]:
        for first, run in enumerate(part):
            if not self._may_open(part, first) or (run.digits and named_otherwise(part, first)):
                continue
            joined = ""
            for last in range(first, min(len(part), first + _MOST_RUNS)):
                joined += part[last].text
                if len(joined) > self._longest + 2:
                    break
                hits = self._spelled(part, first, last, joined, text)
                if hits and not goes_on(part, first, last):
                    yield from hits

    def _spelled(self, part: list[Run], first: int, last: int, joined: str, text: str) -> list[Hit]:
        """What these runs together spell, the best spelling first."""
        hits: list[Hit] = []
        start, end = part[first].start, part[last].end
        if (alike := joined.translate(_LOOK_ALIKE)) in self._look_alike:
            hits += self._exact(joined, alike, start, end, text)
        if part[first].digits:
            for key, prefix in self._digits.get(joined, ()):
                if may_stand_before(part, first, prefix):
                    hits.append(Hit(key, Spelling.NO_PREFIX, start, end))
        elif last > first and part[first + 1].digits and part[last].digits:
            hits += self._by_groups(part[first : last + 1])
        return hits

    def _may_open(self, part: list[Run], first: int) -> bool:
        """Whether any number, or the word for one and its digits, begins like this run."""
        text = part[first].text
        if text[:_OPENING].translate(_LOOK_ALIKE) in self._openings:
            return True
        return text in INVOICE_WORDS and first + 1 < len(part) and part[first + 1].digits

    def _exact(self, joined: str, alike: str, start: int, end: int, text: str) -> Iterator[Hit]:
        for key, written in self._compact.get(joined, ()):
            same = text[start:end] == written
            yield Hit(key, Spelling.EXACT if same else Spelling.RESPACED, start, end)
        if len(joined) >= 5 and not joined.isalpha():
            for key in self._look_alike[alike]:
                yield Hit(key, Spelling.LOOK_ALIKE, start, end)

    def _by_groups(self, runs: list[Run]) -> Iterator[Hit]:
        """Numbers whose groups of digits after a word are these, whatever zeros lead them."""
        word, start, end = runs[0].text, runs[0].start, runs[-1].end
        is_for_invoices = word in INVOICE_WORDS
        if not (is_for_invoices or word in self._prefixes) or not all(
            run.digits for run in runs[1:]
        ):
            return
        significant = tuple([run.text.lstrip("0") or "0" for run in runs[1:]])
        for key in self._fewer_zeros.get((word, significant), ()):
            yield Hit(key, Spelling.FEWER_ZEROS, start, end)
        if is_for_invoices and word not in self._prefixes:
            for key in self._any_prefix.get(significant, ()):
                yield Hit(key, Spelling.NO_PREFIX, start, end)
        if len(significant) == 1:
            for key in self._short.get((word, significant[0]), ()):
                yield Hit(key, Spelling.SHORT, start, end)


def _without_contained(hits: list[Hit], text: str) -> list[Hit]:
    """Leave out hits inside longer ones.

    A line wrap in the middle cannot be told from a number followed by another: in
    `RE-2026-1000 1` both numbers, where both exist, stay and are unsure.
    """
    result = []
    for hit in hits:
        longer = [
            other
            for other in hits
            if (other.start <= hit.start and hit.end <= other.end)
            and (other.end - other.start) > (hit.end - hit.start)
        ]
        wrapped = [other for other in longer if text[hit.end : other.end].strip().isdigit()]
        if longer and len(wrapped) < len(longer):
            continue
        shorter = any(
            hit.start <= other.start
            and other.end < hit.end
            and text[other.end : hit.end].strip().isdigit()
            for other in hits
            if other is not hit
        )
        same_place = any(
            other is not hit and (other.start, other.end) == (hit.start, hit.end) for other in hits
        )
        result.append(hit._replace(unsure=bool(wrapped) or shorter or same_place))
    return result
