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
    OTHER_WORDS,
    STOPS,
    Run,
    goes_on,
    may_stand_before,
    named_otherwise,
    runs_of,
)

_LOOK_ALIKE = str.maketrans("OIL", "011")
_A_DIGIT = re.compile(r"\d")
_LETTERS_DIGITS = re.compile(r"([^\W\d_]+)(\d+)")
_LAST_LETTERS = re.compile(r"([^\W\d_]+)[\W_]*$")
_MOST_RUNS = 9


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


def has_swapped(written: str, number: str) -> bool:
    """Whether a `squashed` text holds the number but for two neighbouring digits of its end."""
    form, tail = _form_and_tail(number)
    if form[: len(form) - tail] not in written:
        return False
    for at in range(max(1, len(form) - tail + 1), len(form)):
        left, right = form[at - 1], form[at]
        if left != right and f"{form[: at - 1]}{right}{left}{form[at + 1 :]}" in written:
            return True
    return False


@lru_cache(maxsize=4096)
def _form_and_tail(number: str) -> tuple[str, int]:
    """The number without separators, and how long its last group of digits is."""
    form = _form(number)
    return form.compact.translate(_LOOK_ALIKE), len(form.groups[-1]) if form.groups else 0


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
        self._written: dict[str, list[tuple[Hashable, _Form]]] = defaultdict(list)
        self._compact: dict[str, list[tuple[Hashable, str]]] = defaultdict(list)
        self._look_alike: dict[str, list[Hashable]] = defaultdict(list)
        self._digits: dict[str, list[tuple[Hashable, str]]] = defaultdict(list)
        self._fewer_zeros: dict[tuple[str, tuple[str, ...]], list[Hashable]] = defaultdict(list)
        self._any_prefix: dict[tuple[str, ...], list[Hashable]] = defaultdict(list)
        self._short: dict[tuple[str, str], list[Hashable]] = defaultdict(list)
        self._prefixes: set[str] = set()
        self._word_and_prefix: dict[str, str] = {}  # `RECHNUNGRE`: its end is the prefix
        self._openings: set[str] = set()  # all that a number begins with, look-alikes as digits
        for number, key in numbers:
            self.add(number, key)

    def add(self, number: str, key: Hashable) -> None:
        """Learn a number; one without a digit cannot be told from a word and is left out."""
        form = _form(number)
        if not form.groups:
            return
        self._compact[form.compact].append((key, form.written))
        if form.written.startswith(form.prefix) and not STOPS.search(form.written):
            self._written[form.written].append((key, form))
        self._look_alike[form.compact.translate(_LOOK_ALIKE)].append(key)
        if len(form.digits) >= 4 and form.prefix:
            self._digits[form.digits].append((key, form.prefix))
        self._fewer_zeros[form.prefix, form.significant].append(key)
        self._any_prefix[form.significant].append(key)
        if len(form.groups) > 1 and form.prefix:
            self._short[form.prefix, form.significant[-1]].append(key)
        if form.prefix not in self._prefixes:
            self._prefixes.add(form.prefix)
            if form.prefix:
                joined = (word + form.prefix for word in INVOICE_WORDS)
                self._word_and_prefix.update(dict.fromkeys(joined, form.prefix))
        for opening in (form.compact.translate(_LOOK_ALIKE), form.digits):
            while opening and opening not in self._openings:
                self._openings.add(opening)
                opening = opening[:-1]

    def find(self, text: str) -> list[Hit]:
        """The best hit for every owner, hits inside a longer one left out."""
        text = text.upper()
        if (plain := self._plain(text)) is not None:
            return plain
        hits: dict[Hashable, Hit] = {}
        parts = [part for part in runs_of(text) if any(run.digits for run in part)]
        for part in map(self._parted, parts):
            for hit in self._in_part(part, text):
                if hit.key not in hits or hits[hit.key].spelling < hit.spelling:
                    hits[hit.key] = hit
        return _without_contained(sorted(hits.values(), key=lambda hit: hit.start), text)

    def _plain(self, text: str) -> list[Hit] | None:
        """The hits where numbers stand there as they were given and no other digits mean anything.

        Most transfers are like that; it says what the long way says, in a tenth of the time. None
        where only the long way can tell; without digits there is no number at all.
        """
        hits: dict[Hashable, Hit] = {}
        before, end = "", 0
        for raw in text.replace("+", " ").split():
            if raw.isalpha() or not _A_DIGIT.search(raw):
                continue
            word = raw.rstrip(",;:.!")
            if before and before + word[0].translate(_LOOK_ALIKE) in self._openings:
                return None
            before = ""
            if (owners := self._written.get(word)) is not None:
                start = text.index(word, end)
                end = start + len(word)
                key, form = owners[0]
                if len(owners) > 1 or not (form.prefix or self._is_sure(form, text[:start])):
                    return None
                hits.setdefault(key, Hit(key, Spelling.EXACT, start, end))
                before = form.compact.translate(_LOOK_ALIKE)
            elif not (STOPS.fullmatch(raw) or self._is_no_number(word)):
                return None
        return list(hits.values())

    def _is_sure(self, form: _Form, before: str) -> bool:
        """Whether a number without letters is no other one, by the word before it."""
        if form.compact in self._digits or len(self._any_prefix[form.significant]) > 1:
            return False
        letters = _LAST_LETTERS.search(before)
        return letters is None or letters[1] not in OTHER_WORDS

    def _is_no_number(self, word: str) -> bool:
        """Whether letters and digits, like a customer's number, are nothing that numbers hold."""
        match = _LETTERS_DIGITS.fullmatch(word)
        if match is None or match[1] in INVOICE_WORDS or match[1] in self._word_and_prefix:
            return False
        return (
            match[1] not in self._prefixes
            and match[2] not in self._openings
            and word.translate(_LOOK_ALIKE) not in self._openings
        )

    def _parted(self, part: list[Run]) -> list[Run]:
        """`RECHNUNGRE` before digits is the word and the prefix."""
        known = self._word_and_prefix
        if not any(run.text in known for run in part):
            return part
        result = []
        for run in part:
            if prefix := known.get(run.text):
                cut = run.end - len(prefix)
                result.append(run._replace(text=run.text[: -len(prefix)], end=cut))
                run = Run(prefix, cut, run.end, digits=False, glue="")
            result.append(run)
        return result

    def _in_part(self, part: list[Run], text: str) -> Iterator[Hit]:
        for first, run in enumerate(part):
            if run.digits and named_otherwise(part, first):
                continue
            opening = run.text if run.digits else run.text.translate(_LOOK_ALIKE)
            if opening in self._openings:
                yield from self._spelled(part, first, text)
            if run.text in INVOICE_WORDS or run.text in self._prefixes:
                yield from self._by_groups(part, first)

    def _spelled(self, part: list[Run], first: int, text: str) -> Iterator[Hit]:
        """What runs from this one on spell."""
        start, joined, alike = part[first].start, "", ""
        for last in range(first, min(len(part), first + _MOST_RUNS)):
            run = part[last]
            joined += run.text
            alike += run.text if run.digits else run.text.translate(_LOOK_ALIKE)
            if alike not in self._openings:
                break
            is_spelled = alike in self._look_alike
            digits = self._digits.get(joined, ()) if part[first].digits else ()
            if (is_spelled or digits) and not goes_on(part, first, last):
                if is_spelled:
                    yield from self._exact(joined, alike, start, run.end, text)
                for key, prefix in digits:
                    if may_stand_before(part, first, prefix):
                        yield Hit(key, Spelling.NO_PREFIX, start, run.end)

    def _exact(self, joined: str, alike: str, start: int, end: int, text: str) -> Iterator[Hit]:
        for key, written in self._compact.get(joined, ()):
            same = text[start:end] == written
            yield Hit(key, Spelling.EXACT if same else Spelling.RESPACED, start, end)
        if len(joined) >= 5 and not joined.isalpha():
            for key in self._look_alike[alike]:
                yield Hit(key, Spelling.LOOK_ALIKE, start, end)

    def _by_groups(self, part: list[Run], first: int) -> Iterator[Hit]:
        """Numbers whose groups of digits after a word are these, whatever zeros lead them."""
        word, start = part[first].text, part[first].start
        is_prefix = word in self._prefixes
        significant: tuple[str, ...] = ()
        for last in range(first + 1, min(len(part), first + _MOST_RUNS)):
            run = part[last]
            if not run.digits:
                return
            significant += (run.text.lstrip("0") or "0",)
            found = [
                (key, Spelling.FEWER_ZEROS)
                for key in self._fewer_zeros.get((word, significant), ())
            ]
            if not is_prefix:
                found += [
                    (key, Spelling.NO_PREFIX) for key in self._any_prefix.get(significant, ())
                ]
            if last == first + 1:
                found += [
                    (key, Spelling.SHORT) for key in self._short.get((word, significant[0]), ())
                ]
            if found and not goes_on(part, first, last):
                yield from (Hit(key, spelling, start, run.end) for key, spelling in found)


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
