"""Describing tables for the auditor's software: the `index.xml` of the Beschreibungsstandard.

Structure as in `gdpdu-01-09-2004.dtd` (data access Z3, § 147 (6) AO, GoBD Rz. 167), which has to
lie beside it. The one enclosed is ours and says of its elements those that we write: what it lets
pass, the published one does too. Tables are CSV as `workmate.exports` writes them.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

DTD = "gdpdu-01-09-2004.dtd"
DOCTYPE = f'<!DOCTYPE DataSet SYSTEM "{DTD}">'
_KIND = "(AlphaNumeric | Numeric | Date)"
_CONTENT = {  # what stands in an element, in this order
    "DataSet": "(Version, DataSupplier, Media)",
    "DataSupplier": "(Name, Location, Comment)",
    "Media": "(Name, Table+)",
    "Table": "(URL, Name, Description, Validity?, UTF8, DecimalSymbol, DigitGroupingSymbol, Range,"
    " VariableLength)",
    "Validity": "(Range, Format)",
    "Range": "(From, To?)",
    "VariableLength": "(ColumnDelimiter, RecordDelimiter, TextEncapsulator,"
    " ((VariablePrimaryKey+, VariableColumn*) | VariableColumn+), ForeignKey*)",
    "VariablePrimaryKey": f"(Name, {_KIND})",
    "VariableColumn": f"(Name, {_KIND})",
    "Numeric": "(Accuracy)",
    "Date": "(Format)",
    "ForeignKey": "(Name, References)",
    **dict.fromkeys(("UTF8", "AlphaNumeric"), "EMPTY"),
    **dict.fromkeys(
        (
            *("Version", "Name", "Location", "Comment", "URL", "Description", "From", "To"),
            *("Format", "DecimalSymbol", "DigitGroupingSymbol", "ColumnDelimiter", "References"),
            *("RecordDelimiter", "TextEncapsulator", "Accuracy"),
        ),
        "(#PCDATA)",
    ),
}
GRAMMAR = "".join(f"<!ELEMENT {name} {content}>\n" for name, content in _CONTENT.items())


@dataclass(frozen=True)
class Column:
    """One column; `accuracy` counts the decimals of a number."""

    name: str
    kind: Literal["text", "number", "day"] = "text"
    accuracy: int = 2
    key: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """One file: what it says, its columns (keys first), and how its rows are found.

    `references` names the columns that lead to another table. With `of_books` the rows are those
    of the days and not of documents: they are left out where documents were ticked.
    """

    file: str
    name: str
    about: str
    columns: Sequence[Column]
    rows: Callable[[Any], Iterable[Sequence[Any]]]
    references: Sequence[tuple[str, str]] = ()
    of_books: bool = False

    @property
    def header(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass(frozen=True, kw_only=True)
class Supplier:
    """Whose data it is, and when and why it was written."""

    name: str
    location: str
    comment: str


def index(
    tables: Iterable[Table],
    supplier: Supplier,
    *,
    name: str,
    start: datetime.date | None = None,
    end: datetime.date | None = None,
) -> bytes:
    """The file `index.xml`; days bound what the tables of a span hold."""
    root = etree.Element("DataSet")
    _add(root, "Version", "1.0")
    by = _add(root, "DataSupplier")
    _add(by, "Name", supplier.name)
    _add(by, "Location", supplier.location)
    _add(by, "Comment", supplier.comment)
    media = _add(root, "Media")
    _add(media, "Name", name)
    for table in tables:
        _describe(_add(media, "Table"), table, start, end)
    written: bytes = etree.tostring(
        root, xml_declaration=True, encoding="UTF-8", pretty_print=True, doctype=DOCTYPE
    )
    return written


def _describe(
    node: etree._Element, table: Table, start: datetime.date | None, end: datetime.date | None
) -> None:
    _add(node, "URL", table.file)
    _add(node, "Name", table.name)
    _add(node, "Description", table.about)
    if start and end:
        validity = _add(node, "Validity")
        span = _add(validity, "Range")
        _add(span, "From", f"{start:%d.%m.%Y}")
        _add(span, "To", f"{end:%d.%m.%Y}")
        _add(validity, "Format", "DD.MM.YYYY")
    _add(node, "UTF8")
    _add(node, "DecimalSymbol", ",")
    _add(node, "DigitGroupingSymbol", ".")
    _add(_add(node, "Range"), "From", "2")  # the first row has the names
    layout = _add(node, "VariableLength")
    _add(layout, "ColumnDelimiter", ";")
    _add(layout, "RecordDelimiter", "\r\n")
    _add(layout, "TextEncapsulator", '"')
    for column in table.columns:
        _column(layout, column)
    for column_name, other in table.references:
        reference = _add(layout, "ForeignKey")
        _add(reference, "Name", column_name)
        _add(reference, "References", other)


def _column(layout: etree._Element, column: Column) -> None:
    node = _add(layout, "VariablePrimaryKey" if column.key else "VariableColumn")
    _add(node, "Name", column.name)
    if column.kind == "number":
        _add(_add(node, "Numeric"), "Accuracy", str(column.accuracy))
    elif column.kind == "day":
        _add(_add(node, "Date"), "Format", "DD.MM.YYYY")
    else:
        _add(node, "AlphaNumeric")


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    node = etree.SubElement(parent, name)
    if text:
        node.text = text
    return node
