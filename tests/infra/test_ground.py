"""The tests' own ground holds."""

import pytest
from django.db import connection, transaction

from tests.threads import at_once
from workmate.models import User


@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_is_gone_for_the_next_one():
    with transaction.atomic():
        User.objects.create_user("ada@example.de", name="Ada")


@pytest.mark.django_db(transaction=True)
def test_seed_rows_survive_a_test_with_real_transactions():
    assert not User.objects.filter(email="ada@example.de").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_threads_have_their_own_transactions():
    at_once(lambda number: User.objects.create_user(f"{number}@example.de", name="X"), times=4)
    assert User.objects.filter(email__endswith="@example.de").count() == 4
