from datetime import datetime
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import pytest

from tests.problems import raises_problem
from workmate import errors, letters

AT = datetime(2026, 5, 4, 9, 30, tzinfo=ZoneInfo("Europe/Berlin"))


def a_letter(**fields: object) -> letters.Letter:
    return letters.Letter(
        **{
            "message_id": "<0123456789abcdef01234567@werkstatt.example>",
            "sender": "rechnung@werkstatt.example",
            "sender_name": "Werkstatt Süd, Müller & Söhne GmbH",
            "to": ["einkauf@kundin.example"],
            "cc": [],
            "reply_to": "",
            "subject": "Rechnung RE-2026-0001 über 1.190,00 €",
            "text": "Guten Tag,\n\nanbei die Rechnung. Grüße aus Köln\n.\nEnde",
            "at": AT,
            "attachments": [
                letters.Attachment(
                    filename="RE-2026-0001.pdf", media_type="application/pdf", data=b"%PDF-\n\xff."
                ),
                letters.Attachment(
                    filename="RE-2026-0001.xml",
                    media_type="application/xml",
                    data=b"<a>\xc3\xa4</a>",
                ),
            ],
        }
        | fields
    )


@pytest.mark.parametrize(
    ("written", "wire"),
    [
        (" einkauf@kundin.example ", "einkauf@kundin.example"),
        ("Ein.Kauf+rechnung@KUNDIN.example", "Ein.Kauf+rechnung@kundin.example"),
        ("post@müller.example", "post@xn--mller-kva.example"),
        ("post@straße.example", "post@xn--strae-oqa.example"),
    ],
)
def test_an_address_goes_through_the_wire_in_ascii(written, wire):
    assert letters.address(written) == wire


@pytest.mark.parametrize(
    "written",
    [
        "",
        "kein-klammeraffe",
        "@kundin.example",
        "einkauf@",
        "einkauf@kundin",
        "müller@kundin.example",
        "a b@kundin.example",
        "a@kundin.example, b@kundin.example",
        "Eva <a@kundin.example>",
        "a@kundin.example\r\nBcc: alle@welt.example",
        "a\n@kundin.example",
        "a@kun\ndin.example",
        "a\0@kundin.example",
        "..@kundin.example",
        f"{'a' * 65}@kundin.example",
        f"a@{'b' * 64}.example",
        f"a@{'b.' * 125}example",
    ],
)
def test_what_is_no_address_is_refused(written):
    with raises_problem(errors.MAIL_ADDRESS_UNFIT):
        letters.address(written)


def test_an_umlaut_domain_is_shown_as_it_was_written():
    assert letters.readable("post@xn--mller-kva.example") == "post@müller.example"
    assert letters.readable("post@xn--\xff.example") == "post@xn--\xff.example"


def test_a_message_says_what_it_shall_and_nothing_else():
    raw = letters.write(
        a_letter(cc=["chef@xn--mller-kva.example"], reply_to="eva@werkstatt.example")
    )
    message = message_from_bytes(raw, policy=policy.default)
    assert list(message.keys()) == [
        "Message-ID",
        "Date",
        "From",
        "To",
        "Cc",
        "Reply-To",
        "Subject",
        "MIME-Version",
        "Content-Type",
    ]
    assert message["Message-ID"] == "<0123456789abcdef01234567@werkstatt.example>"
    assert message["Date"] == "Mon, 04 May 2026 09:30:00 +0200"
    assert message["From"].addresses[0].display_name == "Werkstatt Süd, Müller & Söhne GmbH"
    assert message["From"].addresses[0].addr_spec == "rechnung@werkstatt.example"
    assert message["Subject"] == "Rechnung RE-2026-0001 über 1.190,00 €"
    text, pdf, xml = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert text.get_content_charset() == "utf-8"
    assert (
        text.get_content().replace("\r\n", "\n")
        == "Guten Tag,\n\nanbei die Rechnung. Grüße aus Köln\n.\nEnde\n"
    )
    assert [(p.get_content_type(), p.get_filename()) for p in (pdf, xml)] == [
        ("application/pdf", "RE-2026-0001.pdf"),
        ("application/xml", "RE-2026-0001.xml"),
    ]
    assert pdf.get_payload(decode=True) == b"%PDF-\n\xff."
    assert xml.get_payload(decode=True) == b"<a>\xc3\xa4</a>"


def test_every_line_fits_the_wire():
    long = "ü" * 500 + "\n" + "x" * 5000
    raw = letters.write(
        a_letter(text=long, subject="Ä" * 150, to=[f"a{i}@b.example" for i in range(20)])
    )
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert letters.read(raw).text.strip() == long


@pytest.mark.parametrize("subject", ["a\nBcc: alle@welt.example", "a\rb", "a\u2028b", "a\0b"])
def test_no_subject_begins_another_header(subject):
    with raises_problem(errors.MAIL_HEADER_UNFIT):
        letters.write(a_letter(subject=subject))


def test_no_company_name_begins_another_header():
    raw = letters.write(a_letter(sender_name="Werkstatt\r\nBcc: alle@welt.example"))
    assert "Bcc" not in message_from_bytes(raw, policy=policy.default)


def test_a_message_is_read_again_as_it_was_written():
    letter = a_letter()
    read = letters.read(letters.write(letter))
    assert dict(read.headers)["To"] == "einkauf@kundin.example"
    assert read.text == letter.text + "\n"
    assert read.attachments == letter.attachments
