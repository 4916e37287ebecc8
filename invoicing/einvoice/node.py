"""Asking an XML tree by path, where a missing element is an empty answer and never a failure."""

import base64
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from lxml import etree

from invoicing.einvoice.header import read_date, read_decimal
from invoicing.einvoice.model import Identifier
from invoicing.einvoice.parse import NAMESPACES, Unreadable


class Node:
    """An element, asked by path. A missing element answers with empty values."""

    def __init__(self, element: etree._Element | None) -> None:
        self.element = element

    def one(self, path: str) -> "Node":
        return next(self.all(path), Node(None))

    def all(self, path: str) -> Iterator["Node"]:
        if self.element is not None:
            for element in self.element.iterfind(path, NAMESPACES):
                yield Node(element)

    def raw(self, path: str) -> str:
        """The text with its white space: BT-20 ends with a line end."""
        element = self.one(path).element
        return "" if element is None else element.text or ""

    def text(self, path: str) -> str:
        return self.raw(path).strip()

    def texts(self, path: str) -> tuple[str, ...]:
        return tuple(node.text(".") for node in self.all(path))

    def decimal(self, path: str) -> Decimal | None:
        return read_decimal(self.text(path))

    def amount(self, path: str, term: str) -> Decimal:
        """A mandatory number."""
        value = self.decimal(path)
        if value is None:
            raise Unreadable("FORMAT-VALUE", f"In der Rechnung fehlt eine lesbare Zahl ({term}).")
        return value

    def day(self, path: str) -> date | None:
        """A date of UBL, which stands in the element itself."""
        return read_date(self.text(path))

    def wrapped_day(self, path: str) -> date | None:
        """A date of CII, which stands in an element of its own."""
        text = self.text(f"{path}/udt:DateTimeString") or self.text(f"{path}/qdt:DateTimeString")
        return read_date(text)

    def flag(self, path: str) -> bool:
        return self.text(path) in ("true", "1")

    def attribute(self, name: str) -> str:
        return "" if self.element is None else self.element.get(name, "")

    def binary(self) -> bytes:
        """The bytes of a base64 text; nothing where it is none."""
        try:
            return base64.b64decode("".join(self.text(".").split()), validate=True)
        except ValueError:
            return b""

    def exists(self) -> bool:
        return self.element is not None


def identifier(node: Node) -> Identifier:
    return Identifier(value=node.text("."), scheme=node.attribute("schemeID"))


def maybe_identifier(node: Node) -> Identifier | None:
    """The identifier; an element with a scheme and nothing in it identifies nobody."""
    return identifier(node) if node.text(".") else None


def identifiers(nodes: Iterable[Node]) -> tuple[Identifier, ...]:
    return tuple(identifier(node) for node in nodes if node.text("."))


def attached(embedded: Node) -> dict[str, Any]:
    """The file in an attachment (BT-125) with its name and type; one without bytes is none."""
    data = embedded.binary()
    if not data:
        return {}
    return {
        "data": data,
        "media_type": embedded.attribute("mimeCode"),
        "filename": embedded.attribute("filename"),
    }


def required(day: date | None) -> date:
    """The day of issue (BT-2); raises `Unreadable` where it is missing."""
    if day is None:
        raise Unreadable("FORMAT-VALUE", "In der Rechnung fehlt ein lesbares Datum (BT-2).")
    return day


def taxes_of(
    amounts: Iterable[Node], currency: str, accounting: str
) -> tuple[Decimal, Decimal | None]:
    """The VAT in the invoice's currency (BT-110) and in the one it is accounted in (BT-111)."""
    taxes = {one.attribute("currencyID"): one.decimal(".") for one in amounts}
    accounted = taxes.pop(accounting, None) if accounting and accounting != currency else None
    total = taxes.get(currency, next(iter(taxes.values()), None))
    return total or Decimal(0), accounted
