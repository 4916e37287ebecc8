"""Brings database and static files up to date; fills an empty database with the demo company.

Runs at every start. The demo is only made when the environment says DEMO=1.
"""

import hashlib
import os
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command, get_commands


def main() -> None:
    """Migrate, collect, and on the very first start make the demo company."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workmate.settings")
    django.setup()
    from workmate.models import User

    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    nobody = not User.objects.exclude(email=User.SYSTEM_EMAIL).exists()
    if os.environ.get("DEMO") == "1" and nobody and "demo" in get_commands():
        print("First start: making the demo company ...", flush=True)
        call_command("demo")


def collect_static() -> None:
    """Compress and number the static files, unless nothing has changed since the last time."""
    files = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*.*")]
    seen = sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    pins = (settings.BASE_DIR / "requirements.txt").read_text()
    state = hashlib.sha256(f"{seen}{pins}".encode()).hexdigest()
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if not stamp.exists() or stamp.read_text() != state:
        # Redoc is not used: its scripts would break the content security policy.
        ignored = ["*redoc*"]
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=ignored)
        stamp.write_text(state)


if __name__ == "__main__":
    main()
