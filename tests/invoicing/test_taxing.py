"""Every tax case passes the official rules of all formats and is posted where it belongs."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from invoicing import errors
from invoicing.customers import edit_customer
from invoicing.gate import Verdict, check
from invoicing.issuing import issue
from invoicing.models import Customer
from invoicing.offering import offers
from invoicing.snapshot import Snapshot
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_authority, an_invoice
from workmate.ledger.models import Line
from workmate.models import Company, TaxCase

pytestmark = pytest.mark.django_db
SWISS = {"country": "CH", "post_code": "6003", "city": "Luzern"}
DUTCH = {"country": "NL", "post_code": "1016", "city": "Amsterdam", "vat_id": "NL004495445B01"}
GERMAN = {"vat_id": "DE136695976"}
PRIVATE = {**SWISS, "kind": Customer.Kind.CONSUMER}

# Code, customer, revenue account in SKR03 and SKR04, code in the VAT return.
ROWS: list[tuple[str, dict[str, Any], tuple[str, str], str]] = [
    ("DE19", {}, ("8400", "4400"), "81"),
    ("DE7", {}, ("8300", "4300"), "86"),
    ("DE7FOOD", {}, ("8300", "4300"), "86"),
    ("DE0", {}, ("8290", "4290"), "87"),
    ("EXPORT", SWISS, ("8120", "4120"), "43"),
    ("EU_SUPPLY", DUTCH, ("8125", "4125"), "41"),
    ("EU_SERVICE", DUTCH, ("8336", "4336"), "21"),
    ("RC13B", GERMAN, ("8337", "4337"), "60"),
    ("RC13B_GOODS", GERMAN, ("8335", "4335"), "60"),
    ("THIRD_SERVICE", SWISS, ("8338", "4338"), "45"),
    ("THIRD_PRIVATE", PRIVATE, ("8338", "4338"), "45"),
    ("DAMAGES", {}, ("2700", "4830"), ""),
    ("PASS_THROUGH", {}, ("1590", "1370"), ""),
    ("EXEMPT", {}, ("8100", "4100"), "48"),
    ("EXEMPT_11", {}, ("8100", "4100"), "48"),
    ("EXEMPT_12", {}, ("8105", "4105"), "48"),
    ("EXEMPT_14", {}, ("8100", "4100"), "48"),
    ("EXEMPT_21", {}, ("8100", "4100"), "48"),
]


def test_every_tax_case_of_a_regular_business_is_tried():
    tried = {code for code, *_ in ROWS} | {"SMALL19"}
    assert tried == set(TaxCase.objects.values_list("code", flat=True))


@pytest.mark.parametrize("chart", ["SKR03", "SKR04"])
@pytest.mark.parametrize(("code", "fields", "accounts", "vat_code"), ROWS)
def test_a_tax_case_passes_in_every_format_and_is_posted(chart, code, fields, accounts, vat_code):
    owner = a_business(chart=chart)
    invoice = an_invoice(
        owner, customer=a_buyer(owner, **fields), lines=[a_line(code=code)], buyer_reference="B 7"
    )
    case = TaxCase.objects.get(code=code)
    assert [offer.reasons for offer in offers(invoice)] == [(), (), ()]
    lines = Line.objects.filter(tax_case=case, account__number=accounts[chart == "SKR04"])
    assert [(line.amount, line.tax_base) for line in lines] == [(Decimal(-100), Decimal(-100))]
    assert case.vat_code_base == vat_code
    account = lines[0].account
    assert account.vat_code == vat_code
    group = Snapshot.from_json(invoice.snapshot).einvoice.vat_breakdown[0]
    assert (group.category, group.reason, group.reason_code) == (
        case.category,
        case.reason,
        case.reason_code,
    )


@pytest.mark.parametrize("vat_id", ["", "DE136695976"])
@pytest.mark.parametrize("authority", [False, True])
@pytest.mark.parametrize(("chart", "number"), [("SKR03", "8195"), ("SKR04", "4185")])
def test_a_small_business_passes_in_every_format(chart, number, authority, vat_id):
    owner = a_business(chart=chart, small_business=True, vat_id=vat_id)
    buyer = an_authority(owner) if authority else a_buyer(owner)
    invoice = an_invoice(
        owner, customer=buyer, lines=[a_line(code="SMALL19")], buyer_reference="B 7"
    )
    assert [offer.reasons for offer in offers(invoice)] == [(), (), ()]
    einvoice = Snapshot.from_json(invoice.snapshot).einvoice
    identified = [] if vat_id else ["22/815/08154"]  # BT-29 where there is no BT-31
    assert [one.value for one in einvoice.seller.identifiers] == identified
    assert einvoice.seller.tax_number == "22/815/08154"
    booked = Line.objects.exclude(open_item__isnull=False).values_list("account__number", "amount")
    assert list(booked) == [(number, Decimal(-100))]


def test_a_small_business_may_serve_businesses_abroad_without_the_note_of_paragraph_19():
    owner = a_business(small_business=True)
    draft = a_draft(owner, customer=a_buyer(owner, **DUTCH), lines=[a_line(code="EU_SERVICE")])
    verdict = check(draft, on=DAY)
    assert verdict.passed, verdict.fields()
    assert "19 UStG" not in verdict.einvoice.seller.legal_information


def test_what_is_not_taxable_names_no_vat_id():
    owner = a_business()
    buyer = a_buyer(owner, **SWISS, vat_id="CHE123456788")
    verdict = check(a_draft(owner, customer=buyer, lines=[a_line(code="THIRD_SERVICE")]), on=DAY)
    assert verdict.passed, verdict.fields()
    assert (verdict.einvoice.seller.vat_id, verdict.einvoice.buyer.vat_id) == ("", "")


def messages(verdict: Verdict, field: str) -> list[str]:
    return verdict.fields().get(field, [])


def test_what_is_not_taxable_stands_alone_on_its_invoice():
    owner = a_business()
    draft = a_draft(owner, lines=[a_line(), a_line(code="PASS_THROUGH")])
    assert messages(check(draft, on=DAY), "lines.1.tax_case") == [
        (
            "„Nicht steuerbar: durchlaufender Posten“ lässt sich in einer E-Rechnung nicht mit "
            "anderen Steuerfällen mischen. Schreiben Sie dafür eine eigene Rechnung."
        )
    ]


def test_what_is_not_taxable_needs_the_tax_number():
    owner = a_business(tax_number="")
    verdict = check(a_draft(owner, lines=[a_line(code="DAMAGES")]), on=DAY)
    assert len(messages(verdict, "company.tax_number")) == 1


@pytest.mark.parametrize(
    ("code", "fields"),
    [
        ("THIRD_SERVICE", DUTCH),
        ("THIRD_SERVICE", {}),
        ("THIRD_SERVICE", PRIVATE),
        ("THIRD_PRIVATE", SWISS),
    ],
)
def test_services_in_third_countries_must_fit_the_customer(code, fields):
    owner = a_business()
    draft = a_draft(owner, customer=a_buyer(owner, **fields), lines=[a_line(code=code)])
    assert len(messages(check(draft, on=DAY), "lines.0.tax_case")) == 1


def test_two_exemptions_are_one_group_with_both_reasons():
    owner = a_business()
    draft = a_draft(owner, lines=[a_line(code="EXEMPT_14"), a_line(code="EXEMPT_21")])
    verdict = check(draft, on=DAY)
    assert verdict.passed, verdict.fields()
    (group,) = verdict.einvoice.vat_breakdown
    assert group.reason == (
        "Steuerfrei nach § 4 Nr. 14 UStG (Heilbehandlung im Bereich der Humanmedizin); "
        "Steuerfrei nach § 4 Nr. 21 UStG (Schul- und Bildungsleistungen)"
    )
    assert (group.reason_code, group.taxable_amount) == ("", Decimal(200))


@pytest.mark.parametrize(("day", "passes"), [(31, False), (1, True)])
def test_food_in_restaurants_is_taxed_at_7_percent_from_2026_on(day, passes):
    supplied = datetime.date(2026, 1, 1) if passes else datetime.date(2025, 12, day)
    owner = a_business()
    draft = a_draft(owner, lines=[a_line(code="DE7FOOD"), a_line()], supply_date=supplied)
    verdict = check(draft, on=datetime.date(2026, 1, 5))
    assert verdict.passed == passes
    if passes:
        assert [(group.rate, group.tax_amount) for group in verdict.einvoice.vat_breakdown] == [
            (19, Decimal("19.00")),
            (7, Decimal("7.00")),
        ]
    else:
        (text,) = messages(verdict, "lines.0.tax_case")
        assert "gilt am 31.12.2025 nicht" in text
        assert "Davor galten auch für Speisen zum Verzehr vor Ort 19 %." in text


def hints(verdict: Verdict) -> list[str]:
    return [finding.field for finding in verdict.findings if not finding.level.invalidates]


def test_a_vat_id_without_confirmation_is_pointed_out_and_does_not_stop_the_invoice():
    owner = a_business()
    buyer = a_buyer(owner, **DUTCH)
    draft = a_draft(owner, customer=buyer, lines=[a_line(code="EU_SUPPLY")])
    verdict = check(draft, on=DAY)
    assert verdict.passed
    assert "customer.vat_id_confirmed_on" in hints(verdict)
    edit_customer(buyer, by=owner, vat_id_confirmed_on=DAY, vat_id_confirmation="Alles stimmt.")
    draft.refresh_from_db()
    assert "customer.vat_id_confirmed_on" not in hints(check(draft, on=DAY))


def test_a_confirmation_goes_with_the_vat_id_that_it_was_for():
    owner = a_business()
    buyer = a_buyer(owner, **DUTCH, vat_id_confirmed_on=DAY, vat_id_confirmation="Passt.")
    same = edit_customer(buyer, by=owner, city="Utrecht")
    assert (same.vat_id_confirmed_on, same.vat_id_confirmation) == (DAY, "Passt.")
    other = edit_customer(buyer, by=owner, vat_id="NL123456782B90")
    assert (other.vat_id_confirmed_on, other.vat_id_confirmation) == (None, "")


def small(owner: Any, price: str, **fields: Any) -> Any:
    return a_draft(owner, lines=[a_line(price, code="SMALL19")], **fields)


def test_the_invoice_that_passes_100000_euro_is_refused_under_paragraph_19():
    owner = a_business(small_business=True)
    issue(small(owner, "99999"), by=owner, on=DAY)
    issue(small(owner, "1"), by=owner, on=DAY)  # exactly 100,000.00 is still within
    crossing = small(owner, "0.01")
    with raises_problem(errors.GATE_REFUSED) as caught:
        issue(crossing, by=owner, on=DAY)
    (text,) = caught.value.fields["lines.0.tax_case"]
    assert text.startswith(
        "Mit dieser Rechnung beträgt Ihr Umsatz 2026 100.000,01 € und damit mehr als 100.000,00 €; "
        "sie ist bereits steuerpflichtig."
    )


def test_from_the_day_of_the_switch_on_vat_is_shown_again():
    owner = a_business(small_business=True, small_business_until=DAY - datetime.timedelta(days=1))
    assert check(a_draft(owner), on=DAY).passed
    assert not check(small(owner, "100"), on=DAY).passed
    before = small(owner, "100", supply_date=DAY - datetime.timedelta(days=1))
    assert check(before, on=DAY).passed


def test_more_than_25000_euro_in_the_year_before_are_pointed_out():
    owner = a_business(small_business=True)
    day = datetime.date(2025, 11, 3)
    issue(small(owner, "25000.01", supply_date=day), by=owner, on=DAY, issue_date=day)
    verdict = check(small(owner, "100"), on=DAY)
    assert verdict.passed
    (found,) = [one for one in verdict.findings if one.rule == "UStG-19-1"]
    assert found.text == (
        "Ihr Umsatz 2025 betrug 25.000,01 € und damit mehr als 25.000,00 €. "
        "Für 2026 sind Sie dann kein Kleinunternehmer mehr."
    )
    assert found.field == "lines.0.tax_case"
    assert Company.get().small_business
