import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from tests.background import test_database_url as database_url
from tests.factories import UserFactory, user_in
from tests.problems import raises_problem
from tests.threads import alone, at_once, wait_for_a_waiter
from workmate import errors, jobs
from workmate.models import AuditEvent, JobRun, User
from workmate.outside import PermanentFailure, TemporaryFailure

calls: list[dict[str, object]] = []


@pytest.fixture(autouse=True)
def _own_jobs() -> Iterator[None]:
    before = dict(jobs.REGISTRY)
    calls.clear()
    yield
    jobs.REGISTRY.clear()
    jobs.REGISTRY.update(before)


@pytest.fixture
def by(transactional_db) -> User:
    return UserFactory()


def declare(*outcomes: object, **options: object) -> str:
    """A job that returns or raises these, one a run, the last one for ever."""

    @jobs.job("test.act", title="Probe", **options)
    def act(run: JobRun, **params: object) -> dict[str, object]:
        calls.append(params)
        outcome = outcomes[min(len(calls), len(outcomes)) - 1] if outcomes else {}
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome(run) if callable(outcome) else outcome

    return "test.act"


def ran(run: JobRun) -> JobRun:
    """The run after one message for it."""
    jobs.execute(run.pk)
    run.refresh_from_db()
    return run


def due(run: JobRun) -> JobRun:
    """The run when its time has come."""
    JobRun.objects.filter(pk=run.pk).update(not_before=timezone.now() - timedelta(seconds=1))
    return run


def test_a_job_runs_with_its_parameters_and_keeps_its_result(by):
    run = jobs.enqueue(declare({"matched": 3}), by=by, params={"account_id": 7})
    assert (run.state, run.title) == ("queued", "Probe")
    ran(run)
    assert (run.state, run.result, run.attempts) == ("done", {"matched": 3}, 1)
    assert run.started_at
    assert run.finished_at
    assert calls == [{"account_id": 7}]


def test_an_unknown_job_cannot_be_enqueued(by):
    with pytest.raises(KeyError):
        jobs.enqueue("test.unknown", by=by)


def test_a_name_belongs_to_one_job():
    declare()
    with pytest.raises(ValueError, match="twice"):
        declare()


def test_a_second_message_does_nothing(by):
    run = ran(jobs.enqueue(declare(), by=by))
    ran(run)
    assert len(calls) == 1


def test_a_message_for_a_row_that_was_rolled_back_does_nothing(db):
    jobs.execute(999_999)


def test_a_rolled_back_act_enqueues_nothing(by):
    @transaction.atomic
    def fail() -> None:
        jobs.enqueue(declare(), by=by)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not JobRun.objects.exists()


@pytest.mark.parametrize("failure", [TemporaryFailure("Die Bank"), OperationalError("gone")])
def test_a_bad_moment_is_tried_again_later(by, failure):
    run = ran(jobs.enqueue(declare(failure, {"ok": 1}), by=by))
    assert run.state == "queued"
    assert run.error
    assert timedelta(seconds=10) < run.not_before - timezone.now() < timedelta(seconds=20)
    ran(run)
    assert len(calls) == 1, "its time has not come"
    ran(due(run))
    assert (run.state, run.result, run.error, run.attempts) == ("done", {"ok": 1}, "", 2)


def test_pauses_grow(by):
    run = jobs.enqueue(declare(TemporaryFailure("Die Bank")), by=by)
    pauses = []
    for _ in range(4):
        ran(due(run))
        pauses.append((run.not_before - timezone.now()).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[3] > 4 * pauses[0]


def test_after_all_tries_it_has_failed_and_says_why(by):
    run = jobs.enqueue(declare(TemporaryFailure("Die Bank"), retries=1), by=by)
    ran(run)
    ran(due(run))
    assert (run.state, run.error_code) == ("failed", "SYSTEM_9002")
    assert run.error.startswith("Die Bank ist gerade nicht erreichbar.")


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (PermanentFailure("Die Bank", "Konto gesperrt"), "SYSTEM_9003"),
        (errors.COMPANY_MISSING(), "SYSTEM_9007"),
        (ZeroDivisionError("secret detail"), "SYSTEM_9000"),
    ],
)
def test_what_does_not_get_better_fails_at_once(by, failure, code):
    run = ran(jobs.enqueue(declare(failure), by=by))
    assert (run.state, run.error_code, run.attempts) == ("failed", code, 1)
    assert "secret detail" not in run.error


