"""The admin of the shared ground."""

from workmate.ledger import admin as ledger

__all__ = ["ledger"]
