import json
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response

from tests.factories import UserFactory, user_in
from tests.threads import at_once
from tests.trade import a_business
from workmate import documents, idempotency, tokens, urls
from workmate.api import ActResource, ApiView, ApiViewSet, etag, require_match
from workmate.models import IdempotentRequest, JobRun, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return user_in("Inhaber")


@pytest.fixture
def api(owner: User) -> Callable[..., Any]:
    """A machine with a token of the owner."""
    _, token = tokens.create(name="Test", expires_at=None, by=owner)

    def ask(method: str, address: str, body: Any = None, text: str = token, **headers: str) -> Any:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        client = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {text}"})
        content = body if isinstance(body, (str, bytes)) else json.dumps(body)
        return client.generic(
            method,
            f"/api/v1/{address}",
            content if body is not None else "",
            content_type=names.pop("Content-Type", "application/json"),
            headers=names,
        )

    return ask


# Who asks


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "AUTH_1001"),
        ("Bearer nonsense", "AUTH_1002"),
        ("Bearer wm_000000000000_" + "a" * 43, "AUTH_1002"),
        ("Basic abc", "AUTH_1004"),
        ("Bearer", "AUTH_1004"),
        ("Bearer a b", "AUTH_1004"),
        ("Bearer ä", "AUTH_1004"),
    ],
)
def test_without_a_good_token_there_is_no_answer(header, code):
    answer = Client().get("/api/v1/users/me/", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_and_a_session_answer_alike(api, owner, client):
    client.force_login(owner)
    assert api("GET", "users/me/").json() == client.get("/api/v1/users/me/").json()
    assert api("GET", "users/me/").json()["role"] == "Inhaber"


def test_a_session_needs_its_csrf_token_to_write(owner):
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    answer = client.post("/api/v1/jobs/1/restart/")
    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH_1015")


# What they may


@pytest.mark.parametrize(
    ("role", "readable"),
    [
        ("Inhaber", {"company/", "jobs/", "documents/", "audit-events/"}),
        ("Buchhaltung", {"company/", "jobs/", "documents/"}),
        ("Steuerberatung", {"company/", "jobs/", "documents/", "audit-events/"}),
        ("Mitarbeit", set()),
    ],
)
def test_reading_needs_the_view_permission(client, role, readable):
    a_business()
    client.force_login(user_in(role))
    every = ("company/", "jobs/", "documents/", "audit-events/")
    found = {address for address in every if client.get(f"/api/v1/{address}").status_code == 200}
    assert found == readable


def test_the_adviser_writes_nothing(client):
    a_business()
    client.force_login(user_in("Steuerberatung"))
    answer = client.patch("/api/v1/company/", {"city": "Kiel"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH_1009")


# How refusals look


@pytest.mark.parametrize(
    ("method", "address", "body", "headers", "status", "code"),
    [
        ("GET", "jobs/999999/", None, {}, 404, "SYSTEM_9404"),
        ("GET", "jobs/4.6e-145/", None, {}, 404, "SYSTEM_9404"),
        ("GET", "jobs/?page=99", None, {}, 404, "SYSTEM_9404"),
        ("GET", "nothing/", None, {}, 404, "SYSTEM_9404"),
        ("DELETE", "company/", None, {}, 403, "AUTH_1009"),
        ("PATCH", "company/", "{no json", {}, 400, "SYSTEM_9400"),
        ("PATCH", "company/", b"\xff\xfe", {}, 400, "SYSTEM_9400"),
        ("PATCH", "company/", "<x/>", {"Content_Type": "text/xml"}, 415, "SYSTEM_9415"),
        ("GET", "company/", None, {"Accept": "text/html"}, 406, "SYSTEM_9406"),
        ("PATCH", "company/", {"vat_id": "DE1"}, {}, 422, "SYSTEM_9001"),
        ("PATCH", "company/", ["x"], {}, 422, "SYSTEM_9001"),
    ],
)
def test_every_refusal_is_a_problem(api, method, address, body, headers, status, code):
    a_business()
    answer = api(method, address, body, **headers)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code
    assert set(answer.json()) == {
        "type",
        "title",
        "status",
        "detail",
        "instance",
        "code",
        "hint",
        "errors",
    }


def test_a_method_that_is_not_there_names_those_that_are(api):
    answer = api("POST", "users/me/", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "SYSTEM_9405")
    assert "POST" in answer.json()["detail"]
    assert "GET" in answer["Allow"]


def test_findings_are_named_by_their_field(api):
    a_business()
    answer = api("PATCH", "company/", {"vat_id": "DE123456789", "payment_terms_days": "viele"})
    assert {each["field"] for each in answer.json()["errors"]} == {"vat_id", "payment_terms_days"}


def test_too_many_requests_are_told_to_wait(api, monkeypatch):
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "get_rate", lambda self: "2/min")
    answers = [api("GET", "users/me/") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "SYSTEM_9429"
    assert 0 < int(answers[2]["Retry-After"]) <= 61


def test_guessing_tokens_is_slowed_down(monkeypatch):
    from rest_framework.throttling import AnonRateThrottle

    cache.clear()
    monkeypatch.setattr(AnonRateThrottle, "get_rate", lambda self: "3/min")
    guess = {"Authorization": "Bearer wm_000000000000_" + "a" * 43}
    answers = [Client().get("/api/v1/users/me/", headers=guess) for _ in range(2)]
    answers += [Client().post("/api/v1/payments/") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[3]["Content-Type"] == "application/problem+json"


# Lists


def test_lists_come_in_pages_of_25_and_at_most_200(api, owner):
    for _ in range(27):
        JobRun.objects.create(name="x", created_by=owner)
    first = api("GET", "jobs/").json()
    assert (first["count"], len(first["results"])) == (27, 25)
    assert len(api("GET", "jobs/?page=2").json()["results"]) == 2
    assert len(api("GET", "jobs/?page_size=1000").json()["results"]) == 27


def test_lists_are_narrowed(api, owner):
    JobRun.objects.create(name="x", created_by=owner)
    JobRun.objects.create(name="y", created_by=owner, state="done")
    assert [row["name"] for row in api("GET", "jobs/?state=done").json()["results"]] == ["y"]
    assert api("GET", "jobs/?state=nonsense").status_code == 422


# Resources of the shared ground


def test_the_company_is_read_and_changed(api):
    a_business()
    assert api("PATCH", "company/", {"city": "Kiel"}).json()["city"] == "Kiel"
    assert api("GET", "company/").json()["city"] == "Kiel"


def test_before_set_up_the_company_is_a_problem(api):
    assert api("GET", "company/").json()["code"] == "SYSTEM_9007"


def test_an_archived_file_is_read(api, owner):
    document = documents.store(
        "api", b"content", filename="a.txt", media_type="text/plain", kind="x", by=owner
    )
    assert api("GET", f"documents/{document.pk}/").json()["sha256"] == document.sha256
    answer = api("GET", f"documents/{document.pk}/content/")
    assert answer.content == b"content"
    assert answer["Content-Disposition"].startswith("attachment")


# Acts, idempotency, matching


class PersonSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields: ClassVar = ["id", "name"]


class Naming(serializers.Serializer):
    name = serializers.CharField(max_length=20)
    file = serializers.FileField(required=False)


class Christening(ActResource):
    """Acts once on a user, visibly: the name grows with every act."""

    queryset = User.objects.all()
    permission_required = "workmate.manage_users"
    body_class = Naming
    answer_class = PersonSerializer

    def act(self, obj: User, data: dict[str, Any]) -> User:
        obj.name += data["name"]
        obj.save()
        if data["name"] == "bug":
            raise ZeroDivisionError
        if data["name"] == "bad":
            raise serializers.ValidationError({"name": ["So nicht."]})
        return obj


class Guarded(ApiView):
    """Changes what the request saw."""

    queryset = User.objects.all()
    permission_required = "workmate.manage_users"
    serializer_class = PersonSerializer

    def get(self, request: Any, pk: int) -> Response:
        user = self.get_object()
        user.version = len(user.name)
        return Response(PersonSerializer(user).data, headers={"ETag": etag(user)})

    def patch(self, request: Any, pk: int) -> Response:
        user = self.get_object()
        user.version = len(user.name)
        require_match(request, user)
        user.name = request.data["name"]
        user.save()
        return Response(PersonSerializer(user).data)


class Addresses:
    urlpatterns = [
        path("api/v1/people/<int:pk>/christening/", Christening.as_view()),
        path("api/v1/people/<int:pk>/", Guarded.as_view()),
        *urls.urlpatterns,
    ]
    handler400, handler403 = urls.handler400, urls.handler403
    handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def person(settings) -> User:
    settings.ROOT_URLCONF = Addresses
    return UserFactory(name="A")


def name_of(person: User) -> str:
    person.refresh_from_db()
    return person.name


def test_an_act_answers_with_what_came_of_it(api, person):
    answer = api("POST", f"people/{person.pk}/christening/", {"name": "b"})
    assert (answer.status_code, answer.json()) == (201, {"id": person.pk, "name": "Ab"})


def test_an_act_checks_right_object_and_body(api, person):
    _, text = tokens.create(name="x", expires_at=None, by=user_in("Buchhaltung"))
    address = f"people/{person.pk}/christening/"
    assert api("POST", address, {"name": "b"}, text=text).status_code == 403
    assert api("POST", "people/999999/christening/", {"name": "b"}).status_code == 404
    assert api("POST", address, {}).json()["errors"][0]["field"] == "name"
    assert api("GET", address).status_code == 405
    assert name_of(person) == "A"


def test_the_same_key_acts_once_and_repeats_the_answer(api, person):
    address = f"people/{person.pk}/christening/"
    first, again = (api("POST", address, {"name": "b"}, Idempotency_Key="k1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert name_of(person) == "Ab"


def test_without_a_key_every_post_acts(api, person):
    for _ in range(2):
        api("POST", f"people/{person.pk}/christening/", {"name": "b"})
    assert name_of(person) == "Abb"


def test_the_same_key_with_another_body_or_address_is_refused(api, person):
    address = f"people/{person.pk}/christening/"
    api("POST", address, {"name": "b"}, Idempotency_Key="k1")
    other = api("POST", address, {"name": "c"}, Idempotency_Key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "SYSTEM_9010")
    elsewhere = api("POST", f"{address}?x=1", {"name": "b"}, Idempotency_Key="k1")
    assert elsewhere.json()["code"] == "SYSTEM_9010"


def test_keys_of_different_users_are_different(api, person):
    _, text = tokens.create(name="x", expires_at=None, by=user_in("Inhaber"))
    address = f"people/{person.pk}/christening/"
    api("POST", address, {"name": "b"}, Idempotency_Key="k1")
    api("POST", address, {"name": "c"}, text=text, Idempotency_Key="k1")
    assert name_of(person) == "Abc"


@pytest.mark.parametrize(("name", "status"), [("bug", 500), ("bad", 422)])
def test_an_act_that_failed_leaves_nothing_and_the_key_is_free(api, person, name, status):
    address = f"people/{person.pk}/christening/"
    for _ in range(2):
        answer = api("POST", address, {"name": name}, Idempotency_Key="k1")
        assert answer.status_code == status
    assert name_of(person) == "A"
    assert not IdempotentRequest.objects.exists()
    assert api("POST", address, {"name": "b"}, Idempotency_Key="k1").status_code == 201


@pytest.mark.parametrize("key", [" ", "x" * 256, "a\tb"])
def test_a_key_must_be_usable(api, person, key):
    answer = api("POST", f"people/{person.pk}/christening/", {"name": "b"}, Idempotency_Key=key)
    assert (answer.status_code, answer.json()["code"]) == (400, "SYSTEM_9012")


def test_an_upload_is_known_again_by_its_content(api, owner, person):
    client = Client()
    client.force_login(owner)
    address = f"/api/v1/people/{person.pk}/christening/"

    def upload(content: bytes) -> Any:
        data = {"name": "b", "file": SimpleUploadedFile("a.csv", content)}
        return client.post(address, data, headers={"Idempotency-Key": "k1"})

    assert [upload(b"same").status_code for _ in range(2)] == [201, 201]
    assert upload(b"other").status_code == 422
    assert name_of(person) == "Ab"


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_with_one_key_act_once(api, settings):
    settings.ROOT_URLCONF = Addresses
    person = UserFactory(name="A")
    answers = at_once(
        lambda number: api(
            "POST", f"people/{person.pk}/christening/", {"name": "b"}, Idempotency_Key="k1"
        )
    )
    assert name_of(person) == "Ab"
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert 201 in {answer.status_code for answer in answers}


def test_answers_are_forgotten_after_a_day(api, person):
    api("POST", f"people/{person.pk}/christening/", {"name": "b"}, Idempotency_Key="k1")
    now = timezone.now()
    assert idempotency.forget(at=now + timezone.timedelta(hours=23)) == 0
    assert idempotency.forget(at=now + timezone.timedelta(hours=25)) == 1


def test_a_change_names_the_state_it_saw(api, person):
    address = f"people/{person.pk}/"
    tag = api("GET", address)["ETag"]
    assert api("PATCH", address, {"name": "x"}).status_code == 428
    assert api("PATCH", address, {"name": "x"}, If_Match='"other"').status_code == 412
    assert name_of(person) == "A"
    assert api("PATCH", address, {"name": "Neu"}, If_Match=tag).status_code == 200
    assert api("PATCH", address, {"name": "x"}, If_Match=tag).json()["code"] == "SYSTEM_9008"


def test_a_view_without_a_permission_denies(client):
    from workmate.api.rights import permission_for

    class Forgotten(ApiView):
        pass

    class Declared(ApiViewSet):
        queryset = JobRun.objects.all()

    assert permission_for(Forgotten(), "GET") is None
    assert permission_for(Declared(), "HEAD") == "workmate.view_jobrun"
    assert permission_for(Declared(), "PATCH") == "workmate.change_jobrun"
    assert permission_for(Declared(), "TRACE") is None


# The description


def test_the_description_is_for_whoever_logs_in(client):
    assert client.get("/api/schema/").status_code == 401
    assert client.get("/api/docs/")["Location"] == "/anmelden/?next=/api/docs/"
    client.force_login(user_in("Mitarbeit"))
    assert client.get("/api/schema/").status_code == 200
    assert client.get("/api/docs/").status_code == 200


def test_only_the_description_may_style_itself_inline(client):
    client.force_login(user_in("Mitarbeit"))
    assert "'unsafe-inline'" in client.get("/api/docs/")["Content-Security-Policy"]
    assert "'unsafe-inline'" not in client.get("/profil/")["Content-Security-Policy"]
    assert "script-src 'self'" in client.get("/api/docs/")["Content-Security-Policy"]


def test_every_post_documents_its_key_and_every_operation_its_refusals(client):
    client.force_login(user_in("Mitarbeit"))
    schema = client.get("/api/schema/?format=json", headers={"Accept": "application/json"})
    for address, operations in schema.json()["paths"].items():
        for method, operation in operations.items():
            if method == "parameters":
                continue
            assert "401" in operation["responses"], address
            if method == "post":
                names = {each["name"] for each in operation.get("parameters", [])}
                assert "Idempotency-Key" in names, address
