"""Keeping products: what we sell, at its usual price; draft lines copy it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from invoicing import errors
from invoicing.models import Product, ProductPrice
from workmate import audit
from workmate.locks import Lock, hold
from workmate.models import Account, TaxCase, User

FIELDS = (
    "number",
    "name",
    "short_description",
    "description",
    "category",
    "is_service",
    "unit",
    "unit_price",
    "price_type",
    "min_quantity",
    "max_quantity",
    "tax_case",
    "revenue_account",
    "notes",
)


@transaction.atomic
def create_product(*, by: User, **data: Any) -> Product:
    """A new product; without a number it gets the next one (`P-1001`).

    `data` takes the names in `FIELDS`. Raises `PRODUCT_INVALID` with all findings.
    """
    product = Product(**_known(data))
    if not product.number:
        product.number = _next_number()
    _validate(product)
    product.save()
    audit.record("product.created", product, by=by, payload=_values(product))
    return product


@transaction.atomic
def edit_product(product: Product, *, by: User, **data: Any) -> Product:
    """Change name, price or tax case; lines written before keep theirs."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    before = _values(product)
    for name, value in _known(data).items():
        setattr(product, name, value)
    _validate(product)
    changes = {
        name: [before[name], value]
        for name, value in _values(product).items()
        if before[name] != value
    }
    if changes:
        product.save()
        audit.record("product.changed", product, by=by, payload=changes)
    return product


@transaction.atomic
def set_active(product: Product, active: bool, *, by: User) -> Product:
    """Offer the product for new lines, or no longer."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    if product.is_active != active:
        product.is_active = active
        product.save(update_fields=["is_active"])
        audit.record("product.activated" if active else "product.deactivated", product, by=by)
    return product


@transaction.atomic
def delete_product(product: Product, *, by: User) -> None:
    """Remove a product that no line names; raises `PRODUCT_IN_USE`."""
    product = Product.objects.select_for_update().get(pk=product.pk)
    if count := product.lines.count():
        raise errors.PRODUCT_IN_USE(name=product.name, count=count)
    audit.record("product.deleted", product, by=by, payload=_values(product))
    product.delete()


@transaction.atomic
def list_price(
    product: Product, unit_price: Decimal, *, valid_from: date, by: User
) -> ProductPrice:
    """Put a price into the list that holds from that day on; one of the same day is replaced.

    Net in EUR. Lines written before keep theirs. Raises `PRICE_INVALID`.
    """
    product = Product.objects.select_for_update().get(pk=product.pk)
    row = product.prices.filter(valid_from=valid_from).first()
    before = row.unit_price if row else None
    row = row or ProductPrice(product=product, valid_from=valid_from)
    row.unit_price = unit_price
    try:
        row.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise errors.PRICE_INVALID(fields=error.message_dict) from error
    if before != unit_price:
        row.save()
        payload = {"valid_from": valid_from, "unit_price": [before, unit_price]}
        audit.record("product.price_listed", product, by=by, payload=payload)
    return row


@transaction.atomic
def unlist_price(row: ProductPrice, *, by: User) -> None:
    """Take a price out of the list; the one before it holds again."""
    row = ProductPrice.objects.select_for_update().select_related("product").get(pk=row.pk)
    payload = {"valid_from": row.valid_from, "unit_price": row.unit_price}
    audit.record("product.price_unlisted", row.product, by=by, payload=payload)
    row.delete()


def categories() -> list[str]:
    """The categories in use, in their order."""
    named = Product.objects.exclude(category="").order_by("category")
    return list(named.values_list("category", flat=True).distinct())


def _known(data: dict[str, Any]) -> dict[str, Any]:
    if unknown := data.keys() - set(FIELDS):
        raise TypeError(f"a product has no {', '.join(sorted(unknown))}")
    return data


def _values(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in FIELDS}


def _validate(product: Product) -> None:
    found: dict[str, list[str]] = {}
    least, most = product.min_quantity, product.max_quantity
    if least is not None and least <= 0:
        found["min_quantity"] = ["Die Mindestmenge ist größer als null."]
    if most is not None and most < (least or Decimal("0.0001")):
        found["max_quantity"] = ["Die Höchstmenge ist größer als null und die Mindestmenge."]
    try:
        product.full_clean(validate_constraints=not found)
    except ValidationError as error:
        found.update(error.message_dict)
    case = TaxCase.objects.filter(code=product.tax_case).order_by("valid_from").last()
    if case is None:
        found["tax_case"] = [f"Den Steuerfall „{product.tax_case}“ gibt es nicht."]
    elif wrong := _account_problem(product.revenue_account, case):
        found["revenue_account"] = [wrong]
    if found:
        raise errors.PRODUCT_INVALID(fields=found)


def _account_problem(number: str, case: TaxCase) -> str:
    """Why sales of this tax case cannot go to the account; empty where they can."""
    if not number:
        return ""
    account = Account.objects.revenue().filter(number=number).first()
    if account is None:
        return f"Ein Erlöskonto {number} gibt es nicht."
    if account.vat_code not in ("", case.vat_code_base):
        return f"Auf das Konto {account} gehören keine Umsätze mit „{case.name}“."
    return ""


def _next_number() -> str:
    """The number after the highest of the form `P-1001`."""
    hold(Lock.PRODUCTS)
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT coalesce(max(substring(number FROM '^P-(\d{1,9})$')::int), 1000) + 1"
            " FROM invoicing_product"
        )
        return f"P-{cursor.fetchone()[0]}"
