"""The official rules are replaced by a newer release, or not at all."""

import functools
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
CIUS = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
PLACES = {
    "EN16931-UBL-validation.xsl": "resources/ubl/2.1/xsl/",
    "EN16931-CII-validation.xsl": "resources/cii/16b/xsl/",
    "XRechnung-UBL-validation.xsl": "resources/xrechnung/3.0.2/xsl/",
    "XRechnung-CII-validation.xsl": "resources/xrechnung/3.0.2/xsl/",
}
UBL_PLACE, CII_PLACE = "resources/ubl/2.1/xsd/", "resources/cii/16b/xsd/"
CII_ID = "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID"
KINDS = (
    (
        "UBL",
        f"exists(/invoice:Invoice/cbc:CustomizationID[ . = '{CIUS}']) ",
        UBL_PLACE + "maindoc/UBL-Invoice-2.1.xsd",
    ),
    (
        "UBL",
        f"exists(/creditnote:CreditNote[ cbc:CustomizationID/text() = '{CIUS}'])",
        UBL_PLACE + "maindoc/UBL-CreditNote-2.1.xsd",
    ),
    (
        "CII",
        f"exists(/rsm:CrossIndustryInvoice[{CII_ID}/text() = '{CIUS}'])",
        CII_PLACE + "CrossIndustryInvoice_100pD16B.xsd",
    ),
)
REPLACED = ["EN 16931 CII", "EN 16931 UBL", "XRechnung CII", "XRechnung UBL"]


@pytest.fixture(autouse=True)
def _no_rules_stay():
    yield
    shutil.rmtree(settings.RULES_DIR, ignore_errors=True)


def scenarios(levels: str = "", day: str = "2027-02-03", kinds=KINDS) -> bytes:
    """`scenarios.xml` as KoSIT writes it, with a scenario for each kind of document."""

    def check(kind: str, place: str) -> str:
        return (
            f"<{kind}><resource><name>Rules</name>\n<location>{place}</location>"
            f"</resource></{kind}>"
        )

    def sheets(syntax: str) -> str:
        names = (f"EN16931-{syntax}-validation.xsl", f"XRechnung-{syntax}-validation.xsl")
        return "".join(check("validateWithSchematron", PLACES[one] + one) for one in names)

    each = "".join(
        f"<scenario><name>EN16931 XRechnung</name><match>{match}</match>"
        + check("validateWithXmlSchema", schema)
        + sheets(syntax)
        + f"<createReport><resource><location>resources/xrechnung-report.xsl</location></resource>"
        f"<!-- overwrites -->{levels}</createReport></scenario>"
        for syntax, match, schema in kinds
    )
    return (
        '<scenarios xmlns="http://www.xoev.de/de/validator/framework/1/scenarios" '
        'frameworkVersion="1.0.0"><name>Validator Configuration XRechnung 3.0.2</name>'
        f"<date>{day}</date><description><p>It uses CEN Schematron rules of "
        f"urn:cen.eu:en16931:2017\n in version 1.3.18 from {day}\n</p><p>It uses Schematron "
        "Rules version 2.7.0 for XRechnung specification version\n 3.0.2</p></description>"
        f"{each}<noScenarioReport/></scenarios>"
    ).encode()


@functools.cache
def official() -> dict[str, bytes]:
    """All files of a configuration where KoSIT has them, from the rules of the package."""
    found = dict.fromkeys(("resources/", "resources/cii/16b/xsd/", "docs/"), b"")
    found |= dict.fromkeys(("README.md", "CHANGELOG.md", "LICENSE", "docs/usage.md"), b"text")
    for name, place in PLACES.items():
        found[place + name] = sheet(name) + b"<!-- 2027 -->"
    for syntax in ("UBL", "CII"):  # the same once more, as they come from CEN
        found[f"EN16931-{syntax}-validation.xslt"] = sheet(f"EN16931-{syntax}-validation.xsl")
    for name in ("xrechnung-report.xsl", "default-report.xsl"):
        found[f"resources/{name}"] = b"<a/>"
    for folder, place in (("ubl-2.1", UBL_PLACE), ("cii-extended-ctc-fr", CII_PLACE)):
        home = rules._schemas() / folder
        for path in home.rglob("*.xsd"):
            name = path.relative_to(home).as_posix().replace("pD22B", "pD16B")
            found[place + name] = path.read_bytes().replace(b"pD22B", b"pD16B")
    return found


def release(**changes: bytes | None) -> bytes:
    """A configuration as KoSIT packs it; None takes a file out of it."""
    files = {"scenarios.xml": scenarios(), **official()}
    for name, content in changes.items():
        path = next((one for one in files if one.endswith(f"/{name}")), name)
        if content is None:
            del files[path]
        else:
            files[path] = content
    return zipped(files)


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def sheet(name: str) -> bytes:
    return (rules._wheel() / name).read_bytes()


def install(data: bytes, name: str = NAME) -> Path:
    return replacing.install(data, file_name=name, by=User.objects.system())


def test_a_release_replaces_the_rules_and_stands_in_trail_and_archive():
    before = rule_versions()
    data = release()

    install(data)

    after = rule_versions()
    kept = [name for name in before if after.get(name) == before[name]]
    assert kept == ["Factur-X-Schema EN16931", "Factur-X EN16931"]
    assert [after[name].rpartition(" ")[0] for name in REPLACED] == [
        *["1.3.18 (KoSIT 2027-01-31, SHA-256"] * 2,
        *["2.7.0 (KoSIT 2027-01-31, SHA-256"] * 2,
    ]
    event = AuditEvent.objects.get(event="rules.installed")
    assert event.payload == {"release": "KoSIT 2027-01-31"}
    assert Document.objects.get(kind="rules").filename == NAME