def test_a_failed_job_can_be_restarted_and_only_a_failed_one(by):
    run = ran(jobs.enqueue(declare(ZeroDivisionError(), {"ok": 1}), by=by))
    jobs.restart(run, by=by)
    assert (ran(run).state, run.error) == ("done", "")
    assert AuditEvent.objects.filter(event="job.restarted").count() == 1
    with raises_problem(errors.NOT_RESTARTABLE):
        jobs.restart(run, by=by)


def test_progress_is_seen_while_it_runs(by):
    def halfway(run: JobRun) -> dict[str, object]:
        run.progress(1, 2)
        row = JobRun.objects.get(pk=run.pk)
        return {"seen": [row.state, row.done, row.total]}

    run = ran(jobs.enqueue(declare(halfway), by=by))
    assert run.result == {"seen": ["running", 1, 2]}


def test_a_running_job_stops_at_its_next_step_when_asked(by):
    def asked(run: JobRun) -> dict[str, object]:
        jobs.cancel(run, by=by)
        run.progress(1, 2)
        raise AssertionError("not reached")

    run = ran(jobs.enqueue(declare(asked), by=by))
    assert run.state == "cancelled"


def test_a_waiting_job_is_cancelled_at_once(by):
    run = jobs.enqueue(declare(), by=by)
    jobs.cancel(run, by=by)
    assert ran(run).state == "cancelled"
    assert calls == []


def test_a_job_that_is_cancelled_while_a_worker_takes_it_does_not_run(by):
    run = jobs.enqueue(declare(), by=by)
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        jobs.cancel(run, by=by)
        worker = pool.submit(alone, jobs.execute, run.pk)
        wait_for_a_waiter()
    assert worker.exception() is None
    run.refresh_from_db()
    assert (run.state, calls) == ("cancelled", [])


def test_a_job_that_is_cancelled_while_it_is_put_off_stays_cancelled(by):
    declare(key=lambda params: "one")
    run = jobs.enqueue("test.act", by=by)
    with ThreadPoolExecutor(1) as pool, jobs._locked(f"key:{run.key}"), transaction.atomic():
        jobs.cancel(run, by=by)
        worker = pool.submit(alone, jobs.execute, run.pk)
        wait_for_a_waiter()
    assert worker.exception() is None
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_a_job_that_waits_for_its_next_try_stops_when_asked(by):
    def asked(run: JobRun) -> None:
        jobs.cancel(run, by=by)
        raise TemporaryFailure("Die Bank")

    run = ran(jobs.enqueue(declare(asked, {}), by=by))
    assert (ran(due(run)).state, len(calls)) == ("cancelled", 1)


def test_runs_with_the_same_key_never_run_at_the_same_time(by):
    together: list[int] = []

    def alone(run: JobRun) -> dict[str, object]:
        together.append(1)
        most = len(together)
        run.progress(1, 1)
        together.pop()
        return {"most": most}

    declare(alone, key=lambda params: "one")
    runs = [jobs.enqueue("test.act", by=by, params={"n": n}) for n in range(4)]
    at_once(lambda number: jobs.execute(runs[number].pk), times=4)
    for run in runs:
        run.refresh_from_db()
        while run.state == "queued":
            ran(due(run))
    assert {run.result["most"] for run in runs} == {1}


def test_one_row_is_run_by_one_worker(by):
    run = jobs.enqueue(declare(lambda run: run.progress(1, 1)), by=by)
    at_once(lambda number: jobs.execute(run.pk), times=6)
    assert len(calls) == 1


