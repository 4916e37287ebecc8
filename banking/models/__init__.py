"""Bank accounts, statements, transactions and what they were matched with."""

from banking.models.account import BankAccount
from banking.models.mapping import CsvMapping
from banking.models.match import Dismissal, Match, OwnTransfer
from banking.models.rule import BankRule
from banking.models.transaction import StatementImport, Transaction

__all__ = [
    "BankAccount",
    "BankRule",
    "CsvMapping",
    "Dismissal",
    "Match",
    "OwnTransfer",
    "StatementImport",
    "Transaction",
]
