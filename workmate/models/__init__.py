"""Models of the shared ground, and of the ledger below it."""

from workmate.ledger.models import (
    Account,
    Entry,
    ExchangeRate,
    Line,
    MoneyAccount,
    OpenItem,
    Partner,
    Period,
    TaxCase,
)
from workmate.models.audit import AuditEvent
from workmate.models.company import Company
from workmate.models.document import Document
from workmate.models.idempotency import IdempotentRequest
from workmate.models.job import JobRun
from workmate.models.mail import MailAccount, OutboxMessage
from workmate.models.retention import Erasure, RetentionHold
from workmate.models.token import ApiToken
from workmate.models.user import User

__all__ = [
    "Account",
    "ApiToken",
    "AuditEvent",
    "Company",
    "Document",
    "Entry",
    "Erasure",
    "ExchangeRate",
    "IdempotentRequest",
    "JobRun",
    "Line",
    "MailAccount",
    "MoneyAccount",
    "OpenItem",
    "OutboxMessage",
    "Partner",
    "Period",
    "RetentionHold",
    "TaxCase",
    "User",
]
