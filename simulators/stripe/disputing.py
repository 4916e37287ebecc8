"""Disputes: the customer's bank takes the money back, for a while or for good.

A card dispute is decided: lost, or won by evidence. A returned SEPA debit is final at once.
"""

from simulators.stripe import cards, money
from simulators.stripe.refusals import Refusal
from simulators.stripe.world import Row, World, change, visible

OPEN = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")


def open_dispute(world: World, wanted: str) -> Row:
    """The bank disputes the charge; its money and a fee leave the balance."""
    charge = world.tables["charge"][wanted]
    method = world.tables["payment_method"][charge["payment_method"]]
    means, kind = cards.of(method), method["type"]
    state = "needs_response" if kind == "card" else "lost"
    if means.inquiry:
        state = "warning_needs_response"
    dispute = world.add(
        "du_",
        live=charge["livemode"],
        amount=charge["amount"] - charge["amount_refunded"],
        balance_transactions=[],
        charge=charge["id"],
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={"uncategorized_text": None},
        evidence_details={
            "due_by": world.now() + 9 * 86400 if state != "lost" else None,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        is_charge_refundable=means.inquiry,
        metadata={},
        network_reason_code="10.4",
        payment_intent=charge["payment_intent"],
        payment_method_details={"type": kind},
        reason=means.dispute or "general",
        status=state,
    )
    charge |= {"disputed": True, "_refundable": means.inquiry}
    world.happened("charge.dispute.created", dispute)
    if not means.inquiry:
        _withdraw(world, dispute, kind)
    if state == "lost":
        world.happened("charge.dispute.closed", dispute)
    return dispute


def _withdraw(world: World, dispute: Row, kind: str) -> None:
    cents = money.in_euros(dispute["amount"], dispute["currency"])
    fees = [("Dispute fee", money.DISPUTE_FEE[kind])]
    text = f"Chargeback withdrawal for {dispute['charge']}"
    entry = money.enter(
        world, dispute, "adjustment", "dispute", -cents, fees=fees, description=text
    )
    dispute["balance_transactions"] = [money.show(world, entry)]
    world.happened("charge.dispute.funds_withdrawn", dispute)


def close(world: World, dispute: Row, outcome: str) -> Row:
    """The dispute is decided: `won`, `lost` or, for an inquiry, `warning_closed`."""
    if dispute["status"] not in OPEN:
        raise Refusal(f"This dispute is already closed: {dispute['status']}.")
    inquiry = dispute["status"].startswith("warning")
    change(dispute, status="warning_closed" if inquiry else outcome)
    if outcome == "won" and not inquiry:
        _reinstate(world, dispute)
    world.happened("charge.dispute.closed", dispute)
    return dispute


def _reinstate(world: World, dispute: Row) -> None:
    cents = money.in_euros(dispute["amount"], dispute["currency"])
    fee = dispute["balance_transactions"][0]["fee"] if world.dispute_fee_back else 0
    text = f"Chargeback reversal for {dispute['charge']}"
    entry = money.enter(
        world,
        dispute,
        "adjustment",
        "dispute_reversal",
        cents,
        fees=[("Dispute fee refund", -fee)],
        description=text,
    )
    dispute["balance_transactions"] = [*dispute["balance_transactions"], money.show(world, entry)]
    world.happened("charge.dispute.funds_reinstated", dispute)


def submit(world: World, dispute: Row, evidence: Row, *, send: bool) -> Row:
    """Take evidence; Stripe's magic words decide a test dispute."""
    if dispute["status"] not in OPEN:
        raise Refusal(f"This dispute is already closed: {dispute['status']}.")
    before = visible(dispute)["evidence"]
    dispute["evidence"] |= evidence
    dispute["evidence_details"]["has_evidence"] = True
    if send:
        dispute["evidence_details"]["submission_count"] += 1
        inquiry = dispute["status"].startswith("warning")
        change(dispute, status="warning_under_review" if inquiry else "under_review")
    world.happened("charge.dispute.updated", dispute, before={"evidence": before})
    words = dispute["evidence"].get("uncategorized_text") or ""
    for text, outcome in (("winning_evidence", "won"), ("losing_evidence", "lost")):
        if send and text in words:
            close(world, dispute, outcome)
    return dispute
