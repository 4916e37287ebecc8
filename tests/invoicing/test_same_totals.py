"""One draft, five readers: page, PDF and three XML files say the same to the cent.

Whatever people type, the official rules accept what becomes of it, in every format.
"""

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html

from invoicing import assembling, typesetting
from invoicing.composing import compose
from invoicing.contents import Content
from invoicing.einvoice import cii, ubl, validate
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.read import read
from invoicing.gathering import Sources
from invoicing.pdf import Presentation, render
from tests.invoicing import pages
from tests.trade import DAY, a_business, an_authority, tax_case
from workmate.money import format_amount

pytestmark = pytest.mark.django_db
WRITTEN = (
    (cii.write, Guideline.XRECHNUNG, False),
    (ubl.write, Guideline.XRECHNUNG, False),
    (cii.write, Guideline.EN16931, True),
)
CASES = st.sampled_from(["DE19", "DE7", "DE0"])


def lines():
    return st.lists(
        st.fixed_dictionaries(
            {
                "name": st.sampled_from(["Beratung", "Müsli & Obst", "Ware <groß>"]),
                "quantity": st.decimals("0.01", "99", places=2),
                "unit": st.sampled_from(["HUR", "C62", "KGM"]),
                "unit_price": st.decimals("0.01", "999", places=4),
                "code": CASES,
            },
            optional={
                "discount_percent": st.decimals("-20", "100", places=2),
                "kind": st.just("item"),
            },
        ),
        min_size=1,
        max_size=6,
    )


def adjustments():
    value = st.one_of(
        st.fixed_dictionaries({"percent": st.decimals("0.01", "50", places=2)}),
        st.fixed_dictionaries({"amount": st.decimals("0.01", "20", places=2)}),
    )
    return st.lists(st.tuples(value, st.booleans()), max_size=2)


def composed(owner, customer, drawn, spread, prices_gross):
    content = Content(
        header={
            "customer": customer,
            "supply_date": DAY,
            "payment_terms_days": 30,
            "prices_gross": prices_gross,
            "cash_discounts": [{"days": 7, "percent": "2.00"}],
        },
        lines=[
            {name: value for name, value in line.items() if name != "code"}
            | {"tax_case": tax_case(line["code"])}
            for line in drawn
        ],
        adjustments=[
            {"percent": None, "amount": None, "reason": "", "tax_case": None, **value}
            | {"is_charge": charge}
            for value, charge in spread
        ],
    )
    invoice, parts = assembling.assemble(content, by=owner)
    sources = Sources.of(invoice, parts.lines, parts.adjustments)
    return invoice, compose(sources, number="RE-2026-0001", issue_date=DAY)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(lines(), adjustments(), st.booleans())
def test_all_say_the_same(drawn, spread, prices_gross):
    owner, customer = _parties()
    invoice, einvoice = composed(owner, customer, drawn, spread, prices_gross)
    totals = einvoice.totals
    if totals.payable <= 0:
        return  # The gate refuses it before anybody reads it.

    assert (invoice.net_total, invoice.vat_total, invoice.gross_total) == (
        totals.tax_exclusive,
        totals.tax_total,
        totals.payable,
    )
    for write, guideline, as_zugferd in WRITTEN:
        data = write(einvoice, guideline=guideline)
        report = validate.validate(data, as_zugferd=as_zugferd, with_content=False)
        assert [(one.rule, one.text) for one in report.errors] == []
        assert read(data).totals == totals
    shown = _amounts(einvoice)
    printed = "\n".join(pages.texts(render(einvoice, Presentation(), xml=None)))
    page = html.fromstring(_sheet(einvoice)).text_content()
    for amount in shown:
        assert amount in printed
        assert amount in page


def _parties():
    from invoicing.models import Customer
    from workmate.models import User

    if customer := Customer.objects.first():
        return User.objects.filter(is_superuser=True).first(), customer
    owner = a_business()
    return owner, an_authority(owner)


def _amounts(einvoice):
    totals = einvoice.totals
    found = [totals.tax_exclusive, totals.tax_inclusive, totals.payable]
    found += [vat.tax_amount for vat in einvoice.vat_breakdown if vat.rate]
    return {format_amount(amount) for amount in found}


def _sheet(einvoice):
    sheet = typesetting.context(einvoice, Presentation())
    return render_to_string("invoicing/sheet.html", {"sheet": sheet})
