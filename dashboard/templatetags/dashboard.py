"""How the overview writes changes, axes and its links."""

import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from dashboard.timespan import month_of
from workmate.money import format_decimal

register = template.Library()


@register.filter
def signed(percent: Decimal) -> str:
    """A change in percent with its sign: +12,4 or −3,0."""
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return f"{sign}{format_decimal(abs(percent), 1)}"


@register.filter
def direction(percent: Decimal | None, words: str = "up down") -> str:
    """The first word for a rise, the second for a fall, `flat` or nothing otherwise."""
    if not percent:
        return "flat" if words == "up down" else ""
    up, down = words.split()
    return up if percent > 0 else down


@register.simple_tag
def month_url(first: datetime.date) -> str:
    """The list of the invoices of a month: what the bar is made of."""
    last = month_of(first).end
    days = {"date_from": f"{first:%d.%m.%Y}", "date_to": f"{last:%d.%m.%Y}"}
    return f"{reverse('invoicing:invoices')}?{urlencode(days)}"
