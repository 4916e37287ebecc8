"""A run books what leaves no doubt, up to the company's ceiling, and can be taken back whole."""

import html
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group
from django.db import InternalError, connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localtime

from banking import accepting, running
from banking.dismissing import unignore
from banking.models import BankRule, Dismissal, Match, StoredProposal, Transaction
from banking.reconciling import match
from banking.running import match_all
from banking.undoing import undo_import
from payments.allocating import apply_credit
from payments.recording import reverse_payment
from tests.banking.bank import PAYER, a_transaction, an_account
from tests.banking.test_arriving import a_payout
from tests.books import a_claim, books
from tests.threads import at_once
from workmate import jobs, roles
from workmate.ledger import charts
from workmate.ledger.models import Line, OpenItem
from workmate.models import AuditEvent, Company, JobRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    person = books()
    person.groups.add(Group.objects.get(name=roles.ACCOUNTING))
    return person


@pytest.fixture
def account(user):
    return an_account(user)


# The last thing that an undoing does is its audit event.
BREAKS_OFF = """
CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'breaks off' USING ERRCODE = 'XX000'; END $$;
CREATE TRIGGER break_off BEFORE INSERT ON workmate_auditevent
FOR EACH ROW WHEN (NEW.event = 'matching_run.undone') EXECUTE FUNCTION break_off();
"""


def balances():
    """What each account of the chart holds, where that is not nothing."""
    sums = Line.objects.values_list("account__number").annotate(sum=Sum("amount"))
    return {number: amount for number, amount in sums if amount}


def paid(account, user, number, amount="119.00"):
    """A claim and the transfer that names it."""
    item = a_claim(amount, by=user, number=number)
    return item, a_transaction(account, amount, number, by=user)


def run_of(name, user, **params):
    run = jobs.enqueue(name, by=user, params=params)
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert run.state == JobRun.State.DONE, run.error
    return run


def test_a_run_is_known_by_what_it_booked(account, user):
    paid(account, user, "RE-2026-0001")
    run = run_of(running.MATCHING, user)
    assert run.result["matched"] == 1
    assert Match.objects.get().run == run


def test_a_whole_run_is_taken_back(account, user):
    items = [paid(account, user, f"RE-2026-000{at}")[0] for at in range(1, 4)]
    run = run_of(running.MATCHING, user)
    undoing = run_of(running.UNDOING, user, run_id=run.pk)
    assert undoing.result == {"undone": 3, "kept": []}
    assert all(OpenItem.objects.get(pk=item.pk).outstanding == 119 for item in items)
    assert Transaction.objects.open().count() == 3
    assert AuditEvent.objects.filter(event="matching_run.undone").count() == 1


def test_what_a_person_matched_or_reversed_is_no_part_of_it(account, user):
    paid(account, user, "RE-2026-0001")
    paid(account, user, "RE-2026-0002")
    run = run_of(running.MATCHING, user)
    first = Match.objects.earliest("pk")
    reverse_payment(first.payment, on=first.transaction.booked_on, by=user, reason="Irrtum")
    item, row = paid(account, user, "RE-2026-0003")
    match(row, [(item, item.outstanding)], by=user)
    undoing = run_of(running.UNDOING, user, run_id=run.pk)
    assert undoing.result == {"undone": 1, "kept": []}
    item.refresh_from_db()
    assert item.outstanding == 0


def test_a_run_takes_back_rules_transfers_and_payouts_too(account, user, client):
    savings = an_account(user, iban=PAYER, name="Tagesgeld")
    item, _ = paid(account, user, "RE-2026-0001")
    BankRule.objects.create(
        name="Gebühren", contains="Konto", account=charts.account("fees"), created_by=user
    )
    a_transaction(account, "-9.90", "Kontoführung", by=user)
    a_transaction(account, "-500.00", "Rücklage", by=user, iban=PAYER)
    a_transaction(savings, "500.00", "Rücklage", by=user)
    a_transaction(account, "116.96", "STRIPE PAYMENTS Auszahlung", by=user)
    payout = a_payout(user)
    before = balances()
    run = run_of(running.MATCHING, user)
    assert (run.result["matched"], running.live_count(run)) == (4, 4)
    client.force_login(user)
    page = client.get(reverse("banking:run", args=[run.pk])).text
    assert "Gebühren (Regel)" in page
    assert "4 Entscheidungen aufheben" in page
    undoing = run_of(running.UNDOING, user, run_id=run.pk)
    assert undoing.result == {"undone": 4, "kept": []}
    assert Transaction.objects.open().count() == 5
    assert not Dismissal.objects.exists()
    item.refresh_from_db()
    payout.refresh_from_db()
    assert (item.outstanding, payout.arrival) == (119, None)
    assert balances() == before


