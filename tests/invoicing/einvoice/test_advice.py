import dataclasses
import re
import types
import typing
from datetime import date
from decimal import Decimal

import pytest

from invoicing.einvoice import advice, cii, model, rules, validate
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import (
    Address,
    AllowanceCharge,
    Contact,
    Identifier,
    PaymentInstructions,
    Period,
)
from tests.invoicing.einvoice.golden import (
    BUYER,
    GOLDEN,
    SELLER,
    abroad,
    intra_community,
    invoice,
    line,
    small_business,
)

change = dataclasses.replace
LINE = "/rsm:CrossIndustryInvoice[1]/rsm:Trade[1]/ram:IncludedSupplyChainTradeLineItem[3]"


def with_seller(**changes):
    return change(GOLDEN["two_rates"], seller=change(SELLER, **changes))


def with_seller_address(**changes):
    return with_seller(address=change(SELLER.address, **changes))


def with_contact(**changes):
    return with_seller(contact=change(SELLER.contact, **changes))


def with_buyer(**changes):
    return change(GOLDEN["two_rates"], buyer=change(BUYER, **changes))


def with_buyer_address(**changes):
    return with_buyer(address=change(BUYER.address, **changes))


def with_second_line(**changes):
    return invoice([line(1, "1", "1"), line(2, "1", "1", **changes)])


def with_totals(**changes):
    made = GOLDEN["two_rates"]
    return change(made, totals=change(made.totals, **changes))


def with_allowance(**changes):
    item = AllowanceCharge(charge=False, amount=Decimal("1.00"), reason="Rabatt")
    return with_second_line(allowances=(item, change(item, **changes)))


