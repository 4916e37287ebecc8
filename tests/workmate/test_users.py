import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from tests.factories import PASSWORD, UserFactory, user_in
from tests.problems import raises_problem
from tests.threads import at_once
from workmate import errors, roles, tokens, users
from workmate.models import ApiToken, AuditEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return user_in("Inhaber")


@pytest.fixture
def as_owner(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def test_a_new_user_has_a_role_and_a_first_password(owner):
    user, password = users.create(email="Kim@Example.de", name="Kim", role="Buchhaltung", by=owner)
    assert user.check_password(password)
    assert len(password) == 19
    assert roles.role_of(user) == "Buchhaltung"
    assert list(
        AuditEvent.objects.filter(object_id=str(user.pk)).values_list("event", flat=True)
    ) == ["user.role_assigned", "user.created"]


def test_an_address_belongs_to_one_user_whatever_its_letter_case(owner):
    UserFactory(email="kim@example.de")
    with raises_problem(errors.INVALID) as raised:
        users.create(email="KIM@example.de", name="Kim", role="Mitarbeit", by=owner)
    assert raised.value.fields


def test_the_last_owner_stays(owner):
    with raises_problem(errors.LAST_OWNER):
        users.deactivate(owner, by=owner, at=timezone.now())
    with raises_problem(errors.LAST_OWNER):
        users.change(owner, email=owner.email, name="X", role="Mitarbeit", by=owner)


@pytest.mark.django_db(transaction=True)
def test_two_owners_cannot_remove_each_other_at_once():
    owners = [user_in("Inhaber"), user_in("Inhaber")]
    results = at_once(
        lambda number: users.deactivate(owners[number], by=owners[1 - number], at=timezone.now()),
        times=2,
    )
    assert min(str(result) for result in results).startswith("AUTH_1013")
    assert User.objects.filter(groups__name="Inhaber", is_active=True).count() == 1


def test_who_is_locked_out_is_out_at_once(owner, client):
    user = user_in("Buchhaltung")
    client.force_login(user)
    _, text = tokens.create(name="x", expires_at=None, by=user)
    assert client.get("/profil/").status_code == 200
    users.deactivate(user, by=owner, at=timezone.now())
    assert client.get("/profil/").status_code == 302
    assert (
        client.get("/api/v1/users/me/", headers={"Authorization": f"Bearer {text}"}).status_code
        == 401
    )
    assert ApiToken.objects.get(user=user).revoked_at is not None


def test_a_password_is_changed_by_who_knows_the_old_one():
    user = UserFactory()
    with raises_problem(errors.WRONG_PASSWORD):
        users.change_password(user, old="falsch", new="ein ganz anderes Passwort")
    with raises_problem(errors.PASSWORD_UNFIT) as raised:
        users.change_password(user, old=PASSWORD, new="kurz")
    assert "12" in raised.value.fields["new_password"][0]
    users.change_password(user, old=PASSWORD, new="ein ganz anderes Passwort")
    user.refresh_from_db()
    assert user.check_password("ein ganz anderes Passwort")


def test_the_owner_creates_users_on_the_page_and_sees_the_password_once(as_owner):
    page = as_owner.post(
        "/einstellungen/benutzer/neu/",
        {"name": "Kim", "email": "kim@example.de", "role": "Buchhaltung"},
    )
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    user = User.objects.get(email="kim@example.de")
    assert user.check_password(page.context["password"])
    assert page.context["password"] in page.content.decode()
    assert page.context["password"] not in as_owner.get("/einstellungen/benutzer/").content.decode()


def test_a_refused_user_keeps_the_input_and_says_why(as_owner, owner):
    page = as_owner.post(
        "/einstellungen/benutzer/neu/", {"name": "Kim", "email": owner.email, "role": "Mitarbeit"}
    )
    assert page.status_code == 422
    assert 'value="Kim"' in page.content.decode()
    assert page.context["form"].errors


def test_the_owner_changes_locks_and_lets_in_again(as_owner):
    user = user_in("Mitarbeit")
    address = f"/einstellungen/benutzer/{user.pk}/"
    as_owner.post(address, {"name": "Neu", "email": user.email, "role": "Steuerberatung"})
    as_owner.post(f"{address}sperre/")
    user = User.objects.get(pk=user.pk)
    assert (user.name, roles.role_of(user), user.is_active) == ("Neu", "Steuerberatung", False)
    as_owner.post(f"{address}freigabe/")
    user.refresh_from_db()
    assert user.is_active


def test_the_system_is_no_user_to_manage(as_owner):
    system = User.objects.system()
    assert system.email not in as_owner.get("/einstellungen/benutzer/").content.decode()
    assert as_owner.get(f"/einstellungen/benutzer/{system.pk}/").status_code == 404


@pytest.mark.parametrize("role", ["Buchhaltung", "Mitarbeit", "Steuerberatung"])
def test_nobody_else_manages_users(client, role):
    client.force_login(user_in(role))
    assert client.get("/einstellungen/benutzer/").status_code == 403
    assert client.post("/einstellungen/benutzer/neu/").status_code == 403


def test_the_first_owner_comes_from_the_command_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO("ein langes Passwort\n"))
    call_command("owner", "eva@example.de", "--name", "Eva", "--password-stdin")
    user = User.objects.get(email="eva@example.de")
    assert roles.role_of(user) == "Inhaber"
    assert user.check_password("ein langes Passwort")
    assert user.is_staff
    assert "eva@example.de ist Inhaber." in capsys.readouterr().out


def test_the_command_refuses_a_weak_password(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("passwort\n"))
    with pytest.raises(CommandError, match="12"):
        call_command("owner", "eva@example.de", "--password-stdin")
    assert not User.objects.filter(email="eva@example.de").exists()


def test_the_command_opens_the_door_again_for_a_locked_user(monkeypatch):
    user = user_in("Mitarbeit", is_active=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO("ein langes Passwort\n"))
    call_command("owner", user.email, "--password-stdin")
    user = User.objects.get(pk=user.pk)
    assert (user.is_active, roles.role_of(user)) == (True, "Inhaber")
