"""The official rules are replaced by a newer release, or not at all."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from invoicing import errors, replacing
from invoicing.einvoice import rules, trial
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.validate import rule_versions, validate
from tests.problems import raises_problem
from workmate.models import AuditEvent, Document, User

pytestmark = pytest.mark.django_db
NAME = "xrechnung-3.0.2-validator-configuration-2027-01-31.zip"
SCENARIOS = b"""<scenarios xmlns="http://www.xoev.de/de/validator/framework/1/scenarios">
<name>XRechnung</name><date>2027-01-31</date></scenarios>"""
PLACES = {
    "EN16931-UBL-validation.xsl": "resources/ubl/2.1/xsl/",
    "EN16931-CII-validation.xsl": "resources/cii/16b/xsl/",
    "XRechnung-UBL-validation.xsl": "resources/xrechnung/3.0.2/xsl/",
    "XRechnung-CII-validation.xsl": "resources/xrechnung/3.0.2/xsl/",
}
REPLACED = ["EN 16931 CII", "EN 16931 UBL", "XRechnung CII", "XRechnung UBL"]


@pytest.fixture(autouse=True)
def _no_rules_stay():
    yield
    shutil.rmtree(settings.RULES_DIR, ignore_errors=True)


def release(**changes: bytes | None) -> bytes:
    """A configuration as KoSIT packs it, from the rules of the package with another comment."""
    files = {"scenarios.xml": SCENARIOS, "README.md": b"Konfiguration"}
    for name, place in PLACES.items():
        content = (rules._wheel() / name).read_bytes() + b"<!-- 2027 -->"
        files[place + name] = content
    for name, content in changes.items():
        path = next((one for one in files if one.endswith(name)), name)
        if content is None:
            del files[path]
        else:
            files[path] = content
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


URN = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
UBL_PLACE, CII_PLACE = "resources/ubl/2.1/xsd/", "resources/cii/16b/xsd/"
KINDS = (
    (
        f"exists(/i:Invoice/cbc:CustomizationID[ . = '{URN}'])",
        UBL_PLACE + "maindoc/UBL-Invoice-2.1.xsd",
    ),
    (
        f"exists(/c:CreditNote[ cbc:CustomizationID/text() = '{URN}'])",
        UBL_PLACE + "maindoc/UBL-CreditNote-2.1.xsd",
    ),
    (
        f"exists(/rsm:CrossIndustryInvoice[rsm:A/ram:B/ram:ID/text() = '{URN}'])",
        CII_PLACE + "CrossIndustryInvoice_100pD22B.xsd",
    ),
)


def scenarios(levels: str = "") -> bytes:
    """`scenarios.xml` as KoSIT writes it, with a scenario for each kind of document."""
    each = "".join(
        f"<scenario><name>XRechnung</name><match>{match}</match>"
        "<validateWithXmlSchema><resource><name>Schema</name>"
        f"<location>{place}</location></resource></validateWithXmlSchema>"
        f"<createReport>{levels}</createReport></scenario>"
        for match, place in KINDS
    )
    return SCENARIOS.replace(b"</scenarios>", each.encode() + b"</scenarios>")


def schemas() -> dict[str, bytes]:
    """The schemas of the package, laid out as in the archive of KoSIT."""
    found = {}
    for folder, place in (("ubl-2.1", UBL_PLACE), ("cii-extended-ctc-fr", CII_PLACE)):
        home = rules._schemas() / folder
        for path in home.rglob("*.xsd"):
            found[place + path.relative_to(home).as_posix()] = path.read_bytes()
    return found


def whole_release(levels: str = "", **changes: bytes | None) -> bytes:
    files = {"scenarios.xml": scenarios(levels), **schemas(), **changes}
    return release(**{name: content for name, content in files.items() if content is not None})


def sheet(name: str) -> bytes:
    return (rules._wheel() / name).read_bytes()


def install(data: bytes) -> Path:
    return replacing.install(data, file_name=NAME, by=User.objects.system())


def test_a_release_replaces_the_rules_and_stands_in_trail_and_archive():
    before = rule_versions()
    data = release()

    install(data)

    after = rule_versions()
    assert [name for name in before if after[name] != before[name]] == sorted(
        REPLACED, key=list(before).index
    )
    assert all(after[name].startswith("KoSIT 2027-01-31 (SHA-256 ") for name in REPLACED)
    event = AuditEvent.objects.get(event="rules.installed")
    assert event.payload == {"release": "KoSIT 2027-01-31"}
    assert Document.objects.get(kind="rules").filename == NAME


def test_the_new_rules_judge_and_are_named_in_the_report():
    quiet = sheet("XRechnung-CII-validation.xsl").replace(b"BR-DE-2<", b"BR-DE-2 <")
    install(release(**{"XRechnung-CII-validation.xsl": quiet + b"<!-- new -->"}))

    xml = trial.cii.write(trial.WHOLE, guideline=Guideline.XRECHNUNG)
    report = validate(xml)

    assert report.valid
    assert report.versions["XRechnung CII"].startswith("KoSIT 2027-01-31")
    assert list(trial.differences()) == []


def test_a_release_brings_its_schemas_and_going_back_leaves_those_of_the_package():
    before = rule_versions()
    install(whole_release())

    after = rule_versions()

    assert after["UBL-Schema 2.1"] == after["CII-Schema D22B"] == "KoSIT 2027-01-31"
    for name in ("Invoice", "CreditNote", "CrossIndustryInvoice"):
        path = rules.schema(name, Guideline.XRECHNUNG, zugferd=False).path
        assert rules.in_use() in path.parents
    factur_x = rules.schema("CrossIndustryInvoice", Guideline.EN16931, zugferd=True)
    assert not factur_x.is_installed
    broken = trial.ubl.write(trial.WHOLE, guideline=Guideline.XRECHNUNG)
    broken = broken.replace(b"<cbc:IssueDate>", b"<cbc:IssueDay/><cbc:IssueDate>", 1)
    assert "XSD" in {finding.rule for finding in validate(broken).errors}
    replacing.reset(by=User.objects.system())
    assert rule_versions() == before


def test_the_levels_of_a_release_hold_for_the_documents_it_has_a_scenario_for():
    late = trial.replace(trial.WHOLE, buyer_reference="")
    xml = trial.cii.write(late, guideline=Guideline.XRECHNUNG)

    def level():
        return next(one.level for one in validate(xml).findings if one.rule == "BR-DE-15")

    assert level() == "fatal"
    install(whole_release('<customLevel level="error">BR-X BR-DE-15</customLevel>'))
    assert level() == "error"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({UBL_PLACE + "common/UBL-CommonBasicComponents-2.1.xsd": None}, "Im Archiv fehlt"),
        ({UBL_PLACE + "maindoc/UBL-Invoice-2.1.xsd": b"<x"}, "kein wohlgeformtes XML"),
        ({UBL_PLACE + "maindoc/UBL-Invoice-2.1.xsd": b"<x/>"}, "kein gültiges XML-Schema"),
        *(
            (
                {
                    UBL_PLACE + "maindoc/UBL-Invoice-2.1.xsd": head
                    + b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
                    + f'<xs:include schemaLocation="{where}"/>{body}</xs:schema>'.encode()
                },
                "greift auf andere Dateien zu",
            )
            for head, where, body in (
                (b"", "http://evil.example/a.xsd", ""),
                (b"", "/etc/passwd", ""),
                (b"", "../../../../../../etc/passwd", ""),
                (b'<!DOCTYPE s SYSTEM "http://evil.example/a.dtd">', "", ""),
                (b'<!DOCTYPE s [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "", ""),
                (b'<!DOCTYPE s [<!ENTITY e "x">]>', "", "<a>&e;</a>"),
            )
        ),
    ],
)
def test_schemas_that_are_not_whole_or_lead_out_of_the_archive_change_nothing(change, reason):
    refused(whole_release(**change), reason)


def test_going_back_leaves_the_rules_of_the_package():
    before = rule_versions()
    install(release())

    assert replacing.reset(by=User.objects.system())

    assert rule_versions() == before
    assert not replacing.reset(by=User.objects.system())
    assert AuditEvent.objects.filter(event="rules.reset").count() == 1


def test_another_process_notices_the_switch_without_a_restart():
    code = (
        "import django, json, sys\ndjango.setup()\n"
        "from invoicing.einvoice.validate import rule_versions\n"
        "for line in sys.stdin: print(json.dumps(rule_versions()), flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "workmate.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:

        def told():
            other.stdin.write("\n")
            other.stdin.flush()
            return json.loads(other.stdout.readline())

        before = told()
        install(release())
        assert told() == rule_versions() != before
        replacing.reset(by=User.objects.system())
        assert told() == before
        other.stdin.close()


def test_rules_that_reject_valid_invoices_or_pass_wrong_ones_are_refused():
    deaf = re.sub(rb'test="[^"]*"', b'test="true()"', sheet("XRechnung-CII-validation.xsl"))
    refused(release(**{"XRechnung-CII-validation.xsl": deaf}), "")


BAD = {
    "no archive": (b"PK nothing", "kein lesbares ZIP-Archiv"),
    "a file is missing": (release(**{"XRechnung-UBL-validation.xsl": None}), "fehlt"),
    "no scenarios": (release(**{"scenarios.xml": None}), "scenarios.xml"),
    "not well-formed": (release(**{"EN16931-CII-validation.xsl": b"<xsl"}), "wohlgeformt"),
    "does not compile": (
        release(
            **{
                "EN16931-CII-validation.xsl": b'<xsl:stylesheet version="2.0" xmlns:xsl='
                b'"http://www.w3.org/1999/XSL/Transform"><xsl:nonsense/></xsl:stylesheet>'
            }
        ),
        "",
    ),
    "reaches out": (
        release(
            **{
                "EN16931-CII-validation.xsl": b'<xsl:stylesheet version="2.0" xmlns:xsl='
                b'"http://www.w3.org/1999/XSL/Transform"><xsl:import href="/etc/passwd"/>'
                b"</xsl:stylesheet>"
            }
        ),
        "greift auf andere Dateien zu",
    ),
    "leaves its folder": (zipped({"../../etc/evil": b"x"}), "hinausführen"),
    "absolute": (zipped({"/etc/evil": b"x"}), "hinausführen"),
    "bomb": (zipped({"scenarios.xml": b"0" * (16 * 1024**2)}), "größer als 15 MB"),
    "bomb of many": (
        zipped({f"{n}.txt": b"0" * (16 * 1024**2) for n in range(10)}),
        "mehr, als eine Konfiguration",
    ),
    "too many": (zipped({f"{n}.txt": b"" for n in range(5001)}), "mehr, als eine Konfiguration"),
}


def refused(data: bytes, reason: str) -> None:
    before = rule_versions()
    with raises_problem(errors.RULES_REFUSED) as caught:
        install(data)
    assert reason in caught.value.message
    assert rule_versions() == before
    assert not [path for path in Path(settings.RULES_DIR).glob("*") if path.is_file()]
    assert not list(Path(settings.RULES_DIR).glob(".trial-*"))
    assert not AuditEvent.objects.filter(event="rules.installed").exists()


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_sound_release_changes_nothing(kind):
    refused(*BAD[kind])


def test_the_command_shows_installs_and_goes_back(tmp_path, capsys):
    file = tmp_path / NAME
    file.write_bytes(release())
    call_command("einvoice_rules", "--json")
    assert json.loads(capsys.readouterr().out) == rule_versions()

    call_command("einvoice_rules", "install", str(file))
    assert "ohne Neustart" in capsys.readouterr().out
    call_command("einvoice_rules")
    assert "KoSIT 2027-01-31" in capsys.readouterr().out
    call_command("einvoice_rules", "reset")
    assert "wieder die Regeln des Pakets" in capsys.readouterr().out

    file.write_bytes(b"x")
    with pytest.raises(CommandError, match="nicht übernommen"):
        call_command("einvoice_rules", "install", str(file))


def test_the_documentation_names_the_versions_in_use():
    text = (Path(settings.BASE_DIR) / "docs/betrieb/pruefregeln.md").read_text()
    rows = re.findall(r"^\| ([^|]+?) \| ([^|]+?) \| ", text, re.MULTILINE)
    told = {name: version for name, version in rows if name not in ("Regeln", "---")}
    shown = {
        name: version
        for name, version in rule_versions().items()
        if not name.startswith("Factur-X-Schema")
    }
    assert told == shown
