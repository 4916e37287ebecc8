"""Nothing starts without secrets, and the message names what is missing."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_without_a_secret_nothing_starts(name: str):
    done = subprocess.run(
        [sys.executable, "-c", "import workmate.settings"],
        cwd=settings.BASE_DIR,
        env=os.environ | {name: ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"{name} fehlt: Umgebungsvariable {name} oder {name}_FILE setzen" in done.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("from-a-file")
    done = subprocess.run(
        [sys.executable, "-c", "from workmate import settings; print(settings.SECRET_KEY)"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"SECRET_KEY_FILE": str(tmp_path / "secret")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "from-a-file"
