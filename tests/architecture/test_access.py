"""What no line allows is denied: every address is asked by everybody, in every way."""

import logging
from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.architecture.routes import Route, routes
from tests.architecture.rows import Rows, one_of_everything, with_row
from workmate import roles
from workmate.models import User

pytestmark = pytest.mark.django_db

# For everybody in the world.
PUBLIC = (
    "login",
    "health_*",
    "admin:login",
    "admin:jsi18n",
    "api-stripe-webhook",  # Stripe, by its signature
    "pay:*",  # a customer with the link of a document
    "workmate.views.refusals.not_found_for_machines",  # says that nothing is there
)
# For everybody who is logged in: one's own things, and what says nothing about the business.
OWN = (
    *PUBLIC,
    "admin:logout",
    "api-me",
    "api_docs",
    "api_schema",
    "dashboard:overview",  # leads on to the profile
    "dashboard:search",  # finds only what one may see
    "error_catalogue",
    "logout",
    "password",
    "profile",
    "token_revocation",
    "tokens",
)
# A form that changes nothing: it may be sent by whoever may read.
READING = ("invoicing:check", "invoicing:collect", "api-invoice-collection")
# Not for accountants: the company itself, who may do what, and the trail of what was done.
OWNER_ONLY = (
    "admin:*",
    "api-audit-event-*",
    "api-company",
    "api-letterhead",
    "api-standard-texts",
    "api-stripe-config",
    "audit*",
    "company*",
    "invoicing:letterhead*",
    "mail",
    "mail_*",
    "payments:stripe",  # the keys of our account
    "payments:stripe_check",
    "payments:stripe_old_secret",
    "payments:stripe_removal",
    "retention_*",
    "api-retention-cleanup",
    "settings",
    "user*",
)


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Thousands of refusals need not be logged."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def rows(db: None) -> Rows:
    return one_of_everything()


def named(*names: str) -> list[Route]:
    return [route for route in routes() if is_in(route, names)]


def all_but(*names: str) -> list[Route]:
    return [route for route in routes() if not is_in(route, names)]


def is_in(route: Route, names: tuple[str, ...]) -> bool:
    return any(fnmatchcase(route.name, name) for name in names)


def methods(route: Route) -> tuple[str, ...]:
    """Machines have more words than forms."""
    if route.path.startswith("/api/"):
        return ("get", "post", "put", "patch", "delete")
    return ("get", "post")


def ask(client: Client, method: str, path: str) -> HttpResponse:
    """Ask, and take back whatever it did."""
    with transaction.atomic():
        response = getattr(client, method)(path)
        transaction.set_rollback(True)
    return response


def is_refused(response: HttpResponse) -> bool:
    to_login = response.status_code == 302 and any(
        reverse(login) in response["Location"] for login in ("login", "admin:login")
    )
    return to_login or response.status_code in (401, 403, 405)


def is_readable(response: HttpResponse) -> bool:
    """Whether it shows something, or is no page to be read."""
    if "GET" not in response.get("Allow", "GET"):
        return True
    return response.status_code < 500 and not is_refused(response)


def somebody(role: str | None) -> Client:
    """A browser that is logged in with this role."""
    user = User.objects.create_user("jemand@example.de", name="Jemand")
    if role:
        user.groups.add(Group.objects.get(name=role))
        user.is_staff = role == roles.OWNER
        user.save()
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def report(found: list[str]) -> None:
    assert not found, "\n" + "\n".join(found)


def report_answers(client: Client, asked: list[Route], rows: Rows, *, reading: bool = True) -> None:
    """Fail with those addresses that do not refuse."""
    report(
        [
            f"{method} {with_row(route, rows)} ({route.name}): {response.status_code}"
            for route in asked
            for method in methods(route)
            if (reading or method != "get")
            and not is_refused(response := ask(client, method, with_row(route, rows)))
        ]
    )


def report_refusals(client: Client, asked: list[Route], rows: Rows) -> None:
    """Fail with those pages that refuse to be read, or break."""
    report(
        [
            f"{with_row(route, rows)} ({route.name}): {response.status_code}"
            for route in asked
            if not is_readable(response := ask(client, "get", with_row(route, rows)))
        ]
    )


def test_the_tables_above_name_addresses_that_exist():
    assert [name for name in (*PUBLIC, *OWN, *READING, *OWNER_ONLY) if not named(name)] == []


def test_nobody_sees_anything_without_a_login(rows: Rows):
    assert len(routes()) > 100
    report_answers(Client(raise_request_exception=False), all_but(*PUBLIC), rows)


@pytest.mark.parametrize("role", [None, roles.STAFF])
def test_whoever_has_no_right_gets_only_the_own_pages(role: str | None, rows: Rows):
    report_answers(somebody(role), all_but(*OWN), rows)


def test_an_adviser_changes_nothing(rows: Rows):
    report_answers(somebody(roles.ADVISER), all_but(*OWN, *READING), rows, reading=False)


def test_an_adviser_reads_all_lists_and_documents(rows: Rows):
    lists = ("accounts", "customers", "invoices", "open_items", "payments", "products")
    pages = (
        "invoice",
        "invoice-pdf",
        "invoice-xml",
        "customer",
        "payment",
        "transaction",
        "account",
    )
    names = [f"*:{name}" for name in (*lists, *pages)]
    report_refusals(somebody(roles.ADVISER), named("api-*-list", "api-*-detail", *names), rows)


def test_an_accountant_changes_neither_company_nor_users(rows: Rows):
    closed = [route for route in named(*OWNER_ONLY) if not is_in(route, OWN)]
    report_answers(somebody(roles.ACCOUNTING), closed, rows, reading=False)


def test_an_accountant_reads_everything_else(rows: Rows):
    report_refusals(somebody(roles.ACCOUNTING), all_but(*OWNER_ONLY), rows)


def test_an_owner_reads_everything(rows: Rows):
    others = ("admin:auth_*", "admin:axes_*", "admin:*_add", "admin:*_delete", "admin:autocomplete")
    report_refusals(somebody(roles.OWNER), all_but(*others), rows)


def test_no_address_breaks_on_an_empty_request(rows: Rows):
    client = somebody(roles.OWNER)
    report(
        [
            f"{method} {route.path} ({route.name})"
            for route in routes()
            for method in methods(route)
            if ask(client, method, route.path).status_code >= 500
        ]
    )
