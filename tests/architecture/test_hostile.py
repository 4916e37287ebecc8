"""Whatever stands in an address, a form or a body: the answer is a page or a refusal, no bug."""

import logging
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import quote, urljoin

import django_filters
import lxml.html
import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.architecture.routes import Route, is_api, routes, view_of
from tests.architecture.rows import Rows, one_of_everything, with_row
from tests.architecture.test_access import somebody
from workmate import roles
from workmate.filters import DateFilter
from workmate.lists import ListPage

pytestmark = pytest.mark.django_db

ENDLESS = "9" * 5000
VALUES: dict[str, tuple[str | bytes, ...]] = {
    "text": ("a\0b", b"\xed\xa0\x80\xff", "%_\\%(x)s{0}", "٪\u202e\ufffe" + "\U0001f600 " * 300),
    "number": ("a\0b", "²", "٣", ENDLESS, "9" * 19, "-1", "1e400", "NaN", "1,5"),
    "date": ("01.01.0001", "31.12.9999", "0001-01-01", "9999-12-31", "2026-02-31", "+9999"),
    "choice": ("a\0b", "'\"><script>", "-created_by__password", "pk", ENDLESS, "csv"),
}
KINDS = {
    django_filters.CharFilter: "text",
    django_filters.ChoiceFilter: "choice",
    django_filters.ModelChoiceFilter: "number",
    django_filters.NumberFilter: "number",
    DateFilter: "date",
}
LIST_PAGE = {"sort": "choice", "after": "choice", "before": "choice", "export": "choice"}
API_LIST = {"page": "number", "page_size": "number"}
# What pages that are no lists read from their address, and what lists read beside their filters.
READ = {
    "admin:*_changelist": {"q": "text"},
    "admin:autocomplete": {"term": "text"},
    "api-overview": {"start": "date", "end": "date"},
    "api-tax-case-list": {"on": "date"},
    "banking:import": {"konto": "number"},
    "banking:reconcile": {
        "umsatz": "number",
        "konto": "number",
        "seite": "number",
        "betrag": "number",
        "item_1": "number",
        "posten": "text",
        "q": "text",
        "punkte": "choice",
        "von": "date",
        "bis": "date",
    },
    "banking:rule*": {"umsatz": "number"},
    "dashboard:overview": {"von": "date", "bis": "date"},
    "dashboard:search": {"q": "text"},
    "invoicing:*-suggest": {"q": "text"},
    "invoicing:customer-create": {"name": "text", "weiter": "text"},
    "invoicing:draft-create": {"kunde": "number"},
    "login": {"next": "text"},
    "payments:payment_*": {"posten": "number", "kunde": "number", "q": "text"},
    "reports": {"von": "date", "bis": "date", "export": "choice"},
}
TYPED = ("a\0b", "²", ENDLESS, "'\"><script>\u202e")
BODIES = {
    "a nest without end": "[" * 200_000,
    "objects without end": '{"a":' * 100_000,
    "infinite numbers": """{"customer": 1e999, "partner": 1e999, "account": 1e999, "amount": 1e999,
        "open_item": 1e999, "on": "0001-01-01", "version": 1e999, "method": "transfer",
        "money_account": 1e999, "payment_terms_days": 1e999, "received_on": "0001-01-01",
        "lines": [{"product": 1e999, "quantity": 1e999, "unit_price": "1e99999999"}],
        "allocations": [{"open_item": 1e999, "amount": 1e999}]}""",
    "null bytes": r"""{"customer": "\u0000", "name": "a\u0000b", "reason": "a\u0000",
        "iban": "\u0000", "tax_case": "a\u0000b", "currency": "\u0000",
        "lines": [{"tax_case": "a\u0000b"}]}""",
    "half letters": r"""{"customer": "\ud800", "name": "\ud800", "reason": "\udfff",
        "unit": "\ud800", "iban": "\ud800", "tax_case": "\ud800",
        "lines": [{"name": "\ud800", "unit": "\ud800"}]}""",
    "no object": "[]",
    "nothing": "null",
    "a text": '"x"',
    "no JSON": "NaN",
    "a number without end": ENDLESS * 2,
    "numbers no row has": f"""{{"customer": {10**30}, "version": {10**30}, "partner": {10**30},
        "money_account": {10**30}, "payment_terms_days": {10**30}, "name": "x", "amount": "1",
        "open_item": {10**30}, "allocations": [{{"open_item": {10**30}, "amount": "1"}}],
        "lines": [{{"product": {10**30}}}], "received_on": "2026-01-01", "method": "transfer"}}""",
    "no lists": '{"lines": {"0": {}}, "allocations": {"a": 1}}',
    "lists of nothing": '{"lines": [null, 1, "x", []], "allocations": [null, 1]}',
    "amounts beyond the books": """{"name": "x", "unit": "HUR", "unit_price": "9999999999.99",
        "lines": [{"name": "x", "quantity": "99999999.9999", "unit": "HUR", "tax_case": "DE19",
                   "unit_price": "9999999999.99"}]}""",
    "the first and last days": """{"supply_start": "0001-01-01", "supply_end": "9999-12-31",
        "lines": [{"name": "x", "tax_case": "DE19"}], "on": "0001-01-01", "reason": "x",
        "payment_terms_days": 32767, "issue_date": "9999-12-31"}""",
}


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def rows(db: None) -> Rows:
    return one_of_everything()


