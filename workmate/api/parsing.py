"""JSON as the API reads it: RFC 8259, of a bounded size, and nothing that the database refuses."""

import json
import re
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

# Half of a character that takes two: no text that can be written out again.
HALF = re.compile(r"\\u[dD][89a-fA-F]")


class JsonParser(JSONParser):
    """Reads a body up to `DATA_UPLOAD_MAX_MEMORY_SIZE`; raises RequestDataTooBig or ParseError."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise RequestDataTooBig
        try:
            text = raw.decode("utf-8-sig")
            found = json.loads(text, parse_constant=_refuse, parse_float=_finite)
            if HALF.search(text):
                json.dumps(found, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        return found


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    """`1e999` would become infinity."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{text} is too big")
    return number
