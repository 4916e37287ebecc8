import itertools

import pytest

from tests.books import books


@pytest.fixture
def transactional_books(db):
    """One set of books for all examples of a property test, each with its own number."""
    user = books()
    numbers = itertools.count(1)
    return lambda: (user, next(numbers))
