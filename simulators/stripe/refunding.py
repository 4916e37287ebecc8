"""Refunds: money back to the customer, at once, after a while, or not at all."""

from typing import Any

from simulators.stripe import cards, money
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World, change


def refund(
    world: World, charge: Row, amount: int | None, *, reason: str | None, metadata: Row
) -> Row:
    """Give back the whole rest or a part of it; fees stay with Stripe."""
    _check(charge, amount)
    rest = charge["amount"] - charge["amount_refunded"]
    method = world.tables["payment_method"][charge["payment_method"]]
    debit = method["type"] == "sepa_debit"
    means = cards.of(method)
    row = world.add(
        "pyr_" if debit else "re_",
        live=charge["livemode"],
        amount=amount or rest,
        balance_transaction=None,
        charge=charge["id"],
        currency=charge["currency"],
        destination_details={"type": method["type"]},
        failure_balance_transaction=None,
        failure_reason=None,
        metadata=metadata,
        next_action=None,
        payment_intent=charge["payment_intent"],
        pending_reason=None,
        reason=reason,
        receipt_number=None,
        source_transfer_reversal=None,
        status="pending" if debit or means.refund == "pending" else "succeeded",
        transfer_reversal=None,
    )
    cents = money.in_euros(row["amount"], row["currency"])
    kind = "payment_refund" if debit else "refund"
    fees = [("Refund fee", world.refund_fee)]
    entry = money.enter(
        world, row, kind, "refund", -cents, fees=fees, description="REFUND FOR CHARGE"
    )
    row["balance_transaction"] = entry["id"]
    _count(charge, row["amount"])
    world.happened("refund.created", row)
    world.happened("charge.refunded", charge)
    if means.refund != "succeeded" or debit:
        world.later(world.pace.debit, "refund_ends", row["id"])
    return row


def _check(charge: Row, amount: int | None) -> None:
    rest = charge["amount"] - charge["amount_refunded"]
    if charge["status"] != "succeeded":
        raise Refusal(f"This charge is {charge['status']} and cannot be refunded.", param="charge")
    if charge["disputed"] and not charge.get("_refundable"):
        raise Refusal(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    if not rest:
        text = f"Charge {charge['id']} has already been refunded."
        raise Refusal(text, code="charge_already_refunded")
    if amount is None:
        return
    if amount < 1:
        text = "This value must be greater than or equal to 1."
        raise Refusal(text, code="parameter_invalid_integer", param="amount")
    if amount > rest:
        currency = charge["currency"]
        asked, left = money.written(amount, currency), money.written(rest, currency)
        text = f"Refund amount ({asked}) is greater than unrefunded amount on charge ({left})"
        raise Refusal(text, param="amount")


def _count(charge: Row, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]


def refund_ends(world: World, wanted: str) -> None:
    """The bank has answered: the refund has arrived, or its money is back in the balance."""
    row = world.tables["refund"][wanted]
    charge = world.tables["charge"][row["charge"]]
    fails = cards.of(world.tables["payment_method"][charge["payment_method"]]).refund == "failed"
    if not fails:
        before = change(row, status="succeeded")
        if before:
            world.happened("refund.updated", row, before=before)
            world.happened("charge.refund.updated", row, before=before)
        return
    cents = money.in_euros(row["amount"], row["currency"])
    entry = money.enter(world, row, "refund_failure", "refund_failure", cents)
    lost: dict[str, Any] = {"failure_balance_transaction": entry["id"]}
    before = change(row, status="failed", failure_reason="expired_or_canceled_card", **lost)
    _count(charge, -row["amount"])
    world.happened("refund.failed", row)
    world.happened("refund.updated", row, before=before)
    world.happened("charge.refund.updated", row, before=before)
