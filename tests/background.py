"""A real Celery worker process for tests, stopped in its tracks while no test asks for it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from workmate import localdb
from workmate.celery import app
from workmate.models import JobRun


class Worker:
    """Works on the jobs of one test; `finish()` waits until nothing is left to do."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "celery", "-A", "workmate", "worker"]
        command += ["--pool=solo", "--loglevel=INFO", "--without-gossip", "--without-mingle"]
        app.control.purge()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                env=os.environ | {"DATABASE_URL": test_database_url()},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=localdb.end_with_parent,
            )
        self._wait("the worker to start", lambda: b" ready." in self.log.read_bytes(), 60)
        self.pause()

    def stop(self) -> None:
        if self.process:
            self._signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait(30)

    def resume(self) -> None:
        """Go on, without what other tests have sent to nobody."""
        app.control.purge()
        self._signal(signal.SIGCONT)

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def finish(self, timeout: float = 30) -> None:
        """Wait until every job is done or has failed."""
        waiting = JobRun.objects.filter(state__in=[JobRun.State.QUEUED, JobRun.State.RUNNING])
        self._wait("the jobs to finish", lambda: not waiting.exists(), timeout)

    def _wait(self, what: str, reached: Callable[[], bool], timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while not reached():
            gone = self.process is None or self.process.poll() is not None
            if gone or time.monotonic() > deadline:
                tail = self.log.read_text(errors="replace")[-4000:]
                raise AssertionError(f"Waited {timeout} s for {what}. The worker said:\n{tail}")
            time.sleep(0.02)


def test_database_url() -> str:
    """The address of the database that this test process uses."""
    settings = connection.settings_dict
    host = (settings.get("OPTIONS") or {}).get("host") or settings["HOST"]
    return f"postgresql://{settings['USER']}:@/{settings['NAME']}?host={host}"
