"""What a rule file of somebody else may do: judge the document before it, and nothing else.

XSLT can read files and addresses, run text as code and call into its host. The rules of CEN and
KoSIT, compiled by SchXslt or the ISO skeleton, need none of that.
"""

import re
from collections.abc import Iterator

from lxml import etree

_XSL = "{http://www.w3.org/1999/XSL/Transform}"
_ELEMENTS = {
    f"{_XSL}{name}"
    for name in (
        *("import", "include", "import-schema", "use-package", "result-document"),
        *("source-document", "stream", "merge-source", "evaluate"),
    )
}
_CALL = re.compile(
    r"(?<![\w.-])(?:doc|doc-available|document|collection|uri-collection|json-doc|transform"
    r"|unparsed-text|unparsed-text-lines|unparsed-text-available|parse-xml|parse-xml-fragment"
    r"|environment-variable|available-environment-variables|load-xquery-module|function-lookup)"
    r"\s*[(#]"
)
_FOREIGN = ("java:", "clitype:", "http://saxon.sf.net/", "http://expath.org/ns/")
_PREFIXED = re.compile(r"(?<![\w.-])([\w.-]+):[\w.-]+\s*[(#]")
# SchXslt reads the document again where a caller names its address; nobody does here.
_AGAIN = "schxslt.validate.initial-document-uri"


def reaches_out(root: etree._Element) -> bool:
    """Whether the rule file would do more than judge the document that it is given."""
    return any(map(_reaches_out, root.iter(etree.Element)))


def _reaches_out(element: etree._Element) -> bool:
    space = etree.QName(element).namespace or ""
    if element.tag in _ELEMENTS or space.startswith(_FOREIGN):
        return True
    is_xsl = element.tag.startswith(_XSL)
    if is_xsl and any(name.startswith("_") for name in element.attrib):
        return True  # an attribute that is computed at compile time
    if element.get("name") == _AGAIN and (element.get("select") or "".join(element.itertext())):
        return True
    return any(_calls_out(text, element) for text in _code(element))


def _code(element: etree._Element) -> Iterator[str]:
    """Where XPath may stand: in attributes, and in braces in text where a sheet expands it."""
    yield from (str(value) for value in element.attrib.values())
    for text in (element.text, element.tail):
        if text and "{" in text:
            yield text


def _calls_out(code: str, element: etree._Element) -> bool:
    code = code.replace(f"document(${_AGAIN})", "")
    if _CALL.search(code) or any(f"Q{{{name}" in code for name in _FOREIGN):
        return True
    spaces = (element.nsmap.get(prefix) or "" for prefix in _PREFIXED.findall(code))
    return any(space.startswith(_FOREIGN) for space in spaces)