def test_the_new_rules_judge_and_are_named_in_the_report():
    quiet = sheet("XRechnung-CII-validation.xsl").replace(b"BR-DE-2<", b"BR-DE-2 <")
    install(release(**{"XRechnung-CII-validation.xsl": quiet + b"<!-- new -->"}))

    xml = trial.cii.write(trial.WHOLE, guideline=Guideline.XRECHNUNG)
    report = validate(xml)

    assert report.valid
    assert report.versions["XRechnung CII"].startswith("2.7.0 (KoSIT 2027-01-31, ")
    assert list(trial.differences()) == []


def test_a_release_brings_its_schemas_and_going_back_leaves_those_of_the_package():
    before = rule_versions()
    install(release())

    after = rule_versions()

    assert after["UBL-Schema 2.1"] == after["CII-Schema D16B"] == "KoSIT 2027-01-31"
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
    levels = '<customLevel level="error">BR-X BR-DE-15</customLevel>'
    install(release(**{"scenarios.xml": scenarios(levels)}))
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
    refused(release(**change), reason)


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


CHANGED = {
    "a file is missing": ({"XRechnung-UBL-validation.xsl": None}, "fehlt"),
    "no scenarios": ({"scenarios.xml": None}, "Im Archiv fehlt: scenarios.xml."),
    "not well-formed": ({"EN16931-CII-validation.xsl": b"<xsl"}, "wohlgeformt"),
    "does not compile": (
        {
            "EN16931-CII-validation.xsl": b'<xsl:stylesheet version="2.0" xmlns:xsl='
            b'"http://www.w3.org/1999/XSL/Transform"><xsl:nonsense/></xsl:stylesheet>'
        },
        "",
    ),
    "reads other files": (
        {
            "EN16931-CII-validation.xsl": b'<xsl:stylesheet version="2.0" xmlns:xsl='
            b'"http://www.w3.org/1999/XSL/Transform"><xsl:variable name="a" select='
            b"\"doc('/etc/passwd')\"/></xsl:stylesheet>"
        },
        "EN16931-CII-validation.xsl greift auf andere Dateien zu",
    ),
    "no scenario for a kind": (
        {"scenarios.xml": scenarios(kinds=KINDS[:1])},
        "kein Szenario für UBL-Gutschriften, CII",
    ),
}
BAD = {
    "no archive": (b"PK nothing", "kein lesbares ZIP-Archiv"),
    "leaves its folder": (zipped({"../../etc/evil": b"x"}), "hinausführen"),
    "leaves it by Windows": (zipped({"..\\evil": b"x"}), "hinausführen"),
    "absolute": (zipped({"/etc/evil": b"x"}), "hinausführen"),
    "another drive": (zipped({"C:/evil": b"x"}), "hinausführen"),
    "bomb": (zipped({"scenarios.xml": b"0" * (16 * 1024**2)}), "größer als 15 MB"),
    "bomb of many": (
        zipped({f"{n}.txt": b"0" * (16 * 1024**2) for n in range(10)}),
        "mehr, als eine Konfiguration",
    ),
    "too many": (zipped({f"{n}.txt": b"" for n in range(5001)}), "mehr, als eine Konfiguration"),
    "too large": (b"PK" + bytes(20 * 1024**2), "größer als 20 MB"),
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
def test_what_is_no_sound_archive_changes_nothing(kind):
    refused(*BAD[kind])


@pytest.mark.parametrize("kind", CHANGED)
def test_what_is_no_sound_release_changes_nothing(kind):
    changes, reason = CHANGED[kind]
    refused(release(**changes), reason)


def test_a_download_that_broke_off_or_was_damaged_changes_nothing():
    data = release()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        place = PLACES["XRechnung-CII-validation.xsl"] + "XRechnung-CII-validation.xsl"
        start = archive.getinfo(place).header_offset + 1000
    damaged = bytearray(data)
    damaged[start : start + 400] = bytes(400)
    for broken in (data[: len(data) // 2], data[:-100], bytes(damaged)):
        refused(broken, "kein lesbares ZIP-Archiv")


def test_a_release_older_than_the_rules_of_the_package_is_refused():
    old = release(**{"scenarios.xml": scenarios(day="2026-02-05")})
    before = rule_versions()
    with raises_problem(errors.RULES_REFUSED) as caught:
        install(old, name="xrechnung-3.0.2-validator-configuration-2026-01-31.zip")
    assert "Fassung vom 05.02.2026 ist älter als die mitgelieferte vom 31.08.2026" in (
        caught.value.message
    )
    assert rule_versions() == before


def test_rules_of_the_package_hold_again_once_they_are_newer_than_the_installed(monkeypatch):
    before = rule_versions()
    install(release())
    assert rule_versions() != before
    monkeypatch.setattr(rules, "PACKAGED", "2027-08-31")
    rules._is_outdated.cache_clear()
    assert rule_versions() == before
    monkeypatch.undo()
    rules._is_outdated.cache_clear()


def test_the_rule_files_are_those_that_the_scenarios_name_and_not_others_of_the_name():
    trap = {"docs/EN16931-CII-validation.xsl": b"<no-rules/>"}
    with_trap = zipped({"scenarios.xml": scenarios(), **official(), **trap})
    folder = install(with_trap)
    kept = (folder / "EN16931-CII-validation.xsl").read_bytes()
    assert kept == official()[PLACES["EN16931-CII-validation.xsl"] + "EN16931-CII-validation.xsl"]


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
