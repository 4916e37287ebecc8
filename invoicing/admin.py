"""The admin shows everything and changes nothing here: changes go through the acts of the pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from invoicing.models import Customer, Invoice, InvoiceLine, NumberRange, Product


class Reading:
    """No adding, changing or deleting."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InvoiceLineInline(Reading, admin.TabularInline):
    model = InvoiceLine
    extra = 0
    fields = (
        "position",
        "name",
        "quantity",
        "unit",
        "unit_price",
        "discount_percent",
        "tax_case",
        "net_amount",
    )


@admin.register(Invoice)
class InvoiceAdmin(Reading, admin.ModelAdmin):
    list_display = (
        "__str__",
        "kind",
        "status",
        "customer",
        "issue_date",
        "due_date",
        "gross_total",
    )
    list_filter = ("status", "kind", "einvoice_format")
    list_select_related = ("customer",)
    search_fields = ("number", "customer__name")
    date_hierarchy = "issue_date"
    inlines = (InvoiceLineInline,)
    show_full_result_count = False


@admin.register(Customer)
class CustomerAdmin(Reading, admin.ModelAdmin):
    list_display = ("number", "name", "kind", "city", "country", "einvoice_format", "is_active")
    list_filter = ("kind", "einvoice_format", "is_active")
    search_fields = ("number", "name", "city", "email")
    show_full_result_count = False


@admin.register(Product)
class ProductAdmin(Reading, admin.ModelAdmin):
    list_display = ("number", "name", "unit", "unit_price", "tax_case", "is_active")
    list_filter = ("is_active",)
    search_fields = ("number", "name")


@admin.register(NumberRange)
class NumberRangeAdmin(Reading, admin.ModelAdmin):
    list_display = ("series", "last", "last_date")
