import pytest

from invoicing.einvoice import cii, parse, read
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.parse import Unreadable
from invoicing.einvoice.validate import validate
from tests.invoicing.einvoice.golden import GOLDEN

XML = cii.write(GOLDEN["two_rates"], guideline=Guideline.EN16931).decode()
BODY = XML.split("?>", 1)[1]


def refused(data):
    """The rule and the German sentence with which a file is refused, in the report as well."""
    with pytest.raises(Unreadable) as caught:
        parse.parse(data)
    report = validate(data)
    assert not report.valid
    assert [(f.rule, f.class_, f.level) for f in report.findings] == [
        (caught.value.rule, "format", "fatal")
    ]
    return caught.value.rule, caught.value.message


def test_an_external_entity_is_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("do-not-leak")
    attack = f"""<!DOCTYPE x [<!ENTITY leak SYSTEM "{secret.as_uri()}">]>""" + BODY.replace(
        "RE-2026-0001", "&leak;", 1
    )

    rule, _ = refused(attack.encode())

    assert rule == "FORMAT-DOCTYPE"
    assert "do-not-leak" not in str(validate(attack.encode()).to_json())


def test_a_bomb_of_entities_does_not_go_off():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    attack = f'<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]>' + BODY.replace(
        "RE-2026-0001", "&e11;", 1
    )

    rule, _ = refused(attack.encode())

    assert rule in ("FORMAT-DOCTYPE", "FORMAT-XML")


def test_a_document_type_alone_is_refused():
    rule, message = refused(f"<!DOCTYPE CrossIndustryInvoice>{BODY}".encode())

    assert rule == "FORMAT-DOCTYPE"
    assert "Dokumenttyp" in message


def test_an_external_parameter_entity_is_not_fetched():
    attack = f'<!DOCTYPE x [<!ENTITY % far SYSTEM "http://127.0.0.1:9/x.dtd"> %far;]>{BODY}'

    assert refused(attack.encode())[0] in ("FORMAT-DOCTYPE", "FORMAT-XML")


def test_a_huge_file_is_refused_before_it_is_parsed():
    data = XML.encode() + b" " * parse.MAX_XML

    assert refused(data)[0] == "FORMAT-SIZE"


def test_a_huge_text_is_refused():
    data = XML.replace("RE-2026-0001", "x" * 11_000_000, 1).encode()

    assert refused(data)[0] == "FORMAT-XML"


def test_deep_nesting_is_refused():
    assert refused(b"<a>" * 5000 + b"</a>" * 5000)[0] == "FORMAT-XML"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "FORMAT-EMPTY"),
        (b"  \n", "FORMAT-EMPTY"),
        (b"Guten Tag", "FORMAT-XML"),
        (b"\x00\x01\x02", "FORMAT-XML"),
        (b"<a><b></a>", "FORMAT-XML"),
        (b"<html/>", "FORMAT-SYNTAX"),
        (b"<?xml version='1.0' encoding='EBCDIC-42'?><a/>", "FORMAT-XML"),
        (b"<x:Invoice/>", "FORMAT-XML"),
        (b"<Invoice/>", "FORMAT-SYNTAX"),
    ],
)
def test_what_is_no_invoice_is_refused_with_a_sentence(data, rule):
    assert refused(data)[0] == rule


def test_the_line_of_a_broken_file_is_named():
    assert "Zeile 3" in refused(b"<a>\n<b>\n</a>")[1]


def test_zugferd_1_is_named_for_what_it_is():
    data = b'<r:CrossIndustryDocument xmlns:r="urn:ferd:CrossIndustryDocument:invoice:1p0"/>'

    rule, message = refused(data)

    assert rule == "FORMAT-SYNTAX"
    assert "ZUGFeRD-Rechnung der Version 1.0" in message


def test_comments_and_other_encodings_change_nothing():
    changed = XML.replace("RE-2026-0001", "RE-<!-- x -->2026-0001", 1).replace(
        "encoding='UTF-8'", "encoding='UTF-16'"
    )

    assert read.read(changed.encode("utf-16")) == GOLDEN["two_rates"]


def test_a_byte_order_mark_is_no_obstacle():
    assert read.read(b"\xef\xbb\xbf" + XML.encode()) == GOLDEN["two_rates"]
