import zlib
from io import BytesIO

import pikepdf
import pytest
from lxml import etree

from invoicing.einvoice import cii, zugferd
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.parse import MAX_XML, Unreadable
from invoicing.einvoice.validate import validate
from tests.invoicing.einvoice.golden import GOLDEN
from tests.invoicing.einvoice.samples import FOLDER, expected, needs_samples

XML = cii.write(GOLDEN["two_rates"], guideline=Guideline.EN16931)


def pdf(*attachments, password=""):
    """A one-page PDF with these (name, bytes) embedded."""
    document = pikepdf.new()
    document.add_blank_page()
    for name, data in attachments:
        document.attachments[name] = pikepdf.AttachedFileSpec(document, data, filename=name)
    out = BytesIO()
    encryption = pikepdf.Encryption(owner=password, user=password) if password else False
    document.save(out, encryption=encryption)
    return out.getvalue()


def packed(raw, **settings):
    """A PDF whose embedded file holds these very bytes, with these stream settings."""
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["factur-x.xml"] = pikepdf.AttachedFileSpec(document, b"x")
    stream = document.attachments["factur-x.xml"].get_file().obj
    stream.write(raw, **settings)
    out = BytesIO()
    document.save(out, compress_streams=False)
    return out.getvalue()


def refused(data):
    with pytest.raises(Unreadable) as caught:
        zugferd.extract_xml(data)
    report = validate(data)
    assert not report.valid
    assert report.findings[0].class_ == "format"
    return caught.value.rule, caught.value.message


def test_the_invoice_is_taken_out_of_the_pdf():
    assert zugferd.extract_xml(pdf(("factur-x.xml", XML))) == ("factur-x.xml", XML)


def test_a_pdf_is_judged_with_the_factur_x_layer():
    report = validate(pdf(("factur-x.xml", XML)))

    assert report.valid
    assert report.file_name == "factur-x.xml"
    assert "Factur-X EN16931" in report.versions


def test_any_name_will_do_when_the_content_is_an_invoice():
    assert zugferd.extract_xml(pdf(("agb.pdf", b"%PDF"), ("Anlage 1", XML)))[0] == "Anlage 1"


def test_the_official_name_goes_first():
    other = XML.replace(b"RE-2026-0001", b"OTHER")

    assert zugferd.extract_xml(pdf(("a.xml", other), ("factur-x.xml", XML))) == (
        "factur-x.xml",
        XML,
    )


def test_an_attachment_that_is_no_invoice_is_passed_over():
    found = zugferd.extract_xml(pdf(("a.xml", b"<other/>"), ("b.xml", XML)))

    assert found == ("b.xml", XML)


def test_a_pdf_without_an_invoice_is_another_invoice():
    rule, message = refused(pdf(("bild.png", b"\x89PNG")))

    assert rule == "FORMAT-PDF"
    assert "sonstige Rechnung" in message


def test_broken_xml_in_a_pdf_is_named():
    assert refused(pdf(("factur-x.xml", b"<a><b></a>")))[0] == "FORMAT-XML"


def test_a_pdf_with_a_password_is_named():
    assert "Kennwort" in refused(pdf(("factur-x.xml", XML), password="geheim"))[1]


def test_a_damaged_pdf_is_named():
    assert "beschädigt" in refused(b"%PDF-1.7\nnothing of the kind")[1]
    assert refused(pdf(("factur-x.xml", XML))[:400])[0] == "FORMAT-PDF"


def test_a_huge_pdf_is_refused():
    assert refused(b"%PDF-1.7" + b" " * zugferd.MAX_PDF)[0] == "FORMAT-SIZE"


def test_a_stream_that_unpacks_to_gigabytes_is_refused_early():
    bomb = zlib.compressobj(9)
    raw = b"".join(bomb.compress(b" " * 1024 * 1024) for _ in range(MAX_XML // 1024**2 + 5))
    raw += bomb.flush()
    assert len(raw) < 100_000

    rule, message = refused(packed(raw, filter=pikepdf.Name.FlateDecode))

    assert rule == "FORMAT-SIZE"
    assert "factur-x.xml" in message


def test_a_file_packed_twice_is_refused():
    raw = zlib.compress(zlib.compress(XML))
    twice = pikepdf.Array([pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])

    assert refused(packed(raw, filter=twice))[0] == "FORMAT-SIZE"


def test_a_file_that_is_not_packed_is_read():
    assert zugferd.extract_xml(packed(XML))[1] == XML


def test_a_pdf_is_known_by_its_mark_within_the_first_kilobyte():
    assert zugferd.is_pdf(b"\n\n%PDF-1.4")
    assert not zugferd.is_pdf(XML)


def test_the_xmp_declares_the_profile_and_its_own_schema():
    rdf = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    root = etree.fromstring(rdf + zugferd.xmp_descriptions() + b"</rdf:RDF>")

    fx = f"{{{zugferd.XMP_NAMESPACE}}}"
    values = {e.tag.removeprefix(fx): e.text for e in root.iter() if e.tag.startswith(fx)}
    assert values == {
        "DocumentFileName": "factur-x.xml",
        "DocumentType": "INVOICE",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
    }
    names = root.iter("{http://www.aiim.org/pdfa/ns/property#}name")
    assert [name.text for name in names] == list(values)


def test_xrechnung_travels_under_its_own_name():
    xmp = zugferd.xmp_descriptions(file_name="xrechnung.xml", conformance_level="XRECHNUNG")

    assert b"<fx:DocumentFileName>xrechnung.xml<" in xmp
    assert b"<fx:ConformanceLevel>XRECHNUNG<" in xmp


@needs_samples
def test_every_official_pdf_gives_its_invoice():
    for row in expected():
        if row["container"] == "pdf":
            name, xml = zugferd.extract_xml((FOLDER / row["file"]).read_bytes())
            assert name.endswith(".xml")
            assert row["BT-1"].encode() in xml, row["file"]
