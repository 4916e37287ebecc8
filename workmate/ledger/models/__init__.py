"""The journal and what it is kept in: accounts, tax cases, periods, entries, open items.

Amounts are EUR with two decimals. Debit is positive, credit is negative. The database keeps the
promises: an entry balances, nothing is changed or deleted, nothing is posted into a locked
period, `outstanding` equals the sum of the lines.
"""

from workmate.ledger.models.account import Account
from workmate.ledger.models.entry import Entry, Line
from workmate.ledger.models.exchange_rate import ExchangeRate
from workmate.ledger.models.money_account import MoneyAccount
from workmate.ledger.models.open_item import OpenItem, Partner
from workmate.ledger.models.period import Period
from workmate.ledger.models.tax_case import TaxCase

__all__ = [
    "Account",
    "Entry",
    "ExchangeRate",
    "Line",
    "MoneyAccount",
    "OpenItem",
    "Partner",
    "Period",
    "TaxCase",
]
