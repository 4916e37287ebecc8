"""Net, VAT and gross: the one place where they are computed (EN 16931 BG-22, BG-23).

A line is rounded once (BT-131), VAT is computed per category and rate on the sum of its lines
(BT-117, § 14 (4) Nr. 7 and 8 UStG), and every amount has two decimals, rounded half up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workmate.money import round_money

ZERO = Decimal("0.00")


@dataclass(frozen=True, kw_only=True)
class LineInput:
    """What a line is computed from; `discount_percent` and `rate` are percent, prices net EUR."""

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal = ZERO
    category: str = "S"
    rate: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class LineAmounts:
    """A line's amounts: `base` before and `net` after its `discount` (BT-137, BT-136, BT-131)."""

    base: Decimal
    discount: Decimal
    net: Decimal


@dataclass(frozen=True, kw_only=True)
class VatGroup:
    """VAT of one category and rate (BG-23)."""

    category: str
    rate: Decimal
    base: Decimal
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class DocumentTotals:
    """All amounts of a document; `lines` in the order of the input, `groups` by falling rate."""

    lines: tuple[LineAmounts, ...]
    groups: tuple[VatGroup, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal


def line_amounts(line: LineInput) -> LineAmounts:
    """The amounts of one line, each rounded to cents."""
    base = round_money(line.quantity * line.unit_price)
    discount = round_money(base * line.discount_percent / 100)
    return LineAmounts(base=base, discount=discount, net=base - discount)


def compute(lines: Sequence[LineInput]) -> DocumentTotals:
    """The totals of a document; an empty one is zero throughout."""
    amounts = tuple(line_amounts(line) for line in lines)
    groups = tuple(_groups(zip(lines, amounts, strict=True)))
    net = sum((amount.net for amount in amounts), ZERO)
    vat = sum((group.tax for group in groups), ZERO)
    return DocumentTotals(lines=amounts, groups=groups, net=net, vat=vat, gross=net + vat)


def _groups(pairs: Iterable[tuple[LineInput, LineAmounts]]) -> Iterable[VatGroup]:
    bases: dict[tuple[str, Decimal], Decimal] = {}
    for line, amount in pairs:
        key = (line.category, line.rate)
        bases[key] = bases.get(key, ZERO) + amount.net
    for (category, rate), base in sorted(bases.items(), key=lambda item: (-item[0][1], item[0][0])):
        tax = round_money(base * rate / 100)
        yield VatGroup(category=category, rate=rate, base=base, tax=tax)
