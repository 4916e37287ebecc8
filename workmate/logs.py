"""Logs as JSON lines with the number of their request and without secrets."""

import contextvars

# The number of the request or job that runs; shown to the user with a bug, kept with events.
request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
