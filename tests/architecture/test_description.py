"""The API's description against its answers: what OpenAPI promises is what comes."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from tests.architecture.routes import Route, is_api, routes
from tests.architecture.rows import Rows, one_of_everything, with_row
from workmate.models import User

pytestmark = pytest.mark.django_db
WORDS = {"oneOf": "anyOf"}  # an empty text is a text too, where nobody checks formats
SENSELESS = "?page=x&kind=%20&status=%20&state=%20&day=x&after=x&date_after=x&customer=x&format=x"


@pytest.fixture(scope="module")
def description() -> Any:
    """The OpenAPI document, in JSON Schema's words for what may be null or empty."""
    return in_json_schema(SchemaGenerator().get_schema(public=True))


def in_json_schema(node: Any) -> Any:
    if isinstance(node, list):
        return [in_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    told = {WORDS.get(name, name): in_json_schema(each) for name, each in node.items()}
    told.pop("nullable", None)
    return {"anyOf": [told, {"type": "null"}]} if node.get("nullable") is True else told


@pytest.fixture
def rows() -> Rows:
    return one_of_everything()


@pytest.fixture
def owner(rows: Rows) -> Client:
    client = Client()
    client.force_login(User.objects.order_by("pk")[0])
    return client


def described(description: Any, path: str) -> dict[str, Any] | None:
    """The operation that a GET of this path is, if the description knows it."""
    found = [
        operations["get"]
        for template, operations in description["paths"].items()
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
        and "get" in operations
        and ("{" not in template or path not in description["paths"])
    ]
    return found[0] if found else None


def breaches(description: Any, path: str, answer: Any) -> Iterator[str]:
    """Where the answer is not as described."""
    operation = described(description, path.partition("?")[0])
    if operation is None:
        return
    promised = operation["responses"].get(str(answer.status_code))
    if promised is None:
        yield f"{path}: {answer.status_code} is not described"
        return
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    contents = promised.get("content", {})
    if contents and kind not in contents and "*/*" not in contents:
        yield f"{path}: {kind} is not described for {answer.status_code}"
    schema = contents.get(kind, {}).get("schema")
    if schema and kind.endswith("json"):
        whole = {**schema, "components": description["components"]}
        for error in Draft202012Validator(whole).iter_errors(answer.json()):
            yield f"{path}: {answer.status_code} {error.json_path}: {error.message[:150]}"


def api_routes() -> list[Route]:
    return [route for route in routes() if is_api(route) and "/v1/" in route.path]


def test_every_answer_is_as_described(description: Any, rows: Rows, owner: Client):
    found = []
    for route in api_routes():
        path = with_row(route, rows)
        for asked in (path, path + SENSELESS, route.path):
            found += breaches(description, asked, owner.get(asked))
    assert not found, "\n".join(found)


def test_no_address_breaks_when_asked_what_it_can(rows: Rows, owner: Client):
    answers = {route.name: owner.options(with_row(route, rows)) for route in api_routes()}
    assert {name for name, answer in answers.items() if answer.status_code != 405} == set()
