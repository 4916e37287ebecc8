import json
from io import StringIO

import pytest
from django.core.management import call_command

from invoicing.einvoice import cii
from invoicing.einvoice.codes import Guideline
from tests.invoicing.einvoice.golden import GOLDEN


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "gut.xml"
    path.write_bytes(cii.write(GOLDEN["two_rates"], guideline=Guideline.XRECHNUNG))
    return str(path)


def run(*arguments):
    """The exit code and the output of the command."""
    out = StringIO()
    try:
        call_command("validate_einvoice", *arguments, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_a_valid_file_exits_with_zero(good):
    code, out = run(good)

    assert code == 0
    assert f"{good}: gültig" in out
    assert "Nr. RE-2026-0001 · 328.38" in out
    assert "geprüft: XRechnung CII 2.6.0" in out


def test_json_has_one_line_a_file(good, tmp_path):
    missing = str(tmp_path / "fehlt.xml")

    code, out = run("--json", good, missing)

    first, second = map(json.loads, out.splitlines())
    assert code == 1
    assert (first["file"], first["valid"], first["findings"]) == (good, True, [])
    assert (first["syntax"], first["number"], first["total"]) == ("CII", "RE-2026-0001", "328.38")
    assert (second["file"], second["valid"], second["total"]) == (missing, False, None)
    assert [one["class"] for one in second["findings"]] == ["format"]


@pytest.mark.parametrize("content", [b"", b"Hallo", b"%PDF-1.7 kaputt", b"<html/>", b"\xff\xfe"])
def test_an_unreadable_file_is_a_finding_and_no_crash(tmp_path, content):
    path = tmp_path / "seltsam"
    path.write_bytes(content)

    code, out = run("--json", str(path))

    (finding,) = json.loads(out)["findings"]
    assert code == 1
    assert (finding["class"], finding["level"]) == ("format", "fatal")
    assert finding["text"].endswith(".")


def test_a_folder_is_a_finding_and_no_crash(tmp_path):
    assert run(str(tmp_path))[0] == 1


def test_findings_are_told_in_german_with_their_place(tmp_path):
    path = tmp_path / "schlecht.xml"
    xml = cii.write(GOLDEN["two_rates"], guideline=Guideline.XRECHNUNG)
    path.write_bytes(xml.replace(b"<ram:LineTotalAmount>279.98", b"<ram:LineTotalAmount>1.00"))

    code, out = run(str(path))

    assert code == 1
    assert "nicht gültig" in out
    assert "Fehler BR-CO-10: Die Summe der Positionen stimmt nicht." in out
