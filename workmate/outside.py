"""The one door to every outside party: bank, payment provider, accounting, identity provider.

Failures have two kinds: temporary ones are tried again by their job, permanent ones are told to
a person. Nothing secret is logged: method, host, path, status and duration, no query, no body.
"""

import logging
import random
import time
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from workmate import errors

logger = logging.getLogger(__name__)

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
REPEATABLE = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}
LATER = {408, 425, 429, 500, 502, 503, 504}
MOST_BYTES = 50 * 1024 * 1024


class TemporaryFailure(errors.Problem):
    """The party does not answer right now; the same request may succeed later."""

    def __init__(self, party: str) -> None:
        super().__init__(errors.OUTSIDE_TEMPORARY, {"party": party}, None)

    def __reduce__(self) -> tuple[Any, ...]:
        return (TemporaryFailure, (self.params["party"],))


class PermanentFailure(errors.Problem):
    """The party refuses; trying again does not help. `answer` is what it said, if anything."""

    def __init__(self, party: str, reason: str, answer: requests.Response | None = None) -> None:
        self.answer = answer
        super().__init__(errors.OUTSIDE_PERMANENT, {"party": party, "reason": reason}, None)

    def __reduce__(self) -> tuple[Any, ...]:
        return (PermanentFailure, (self.params["party"], self.params["reason"]))


class Door:
    """A way to one party. One per use, not shared between threads.

    `verify` may name the file of a certificate authority, `cert` a client certificate (mTLS).
    """

    def __init__(
        self,
        party: str,
        base_url: str,
        *,
        connect: float = 5,
        read: float = 30,
        retries: int = 2,
        pause: float = 0.5,
        verify: bool | str = True,
        cert: tuple[str, str] | None = None,
    ) -> None:
        address = urlsplit(base_url)
        if address.scheme != "https" and address.hostname not in LOOPBACK:
            raise ValueError(f"{party} must be reached through TLS")
        self.party = party
        self.base_url = base_url.rstrip("/") + "/"
        self.timeout = (connect, read)
        self.retries = retries
        self.pause = pause
        self.session = requests.Session()
        self.session.verify = verify
        self.session.cert = cert
        self.session.headers["User-Agent"] = "WorkmateOS-Finance"

    def request(
        self, method: str, path: str, *, repeatable: bool | None = None, **kwargs: Any
    ) -> requests.Response:
        """The answer to a request that succeeded (below 400).

        `repeatable`: may be sent twice; so are GET, PUT, DELETE, and a POST with an idempotency
        key. Raises TemporaryFailure or PermanentFailure.
        """
        may_repeat = method.upper() in REPEATABLE if repeatable is None else repeatable
        tries = 1 + (self.retries if may_repeat else 0)
        for number in range(tries):
            last = number + 1 == tries
            try:
                answer = self._once(method, path, kwargs)
            except (requests.ConnectionError, requests.Timeout) as error:
                if last:
                    raise TemporaryFailure(self.party) from error
                time.sleep(self._wait(number))
                continue
            except requests.RequestException as error:
                raise PermanentFailure(self.party, type(error).__name__) from error
            if answer.status_code < 400:
                return answer
            if answer.status_code not in LATER:
                raise PermanentFailure(self.party, f"HTTP {answer.status_code}", answer)
            if last:
                raise TemporaryFailure(self.party)
            time.sleep(self._wait(number, answer))
        raise AssertionError("unreachable")

    def _once(self, method: str, path: str, kwargs: dict[str, Any]) -> requests.Response:
        url = urljoin(self.base_url, path.lstrip("/"))
        if urlsplit(url)[:2] != urlsplit(self.base_url)[:2]:
            raise PermanentFailure(self.party, "fremde Adresse")
        started = time.monotonic()
        status: int | str = "failed"
        try:
            answer = self.session.request(
                method, url, timeout=self.timeout, allow_redirects=False, stream=True, **kwargs
            )
            _read(answer, self.party)
            status = answer.status_code
            return answer
        finally:
            logger.info(
                "outside",
                extra={
                    "party": self.party,
                    "method": method,
                    "host": urlsplit(url).netloc,
                    "path": urlsplit(url).path,
                    "status": status,
                    "ms": round((time.monotonic() - started) * 1000),
                },
            )

    def _wait(self, number: int, answer: requests.Response | None = None) -> float:
        """Seconds until the next try: what the party asks for, at most 10, or ever longer."""
        asked = answer.headers.get("Retry-After", "") if answer is not None else ""
        if asked.isdigit():
            return min(float(asked), 10)
        return self.pause * 2**number * random.uniform(0.75, 1.25)  # noqa: S311 — spreads only


def _read(answer: requests.Response, party: str) -> None:
    """Take the body in, but not more than we can hold."""
    parts, size = [], 0
    for part in answer.iter_content(65536):
        size += len(part)
        if size > MOST_BYTES:
            answer.close()
            raise PermanentFailure(party, "Die Antwort ist zu groß.")
        parts.append(part)
    answer._content = b"".join(parts)  # so that text and json() work on the limited body
