"""Every kind of document: number, type code, its way through the gate and into the books."""

from decimal import Decimal

import pytest

from invoicing import gate
from invoicing.models import Invoice
from invoicing.numbering import PREFIXES
from invoicing.snapshot import Snapshot
from tests.books import signed_in
from tests.invoicing.ledger import booked
from tests.trade import DAY, a_business, a_draft, a_line, an_authority, an_invoice

pytestmark = pytest.mark.django_db


def test_every_kind_has_a_series_of_its_own():
    assert set(PREFIXES) == set(Invoice.Kind)
    assert len(set(PREFIXES.values())) == len(PREFIXES)


@pytest.mark.parametrize("kind", ["invoice", "partial", "advance", "final"])
@pytest.mark.parametrize("authority", [False, True])
def test_a_draft_of_every_kind_passes_the_gate_in_every_format(kind, authority):
    owner = a_business()
    customer = an_authority(owner) if authority else None
    lines = [a_line("80"), a_line("10", "DE7")]
    draft = a_draft(owner, kind=kind, customer=customer, lines=lines)
    verdict = gate.check(draft, on=DAY)
    assert (verdict.passed, verdict.findings) == (True, ())


@pytest.mark.parametrize(
    ("chart", "accounts"),
    [("SKR03", ("1400", "8400", "1776")), ("SKR04", ("1200", "4400", "3806"))],
)
def test_a_partial_invoice_is_booked_like_an_invoice(chart, accounts):
    owner = a_business(chart=chart)
    invoice = an_invoice(owner, kind="partial")
    receivables, revenue, vat = accounts
    assert (invoice.number, Snapshot.from_json(invoice.snapshot).einvoice.type_code) == (
        "TR-2026-0001",
        "326",
    )
    assert booked(invoice) == {
        receivables: Decimal("119.00"),
        revenue: Decimal("-100.00"),
        vat: Decimal("-19.00"),
    }
    assert invoice in Invoice.objects.standing()


def test_a_draft_changes_its_kind_but_never_into_an_answer():
    client = signed_in()
    draft = a_draft(a_business())
    for kind, status in (("partial", 200), ("cancellation", 422), ("correction", 422)):
        etag = client.get(f"/api/v1/invoices/{draft.pk}/").headers["ETag"]
        answer = client.patch(
            f"/api/v1/invoices/{draft.pk}/",
            {"kind": kind},
            content_type="application/json",
            headers={"If-Match": etag},
        )
        assert answer.status_code == status
    draft.refresh_from_db()
    assert draft.kind == "partial"


def test_every_series_can_be_given_its_start():
    a_business()
    page = signed_in().get("/einstellungen/nummernkreise/").content.decode()
    assert [kind.label for kind in Invoice.Kind if kind.label not in page] == []
