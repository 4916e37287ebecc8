"""Many drafts are issued as one job: by many workers, each once, each with its outcome."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from invoicing import bulk_issuing, bulk_running, contents, drafting, errors
from invoicing.issuing import issue
from invoicing.models import BulkRow, Invoice
from tests.books import signed_in
from tests.factories import user_in
from tests.invoicing.pages_of import text
from tests.problems import raises_problem
from tests.threads import at_once
from tests.trade import DAY, a_business, a_buyer, a_draft
from workmate import jobs
from workmate.models import AuditEvent, JobRun, User
from workmate.roles import ACCOUNTING, ADVISER, OWNER

real = pytest.mark.django_db(transaction=True)
State = BulkRow.State


def some_drafts(owner, number=3, **fields):
    buyer = a_buyer(owner)
    return [a_draft(owner, customer=buyer, **fields) for _ in range(number)]


def ordered(owner, drafts):
    return bulk_running.order(
        bulk_issuing.ISSUING, dict.fromkeys(draft.pk for draft in drafts), by=owner
    )


def ran(run):
    jobs.execute(run.pk)
    run.refresh_from_db()
    return run


def outcomes(run):
    return [(row.state, row.findings) for row in run.bulk_rows.all()]


def numbers():
    return sorted(int(n[-4:]) for n in Invoice.objects.issued().values_list("number", flat=True))


@real
def test_every_draft_of_a_run_is_issued_in_order():
    owner = a_business()
    drafts = some_drafts(owner)

    run = ran(ordered(owner, drafts))

    assert (run.state, run.done, run.total) == ("done", 3, 3)
    assert run.result == {"gestellt": 3, "abgelehnt": 0}
    assert outcomes(run) == [(State.ISSUED, [])] * 3
    issued = [Invoice.objects.get(pk=draft.pk) for draft in drafts]
    assert [invoice.number[-4:] for invoice in issued] == ["0001", "0002", "0003"]
    assert all(invoice.pdf for invoice in issued)
    assert AuditEvent.objects.filter(event="invoice.bulk_ordered").get().payload == {
        "job": "invoicing.issue_drafts",
        "count": 3,
    }


@real
def test_a_draft_that_cannot_be_issued_says_why_and_stops_nobody():
    owner = a_business()
    bad = a_draft(owner, supply_date=None)
    run = ran(ordered(owner, [bad, *some_drafts(owner, 1)]))

    assert outcomes(run) == [
        (
            State.REFUSED,
            [
                (
                    "Der Zeitpunkt der Leistung fehlt. "
                    "Geben Sie das Leistungsdatum oder den Leistungszeitraum an."
                )
            ],
        ),
        (State.ISSUED, []),
    ]
    assert numbers() == [1]


@real
def test_a_draft_that_was_changed_or_deleted_after_the_confirmation_is_not_issued():
    owner = a_business()
    changed, deleted = some_drafts(owner, 2)
    run = ordered(owner, [changed, deleted])
    content = contents.content_of(changed)
    drafting.save_draft(changed, content, version=changed.version, by=owner)
    Invoice.objects.filter(pk=changed.pk).update(version=changed.version + 1)
    drafting.delete_draft(deleted, version=deleted.version, by=owner)

    states = [state for state, _ in outcomes(ran(run))]

    assert states == [State.REFUSED, State.REFUSED]
    assert "inzwischen" in outcomes(run)[0][1][0]
    assert outcomes(run)[1][1][0].startswith("Der Entwurf wurde inzwischen gelöscht.")
    assert not Invoice.objects.issued().exists()


@real
@pytest.mark.parametrize("taken", ["right", "account"])
def test_a_run_ends_when_its_user_may_not_issue_any_more_and_goes_on_when_he_may(taken):
    owner = a_business()
    clerk = user_in(ACCOUNTING)
    run = ordered(clerk, some_drafts(owner))
    assert bulk_running.act_on_next(run, on=DAY)
    if taken == "right":
        clerk.groups.clear()
    else:
        User.objects.filter(pk=clerk.pk).update(is_active=False)

    ran(run)
    bulk_running.help_with(run.pk)

    assert (run.state, run.error_code) == ("failed", "INVOICE_2143")
    assert [state for state, _ in outcomes(run)] == [State.ISSUED, State.WAITING, State.WAITING]
    jobs.restart(run, by=owner)
    assert ran(run).state == "failed"
    clerk.groups.add(Group.objects.get(name=ACCOUNTING))
    User.objects.filter(pk=clerk.pk).update(is_active=True)
    jobs.restart(run, by=owner)
    assert ran(run).state == "done"
    assert numbers() == [1, 2, 3]


@real
def test_two_runs_over_the_same_drafts_at_once_issue_each_once():
    owner = a_business()
    drafts = some_drafts(owner, 5)
    runs = [ordered(owner, drafts[:4]), ordered(owner, drafts)]

    assert at_once(lambda n: jobs.execute(runs[n].pk), 2) == [None, None]

    assert numbers() == [1, 2, 3, 4, 5]
    rows = BulkRow.objects.filter(run__in=runs)
    assert rows.filter(state=State.ISSUED).count() == 5
    refused = rows.filter(state=State.REFUSED)
    assert refused.count() == 4
    assert all("bereits gestellt" in row.findings[0] for row in refused)


@real
def test_several_workers_share_the_rows_of_one_run():
    owner = a_business()
    run = ordered(owner, some_drafts(owner, 8))

    def work(_):
        count = 0
        while bulk_running.act_on_next(run, on=DAY):
            count += 1
        return count

    shares = at_once(work, 2)

    assert sum(shares) == 8
    assert all(shares)
    assert numbers() == list(range(1, 9))


@real
def test_a_helper_works_only_while_the_run_goes_on():
    owner = a_business()
    run = ordered(owner, some_drafts(owner, 1))

    bulk_running.help_with(run.pk)
    assert outcomes(run) == [(State.WAITING, [])]

    JobRun.objects.filter(pk=run.pk).update(state=JobRun.State.RUNNING)
    bulk_running.help_with(run.pk)
    assert outcomes(run) == [(State.ISSUED, [])]


@real
def test_a_cancelled_run_stops_between_rows_and_goes_on_when_restarted():
    owner = a_business()
    run = ordered(owner, some_drafts(owner, 3))
    bulk_running.act_on_next(run, on=DAY)
    JobRun.objects.filter(pk=run.pk).update(state=JobRun.State.RUNNING)
    jobs.cancel(run, by=owner)
    assert ran(run).state == "cancelled"
    assert numbers() == [1]

    jobs.restart(run, by=owner)

    assert ran(run).state == "done"
    assert numbers() == [1, 2, 3]


@real
def test_a_real_worker_issues_them(worker):
    owner = a_business()
    run = ordered(owner, some_drafts(owner, 4))

    worker.finish(60)

    run.refresh_from_db()
    assert (run.state, run.result) == ("done", {"gestellt": 4, "abgelehnt": 0})
    assert numbers() == [1, 2, 3, 4]


@pytest.mark.django_db
def test_an_order_without_drafts_or_with_too_many_is_refused():
    owner = a_business()
    issued = issue(a_draft(owner), by=owner, on=DAY)

    with raises_problem(errors.NOTHING_TO_DO):
        bulk_running.order(bulk_issuing.ISSUING, {issued.pk: None}, by=owner)
    with raises_problem(errors.TOO_MANY_AT_ONCE):
        bulk_running.order(
            bulk_issuing.ISSUING, dict.fromkeys(range(1, bulk_running.LIMIT + 2)), by=owner
        )
    assert not JobRun.objects.filter(name=bulk_issuing.ISSUING.job).exists()


@pytest.mark.django_db
def test_the_confirmation_says_in_numbers_what_would_happen():
    owner = a_business()
    good, bad = some_drafts(owner, 2), a_draft(owner, supply_date=None)
    issued = issue(a_draft(owner), by=owner, on=DAY)
    chosen = {"pk": [draft.pk for draft in [*good, bad, issued]]}

    page = signed_in(OWNER).post(reverse("invoicing:bulk-confirm"), chosen)

    said = text(page).replace("\xa0", " ")
    assert "2 × Rechnung238,00 €, Nummern voraussichtlich ab RE-" in said
    assert "Bleiben Entwurf1" in said
    assert "Sind kein Entwurf mehr1" in said
    assert "Der Zeitpunkt der Leistung fehlt." in said
    for draft in good:
        assert f'value="{draft.pk}.{draft.version}"' in page.content.decode()
    assert f'value="{bad.pk}.' not in page.content.decode()


@pytest.mark.django_db
def test_the_confirmed_drafts_are_ordered_and_the_page_shows_each():
    owner = a_business()
    draft = a_draft(owner)
    client = signed_in(OWNER)

    answer = client.post(
        reverse("invoicing:bulk-order"), {"draft": [f"{draft.pk}.{draft.version}"]}
    )

    run = JobRun.objects.get(name=bulk_issuing.ISSUING.job)
    assert answer.url == run.get_absolute_url() == reverse("invoicing:bulk-run", args=[run.pk])
    assert "1 übrig" in text(client.get(answer.url))
    assert str(draft.customer) in text(client.get(answer.url))


@pytest.mark.django_db
def test_the_page_asks_as_many_questions_for_three_rows_as_for_one(django_assert_max_num_queries):
    owner = a_business()
    client = signed_in(OWNER)
    asked = []
    for number in (1, 3):
        run = ordered(owner, some_drafts(owner, number))
        with django_assert_max_num_queries(100) as queries:
            client.get(run.get_absolute_url())
        asked.append(len(queries))
    assert asked[0] == asked[1]


@pytest.mark.django_db
def test_the_api_orders_and_tells_what_came_of_each():
    owner = a_business()
    draft = a_draft(owner)
    client = signed_in(OWNER)
    address = reverse("api-invoice-bulk-issuance")

    answer = client.post(address, {"invoices": [draft.pk]}, content_type="application/json")

    run = JobRun.objects.get(name=bulk_issuing.ISSUING.job)
    assert answer.status_code == 202
    assert answer["Location"] == f"/api/v1/invoices/bulk/{run.pk}/"
    assert answer.json() == {
        "id": run.pk,
        "job": f"/api/v1/jobs/{run.pk}/",
        "state": "queued",
        "succeeded_count": 0,
        "failed_count": 0,
        "succeeded": [],
        "failed": [],
        "rows": [
            {"invoice": draft.pk, "state": "waiting", "number": None, "code": "", "findings": []}
        ],
    }
    assert client.get(answer["Location"]).json() == answer.json()


@pytest.mark.django_db
def test_who_may_only_read_may_watch_but_not_issue():
    owner = a_business()
    run = ordered(owner, [a_draft(owner)])
    adviser = signed_in(ADVISER)

    assert adviser.get(run.get_absolute_url()).status_code == 200
    assert adviser.post(reverse("invoicing:bulk-confirm")).status_code == 403
    assert adviser.post(reverse("invoicing:bulk-order")).status_code == 403
    assert adviser.post(reverse("api-invoice-bulk-issuance")).status_code == 403