def test_the_sweep_sends_what_was_lost(by):
    run = jobs.enqueue(declare(), by=by)
    now = timezone.now()
    assert jobs.sweep(at=now) == 0
    assert jobs.sweep(at=now + timedelta(minutes=2)) == 1
    ran(run)
    assert jobs.sweep(at=now + timedelta(minutes=2)) == 0


def test_the_sweep_finds_what_ran_in_a_worker_that_died(by):
    run = jobs.enqueue(declare(), by=by)
    hour_ago = timezone.now() - timedelta(hours=1)
    JobRun.objects.filter(pk=run.pk).update(state="running", started_at=hour_ago, attempts=1)
    assert jobs.sweep(at=timezone.now()) == 1
    assert (ran(run).state, run.attempts) == ("done", 2)


def test_the_sweep_leaves_a_job_alone_that_still_runs(by):
    found: list[int] = []

    def long(run: JobRun) -> dict[str, object]:
        hour_ago = timezone.now() - timedelta(hours=1)
        JobRun.objects.filter(pk=run.pk).update(started_at=hour_ago)
        found.extend(at_once(lambda number: jobs.sweep(at=timezone.now()), times=1))
        return {}

    ran(jobs.enqueue(declare(long), by=by))
    assert found == [0]


def test_a_job_that_kills_its_worker_is_given_up(by):
    run = jobs.enqueue(declare(), by=by)
    JobRun.objects.filter(pk=run.pk).update(state="running", attempts=jobs.RETRIES + 4)
    assert ran(run).state == "failed"
    assert calls == []


def test_a_lock_ends_with_the_process_that_held_it(by):
    run = jobs.enqueue(declare(), by=by)
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import psycopg, sys, time\n"
                "c = psycopg.connect(sys.argv[1], autocommit=True)\n"
                "c.execute('SELECT pg_advisory_lock(hashtextextended(%s, 4713))', [sys.argv[2]])\n"
                "print('held', flush=True)\n"
                "time.sleep(60)\n"
            ),
            database_url(),
            f"run:{run.pk}",
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    assert ran(run).state == "queued"
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_lock(hashtextextended(%s, 4713)),"
            " pg_advisory_unlock(hashtextextended(%s, 4713))",
            [f"run:{run.pk}"] * 2,
        )
    assert ran(run).state == "done"


def test_the_page_shows_restarts_and_cancels(client, by):
    client.force_login(user_in("Buchhaltung"))
    run = ran(jobs.enqueue(declare(errors.COMPANY_MISSING(), {"ok": 1}), by=by))
    text = client.get(f"/aufgaben/{run.pk}/").content.decode()
    assert "gescheitert" in text
    assert "Ihr Unternehmen ist noch nicht eingerichtet." in text
    assert client.post(f"/aufgaben/{run.pk}/neustart/")["Location"] == f"/aufgaben/{run.pk}/"
    waiting = client.get(f"/aufgaben/{run.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert "<html" not in waiting
    client.post(f"/aufgaben/{run.pk}/abbruch/")
    run.refresh_from_db()
    assert run.state == "cancelled"


def test_the_adviser_sees_jobs_and_changes_none(client, by):
    client.force_login(user_in("Steuerberatung"))
    run = jobs.enqueue(declare(), by=by)
    assert client.get(f"/aufgaben/{run.pk}/").status_code == 200
    assert client.post(f"/aufgaben/{run.pk}/abbruch/").status_code == 403


def test_a_real_worker_does_it(worker, settings):
    """The worker knows the jobs of the product only: one that it does not know has failed."""
    run = JobRun.objects.create(name="test.unknown", key="x", created_by=UserFactory())
    jobs.sweep(at=timezone.now() + timedelta(minutes=2))
    worker.finish()
    run.refresh_from_db()
    assert run.state == "failed"
    assert "gibt es in dieser Version nicht mehr" in run.error
