"""Addresses of customers, products and documents under /api/v1/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from invoicing.api import (
    attachments,
    bulk,
    contacts,
    customers,
    dispatches,
    evaluating,
    formats,
    invoices,
    letterhead,
    products,
)

router = SimpleRouter()
router.register("customers", customers.CustomerViewSet, basename="api-customer")
router.register("contacts", contacts.ContactViewSet, basename="api-contact")
router.register("activities", contacts.ActivityViewSet, basename="api-activity")
router.register("products", products.ProductViewSet, basename="api-product")
router.register("tax-cases", products.TaxCaseViewSet, basename="api-tax-case")
router.register("invoices", invoices.InvoiceViewSet, basename="api-invoice")
router.register("deleted-drafts", invoices.DeletedDraftViewSet, basename="api-deleted-draft")
router.register("dispatches", dispatches.DispatchViewSet, basename="api-dispatch")

urlpatterns = [
    path("letterhead/", letterhead.LetterheadResource.as_view(), name="api-letterhead"),
    path(
        "standard-texts/<slug:kind>/<slug:language>/",
        letterhead.TextsResource.as_view(),
        name="api-standard-texts",
    ),
    path(
        "deleted-drafts/<int:pk>/restoration/",
        invoices.Restoration.as_view(),
        name="api-deleted-draft-restoration",
    ),
    path(
        "customers/statistics/",
        customers.CustomersStatistics.as_view(),
        name="api-customers-statistics",
    ),
    path(
        "customers/<int:pk>/statistics/",
        customers.CustomerStatistics.as_view(),
        name="api-customer-statistics",
    ),
    path(
        "customers/<int:pk>/status/",
        customers.CustomerStatus.as_view(),
        name="api-customer-status",
    ),
    path(
        "customers/<int:pk>/primary-contact/",
        contacts.PrimaryContact.as_view(),
        name="api-customer-primary-contact",
    ),
    path("contacts/<int:pk>/primacy/", contacts.Primacy.as_view(), name="api-contact-primacy"),
    path(
        "products/by-sku/<path:number>/",
        products.ProductBySku.as_view(),
        name="api-product-by-sku",
    ),
    path("products/<int:pk>/prices/", products.ProductPrices.as_view(), name="api-product-prices"),
    path(
        "product-prices/<int:pk>/",
        products.ProductPriceRow.as_view(),
        name="api-listed-price",
    ),
    path(
        "products/<int:pk>/activity/",
        products.ProductActivity.as_view(),
        name="api-product-activity",
    ),
    path(
        "invoices/by-number/<str:number>/",
        evaluating.InvoiceByNumber.as_view(),
        name="api-invoice-by-number",
    ),
    path(
        "invoices/statistics/",
        evaluating.InvoiceStatistics.as_view(),
        name="api-invoice-statistics",
    ),
    path(
        "invoices/collection/",
        evaluating.Collection.as_view(),
        name="api-invoice-collection",
    ),
    path(
        "invoices/collection/<int:pk>/",
        evaluating.CollectionRun.as_view(),
        name="api-invoice-collection-run",
    ),
    path(
        "invoices/collection/<int:pk>/content/",
        evaluating.CollectionContent.as_view(),
        name="api-invoice-collection-content",
    ),
    path("invoices/bulk/issuance/", bulk.BulkIssuance.as_view(), name="api-invoice-bulk-issuance"),
    path("invoices/bulk/dispatch/", bulk.BulkDispatch.as_view(), name="api-invoice-bulk-dispatch"),
    path("invoices/bulk/deletion/", bulk.BulkDeletion.as_view(), name="api-invoice-bulk-deletion"),
    path("invoices/bulk/<int:pk>/", bulk.BulkRun.as_view(), name="api-invoice-bulk-run"),
    path("invoices/<int:pk>/issuance/", invoices.Issuance.as_view(), name="api-invoice-issuance"),
    path(
        "invoices/<int:pk>/cancellation/",
        invoices.Cancellation.as_view(),
        name="api-invoice-cancellation",
    ),
    path(
        "invoices/<int:pk>/correction/",
        invoices.Correction.as_view(),
        name="api-invoice-correction",
    ),
    path(
        "invoices/<int:pk>/conversion/",
        invoices.Conversion.as_view(),
        name="api-invoice-conversion",
    ),
    path(
        "invoices/<int:pk>/decision/",
        invoices.Decision.as_view(),
        name="api-invoice-decision",
    ),
    path(
        "invoices/<int:pk>/duplication/",
        invoices.Duplication.as_view(),
        name="api-invoice-duplication",
    ),
    path(
        "invoices/<int:pk>/attachments/",
        attachments.Attachments.as_view(),
        name="api-invoice-attachments",
    ),
    path(
        "invoices/<int:pk>/attachments/<int:attachment>/",
        attachments.AttachmentFile.as_view(),
        name="api-invoice-attachment",
    ),
    path("invoices/<int:pk>/check/", invoices.Check.as_view(), name="api-invoice-check"),
    path("invoices/<int:pk>/pdf/", invoices.File.as_view(kind="pdf"), name="api-invoice-pdf"),
    path("invoices/<int:pk>/xml/", invoices.File.as_view(kind="xml"), name="api-invoice-xml"),
    path(
        "invoices/<int:pk>/report/", invoices.File.as_view(kind="report"), name="api-invoice-report"
    ),
    path("invoices/<int:pk>/formats/", formats.Formats.as_view(), name="api-invoice-formats"),
    path(
        "invoices/<int:pk>/formats/<slug:key>/",
        formats.FormatFile.as_view(),
        name="api-invoice-format",
    ),
    path(
        "invoices/<int:pk>/dispatches/",
        dispatches.InvoiceDispatches.as_view(),
        name="api-invoice-dispatches",
    ),
    path(
        "dispatches/<int:pk>/cancellation/",
        dispatches.CallingOff.as_view(),
        name="api-dispatch-cancellation",
    ),
    *router.urls,
]
