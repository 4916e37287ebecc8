import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.factories import UserFactory, user_in
from tests.problems import raises_problem
from workmate import company, documents, errors
from workmate.ledger import charts
from workmate.models import AuditEvent, Company

pytestmark = pytest.mark.django_db

MASTER_DATA = {
    "stammdaten-name": "Werkstatt Nord GmbH",
    "stammdaten-street": "Hafenstraße 12",
    "stammdaten-post_code": "20457",
    "stammdaten-city": "Hamburg",
    "stammdaten-email": "rechnung@werkstatt-nord.example",
    "stammdaten-electronic_address_scheme": "EM",
}


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(user_in("Inhaber"))
    return client


def save(client: Client, section: str, **data: str):
    prefixed = {f"{section}-{name}": value for name, value in data.items()}
    return client.post(f"/einstellungen/unternehmen/{section}/", prefixed)


@pytest.fixture
def begun(client: Client) -> Company:
    client.post("/einstellungen/unternehmen/stammdaten/", MASTER_DATA)
    return Company.get()


def test_before_it_is_set_up_there_is_a_problem_with_advice():
    with raises_problem(errors.COMPANY_MISSING):
        company.get()


def test_setting_up_begins_with_firm_and_address_and_loads_the_chart(client):
    page = client.get("/einstellungen/unternehmen/").content.decode()
    assert page.count("/einstellungen/unternehmen/stammdaten/") == 1
    assert "/einstellungen/unternehmen/steuern/" not in page
    response = client.post("/einstellungen/unternehmen/stammdaten/", MASTER_DATA)
    assert response["Location"] == "/einstellungen/unternehmen/#stammdaten"
    assert Company.get().city == "Hamburg"
    assert charts.loaded() == "SKR03"


def test_each_section_is_saved_by_itself_and_recorded(client, begun):
    save(client, "steuern", vat_id="de 136 695 976", chart="SKR03")
    own = Company.get()
    assert (own.vat_id, own.city) == ("DE136695976", "Hamburg")
    event = AuditEvent.objects.filter(event="company.changed").first()
    assert event.payload == {"vat_id": {"before": "", "after": "DE136695976"}}


@pytest.mark.parametrize(
    ("section", "field", "value", "text"),
    [
        ("steuern", "vat_id", "DE123456789", "Prüfziffer"),
        ("steuern", "vat_id", "ATU12345678", "DE und neun Ziffern"),
        ("steuern", "tax_number", "12/34", "10, 11 oder 13 Ziffern"),
        ("stammdaten", "post_code", "2045", "fünf Ziffern"),
        ("stammdaten", "street", "", "erforderlich"),
        ("stammdaten", "email", "rechnung", "E-Mail"),
        ("stammdaten", "website", "kein ort", "Internetadresse"),
        ("rechnungen", "payment_terms_days", "400", "365"),
        ("zuordnung", "match_automatic", "70", "80"),
    ],
)
def test_wrong_input_is_refused_at_its_field_and_stays(client, begun, section, field, value, text):
    data = {name.partition("-")[2]: each for name, each in MASTER_DATA.items()}
    data |= {"chart": "SKR03", "payment_terms_days": "14"}
    data |= {"match_automatic": "90", "match_suggest": "40", field: value}
    page = save(client, section, **data)
    assert page.status_code == 422
    form = dict(page.context["sections"])[section]
    assert text in str(form.errors[field])
    assert form[field].value() == value


def test_one_of_the_two_tax_numbers_is_needed(client, begun):
    page = save(client, "steuern", chart="SKR03")
    assert "USt-IdNr. oder Steuernummer" in page.content.decode()
    assert save(client, "steuern", tax_number="22/815/08154", chart="SKR03")
    assert Company.get().tax_number == "22/815/08154"


def test_the_chart_stays_once_its_accounts_are_there(client, begun):
    page = save(client, "steuern", tax_number="22/815/08154", chart="SKR04")
    assert page.status_code == 422
    assert "Kontenrahmen steht fest" in page.content.decode()
    assert Company.get().chart == "SKR03"


def test_suggestions_do_not_ask_for_more_than_automatic_matches(client, begun):
    page = save(client, "zuordnung", match_automatic="80", match_suggest="85")
    assert "Höchstens so viele Punkte" in page.content.decode()


def picture() -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(file, "PNG")
    return SimpleUploadedFile("logo.png", file.getvalue(), "image/png")


def test_a_logo_is_archived_and_can_be_removed(client, begun):
    client.post("/einstellungen/briefpapier/logo/", {"logo": picture()})
    logo = Company.get().logo
    assert documents.read(logo).startswith(b"\x89PNG")
    client.post("/einstellungen/briefpapier/logo/", {"remove": "1"})
    assert Company.get().logo is None
    assert documents.read(logo)


def test_what_is_no_picture_is_refused(client, begun):
    file = SimpleUploadedFile("logo.png", b"MZ not a picture", "image/png")
    page = client.post("/einstellungen/briefpapier/logo/", {"logo": file})
    assert page.status_code == 422
    assert "kein lesbares Bild" in page.content.decode()


def test_saving_twice_changes_once(begun):
    by = UserFactory()
    count = AuditEvent.objects.filter(event="company.changed").count()
    company.save({"city": "Hamburg"}, by=by)
    assert AuditEvent.objects.filter(event="company.changed").count() == count


def test_only_the_owner_changes_the_company(client, begun):
    for role in ("Buchhaltung", "Mitarbeit", "Steuerberatung"):
        client.force_login(user_in(role))
        assert client.get("/einstellungen/unternehmen/").status_code == 403
        assert save(client, "stammdaten", name="X").status_code == 403
        assert client.get("/einstellungen/").status_code == 403


def test_machines_put_a_logo_and_take_it_away(client, begun):
    address = "/api/v1/company/logo/"
    assert client.post(address, {"logo": picture()}).status_code == 201
    assert documents.read(Company.get().logo).startswith(b"\x89PNG")
    assert client.delete(address).status_code == 204
    assert Company.get().logo is None


def test_machines_are_told_what_is_no_logo(client, begun):
    file = SimpleUploadedFile("logo.png", b"MZ not a picture", "image/png")
    answer = client.post("/api/v1/company/logo/", {"logo": file})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "logo")
