"""Addresses of payments under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from payments.api import open_items, payments, taking_over

router = SimpleRouter()
router.register("payments", payments.PaymentViewSet, basename="api-payment")
router.register("open-items", open_items.OpenItemViewSet, basename="api-open-item")
router.register("settlements", open_items.SettlementViewSet, basename="api-settlement")

urlpatterns = [
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
    *router.urls,
]
