"""Brings database and static files up to date; fills an empty database with the demo company.

Runs at every start. The demo is only made when the environment says DEMO=1.
"""

import os

import django
from django.core.management import call_command, get_commands


def main() -> None:
    """Migrate, collect, and on the very first start make the demo company."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "workmate.settings")
    django.setup()
    from workmate.models import User

    call_command("migrate", interactive=False, verbosity=0)
    # Redoc is not used: its scripts would break the content security policy.
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*redoc*"])
    nobody = not User.objects.exclude(email=User.SYSTEM_EMAIL).exists()
    if os.environ.get("DEMO") == "1" and nobody and "demo" in get_commands():
        print("First start: making the demo company ...", flush=True)
        call_command("demo")


if __name__ == "__main__":
    main()
