"""Banking in the admin: everything to look at, nothing to change behind the acts' backs."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from banking.models import (
    BankAccount,
    BankRule,
    Category,
    CsvMapping,
    Dismissal,
    Match,
    OwnTransfer,
    StatementImport,
    StoredProposal,
    Transaction,
    WaitingFile,
)


class ReadOnly(admin.ModelAdmin):
    """Rows that only the acts write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(BankAccount)
class BankAccountAdmin(ReadOnly):
    list_display = ("__str__", "balance", "balance_on")
    list_select_related = ("money_account",)


@admin.register(StatementImport)
class StatementImportAdmin(ReadOnly):
    list_display = ("filename", "account", "format", "read", "new", "balance_check", "created_at")
    list_select_related = ("account__money_account",)
    list_filter = ("balance_check", "format")


@admin.register(Transaction)
class TransactionAdmin(ReadOnly):
    list_display = ("booked_on", "counterparty_name", "amount", "currency", "status", "account")
    list_select_related = ("account__money_account",)
    list_filter = ("status",)
    search_fields = ("counterparty_name", "purpose", "counterparty_iban")
    show_full_result_count = False


@admin.register(Match)
class MatchAdmin(ReadOnly):
    list_display = ("transaction", "payment", "automatic", "score", "created_at", "undone_at")
    list_select_related = ("transaction", "payment")
    list_filter = ("automatic",)


@admin.register(Dismissal)
class DismissalAdmin(ReadOnly):
    list_display = ("transaction", "reason", "created_by", "created_at")
    list_select_related = ("transaction", "created_by")


@admin.register(StoredProposal)
class StoredProposalAdmin(ReadOnly):
    list_display = ("transaction", "score", "effect", "created_at")
    list_select_related = ("transaction",)


@admin.register(OwnTransfer)
class OwnTransferAdmin(ReadOnly):
    list_display = ("__str__", "out", "into", "created_by", "created_at")
    list_select_related = (
        "out__account__money_account",
        "into__account__money_account",
        "created_by",
    )


@admin.register(BankRule)
class BankRuleAdmin(ReadOnly):
    list_display = ("name", "rank", "direction", "contains", "iban", "is_active", "problem")


@admin.register(CsvMapping)
class CsvMappingAdmin(ReadOnly):
    list_display = ("name", "amounts", "days", "created_by", "created_at")
    list_select_related = ("created_by",)


@admin.register(WaitingFile)
class WaitingFileAdmin(ReadOnly):
    list_display = ("document", "account", "source", "received_at", "statement", "discarded_at")
    list_select_related = ("document", "account__money_account", "statement")


@admin.register(Category)
class CategoryAdmin(ReadOnly):
    list_display = ("name",)
