import pytest

from tests.books import a_bank, a_customer, books


@pytest.fixture
def by(db):
    """A person who acts, in books after SKR03."""
    return books()


@pytest.fixture
def bank(by):
    return a_bank(by)


@pytest.fixture
def customer(by):
    return a_customer("Muster GmbH")
