import json
import logging
import sys

import pytest

from workmate import logs


@pytest.mark.parametrize(
    "secret",
    [
        "wm_0123456789ab_abcDEF-_1234",
        "sk_live_51abcDEF",
        "rk_test_51abcDEF",
        "whsec_abcdef123",
    ],
)
def test_keys_are_taken_out_of_any_text(secret):
    assert secret not in logs.redact(f"tried {secret}, refused")
    assert logs.HIDDEN in logs.redact(f"tried {secret}, refused")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Authorization: Bearer abcdefghijk", "Authorization: Bearer •••"),
        ("postgresql://eva:geheim@host/db", "postgresql://•••@host/db"),
        ("password=geheim&next=/", "password=•••&next=/"),
        ('{"api_key": "geheim", "n": 1}', '{"api_key": "•••", "n": 1}'),
        ("RE-2026-0001 an Muster GmbH, 1.190,00 €", "RE-2026-0001 an Muster GmbH, 1.190,00 €"),
    ],
)
def test_secrets_go_and_the_rest_stays(text, clean):
    assert logs.redact(text) == clean


def line(message: str, *args: object, **extra: object) -> dict[str, object]:
    record = logging.getLogger("workmate.test").makeRecord(
        "workmate.test", logging.INFO, "x.py", 1, message, args, None, extra=extra
    )
    logs.Redaction().filter(record)
    return json.loads(logs.JsonLines().format(record))


def test_a_line_is_json_with_the_number_of_its_request():
    token = logs.request_id.set("r-1")
    found = line("Größe %s", 5, code="INVOICE_2011")
    logs.request_id.reset(token)
    assert found.pop("time")
    assert found == {
        "level": "INFO",
        "logger": "workmate.test",
        "message": "Größe 5",
        "request_id": "r-1",
        "code": "INVOICE_2011",
    }


def test_extra_values_are_clean_as_well():
    found = line("x", api_key="geheim", url="https://eva:geheim@host/", headers={"a": 1})
    assert found["api_key"] == logs.HIDDEN
    assert "geheim" not in json.dumps(found)


def test_secrets_deep_inside_go_as_well():
    found = line("x", headers={"Authorization": "Bearer abcdefgh1234", "list": ["token=geheim"]})
    assert found["headers"] == {"Authorization": logs.HIDDEN, "list": [f"token={logs.HIDDEN}"]}


@pytest.mark.parametrize("formatter", [logs.JsonLines(), logs.PlainLines()])
def test_a_traceback_tells_no_secret(formatter):
    try:
        raise ValueError("password=geheim")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", 40, "f", 1, "Bug", (), sys.exc_info())
    logs.Redaction().filter(record)
    written = formatter.format(record)
    assert "ValueError" in written
    assert "geheim" not in written


def test_the_answer_names_its_request(client):
    given = client.get("/gesundheit/live", headers={"X-Request-ID": "abc-12345"})
    assert given["X-Request-ID"] == "abc-12345"
    strange = client.get("/gesundheit/live", headers={"X-Request-ID": "a\tb<script>"})
    assert len(strange["X-Request-ID"]) == 16