def test_what_cannot_be_taken_back_stays_and_the_page_says_why(account, user, client):
    paid(account, user, "RE-2026-0001")
    run = run_of(running.MATCHING, user)
    used = a_claim("50.00", by=user, number="RE-2026-0002")
    row = a_transaction(account, "30.00", "Guthaben", by=user, name="Huber GmbH")
    made = match(row, [], partner=used.partner, by=user, run=run)
    apply_credit(made.payment.credit, used, Decimal("10.00"), on=row.booked_on, by=user)
    undoing = run_of(running.UNDOING, user, run_id=run.pk)
    (kept,) = undoing.result["kept"]
    assert (undoing.result["undone"], kept["transaction"]) == (1, row.pk)
    client.force_login(user)
    page = client.get(reverse("banking:run", args=[run.pk])).text
    assert kept["why"] in html.unescape(page)
    assert "1 Entscheidung aufheben" in page


def test_an_undoing_that_breaks_off_has_taken_nothing_back(account, user):
    items = [paid(account, user, f"RE-2026-000{at}")[0] for at in range(1, 4)]
    run = run_of(running.MATCHING, user)
    with connection.cursor() as cursor:
        cursor.execute(BREAKS_OFF)
    with pytest.raises(InternalError, match="breaks off"):
        running.undo_run(run, by=user)
    assert running.live_count(run) == 3
    assert all(OpenItem.objects.get(pk=item.pk).outstanding == 0 for item in items)


@pytest.mark.django_db(transaction=True)
def test_two_undoings_at_once_take_back_once():
    user = books()
    account = an_account(user)
    item, _ = paid(account, user, "RE-2026-0001")
    run = run_of(running.MATCHING, user)
    results = at_once(lambda _: running.undo_run(run, by=user), 3)
    assert sum(result["undone"] for result in results) == 1
    item.refresh_from_db()
    assert item.outstanding == 119


def test_above_the_ceiling_a_person_decides(account, user):
    Company.objects.update(match_ceiling=Decimal("500.00"))
    paid(account, user, "RE-2026-0001", "500.00")
    paid(account, user, "RE-2026-0002", "500.01")
    run = run_of(running.MATCHING, user)
    assert (run.result["matched"], run.result["above_ceiling"]) == (1, 1)
    assert Transaction.objects.open().get().amount == Decimal("500.01")


def test_the_page_of_a_run_takes_it_back(account, user, client):
    paid(account, user, "RE-2026-0001")
    run = run_of(running.MATCHING, user)
    client.force_login(user)
    assert "RE-2026-0001" in client.get(reverse("banking:run", args=[run.pk])).text
    assert reverse("banking:run", args=[run.pk]) in client.get(reverse("banking:runs")).text
    client.post(reverse("banking:run_undo", args=[run.pk]))
    undoing = JobRun.objects.get(name=running.UNDOING)
    jobs.execute(undoing.pk)
    page = client.get(reverse("banking:run", args=[run.pk])).text
    assert "aufgehoben: 1" in page
    again = client.post(reverse("banking:run_undo", args=[run.pk]), follow=True).text
    assert "nichts mehr, was aufzuheben wäre" in again
    assert JobRun.objects.filter(name=running.UNDOING).count() == 1


@pytest.mark.parametrize("name", ["banking:runs", "banking:run", "banking:accept"])
def test_more_rows_ask_no_more_questions(account, user, client, name):
    client.force_login(user)

    def asked(first, last):
        ceiling = Decimal("0.01") if name == "banking:accept" else None
        Company.objects.update(match_ceiling=ceiling)
        for at in range(first, last):
            paid(account, user, f"RE-2026-000{at}")
        run = run_of(running.MATCHING, user)
        address = reverse(name, args=[run.pk] if name == "banking:run" else [])
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    assert asked(1, 2) == asked(2, 5)


def left_to_people(account, user):
    """A run that books nothing and keeps its proposals."""
    Company.objects.update(match_ceiling=Decimal("0.01"))
    match_all(account, by=user)
    Company.objects.update(match_ceiling=None)


