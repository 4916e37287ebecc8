"""How tests expect a refusal."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from workmate.errors import Problem, ProblemType


@contextmanager
def raises_problem(kind: ProblemType) -> Iterator[pytest.ExceptionInfo[Problem]]:
    """The block raises this entry of the catalogue, and no other."""
    with pytest.raises(Problem) as raised:
        yield raised
    assert raised.value.code == kind.code, f"{raised.value} instead of {kind.code}"
