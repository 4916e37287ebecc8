"""What a proposal and a state are called on pages, and what a click will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from banking.matching import Proposal
from banking.models import BankRule
from workmate.money import format_amount

STATES = {
    "open": ("offen", "attention"),
    "matched": ("zugeordnet", "positive"),
    "dismissed": ("ausgeschieden", "neutral"),
    "pending": ("vorgemerkt", "info"),
    "nothing": ("ohne Betrag", "neutral"),
    "reversed": ("storniert", "neutral"),
    "replaced": ("ersetzt", "neutral"),
}
LIKELY = (
    (90, "sicher", "positive"),
    (75, "sehr wahrscheinlich", "positive"),
    (50, "wahrscheinlich", "info"),
    (0, "möglich", "attention"),
)


def rule_state(rule: BankRule) -> str:
    """The German word for how a rule stands."""
    if not rule.is_active:
        return "aus"
    return "gestört" if rule.problem else "aktiv"


@dataclass(frozen=True)
class Shown:
    """A proposal as a page shows it."""

    proposal: Proposal
    word: str
    tone: str
    effect: str


def shown(proposal: Proposal) -> Shown:
    """The proposal with the word for its score and its effect in one sentence."""
    _, word, tone = next(step for step in LIKELY if proposal.score >= step[0])
    if proposal.against and word == "sicher":
        word, tone = "sehr wahrscheinlich", "positive"
    return Shown(proposal, word, tone, effect(proposal))


def effect(proposal: Proposal) -> str:
    """What accepting does: `Bezahlt RE-2026-0012 vollständig.`"""
    rest = f"{_euros(proposal.rest)} werden Guthaben von {proposal.partner_name}"
    if not proposal.allocations:
        return f"Der Betrag wird Guthaben von {proposal.partner_name}."
    kept = dict(proposal.skonto)
    left = {
        item.number: (amount, item.outstanding - amount - kept.get(item.id, Decimal(0)))
        for item, amount in proposal.allocations
    }
    full = [number for number, (_, open_) in left.items() if not open_]
    parts = [
        f"{_euros(amount)} auf {number}, {_euros(open_)} bleiben offen"
        for number, (amount, open_) in left.items()
        if open_
    ]
    sentences = [f"bezahlt {listed(full)} vollständig"] if full else []
    sentences += [f"{_euros(amount)} Skonto werden ausgebucht" for amount in kept.values()]
    sentences += [f"zahlt {part}" for part in parts]
    if proposal.rest:
        sentences.append(rest)
    text = "; ".join(sentences)
    return text[0].upper() + text[1:] + "."


def listed(words: Sequence[str]) -> str:
    """`A`, `A und B`, `A, B und C`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} und {words[-1]}"


def _euros(amount: Decimal) -> str:
    return f"{format_amount(abs(amount))} €"
