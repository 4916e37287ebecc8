"""Addresses of payments under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from payments import api

router = SimpleRouter()
router.register("payments", api.PaymentViewSet, basename="api-payment")
router.register("open-items", api.OpenItemViewSet, basename="api-open-item")

urlpatterns = [
    path("payments/<int:pk>/reversal/", api.PaymentReversal.as_view(), name="api-payment-reversal"),
    path(
        "open-items/<int:pk>/settlement/",
        api.CreditSettlement.as_view(),
        name="api-credit-settlement",
    ),
    path(
        "settlements/<int:pk>/reversal/",
        api.SettlementReversal.as_view(),
        name="api-settlement-reversal",
    ),
    *router.urls,
]