@pytest.fixture
def owner(rows: Rows) -> Client:
    return somebody(roles.OWNER)


def parameters(route: Route) -> dict[str, str]:
    """What this address reads and of what kind that is."""
    view = view_of(route)
    found: dict[str, str] = {}
    for names, read in READ.items():
        if fnmatchcase(route.name, names):
            found |= read
    if isinstance(view, type) and issubclass(view, ListPage):
        found |= LIST_PAGE
    if hasattr(view, "pagination_class") and route.name.endswith("-list"):
        found |= API_LIST
    if filters := getattr(view, "filterset_class", None):
        found |= {name: kind_of(one) for name, one in filters.base_filters.items()}
    return found | dict.fromkeys(getattr(view, "filterset_fields", ()), "number")


def kind_of(parameter: django_filters.Filter) -> str:
    return next(kind for known, kind in KINDS.items() if isinstance(parameter, known))


def queries(route: Route, kind: str) -> Iterator[str]:
    """Each parameter of this kind with each value, and all of them with the same value."""
    names = [name for name, own in parameters(route).items() if own == kind]
    for value in VALUES[kind]:
        for name in names:
            yield f"{name}={quote(value)}"
        if kind == "date" and len(names) > 1:
            yield "&".join(f"{name}={quote(value)}" for name in names)


def is_broken(response: HttpResponse) -> bool:
    """Whether it is a bug; a stream is read to its end to know."""
    if response.streaming:
        list(response.streaming_content)
    return response.status_code >= 500


def report(broken: list[str]) -> None:
    assert not broken, "\n" + "\n".join(each[:160] for each in broken)


@pytest.mark.parametrize("kind", VALUES)
def test_no_parameter_breaks_a_page(kind: str, rows: Rows, owner: Client):
    asked = [(route, query) for route in routes() for query in queries(route, kind)]
    assert len(asked) > 50
    report(
        [
            f"{route.name} {query}"
            for route, query in asked
            if is_broken(owner.get(f"{with_row(route, rows)}?{query}"))
        ]
    )


def test_no_null_byte_gets_into_an_address(owner: Client):
    assert owner.get("/kunden/%00/").status_code == 400
    assert owner.get("/kunden/?whatever=%00").status_code == 400
    answer = owner.get("/api/v1/customers/?whatever=%00")
    assert (answer.status_code, answer.json()["code"]) == (400, "SYSTEM_9400")


@pytest.mark.parametrize("value", TYPED)
def test_nothing_typed_into_a_form_breaks_it(value: str, rows: Rows, owner: Client):
    forms = {form for route in routes() for form in forms_of(owner, with_row(route, rows))}
    assert len(forms) > 20
    report(
        [
            f"{address} {name}"
            for address, fields in forms
            for name in (*(name for name, _ in fields), "")
            if is_broken(sent(owner, address, dict(fields), name, value))
        ]
    )


def forms_of(client: Client, path: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """The forms of our own pages: where they post to, and what would be sent untouched."""
    if path.startswith(("/admin/", "/api/", "/abmelden/")):
        return
    answer = client.get(path)
    if answer.status_code != 200 or b"<html" not in answer.content[:100]:
        return
    for form in lxml.html.fromstring(answer.content).forms:
        if form.method == "POST" and "abmelden" not in (form.action or ""):
            fields = tuple((name, text or "") for name, text in form.form_values())
            yield urljoin(path, form.action or ""), fields


def sent(client: Client, address: str, fields: dict[str, str], name: str, value: str) -> Any:
    """Post the form with the value in one field, or in all; then take back what it did."""
    changed = {name: value} if name else dict.fromkeys(fields, value)
    with transaction.atomic():
        response = client.post(address, fields | changed)
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_no_body_breaks_the_api(body: str, rows: Rows, owner: Client):
    report(
        [
            f"{method} {path}"
            for route in routes()
            if is_api(route)
            for path in [with_row(route, rows)]
            for method in ("POST", "PATCH")
            if is_broken(posted(owner, method, path, body))
        ]
    )


def posted(client: Client, method: str, path: str, body: str) -> Any:
    """Send the body as JSON; then take back what it did."""
    headers = {"If-Match": "*"}
    with transaction.atomic():
        response = client.generic(method, path, body, "application/json", headers=headers)
        transaction.set_rollback(True)
    return response


def test_a_body_without_end_is_refused_unread(owner: Client, settings: Any):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = '{"name": "' + "x" * 1000 + '"}'
    answer = owner.post("/api/v1/customers/", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "SYSTEM_9413")
    settings.MOST_BYTES_IN_A_REQUEST = 1000
    assert owner.post("/kunden/neu/", {"name": "x" * 1000}).status_code == 413
    assert owner.post("/anmelden/", {"username": "x" * 1000}).status_code == 413


def test_a_foreign_host_is_refused_whatever_it_sends():
    stranger = Client(raise_request_exception=False, headers={"Host": "evil.example"})
    assert stranger.get("/anmelden/").status_code == 400
    headers = {"Referer": "https://evil.example/"}
    assert stranger.post("/anmelden/", {"username": "x"}, headers=headers).status_code == 400
    assert stranger.post("/api/v1/customers/").status_code == 400
