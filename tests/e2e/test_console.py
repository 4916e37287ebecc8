"""Every page is quiet: nothing is blocked, nothing is missing, no script fails."""

import pytest
from django.test import Client
from playwright.sync_api import Page

from tests.architecture.routes import NO_ROW, routes
from tests.architecture.rows import one_of_everything, with_row
from workmate.models import User

# Leaves, and takes the session along.
LEAVING = ("/abmelden/", "/admin/logout/")


def pages(user: User) -> list[str]:
    """All addresses that answer with a page, to somebody who may see everything."""
    rows = one_of_everything()
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    found = []
    for route in routes():
        path = with_row(route, rows)
        if NO_ROW in path or path in LEAVING:
            continue
        response = client.get(path)
        if response.status_code == 200 and b"<html" in getattr(response, "content", b"")[:500]:
            found.append(path)
    return found


@pytest.mark.slow
def test_no_page_makes_the_browser_complain(logged_in: Page, owner: User, complaints: list[str]):
    seen = pages(owner)
    assert len(seen) > 60
    for path in seen:
        before = len(complaints)
        answer = logged_in.goto(path, wait_until="load")
        assert answer, path
        assert answer.ok, path
        complaints[before:] = [f"{path}: {said}" for said in complaints[before:]]
