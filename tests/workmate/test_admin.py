import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from tests.architecture.rows import one_of_everything
from tests.factories import PASSWORD, user_in
from workmate import tokens
from workmate.models import AuditEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client: Client) -> Client:
    client.force_login(user_in("Inhaber", is_superuser=True))
    return client


def test_every_model_of_ours_is_there():
    ours = ("workmate", "invoicing", "payments", "banking", "expenses", "accounting_sync")
    models = [model for app in ours for model in apps.get_app_config(app).get_models()]
    assert [model for model in models if not admin.site.is_registered(model)] == []


@pytest.mark.parametrize("is_superuser", [True, False])
def test_every_list_and_every_row_opens(is_superuser):
    one_of_everything()
    client = Client()
    client.force_login(user_in("Inhaber", is_superuser=is_superuser))
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(address).status_code == 200, address
        if row := model._default_manager.first():
            assert client.get(f"{address}{row.pk}/change/").status_code == 200, address


def test_frozen_rows_cannot_be_added_changed_or_deleted(client):
    event = AuditEvent.objects.first()
    for address in ("add/", f"{event.pk}/delete/"):
        assert client.post(f"/admin/workmate/auditevent/{address}").status_code == 403
    assert client.post(f"/admin/workmate/auditevent/{event.pk}/change/").status_code == 403


def test_a_user_changed_in_the_admin_is_in_the_audit_trail(client):
    person = user_in("Mitarbeit")
    address = f"/admin/workmate/user/{person.pk}/change/"
    client.post(address, {"email": person.email, "name": "Neu", "is_active": "on"})
    person.refresh_from_db()
    assert person.name == "Neu"
    event = AuditEvent.objects.get(event="user.changed_by_admin")
    assert event.payload == {"fields": ["name"]}


def test_the_admin_gives_no_role_and_deletes_nobody(client):
    person = user_in("Mitarbeit")
    address = f"/admin/workmate/user/{person.pk}/"
    data = {"email": person.email, "name": person.name, "is_active": "on"}
    client.post(f"{address}change/", data | {"is_superuser": "on", "is_staff": "on"})
    person.refresh_from_db()
    assert not person.is_superuser
    assert client.post(f"{address}delete/").status_code == 403


def test_a_password_set_in_the_admin_is_in_the_audit_trail(client):
    person = user_in("Buchhaltung")
    data = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    client.post(f"/admin/workmate/user/{person.pk}/password/", data | {"password2": "anders"})
    assert not AuditEvent.objects.filter(event="user.password_set_by_admin").exists()
    client.post(f"/admin/workmate/user/{person.pk}/password/", data)
    event = AuditEvent.objects.get(event="user.password_set_by_admin")
    assert (event.object_id, event.payload) == (str(person.pk), {})


def test_the_admin_locks_nobody_out(client):
    owner = User.objects.get()
    address = f"/admin/workmate/user/{owner.pk}/change/"
    client.post(address, {"email": owner.email, "name": "Neu"})
    owner.refresh_from_db()
    assert (owner.name, owner.is_active) == ("Neu", True)


def test_nobody_gets_in_as_the_system(client):
    system = User.objects.system()
    for act in ("change", "password"):
        answer = client.post(f"/admin/workmate/user/{system.pk}/{act}/", {"password1": PASSWORD})
        assert answer.status_code == 403


def test_a_user_made_in_the_admin_may_log_in_and_nothing_else(client):
    data = {"email": "neu@example.de", "name": "Neu", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/admin/workmate/user/add/", data | {"usable_password": "true"})
    user = User.objects.get(email="neu@example.de")
    assert user.check_password(PASSWORD)
    assert user.get_all_permissions() == set()


def test_secrets_are_not_shown(client):
    token, _ = tokens.create(name="x", expires_at=None, by=user_in("Mitarbeit"))
    text = client.get(f"/admin/workmate/apitoken/{token.pk}/change/").content.decode()
    assert token.digest not in text


def test_only_owners_enter(client):
    client.force_login(user_in("Buchhaltung"))
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
