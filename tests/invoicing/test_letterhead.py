"""The letterhead: what it changes, what it never changes, who may change it."""

import pytest
from django.db import IntegrityError, transaction
from lxml import html

from invoicing import archiving, contents, stationery
from invoicing.cancelling import cancel
from invoicing.models import Customer, Invoice, Letterhead
from invoicing.snapshot import Snapshot
from tests.factories import user_in
from tests.invoicing import pages
from tests.invoicing.pages_of import error_at, text
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line, an_invoice
from workmate import documents
from workmate.models import AuditEvent, Company

pytestmark = pytest.mark.django_db

PAGE = "/einstellungen/briefpapier/"
FORM = {
    "logo_side": "left",
    "accent": "#7a1f3d",
    "font": "Noto Serif",
    "return_line": "Werkstatt Nord, Hafenstraße 12, Hamburg",
    "footer_left": "Werkstatt Nord\nseit 1987",
    "footer_middle": "",
    "footer_right": "USt-IdNr. DE136695976",
    "show_girocode": "on",
}


@pytest.fixture
def owner(client):
    owner = a_business()
    client.force_login(owner)
    return owner


def printed(invoice: Invoice) -> str:
    return pages.texts(documents.read(archiving.archive_pdf(invoice, by=invoice.created_by)))[0]


def test_what_is_issued_from_now_on_looks_like_it_and_what_was_issued_stays(client, owner):
    before = an_invoice(owner)
    assert client.post(PAGE, FORM).status_code == 302
    after = an_invoice(owner)
    assert Snapshot.from_json(before.snapshot).page.accent == "#0b4f5c"
    assert "seit 1987" not in printed(before)
    page = Snapshot.from_json(after.snapshot).page
    assert (page.accent, page.font, page.logo_side) == ("#7a1f3d", "Noto Serif", "left")
    shown = printed(after)
    assert "Werkstatt Nord, Hafenstraße 12, Hamburg" in shown
    assert "seit 1987" in shown
    assert "+49 40 123456" in shown  # the middle column was left to the company
    assert "GiroCode" in shown
    assert "Online bezahlen" not in shown
    event = AuditEvent.objects.filter(event="letterhead.changed").get()
    assert event.payload["accent"] == ["#0b4f5c", "#7a1f3d"]


