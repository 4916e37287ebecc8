"""The draft's page without JavaScript: write, add lines, calculate, save, issue, two tabs."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.timezone import localdate

from invoicing.assembling import MOST_LINES
from invoicing.contents import content_of
from invoicing.customers import edit_customer
from invoicing.drafting import save_draft
from invoicing.models import Invoice
from invoicing.products import create_product
from tests.books import signed_in
from tests.invoicing.pages_of import error_at, filled, text
from tests.trade import a_business, a_buyer, a_draft, a_line, an_invoice
from workmate.models import Company, TaxCase

pytestmark = pytest.mark.django_db
FORM = "entwurf"


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture
def client(owner):
    return signed_in("Inhaber")


def url(name, draft=None):
    return reverse(f"invoicing:{name}", args=[draft.pk] if draft else [])


def today():
    return f"{localdate():%d.%m.%Y}"


def a_draft_of_today(owner, **fields):
    return a_draft(owner, supply_date=localdate(), **fields)


def test_opening_the_page_of_a_new_draft_writes_nothing(client):
    assert client.get(url("draft-create")).status_code == 200
    assert not Invoice.objects.exists()


def test_a_draft_is_written_line_by_line(client, owner):
    a_buyer(owner, name="Brauerei Ahrens")
    data = filled(client.get(url("draft-create")), FORM)
    data |= {
        "customer": "Ahrens",
        "supply_date": "heute",
        "lines-0-name": "Beratung",
        "lines-0-quantity": "1,5",
        "lines-0-unit_price": "1.000",
        "act": "add-item",
    }
    more = client.post(url("draft-create"), data)
    data = filled(more, FORM)
    assert data["customer"] == "Brauerei Ahrens · KD-10000"
    assert data["lines-TOTAL_FORMS"] == "2"
    reduced = TaxCase.objects.on(localdate()).get(code="DE7")
    data |= {
        "lines-1-name": "Buch",
        "lines-1-quantity": "2",
        "lines-1-unit_price": "50",
        "lines-1-tax_case": str(reduced.pk),
    }
    shown = text(client.post(url("draft-create"), data | {"act": "calculate"}))
    assert "1.892,00 €" in shown
    assert not Invoice.objects.exists()

    answer = client.post(url("draft-create"), data | {"act": "save"})

    draft = Invoice.objects.get()
    assert answer.url == url("draft", draft)
    assert draft.gross_total == Decimal("1892.00")
    assert draft.supply_date == localdate()
    assert filled(client.get(answer.url), FORM)["lines-0-unit_price"] == "1.000,00"


def test_a_draft_may_be_saved_with_nothing_in_it(client):
    data = filled(client.get(url("draft-create")), FORM)
    client.post(url("draft-create"), data)
    draft = Invoice.objects.get()
    assert draft.lines.count() == 0
    shown = text(client.get(url("draft", draft)))
    assert "Prüfung: " in shown
    assert "Der Zeitpunkt der Leistung fehlt." in shown


def test_what_is_not_a_number_is_refused_at_its_field_and_stays(client, owner):
    draft = a_draft(owner)
    data = filled(client.get(url("draft", draft)), FORM) | {"lines-0-quantity": "drei"}
    answer = client.post(url("draft", draft), data)
    assert answer.status_code == 422
    assert error_at(answer, "id_lines-0-quantity")
    assert filled(answer, FORM)["lines-0-quantity"] == "drei"
    assert draft.lines.get().quantity == 1


def test_several_customers_that_fit_are_named(client, owner):
    a_buyer(owner, name="Bau Nord")
    a_buyer(owner, name="Bau Süd")
    data = filled(client.get(url("draft-create")), FORM) | {"customer": "Bau"}
    answer = client.post(url("draft-create"), data)
    assert answer.status_code == 422
    assert "Bau Nord · KD-10000, Bau Süd · KD-10001" in error_at(answer, "id_customer")


def test_a_line_ticked_for_removal_goes(client, owner):
    draft = a_draft(owner, lines=[a_line("10"), a_line("20")])
    data = filled(client.get(url("draft", draft)), FORM) | {"lines-0-DELETE": "on"}
    client.post(url("draft", draft), data)
    assert [line.unit_price for line in draft.lines.all()] == [Decimal(20)]


def test_the_live_totals_store_nothing(client, owner):
    draft = a_draft(owner)
    data = filled(client.get(url("draft", draft)), FORM) | {"lines-0-quantity": "10"}
    shown = text(client.post(url("draft-totals", draft), data, headers={"HX-Request": "true"}))
    assert "1.190,00 €" in shown
    draft.refresh_from_db()
    assert (draft.gross_total, draft.version) == (Decimal("119.00"), 1)


def test_the_live_totals_take_what_is_not_a_number_for_missing(client, owner):
    draft = a_draft(owner)
    data = filled(client.get(url("draft", draft)), FORM) | {"lines-0-unit_price": "viel"}
    answer = client.post(url("draft-totals", draft), data)
    assert answer.status_code == 200
    assert "#id_lines-0-unit_price" in answer.content.decode()


def test_zero_percent_is_explained(client, owner):
    abroad = a_buyer(owner, country="FR", vat_id="FR40303265045", city="Paris")
    draft = a_draft_of_today(owner, customer=abroad, lines=[a_line("10", "EU_SUPPLY")])
    shown = text(client.get(url("draft", draft)))
    assert "Warum 0 %?" in shown
    assert "innergemeinschaftliche Lieferung" in shown


def test_a_hint_leads_to_the_page_of_the_customer_and_back(client, owner):
    draft = a_draft_of_today(owner, customer=a_buyer(owner, street=""))
    page = client.get(url("draft", draft)).content.decode()
    address = reverse("invoicing:customer-edit", args=[draft.customer_id])
    assert f"{address}?weiter=%2Frechnungen%2F{draft.pk}%2Fentwurf%2F#id_street" in page


def test_two_tabs_on_one_draft_see_both_versions(client, owner):
    draft = a_draft(owner)
    mine = filled(client.get(url("draft", draft)), FORM) | {"order_reference": "MEINE-1"}
    content = content_of(draft)
    content.header["order_reference"] = "DEREN-2"
    save_draft(draft, content, version=1, by=owner)

    conflict = client.post(url("draft", draft), mine)

    assert conflict.status_code == 409
    assert "MEINE-1" in text(conflict)
    assert "DEREN-2" in text(conflict)
    assert Invoice.objects.get().order_reference == "DEREN-2"
    answer = client.post(url("draft", draft), filled(conflict, "fassungen") | {"act": "save"})
    assert answer.status_code == 302
    assert Invoice.objects.get().order_reference == "MEINE-1"


def test_my_version_can_become_a_draft_of_its_own(client, owner):
    draft = a_draft(owner)
    mine = filled(client.get(url("draft", draft)), FORM) | {"order_reference": "MEINE-1"}
    save_draft(draft, content_of(draft), version=1, by=owner)
    conflict = client.post(url("draft", draft), mine)
    client.post(url("draft-create"), filled(conflict, "fassungen") | {"act": "save"})
    assert Invoice.objects.filter(order_reference="MEINE-1").exclude(pk=draft.pk).exists()


def test_issuing_is_confirmed_first(client, owner):
    draft = a_draft_of_today(owner)
    data = filled(client.get(url("draft", draft)), FORM) | {"act": "issue"}
    answer = client.post(url("draft", draft), data)
    assert answer.url == url("issue", draft)
    page = client.get(answer.url)
    assert f"RE-{localdate().year}-0001" in text(page)
    assert "119,00 €" in text(page)

    done = client.post(answer.url, filled(page, "stellen"))

    invoice = Invoice.objects.get()
    assert (invoice.status, done.url) == ("issued", invoice.get_absolute_url())


def test_what_the_gate_refuses_is_shown_beside_its_field(client, owner):
    incomplete = a_line(name="", quantity=None, unit="", unit_price=None)
    draft = a_draft(owner, supply_date=None, lines=[a_line(), incomplete])
    answer = client.post(url("issue", draft), {"version": 1})
    assert answer.status_code == 422
    assert "Leistung" in error_at(answer, "id_supply_date")
    for name in ("name", "quantity", "unit", "unit_price"):
        assert error_at(answer, f"id_lines-1-{name}"), name
        assert not error_at(answer, f"id_lines-0-{name}"), name
    assert Invoice.objects.get().number is None


def test_what_the_customer_lacks_is_shown_at_the_customer(client, owner):
    draft = a_draft_of_today(owner)
    edit_customer(draft.customer, city="", by=owner)
    answer = client.get(url("issue", draft))
    assert "Der Ort des Kunden fehlt." in error_at(answer, "id_customer")
    assert client.post(url("issue", draft), {"version": 1}).status_code == 422


def test_without_a_company_the_draft_says_so(client, owner):
    draft = a_draft_of_today(owner)
    Company.objects.all().delete()
    shown = text(client.get(url("issue", draft)))
    assert "Ihr Unternehmen ist noch nicht eingerichtet." in shown


def test_a_draft_that_changed_since_the_confirmation_is_not_issued(client, owner):
    draft = a_draft_of_today(owner)
    confirmed = filled(client.get(url("issue", draft)), "stellen")
    save_draft(draft, content_of(draft), version=1, by=owner)
    answer = client.post(url("issue", draft), confirmed)
    assert answer.status_code == 302
    assert Invoice.objects.get().number is None


def test_only_who_may_backdate_is_asked_for_a_date(owner):
    draft = a_draft_of_today(owner)
    asked = filled(signed_in("Inhaber").get(url("issue", draft)), "stellen")
    assert asked["issue_date"] == today()
    assert "issue_date" not in filled(signed_in("Buchhaltung").get(url("issue", draft)), "stellen")


def test_an_earlier_date_is_taken_over(client, owner):
    draft = a_draft_of_today(owner)
    earlier = localdate() - datetime.timedelta(days=1)
    client.post(url("issue", draft), {"version": 1, "issue_date": f"{earlier:%d.%m.%Y}"})
    assert Invoice.objects.get().issue_date == earlier


def test_a_date_that_cannot_be_is_refused_on_the_page(client, owner):
    draft = a_draft_of_today(owner)
    answer = client.post(url("issue", draft), {"version": 1, "issue_date": "+1"})
    assert answer.status_code == 422
    assert "liegt in der Zukunft" in text(answer)


def test_deleting_is_confirmed(client, owner):
    draft = a_draft(owner)
    assert "119,00 €" in text(client.get(url("draft-delete", draft)))
    client.post(url("draft-delete", draft), {"version": 1})
    assert not Invoice.objects.exists()


def test_a_duplicate_opens_as_a_draft(client, owner):
    invoice = an_invoice(owner)
    answer = client.post(url("duplicate", invoice))
    copy = Invoice.objects.get(status="draft")
    assert answer.url == url("draft", copy)


def test_the_preview_is_a_pdf(client, owner):
    answer = client.get(url("draft-preview", a_draft(owner)))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_a_product_fills_its_line(client, owner):
    create_product(by=owner, name="Beratung", unit="HUR", unit_price=Decimal(120))
    page = client.get(url("product-suggest"), {"lines-3-name": "bera"}).content.decode()
    assert "120,00" in page
    assert "&quot;unit&quot;: &quot;HUR&quot;" in page


def test_customers_are_offered_while_one_types(client, owner):
    a_buyer(owner, name="Brauerei Ahrens")
    page = client.get(url("customer-suggest"), {"customer": "ahr"}).content.decode()
    assert "Brauerei Ahrens" in page
    assert "KD-10000" in page
    assert not client.get(url("customer-suggest"), {"customer": " "}).content.strip()


def test_a_draft_with_all_the_lines_it_may_have_is_saved(client, owner):
    draft = a_draft_of_today(owner, lines=[a_line("1") for _ in range(MOST_LINES)])
    data = filled(client.get(url("draft", draft)), FORM)
    assert len(data) > 1000
    assert client.post(url("draft", draft), data | {"act": "save"}).status_code == 302
    draft.refresh_from_db()
    assert (draft.version, draft.lines.count()) == (2, MOST_LINES)


def test_titles_discounts_and_skonto_are_typed_as_people_write_them(client, owner):
    a_buyer(owner, name="Brauerei Ahrens")
    data = filled(client.get(url("draft-create")), FORM)
    data |= {"customer": "Ahrens", "supply_date": "heute", "cash_discounts": "2 % in 7 Tagen"}
    data |= {"lines-0-name": "Beratung", "lines-0-quantity": "2", "lines-0-unit_price": "100"}
    data |= {"lines-0-discount": "+5 %", "act": "add-title"}
    data = filled(client.post(url("draft-create"), data), FORM)
    assert (data["lines-1-kind"], data["lines-0-discount"]) == ("title", "+5 %")
    data |= {"lines-1-name": "Zweiter Abschnitt", "act": "add-adjustment"}
    data = filled(client.post(url("draft-create"), data), FORM)
    data |= {"adjustments-0-value": "10,00 €", "adjustments-0-reason": "Messerabatt"}

    client.post(url("draft-create"), data | {"act": "save"})

    draft = Invoice.objects.get()
    assert draft.cash_discounts == [{"days": 7, "percent": "2.00"}]
    assert (draft.net_total, draft.gross_total) == (Decimal("200.00"), Decimal("238.00"))
    assert [line.kind for line in draft.lines.all()] == ["item", "title"]
    shown = filled(client.get(url("draft", draft)), FORM)
    assert (shown["lines-0-discount"], shown["adjustments-0-value"], shown["cash_discounts"]) == (
        "+5 %",
        "10,00 €",
        "2 % in 7 Tagen",
    )


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("lines-0-discount", "zehn", "10 % oder 5,00 €"),
        ("lines-0-discount", "-5", "ohne Vorzeichen"),
        ("lines-0-discount", "120", "zwischen 0 und 100"),
        ("cash_discounts", "bald", "Schreiben Sie Skonto so"),
        ("payee_iban", "DE00", "IBAN stimmt nicht"),
        ("card_number", "12a4", "vier bis sechs Ziffern"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(client, owner, name, value, words):
    draft = a_draft_of_today(owner)
    data = filled(client.get(url("draft", draft)), FORM) | {"act": "save", name: value}
    answer = client.post(url("draft", draft), data)
    assert answer.status_code == 422
    assert words in error_at(answer, f"id_{name}")


def test_gross_prices_are_chosen_for_the_whole_draft(client, owner):
    draft = a_draft_of_today(owner)
    data = filled(client.get(url("draft", draft)), FORM) | {"prices_gross": "1"}
    data |= {"lines-0-unit_price": "119"}
    client.post(url("draft", draft), data | {"act": "save"})
    draft.refresh_from_db()
    assert (draft.net_total, draft.gross_total) == (Decimal("100.00"), Decimal("119.00"))


def test_files_are_attached_and_taken_out_with_the_draft(client, owner):
    draft = a_draft_of_today(owner)
    data = filled(client.get(url("draft", draft)), FORM) | {"act": "save"}
    sheet = SimpleUploadedFile("stunden.csv", b"Tag;Stunden\n4.5.;8\n")
    client.post(url("draft", draft), data | {"attachments": [sheet]})
    attached = draft.attachments.get()
    page = client.get(url("draft", draft))
    assert "stunden.csv" in text(page)
    data = filled(page, FORM) | {"act": "save", "detach": str(attached.pk)}
    client.post(url("draft", draft), data)
    assert not draft.attachments.exists()


def test_a_file_that_may_not_travel_keeps_the_input(client, owner):
    draft = a_draft_of_today(owner)
    data = filled(client.get(url("draft", draft)), FORM) | {"act": "save", "notes": "neu"}
    bad = SimpleUploadedFile("programm.exe", b"MZ\x90")
    answer = client.post(url("draft", draft), data | {"attachments": [bad]})
    assert answer.status_code == 422
    assert "programm.exe kann nicht" in text(answer)
    assert filled(answer, FORM)["notes"].strip() == "neu"
    draft.refresh_from_db()
    assert draft.notes == ""
