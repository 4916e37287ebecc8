import pytest
from django.db.migrations.recorder import MigrationRecorder


def test_the_process_lives_without_a_database(client):
    response = client.get("/gesundheit/live")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_it_is_ready_when_database_broker_and_migrations_are(client):
    response = client.get("/gesundheit/bereit")
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "broker": "ok",
        "migrations": "ok",
    }
    assert response["Cache-Control"].startswith("max-age=0, no-cache")


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client):
    MigrationRecorder.Migration.objects.filter(app="workmate").order_by("-id").first().delete()
    response = client.get("/gesundheit/bereit")
    assert response.status_code == 503
    assert response.json()["migrations"] == "failed"
    assert response.json()["database"] == "ok"


@pytest.mark.django_db
def test_a_missing_broker_is_not_ready(client, monkeypatch):
    from celery import current_app

    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    response = client.get("/gesundheit/bereit")
    assert (response.status_code, response.json()["broker"]) == (503, "failed")
