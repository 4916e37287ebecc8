"""Products: list, page, form, price list, and being offered or not."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing import filters, products
from invoicing.einvoice.codes import unit_label
from invoicing.forms import PriceForm, ProductForm, show
from invoicing.models import Invoice, Product, ProductPrice
from invoicing.views.acting import Page, attempt, back_to
from invoicing.views.suggesting import MOST, Option, offered, typed
from invoicing.views.wording import dressed
from workmate.errors import Problem
from workmate.lists import Action, Column, ListPage
from workmate.models import Account, TaxCase
from workmate.money import format_decimal

NEW = Action(
    "Produkt anlegen", "invoicing:product-create", "invoicing.add_product", "plus", primary=True
)


class Products(ListPage):
    permission_required = "invoicing.view_product"
    title = "Produkte"
    queryset = Product.objects.all()
    filterset_class = filters.ProductFilters
    chips = "status"
    default_sort = "name"
    columns = [
        Column(
            "name",
            "Bezeichnung",
            link=True,
            note=lambda row: row.summary,
        ),
        Column("number", "Artikelnummer"),
        Column("category", "Kategorie", priority=2),
        Column("unit", "Einheit", value=lambda row: unit_label(row.unit), sort="", priority=2),
        Column("tax_case", "Steuerfall", priority=3),
        Column("price", "Nettopreis", kind="money"),
    ]
    actions = [NEW]
    empty = "Noch kein Produkt. Was Sie öfter verkaufen, steht hier mit Preis und Steuerfall."
    empty_action = NEW

    def get_queryset(self) -> Any:
        """Each with its price of today, which the list can be sorted by."""
        return super().get_queryset().priced(on=localdate())


class ProductPage(Page):
    permission_required = "invoicing.view_product"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return product_page(request, pk)


def product_page(
    request: HttpRequest, pk: int, form: PriceForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a product, with what was typed into the form of its price list."""
    today = localdate()
    product = get_object_or_404(Product.objects.priced(on=today), pk=pk)
    invoices = Invoice.objects.filter(lines__product=product).distinct()
    context = {
        "product": product,
        "unit": unit_label(product.unit),
        "tax_case": TaxCase.objects.on(today).filter(code=product.tax_case).first(),
        "revenue_account": Account.objects.filter(number=product.revenue_account).first(),
        "prices": _prices(product, today),
        "form": form or PriceForm(),
        "count": invoices.count(),
        "documents": dressed(
            invoices.with_state(on=today)
            .select_related("customer")
            .order_by("-listed_on", "-pk")[:10]
        ),
    }
    return render(request, "invoicing/product.html", context, status=status)


def _prices(product: Product, today: datetime.date) -> list[tuple[ProductPrice, str, str]]:
    """The rows of the price list, the latest first, each with its word and tone."""
    found, current = [], False
    for row in product.prices.all():
        if row.valid_from > today:
            found.append((row, "kommt", "info"))
        elif not current:
            found.append((row, "gilt", "positive"))
            current = True
        else:
            found.append((row, "war", "neutral"))
    return found


class PriceList(Page):
    """Takes what was typed into the form of the price list."""

    permission_required = "invoicing.change_product"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        product, form = get_object_or_404(Product, pk=pk), PriceForm(request.POST)
        if form.is_valid():
            try:
                row = products.list_price(product, by=self.user, **form.cleaned_data)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"Der Preis ab {row.valid_from:%d.%m.%Y} ist notiert.")
                return redirect(product)
        return product_page(request, pk, form, status=422)


class PriceDrop(Page):
    permission_required = "invoicing.change_product"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(ProductPrice.objects.select_related("product"), pk=pk)
        done = f"Der Preis ab {row.valid_from:%d.%m.%Y} ist aus der Liste entfernt."
        attempt(request, done, products.unlist_price, row)
        return redirect(row.product)


class ProductCreate(Page):
    permission_required = "invoicing.add_product"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(ProductForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ProductForm(request.POST)
        if form.is_valid():
            try:
                product = products.create_product(by=self.user, **form.cleaned_data)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"{product.name} ist angelegt ({product.number}).")
                return back_to(request, product)
        return self._page(form, status=422)

    def _page(self, form: ProductForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "categories": products.categories()}
        return render(self.request, "invoicing/product_form.html", context, status=status)


class ProductEdit(Page):
    permission_required = "invoicing.change_product"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(ProductForm(instance=get_object_or_404(Product, pk=pk)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = ProductForm(request.POST, instance=get_object_or_404(Product, pk=pk))
        if form.is_valid():
            try:
                product = products.edit_product(form.instance, by=self.user, **form.cleaned_data)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, "Das Produkt ist gespeichert.")
                return redirect(product)
        return self._page(form, status=422)

    def _page(self, form: ProductForm, status: int = 200) -> HttpResponse:
        product = Product.objects.get(pk=form.instance.pk)
        context = {"form": form, "product": product, "categories": products.categories()}
        return render(self.request, "invoicing/product_form.html", context, status=status)


class ProductActive(Page):
    permission_required = "invoicing.change_product"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = get_object_or_404(Product, pk=pk)
        active = request.POST.get("aktiv") == "ja"
        done = f"{product.name} ist {'wieder aktiv' if active else 'nicht mehr aktiv'}."
        attempt(request, done, products.set_active, product, active)
        return redirect(product)


class ProductDelete(Page):
    permission_required = "invoicing.delete_product"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = get_object_or_404(Product, pk=pk)
        context = {"product": product, "count": product.lines.count()}
        return render(request, "invoicing/product_delete.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        product = get_object_or_404(Product, pk=pk)
        done = f"{product.name} ist gelöscht."
        if attempt(request, done, products.delete_product, product):
            return redirect("invoicing:products")
        return redirect(product)


class ProductSuggestions(Page):
    """Products that fit what one types into a line; choosing one fills the line."""

    permission_required = "invoicing.view_product"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = typed(request)
        rows = Product.objects.active().priced(on=localdate())
        found = list(rows.matching(text)[:MOST]) if text else []
        cases = {case.code: case.pk for case in TaxCase.objects.on(localdate())} if found else {}
        return offered(
            [Option(product.name, _note(product), _fill(product, cases)) for product in found]
        )


def _note(product: Any) -> str:
    price = format_decimal(product.price, 2, most=8)
    price = f"{price}\u00a0€ je {unit_label(product.unit)}"
    return f"{product.short_description} · {price}" if product.short_description else price


def _fill(product: Any, cases: dict[str, int]) -> dict[str, Any]:
    return {
        "product": product.pk,
        "name": product.name,
        "description": product.description or product.short_description,
        "unit": product.unit,
        "unit_price": format_decimal(product.price, 2, most=8),
        "tax_case": cases.get(product.tax_case, ""),
    }
