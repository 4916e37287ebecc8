"""Drawing: figures become coordinates of an SVG. The templates write them, CSS colours them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboard.figures import Month
from dashboard.receivables import Age
from workmate.drawing import BASE, HEIGHT, LEFT, WIDTH, Grid, round_up

_MONTHS = "Jan Feb März Apr Mai Juni Juli Aug Sept Okt Nov Dez".split()


@dataclass(frozen=True)
class Bar:
    """A bar from the line of zero upwards."""

    css: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Group:
    """The bars of one month with its label."""

    month: Month
    label: str
    middle: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class BarChart:
    """Revenue, the year before and expenses by month."""

    groups: tuple[Group, ...]
    grid: tuple[Grid, ...]
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE


@dataclass(frozen=True)
class Slice:
    """A part of a stacked bar that is 100 wide."""

    age: Age
    css: str
    x: Decimal
    width: Decimal


def bar_chart(months: Sequence[Month]) -> BarChart:
    """Bars for up to some thirty months; an amount below zero has no bar."""
    amounts = [(month.revenue_before, month.revenue, month.expenses) for month in months]
    top = round_up(max((max(row) for row in amounts), default=Decimal(0)))
    room = BASE - 14
    slot = (WIDTH - LEFT) // max(len(months), 1)
    bar = max(2, min(18, (slot - 6) // 3))
    groups = []
    for index, (month, row) in enumerate(zip(months, amounts, strict=True)):
        left = LEFT + index * slot + (slot - 3 * bar - 4) // 2
        bars = tuple(
            Bar(css, left + place * (bar + 2), BASE - height, bar, height)
            for place, (css, amount) in enumerate(zip(("before", "in", "out"), row, strict=True))
            if (height := _height(amount, top, room))
        )
        label = _MONTHS[month.first.month - 1]
        groups.append(Group(month, label, LEFT + index * slot + slot // 2, bars))
    grid = tuple(Grid(BASE - room * step // 2, top * step / 2) for step in (1, 2))
    return BarChart(tuple(groups), grid)


def spark_line(values: Sequence[Decimal]) -> str:
    """The path of a line through the values in a box of 100 by 34; empty below two values."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    reach = (high - low) or Decimal(1)
    points = [
        f"{100 * index // (len(values) - 1)} {30 - int((value - low) / reach * 26)}"
        for index, value in enumerate(values)
    ]
    return "M" + "L".join(points)


def stacked(ages: Sequence[Age]) -> tuple[Slice, ...]:
    """The ages as parts of one bar."""
    total = sum((age.amount for age in ages), Decimal(0))
    if not total:
        return ()
    slices, x = [], Decimal(0)
    for index, age in enumerate(ages):
        width = (age.amount / total * 100).quantize(Decimal("0.01"))
        slices.append(Slice(age, f"age-{index}", x, width))
        x += width
    return tuple(slices)


def _height(amount: Decimal, top: Decimal, room: int) -> int:
    if amount <= 0 or not top:
        return 0
    return max(1, int(amount / top * room))
