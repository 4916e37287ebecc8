"""Filters that write figures the German way, in pages and documents alike."""

import datetime
from decimal import Decimal

from django import template
from django.utils.timezone import localtime

from workmate.money import (
    format_amount,
    format_date,
    format_decimal,
    format_money,
    format_quantity,
)

register = template.Library()

NBSP = "\u00a0"


@register.filter
def amount(value: Decimal | None) -> str:
    """An amount without its currency: 1.190,00; nothing for None."""
    return "" if value is None else format_amount(value)


@register.filter
def money(value: Decimal | None, currency: str = "EUR") -> str:
    """An amount with its currency; nothing for None."""
    return "" if value is None else format_money(value, currency)


@register.filter
def price(value: Decimal | None) -> str:
    """A unit price: cents always, more places where it has them (up to eight)."""
    return "" if value is None else format_decimal(value, 2, most=8)


@register.filter
def quantity(value: Decimal | None) -> str:
    """A quantity without idle zeros: 3, 1,5, 0,0025."""
    return "" if value is None else format_quantity(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """A rate given in percent: 19 %, 5,5 %."""
    return "" if value is None else f"{format_decimal(value, 0, most=2)}{NBSP}%"


@register.filter
def integer(value: int | None) -> str:
    """A count with its thousands set apart: 12.345."""
    return "" if value is None else format_decimal(Decimal(value), 0)


@register.filter
def day(value: datetime.date | None) -> str:
    """A date: 22.11.2026."""
    return "" if value is None else format_date(value)


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """A moment in German time: 22.11.2026, 14:05."""
    return "" if value is None else f"{localtime(value):%d.%m.%Y, %H:%M}"


@register.filter
def iban(value: str) -> str:
    """An IBAN in groups of four: DE02 1203 0000 0000 2020 51."""
    compact = "".join(value.split())
    return NBSP.join(compact[i : i + 4] for i in range(0, len(compact), 4))


@register.filter
def thousands(amount: Decimal) -> str:
    """An axis label: 500, 10 T, 2,5 Mio., −10 T."""
    sign, size = ("−" if amount < 0 else ""), abs(amount)
    if size >= 1_000_000:
        return f"{sign}{format_decimal(size / 1_000_000, 0, most=1)} Mio."
    if size >= 10_000:
        return f"{sign}{format_decimal(size / 1000, 0, most=1)} T"
    return f"{sign}{format_decimal(size, 0)}"
