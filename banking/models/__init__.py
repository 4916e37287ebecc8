"""Bank accounts, statements, transactions and what they were matched with."""

from banking.models.account import BankAccount
from banking.models.category import Category
from banking.models.mapping import CsvMapping
from banking.models.match import Dismissal, Match, OwnTransfer, StoredProposal
from banking.models.rule import BankRule
from banking.models.statement import StatementImport
from banking.models.transaction import Transaction
from banking.models.waiting import WaitingFile

__all__ = [
    "BankAccount",
    "BankRule",
    "Category",
    "CsvMapping",
    "Dismissal",
    "Match",
    "OwnTransfer",
    "StatementImport",
    "StoredProposal",
    "Transaction",
    "WaitingFile",
]