NO_NUMBERS = change(SELLER, vat_id="", tax_number="", register_number="")
WRONG = {  # what is wrong: (invoice, rule, field)
    "no number": (change(GOLDEN["two_rates"], number=""), "BR-02", "number"),
    "no type": (change(GOLDEN["two_rates"], type_code=""), "BR-04", "type_code"),
    "unknown type": (change(GOLDEN["two_rates"], type_code="999"), "BR-CL-01", "type_code"),
    "no currency": (change(GOLDEN["two_rates"], currency=""), "BR-05", "currency"),
    "unknown currency": (change(GOLDEN["two_rates"], currency="XYZ"), "BR-CL-04", "currency"),
    "no seller name": (with_seller(name=""), "BR-06", "seller.name"),
    "no buyer name": (with_buyer(name=""), "BR-07", "buyer.name"),
    "no seller country": (with_seller_address(country=""), "BR-09", "seller.address.country"),
    "no buyer country": (with_buyer_address(country=""), "BR-11", "buyer.address.country"),
    "unknown buyer country": (
        with_buyer_address(country="ZZ"),
        "BR-CL-14",
        "buyer.address.country",
    ),
    "no seller city": (with_seller_address(city=""), "BR-DE-3", "seller.address.city"),
    "no seller post code": (
        with_seller_address(post_code=""),
        "BR-DE-4",
        "seller.address.post_code",
    ),
    "no buyer city": (with_buyer_address(city=""), "BR-DE-8", "buyer.address.city"),
    "no buyer post code": (with_buyer_address(post_code=""), "BR-DE-9", "buyer.address.post_code"),
    "no contact": (with_seller(contact=Contact()), "BR-DE-2", "seller.contact.name"),
    "no contact name": (with_contact(name=""), "BR-DE-5", "seller.contact.name"),
    "no phone": (with_contact(phone=""), "BR-DE-6", "seller.contact.phone"),
    "no e-mail": (with_contact(email=""), "BR-DE-7", "seller.contact.email"),
    "short phone": (with_contact(phone="12"), "BR-DE-27", "seller.contact.phone"),
    "wrong e-mail": (with_contact(email="a@b@c"), "BR-DE-28", "seller.contact.email"),
    "no buyer reference": (
        change(GOLDEN["two_rates"], buyer_reference=""),
        "BR-DE-15",
        "buyer_reference",
    ),
    "no buyer address": (
        with_buyer(electronic_address=None),
        "PEPPOL-EN16931-R010",
        "buyer.electronic_address",
    ),
    "no seller address": (
        with_seller(electronic_address=None),
        "PEPPOL-EN16931-R020",
        "seller.electronic_address",
    ),
    "unknown scheme of the buyer's address": (
        with_buyer(electronic_address=Identifier(value="x", scheme="XX")),
        "BR-CL-25",
        "buyer.electronic_address.scheme",
    ),
    "no scheme of the buyer's address": (
        with_buyer(electronic_address=Identifier(value="x")),
        "BR-63",
        "buyer.electronic_address.scheme",
    ),
    "no tax number at all": (
        change(GOLDEN["two_rates"], seller=NO_NUMBERS),
        "BR-S-02",
        "seller.tax_number",
    ),
    "seller without any identifier": (
        change(small_business(), seller=change(small_business().seller, identifiers=())),
        "BR-CO-26",
        "seller.vat_id",
    ),
    "tax number as VAT id": (with_seller(vat_id="22/815/08154"), "BR-CO-09", "seller.vat_id"),
    "buyer's VAT id without country": (with_buyer(vat_id="12345"), "BR-CO-09", "buyer.vat_id"),
    "no line": (change(GOLDEN["two_rates"], lines=()), "BR-16", "lines"),
    "line without name": (with_second_line(name=""), "BR-25", "lines.1.name"),
    "line without unit": (with_second_line(unit=""), "BR-23", "lines.1.unit"),
    "line with unknown unit": (with_second_line(unit="FOO"), "BR-CL-23", "lines.1.unit"),
    "negative price": (with_second_line(net_price=Decimal(-1)), "BR-27", "lines.1.net_price"),
    "line without category": (with_second_line(category=""), "BR-CO-04", "lines.1.category"),
    "19 % category at 0 %": (with_second_line(rate=Decimal(0)), "BR-S-05", "lines.1.rate"),
    "line period backwards": (
        with_second_line(period=Period(start=date(2026, 5, 2), end=date(2026, 5, 1))),
        "BR-30",
        "lines.1.period.end",
    ),
    "period backwards": (
        change(GOLDEN["two_rates"], period=Period(start=date(2026, 5, 2), end=date(2026, 5, 1))),
        "BR-29",
        "period.end",
    ),
    "allowance without reason": (
        with_allowance(reason=""),
        "BR-42",
        "lines.1.allowances.1.reason",
    ),
    "percentage without base": (
        with_allowance(percent=Decimal(10)),
        "PEPPOL-EN16931-R041",
        "lines.1.allowances.1.base",
    ),
    "line sum": (with_totals(line_total=Decimal("1.00")), "BR-CO-10", "totals.line_total"),
    "net sum": (with_totals(tax_exclusive=Decimal("1.00")), "BR-CO-13", "totals.tax_exclusive"),
    "tax sum": (with_totals(tax_total=Decimal("1.00")), "BR-CO-14", "totals.tax_total"),
    "gross sum": (with_totals(tax_inclusive=Decimal("1.00")), "BR-CO-15", "totals.tax_inclusive"),
    "payable": (with_totals(payable=Decimal("1.00")), "BR-CO-16", "totals.payable"),
    "three decimals": (with_totals(prepaid=Decimal("0.001")), "BR-DEC-16", "totals.prepaid"),
    "no breakdown": (change(GOLDEN["two_rates"], vat_breakdown=()), "BR-CO-18", "vat_breakdown"),
    "wrong tax": (
        change(
            GOLDEN["two_rates"],
            vat_breakdown=(
                GOLDEN["two_rates"].vat_breakdown[0],
                change(GOLDEN["two_rates"].vat_breakdown[1], tax_amount=Decimal("9.00")),
            ),
        ),
        "BR-CO-17",
        "vat_breakdown.1.tax_amount",
    ),
    "no payment": (
        change(GOLDEN["two_rates"], payment=PaymentInstructions(means_code="")),
        "BR-DE-1",
        "payment.means_code",
    ),
    "no IBAN": (
        change(GOLDEN["two_rates"], payment=PaymentInstructions()),
        "BR-DE-23-a",
        "payment.iban",
    ),
    "wrong IBAN": (
        change(GOLDEN["two_rates"], payment=PaymentInstructions(iban="DE00123")),
        "BR-DE-19",
        "payment.iban",
    ),
    "Skonto in own words": (
        change(GOLDEN["two_rates"], payment_terms="#SKONTO#2 Prozent#\n"),
        "BR-DE-18",
        "payment_terms",
    ),
    "§ 19 without reason": (
        change(
            small_business(),
            vat_breakdown=(change(small_business().vat_breakdown[0], reason="", reason_code=""),),
        ),
        "BR-E-10",
        "vat_breakdown.0.reason",
    ),
    "intra-EU without the buyer's VAT id": (
        change(intra_community(), buyer=abroad("AT")),
        "BR-IC-02",
        "buyer.vat_id",
    ),
    "intra-EU without delivery date": (
        change(intra_community(), delivery_date=None),
        "BR-IC-11",
        "delivery_date",
    ),
    "intra-EU without destination": (
        change(intra_community(), delivery_address=None, delivery_name=""),
        "BR-IC-12",
        "delivery_address.country",
    ),
    "delivery address without city": (
        change(
            GOLDEN["two_rates"],
            delivery_address=Address(street="Weg 1", post_code="20095", country="DE"),
        ),
        "BR-DE-10",
        "delivery_address.city",
    ),
    "cancellation without its invoice": (
        change(GOLDEN["cancellation"], preceding=()),
        "BR-DE-26",
        "preceding",
    ),
    "no supply date": (
        change(GOLDEN["two_rates"], delivery_date=None),
        "BR-DE-TMP-32",
        "delivery_date",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_every_mistake_is_named_in_german_beside_its_field(case):
    einvoice, rule, field = WRONG[case]

    report = validate.validate(
        cii.write(einvoice, guideline=Guideline.XRECHNUNG), with_content=False
    )

    found = {(one.rule, one.field): one for one in report.findings}
    assert (rule, field) in found, sorted(found)
    finding = found[rule, field]
    assert finding.advice
    assert finding.text != finding.original


def official_rules():
    """The names of all rules in the files that judge our own invoices."""
    names = set()
    for syntax in ("CII", "UBL"):
        for sheet in rules.schematron(syntax, Guideline.XRECHNUNG, zugferd=False):
            names |= set(re.findall(r'\bid="([A-Z][A-Za-z0-9-]+)"', sheet.path.read_text()))
    return names


def test_every_explained_rule_is_an_official_one():
    assert set(advice.KNOWN) - official_rules() == set()


def test_nearly_every_rule_that_our_invoices_can_break_is_explained():
    assert len(advice.KNOWN) >= 150

    foreign = re.compile(  # what our model cannot express: payee, representative, attachments …
        r"BR-(A[FG]|B|CL-(0[678]|13|15|21|24|26)|DE-(22|30|31|CVD.*)|DEX-.*|TMP-.*|DE-20)\b|BR-AE-0$"
        r"|BR-(17|18|19|20|28|51|52|54|56|64|65)$|BR-CO-0[35678]$|PEPPOL-.*(R043|R044|R046|R101).*"
    )
    core = {rule for rule in official_rules() if re.match(r"BR-|PEPPOL-", rule)}
    assert {rule for rule in core - set(advice.KNOWN) if not foreign.match(rule)} == set()


def is_path(kind, parts):
    """Whether a dotted field path exists in the model."""
    if isinstance(kind, types.UnionType):
        return any(is_path(one, parts) for one in typing.get_args(kind))
    if not parts:
        return True
    if typing.get_origin(kind) is tuple:
        inner = typing.get_args(kind)[0]
        return parts[0].isdigit() and is_path(inner, parts[1:])
    if not dataclasses.is_dataclass(kind):
        return False
    fields = typing.get_type_hints(kind)
    return parts[0] in fields and is_path(fields[parts[0]], parts[1:])


@pytest.mark.parametrize("place", ["", LINE, "/ram:BuyerTradeParty[1]", "/ram:ShipToTradeParty[1]"])
def test_every_field_is_one_of_the_model(place):
    wrong = [
        (rule, field)
        for rule in advice.KNOWN
        if (field := advice.explain(rule, place, "").field)
        and not is_path(model.EInvoice, field.split("."))
    ]
    assert wrong == []


def test_every_text_is_german_and_complete():
    for rule, (text, what_to_do, _) in advice.KNOWN.items():
        assert text.endswith((".", "“)")), rule
        assert what_to_do.endswith("."), rule
        assert "shall" not in text
        assert "MUST" not in text


@pytest.mark.parametrize(
    ("official", "german"),
    [
        (
            "Element 'ram:Content' must occur exactly 1 times.",
            "Das Element ram:Content muss genau 1-mal vorkommen.",
        ),
        (
            "Element 'ram:IncludedNote' may occur at maximum 1 times.",
            "Das Element ram:IncludedNote darf höchstens 1-mal vorkommen.",
        ),
        (
            "Element 'ram:ApplicableTradeTax' must occur at least 1 times.",
            "Das Element ram:ApplicableTradeTax muss mindestens 1-mal vorkommen.",
        ),
        ("Value of '@unitCode' is not allowed.", "Der Wert von @unitCode ist nicht zulässig."),
        (
            "Attribute '@schemeID' is required in this context.",
            "Das Attribut @schemeID ist hier Pflicht.",
        ),
        (
            "Element 'ram:Name' is marked as not used in the given context.",
            "Das Element ram:Name ist hier nicht vorgesehen.",
        ),
        (
            "Attribute @listID' marked as not used in the given context.",
            "Das Attribut @listID ist hier nicht vorgesehen.",
        ),
    ],
)
def test_what_factur_x_says_of_elements_is_said_in_german(official, german):
    assert advice.explain("FX-SCH-A-000160", "", official).text == german


def test_an_unknown_rule_shows_its_official_text_and_its_place():
    known = advice.explain("UBL-CR-999", LINE + "/ram:SpecifiedTradeProduct[1]", "A rule text")

    assert known.text == "A rule text"
    assert known.field == "lines.2.name"


@pytest.mark.parametrize(
    ("location", "field"),
    [
        (LINE, "lines.2"),
        (f"{LINE}/ram:SpecifiedLineTradeDelivery[1]/ram:BilledQuantity[1]", "lines.2.quantity"),
        ("/ubl:Invoice[1]/cac:InvoiceLine[2]/cac:Price[1]", "lines.1.net_price"),
        ("/cn:CreditNote/cac:CreditNoteLine/cac:Item", "lines.0.name"),
        ("/x/ram:ApplicableHeaderTradeSettlement/ram:ApplicableTradeTax[2]", "vat_breakdown.1"),
        ("/x/ram:SpecifiedTradeAllowanceCharge[4]/ram:ActualAmount", "allowances.3"),
        ("/ubl:Invoice/cac:AccountingCustomerParty/cac:Party/cac:PostalAddress", "buyer.address"),
        ("/x/ram:SellerTradeParty/ram:DefinedTradeContact", "seller.contact"),
        ("/rsm:CrossIndustryInvoice", ""),
    ],
)
def test_a_place_in_the_document_names_a_field(location, field):
    assert advice.field_at(location) == field


@pytest.mark.parametrize(
    ("field", "concerned"),
    [
        ("seller.name", True),
        ("buyer.address.city", True),
        ("lines.0.name", True),
        ("vat_breakdown.0.reason", True),
        ("delivery_date", True),
        ("seller.contact.phone", False),
        ("buyer_reference", False),
        ("payment.iban", False),
        ("buyer.electronic_address", False),
        ("", False),
    ],
)
def test_only_what_the_vat_act_demands_concerns_the_input_vat(field, concerned):
    assert advice.concerns_vat_law(field) is concerned
