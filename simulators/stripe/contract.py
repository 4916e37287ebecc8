"""What parameters a call takes, from the current specification.

The TypedDicts of the official package are generated from it, so they are the contract: an unknown
parameter, a missing one and a value of the wrong type are refused in Stripe's words.
"""

import functools
import importlib
import re
import types
import typing
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

from stripe._request_options import RequestOptions
from typing_extensions import is_typeddict

from simulators.stripe import refusals
from simulators.stripe.refusals import Refusal

_KEY = re.compile(r"\[([^\[\]]*)\]")
_OPTIONS = frozenset(RequestOptions.__annotations__)
_METADATA_KEYS, _KEY_LENGTH, _VALUE_LENGTH = 50, 40, 500


def parse(encoded: str) -> dict[str, Any]:
    """Nested parameters from `a[b][0][c]=d`."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True, max_num_fields=2000):
        path = [name.split("[", 1)[0], *_KEY.findall(name)]
        place = found
        for key in path[:-1]:
            place = place.setdefault(key, {})
            if not isinstance(place, dict):
                raise Refusal("Invalid request (check that your POST content type is right).")
        last = path[-1] or str(len(place))
        place[last] = value
    return found


def check(params: dict[str, Any], contract: str) -> dict[str, Any]:
    """The parameters with their types, or Stripe's refusal. `contract`: "checkout.SessionList…"."""
    return _fields(params, _typed(contract), "")


@functools.cache
def _typed(contract: str) -> Any:
    module, _, name = contract.rpartition(".")
    return getattr(importlib.import_module(f"stripe.params.{module}".rstrip(".")), name)


@functools.cache
def _hints(kind: Any) -> dict[str, Any]:
    own = {name: one for name, one in kind.__annotations__.items() if name not in _OPTIONS}
    holder = type(kind.__name__, (), {"__annotations__": own})
    return typing.get_type_hints(holder, vars(importlib.import_module(kind.__module__)))


def _fields(given: dict[str, Any], kind: Any, above: str) -> dict[str, Any]:
    hints = _hints(kind)
    if unknown := [name for name in given if name not in hints]:
        raise refusals.unknown(_below(above, unknown[0]))
    for name in sorted(kind.__required_keys__ & hints.keys()):
        if name not in given:
            raise refusals.missing(_below(above, name))
    return {name: _value(value, hints[name], _below(above, name)) for name, value in given.items()}


def _below(above: str, name: str) -> str:
    return f"{above}[{name}]" if above else name


def _value(value: Any, hint: Any, param: str) -> Any:
    """The value as one of the types that the hint allows; the first that fits."""
    choices = list(_alternatives(hint))
    literals = [one for choice in choices for one in _literals(choice)]
    if value == "" and "" in literals:
        return ""
    if isinstance(value, dict):
        return _nested(value, choices, param)
    if value == "":
        raise _empty(param)
    if named := [one for one in literals if one != ""]:
        if value not in named:
            allowed = ", ".join(map(str, named[:-1]))
            raise Refusal(f"Invalid {param}: must be one of {allowed} or {named[-1]}", param=param)
        return value
    for choice in choices:
        if choice in _SCALARS:
            return _SCALARS[choice](value, param)
    raise Refusal(f"Invalid {'array' if _is_list(choices) else 'object'}", param=param)


def _nested(value: dict[str, Any], choices: list[Any], param: str) -> Any:
    for choice in choices:
        origin = typing.get_origin(choice)
        if is_typeddict(choice):
            return _fields(value, choice, param)
        if origin is list:
            (inner,) = typing.get_args(choice)
            return [_value(one, inner, f"{param}[{place}]") for place, one in value.items()]
        if origin is dict:
            return _free(value, param)
    raise Refusal(f"Invalid string: {value}", param=param)


def _free(value: dict[str, Any], param: str) -> dict[str, str]:
    """Metadata: words under words, within Stripe's limits."""
    if len(value) > _METADATA_KEYS:
        raise Refusal(f"{param} can have up to {_METADATA_KEYS} keys.", param=param)
    for key, text in value.items():
        if not isinstance(text, str):
            raise Refusal(f"Metadata values must be strings, but for key '{key}' it is not.")
        if len(key) > _KEY_LENGTH or len(text) > _VALUE_LENGTH:
            raise Refusal(
                f"Metadata keys can have up to {_KEY_LENGTH} characters and values up to "
                f"{_VALUE_LENGTH}; '{key[:_KEY_LENGTH]}' has more.",
                param=f"{param}[{key[:_KEY_LENGTH]}]",
            )
    return dict(value)


def _alternatives(hint: Any) -> Iterable[Any]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        for one in typing.get_args(hint):
            yield from _alternatives(one)
    elif hint is not type(None):
        yield hint


def _literals(choice: Any) -> tuple[Any, ...]:
    return typing.get_args(choice) if typing.get_origin(choice) is typing.Literal else ()


def _is_list(choices: list[Any]) -> bool:
    return any(typing.get_origin(choice) is list for choice in choices)


def _empty(param: str) -> Refusal:
    return Refusal(
        f"You passed an empty string for '{param}'. We assume empty values are an attempt to "
        f"unset a parameter; however '{param}' cannot be unset. You should remove '{param}' "
        "from your request or supply a non-empty value.",
        code="parameter_invalid_empty",
        param=param,
    )


def _integer(value: str, param: str) -> int:
    if not re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
        text = f"Invalid integer: {value}"
        raise Refusal(text, code="parameter_invalid_integer", param=param)
    return int(value)


def _boolean(value: str, param: str) -> bool:
    if value not in {"true", "false"}:
        raise Refusal(f"Invalid boolean: {value}", param=param)
    return value == "true"


def _number(value: str, param: str) -> str:
    if not re.fullmatch(r"-?\d+(\.\d{1,12})?", value, re.ASCII):
        raise Refusal(f"Invalid decimal: {value}", param=param)
    return value


def _text(value: str, param: str) -> str:
    if len(value) > 5000:
        text = f"Invalid string: {value[:20]}...; must be at most 5000 characters"
        raise Refusal(text, param=param)
    return value


_SCALARS: dict[Any, Any] = {
    int: _integer,
    bool: _boolean,
    float: _number,
    Decimal: _number,
    str: _text,
}
