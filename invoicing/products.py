"""Keeping products: what we sell, at its usual price; draft lines copy it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from invoicing import errors
from invoicing.models import Product
from workmate import audit
from workmate.locks import Lock, hold
from workmate.models import TaxCase, User

FIELDS = ("number", "name", "description", "unit", "unit_price", "tax_case")


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


def _known(data: dict[str, Any]) -> dict[str, Any]:
    if unknown := data.keys() - set(FIELDS):
        raise TypeError(f"a product has no {', '.join(sorted(unknown))}")
    return data


def _values(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in FIELDS}


def _validate(product: Product) -> None:
    found: dict[str, list[str]] = {}
    try:
        product.full_clean()
    except ValidationError as error:
        found.update(error.message_dict)
    if not TaxCase.objects.filter(code=product.tax_case).exists():
        found["tax_case"] = [f"Den Steuerfall „{product.tax_case}“ gibt es nicht."]
    if found:
        raise errors.PRODUCT_INVALID(fields=found)


def _next_number() -> str:
    """The number after the highest of the form `P-1001`."""
    hold(Lock.PRODUCTS)
    with connection.cursor() as cursor:
        cursor.execute(
            r"SELECT coalesce(max(substring(number FROM '^P-(\d{1,9})$')::int), 1000) + 1"
            " FROM invoicing_product"
        )
        return f"P-{cursor.fetchone()[0]}"
