"""A rule file judges the document that it is given; it reads, runs and calls nothing else."""

import pytest
from lxml import etree

from invoicing.einvoice import rules
from invoicing.einvoice.schematron import Document, NotAvailable
from invoicing.einvoice.sheets import reaches_out

HARMFUL = {
    "import": '<xsl:import href="/etc/passwd"/>',
    "written file": '<xsl:result-document href="/tmp/a"/>',
    "file": """<xsl:value-of select="doc('/etc/passwd')"/>""",
    "file by its XSLT 1 name": """<xsl:value-of select="document('/etc/passwd')"/>""",
    "address": """<xsl:value-of select="unparsed-text ('http://evil.example')"/>""",
    "address behind a comment": """<xsl:value-of select="doc(: x :)('http://evil.example')"/>""",
    "reference to a function": '<xsl:variable name="f" select="document#1"/>',
    "other prefix": '<a b="{f:doc-available(@x)}" '
    'xmlns:f="http://www.w3.org/2005/xpath-functions"/>',
    "full name": """<a b="{Q{http://www.w3.org/2005/xpath-functions}doc('x')}"/>""",
    "environment": """<a b="{environment-variable('SECRET_KEY')}"/>""",
    "text as code": """<xsl:evaluate xpath="'1'"/>""",
    "text as function": """<a b="{function-lookup(xs:QName('fn:doc'), 1)('x')}"/>""",
    "text as XML": """<a b="{parse-xml('x')}"/>""",
    "other sheet": """<a b="{transform(map {})}"/>""",
    "host": '<a b="{r:exec(r:getRuntime())}" xmlns:r="java:java.lang.Runtime"/>',
    "host by its full name": '<a b="{Q{java:java.lang.Runtime}getRuntime()}"/>',
    "extension": '<s:doc xmlns:s="http://saxon.sf.net/"/>',
    "extension function": '<a b="{f:read-text(@x)}" xmlns:f="http://expath.org/ns/file"/>',
    "attribute made at compile time": """<a><xsl:value-of _select="d{'oc'}(@x)"/></a>""",
    "text that is expanded": """<a xsl:expand-text="yes">{doc('x')}</a>""",
    "address that SchXslt reads": '<xsl:param name="schxslt.validate.initial-document-uri" '
    """select="'/etc/passwd'"/>""",
}
HARMLESS = {
    "names alone": '<a b="{document-uri(/)} {$doc} {my-doc(1)}"/>',
    "a namespace that nothing uses": '<a xmlns:saxon="http://saxon.sf.net/" b="{count(*)}"/>',
    "words": "<a>a document (whole) and doc('x')</a>",
    "the parameter of SchXslt": '<xsl:param name="schxslt.validate.initial-document-uri"/>'
    '<xsl:apply-templates select="document($schxslt.validate.initial-document-uri)"/>',
}


def sheet(body):
    return etree.fromstring(
        '<xsl:stylesheet version="3.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
        f"{body}</xsl:stylesheet>"
    )


@pytest.mark.parametrize("kind", HARMFUL)
def test_what_reaches_beyond_the_document_is_noticed(kind):
    assert reaches_out(sheet(HARMFUL[kind]))


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_stays_with_the_document_is_left_alone(kind):
    assert not reaches_out(sheet(HARMLESS[kind]))


@pytest.mark.parametrize("name", rules.REPLACEABLE)
def test_the_official_rules_stay_with_the_document(name):
    assert not reaches_out(etree.parse(str(rules._wheel() / name)).getroot())


def test_the_processor_itself_asks_no_address(tmp_path):
    file = tmp_path / "sheet.xsl"
    body = """<xsl:template match="/"><a b="{doc('http://127.0.0.1:9/x')}"/></xsl:template>"""
    file.write_bytes(etree.tostring(sheet(body)))
    with pytest.raises(NotAvailable, match="prohibited"):
        Document(etree.fromstring("<a/>")).judge(file)
