"""Addresses of payments under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from payments.api import (
    cash,
    charging,
    deducting,
    open_items,
    payments,
    refunding,
    sepa,
    stripe,
    taking_over,
)
from payments.api.stripe_config import StripeConfig
from payments.views.stripe_webhook import Webhook

router = SimpleRouter()
router.register("payments", payments.PaymentViewSet, basename="api-payment")
router.register("open-items", open_items.OpenItemViewSet, basename="api-open-item")
router.register("settlements", open_items.SettlementViewSet, basename="api-settlement")
router.register("deductions", deducting.DeductionViewSet, basename="api-deduction")
router.register("fees", charging.FeeViewSet, basename="api-fee")
router.register("cash-closings", cash.ClosingViewSet, basename="api-cash-closing")
router.register("sepa-mandates", sepa.MandateViewSet, basename="api-sepa-mandate")
router.register("sepa-batches", sepa.BatchViewSet, basename="api-sepa-batch")

urlpatterns = [
    path(
        "invoices/<int:pk>/checkout-session/",
        stripe.CheckoutSession.as_view(),
        name="api-invoice-checkout-session",
    ),
    path(
        "invoices/<int:pk>/payment-link/",
        stripe.PaymentLink.as_view(),
        name="api-invoice-payment-link",
    ),
    path(
        "invoices/<int:pk>/payment-intent/",
        stripe.PaymentIntent.as_view(),
        name="api-invoice-payment-intent",
    ),
    path("stripe/config/", StripeConfig.as_view(), name="api-stripe-config"),
    path("stripe/webhook/", Webhook.as_view(), name="api-stripe-webhook"),
    path("open-items/takeover/", taking_over.TakeOver.as_view(), name="api-take-over"),
    path(
        "payments/<int:pk>/reversal/",
        payments.PaymentReversal.as_view(),
        name="api-payment-reversal",
    ),
    path(
        "open-items/<int:pk>/settlement/",
        open_items.CreditSettlement.as_view(),
        name="api-credit-settlement",
    ),
    path(
        "settlements/<int:pk>/reversal/",
        open_items.SettlementReversal.as_view(),
        name="api-settlement-reversal",
    ),
    path(
        "open-items/<int:pk>/skonto/",
        deducting.SkontoGrant.as_view(),
        name="api-open-item-skonto",
    ),
    path(
        "open-items/<int:pk>/write-off/",
        deducting.WriteOff.as_view(),
        name="api-open-item-write-off",
    ),
    path(
        "deductions/<int:pk>/reversal/",
        deducting.DeductionReversal.as_view(),
        name="api-deduction-reversal",
    ),
    path(
        "open-items/<int:pk>/refund/",
        refunding.CreditRefund.as_view(),
        name="api-credit-refund",
    ),
    path(
        "payments/<int:pk>/chargeback/",
        refunding.PaymentChargeback.as_view(),
        name="api-payment-chargeback",
    ),
    path(
        "payments/<int:pk>/receipt/",
        payments.PaymentReceipt.as_view(),
        name="api-payment-receipt",
    ),
    path("payments/<int:pk>/fees/", charging.PaymentFee.as_view(), name="api-payment-fee"),
    path("fees/<int:pk>/reversal/", charging.FeeReversal.as_view(), name="api-fee-reversal"),
    path(
        "sepa-mandates/<int:pk>/revocation/",
        sepa.MandateRevocation.as_view(),
        name="api-sepa-mandate-revocation",
    ),
    path(
        "sepa-batches/<int:pk>/release/",
        sepa.BatchRelease.as_view(),
        name="api-sepa-batch-release",
    ),
    path(
        "sepa-batches/<int:pk>/withdrawal/",
        sepa.BatchWithdrawal.as_view(),
        name="api-sepa-batch-withdrawal",
    ),
    path(
        "sepa-batches/<int:pk>/file/",
        sepa.BatchFile.as_view(),
        name="api-sepa-batch-file",
    ),
    path(
        "sepa-batches/<int:pk>/execution/",
        sepa.BatchExecution.as_view(),
        name="api-sepa-batch-execution",
    ),
    path(
        "sepa-batches/<int:pk>/discard/",
        sepa.BatchDiscard.as_view(),
        name="api-sepa-batch-discard",
    ),
    path(
        "sepa-orders/<int:pk>/return/",
        sepa.OrderReturn.as_view(),
        name="api-sepa-order-return",
    ),
    *router.urls,
]
