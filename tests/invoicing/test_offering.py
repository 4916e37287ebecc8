"""An issued document in other formats: on demand, judged, never archived."""

import json

import pytest
from django.urls import reverse

from invoicing import errors, offering
from invoicing.cancelling import cancel
from invoicing.einvoice.read import header, read
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice
from invoicing.snapshot import Snapshot
from tests.books import signed_in
from tests.invoicing.pages_of import text
from tests.problems import raises_problem
from tests.trade import DAY, a_business, a_buyer, a_draft, an_authority, an_invoice
from workmate import documents
from workmate.models import Document

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def client(owner):
    return signed_in("Inhaber")


def verdicts(invoice):
    return {one.format.key: (one.valid, one.archived) for one in offering.offers(invoice)}


def url(name, *keys):
    return reverse(f"invoicing:{name}", args=keys)


def test_an_xrechnung_is_offered_in_every_format(owner):
    invoice = an_invoice(owner, customer=an_authority(owner))

    assert verdicts(invoice) == {
        "xrechnung-ubl": (True, False),
        "xrechnung-cii": (True, True),
        "zugferd-xml": (True, False),
    }


def test_all_formats_say_the_same_as_the_snapshot(owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    snapshot = Snapshot.from_json(invoice.snapshot)

    assert [read(one.data) for one in offering.offers(invoice)] == [snapshot.einvoice] * 3
    assert [header(one.data).syntax for one in offering.offers(invoice)] == ["UBL", "CII", "CII"]


def test_a_cancellation_is_offered_too(owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    storno = cancel(invoice, reason="Doppelt", by=owner, on=DAY)

    assert header(offering.offer(storno, "xrechnung-ubl").data).type_code == "384"


def test_what_is_not_valid_is_not_offered_and_says_why(owner):
    invoice = an_invoice(owner, customer=a_buyer(owner, email=""))

    refused = [one for one in offering.offers(invoice) if not one.valid]

    assert [one.format.key for one in refused] == ["xrechnung-ubl", "xrechnung-cii"]
    missing = "BR-DE-15: Die Leitweg-ID oder Käuferreferenz fehlt (BT-10)."
    assert all(missing in one.reasons for one in refused)
    with raises_problem(errors.FORMAT_NOT_VALID):
        offering.offer(invoice, "xrechnung-ubl")


def test_the_original_is_the_archived_file(owner):
    invoice = an_invoice(owner, customer=an_authority(owner))

    assert offering.offer(invoice, "xrechnung-cii").data == documents.read(invoice.xml)


def test_nothing_is_archived(owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    before = Document.objects.count()

    offering.offers(invoice)

    assert Document.objects.count() == before


def test_a_draft_has_no_formats(owner):
    with raises_problem(errors.NOT_ISSUED):
        offering.offers(a_draft(owner))


def test_an_offer_is_no_invoice_in_any_format(client, owner):
    quote = issue(a_draft(owner, kind="quote", valid_until=DAY), by=owner, on=DAY)

    with raises_problem(errors.NO_INVOICE):
        offering.offers(quote)
    page = client.get(url("invoice-formats", quote.pk))
    assert (page.status_code, f"{quote.number} ist keine Rechnung" in text(page)) == (409, True)


def test_an_unknown_format_is_refused(owner):
    with raises_problem(errors.FORMAT_UNKNOWN):
        offering.offer(an_invoice(owner), "edifact")


def test_the_page_of_the_document_leads_to_the_formats(client, owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    page = client.get(invoice.get_absolute_url())

    assert url("invoice-formats", invoice.pk) in page.content.decode()


def test_the_page_shows_what_is_valid_and_links_to_it(client, owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    page = client.get(url("invoice-formats", invoice.pk))

    assert "XRechnung (UBL) Gültig" in text(page)
    assert "XRechnung (CII) Original" in text(page)
    assert "nicht archiviert" in text(page)
    assert url("invoice-format", invoice.pk, "xrechnung-ubl") in page.content.decode()


def test_the_page_says_why_a_format_is_missing(client, owner):
    invoice = an_invoice(owner, customer=a_buyer(owner, email=""))
    page = client.get(url("invoice-formats", invoice.pk))

    assert "XRechnung (UBL) Nicht gültig" in text(page)
    for words in ("Leitweg-ID oder Käuferreferenz fehlt", "XRechnung verlangt sie.", "(BR-DE-15)"):
        assert words in text(page)
    assert url("invoice-format", invoice.pk, "xrechnung-ubl") not in page.content.decode()


def test_the_formats_of_a_draft_are_its_form(client, owner):
    draft = a_draft(owner)

    assert client.get(url("invoice-formats", draft.pk)).url == url("draft", draft.pk)


def test_a_format_is_downloaded_under_its_own_name(client, owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    answer = client.get(url("invoice-format", invoice.pk, "xrechnung-ubl"))

    assert answer["Content-Type"] == "application/xml"
    assert f"{invoice.number}-xrechnung-ubl.xml" in answer["Content-Disposition"]
    assert header(answer.content).number == invoice.number


def test_the_xml_of_a_zugferd_is_named_as_such(owner):
    invoice = an_invoice(owner, customer=an_authority(owner))

    assert offering.offer(invoice, "zugferd-xml").file_name == f"{invoice.number}-zugferd.xml"


def test_an_invalid_format_cannot_be_downloaded(client, owner):
    invoice = an_invoice(owner, customer=a_buyer(owner, email=""))

    assert client.get(url("invoice-format", invoice.pk, "xrechnung-ubl")).status_code == 409
    assert client.get(url("invoice-format", invoice.pk, "edifact")).status_code == 404


def test_the_api_lists_the_formats_and_gives_them_out(client, owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    listed = client.get(f"/api/v1/invoices/{invoice.pk}/formats/")
    file = client.get(f"/api/v1/invoices/{invoice.pk}/formats/xrechnung-ubl/")

    assert listed.json()[0] == {
        "key": "xrechnung-ubl",
        "name": "XRechnung (UBL)",
        "valid": True,
        "archived": False,
        "reasons": [],
    }
    assert header(file.content).syntax == "UBL"


def test_the_api_refuses_an_invalid_format_with_its_reasons(client, owner):
    invoice = an_invoice(owner, customer=a_buyer(owner, email=""))
    answer = client.get(f"/api/v1/invoices/{invoice.pk}/formats/xrechnung-ubl/")

    assert answer.status_code == 409
    assert json.loads(answer.content)["code"] == "INVOICE_2042"
    assert "BR-DE-15" in answer.content.decode()


def test_the_adviser_may_see_formats_and_a_colleague_without_rights_may_not(owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    for address in (
        url("invoice-formats", invoice.pk),
        url("invoice-format", invoice.pk, "xrechnung-ubl"),
        f"/api/v1/invoices/{invoice.pk}/formats/",
    ):
        assert signed_in("Steuerberatung").get(address).status_code == 200
        assert signed_in("").get(address).status_code == 403


def test_the_original_stays_the_same(owner):
    invoice = an_invoice(owner, customer=an_authority(owner))
    before = documents.read(invoice.xml)

    offering.offers(invoice)

    assert documents.read(Invoice.objects.get(pk=invoice.pk).xml) == before


def test_an_original_in_ubl_is_archived_as_such_and_its_storno_too(owner):
    customer = an_authority(owner, einvoice_format=Customer.Format.XRECHNUNG_UBL)
    invoice = an_invoice(owner, customer=customer)
    storno = cancel(invoice, reason="Irrtum", by=owner, on=DAY)

    for document in (invoice, storno):
        offers = {one.format.key: (one.valid, one.archived) for one in offering.offers(document)}
        assert offers == {
            "xrechnung-ubl": (True, True),
            "xrechnung-cii": (True, False),
            "zugferd-xml": (True, False),
        }
        assert header(documents.read(document.xml)).syntax == "UBL"
        assert header(offering.offer(document, "xrechnung-ubl").data).number == document.number
