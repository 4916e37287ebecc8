"""Asking for money: a session of the public page, a payment link, an intent for the API.

The row comes before the call and its key makes the call repeatable: after a crash the next one who
asks gets the same session. There is at most one open way of each kind for an invoice; it is closed
when the amount changes, the invoice is cancelled, or the money came otherwise.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from invoicing.models import Invoice
from payments.stripe import errors, receiving
from payments.stripe.amounts import LEAST, to_minor
from payments.stripe.client import Client
from payments.stripe.locking import hold
from payments.stripe.models import StripeAccount, StripeRequest
from workmate import audit
from workmate.ledger.models import OpenItem
from workmate.ledger.open_items import lock
from workmate.models import User
from workmate.money import format_amount
from workmate.outside import PermanentFailure

logger = logging.getLogger(__name__)

Kind, State = StripeRequest.Kind, StripeRequest.State
Told = dict[str, Any]
# A session lives at most a day at Stripe; ours ends before that.
LIFETIME = timedelta(hours=23)
# One that ends so soon is replaced: nobody shall be thrown out while paying.
SHORT = timedelta(minutes=15)
# How often what is owed may change while we ask, before the customer is told to wait.
MOST_ROUNDS = 3


def ask_for(invoice: Invoice, kind: str, *, client: Client, by: User) -> StripeRequest:
    """The open way of this kind to pay what is owed now; a new one where there is none.

    Raises NOTHING_TO_PAY, TOO_LITTLE, UNDER_WAY, TemporaryFailure, PermanentFailure.
    """
    account = StripeAccount.objects.get(pk=1)
    for _ in range(MOST_ROUNDS):
        request, is_current = _open(invoice, kind, account, by=by)
        if is_current:
            return request if request.state == State.OPEN else _create(request, client=client)
        close(request, client=client)
    raise errors.UNDER_WAY(number=invoice.number)


def under_way(invoice: Invoice) -> bool:
    """Whether a payment of this invoice has begun and is not decided yet, as with a debit."""
    return invoice.stripe_requests.filter(state=State.PROCESSING).exists()


def stale(*, at: datetime) -> Any:
    """Open ways to pay what is not owed any more, or not so much of it."""
    owed = Q(invoice__open_item__outstanding=F("amount"), invoice__is_cancelled=False)
    lost = Q(state=State.CREATING, created_at__lt=at - timedelta(days=1))
    rows = StripeRequest.objects.filter(state__in=StripeRequest.LIVE).select_related("invoice")
    return rows.filter(~owed | lost).order_by("pk")


def close(request: StripeRequest, *, client: Client) -> None:
    """Let nobody pay this way any more; money that came just before is booked by its event.

    One of the other mode is out of our key's reach: it is forgotten, and what comes of it waits
    for a person.
    """
    if request.livemode != StripeAccount.objects.get(pk=1).livemode:
        _closed(request)
        return
    if request.stripe_id is None:
        if request.state == State.CREATING:  # Stripe may know it although we never heard.
            _create(request, client=client)
        request.refresh_from_db()
        if request.stripe_id is None:
            return
    v1 = client.v1
    try:
        if request.kind == Kind.SESSION:
            client.ask(v1.checkout.sessions.expire, request.stripe_id)
        elif request.kind == Kind.LINK:
            client.ask(v1.payment_links.update, request.stripe_id, active=False)
        else:
            client.ask(v1.payment_intents.cancel, request.stripe_id)
    except PermanentFailure as failure:  # It is over already; what became of it, Stripe says.
        logger.info("stripe request not closed", extra={"request": request.pk, "why": str(failure)})
        look_at(request, client=client)
        return
    _closed(request)


def look_at(request: StripeRequest, *, client: Client) -> str:
    """Ask Stripe what became of what we asked for."""
    account = StripeAccount.objects.get(pk=1)
    if request.kind == Kind.SESSION:
        return look(client, account, request.stripe_id or "")
    if request.kind == Kind.INTENT:
        return receiving.look(client, account, request.stripe_id or "")
    link = client.ask(client.v1.payment_links.retrieve, request.stripe_id or "")
    if not link["active"]:
        _closed(request)
    return ""


@transaction.atomic
def look(client: Client, account: StripeAccount, session: str) -> str:
    """Note how a session stands, and book its payment if there is one."""
    hold(session)
    told = client.ask(client.v1.checkout.sessions.retrieve, session)
    request = receiving.request_of(told)
    intent = told.get("payment_intent") or ""
    done = receiving.look(client, account, intent) if intent else ""
    if request is None:
        return done
    request.refresh_from_db()
    if told["status"] == "expired" and request.kind == Kind.SESSION:
        _closed(request)
        return "Die Bezahlseite ist abgelaufen, eine neue kann geöffnet werden."
    if told["status"] == "complete" and told["payment_status"] == "unpaid" and intent:
        paid = client.ask(client.v1.payment_intents.retrieve, intent)
        return receiving.follow(request, paid, used_up=True)
    return done or "Noch nichts bezahlt."


def _closed(request: StripeRequest) -> None:
    """Note that nobody pays this way any more, unless it has come to something else."""
    StripeRequest.objects.filter(pk=request.pk, state__in=StripeRequest.LIVE).update(
        state=State.CLOSED
    )


@transaction.atomic
def _open(
    invoice: Invoice, kind: str, account: StripeAccount, *, by: User
) -> tuple[StripeRequest, bool]:
    """The row that is open already or a new one, and whether who pays it pays what is owed.

    Decided under the item's lock: no payment comes between what is owed and what is asked for.
    """
    invoice = Invoice.objects.select_related("open_item", "customer").get(pk=invoice.pk)
    if not invoice.is_standing or invoice.open_item is None:
        raise errors.NOTHING_TO_PAY(number=invoice.number or "dem Entwurf")
    item = lock([invoice.open_item])[invoice.open_item.pk]
    owed, currency = item.outstanding, item.currency
    if owed <= 0:
        raise errors.NOTHING_TO_PAY(number=invoice.number)
    least = LEAST.get(currency)
    if least and owed < least:
        raise errors.TOO_LITTLE(
            amount=format_amount(owed), currency=currency, least=format_amount(least)
        )
    if under_way(invoice):
        raise errors.UNDER_WAY(number=invoice.number)
    live = invoice.stripe_requests.filter(kind=kind, state__in=StripeRequest.LIVE).first()
    if live:
        return live, _is_current(live, item, account)
    request = StripeRequest.objects.create(
        invoice=invoice,
        kind=kind,
        amount=owed,
        currency=currency,
        livemode=account.livemode,
        expires_at=timezone.now() + LIFETIME if kind == Kind.SESSION else None,
        created_by=by,
    )
    payload = {"kind": kind, "amount": owed, "invoice": invoice.number}
    audit.record("stripe.requested", request, by=by, payload=payload)
    return request, True


def _create(request: StripeRequest, *, client: Client) -> StripeRequest:
    """Tell Stripe of the row; saying it twice gives the same answer."""
    v1 = client.v1
    calls: dict[str, tuple[Callable[..., Any], Callable[[StripeRequest], Told]]] = {
        Kind.SESSION: (v1.checkout.sessions.create, _session),
        Kind.LINK: (v1.payment_links.create, _link),
        Kind.INTENT: (v1.payment_intents.create, _intent),
    }
    call, params = calls[Kind(request.kind)]
    try:
        told = client.ask(call, key=request.key, **params(request))
    except PermanentFailure as failure:
        StripeRequest.objects.filter(pk=request.pk, state=State.CREATING).update(
            state=State.FAILED, last_error=failure.message[:300]
        )
        raise
    fresh = {"stripe_id": told["id"], "url": told.get("url") or ""}
    if request.kind == Kind.INTENT:
        fresh["payment_intent"] = told["id"]
    StripeRequest.objects.filter(pk=request.pk, stripe_id=None).update(**fresh)
    StripeRequest.objects.filter(pk=request.pk, state=State.CREATING).update(state=State.OPEN)
    request.refresh_from_db()
    return request


def client_secret(request: StripeRequest, *, client: Client) -> str:
    """What the customer's browser needs to pay an intent; asked for, never stored."""
    told = client.ask(client.v1.payment_intents.retrieve, request.stripe_id or "")
    return str(told["client_secret"])


