"""How often strangers may ask: a count for each address, in Django's cache.

The cache is one of each web process unless CACHES names another: the limit then holds for each.
"""

from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds, counted from the first."""

    name: str
    times: int
    seconds: int

    def is_reached(self, who: str) -> bool:
        """Whether this address has used up what it may."""
        return bool(cache.get(self._key(who), 0) >= self.times)

    def count(self, who: str) -> None:
        """One more of this address."""
        key = self._key(who)
        cache.add(key, 0, self.seconds)
        try:
            cache.incr(key)
        except ValueError:  # it ran out just now
            cache.set(key, 1, self.seconds)

    def _key(self, who: str) -> str:
        return f"limit:{self.name}:{who}"