def test_saving_the_same_again_changes_nothing(owner):
    stationery.save({"accent": "#7a1f3d"}, by=owner)
    stationery.save({"accent": "#7a1f3d"}, by=owner)
    assert AuditEvent.objects.filter(event="letterhead.changed").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("accent", "#ffe9a8", "kaum zu sehen"),
        ("accent", "red; }", "Farbe wie #0b4f5c"),
        ("footer_left", "1\n2\n3\n4\n5\n6", "5 Zeilen"),
        ("footer_middle", "lang " * 60, "5 Zeilen"),
        ("footer_right", "Commerzbank", "USt-IdNr. oder Steuernummer"),
        ("return_line", "x" * 91, "90"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(client, owner, field, value, words):
    answer = client.post(PAGE, FORM | {field: value})
    assert answer.status_code == 422
    assert words in error_at(answer, f"id_{field}")
    assert not Letterhead.objects.exists()


def test_there_is_one_letterhead(owner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Letterhead.objects.create(pk=2)


class TestPreview:
    def test_it_shows_what_is_in_the_form_and_stores_nothing(self, client, owner):
        answer = client.post(f"{PAGE}vorschau/", FORM)
        assert "seit 1987" in text(answer)
        assert 'data-accent="#7a1f3d"' in answer.content.decode()
        assert not Letterhead.objects.exists()

    def test_it_can_be_had_as_pdf(self, client, owner):
        answer = client.post(f"{PAGE}vorschau/", FORM | {"pdf": "1"})
        assert answer["Content-Type"] == "application/pdf"
        assert "seit 1987" in pages.texts(answer.content)[0]

    def test_input_that_does_not_fit_leaves_the_page_as_it_is(self, client, owner):
        assert client.post(f"{PAGE}vorschau/", FORM | {"accent": "x"}).status_code == 204

    def test_before_the_company_is_set_up_the_page_leads_there(self, client, owner):
        Company.objects.all().delete()
        assert "Unternehmen einrichten" in text(client.get(PAGE))


class TestTexts:
    def test_those_of_a_kind_and_language_begin_a_new_draft(self, client, owner):
        address = f"{PAGE}texte/?belegart=invoice&sprache=en"
        client.post(address, {"intro_text": "Thank you for your order.", "closing_text": ""})
        english = a_buyer(owner, language=Customer.Language.ENGLISH)
        assert contents.blank(english).header["intro_text"] == "Thank you for your order."
        assert contents.blank(a_buyer(owner)).header["intro_text"] == ""
        page = client.get(f"{PAGE}?belegart=invoice&sprache=en")
        field = html.fromstring(page.content.decode()).get_element_by_id("id_intro_text")
        assert field.value.strip() == "Thank you for your order."

    def test_those_of_a_german_invoice_are_the_companys(self, client, owner):
        address = f"{PAGE}texte/?belegart=invoice&sprache=de"
        client.post(address, {"intro_text": "Guten Tag,", "closing_text": "Danke."})
        assert Company.get().intro_text == "Guten Tag,"
        assert contents.blank(a_buyer(owner)).header["closing_text"] == "Danke."

    def test_a_draft_whose_customer_is_chosen_later_speaks_the_customers_language(self, owner):
        texts = {"intro_text": "Thank you.", "closing_text": "Kind regards"}
        stationery.save_texts("invoice", "en", texts, by=owner)
        content = contents.blank()
        customer = a_buyer(owner, language=Customer.Language.ENGLISH)
        content.header["customer"] = customer
        assert contents.with_usual_terms(content).header["intro_text"] == "Thank you."
        content.header["intro_text"] = "As agreed:"
        assert contents.with_usual_terms(content).header["intro_text"] == "As agreed:"

    def test_an_unknown_kind_is_not_found(self, client, owner):
        assert client.get(f"{PAGE}?belegart=x").status_code == 404


def test_an_english_customer_gets_an_english_document(owner):
    invoice = an_invoice(owner, customer=a_buyer(owner, language=Customer.Language.ENGLISH))
    assert f"Invoice {invoice.number}" in printed(invoice)
    Customer.objects.filter(pk=invoice.customer_id).update(language="de")
    assert Snapshot.from_json(invoice.snapshot).page.language == "en"


def test_the_storno_of_gross_prices_shows_them_negative(owner):
    invoice = an_invoice(owner, lines=[a_line("119")], prices_gross=True)
    assert "119,00 19 % 119,00" in printed(invoice)
    shown = printed(cancel(invoice, reason="falscher Preis", by=owner, on=DAY))
    assert "-1 Stunde 119,00 19 % -119,00" in shown
    assert "Gesamtbetrag in EUR -119,00" in shown


def test_a_draft_without_a_customer_can_be_looked_at(client, owner):
    draft = a_draft(owner)
    Invoice.objects.filter(pk=draft.pk).update(customer=None)
    draft.refresh_from_db()
    shown = pages.texts(archiving.preview(draft, on=DAY))[0]
    assert "Noch kein Kunde gewählt" in shown
    assert "Rechnung (Entwurf)" in shown


def test_only_who_may_change_the_company_sees_the_page(client, owner):
    for role in ("Buchhaltung", "Mitarbeit", "Steuerberatung"):
        client.force_login(user_in(role))
        assert client.get(PAGE).status_code == 403
        assert client.post(PAGE, FORM).status_code == 403
        assert client.post(f"{PAGE}vorschau/", FORM).status_code == 403


class TestApi:
    def test_machines_change_the_looks(self, client, owner):
        answer = client.patch(
            "/api/v1/letterhead/", {"accent": "#7a1f3d"}, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["accent"]) == (200, "#7a1f3d")
        assert client.get("/api/v1/letterhead/").json()["accent"] == "#7a1f3d"

    def test_machines_are_told_what_does_not_fit(self, client, owner):
        answer = client.patch(
            "/api/v1/letterhead/", {"footer_left": "x\n" * 6}, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (422, "INVOICE_2061")

    def test_machines_write_texts(self, client, owner):
        address = "/api/v1/standard-texts/invoice/en/"
        body = {"intro_text": "Thank you.", "closing_text": ""}
        assert client.put(address, body, content_type="application/json").status_code == 200
        assert client.get(address).json() == body
        assert client.get("/api/v1/standard-texts/nothing/en/").status_code == 404
