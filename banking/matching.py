"""Which open items a transaction pays, with a score and the reasons in words.

Pure: plain data in, proposals out. A transaction settles items of its own sign, and with a claim
the credits that its text names. A proposal is automatic only when its score reaches the company's
threshold *and* nothing speaks against it; what decides is that an amount never proves anything
where the text names another document.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from banking import batching, names
from banking.indexing import Index, by_age, fits
from banking.numbers import Hit, has_swapped, squashed
from banking.proposals import OpenItem, Proposal, SettledDocument, Transaction
from banking.runs import OTHER_PURPOSES, mentions_document
from banking.scoring import (
    FULL,
    NOTHING,
    NUMBER_POINTS,
    SWAPPED,
    Judgement,
    amount_points,
    is_firm,
    judge_amount,
    judge_number,
    judge_payer,
    kept_as_skonto,
    spread,
)

__all__ = ["Matcher", "OpenItem", "Proposal", "SettledDocument", "Transaction"]

_ZERO = Decimal(0)
MOST_SUMMED = 4  # invoices in one transfer that names none


class _Evidence:
    """What a transaction says, looked up once for all candidates."""

    def __init__(self, transaction: Transaction, index: Index) -> None:
        self.transaction = transaction
        self.hits, settled = index.hits(transaction.text)
        self.firm = {id_: hit for id_, hit in self.hits.items() if is_firm(hit)}
        self.settled = [document for document, hit in settled if is_firm(hit)]
        self.is_silent = not (self.hits or settled)
        self.payers: Mapping[int, int] = index.payers(transaction.iban)
        self.words = names.words(transaction.name)
        self._index = index
        self._judged: dict[int, Judgement] = {}

    def payer(self, partner_id: int) -> Judgement:
        """What speaks for and against this partner being the payer."""
        if partner_id not in self._judged:
            self._judged[partner_id] = judge_payer(
                self.payers.get(partner_id, 0),
                self._index.likeness(self.words, partner_id),
                is_known=bool(self.payers),
            )
        return self._judged[partner_id]

    @cached_property
    def written(self) -> str:
        return squashed(self.transaction.text)

    @cached_property
    def says_more(self) -> bool:
        """Whether the text may speak against a claim."""
        return bool(self.firm or self.settled) or self.is_for_something_else

    @cached_property
    def is_for_something_else(self) -> bool:
        text = self.transaction.text
        if OTHER_PURPOSES.search(text):
            return True
        return self.is_silent and mentions_document(text)


class Matcher:
    """Open items prepared for questions; built once for many transactions."""

    def __init__(
        self,
        items: Iterable[OpenItem],
        settled: Iterable[SettledDocument] = (),
        ordered: Mapping[str, tuple[int, Decimal]] | None = None,
        sums: batching.Sums | None = None,
    ) -> None:
        self._index = Index(items, settled)
        # What we have asked our bank to move, by the reference that comes back: item and amount.
        self._ordered = ordered or {}
        # What the bank may book of it in one sum.
        self._sums = sums or {}

    def settle(self, item_id: int, amount: Decimal) -> None:
        """Note that an item was paid by that much, so that a second transfer finds it paid."""
        self._index.settle(item_id, amount)

    def propose(self, transaction: Transaction, *, limit: int = 5) -> list[Proposal]:
        """The best proposals first; empty where nothing fits or nothing was moved."""
        if not transaction.amount:
            return []
        if ours := self._our_order(transaction):
            return [ours]
        files = batching.propose(transaction, self._sums, self._index)
        if files and files[0].score == FULL:
            return files[:limit]
        evidence = _Evidence(transaction, self._index)
        if plain := self._plain(evidence):
            return [self._single(plain, evidence, set())]
        proposals = [*(files if evidence.is_silent else ()), *self._together(evidence)]
        together = {item.id for one in proposals for item in one.items if len(evidence.firm) > 1}
        proposals += [
            self._single(item, evidence, together) for item in self._singles(evidence, limit)
        ]
        if credit := self._credit(evidence, proposals):
            proposals.append(credit)
        proposals.sort(key=_rank)
        return _mark_ties(proposals)[:limit]

    def _our_order(self, transaction: Transaction) -> Proposal | None:
        """The one item that a file of ours named, where the bank moved just what we asked for."""
        id_, amount = self._ordered.get(transaction.end_to_end_id, (0, Decimal(0)))
        item = self._index.items.get(id_)
        if item is None or amount != transaction.amount or not fits(item, transaction):
            return None
        if abs(amount) > abs(item.outstanding):
            return None
        return Proposal(
            ((item, amount),),
            item.partner_id,
            item.partner_name,
            FULL,
            ("End-to-End-Referenz unseres SEPA-Auftrags", "Betrag genau"),
        )

    def _singles(self, evidence: _Evidence, limit: int) -> list[OpenItem]:
        """Items worth a look: named, of the same amount, or of the payer."""
        transaction, index = evidence.transaction, self._index
        partners = set(evidence.payers) | index.named(evidence.words)
        if evidence.firm and not partners:
            partners = {index.items[id_].partner_id for id_ in evidence.firm}
        elif not partners:
            partners = index.named_like(evidence.words)
        found = index.of_amount(transaction, partners)
        if not evidence.firm:
            for partner in partners:
                found.update((item.id, None) for item in index.owed(partner, transaction))
        items = (index.items[id_] for id_ in found if id_ not in evidence.hits)
        unnamed = [item for item in items if fits(item, transaction)]
        if len(unnamed) > limit:
            unnamed.sort(key=lambda item: self._by_promise(item, evidence))
            del unnamed[limit:]
        named = (index.items[id_] for id_ in evidence.hits)
        return [*(item for item in named if fits(item, transaction)), *unnamed]

    def _by_promise(self, item: OpenItem, evidence: _Evidence) -> tuple[object, ...]:
        """Sorts first what will score best among items that the text does not name."""
        transaction = evidence.transaction
        same = item.outstanding == transaction.amount
        whole = same or bool(item.skonto and kept_as_skonto(transaction, item))
        amount = FULL if whole else amount_points(transaction.amount, item.outstanding)
        return -amount - evidence.payer(item.partner_id).points, *by_age(item)

    def _plain(self, evidence: _Evidence) -> OpenItem | None:
        """The one item that is named and exactly paid by somebody who may pay it, mostly."""
        if len(evidence.hits) != 1:
            return None
        ((id_, hit),) = evidence.hits.items()
        item = self._index.items[id_]
        is_plain = (
            is_firm(hit)
            and item.outstanding == evidence.transaction.amount
            and item.currency == evidence.transaction.currency
            and (not evidence.payers or item.partner_id in evidence.payers)
        )
        return item if is_plain else None

    def _single(self, item: OpenItem, evidence: _Evidence, together: set[int]) -> Proposal:
        transaction = evidence.transaction
        hit = evidence.hits.get(item.id)
        kept = kept_as_skonto(transaction, item) if item.skonto else _ZERO
        whole = hit is None and bool(kept or transaction.amount == item.outstanding)
        swapped = whole and evidence.is_silent and has_swapped(evidence.written, item.number)
        payer = evidence.payer(item.partner_id)
        said = (SWAPPED if swapped else judge_number(hit)).and_also(
            judge_amount(transaction.amount, item.outstanding, kept),
            self._only_claim(item, evidence, payer) if whole and not swapped else NOTHING,
            payer,
        )
        against = [*said.against]
        if not swapped and evidence.says_more:
            against += self._other_documents({item.id}, evidence)
        if item.issued_on and item.issued_on > transaction.booked_on:
            against.append("Die Rechnung ist jünger als die Zahlung")
        if item.id in together:
            against.append("Der Text nennt mehrere Rechnungen")
        is_over = abs(transaction.amount) > abs(item.outstanding)
        paid = item.outstanding if is_over else transaction.amount
        return Proposal(
            ((item, paid),),
            item.partner_id,
            item.partner_name,
            min(FULL, said.points),
            said.reasons,
            tuple(dict.fromkeys(against)),
            transaction.amount - paid if is_over else _ZERO,
            ((item.id, kept),) if kept else (),
        )

    def _only_claim(self, item: OpenItem, evidence: _Evidence, payer: Judgement) -> Judgement:
        """What the right amount is worth where the number is missing."""
        if payer.points and self._index.is_only_one(item):
            often = evidence.payers.get(item.partner_id, 0) >= 3
            reason = "Einziger offener Posten des Kunden mit diesem Betrag"
            return Judgement(35 if often else 25, (reason,))
        return NOTHING

    def _other_documents(self, items: set[int], evidence: _Evidence) -> Iterator[str]:
        """What the text names besides these items."""
        for document in evidence.settled:
            yield f"Der Text nennt {document.number}, das schon ausgeglichen ist"
        against = [
            other
            for id_ in evidence.firm
            if id_ not in items and not fits(other := self._index.items[id_], evidence.transaction)
        ]
        for other in against:
            yield f"Der Text nennt auch {other.number}"
        if items.isdisjoint(evidence.firm):
            for id_ in evidence.firm:
                if id_ not in items and self._index.items[id_] not in against:
                    yield f"Der Text nennt {self._index.items[id_].number}"
            if evidence.is_for_something_else:
                yield "Der Text nennt etwas anderes"

    def _together(self, evidence: _Evidence) -> Iterator[Proposal]:
        """Several items in one transfer: those that the text names, or that make up the sum."""
        if len(evidence.firm) > 1:
            yield from self._named_together(evidence)
        elif evidence.is_silent:
            for partner in evidence.payers:
                yield from self._summed_up(partner, evidence)

    def _named_together(self, evidence: _Evidence) -> Iterator[Proposal]:
        """All that the text names, credits taken off where the sum then is the amount."""
        transaction = evidence.transaction
        named = [
            item
            for id_ in evidence.firm
            if (item := self._index.items[id_]).currency == transaction.currency
        ]
        claims = [item for item in named if fits(item, transaction)]
        netted = sum((item.outstanding for item in named), Decimal(0)) == transaction.amount
        items = named if netted else claims
        if len(items) < 2 or not claims:
            return
        total = sum((item.outstanding for item in items), Decimal(0))
        first = min(claims, key=by_age)
        points = min(NUMBER_POINTS[evidence.firm[item.id].spelling] for item in items)
        said = Judgement(points, (f"{len(items)} Rechnungsnummern genannt",))
        said = said.and_also(
            judge_amount(transaction.amount, total, of="Summe"), evidence.payer(first.partner_id)
        )
        against = [*said.against, *self._other_documents({item.id for item in items}, evidence)]
        against += _doubts(items, [evidence.firm[item.id] for item in items], transaction)
        if transaction.amount != total:
            against.append("Die Summe der genannten Rechnungen passt nicht zum Betrag")
        if netted:
            allocations = tuple((item, item.outstanding) for item in sorted(items, key=by_age))
            rest = Decimal(0)
        else:
            allocations, rest = spread(transaction.amount, sorted(items, key=by_age))
        yield Proposal(
            allocations,
            first.partner_id,
            first.partner_name,
            min(FULL, said.points),
            said.reasons,
            tuple(dict.fromkeys(against)),
            rest,
        )

    def _summed_up(self, partner: int, evidence: _Evidence) -> Iterator[Proposal]:
        """Items of a known payer whose sum is the amount: always for a person to decide."""
        transaction = evidence.transaction
        owed = self._index.owed(partner, transaction)
        owed = [item for item in owed if abs(item.outstanding) < abs(transaction.amount)]
        for items in _adding_up(owed, transaction.amount):
            said = Judgement(0, (f"{len(items)} Rechnungen ergeben zusammen den Betrag",)).and_also(
                judge_amount(transaction.amount, transaction.amount, of="Summe"),
                evidence.payer(partner),
            )
            yield Proposal(
                tuple((item, item.outstanding) for item in items),
                partner,
                items[0].partner_name,
                min(FULL, said.points),
                said.reasons,
                (*said.against, "Der Text nennt keine Rechnungsnummer"),
            )

    def _credit(self, evidence: _Evidence, others: Sequence[Proposal]) -> Proposal | None:
        """Money for a document that is paid already: a credit of its partner, for a person."""
        transaction = evidence.transaction
        named = any(item.id in evidence.hits for other in others for item in other.items)
        if not evidence.settled or named or transaction.amount < 0:
            return None
        document = evidence.settled[0]
        payer = evidence.payer(document.partner_id)
        return Proposal(
            (),
            document.partner_id,
            document.partner_name,
            min(FULL, 50 + payer.points),
            (f"{document.number} ist schon ausgeglichen", *payer.reasons),
            ("Der Betrag ist eine Überzahlung",),
            transaction.amount,
        )


def _doubts(
    items: Sequence[OpenItem], hits: Sequence[Hit], transaction: Transaction
) -> Iterator[str]:
    """What keeps several items in one transfer from being booked by themselves."""
    if len({item.partner_id for item in items}) > 1:
        yield "Die Rechnungen gehören verschiedenen Kunden"
    if any(hit.unsure for hit in hits):
        yield "Die Rechnungsnummer ist nicht eindeutig"
    if any(item.issued_on and item.issued_on > transaction.booked_on for item in items):
        yield "Eine Rechnung ist jünger als die Zahlung"


def _adding_up(items: list[OpenItem], amount: Decimal) -> Iterator[tuple[OpenItem, ...]]:
    """Few items whose sum is the amount, the fewest first."""
    owed = [int(item.outstanding * 100) for item in items]
    wanted = int(amount * 100)
    places: dict[int, list[int]] = {}
    for at, cents in enumerate(owed):
        places.setdefault(cents, []).append(at)
    for number in range(1, min(MOST_SUMMED, len(items))):
        for some in combinations(range(len(items)), number):
            missing = wanted - sum([owed[at] for at in some])
            for last in places.get(missing, ()):
                if last > some[-1]:
                    yield tuple(items[at] for at in (*some, last))


def _rank(proposal: Proposal) -> tuple[object, ...]:
    first = proposal.allocations[0][0] if proposal.allocations else None
    return (-proposal.score, len(proposal.against), *(by_age(first) if first else (date.max, 0)))


def _mark_ties(proposals: list[Proposal]) -> list[Proposal]:
    """Where two proposals are equally good, neither is automatic."""
    if len(proposals) < 2 or proposals[0].score > proposals[1].score:
        return proposals
    best = [proposal for proposal in proposals if proposal.score == proposals[0].score]
    if sum(not proposal.against for proposal in best) < 2:
        return proposals
    note = "Ein anderer Vorschlag ist genauso gut"
    return [
        proposal._replace(against=(*proposal.against, note)) if proposal in best else proposal
        for proposal in proposals
    ]
