"""`make run` starts everything, ends everything, and says in one sentence why it cannot."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

pytestmark = pytest.mark.slow
DATA = Path(os.environ["WORKMATE_TEST_RUN"]) / "serve"


def environment(**changes: str) -> dict[str, str]:
    """The environment of a person who has named no servers."""
    taken = ("DATABASE_URL", "REDIS_URL", "ARCHIVE_DIR", "DJANGO_SETTINGS_MODULE")
    mine = {name: value for name, value in os.environ.items() if name not in taken}
    return mine | {"WORKMATE_DATA": str(DATA), "DEMO": "0"} | changes


def serve(**changes: str) -> subprocess.Popen[str]:
    DATA.mkdir(parents=True, exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "bin.serve"],
        cwd=settings.BASE_DIR,
        env=environment(**changes),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(reached: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.05)


@contextmanager
def running(port: int) -> Iterator[subprocess.Popen[str]]:
    """The whole system, from its welcome on."""
    process = serve(PORT=str(port))
    assert process.stdout
    said = []
    try:
        for line in process.stdout:
            said.append(line)
            if "Ctrl-C ends everything" in line:
                break
        else:
            pytest.fail("".join(said))
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.stdout.close()
        process.wait()


def belonging_processes() -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if str(DATA) in " ".join(process.cmdline()) or (
                process.pid != os.getpid() and process.environ().get("WORKMATE_DATA") == str(DATA)
            ):
                found.append(process)
    return found


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with suppress(OSError), closing(connection):
        connection.request("GET", "/admin/login/")
        return connection.getresponse().status < 500
    return False


def database() -> "psycopg.Connection[tuple[int]]":
    socket_folder = (DATA / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    return psycopg.connect(f"postgresql://postgres:@/postgres?host={socket_folder}")


def test_one_interrupt_ends_all_and_a_second_start_keeps_the_data():
    port = free_port()
    with running(port) as process:
        assert answers(port)
        with database() as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    wait_until(lambda: belonging_processes() == [])
    assert not answers(port)

    with running(port) as process:
        with database() as connection:
            assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]
        parts = [child for child in belonging_processes() if "postgres" not in child.name()]
        process.kill()
        process.wait()
        # Nobody asked them to end, and yet they do not outlive the one that started them.
        wait_until(lambda: not any(part.is_running() for part in parts))
    subprocess.run(
        [sys.executable, "-c", "from workmate import localdb; localdb.start_database().stop()"],
        cwd=settings.BASE_DIR,
        env=environment(),
        check=True,
    )


def test_a_taken_port_is_said_in_one_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = serve(PORT=str(port))
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.strip() == (
        f"Port {port} on 127.0.0.1 cannot be used (Address already in use): "
        f"choose another one, for example: make run PORT={port + 1}"
    )


class TestSetup:
    """On a machine that lacks something; `bin/setup` runs in a copy of the project."""

    @pytest.fixture
    def project(self, tmp_path: Path) -> Path:
        (tmp_path / "bin").mkdir()
        shutil.copy(Path(settings.BASE_DIR) / "bin" / "setup", tmp_path / "bin")
        for name in ("requirements.txt", "requirements-dev.txt"):
            shutil.copy(Path(settings.BASE_DIR) / name, tmp_path)
        return tmp_path

    def setup(self, project: Path, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "bin/setup"],
            cwd=project,
            env=environment(TMPDIR=str(project), **changes),
            capture_output=True,
            text=True,
            check=False,
        )

    def python_that(self, project: Path, script: str) -> str:
        python = project / "some-python"
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
        return str(python)

    def test_an_old_python_is_refused(self, project: Path):
        old = self.python_that(project, '[ "$1" = --version ] && echo "Python 3.9.2" || exit 1')
        done = self.setup(project, PYTHON=old)
        assert done.returncode == 1
        assert done.stderr == (
            "Python 3.9.2 is not supported: WorkmateOS needs Python 3.11 to 3.14 "
            "(choose one with PYTHON=/path/to/python3).\n"
        )

    def test_without_venv_it_names_the_command(self, project: Path):
        tools = project / "tools"
        tools.mkdir()
        for tool in ("bash", "id", "dirname", "cat"):
            (tools / tool).symlink_to(str(shutil.which(tool)))
        bare = self.python_that(project, 'case "$2" in *ensurepip*) exit 1;; esac')
        done = self.setup(project, PYTHON=bare, PATH=str(tools))
        assert done.returncode == 1
        assert done.stderr == (
            "Python's venv module is missing: sudo apt-get install python3-venv\n"
        )

    def test_without_network_it_says_so(self, project: Path):
        nowhere = "http://127.0.0.1:1/simple"
        done = self.setup(
            project,
            PYTHON=sys.executable,
            PIP_CONFIG_FILE=os.devnull,
            PIP_INDEX_URL=nowhere,
            PIP_FIND_LINKS="",
            UV_DEFAULT_INDEX=nowhere,
        )
        assert done.returncode == 1
        assert done.stderr.startswith("The packages could not be fetched: is there a network")
        assert done.stderr.count("\n") == 1