def _is_current(request: StripeRequest, item: OpenItem, account: StripeAccount) -> bool:
    """Whether somebody who opens it now pays what is owed now."""
    if (request.amount, request.currency) != (item.outstanding, item.currency):
        return False
    if request.livemode != account.livemode:
        return False
    return request.expires_at is None or request.expires_at > timezone.now() + SHORT


def _session(request: StripeRequest) -> Told:
    page = _page(request)
    return {
        "mode": "payment",
        "locale": _language(request),
        "client_reference_id": str(request.invoice_id),
        "line_items": _lines(request),
        "metadata": _metadata(request),
        "payment_intent_data": {
            "metadata": _metadata(request),
            "description": _name(request),
        },
        "adaptive_pricing": {"enabled": False},
        "success_url": f"{page}?danke=1",
        "cancel_url": page,
        "expires_at": int((request.expires_at or timezone.now()).timestamp()),
    }


def _link(request: StripeRequest) -> Told:
    return {
        "line_items": _lines(request),
        "metadata": _metadata(request),
        "payment_intent_data": {
            "metadata": _metadata(request),
            "description": _name(request),
        },
        "restrictions": {"completed_sessions": {"limit": 1}},
        "after_completion": {
            "type": "redirect",
            "redirect": {"url": f"{_page(request)}?danke=1"},
        },
    }


def _intent(request: StripeRequest) -> Told:
    return {
        "amount": to_minor(request.amount, request.currency),
        "currency": request.currency.lower(),
        "automatic_payment_methods": {"enabled": True},
        "metadata": _metadata(request),
        "description": _name(request),
    }


def _lines(request: StripeRequest) -> list[Told]:
    price = {
        "currency": request.currency.lower(),
        "unit_amount": to_minor(request.amount, request.currency),
        "product_data": {"name": _name(request)},
    }
    return [{"quantity": 1, "price_data": price}]


def _metadata(request: StripeRequest) -> dict[str, str]:
    """What tells us later what was paid."""
    return {
        "request": str(request.uuid),
        "invoice": str(request.invoice_id),
        "number": request.invoice.number or "",
    }


def _name(request: StripeRequest) -> str:
    word = "Invoice" if _language(request) == "en" else request.invoice.get_kind_display()
    return f"{word} {request.invoice.number}"


def _language(request: StripeRequest) -> str:
    snapshot = request.invoice.snapshot or {}
    return "en" if (snapshot.get("page") or {}).get("language") == "en" else "de"


def _page(request: StripeRequest) -> str:
    return settings.PUBLIC_URL + reverse("pay:page", args=[request.invoice.token])
