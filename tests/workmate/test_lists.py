import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from tests.books import a_claim, books
from tests.factories import UserFactory, user_in
from tests.problems import raises_problem
from workmate import errors, keyset
from workmate.filters import AmountFilter, DateFilter, Filters
from workmate.keyset import Order
from workmate.ledger.models import OpenItem
from workmate.lists import Action, Column, ListPage
from workmate.models import JobRun, User

pytestmark = pytest.mark.django_db


class ItemFilters(Filters):
    search_fields = ("document_number", "partner__name")
    currency = django_filters.ChoiceFilter(choices=[("EUR", "Euro"), ("USD", "Dollar")])
    due = DateFilter("due_date", lookup_expr="lte", label="Fällig bis")
    least = AmountFilter("outstanding", lookup_expr="gte", label="Mindestens")

    class Meta:
        model = OpenItem
        fields = ("q", "currency", "due", "least")


class Items(ListPage):
    permission_required = "workmate.view_openitem"
    title = "Posten"
    queryset = OpenItem.objects.select_related("partner")
    filterset_class = ItemFilters
    default_sort = "document_number"
    chips = "currency"
    page_size = 3
    empty = "Noch kein Posten."
    empty_action = Action("Anlegen", "profile", "workmate.view_openitem")
    columns = (
        Column("document_number", "Beleg", link=True),
        Column("partner.name", "Kunde", sort="partner__name"),
        Column("due_date", "Fällig", kind="date", priority=2),
        Column("kind", "Art", kind="status", sort="", tones={"receivable": "info"}, priority=3),
        Column("outstanding", "Offen", kind="money", total=True, currency="currency"),
    )

    def row_url(self, row: OpenItem) -> str:
        return f"/posten/{row.pk}/"


@pytest.fixture
def owner() -> User:
    books()
    return user_in("Inhaber")


@pytest.fixture
def ask(owner: User) -> Callable[..., Any]:
    def ask(
        view: type[ListPage] = Items, htmx: bool = False, user: Any = None, **query: str
    ) -> Any:
        headers = {"HX-Request": "true"} if htmx else {}
        request: HttpRequest = RequestFactory(headers=headers).get("/posten/", query)
        request.user = user or owner
        request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
        return view.as_view()(request)

    return ask


def claims(owner: User, number: int, **fields: Any) -> list[OpenItem]:
    return [a_claim("10.00", by=owner, number=f"RE-{n:04}", **fields) for n in range(1, number + 1)]


def numbers(response: Any) -> list[str]:
    text = response.content.decode()
    return [part.split("<")[0].strip() for part in text.split("data-row-link>")[1:]]


def link(response: Any, rel: str) -> dict[str, str]:
    from urllib.parse import parse_qsl, urlsplit

    text = response.content.decode()
    for part in text.split("<a ")[1:]:
        tag = part.split(">")[0]
        if f'rel="{rel}"' in tag:
            href = tag.split('href="')[1].split('"')[0].replace("&amp;", "&")
            return dict(parse_qsl(urlsplit(href).query))
    return {}


def test_a_list_shows_its_rows_and_their_sum(ask, owner):
    claims(owner, 2)
    text = ask().content.decode()
    assert numbers(ask()) == ["RE-0001", "RE-0002"]
    assert "20,00" in text.split("<tfoot>")[1]
    assert "2 Einträge" in text


def test_an_empty_list_says_so_and_what_to_do(ask):
    text = ask().content.decode()
    assert "Noch kein Posten." in text
    assert 'href="/profil/"' in text
    assert "<table" not in text


def test_a_filter_that_finds_nothing_offers_the_way_back(ask, owner):
    claims(owner, 1)
    text = ask(q="gibt es nicht").content.decode()
    assert "Noch kein Posten." not in text
    assert 'href="/posten/"' in text


def test_who_lacks_the_permission_sees_nothing(ask):
    with pytest.raises(PermissionDenied):
        ask(user=user_in("Mitarbeit"))
    with pytest.raises(PermissionDenied):
        ask(user=AnonymousUser()) if AnonymousUser().is_authenticated else ask(user=UserFactory())


