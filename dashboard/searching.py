"""Searching finds customers, documents, products, payments and transactions by a few words."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from banking.models import Transaction
from invoicing.models import Customer, Invoice, Product
from payments.models import Payment
from workmate.models import User

MOST = 8


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    url: str
    title: str
    note: str
    amount: Decimal | None = None


@dataclass(frozen=True)
class Section:
    """What was found of one kind; `more` when there is more than is shown."""

    title: str
    icon: str
    hits: list[Hit]
    more: bool
    exact: bool  # a document number was typed in full


def search(text: str, *, user: User) -> list[Section]:
    """Sections with hits, only of what the user may see; nothing for less than two characters."""
    if len(text) < 2:
        return []
    sections = (find(text) for permission, find in _SECTIONS if user.has_perm(permission))
    return [section for section in sections if section.hits]


def _section(
    title: str, icon: str, rows: QuerySet[Any], show: Callable[[Any], Hit], *, exact: str = ""
) -> Section:
    found = list(rows[: MOST + 1])
    hits = [show(row) for row in found[:MOST]]
    typed = bool(exact) and [hit.title.lower() for hit in hits] == [exact.lower()]
    return Section(title, icon, hits, len(found) > MOST, typed)


def _invoices(text: str) -> Section:
    rows = Invoice.objects.matching(text).select_related("customer").order_by("-id")
    return _section(
        "Rechnungen",
        "file-text",
        rows,
        lambda row: Hit(
            row.get_absolute_url(), str(row), str(row.customer or "ohne Kunden"), row.gross_total
        ),
        exact=text,
    )


def _customers(text: str) -> Section:
    return _section(
        "Kunden",
        "users",
        Customer.objects.matching(text).order_by("name", "id"),
        lambda row: Hit(row.get_absolute_url(), row.name, f"{row.number} · {row.city}"),
    )


def _products(text: str) -> Section:
    rows = Product.objects.filter(Q(name__icontains=text) | Q(number__icontains=text))
    return _section(
        "Produkte",
        "package",
        rows,
        lambda row: Hit(row.get_absolute_url(), row.name, row.number, row.unit_price),
    )


def _payments(text: str) -> Section:
    rows = Payment.objects.filter(
        Q(reference__icontains=text) | Q(partner__name__icontains=text)
    ).select_related("partner")
    return _section(
        "Zahlungen",
        "hand-coins",
        rows,
        lambda row: Hit(
            row.get_absolute_url(), str(row), row.partner.name if row.partner else "", row.amount
        ),
    )


def _transactions(text: str) -> Section:
    rows = Transaction.objects.filter(
        Q(counterparty_name__icontains=text)
        | Q(purpose__icontains=text)
        | Q(counterparty_iban__iexact=text.replace(" ", ""))
    ).order_by("-booked_on", "-id")
    return _section(
        "Bankumsätze",
        "landmark",
        rows,
        lambda row: Hit(
            row.get_absolute_url(), str(row), " ".join(row.purpose.split())[:80], row.amount
        ),
    )


_SECTIONS: tuple[tuple[str, Callable[[str], Section]], ...] = (
    ("invoicing.view_invoice", _invoices),
    ("invoicing.view_customer", _customers),
    ("invoicing.view_product", _products),
    ("payments.view_payment", _payments),
    ("banking.view_transaction", _transactions),
)
