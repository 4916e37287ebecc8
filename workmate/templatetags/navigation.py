"""The frame around every page: where one can go, and what waits there for a decision."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import NoReverseMatch, reverse
from django.utils.module_loading import import_string

register = template.Library()


@dataclass(frozen=True)
class Item:
    """A way to go. It is shown when its address exists and the user holds its permission.

    `badge` is the dotted path of a function of the user that counts what waits for a decision;
    a path, not an import, because the frame lies below the apps that know the number. `place`
    is the part of the page to go to (`#heute`).
    """

    label: str
    icon: str
    url_name: str
    permission: str = ""
    badge: str = ""
    place: str = ""


MAIN = [
    Item("Übersicht", "layout-dashboard", "dashboard:overview"),
    Item("Rechnungen", "file-text", "invoicing:invoices", "invoicing.view_invoice"),
    Item("Kunden", "users", "invoicing:customers", "invoicing.view_customer"),
    Item("Produkte", "package", "invoicing:products", "invoicing.view_product"),
    Item("Zahlungen", "hand-coins", "payments:payments", "payments.view_payment"),
    Item(
        "Bank",
        "landmark",
        "banking:accounts",
        "banking.view_transaction",
        badge="banking.reconciling.count_open",
    ),
    Item("Ausgaben", "receipt", "expenses:expenses", "expenses.view_expense"),
    Item("Übergabe", "arrow-left-right", "accounting_sync:overview", "accounting_sync.view_push"),
    Item("Berichte", "chart-column", "reports", "workmate.view_entry"),
    Item("Einstellungen", "settings", "settings", "workmate.change_company"),
]
NEW = [
    Item("Rechnung", "file-plus", "invoicing:draft-create", "invoicing.add_invoice"),
    Item("Angebot", "file-pen", "invoicing:quote-create", "invoicing.add_invoice"),
    Item("Kunde", "user-plus", "invoicing:customer-create", "invoicing.add_customer"),
    Item("Produkt", "package-plus", "invoicing:product-create", "invoicing.add_product"),
    Item("Zahlung", "hand-coins", "payments:payment_new", "payments.record_payment"),
    Item("Kontoauszug einlesen", "file-up", "banking:import", "banking.import_statement"),
]
ACCOUNT = [
    Item("Ihr Profil", "circle-user-round", "profile"),
    Item("Prüfpfad", "shield-check", "audit", "workmate.view_auditevent"),
    Item("Aufgaben im Hintergrund", "activity", "jobs", "workmate.view_jobrun"),
]
SEARCH = [Item("Suche", "search", "dashboard:search"), MAIN[1]]
TASKS = [Item("Aufgaben von heute", "list-todo", "dashboard:overview", place="#heute")]
HELP = [
    Item("Handbuch", "book-open", "help"),
    Item("E-Rechnung prüfen", "shield-check", "invoicing:check", "invoicing.view_invoice"),
    Item("Fehlermeldungen und was sie bedeuten", "circle-alert", "error_catalogue"),
]


@register.simple_tag(takes_context=True)
def navigation(context: Context, menu: str = "main") -> list[dict[str, Any]]:
    """The entries of a menu (`main`, `new`, `account`, `search`, `tasks`, `help`) for this user."""
    items = {"main": MAIN, "new": NEW, "account": ACCOUNT, "search": SEARCH}
    chosen = items.get(menu) or {"tasks": TASKS, "help": HELP}[menu]
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = (_entry(item, user, request.path) for item in chosen)
    return [entry for entry in entries if entry]


def _entry(item: Item, user: Any, path: str) -> dict[str, Any] | None:
    if item.permission and not user.has_perm(item.permission):
        return None
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:
        return None
    inside = path == url or (url != "/" and path.startswith(url))
    return {
        "label": item.label,
        "icon": item.icon,
        "url": url + item.place,
        "current": "page" if path == url else "true" if inside else "",
        "badge": import_string(item.badge)(user) if item.badge else 0,
    }


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """`light` or `dark` where the user chose one (cookie `theme`), otherwise the system decides."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in ("light", "dark") else ""


@register.simple_tag(takes_context=True)
def same_as(context: Context, name: str) -> str:
    """What the page writes into the block `name` once more, as the heading repeats the title."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    return block.render(context) if block else ""
