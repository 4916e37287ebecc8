"""The account's balance: what comes in, what Stripe keeps, what is paid out.

Amounts are integers in the smallest unit of their currency; the account settles in euros.
Fees are those that Stripe publishes for Germany; the rates of exchange are invented and fixed.
"""

from decimal import ROUND_HALF_UP, Decimal

from simulators.stripe.refusals import Refusal
from simulators.stripe.world import ACCOUNT, Row, World, change

SETTLED_IN = "eur"
ZERO_DECIMAL = frozenset(
    "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(),
)
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
MINIMUM = {"eur": 50, "usd": 50, "gbp": 30, "chf": 50, "sek": 300, "nok": 300, "dkk": 250}
MINIMUM |= {"pln": 200, "jpy": 50, "czk": 1500}
LARGEST = 99_999_999
# Euros for one unit.
RATES = {"eur": "1", "usd": "0.92", "gbp": "1.17", "chf": "1.05", "jpy": "0.0061"}
RATES |= {"sek": "0.088", "nok": "0.086", "dkk": "0.134", "pln": "0.233", "czk": "0.04"}
CARD_FEE = (Decimal("0.015"), 25)  # cards of the EEA
DEBIT_FEE = (Decimal(0), 35)
CONVERSION_FEE = Decimal("0.02")
DISPUTE_FEE = {"card": 2000, "sepa_debit": 750}


def check_amount(amount: int, currency: str, param: str = "amount") -> None:
    """Refuse what no bank would move: an unknown currency, nothing, too little or too much."""
    if currency not in RATES:
        raise Refusal(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: "
            + ", ".join(sorted(RATES)),
            param="currency",
        )
    if amount < 1:
        text = "This value must be greater than or equal to 1."
        raise Refusal(text, code="parameter_invalid_integer", param=param)
    if amount > LARGEST:
        text = "Amount must be no more than €999,999.99"
        raise Refusal(text, code="amount_too_large", param=param)
    if amount < MINIMUM[currency]:
        least = written(MINIMUM[currency], currency)
        raise Refusal(f"Amount must be at least {least}", code="amount_too_small", param=param)


def written(amount: int, currency: str) -> str:
    """The amount as Stripe's messages write it: `€11.90 eur`."""
    sign = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}.get(currency, "")
    digits = exponent(currency)
    return f"{sign}{Decimal(amount).scaleb(-digits):,.{digits}f} {currency}"


def exponent(currency: str) -> int:
    """Decimals of the smallest unit."""
    return 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2


def in_euros(amount: int, currency: str) -> int:
    """Cents for an amount of that currency."""
    euros = Decimal(amount).scaleb(-exponent(currency)) * Decimal(RATES[currency])
    return int((euros * 100).quantize(Decimal(1), ROUND_HALF_UP))


def settle(world: World, charge: Row) -> None:
    """Give the charge its balance transaction with Stripe's fee."""
    currency, amount = charge["currency"], in_euros(charge["amount"], charge["currency"])
    method = charge["payment_method_details"]["type"]
    share, fixed = CARD_FEE if method == "card" else DEBIT_FEE
    fees = [("Stripe processing fees", _share(amount, share) + fixed)]
    if currency != SETTLED_IN:
        fees.append(("Stripe currency conversion fee", _share(amount, CONVERSION_FEE)))
    kind = "charge" if method == "card" else "payment"
    entry = enter(world, charge, kind, "charge", amount, fees=fees, held=True)
    charge["balance_transaction"] = entry["id"]


def _share(amount: int, share: Decimal) -> int:
    return int((amount * share).quantize(Decimal(1), ROUND_HALF_UP))


def enter(
    world: World,
    source: Row,
    kind: str,
    category: str,
    amount: int,
    *,
    fees: list[tuple[str, int]] | None = None,
    held: bool = False,
    description: str | None = None,
) -> Row:
    """A new balance transaction; `held` money may be paid out only after a while."""
    fees = [one for one in fees or [] if one[1]]
    fee = sum(cents for _, cents in fees)
    foreign = source["currency"] != SETTLED_IN
    available = world.now() + (world.pace.available if held else 0)
    return world.add(
        "txn_",
        live=source["livemode"],
        amount=amount,
        available_on=available,
        balance_type="payments",
        currency=SETTLED_IN,
        description=description or source.get("description"),
        exchange_rate=float(RATES[source["currency"]]) if foreign else None,
        fee=fee,
        fee_details=[
            {
                "amount": cents,
                "application": None,
                "currency": SETTLED_IN,
                "description": text,
                "type": "stripe_fee",
            }
            for text, cents in fees
        ],
        net=amount - fee,
        reporting_category=category,
        source=source["id"],
        status="pending",
        type=kind,
        _payout=None,
    )


