from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import UserFactory, user_in
from tests.problems import raises_problem
from workmate import errors, tokens
from workmate.models import ApiToken, AuditEvent

pytestmark = pytest.mark.django_db


def test_a_token_opens_as_its_user():
    user = UserFactory()
    token, text = tokens.create(name="Skript", expires_at=None, by=user)
    now = timezone.now()
    assert tokens.authenticate(text, at=now) == token
    token.refresh_from_db()
    assert token.last_used_at == now


def test_only_its_hash_is_kept():
    token, text = tokens.create(name="Skript", expires_at=None, by=UserFactory())
    secret = text.split("_", 2)[2]
    row = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in str(row)
    assert secret not in str(list(AuditEvent.objects.values()))


def test_a_changed_or_foreign_text_opens_nothing():
    _, text = tokens.create(name="Skript", expires_at=None, by=UserFactory())
    prefix = text.split("_")[1]
    for wrong in (
        text[:-1] + ("a" if text[-1] != "a" else "b"),
        f"wm_{prefix}_",
        "wm_x_y",
        "",
        text.replace(prefix, "0" * 12),
        text + "\n",
    ):
        with raises_problem(errors.INVALID_TOKEN):
            tokens.authenticate(wrong, at=timezone.now())


def test_it_ends_at_its_time_when_revoked_and_with_its_user():
    user, now = UserFactory(), timezone.now()
    _, ended = tokens.create(name="a", expires_at=now, by=user)
    token, revoked = tokens.create(name="b", expires_at=None, by=user)
    _, locked = tokens.create(name="c", expires_at=None, by=user)
    tokens.revoke(token, by=user, at=now)
    for text in (ended, revoked):
        with raises_problem(errors.EXPIRED_TOKEN):
            tokens.authenticate(text, at=now)
    user.is_active = False
    user.save()
    with raises_problem(errors.USER_INACTIVE):
        tokens.authenticate(locked, at=now)


def test_use_is_noted_at_most_once_a_minute():
    token, text = tokens.create(name="a", expires_at=None, by=UserFactory())
    now = timezone.now()
    for seconds in (0, 30, 59):
        tokens.authenticate(text, at=now + timedelta(seconds=seconds))
    token.refresh_from_db()
    assert token.last_used_at == now


def test_the_profile_shows_a_new_token_once_and_revokes_it(client):
    user = user_in("Mitarbeit")
    client.force_login(user)
    page = client.post("/profil/schluessel/", {"name": "Skript", "expires_on": "+30"})
    text = page.context["new_token_text"]
    assert text in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    later = client.get("/profil/").content.decode()
    assert text not in later
    assert f"wm_{text.split('_')[1]}_…" in later
    token = user.api_tokens.get()
    client.post(f"/profil/schluessel/{token.pk}/widerruf/")
    token.refresh_from_db()
    assert token.revoked_at


def test_nobody_revokes_the_token_of_another(client):
    token, _ = tokens.create(name="a", expires_at=None, by=UserFactory())
    client.force_login(user_in("Inhaber"))
    assert client.post(f"/profil/schluessel/{token.pk}/widerruf/").status_code == 404


def test_a_day_in_the_past_is_no_end(client):
    client.force_login(UserFactory())
    page = client.post("/profil/schluessel/", {"name": "a", "expires_on": "gestern"})
    assert page.status_code == 422
    assert "Dieser Tag ist vorbei." in page.content.decode()
