"""A signed-in owner who asks pages, in a database of their own."""

from collections.abc import Callable

from django.test import Client
from django.test.utils import CaptureQueriesContext

import ground
from tests.factories import user_in
from workmate.models import User


class Visitor:
    """Asks through all middleware; `write` fills the books before."""

    def __init__(self, database: str, write: Callable[[User], object]) -> None:
        self.opened = ground.connect(database)
        self.client = Client()
        with ground.on(self.opened):
            owner = user_in("Inhaber")
            write(owner)
            self.client.force_login(owner, "django.contrib.auth.backends.ModelBackend")

    def ask(self, address: str) -> None:
        with ground.on(self.opened):
            response = self.client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answers {response.status_code}")

    def asking(self, address: str) -> Callable[[], None]:
        return lambda: self.ask(address)

    def questions(self, address: str) -> int:
        """How many questions the page asks the database."""
        with CaptureQueriesContext(self.opened) as asked:
            self.ask(address)
        return len(asked)


def compare(
    claim: str, address: str, small: Visitor, many: Visitor, *, rounds: int, target: str
) -> None:
    """One page on both books beside a view that returns a constant, in one report."""
    variants = {
        "constant": many.asking("/konstant/"),
        "small": small.asking(address),
        "large": many.asking(address),
    }
    ground.interleaved(3, **variants)
    taken = ground.interleaved(rounds, **variants)
    ground.report(
        claim,
        ratio=taken["large"].ratio(taken["small"]),
        target=target,
        to_constant=taken["large"].ratio(taken["constant"]),
        ms=taken["large"].ms,
        ms_small=taken["small"].ms,
        constant_ms=taken["constant"].ms,
        queries=many.questions(address),
    )
