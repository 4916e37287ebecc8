"""Payments in the admin: everything to look at, nothing to change behind the acts' backs."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from payments.models import (
    Allocation,
    Batch,
    CashClosing,
    Deduction,
    Fee,
    FirstView,
    Mandate,
    Order,
    Payment,
    Receipt,
    Reversal,
    Settlement,
)
from payments.stripe.models import (
    StripeAccount,
    StripeCharge,
    StripeDispute,
    StripeEvent,
    StripeMovement,
    StripePayout,
    StripeRefund,
    StripeRequest,
)
from workmate.ledger.admin import ReadOnly, ReadOnlyRows


class Allocations(ReadOnlyRows):
    model = Allocation
    fields = ("open_item", "amount")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Allocation]:
        return super().get_queryset(request).select_related("open_item__partner")


@admin.register(Payment)
class PaymentAdmin(ReadOnly):
    list_display = ("received_on", "partner", "amount", "currency", "method", "money_account")
    list_select_related = ("partner", "money_account")
    list_filter = ("method", "money_account")
    search_fields = ("reference", "partner__name")
    inlines = (Allocations,)


@admin.register(Allocation)
class AllocationAdmin(ReadOnly):
    list_display = ("open_item", "amount", "payment")
    list_select_related = ("open_item__partner", "payment")


@admin.register(Reversal)
class ReversalAdmin(ReadOnly):
    list_display = ("payment", "reversed_on", "reason", "created_by")
    list_select_related = ("payment", "created_by")


@admin.register(Settlement)
class SettlementAdmin(ReadOnly):
    list_display = ("__str__", "amount", "settled_on", "created_by")
    list_select_related = ("credit__partner", "open_item__partner", "created_by")


@admin.register(FirstView)
class FirstViewAdmin(ReadOnly):
    list_display = ("invoice", "seen_at")
    list_select_related = ("invoice",)
    search_fields = ("invoice__number",)


@admin.register(Deduction)
class DeductionAdmin(ReadOnly):
    list_display = ("kind", "open_item", "amount", "deducted_on", "reason", "created_by")
    list_select_related = ("open_item__partner", "created_by")
    list_filter = ("kind",)


@admin.register(Fee)
class FeeAdmin(ReadOnly):
    list_display = ("text", "payment", "amount", "charged_on", "created_by")
    list_select_related = ("payment", "created_by")


@admin.register(StripeAccount)
class StripeAccountAdmin(ReadOnly):
    list_display = ("__str__", "account_id", "money_account")
    list_select_related = ("money_account",)
    exclude = ("secret_key", "webhook_secret", "old_webhook_secret")


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly):
    list_display = ("event_id", "type", "happened_at", "source", "state")
    list_filter = ("state", "source")
    search_fields = ("event_id", "object_id")


@admin.register(StripeRequest)
class StripeRequestAdmin(ReadOnly):
    list_display = ("invoice", "kind", "amount", "currency", "state", "created_at")
    list_select_related = ("invoice",)
    list_filter = ("kind", "state")


@admin.register(StripeCharge)
class StripeChargeAdmin(ReadOnly):
    list_display = ("payment_intent", "amount", "currency", "paid_at", "reason")
    search_fields = ("payment_intent", "charge_id")


@admin.register(StripeRefund)
class StripeRefundAdmin(ReadOnly):
    list_display = ("__str__", "charge", "amount", "state", "created_by")
    list_select_related = ("charge", "created_by")


@admin.register(StripeDispute)
class StripeDisputeAdmin(ReadOnly):
    list_display = ("dispute_id", "charge", "amount", "status")
    list_select_related = ("charge",)


@admin.register(StripePayout)
class StripePayoutAdmin(ReadOnly):
    list_display = ("payout_id", "amount", "currency", "arrival_date", "state")


@admin.register(StripeMovement)
class StripeMovementAdmin(ReadOnly):
    list_display = ("movement_id", "payout", "category", "amount", "fee", "net")
    list_select_related = ("payout",)


@admin.register(Mandate)
class MandateAdmin(ReadOnly):
    list_display = ("reference", "customer", "scheme", "kind", "signed_on", "revoked_on")
    list_select_related = ("customer",)
    list_filter = ("scheme", "kind")
    search_fields = ("reference", "customer__name")


class Orders(ReadOnlyRows):
    model = Order
    fields = ("open_item", "name", "amount", "due_on", "end_to_end_id", "returned_on")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).select_related("open_item__partner")


@admin.register(Batch)
class BatchAdmin(ReadOnly):
    list_display = ("id", "kind", "scheme", "state", "money_account", "created_by", "released_by")
    list_select_related = ("money_account", "created_by", "released_by")
    list_filter = ("kind", "state")
    inlines = (Orders,)


@admin.register(Order)
class OrderAdmin(ReadOnly):
    list_display = ("end_to_end_id", "name", "amount", "due_on", "batch", "returned_on")
    list_select_related = ("batch",)
    search_fields = ("end_to_end_id", "name")


@admin.register(CashClosing)
class CashClosingAdmin(ReadOnly):
    list_display = ("money_account", "day", "balance", "counted", "note", "created_by")
    list_select_related = ("money_account", "created_by")


@admin.register(Receipt)
class ReceiptAdmin(ReadOnly):
    list_display = ("number", "payment", "issued_on", "created_by")
    list_select_related = ("payment", "created_by")
    search_fields = ("number",)
