"""Which rate of exchange a document in a foreign currency has, and what it says in euro.

Source: § 16 (6) UStG: the monthly rate of the BMF for the month of supply, or a day's rate where
the tax office permits it; that one stands on the draft with its source.
"""

from datetime import date
from decimal import Decimal

from invoicing.letter import Exchange
from invoicing.models import Invoice
from invoicing.totals import ZERO, DocumentTotals, VatGroup
from workmate.ledger import exchange_rates
from workmate.money import round_money

EURO = "EUR"


def exchange_of(invoice: Invoice, issue_date: date) -> Exchange | None:
    """The rate of a document issued on that day; None in euro, or where no rate is known."""
    if invoice.currency == EURO:
        return None
    day = invoice.tax_day(issue_date)
    if invoice.exchange_rate:
        return Exchange(rate=invoice.exchange_rate, on=day, source=invoice.exchange_source)
    found = exchange_rates.find(invoice.currency, day)
    return Exchange(rate=found.rate, on=found.month, source=found.source) if found else None


def in_euro(amount: Decimal, exchange: Exchange) -> Decimal:
    """An amount of the document in EUR, rounded to cents."""
    return round_money(amount / exchange.rate)


def group_in_euro(group: VatGroup, exchange: Exchange) -> tuple[Decimal, Decimal]:
    """Net and VAT of a group in EUR, each converted and rounded once.

    A correction takes back the difference between what is left of its original before it and
    after it, so that nothing stays in the books once all of it is corrected.
    """
    base, tax = in_euro(group.base, exchange), in_euro(group.tax, exchange)
    if left := group.left:
        base = in_euro(left.base, exchange) - in_euro(left.base - group.base, exchange)
        tax = in_euro(left.tax, exchange) - in_euro(left.tax - group.tax, exchange)
    return base, tax


def vat_in_euro(totals: DocumentTotals, exchange: Exchange) -> Decimal:
    """The VAT in EUR (BT-111): the sum over the groups."""
    return sum((group_in_euro(group, exchange)[1] for group in totals.groups), ZERO)


def payable_in_euro(totals: DocumentTotals, exchange: Exchange) -> Decimal:
    """What the document comes to in the books: the sum of what is posted for it."""
    groups = sum((sum(group_in_euro(group, exchange)) for group in totals.groups), ZERO)
    return groups + in_euro(totals.rounding, exchange)
