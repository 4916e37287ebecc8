"""How Stripe says no: status, type, code, message and the parameter that it concerns."""

from typing import Any


class Refusal(Exception):
    """An answer with an `error` in it, as the API documents it."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {"message": message, "type": kind, **more}
        if code:
            page = code.replace("_", "-")
            self.body |= {"code": code, "doc_url": f"https://stripe.com/docs/error-codes/{page}"}
        if param:
            self.body["param"] = param


def missing(name: str) -> Refusal:
    """A parameter that the call needs."""
    return Refusal(f"Missing required param: {name}.", code="parameter_missing", param=name)


def unknown(name: str) -> Refusal:
    """A parameter that the call does not have."""
    return Refusal(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def no_such(
    what: str, wanted: str, param: str = "id", *, other_mode: bool | None = None
) -> Refusal:
    """An object that does not exist, or only in the other mode (`other_mode`: live asked)."""
    text = f"No such {what}: '{wanted}'"
    if other_mode is not None:
        there, here = ("test", "live") if other_mode else ("live", "test")
        text += (
            f"; a similar object exists in {there} mode, but a {here} mode key was used to "
            "make this request."
        )
    status = 404 if param in {"id", "intent", "session"} else 400
    return Refusal(text, status=status, code="resource_missing", param=param)


def beyond(parameter: str) -> Refusal:
    """A parameter of Stripe's whose effect on money the simulator does not imitate."""
    return Refusal(f"The simulator does not imitate `{parameter}`.", param=parameter)
