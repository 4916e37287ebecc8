"""The days of the overview: what one may ask for, and what comes without asking."""

import pytest

from tests.books import signed_in
from tests.trade import a_business

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    a_business()
    return signed_in("Inhaber")


@pytest.mark.parametrize("asked", ["von=01.01.1950", "bis=31.12.2199", "von=31.12.2199"])
def test_one_day_alone_asks_for_three_years_at_most(client, asked):
    answer = client.get(f"/?{asked}")
    assert answer.status_code == 200
    span = answer.context["span"]
    assert (span.end - span.start).days <= 3 * 366


@pytest.mark.parametrize(
    "query", ["start=0001-01-01&end=0001-12-31", "start=9999-01-01&end=9999-12-31"]
)
def test_machines_get_no_figures_of_years_without_business(client, query):
    answer = client.get(f"/api/v1/overview/?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "start")