def show(world: World, entry: Row) -> Row:
    """The entry with the state that it has now; Stripe's carries no mode."""
    state = "available" if entry["available_on"] <= world.now() else "pending"
    return {name: value for name, value in entry.items() if name != "livemode"} | {"status": state}


def balance(world: World, *, live: bool) -> Row:
    """GET /v1/balance."""
    rows = [
        show(world, one)
        for one in world.tables["balance_transaction"].values()
        if one["livemode"] == live
    ]

    def sums(state: str) -> list[Row]:
        cents = sum(one["net"] for one in rows if one["status"] == state)
        return [{"amount": cents, "currency": SETTLED_IN, "source_types": {"card": cents}}]

    found: Row = {"object": "balance", "livemode": live}
    return found | {"available": sums("available"), "pending": sums("pending")}


def account(world: World, *, live: bool) -> Row:
    """GET /v1/account."""
    return {
        "id": ACCOUNT,
        "object": "account",
        "business_profile": {"name": world.name, "url": "https://musterwerk.example"},
        "business_type": "company",
        "capabilities": {"card_payments": "active", "sepa_debit_payments": "active"},
        "charges_enabled": True,
        "country": "DE",
        "created": 1735689600,
        "default_currency": SETTLED_IN,
        "details_submitted": True,
        "email": "zahlungen@musterwerk.example",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "dashboard": {"display_name": world.name, "timezone": "Europe/Berlin"},
            "payments": {"statement_descriptor": "MUSTERWERK"},
        },
        "type": "standard",
    }


# Payouts


def pay_out(world: World, *, live: bool = False) -> Row | None:
    """The automatic payout of everything available; nothing where there is nothing to pay."""
    entries = [
        one
        for one in world.tables["balance_transaction"].values()
        if one["livemode"] == live and not one["_payout"] and one["available_on"] <= world.now()
    ]
    amount = sum(one["net"] for one in entries)
    if amount <= 0:
        return None
    payout = _start(world, amount, live=live, automatic=True)
    for one in entries:
        one["_payout"] = payout["id"]
    return payout


def start_manual(world: World, amount: int, *, live: bool, **more: str) -> Row:
    """A payout that was asked for: POST /v1/payouts."""
    free = balance(world, live=live)["available"][0]["amount"]
    if amount > free:
        raise Refusal(
            "You have insufficient funds in your Stripe account for this transfer.",
            code="balance_insufficient",
            param="amount",
        )
    return _start(world, amount, live=live, automatic=False, **more)


def _start(world: World, amount: int, *, live: bool, automatic: bool, **more: str) -> Row:
    payout = world.add(
        "po_",
        live=live,
        amount=amount,
        arrival_date=world.now() + world.pace.payout,
        automatic=automatic,
        balance_transaction=None,
        currency=SETTLED_IN,
        description="STRIPE PAYOUT" if automatic else more.get("description"),
        destination="ba_1SimulatorWorkmate",
        failure_balance_transaction=None,
        failure_code=None,
        failure_message=None,
        metadata={},
        method="standard",
        original_payout=None,
        reconciliation_status="in_progress" if automatic else "not_applicable",
        reversed_by=None,
        source_type="card",
        statement_descriptor=more.get("statement_descriptor"),
        status="pending",
        trace_id={"status": "pending", "value": None},
        type="bank_account",
    )
    entry = enter(world, payout, "payout", "payout", -amount)
    entry["_payout"] = payout["id"]
    payout["balance_transaction"] = entry["id"]
    world.happened("payout.created", payout)
    world.later(world.pace.payout, "payout_arrives", payout["id"])
    return payout


def payout_arrives(world: World, wanted: str) -> None:
    """The bank has credited it; what it consists of is known now."""
    payout = world.tables["payout"][wanted]
    if payout["status"] != "pending":
        return
    trace = {"status": "supported", "value": f"STRIPE{wanted[-10:].upper()}"}
    change(payout, status="paid", trace_id=trace)
    world.happened("payout.paid", payout)
    if payout["automatic"]:
        change(payout, reconciliation_status="completed")
        world.happened("payout.reconciliation_completed", payout)


def payout_fails(world: World, wanted: str) -> None:
    """The bank has sent it back, also after `paid`: the money is in the balance again."""
    payout = world.tables["payout"][wanted]
    entry = enter(world, payout, "payout_failure", "payout_reversal", payout["amount"])
    change(
        payout,
        status="failed",
        failure_balance_transaction=entry["id"],
        failure_code="account_closed",
        failure_message="The bank account has been closed.",
    )
    world.happened("payout.failed", payout)
