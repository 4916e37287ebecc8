"""Which rate of exchange a document in a foreign currency has, and what it says in euro.

Source: § 16 (6) UStG: the monthly rate of the BMF for the month of supply, or a day's rate where
the tax office permits it; that one stands on the draft with its source.
"""

from datetime import date
from decimal import Decimal

from invoicing.letter import Exchange
from invoicing.models import Invoice
from invoicing.totals import ZERO, DocumentTotals
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


def vat_in_euro(totals: DocumentTotals, exchange: Exchange) -> Decimal:
    """The VAT in EUR (BT-111): that of each group, converted and rounded once."""
    return sum((in_euro(group.tax, exchange) for group in totals.groups), ZERO)
