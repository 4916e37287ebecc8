"""What all charts share: the size of the box and round amounts at the axis."""

from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, BASE = 720, 196, 170  # px of the view box; BASE is the lowest line
LEFT = 48  # px for the amounts at the axis
_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Grid:
    """A horizontal line with the amount it stands for."""

    y: int
    amount: Decimal


def round_up(amount: Decimal) -> Decimal:
    """The next round amount above: 1, 2, 2.5, 5 or 10 times a power of ten; 1 for nothing."""
    if amount <= 0:
        return Decimal(1)
    power = Decimal(10) ** (amount.adjusted())
    return next(step * power for step in _STEPS if step * power >= amount)
