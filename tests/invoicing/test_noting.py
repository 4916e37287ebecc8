"""The note of cash accounting switches with the day of issue (§ 14 (4) no. 6a UStG)."""

import datetime

import pytest

from invoicing.cancelling import cancel
from invoicing.composing import compose, write
from invoicing.einvoice import read
from invoicing.gathering import Sources
from invoicing.models import Customer
from invoicing.snapshot import Snapshot
from tests.invoicing.printed import text
from tests.trade import a_business, a_draft, an_invoice

pytestmark = pytest.mark.django_db
NOTE = "Versteuerung nach vereinnahmten Entgelten"
BEFORE, FIRST = datetime.date(2027, 12, 31), datetime.date(2028, 1, 1)


@pytest.mark.parametrize(("day", "notes"), [(BEFORE, ()), (FIRST, (NOTE,))])
def test_from_2028_on_the_note_stands_in_pdf_and_both_xmls(day, notes):
    owner = a_business(cash_accounting_from=datetime.date(2026, 1, 1))
    draft = a_draft(owner, supply_date=BEFORE)
    einvoice = compose(Sources.of(draft), number="RE-1", issue_date=day)
    assert einvoice.notes == notes
    for form in (Customer.Format.XRECHNUNG, Customer.Format.XRECHNUNG_UBL):
        assert read.read(write(einvoice, form)).notes == notes
    assert (NOTE in text(einvoice)) == bool(notes)


def test_without_cash_accounting_and_before_it_there_is_no_note():
    owner = a_business(cash_accounting_from=FIRST)
    draft = a_draft(owner, supply_date=BEFORE)
    assert compose(Sources.of(draft), number="RE-1", issue_date=FIRST).notes == ()


def test_the_stornorechnung_says_it_like_its_original():
    owner = a_business(cash_accounting_from=datetime.date(2026, 1, 1))
    invoice = an_invoice(owner, on=FIRST)
    storno = cancel(invoice, reason="Irrtum", by=owner, on=FIRST)
    notes = Snapshot.from_json(storno.snapshot).einvoice.notes
    assert notes == ("Grund des Stornos: Irrtum", NOTE)
