import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.factories import PASSWORD, UserFactory, user_in
from workmate import login
from workmate.login import client_ip
from workmate.models import AuditEvent, User

pytestmark = pytest.mark.django_db


def log_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    return client.post("/anmelden/", {"username": email, "password": password} | more)


def test_one_logs_in_with_the_address_in_any_letter_case(client):
    user = UserFactory(email="eva@example.de")
    response = log_in(client, "Eva@Example.de")
    assert response.status_code == 302
    assert client.get("/profil/").wsgi_request.user == user
    assert AuditEvent.objects.get(event="user.logged_in").actor == user


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client):
    UserFactory(email="eva@example.de")
    pages = [log_in(client, "eva@example.de", "falsch"), log_in(client, "max@example.de")]
    assert [page.status_code for page in pages] == [422, 422]
    texts = {str(page.context["form"].non_field_errors()) for page in pages}
    assert len(texts) == 1
    assert "E-Mail-Adresse oder Passwort stimmen nicht." in texts.pop()


def test_locked_users_and_the_system_do_not_get_in(client):
    UserFactory(email="eva@example.de", is_active=False)
    assert log_in(client, "eva@example.de").status_code == 422
    assert log_in(client, User.objects.system().email, "").status_code == 422


def test_too_many_failures_lock_in_german(client, settings):
    UserFactory(email="eva@example.de")
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in(client, "Eva@example.de", "falsch").status_code == 422
    page = log_in(client, "eva@example.de", "falsch")
    assert page.status_code == 429
    assert "Warten Sie 15 Minuten" in page.content.decode()
    assert log_in(client, "eva@example.de").status_code == 429
    assert AccessAttempt.objects.get().username == "eva@example.de"


def test_a_lock_does_not_hit_others(client, settings):
    UserFactory(email="eva@example.de")
    UserFactory(email="kim@example.de")
    for _ in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, "eva@example.de", "falsch")
    assert log_in(client, "kim@example.de").status_code == 302


def test_one_comes_back_to_where_one_was_sent_from(client):
    UserFactory(email="eva@example.de")
    assert client.get("/profil/")["Location"] == "/anmelden/?next=/profil/"
    assert log_in(client, "eva@example.de", next="/profil/")["Location"] == "/profil/"


def test_nobody_is_sent_elsewhere(client):
    UserFactory(email="eva@example.de")
    response = log_in(client, "eva@example.de", next="https://evil.example/")
    assert response["Location"] == "/"


def test_logging_out_needs_a_post(client):
    client.force_login(UserFactory())
    assert client.get("/abmelden/").status_code == 405
    assert client.post("/abmelden/")["Location"] == "/anmelden/"
    assert client.get("/profil/").status_code == 302


def test_htmx_loads_the_login_as_a_page(client):
    response = client.get("/profil/", headers={"HX-Request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, "/anmelden/?next=/profil/")


def test_passwords_are_kept_with_argon2(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert UserFactory().password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_say_who_asks(settings, proxies, header, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": header} if header else {}
    request = RequestFactory(REMOTE_ADDR="10.0.0.1", headers=headers).get("/")
    assert client_ip(request) == address


def test_the_profile_changes_name_and_password_and_stays_logged_in(client):
    user = user_in("Mitarbeit")
    client.force_login(user)
    client.post("/profil/", {"name": "Neuer Name"})
    new = "ein ganz anderes Passwort"
    response = client.post("/profil/passwort/", {"old_password": PASSWORD, "new_password": new})
    assert response.status_code == 302
    assert client.get("/profil/").status_code == 200
    user.refresh_from_db()
    assert user.name == "Neuer Name"
    assert user.check_password(new)


def test_another_session_ends_with_the_old_password(client):
    user = UserFactory()
    other = Client()
    for each in (client, other):
        each.force_login(user)
    new = "ein ganz anderes Passwort"
    client.post("/profil/passwort/", {"old_password": PASSWORD, "new_password": new})
    assert other.get("/profil/").status_code == 302


def test_a_refused_password_says_why_at_its_field(client):
    client.force_login(UserFactory())
    page = client.post("/profil/passwort/", {"old_password": "x", "new_password": "y"})
    assert page.status_code == 422
    assert "bisherige Passwort stimmt nicht" in page.content.decode()


def test_ended_sessions_and_old_addresses_are_forgotten(client):
    user_in("Mitarbeit", email="eva@example.de")
    log_in(client, "eva@example.de")
    log_in(Client(), "eva@example.de", "falsch")
    login.forget()
    assert (Session.objects.count(), AccessLog.objects.count()) == (1, 1)
    long_ago = timezone.now() - timezone.timedelta(days=31)
    Session.objects.update(expire_date=long_ago)
    for model in (AccessLog, AccessAttempt):
        model.objects.update(attempt_time=long_ago)
    login.forget()
    assert not any(model.objects.exists() for model in (Session, AccessLog, AccessAttempt))
