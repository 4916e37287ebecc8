"""Logs as JSON lines with the number of their request and without secrets."""

import contextvars
import logging
import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# The number of the request or job that runs; shown to the user with a bug, kept with events.
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")

HIDDEN = "•••"
SECRETS = re.compile(
    r"(?:(?<=Bearer )|(?<=Basic )|(?<=Token ))[\w.~+/=-]{8,}"
    r"|\bwm_[0-9a-z]{8,}_[\w-]+"
    r"|\b(?:sk|rk)_(?:live|test)_\w+|\bwhsec_\w+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
SECRET_NAME = re.compile(
    r"passw|secret|token|authori[sz]ation|api_?key|cookie|\bpin\b|\btan\b", re.IGNORECASE
)
ASSIGNED = re.compile(
    r"(?i)\b(\w*(?:passw|secret|token|api_?key)\w*)(['\"]?\s*[=:]\s*['\"]?)([^\s'\"&,;}]{3,})"
)


def redact(text: str) -> str:
    """The text without anything that looks like a key, token or password."""
    return ASSIGNED.sub(rf"\1\2{HIDDEN}", SECRETS.sub(HIDDEN, text))


class Redaction(logging.Filter):
    """Takes secrets out of every record and adds the request's number."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        record.msg = redact(record.getMessage())
        record.args = None
        for name, value in list(vars(record).items()):
            if name not in STANDARD:
                setattr(record, name, _without_secrets(name, value))
        return True


def _without_secrets(name: str, value: Any) -> Any:
    """The value of that name, however deep its secrets lie."""
    if SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {key: _without_secrets(str(key), inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_without_secrets("", inner) for inner in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return redact(str(value))


STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id"}


class PlainLines(logging.Formatter):
    """A line for a person at a terminal."""

    def __init__(self, **_: Any) -> None:
        super().__init__("{levelname} {name} {request_id} {message}", style="{")

    def formatException(self, exc_info: Any) -> str:  # noqa: N802 — the name that logging calls
        return redact(super().formatException(exc_info))


class JsonLines(JsonFormatter):
    """One JSON object a line: time, level, logger, message, request_id and what was given."""

    def __init__(self, **_: Any) -> None:
        super().__init__(
            "{levelname}{name}{message}{request_id}",
            style="{",
            rename_fields={"levelname": "level", "name": "logger"},
            timestamp="time",
            json_ensure_ascii=False,
        )

    def formatException(self, exc_info: Any) -> str:  # noqa: N802 — the name that logging calls
        return redact(str(super().formatException(exc_info)))
