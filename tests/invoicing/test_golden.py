"""Golden cases: each is issued, valid in both syntaxes, read back equal, and booked to the cent."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from invoicing.einvoice import cii, ubl, validate
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import EInvoice
from invoicing.einvoice.read import header, read
from invoicing.models import Customer, Invoice
from invoicing.offering import FORMATS, offer
from invoicing.snapshot import Snapshot
from tests.invoicing.cases import CASES, TAXES, House
from tests.invoicing.ledger import booked
from workmate.models import TaxCase

pytestmark = pytest.mark.django_db
SYNTAXES = {Customer.Format.XRECHNUNG: "CII", Customer.Format.XRECHNUNG_UBL: "UBL"}


def term(einvoice: EInvoice, path: str) -> str:
    """A term of the e-invoice by its path, as text."""
    found: Any = einvoice
    for part in path.split("."):
        found = found[int(part)] if part.isdigit() else getattr(found, part)
    return str(found)


def files(invoice: Invoice) -> Iterator[tuple[str, bytes, bool]]:
    """Name, bytes and whether the rules of Factur-X hold too, in every format."""
    for wanted in FORMATS:
        yield wanted.key, offer(invoice, wanted.key).data, wanted.zugferd


def errors_of(data: bytes, *, as_zugferd: bool = False) -> list[str]:
    report = validate.validate(data, as_zugferd=as_zugferd, with_content=False)
    missing = [layer.reason for layer in report.not_run]
    return [f"{one.rule}: {one.text}" for one in report.errors] + missing


@pytest.mark.parametrize("wanted", SYNTAXES)
@pytest.mark.parametrize("name", CASES)
def test_a_golden_case(name, wanted):
    case = CASES[name]
    invoice = case.act(House(wanted, **case.company))

    einvoice = Snapshot.from_json(invoice.snapshot).with_files()
    assert {path: term(einvoice, path) for path in case.says} == case.says
    assert einvoice.type_code == case.type_code
    assert booked(invoice) == {number: Decimal(amount) for number, amount in case.booked.items()}
    written = list(files(invoice))
    assert {key: errors_of(data, as_zugferd=facturx) for key, data, facturx in written} == {
        key: [] for key, *_ in written
    }
    for _, data, _ in written:
        assert read(data) == einvoice
    original = offer(invoice, f"xrechnung-{SYNTAXES[wanted].lower()}")
    head = header(original.data)
    assert (original.archived, head.syntax, head.number) == (True, SYNTAXES[wanted], invoice.number)


def test_every_category_of_vat_is_tried():
    House(Customer.Format.XRECHNUNG)
    known = set(TaxCase.objects.values_list("category", flat=True))
    tried = {case.says.get("vat_breakdown.0.category", "S") for case in TAXES.values()}
    assert tried == known == {"S", "Z", "E", "AE", "K", "G", "O"}


@pytest.mark.parametrize(("write", "name"), [(cii.write, "CII"), (ubl.write, "UBL")])
def test_skonto_on_a_part_of_the_amount_is_valid_and_read_back(write, name):
    """What we never issue but others do: BASISBETRAG differs from what is owed."""
    invoice = CASES["Rechnung"].act(House(Customer.Format.XRECHNUNG))
    einvoice = replace(
        Snapshot.from_json(invoice.snapshot).einvoice,
        payment_terms="#SKONTO#TAGE=7#PROZENT=2.00#BASISBETRAG=100.00#\nRest bis 18.05.2026.",
    )
    data = write(einvoice, guideline=Guideline.XRECHNUNG)
    assert (header(data).syntax, errors_of(data), read(data)) == (name, [], einvoice)
