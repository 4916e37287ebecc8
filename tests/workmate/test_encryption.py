import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection, models

from tests.problems import raises_problem
from workmate import encryption, errors
from workmate.encryption import EncryptedTextField, check_keys


@pytest.fixture
def model(db):
    """A table with a secret, for the length of a test."""

    class Vault(models.Model):
        secret = EncryptedTextField(null=True)

        class Meta:
            app_label = "workmate"
            managed = False

    with connection.schema_editor() as editor:
        editor.create_model(Vault)
    yield Vault
    from django.apps import apps

    del apps.all_models["workmate"]["vault"]
    apps.clear_cache()


def column(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM workmate_vault WHERE id = %s", [pk])
        return cursor.fetchone()[0]


def write(pk: int, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workmate_vault SET secret = %s WHERE id = %s", [text, pk])


def test_the_column_holds_cipher_text_and_the_field_gives_the_secret(model):
    row = model.objects.create(secret="sk_live_größe")
    assert column(row.pk).startswith("wm1:gAAAA")
    assert "sk_live" not in column(row.pk)
    assert model.objects.get(pk=row.pk).secret == "sk_live_größe"


def test_nothing_and_empty_stay_what_they_are(model):
    assert model.objects.get(pk=model.objects.create(secret=None).pk).secret is None
    assert model.objects.get(pk=model.objects.create(secret="").pk).secret == ""


def test_plain_text_in_the_column_is_never_a_value(model):
    row = model.objects.create(secret="x")
    write(row.pk, "planted")
    with raises_problem(errors.SECRET_UNREADABLE):
        model.objects.get(pk=row.pk)


def test_a_foreign_key_opens_nothing(model, settings):
    row = model.objects.create(secret="x")
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with raises_problem(errors.SECRET_UNREADABLE):
        model.objects.get(pk=row.pk)


def test_a_damaged_value_is_refused(model):
    row = model.objects.create(secret="x")
    text = column(row.pk)
    write(row.pk, text[:-6] + ("A" if text[-6] != "A" else "B") + text[-5:])
    with raises_problem(errors.SECRET_UNREADABLE):
        model.objects.get(pk=row.pk)


@pytest.mark.parametrize("lookup", ["secret", "secret__contains", "secret__in", "secret__gt"])
def test_nobody_searches_in_secrets(model, lookup):
    with pytest.raises(FieldError):
        list(model.objects.filter(**{lookup: "x"}))


def test_whether_there_is_one_may_be_asked(model):
    model.objects.create(secret=None)
    row = model.objects.create(secret="x")
    assert list(model.objects.filter(secret__isnull=False)) == [row]


def test_a_new_first_key_encrypts_and_the_old_one_still_reads(model, settings):
    old, new = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    row = model.objects.create(secret="x")
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    assert model.objects.get(pk=row.pk).secret == "x"
    write(row.pk, encryption.rotate(column(row.pk)))
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert model.objects.get(pk=row.pk).secret == "x"


def test_the_command_re_encrypts_every_secret(model, settings, capsys):
    from django.core.management import call_command

    old, new = settings.FIELD_ENCRYPTION_KEYS[0], Fernet.generate_key().decode()
    rows = [model.objects.create(secret=text) for text in ("a", "b", None, "")]
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    call_command("rotate_keys")
    settings.FIELD_ENCRYPTION_KEYS = [new]
    assert [model.objects.get(pk=row.pk).secret for row in rows] == ["a", "b", None, ""]
    assert "2 Werte sind neu verschlüsselt." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ([], ["workmate.E001"]),
        (["short"], ["workmate.E002"]),
        (["dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE="] * 2, ["workmate.E004"]),
        (["dGVzdC1rZXktdGVzdC1rZXktdGVzdC1rZXktdGVzdCE="], []),
    ],
)
def test_the_system_check_says_what_is_wrong_with_the_keys(settings, keys, found):
    settings.FIELD_ENCRYPTION_KEYS = keys
    assert [each.id for each in check_keys()] == found


def test_the_secret_key_is_no_encryption_key(settings):
    key = Fernet.generate_key().decode()
    settings.SECRET_KEY, settings.FIELD_ENCRYPTION_KEYS = key, [key]
    assert [each.id for each in check_keys()] == ["workmate.E003"]


def test_only_the_end_of_a_secret_is_shown():
    assert encryption.masked("sk_live_1234567890") == "••••7890"
    assert encryption.masked("short") == "••••"
    assert encryption.masked("") == ""
