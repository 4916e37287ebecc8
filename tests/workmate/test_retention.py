"""How long records are kept, and what may go afterwards."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from tests.books import signed_in
from tests.payments.paying import pay
from tests.problems import raises_problem
from tests.trade import a_business, an_invoice
from workmate import documents, errors, retention, verification
from workmate.ledger.models import MoneyAccount
from workmate.models import AuditEvent, Erasure, RetentionHold

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 5, 4)
JSON = "application/json"


@pytest.fixture(autouse=True)
def _own_archive(tmp_path, settings):
    settings.ARCHIVE_DIR = tmp_path / "archive"


@pytest.fixture
def owner():
    return a_business()


def a_paid_invoice(owner):
    invoice = an_invoice(owner)
    bank = MoneyAccount.objects.first()
    pay(bank, "119", (invoice.open_item, "119"), by=owner)
    return invoice


def over(invoice):
    """The first day on which the invoice need not be kept; it was issued by the clock."""
    return datetime.date(invoice.issued_at.year + 9, 1, 1)


def names(proposal):
    return sorted(file.document.filename for file in proposal.files)


@pytest.mark.parametrize(("years", "until"), [(8, 2034), (10, 2036), (6, 2032)])
def test_the_time_begins_with_the_end_of_the_calendar_year(years, until):
    assert retention.kept_until(2026, years) == datetime.date(until, 12, 31)


def test_the_report_names_time_and_count_of_every_kind(owner):
    invoice = an_invoice(owner)
    rows = {row.kind.name: row for row in retention.report(on=ON)}
    found = rows["invoices"]
    year = invoice.issued_at.year
    assert (found.year, found.count, found.until) == (year, 1, datetime.date(year + 8, 12, 31))
    assert not found.over
    assert rows["journal"].kind.years == 10


def test_until_the_last_day_nothing_may_go_and_then_the_files_may(owner):
    invoice = a_paid_invoice(owner)
    first = over(invoice)
    assert retention.propose(on=first - datetime.timedelta(days=1)).files == []
    assert names(retention.propose(on=first)) == [
        f"{invoice.number}-pruefbericht.json",
        f"{invoice.number}.xml",
    ]


def test_what_is_owed_holds_its_document_back(owner):
    invoice = an_invoice(owner)
    assert retention.propose(on=over(invoice)).files == []


def test_a_hold_keeps_a_year_until_it_is_released(owner):
    invoice = a_paid_invoice(owner)
    hold = retention.hold_year(invoice.issued_at.year, reason="Betriebsprüfung", by=owner)
    assert retention.propose(on=over(invoice)).files == []
    retention.release(hold, by=owner)
    assert len(retention.propose(on=over(invoice)).files) == 2
    events = AuditEvent.objects.filter(event__startswith="retention.").order_by("pk")
    assert [event.event for event in events] == ["retention.held", "retention.released"]


@pytest.mark.parametrize(("year", "reason"), [(1999, "Prüfung"), (2026, " ")])
def test_a_hold_needs_a_year_and_a_reason(owner, year, reason):
    with raises_problem(errors.HOLD_INVALID):
        retention.hold_year(year, reason=reason, by=owner)


@pytest.mark.django_db(transaction=True)
def test_erasing_takes_the_bytes_and_leaves_the_protocol():
    owner = a_business()
    invoice = a_paid_invoice(owner)
    on = over(invoice)
    proposal = retention.propose(on=on)
    path = documents.path_of(invoice.xml.sha256)
    assert path.exists()
    retention.erase(proposal.seal, by=owner, on=on)
    assert not path.exists()
    with raises_problem(errors.DOCUMENT_ERASED):
        documents.read(invoice.xml)
    assert Erasure.objects.count() == len(proposal.files) == 3
    event = AuditEvent.objects.get(event="document.erased", object_id=str(invoice.xml.pk))
    assert event.payload["sha256"] == invoice.xml.sha256
    assert list(verification.breaks()) == []
    with raises_problem(errors.NOTHING_TO_ERASE):
        retention.erase(proposal.seal, by=owner, on=on)


def test_only_what_the_trial_run_showed_is_erased(owner):
    invoice = a_paid_invoice(owner)
    seal = retention.propose(on=over(invoice)).seal
    a_paid_invoice(owner)
    with raises_problem(errors.ERASURE_CHANGED):
        retention.erase(seal, by=owner, on=over(invoice))
    assert not Erasure.objects.exists()


def test_the_database_keeps_the_protocol(owner):
    invoice = a_paid_invoice(owner)
    on = over(invoice)
    retention.erase(retention.propose(on=on).seal, by=owner, on=on)
    with pytest.raises(DatabaseError), transaction.atomic():
        Erasure.objects.update(basis="anders")
    with pytest.raises(DatabaseError), transaction.atomic():
        Erasure.objects.all().delete()


def test_the_page_shows_the_times_and_takes_a_hold(owner):
    an_invoice(owner)
    client = signed_in("Inhaber")
    page = client.get(reverse("retention")).content.decode()
    for words in ("Heute darf nichts gelöscht werden", "8 Jahre", "§ 14b Abs. 1 UStG", "Journal"):
        assert words in page
    assert client.post(reverse("retention_hold"), {"year": "26", "reason": "x"}).status_code == 422
    client.post(reverse("retention_hold"), {"year": "2026", "reason": "Betriebsprüfung"})
    hold = RetentionHold.objects.get()
    assert "Betriebsprüfung" in client.get(reverse("retention")).content.decode()
    client.post(reverse("retention_release", args=[hold.pk]))
    hold.refresh_from_db()
    assert hold.released_at
    assert "Heute darf keine Datei" in client.get(reverse("retention_cleanup")).content.decode()


def test_report_trial_run_and_holds_over_the_api(owner):
    an_invoice(owner)
    client = signed_in("Inhaber")
    rows = client.get("/api/v1/retention/").json()
    assert {row["kind"] for row in rows} >= {"journal", "trail", "invoices"}
    trial = client.post("/api/v1/retention/cleanup/", {}, content_type=JSON)
    assert trial.json() == {"seal": "", "size": 0, "more": False, "files": []}
    data = {"dry_run": False, "seal": "x"}
    refused = client.post("/api/v1/retention/cleanup/", data, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "DOCUMENT_6005")
    data = {"year": 2026, "reason": "Prüfung"}
    made = client.post("/api/v1/retention-holds/", data, content_type=JSON)
    assert made.status_code == 201
    again = client.post("/api/v1/retention-holds/", data, content_type=JSON)
    assert again.json()["code"] == "DOCUMENT_6007"
    released = client.post(
        f"/api/v1/retention-holds/{made.json()['id']}/release/", content_type=JSON
    )
    assert released.json()["released_at"]


@pytest.mark.parametrize("role", ["Buchhaltung", "Steuerberatung"])
def test_only_owners_erase(owner, role):
    client = signed_in(role)
    assert client.get(reverse("retention")).status_code == 200
    assert client.post(reverse("retention_cleanup")).status_code == 403
    assert client.post("/api/v1/retention/cleanup/").status_code == 403
