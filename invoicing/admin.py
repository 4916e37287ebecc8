"""Customers, products and documents in the admin: changes go through the acts of the pages."""

from django.contrib import admin

from invoicing.models import (
    Activity,
    Adjustment,
    Attachment,
    BulkRow,
    Contact,
    Customer,
    Deduction,
    DeletedDraft,
    Dispatch,
    Invoice,
    InvoiceLine,
    Letterhead,
    MailText,
    NumberRange,
    Product,
    ProductPrice,
    Recipient,
    StandardText,
)
from workmate.ledger.admin import ReadOnly, ReadOnlyRows


class Lines(ReadOnlyRows):
    model = InvoiceLine
    fields = readonly_fields = (
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
class InvoiceAdmin(ReadOnly):
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
    inlines = (Lines,)


@admin.register(InvoiceLine)
class InvoiceLineAdmin(ReadOnly):
    list_display = ("invoice", "position", "name", "quantity", "unit_price", "net_amount")
    list_select_related = ("invoice",)
    search_fields = ("name", "invoice__number")


@admin.register(Adjustment)
class AdjustmentAdmin(ReadOnly):
    list_display = ("invoice", "position", "is_charge", "reason", "percent", "amount")
    list_select_related = ("invoice",)
    search_fields = ("reason", "invoice__number")


@admin.register(Attachment)
class AttachmentAdmin(ReadOnly):
    list_display = ("invoice", "file", "description")
    list_select_related = ("invoice", "file")
    search_fields = ("file__filename", "invoice__number")


@admin.register(Customer)
class CustomerAdmin(ReadOnly):
    list_display = ("number", "name", "kind", "city", "country", "einvoice_format", "status")
    list_filter = ("kind", "einvoice_format", "status", "dunning_block")
    search_fields = ("number", "name", "city", "email")


@admin.register(Contact)
class ContactAdmin(ReadOnly):
    list_display = ("__str__", "customer", "position", "email", "phone", "is_primary")
    list_select_related = ("customer",)
    list_filter = ("is_primary",)
    search_fields = ("last_name", "first_name", "email", "customer__name")


@admin.register(Activity)
class ActivityAdmin(ReadOnly):
    list_display = ("occurred_at", "kind", "customer", "contact", "created_by")
    list_select_related = ("customer", "contact", "created_by")
    list_filter = ("kind",)
    search_fields = ("description", "customer__name")
    date_hierarchy = "occurred_at"


@admin.register(DeletedDraft)
class DeletedDraftAdmin(ReadOnly):
    list_display = ("__str__", "gross_total", "currency", "deleted_by", "deleted_at")
    list_select_related = ("customer", "deleted_by")
    search_fields = ("customer__name",)


class Prices(ReadOnlyRows):
    model = ProductPrice
    fields = readonly_fields = ("valid_from", "unit_price")


@admin.register(Product)
class ProductAdmin(ReadOnly):
    list_display = (
        "number",
        "name",
        "short_description",
        "category",
        "unit",
        "unit_price",
        "tax_case",
        "revenue_account",
        "is_active",
    )
    list_filter = ("is_active", "is_service", "price_type", "category")
    search_fields = ("number", "name", "category")
    inlines = (Prices,)


@admin.register(ProductPrice)
class ProductPriceAdmin(ReadOnly):
    list_display = ("product", "valid_from", "unit_price")
    list_select_related = ("product",)
    search_fields = ("product__name", "product__number")


@admin.register(NumberRange)
class NumberRangeAdmin(ReadOnly):
    list_display = ("series", "last", "last_date")


@admin.register(Letterhead)
class LetterheadAdmin(ReadOnly):
    list_display = ("__str__", "font", "accent", "logo_side")


@admin.register(StandardText)
class StandardTextAdmin(ReadOnly):
    list_display = ("kind", "language", "intro_text")


@admin.register(Deduction)
class DeductionAdmin(ReadOnly):
    list_display = ("invoice", "advance")
    list_select_related = ("invoice", "advance")


class Recipients(ReadOnlyRows):
    model = Recipient
    fields = readonly_fields = ("role", "address", "state", "code", "answer", "answered_at")


@admin.register(Dispatch)
class DispatchAdmin(ReadOnly):
    list_display = ("invoice", "state", "subject", "created_at", "sent_at")
    list_filter = ("state",)
    list_select_related = ("invoice",)
    search_fields = ("invoice__number", "subject")
    inlines = (Recipients,)


@admin.register(Recipient)
class RecipientAdmin(ReadOnly):
    list_display = ("address", "role", "state", "dispatch")
    list_select_related = ("dispatch__invoice",)
    search_fields = ("address",)


@admin.register(MailText)
class MailTextAdmin(ReadOnly):
    list_display = ("language", "subject")


@admin.register(BulkRow)
class BulkRowAdmin(ReadOnly):
    list_display = ("run", "label", "state", "code", "invoice")
    list_filter = ("state",)
    list_select_related = ("run", "invoice")
