"""A real browser on a real server; whatever the browser complains about fails the test."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from workmate.models import User

PASSWORD = "richtig-Pferd-Batterie-Klammer"  # A password of tests.
# Without these Chromium asks its maker's servers for updates at every start.
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
HERE = Path(__file__).parent
# Milliseconds: two test processes, a server, a worker and a browser share two cores.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium: developers may do without one, CI may not."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing: apt-get install chromium")
        pytest.skip("Browser tests skipped: Chromium is missing (apt-get install chromium)")
    return browser_type_launch_args | {"executable_path": chromium, "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {
        "locale": "de-DE",
        "timezone_id": "Europe/Berlin",
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    return str(live_server.url)


@pytest.fixture(autouse=True)
def _no_counts() -> None:
    """All browsers here have one address: what another test asked for does not count."""
    cache.clear()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said; tests that provoke a complaint clear the list."""
    return []


@pytest.fixture(autouse=True)
def _quiet_console(context: BrowserContext, complaints: list[str]) -> Iterator[None]:
    """Fail on a blocked script, style or request, on a script's error, on a missing file."""

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    context.set_default_timeout(PATIENCE)
    context.on("console", note)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield
    assert complaints == []


@pytest.fixture
def owner(transactional_db: None) -> User:
    """A person in the role Inhaber who may also use the administration pages."""
    user = User.objects.create_user(
        "inhaberin@example.de", PASSWORD, name="Ida Inhaberin", is_staff=True, is_superuser=True
    )
    user.groups.add(Group.objects.get(name="Inhaber"))
    return user


@pytest.fixture
def logged_in(page: Page, base_url: str, owner: User) -> Page:
    """The owner's page, with a session instead of a walk through the login form."""
    log_in(page.context, base_url, owner)
    return page


def log_in(context: BrowserContext, base_url: str, user: User) -> None:
    """Give the browser a session of this user."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base_url}])