def test_one_pages_forward_and_back_through_all_rows(ask, owner):
    claims(owner, 8)
    first = ask()
    second = ask(**link(first, "next"))
    third = ask(**link(second, "next"))
    assert numbers(first) == ["RE-0001", "RE-0002", "RE-0003"]
    assert numbers(second) == ["RE-0004", "RE-0005", "RE-0006"]
    assert numbers(third) == ["RE-0007", "RE-0008"]
    assert link(first, "prev") == link(third, "next") == {}
    assert numbers(ask(**link(third, "prev"))) == numbers(second)
    assert numbers(ask(**link(ask(**link(third, "prev")), "prev"))) == numbers(first)


def test_rows_that_come_meanwhile_shift_nothing(ask, owner):
    claims(owner, 6)
    following = link(ask(), "next")
    a_claim("1.00", by=owner, number="RE-0000")
    a_claim("1.00", by=owner, number="RE-0005a")
    assert numbers(ask(**following)) == ["RE-0004", "RE-0005", "RE-0005a"]


def test_equal_values_are_told_apart_by_their_key(ask, owner):
    for _ in range(8):
        a_claim("1.00", by=owner, due=date(2026, 6, 1))
    seen, query = [], {"sort": "-due_date"}
    while query and len(seen) < 20:
        page = ask(**query)
        seen += numbers(page)
        query = link(page, "next")
    expected = OpenItem.objects.order_by("-pk").values_list("document_number", flat=True)
    assert seen == list(expected)