def test_proposals_of_one_kind_are_accepted_together(account, user, client):
    items = [paid(account, user, f"RE-2026-000{at}")[0] for at in range(1, 6)]
    left_to_people(account, user)
    client.force_login(user)
    (group,) = accepting.offered()
    chosen = [f"{offer.transaction_id}.{offer.key}" for offer in group.offers]
    page = client.get(reverse("banking:accept")).text
    assert page.count('name="vorschlag"') == 5
    found = StoredProposal.objects.earliest("created_at").created_at
    assert f"Vorschläge vom {localtime(found):%d.%m.%Y, %H:%M}" in page
    assert "Neu suchen" in page
    page = client.post(reverse("banking:accept"), {"vorschlag": chosen}).text
    assert "5 zugeordnet" in page
    assert all(OpenItem.objects.get(pk=item.pk).outstanding == 0 for item in items)
    assert not Match.objects.filter(automatic=True).exists()


def test_a_proposal_that_changed_since_it_was_seen_stays_open(account, user):
    item, _ = paid(account, user, "RE-2026-0001")
    paid(account, user, "RE-2026-0002")
    left_to_people(account, user)
    offers = [offer for group in accepting.offered() for offer in group.offers]
    chosen = {offer.transaction_id: offer.key for offer in offers}
    other = a_transaction(account, "50.00", "Bar", by=user)
    match(other, [(item, Decimal("50.00"))], by=user)
    outcomes = {one.row.purpose: one for one in accepting.accept(chosen, by=user)}
    assert outcomes["RE-2026-0001"].problem.code == "FINANCE_3060"
    assert outcomes["RE-2026-0002"].made is not None


def test_a_run_keeps_what_is_left_and_forgets_what_an_earlier_one_kept(account, user, client):
    paid(account, user, "RE-2026-0001")
    a_transaction(account, "77.00", "ohne Beleg", by=user)
    left_to_people(account, user)
    assert [one.transaction.purpose for one in StoredProposal.objects.all()] == ["RE-2026-0001"]
    client.force_login(user)
    screen = reverse("banking:reconcile")
    assert len(client.get(screen, {"punkte": "90"}).context["rows"]) == 1
    assert len(client.get(screen).context["rows"]) == 2
    match_all(account, by=user)
    assert not StoredProposal.objects.exists()


def test_what_the_run_itself_has_paid_is_no_proposal_any_more(account, user):
    item, _ = paid(account, user, "RE-2026-0001")
    twice = a_transaction(account, "119.00", f"{item.document_number} noch einmal", by=user)
    match_all(account, by=user)
    waiting = list(Transaction.objects.open())
    kept = StoredProposal.objects.filter(transaction__in=waiting)
    assert waiting == [twice]
    assert not [one for one in kept if "vollständig" in one.effect]


def test_an_import_with_proposals_can_be_undone(account, user):
    _, row = paid(account, user, "RE-2026-0001")
    left_to_people(account, user)
    undo_import(row.statement, by=user)
    assert not StoredProposal.objects.exists()


def test_nothing_ticked_is_said(account, user, client):
    client.force_login(user)
    page = client.post(reverse("banking:accept"), follow=True).text
    assert "Kreuzen Sie mindestens einen Vorschlag an" in page


def test_the_api_accepts_and_takes_a_run_back(account, user, client):
    client.force_login(user)
    paid(account, user, "RE-2026-0001")
    paid(account, user, "RE-2026-0002", "80.00")
    left_to_people(account, user)
    offers = client.get("/api/v1/proposal-acceptances/").json()
    one = next(offer for offer in offers if "RE-2026-0002" in offer["effect"])
    body = {"proposals": [{"transaction": one["transaction"], "key": one["key"]}]}
    answer = client.post("/api/v1/proposal-acceptances/", body, content_type="application/json")
    assert answer.json()[0]["match"] == Match.objects.get().pk
    run = run_of(running.MATCHING, user)
    address = f"/api/v1/matching-runs/{run.pk}/reversal/"
    answer = client.post(address)
    assert answer.status_code in (200, 201), answer.json()
    jobs.execute(answer.json()["id"])
    assert client.post(address).json()["code"] == "FINANCE_3061"


def test_what_somebody_took_back_is_not_booked_again_by_the_next_run(account, user):
    paid(account, user, "RE-2026-0001")
    run = run_of(running.MATCHING, user)
    run_of(running.UNDOING, user, run_id=run.pk)
    fee = a_transaction(account, "-9.90", "Kontoführung", by=user)
    BankRule.objects.create(name="Gebühren", contains="Konto", created_by=user)
    run_of(running.MATCHING, user)
    unignore(fee, by=user)
    assert run_of(running.MATCHING, user).result["matched"] == 0
    assert Transaction.objects.open().count() == 2
