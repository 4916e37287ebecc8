"""Net, VAT and gross: the one place where they are computed (EN 16931 BG-22, BG-23).

A line is rounded once (BT-131), VAT is computed per category and rate on the sum of its lines
(BT-117, § 14 (4) Nr. 7 and 8 UStG), and every amount has two decimals, rounded half up.

A document in gross prices is computed from gross: what the customer sees and pays is the sum of
its gross amounts, the net of a rate is taken out of that sum once, and a cent that net plus VAT
then lacks is its rounding (BT-114).

A correction takes back the difference between what was left of its original before it and what is
left after it. So VAT and net are back at zero, to the cent, once everything is corrected, in
however many parts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workmate.money import round_money, round_to

ZERO = Decimal("0.00")
Key = tuple[str, Decimal]


@dataclass(frozen=True, kw_only=True)
class LineInput:
    """What a line is computed from; `discount_percent` and `rate` are percent.

    A discount takes away, by percent or by amount; below zero it is a surcharge.
    """

    quantity: Decimal
    unit_price: Decimal
    discount_percent: Decimal = ZERO
    discount_amount: Decimal = ZERO
    category: str = "S"
    rate: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class AdjustmentInput:
    """A discount or surcharge on the whole document (BG-20, BG-21): `percent` or `amount`.

    With `category` and `rate` it is one of that VAT group alone, as freight is; without them it
    is spread over all groups by what they come to.
    """

    charge: bool = False
    percent: Decimal | None = None
    amount: Decimal | None = None
    category: str | None = None
    rate: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class LineAmounts:
    """A line's amounts: `base` before and `net` after its `discount` (BT-137, BT-136, BT-131).

    `net_price` is the price without VAT (BT-146), `shown` the amount as the document was written:
    net, or gross in a document of gross prices.
    """

    base: Decimal
    discount: Decimal
    net: Decimal
    net_price: Decimal
    shown: Decimal


@dataclass(frozen=True, kw_only=True)
class AdjustmentAmount:
    """What an adjustment comes to in one VAT group (BT-92, BT-99), never negative where its base
    is not; `base` (BT-93, BT-100) only where it is by percent."""

    index: int
    charge: bool
    category: str
    rate: Decimal
    amount: Decimal
    percent: Decimal | None = None
    base: Decimal | None = None

    @property
    def signed(self) -> Decimal:
        """What it adds to the document."""
        return self.amount if self.charge else -self.amount


@dataclass(frozen=True, kw_only=True)
class VatGroup:
    """VAT of one category and rate (BG-23); `written` is its sum in the prices of the document.

    `left` is what was left of the corrected document, on a correction.
    """

    category: str
    rate: Decimal
    base: Decimal
    tax: Decimal
    written: Decimal = ZERO
    left: "VatGroup | None" = None


@dataclass(frozen=True, kw_only=True)
class DocumentTotals:
    """All amounts of a document; `lines` in the order of the input, `groups` by falling rate.

    `line_total` (BT-106) less `allowances` (BT-107) plus `charges` (BT-108) is `net` (BT-109);
    `gross` (BT-112) plus `rounding` (BT-114) is `payable` (BT-115).
    """

    lines: tuple[LineAmounts, ...]
    adjustments: tuple[AdjustmentAmount, ...]
    groups: tuple[VatGroup, ...]
    line_total: Decimal
    allowances: Decimal
    charges: Decimal
    net: Decimal
    vat: Decimal
    gross: Decimal
    rounding: Decimal
    payable: Decimal


def compute(
    lines: Sequence[LineInput],
    adjustments: Sequence[AdjustmentInput] = (),
    *,
    prices_gross: bool = False,
    left: Mapping[Key, VatGroup] | None = None,
) -> DocumentTotals:
    """The totals of a document; an empty one is zero throughout.

    `left` is what is left of the document that this one corrects.
    """
    left = left or {}
    written = [_written(line) for line in lines]
    keys: list[Key] = [(line.category, line.rate) for line in lines]
    sums = _sums(zip(keys, (amounts.net for amounts in written), strict=True))
    parts = tuple(_spread(adjustments, sums))
    shown = _with_parts(sums, parts)
    payable = sum(shown.values(), ZERO)
    if prices_gross:
        written, parts = _without_vat(lines, written, parts, left)
        sums = _sums(zip(keys, (amounts.net for amounts in written), strict=True))
    bases = _with_parts(sums, parts)
    groups = tuple(_groups(bases, shown, left))
    net = sum(bases.values(), ZERO)
    vat = sum((group.tax for group in groups), ZERO)
    gross = net + vat
    rounding = payable - gross if prices_gross else ZERO
    return DocumentTotals(
        lines=tuple(written),
        adjustments=parts,
        groups=groups,
        line_total=sum(sums.values(), ZERO),
        allowances=sum((part.amount for part in parts if not part.charge), ZERO),
        charges=sum((part.amount for part in parts if part.charge), ZERO),
        net=net,
        vat=vat,
        gross=gross,
        rounding=rounding,
        payable=gross + rounding,
    )


def less(totals: DocumentTotals, paid: Sequence[VatGroup], payable: Decimal) -> DocumentTotals:
    """The totals without what was paid in advance, by VAT group and with VAT.

    The VAT that is left is that of the whole less that of the advances, to the cent; `payable`
    is what all advances come to.
    """
    groups = {(one.category, one.rate): one for one in totals.groups}
    for one in paid:
        key = (one.category, one.rate)
        before = groups.get(key) or VatGroup(
            category=one.category, rate=one.rate, base=ZERO, tax=ZERO
        )
        groups[key] = replace(before, base=before.base - one.base, tax=before.tax - one.tax)
    net = sum((group.base for group in groups.values()), ZERO)
    vat = sum((group.tax for group in groups.values()), ZERO)
    owed = totals.payable - payable
    return replace(
        totals,
        groups=tuple(groups.values()),
        line_total=totals.line_total + net - totals.net,
        net=net,
        vat=vat,
        gross=net + vat,
        rounding=owed - net - vat,
        payable=owed,
    )


def _written(line: LineInput) -> LineAmounts:
    """The amounts of one line in the prices that it was written in, each rounded to cents."""
    base = round_money(line.quantity * line.unit_price)
    discount = round_money(base * line.discount_percent / 100 + line.discount_amount)
    net = base - discount
    return LineAmounts(base=base, discount=discount, net=net, net_price=line.unit_price, shown=net)


def _sums(pairs: Iterator[tuple[Key, Decimal]] | zip) -> dict[Key, Decimal]:
    found: dict[Key, Decimal] = {}
    for key, amount in pairs:
        found[key] = found.get(key, ZERO) + amount
    return found


def _with_parts(
    sums: Mapping[Key, Decimal], parts: Sequence[AdjustmentAmount]
) -> dict[Key, Decimal]:
    """The sums of the lines with what is added to or taken off each VAT group."""
    found = dict(sums)
    for part in parts:
        key = (part.category, part.rate)
        found[key] = found.get(key, ZERO) + part.signed
    return found


def _spread(
    adjustments: Sequence[AdjustmentInput], sums: dict[Key, Decimal]
) -> Iterator[AdjustmentAmount]:
    """Every adjustment by VAT group; shares of a fixed amount lose no cent."""
    for index, one in enumerate(adjustments):
        if one.category is not None:
            key = (one.category, one.rate)
            shares = [(key, sums.get(key, ZERO))]
        else:
            shares = [(key, total) for key, total in sums.items() if total]
        for key, amount, base in _shares(one, shares):
            yield AdjustmentAmount(
                index=index,
                charge=one.charge,
                category=key[0],
                rate=key[1],
                amount=amount,
                percent=one.percent,
                base=base,
            )


def _shares(
    one: AdjustmentInput, shares: Sequence[tuple[Key, Decimal]]
) -> Iterator[tuple[Key, Decimal, Decimal | None]]:
    if one.percent is not None:
        for key, total in shares:
            if amount := round_money(total * one.percent / 100):
                yield key, amount, total
        return
    whole, given, passed = sum((total for _, total in shares), ZERO), ZERO, ZERO
    for key, total in shares:
        passed += total
        # Rounded on the running sum, so that the shares add up to the amount.
        until = round_money((one.amount or ZERO) * passed / whole) if whole else one.amount or ZERO
        if amount := until - given:
            yield key, amount, None
        given = until


def _without_vat(
    lines: Sequence[LineInput],
    written: Sequence[LineAmounts],
    parts: Sequence[AdjustmentAmount],
    left: Mapping[Key, VatGroup],
) -> tuple[list[LineAmounts], tuple[AdjustmentAmount, ...]]:
    """The net amounts of gross ones: VAT is taken out of the running sum of each group."""
    running = {key: -group.written for key, group in left.items()}

    def net_of(key: Key, gross: Decimal) -> Decimal:
        before = running.get(key, ZERO)
        running[key] = before + gross
        return _net(running[key], key[1]) - _net(before, key[1])

    net_lines = []
    for line, amounts in zip(lines, written, strict=True):
        net = net_of((line.category, line.rate), amounts.net)
        base = _net(amounts.base, line.rate) if amounts.discount else net
        price = round_to(line.unit_price / (1 + line.rate / 100), 8)
        net_lines.append(replace(amounts, base=base, discount=base - net, net=net, net_price=price))
    net_parts = []
    for part in parts:
        signed = net_of((part.category, part.rate), part.signed)
        before = None if part.base is None else _net(part.base, part.rate)
        net_parts.append(replace(part, amount=signed if part.charge else -signed, base=before))
    return net_lines, tuple(net_parts)


def _net(gross: Decimal, rate: Decimal) -> Decimal:
    return round_money(gross / (1 + rate / 100))


def _groups(
    bases: Mapping[Key, Decimal], shown: Mapping[Key, Decimal], left: Mapping[Key, VatGroup]
) -> Iterator[VatGroup]:
    for key, base in sorted(bases.items(), key=lambda item: (-item[0][1], item[0][0])):
        category, rate = key
        tax, before = round_money(base * rate / 100), left.get(key)
        if before:
            tax = before.tax - round_money((before.base - base) * rate / 100)
        yield VatGroup(
            category=category, rate=rate, base=base, tax=tax, written=shown[key], left=before
        )