@pytest.mark.parametrize("sort", ["finished_at", "-finished_at"])
def test_rows_without_a_value_come_last_and_are_paged_as_well(sort):
    by = UserFactory()
    now = timezone.now()
    for number in range(7):
        JobRun.objects.create(
            name=f"job-{number}",
            created_by=by,
            finished_at=None if number % 2 else now - timezone.timedelta(days=number // 4),
        )
    order, rows = Order.parse(sort), JobRun.objects.all()
    everything = keyset.fetch(rows, order, 100).rows
    assert [run.finished_at is None for run in everything] == [False] * 4 + [True] * 3
    forward, page = [], keyset.fetch(rows, order, 2)
    for _ in range(10):
        forward.append([run.pk for run in page.rows])
        if not page.after:
            break
        page = keyset.fetch(rows, order, 2, after=page.after)
    assert [pk for group in forward for pk in group] == [run.pk for run in everything]
    backward = []
    for _ in range(10):
        backward.insert(0, [run.pk for run in page.rows])
        if not page.before:
            break
        page = keyset.fetch(rows, order, 2, before=page.before)
    assert backward == forward


def test_a_strange_cursor_gives_the_first_page(ask, owner):
    claims(owner, 4)
    of_another_order = link(ask(sort="-due_date"), "next")["after"]
    for cursor in ("x", "W10", "ä", of_another_order, "a" * 5000):
        assert numbers(ask(after=cursor)) == ["RE-0001", "RE-0002", "RE-0003"]


def test_heads_sort_and_turn(ask, owner):
    claims(owner, 2)
    assert numbers(ask(sort="-document_number")) == ["RE-0002", "RE-0001"]
    text = ask(sort="-document_number").content.decode()
    assert 'aria-sort="descending"' in text
    assert 'href="/posten/?sort=document_number"' in text


@pytest.mark.parametrize("sort", ["partner__secret", "id; DROP", "?", "-", "kind"])
def test_only_declared_columns_sort(ask, owner, sort):
    claims(owner, 2)
    assert numbers(ask(sort=sort)) == ["RE-0001", "RE-0002"]


def test_every_word_of_the_search_must_occur(ask, owner):
    claims(owner, 2)
    assert numbers(ask(q="muster 0002")) == ["RE-0002"]
    assert numbers(ask(q="muster 0003")) == []


def test_filters_take_german_input_and_survive_paging_and_sorting(ask, owner):
    claims(owner, 5, due=date(2026, 6, 1))
    a_claim("10.00", by=owner, number="RE-9", due=date(2026, 6, 2))
    first = ask(due="1.6.2026", least="9,99")
    following = link(first, "next")
    assert following["due"] == "1.6.2026"
    assert numbers(ask(**following)) == ["RE-0004", "RE-0005"]
    assert "due=1.6.2026&amp;least=9%2C99&amp;sort=partner__name" in first.content.decode()


def test_an_unreadable_filter_is_said_and_shows_no_rows(ask, owner):
    claims(owner, 1)
    text = ask(due="bald").content.decode()
    assert "Geben Sie ein Datum ein" in text
    assert "data-row-link" not in text


def test_chips_count_what_they_would_show(ask, owner):
    claims(owner, 2)
    text = ask(q="0001").content.decode()
    chips = {part.split("<")[0].strip().split(">")[-1] for part in text.split('class="chip"')[1:]}
    counts = [part.split("<")[0] for part in text.split('chip-count">')[1:]]
    assert counts == ["1", "1", "0"]
    assert chips


def test_sums_are_given_per_currency(ask, owner):
    claims(owner, 1)
    OpenItem.objects.create(
        kind="receivable",
        partner=OpenItem.objects.get().partner,
        account=OpenItem.objects.get().account,
        document_date=date(2026, 5, 4),
        due_date=date(2026, 5, 4),
        currency="USD",
        source="usd",
    )
    foot = ask().content.decode().split("<tfoot>")[1]
    assert "10,00" in foot
    assert "USD" in foot


def test_counts_above_the_cap_are_not_counted_and_not_summed(ask, owner):
    class Capped(Items):
        count_cap = 2

    claims(owner, 3)
    text = ask(Capped).content.decode()
    assert "mehr als 2 Einträge" in text
    assert "2+" in text
    assert "<tfoot>" not in text


def test_a_filter_is_searched_once_and_shows_the_same_as_if_asked_each_time(ask, owner):
    class Repeating(Items):
        pinned_cap = 0

    claims(owner, 5)
    asked = {"least": "9,99", "currency": "EUR", "q": "RE"}
    with CaptureQueriesContext(connection) as searched:
        once = ask(htmx=True, **asked)
    assert once.content == ask(Repeating, htmx=True, **asked).content
    assert numbers(once) == ["RE-0001", "RE-0002", "RE-0003"]
    assert sum("LIKE" in one["sql"] and "IN (" not in one["sql"] for one in searched) == 3


def test_htmx_gets_the_region_alone(ask, owner):
    claims(owner, 1)
    response = ask(htmx=True)
    text = response.content.decode().strip()
    assert text.startswith("<div")
    assert "<html" not in text
    assert numbers(response) == ["RE-0001"]
    assert "HX-Request" in response["Vary"]


def read_csv(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_exports_follow_filter_and_order_and_have_all_pages(ask, owner):
    claims(owner, 5)
    rows = read_csv(ask(export="csv", q="000", sort="-document_number"))
    assert rows[0] == ["Beleg", "Kunde", "Fällig", "Art", "Offen"]
    assert [row[0] for row in rows[1:]] == [f"RE-000{n}" for n in (5, 4, 3, 2, 1)]
    assert rows[1][2:] == ["18.05.2026", "Forderung", "10,00"]


def test_the_workbook_has_numbers(ask, owner):
    claims(owner, 1)
    response = ask(export="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    response.close()
    assert sheet["E2"].value == Decimal(10)
    assert "Posten" in response["Content-Disposition"]


def test_there_are_two_kinds_of_export(ask):
    with raises_problem(errors.NOT_FOUND):
        ask(export="exe")


def queries(ask: Callable[..., Any], **query: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        ask(**query)
    return len(found)


def test_three_rows_cost_as_many_queries_as_one(ask, owner):
    claims(owner, 1)
    ask()
    one = queries(ask)
    claims_more = [a_claim("1.00", by=owner) for _ in range(2)]
    assert len(claims_more) == 2
    assert queries(ask) == one


@pytest.mark.parametrize("address", ["/pruefpfad/", "/aufgaben/", "/einstellungen/benutzer/"])
def test_the_lists_of_the_shared_ground_cost_the_same_with_one_and_three_rows(client, address):
    owner = user_in("Inhaber")
    client.force_login(owner)
    JobRun.objects.create(name="x", created_by=owner)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    for _ in range(2):
        person = user_in("Buchhaltung")
        client.force_login(person)
        JobRun.objects.create(name="x", created_by=person)
    client.force_login(owner)
    with CaptureQueriesContext(connection) as three:
        assert client.get(address).status_code == 200
    assert len(three) == len(one)


@pytest.mark.parametrize("address", ["/pruefpfad/", "/aufgaben/"])
def test_the_lists_of_the_shared_ground_work_without_rows(client, address):
    from workmate.models import AuditEvent

    client.force_login(user_in("Inhaber"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM workmate_auditevent")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert not AuditEvent.objects.exists()
    assert client.get(address).status_code == 200
