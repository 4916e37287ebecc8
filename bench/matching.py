"""Claim: what is matched without anybody looking is right, and most of what can be is matched.

The generator of the labelled transfers (`ground/transfers.py`) and the matcher know nothing of each
other. Every transfer is judged by itself on books of 20,000 open items and as many settled ones.
`precision` is of the automatic matches, with the lower bound of Wilson's 95 % interval; `recall` is
the share of transfers that pay something open and were matched so; `first_right` is the share of
those, wherever anything tells who pays what, whose first proposal is the truth.

    bench/matching.py [SEED [ITEMS [TRANSFERS]]] [--wrong]

`--wrong` shows some of what was matched wrongly. Develop with other seeds than that of the claim.
"""

import gc
import sys
import time
from collections import Counter, defaultdict
from decimal import Decimal
from math import sqrt

import ground  # first: it sets Django up
from ground.transfers import Case, books, cases

from banking.matching import Matcher, Proposal

EVALUATION_SEED, ITEMS, TRANSFERS, THRESHOLD = 90_210, 20_000, 100_000, 90
# Nothing in these tells which of several claims is meant, or only a person may book them.
UNTOLD = {"same amount, nothing else"}


def main() -> None:
    given = [int(one) for one in sys.argv[1:] if one.isdigit()]
    seed, items, transfers = [*given, *(EVALUATION_SEED, ITEMS, TRANSFERS)[len(given) :]]
    owed = books(seed, items)
    written = list(cases(seed, owed, transfers))
    start = time.perf_counter()
    matcher = Matcher(owed.items, owed.settled)
    built = time.perf_counter()
    gc.freeze()  # the books of the bench are no rubbish to look through
    seconds = 0.0
    found: list[Proposal | None] = []
    for at in range(0, len(written), 1_000):
        some = written[at : at + 1_000]
        began = time.perf_counter()
        proposals = [matcher.propose(case.transaction) for case in some]
        seconds += time.perf_counter() - began
        found += [best[0] if best else None for best in proposals]
    judge(written, found)
    ground.report(
        "matching.speed",
        items=items,
        transfers=transfers,
        per_second=round(transfers / seconds),
        target=">= 10,000 per second",
        index_ms=round((built - start) * 1000),
    )


def judge(written: list[Case], found: list[Proposal | None]) -> None:
    automatic, right, wrong_eur = 0, 0, Decimal(0)
    matched: Counter[str] = Counter()
    firsts: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong: dict[str, list[tuple[Case, Proposal]]] = defaultdict(list)
    for case, best in zip(written, found, strict=True):
        total[case.kind] += 1
        true = best is not None and is_true(best, case)
        firsts[case.kind] += true
        if best is not None and best.is_automatic(THRESHOLD):
            automatic += 1
            matched[case.kind] += true
            right += true
            if not true:
                wrong[case.kind].append((case, best))
                wrong_eur += abs(case.transaction.amount)
    paying = {case.kind for case in written if case.pays}
    payments = sum(total[kind] for kind in paying)
    told = paying - UNTOLD
    ground.report(
        "matching.quality",
        automatic=automatic,
        precision=round(right / automatic, 5),
        wilson_lower=round(wilson(right, automatic), 5),
        target=">= 0.999",
        recall=round(right / payments, 3),
        recall_target=">= 0.80",
        first_right=round(sum(firsts[one] for one in told) / sum(total[one] for one in told), 4),
        first_target=">= 0.99",
        wrongly_booked_eur=str(wrong_eur),
    )
    for kind in total:
        ground.report(
            f"matching.{kind}",
            number=total[kind],
            automatic=round(matched[kind] / total[kind], 3) if kind in paying else None,
            first_right=round(firsts[kind] / total[kind], 3) if kind in paying else None,
            wrong=len(wrong[kind]),
        )
    if "--wrong" in sys.argv:
        for kind, some in wrong.items():
            for case, best in some[:5]:
                print(kind, case, best, sep="\n  ")


def is_true(proposal: Proposal, case: Case) -> bool:
    """Whether it books what a person would, to the cent, Skonto included."""
    booked = {item.id: amount for item, amount in proposal.allocations}
    return booked == case.pays and dict(proposal.skonto) == case.skonto


def wilson(right: int, of: int) -> float:
    """The lower bound of Wilson's interval at 95 percent."""
    z, share = 1.96, right / of
    middle = share + z * z / (2 * of)
    width = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return (middle - width) / (1 + z * z / of)


if __name__ == "__main__":
    main()
