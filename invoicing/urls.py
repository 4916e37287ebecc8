"""Pages of invoices, customers and products."""

from django.urls import path

from invoicing.views import (
    checking,
    customers,
    downloads,
    drafts,
    finalising,
    formats,
    invoices,
    products,
    restoring,
    series,
)

app_name = "invoicing"
urlpatterns = [
    path("rechnungen/", invoices.Invoices.as_view(), name="invoices"),
    path("rechnungen/neu/", drafts.DraftCreate.as_view(), name="draft-create"),
    path("rechnungen/geloescht/", restoring.DeletedDrafts.as_view(), name="deleted-drafts"),
    path("rechnungen/geloescht/<int:pk>/", restoring.Restore.as_view(), name="restore"),
    path("rechnungen/neu/summen/", drafts.DraftTotals.as_view(), name="draft-totals-new"),
    path("rechnungen/<int:pk>/", invoices.InvoicePage.as_view(), name="invoice"),
    path("rechnungen/<int:pk>/entwurf/", drafts.DraftEdit.as_view(), name="draft"),
    path("rechnungen/<int:pk>/summen/", drafts.DraftTotals.as_view(), name="draft-totals"),
    path("rechnungen/<int:pk>/vorschau/", downloads.DraftPreview.as_view(), name="draft-preview"),
    path("rechnungen/<int:pk>/loeschen/", drafts.DraftDelete.as_view(), name="draft-delete"),
    path("rechnungen/<int:pk>/duplizieren/", drafts.Duplicate.as_view(), name="duplicate"),
    path("rechnungen/<int:pk>/korrigieren/", drafts.Correct.as_view(), name="correct"),
    path("rechnungen/<int:pk>/stellen/", finalising.Issue.as_view(), name="issue"),
    path("rechnungen/<int:pk>/stornieren/", finalising.Cancel.as_view(), name="cancel"),
    path("rechnungen/<int:pk>/pdf/", downloads.Download.as_view(), name="invoice-pdf"),
    path("rechnungen/<int:pk>/xml/", downloads.Download.as_view(kind="xml"), name="invoice-xml"),
    path(
        "rechnungen/<int:pk>/bericht/",
        downloads.Download.as_view(kind="report"),
        name="invoice-report",
    ),
    path("rechnungen/<int:pk>/formate/", formats.Formats.as_view(), name="invoice-formats"),
    path(
        "rechnungen/<int:pk>/formate/<slug:key>/",
        formats.FormatDownload.as_view(),
        name="invoice-format",
    ),
    path("pruefen/", checking.Check.as_view(), name="check"),
    path("kunden/", customers.Customers.as_view(), name="customers"),
    path("kunden/neu/", customers.CustomerCreate.as_view(), name="customer-create"),
    path("kunden/vorschlag/", customers.CustomerSuggestions.as_view(), name="customer-suggest"),
    path("kunden/<int:pk>/", customers.CustomerPage.as_view(), name="customer"),
    path("kunden/<int:pk>/bearbeiten/", customers.CustomerEdit.as_view(), name="customer-edit"),
    path("kunden/<int:pk>/aktiv/", customers.CustomerActive.as_view(), name="customer-active"),
    path("kunden/<int:pk>/loeschen/", customers.CustomerDelete.as_view(), name="customer-delete"),
    path("produkte/", products.Products.as_view(), name="products"),
    path("produkte/neu/", products.ProductCreate.as_view(), name="product-create"),
    path("produkte/vorschlag/", products.ProductSuggestions.as_view(), name="product-suggest"),
    path("produkte/<int:pk>/", products.ProductPage.as_view(), name="product"),
    path("produkte/<int:pk>/bearbeiten/", products.ProductEdit.as_view(), name="product-edit"),
    path("produkte/<int:pk>/aktiv/", products.ProductActive.as_view(), name="product-active"),
    path("einstellungen/nummernkreise/", series.NumberRanges.as_view(), name="number_ranges"),
    path("produkte/<int:pk>/loeschen/", products.ProductDelete.as_view(), name="product-delete"),
]
