"""Which open items a transaction pays, with a score and the reasons in words.

Pure: plain data in, proposals out. A transaction settles items of its own sign. A proposal is
automatic only when its score reaches the company's threshold *and* nothing speaks against it;
what decides is that an amount never proves anything where the text names another document.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from banking import names
from banking.numbers import Hit, NumberIndex
from banking.proposals import OpenItem, Proposal, SettledDocument, Transaction
from banking.runs import OTHER_PURPOSES, mentions_document
from banking.scoring import (
    CENTS,
    FULL,
    NUMBER_POINTS,
    is_firm,
    judge_amount,
    judge_number,
    spread,
)

__all__ = ["Matcher", "OpenItem", "Proposal", "SettledDocument", "Transaction"]

MOST_WITH_AMOUNT = 30  # beyond that an amount says nothing without the payer
MOST_OF_PARTNER = 12


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What a transaction says, looked up once for all candidates."""

    transaction: Transaction
    open_hits: dict[int, Hit]
    settled_hits: dict[int, Hit]
    payer_words: tuple[str, ...]
    payers: Mapping[int, int]  # partner → payments seen from this IBAN
    likeness: dict[int, int]  # partner → percent, filled as partners are met
    is_for_something_else: bool


class Matcher:
    """Open items prepared for questions; built once for many transactions."""

    def __init__(
        self,
        items: Iterable[OpenItem],
        settled: Iterable[SettledDocument] = (),
        ordered: Mapping[str, tuple[int, Decimal]] | None = None,
    ) -> None:
        # What we have asked our bank to move, by the reference that comes back: item and amount.
        self._ordered = ordered or {}
        self._items: dict[int, OpenItem] = {}
        self._settled: list[SettledDocument] = []
        self._numbers = NumberIndex()
        self._by_amount: dict[tuple[str, Decimal], dict[int, None]] = defaultdict(dict)
        self._by_partner: dict[int, dict[int, None]] = defaultdict(dict)
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._payers: dict[str, dict[int, int]] = defaultdict(dict)
        self._names: dict[int, tuple[str, ...]] = {}
        for item in items:
            self._add(item)
        for document in settled:
            self._add_settled(document)

    def _add(self, item: OpenItem) -> None:
        self._items[item.id] = item
        self._by_amount[item.currency, item.outstanding][item.id] = None
        self._by_partner[item.partner_id][item.id] = None
        self._numbers.add(item.number, item.id)
        if item.partner_id not in self._names:
            self._names[item.partner_id] = names.words(item.partner_name)
            for word in self._names[item.partner_id]:
                self._by_word[word].add(item.partner_id)
        for iban, count in item.known_ibans.items():
            self._payers[iban][item.partner_id] = count

    def _add_settled(self, document: SettledDocument) -> None:
        self._numbers.add(document.number, ("settled", len(self._settled)))
        self._settled.append(document)

    def settle(self, item_id: int, amount: Decimal) -> None:
        """Note that an item was paid by that much, so that a second transfer finds it paid."""
        item = self._items[item_id]
        del self._by_amount[item.currency, item.outstanding][item_id]
        item = replace(item, outstanding=item.outstanding - amount)
        self._items[item_id] = item
        if item.outstanding:
            self._by_amount[item.currency, item.outstanding][item_id] = None

    def propose(self, transaction: Transaction, *, limit: int = 5) -> list[Proposal]:
        """The best proposals first; empty where nothing fits or nothing was moved."""
        if not transaction.amount:
            return []
        if ours := self._our_order(transaction):
            return [ours]
        evidence = self._evidence(transaction)
        several = self._several(evidence)
        together = {item.id for item in several.items} if several else set()
        proposals = [several] if several else []
        proposals += [self._single(item, evidence, together) for item in self._candidates(evidence)]
        if credit := self._credit(evidence, proposals):
            proposals.append(credit)
        proposals.sort(key=_rank)
        return _mark_ties(proposals)[:limit]

    def _our_order(self, transaction: Transaction) -> Proposal | None:
        """The one item that a file of ours named, where the bank moved just what we asked for."""
        id_, amount = self._ordered.get(transaction.end_to_end_id, (0, Decimal(0)))
        item = self._items.get(id_)
        if item is None or amount != transaction.amount or not self._fits(item, transaction):
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

    def _evidence(self, transaction: Transaction) -> _Evidence:
        open_hits: dict[int, Hit] = {}
        settled_hits: dict[int, Hit] = {}
        for hit in self._numbers.find(transaction.text):
            if not isinstance(hit.key, int):
                settled_hits[hit.key[1]] = hit  # type: ignore[index]
            elif self._items[hit.key].outstanding:
                open_hits[hit.key] = hit
            else:
                settled_hits[-1 - hit.key] = hit
        return _Evidence(
            transaction,
            open_hits,
            settled_hits,
            names.words(transaction.name),
            self._payers.get(transaction.iban, {}) if transaction.iban else {},
            {},
            OTHER_PURPOSES.search(transaction.text) is not None
            or not (open_hits or settled_hits or not mentions_document(transaction.text)),
        )

    def _settled_document(self, key: int) -> SettledDocument:
        """The paid document of a hit; a negative key is an item that this run paid."""
        if key >= 0:
            return self._settled[key]
        item = self._items[-1 - key]
        return SettledDocument(item.number, item.partner_id, item.partner_name)

    def _fits(self, item: OpenItem, transaction: Transaction) -> bool:
        return item.currency == transaction.currency and item.outstanding * transaction.amount > 0

    def _candidates(self, evidence: _Evidence) -> list[OpenItem]:
        """Items worth a look: named, of the same amount, or of the payer."""
        transaction = evidence.transaction
        partners = set(evidence.payers) | self._partners_named_like(evidence.payer_words)
        found = dict.fromkeys(evidence.open_hits)
        for cents in (Decimal(0), CENTS / 2, CENTS, -CENTS / 2, -CENTS):
            same = self._by_amount.get((transaction.currency, transaction.amount + cents), {})
            if len(same) <= MOST_WITH_AMOUNT:
                found.update(same)
            else:
                found.update((id_, None) for id_ in same if self._items[id_].partner_id in partners)
        for partner in partners:
            owed = sorted(
                (self._items[id_] for id_ in self._by_partner[partner]),
                key=lambda item: (item.due_on or date.max, item.id),
            )
            fitting = [item.id for item in owed if self._fits(item, transaction)]
            found.update(dict.fromkeys(fitting[:MOST_OF_PARTNER]))
        return [item for id_ in found if self._fits(item := self._items[id_], transaction)]

    def _partners_named_like(self, words: tuple[str, ...]) -> set[int]:
        """Partners that share a telling word with the payer."""
        found: set[int] = set()
        for word in words:
            sharing = self._by_word.get(word, set())
            if len(word) > 2 and len(sharing) <= MOST_WITH_AMOUNT:
                found |= sharing
        return found

    def _single(self, item: OpenItem, evidence: _Evidence, together: set[int]) -> Proposal:
        transaction = evidence.transaction
        hit = evidence.open_hits.get(item.id)
        points, reasons, against = judge_number(hit)
        amount_points, amount_reason, amount_against = judge_amount(
            transaction.amount, item.outstanding
        )
        reasons += amount_reason
        against += amount_against
        payer_points, payer_reasons, payer_against = self._judge_payer(item.partner_id, evidence)
        exact = transaction.amount == item.outstanding
        if hit is None and exact and payer_points and self._only_one(item):
            payer_points += 25
            payer_reasons.append("Einziger offener Posten des Kunden mit diesem Betrag")
            if evidence.payers.get(item.partner_id, 0) >= 3:
                payer_points += 10
        score = min(FULL, points + amount_points + payer_points)
        against += payer_against + self._other_documents({item.id}, evidence)
        if item.issued_on and item.issued_on > transaction.booked_on:
            against.append("Die Rechnung ist jünger als die Zahlung")
        if item.id in together:
            against.append("Der Text nennt mehrere Rechnungen")
        paid = min(abs(transaction.amount), abs(item.outstanding))
        paid = paid if transaction.amount > 0 else -paid
        return Proposal(
            ((item, paid),),
            item.partner_id,
            item.partner_name,
            score,
            tuple(reasons + payer_reasons),
            tuple(dict.fromkeys(against)),
            transaction.amount - paid,
        )

    def _only_one(self, item: OpenItem) -> bool:
        same = self._by_amount[item.currency, item.outstanding]
        return sum(self._items[id_].partner_id == item.partner_id for id_ in same) == 1

    def _judge_payer(
        self, partner_id: int, evidence: _Evidence
    ) -> tuple[int, list[str], list[str]]:
        points, reasons, against = 0, [], []
        count = evidence.payers.get(partner_id, 0)
        likeness = evidence.likeness.get(partner_id)
        if likeness is None:
            likeness = names.similarity(evidence.payer_words, self._names.get(partner_id, ()))
            evidence.likeness[partner_id] = likeness
        if count:
            points = 25
            reasons.append(f"IBAN bekannt seit {count} Zahlungen" if count > 1 else "IBAN bekannt")
        elif evidence.payers:
            against.append("Die IBAN gehört zu einem anderen Kunden")
        if likeness >= 95:
            points, reasons = max(points, 20) + 3, [*reasons, "Name stimmt überein"]
        elif likeness >= 75:
            extra = 15 if likeness >= 85 else 8
            points = max(points, extra)
            reasons.append(f"Name ähnlich ({likeness} %)")
        return points, reasons, against

    def _other_documents(self, items: set[int], evidence: _Evidence) -> list[str]:
        """What the text names besides these items."""
        against = [
            f"Der Text nennt {document.number}, das schon ausgeglichen ist"
            for key, other in evidence.settled_hits.items()
            if is_firm(other) and (document := self._settled_document(key))
        ]
        if not any(is_firm(evidence.open_hits[id_]) for id_ in items & set(evidence.open_hits)):
            against += [
                f"Der Text nennt {self._items[id_].number}"
                for id_, other in evidence.open_hits.items()
                if id_ not in items and is_firm(other)
            ]
            if evidence.is_for_something_else:
                against.append("Der Text nennt etwas anderes")
        return against

    def _several(self, evidence: _Evidence) -> Proposal | None:
        """One proposal for all invoices that the text names, where there are several."""
        transaction = evidence.transaction
        named = [
            (self._items[id_], hit)
            for id_, hit in evidence.open_hits.items()
            if self._fits(self._items[id_], transaction)
        ]
        firm = [(item, hit) for item, hit in named if is_firm(hit)]
        items = [item for item, _ in firm]
        if len(items) < 2:
            return None
        total = sum((item.outstanding for item in items), Decimal(0))
        amount_points, reasons, against = judge_amount(transaction.amount, total, of="Summe")
        worst = min(NUMBER_POINTS[hit.spelling] for _, hit in firm)
        first = min(items, key=lambda item: (item.due_on or date.max, item.id))
        payer_points, payer_reasons, payer_against = self._judge_payer(first.partner_id, evidence)
        against += payer_against
        against += self._other_documents({item.id for item in items}, evidence)
        if len({item.partner_id for item in items}) > 1:
            against.append("Die Rechnungen gehören verschiedenen Kunden")
        if transaction.amount != total:
            against.append("Die Summe der genannten Rechnungen passt nicht zum Betrag")
        if any(hit.unsure for _, hit in firm):
            against.append("Die Rechnungsnummer ist nicht eindeutig")
        if any(item.issued_on and item.issued_on > transaction.booked_on for item in items):
            against.append("Eine Rechnung ist jünger als die Zahlung")
        allocations, rest = spread(transaction.amount, items)
        return Proposal(
            allocations,
            first.partner_id,
            first.partner_name,
            min(FULL, worst + amount_points + payer_points),
            (f"{len(items)} Rechnungsnummern genannt", *reasons, *payer_reasons),
            tuple(dict.fromkeys(against)),
            rest,
        )

    def _credit(self, evidence: _Evidence, others: Sequence[Proposal]) -> Proposal | None:
        """Money for a document that is paid already: a credit of its partner, for a person."""
        transaction = evidence.transaction
        firm = [key for key, hit in evidence.settled_hits.items() if is_firm(hit)]
        named = any(evidence.open_hits.get(item.id) for other in others for item in other.items)
        if not firm or named or transaction.amount < 0:
            return None
        document = self._settled_document(firm[0])
        points, reasons, _ = self._judge_payer(document.partner_id, evidence)
        return Proposal(
            (),
            document.partner_id,
            document.partner_name,
            min(FULL, 50 + points),
            (f"{document.number} ist schon ausgeglichen", *reasons),
            ("Der Betrag ist eine Überzahlung",),
            transaction.amount,
        )


def _rank(proposal: Proposal) -> tuple[object, ...]:
    first = proposal.items[0] if proposal.items else None
    due = first.due_on if first and first.due_on else date.max
    return (-proposal.score, len(proposal.against), due, first.id if first else 0)


def _mark_ties(proposals: list[Proposal]) -> list[Proposal]:
    """Where two proposals are equally good, neither is automatic."""
    if len(proposals) < 2 or proposals[0].score > proposals[1].score:
        return proposals
    best = [proposal for proposal in proposals if proposal.score == proposals[0].score]
    if sum(not proposal.against for proposal in best) < 2:
        return proposals
    note = "Ein anderer Vorschlag ist genauso gut"
    return [
        replace(proposal, against=(*proposal.against, note)) if proposal in best else proposal
        for proposal in proposals
    ]
