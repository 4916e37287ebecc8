"""Stripe's test cards and test accounts, and what becomes of a payment with each."""

from dataclasses import dataclass

from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World


@dataclass(frozen=True)
class Means:
    """A card or account of the test mode."""

    number: str
    shown: str  # what happens, for the hosted page
    alias: str = ""  # the ready payment method of the test mode
    brand: str = "visa"
    decline: str = ""  # code of the refusal
    message: str = ""
    asks: bool = False  # 3D Secure
    dispute: str = ""  # reason
    inquiry: bool = False
    refund: str = "succeeded"  # or pending, failed


_DECLINED = "Your card was declined."
CARDS = (
    Means("4242424242424242", "gelingt", "pm_card_visa"),
    Means("5555555555554444", "gelingt (Mastercard)", "pm_card_mastercard", "mastercard"),
    Means(
        "4000000000000002",
        "abgelehnt",
        "pm_card_chargeDeclined",
        "visa",
        "card_declined",
        _DECLINED,
    ),
    Means(
        "4000000000009995",
        "Deckung fehlt",
        "pm_card_chargeDeclinedInsufficientFunds",
        "visa",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    Means(
        "4000000000000069",
        "abgelaufen",
        "pm_card_chargeDeclinedExpiredCard",
        "visa",
        "expired_card",
        "Your card has expired.",
    ),
    Means(
        "4000002760003184", "fragt nach (3D Secure)", "pm_card_authenticationRequired", asks=True
    ),
    Means(
        "4000000000000259", "wird später bestritten", "pm_card_createDispute", dispute="fraudulent"
    ),
    Means(
        "4000000000002685",
        "Ware nicht erhalten",
        "pm_card_createDisputeProductNotReceived",
        dispute="product_not_received",
    ),
    Means(
        "4000000000001976",
        "Rückfrage der Bank",
        "pm_card_createDisputeInquiry",
        dispute="fraudulent",
        inquiry=True,
    ),
    Means("4000000000007726", "Erstattung dauert", "pm_card_pendingRefund", refund="pending"),
    Means("4000000000005126", "Erstattung scheitert", "pm_card_refundFail", refund="failed"),
)
ACCOUNTS = (
    Means("DE89370400440532013000", "gelingt nach einer Weile"),
    Means("AT611904300234573201", "gelingt nach einer Weile"),
    Means("DE62370400440532013001", "scheitert nach einer Weile", decline="insufficient_funds"),
    Means("AT861904300235473202", "scheitert nach einer Weile", decline="insufficient_funds"),
    Means(
        "DE35370400440532013002", "gelingt und wird zurückgegeben", dispute="debit_not_authorized"
    ),
)
_CARDS = {one.number: one for one in CARDS}
_ACCOUNTS = {one.number: one for one in ACCOUNTS}
_ALIASES = {one.alias: one for one in CARDS}


def of(method: Row) -> Means:
    """What becomes of a payment with this payment method."""
    number = method["_number"]
    return _CARDS[number] if method["type"] == "card" else _ACCOUNTS[number]


def card(world: World, number: str, *, live: bool, name: str = "", email: str = "") -> Row:
    """The payment method of a test card; other cards are refused, as in test mode."""
    means = _CARDS.get("".join(number.split()))
    if means is None or live:
        raise Refusal(
            "Your card was declined. Your request was in test mode, but used a non test card.",
            status=402,
            kind="card_error",
            code="card_declined",
        )
    details = {
        "brand": means.brand,
        "country": "DE",
        "exp_month": 12,
        "exp_year": 2030,
        "funding": "credit",
        "last4": means.number[-4:],
        "network": means.brand,
    }
    return _method(world, "card", details, means.number, live=live, name=name, email=email)


def account(world: World, iban: str, *, live: bool, name: str = "", email: str = "") -> Row:
    """The payment method of a test account for SEPA debits."""
    means = _ACCOUNTS.get("".join(iban.split()).upper())
    if means is None or live:
        raise Refusal(
            "The bank account number provided is invalid.",
            code="invalid_bank_account_iban",
            param="sepa_debit[iban]",
        )
    details = {
        "bank_code": means.number[4:12],
        "branch_code": "",
        "country": means.number[:2],
        "fingerprint": means.number[-16:],
        "last4": means.number[-4:],
    }
    return _method(world, "sepa_debit", details, means.number, live=live, name=name, email=email)


def ready(world: World, wanted: str, *, live: bool) -> Row:
    """A payment method by its id or by the name of one that the test mode has ready."""
    if not live and (means := _ALIASES.get(wanted)):
        return card(world, means.number, live=False)
    return world.get("payment_method", wanted, live=live, param="payment_method")


def _method(
    world: World, kind: str, details: Row, number: str, *, live: bool, name: str, email: str
) -> Row:
    who = {"address": None, "email": email or None, "name": name or None, "phone": None}
    return world.add(
        "pm_",
        live=live,
        allow_redisplay="unspecified",
        billing_details=who,
        customer=None,
        metadata={},
        type=kind,
        _number=number,
        **{kind: details},
    )
