"""The books in the admin: everything to look at, nothing to change behind the acts' backs."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

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


class ReadOnly(admin.ModelAdmin):
    """Rows that only the acts write."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyRows(admin.TabularInline):
    """Rows below their parent."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Lines(ReadOnlyRows):
    model = Line
    fields = ("position", "account", "amount", "currency", "currency_amount", "open_item")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Line]:
        return super().get_queryset(request).select_related("account", "open_item__partner")


@admin.register(Account)
class AccountAdmin(ReadOnly):
    list_display = ("number", "name", "kind", "purpose", "datev_automatic", "vat_code", "is_active")
    list_filter = ("kind", "is_active")
    search_fields = ("number", "name")


@admin.register(TaxCase)
class TaxCaseAdmin(ReadOnly):
    list_display = ("code", "name", "category", "rate", "vat_code_base", "valid_from", "valid_to")


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ReadOnly):
    list_display = ("month", "currency", "rate", "source", "created_by")
    list_select_related = ("created_by",)
    list_filter = ("currency",)


@admin.register(Period)
class PeriodAdmin(ReadOnly):
    list_display = ("start", "end", "locked_at", "locked_by")
    list_select_related = ("locked_by",)


@admin.register(MoneyAccount)
class MoneyAccountAdmin(ReadOnly):
    list_display = ("name", "kind", "iban", "currency", "account", "on_invoices", "is_active")
    list_select_related = ("account",)


@admin.register(Partner)
class PartnerAdmin(ReadOnly):
    list_display = ("number", "name", "kind")
    list_filter = ("kind",)
    search_fields = ("number", "name")


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("booked_on", "act", "document_number", "text", "actor", "recorded_at")
    list_select_related = ("actor",)
    search_fields = ("document_number__exact", "source__exact")
    inlines = (Lines,)


@admin.register(Line)
class LineAdmin(ReadOnly):
    list_display = ("booked_on", "entry", "account", "amount", "open_item")
    list_select_related = ("entry", "account", "open_item__partner")
    search_fields = ("account__number__exact", "entry__document_number__exact")


@admin.register(OpenItem)
class OpenItemAdmin(ReadOnly):
    list_display = ("__str__", "partner", "document_date", "due_date", "outstanding", "currency")
    list_select_related = ("partner",)
    list_filter = ("kind",)
    search_fields = ("document_number__exact", "partner__number__exact")
