"""What a payer does on the pages: open, pay, answer the bank, be sent back."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from simulators.stripe import cards, checkout, links, pages, paying
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World

GERMAN = {
    "card_declined": "Ihre Karte wurde abgelehnt.",
    "insufficient_funds": "Ihre Karte ist nicht ausreichend gedeckt.",
    "expired_card": "Ihre Karte ist abgelaufen.",
    "invalid_bank_account_iban": "Diese IBAN ist ungültig.",
}


@dataclass(frozen=True)
class Page:
    """A page, or a redirect to an address."""

    text: str = ""
    status: int = 200
    to: str = ""


def visit(world: World, method: str, path: str, body: str) -> Page:
    """Answer a browser."""
    kind, _, wanted = path.strip("/").rpartition("/")
    form = dict(parse_qsl(body, keep_blank_values=True)) if method == "POST" else {}
    with world.lock:
        world.tick()
        try:
            return _visit(world, kind, wanted, form)
        finally:
            world.tick()
            world.keep()


def _visit(world: World, kind: str, wanted: str, form: dict[str, str]) -> Page:
    session = world.tables["checkout.session"].get(wanted)
    link = world.tables["payment_link"].get(wanted)
    intent = world.tables["payment_intent"].get(wanted)
    if kind == "c/pay" and session:
        return _checkout(world, session, form)
    if kind == "b" and link:
        opened = links.visit_link(world, link)
        closed = link["inactive_message"] or "Dieser Link ist nicht mehr aktiv."
        return Page(to=opened["url"]) if opened else Page(pages.message("Geschlossen", closed))
    if kind == "3ds" and intent and intent["status"] == "requires_action":
        return _authentication(world, intent, form)
    if wanted == "paid":
        return Page(pages.message("Danke", "Ihre Zahlung ist eingegangen."))
    return Page(pages.message("Nicht gefunden", "Diese Seite gibt es nicht."), status=404)


def _checkout(world: World, session: Row, form: dict[str, str]) -> Page:
    if session["status"] == "complete":
        return Page(to=_success(session))
    if session["status"] == "expired":
        text = "Die Sitzung ist abgelaufen. Bitte öffnen Sie den Link des Händlers noch einmal."
        return Page(pages.message("Abgelaufen", text))
    if not form:
        return Page(pages.checkout(session, world.name))
    try:
        checkout.pay(world, session, _means(world, session, form))
    except Refusal as refusal:
        code = str(refusal.body.get("decline_code", ""))
        code = code if code in GERMAN else str(refusal.body.get("code", ""))
        text = GERMAN.get(code, str(refusal))
        return Page(pages.checkout(session, world.name, error=text, given=form))
    intent = world.tables["payment_intent"][session["payment_intent"]]
    if intent["status"] == "requires_action":
        return Page(to=intent["next_action"]["redirect_to_url"]["url"])
    return Page(to=_success(session))


def _means(world: World, session: Row, form: dict[str, str]) -> Row:
    who = {"name": form.get("name", ""), "email": form.get("email", "")}
    if form.get("method") == "sepa_debit":
        return cards.account(world, form.get("iban", ""), live=session["livemode"], **who)
    return cards.card(world, form.get("number", ""), live=session["livemode"], **who)


def _authentication(world: World, intent: Row, form: dict[str, str]) -> Page:
    if not form:
        return Page(pages.authentication(intent))
    session = world.tables["checkout.session"].get(intent.get("_session", ""))
    method = world.tables["payment_method"][intent["payment_method"]]
    if form.get("answer") != "yes":
        paying.authentication_fails(world, intent)
    elif session:
        checkout.pay(world, session, method, authenticated=True)
    else:
        paying.confirm(world, intent, method, authenticated=True)
    if session:
        return Page(to=session["url"] or _success(session))
    return Page(to=intent.get("_return_url") or f"{world.base_url}/paid")


def _success(session: Row) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
