"""The open items of all partners, laid out for questions: by number, amount, payer and name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from banking import names
from banking.numbers import Hit, NumberIndex
from banking.proposals import OpenItem, SettledDocument, Transaction
from banking.scoring import LEAST_LIKENESS

# An amount that so many have in common says nothing without the payer.
MOST_WITH_AMOUNT = 8
# Items of one payer that are looked at, and summed up, the oldest first.
MOST_OF_PARTNER = 12
# A word that so many names share tells nobody apart.
MOST_WITH_WORD = 30

_NEAR = (0, 1, 2, -1, -2)  # cents, nearest first
_Amounts = dict[tuple[str, int], dict[int, None]]  # by currency and cents


class Index:
    """Open items and settled documents; built once for many transactions."""

    def __init__(self, items: Iterable[OpenItem], settled: Iterable[SettledDocument]) -> None:
        self.items: dict[int, OpenItem] = {}
        self._settled: list[SettledDocument] = []
        self._numbers = NumberIndex()
        self._by_amount: _Amounts = defaultdict(dict)
        self._less_skonto: _Amounts = defaultdict(dict)
        self._by_partner: dict[int, list[OpenItem]] = defaultdict(list)
        self._by_name: dict[tuple[str, ...], set[int]] = defaultdict(set)
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._payers: dict[str, dict[int, int]] = defaultdict(dict)
        self._names: dict[int, tuple[str, ...]] = {}
        for item in items:
            self._add(item)
        for own in self._by_partner.values():
            own.sort(key=by_age)
        for document in settled:
            self._numbers.add(document.number, ("settled", len(self._settled)))
            self._settled.append(document)

    def _add(self, item: OpenItem) -> None:
        self.items[item.id] = item
        self._by_partner[item.partner_id].append(item)
        self._numbers.add(item.number, item.id)
        self._add_amounts(item)
        for iban, count in item.known_ibans.items():
            self._payers[iban][item.partner_id] = count
        if item.partner_id not in self._names:
            words = self._names[item.partner_id] = names.words(item.partner_name)
            self._by_name[words].add(item.partner_id)
            for word in words:
                self._by_word[word].add(item.partner_id)

    def _add_amounts(self, item: OpenItem) -> None:
        self._by_amount[item.currency, _cents(item.outstanding)][item.id] = None
        for _, kept in item.skonto:
            self._less_skonto[item.currency, _cents(item.outstanding - kept)][item.id] = None

    def settle(self, item_id: int, amount: Decimal) -> None:
        """Note that an item was paid by that much, so that a second transfer finds it paid."""
        item = self.items[item_id]
        del self._by_amount[item.currency, _cents(item.outstanding)][item_id]
        for _, kept in item.skonto:
            less = _cents(item.outstanding - kept)
            self._less_skonto[item.currency, less].pop(item_id, None)
        paid = replace(item, outstanding=item.outstanding - amount, skonto=())
        own = self._by_partner[item.partner_id]
        own[next(at for at, one in enumerate(own) if one.id == item_id)] = paid
        self.items[item_id] = paid
        if paid.outstanding:
            self._add_amounts(paid)

    def hits(self, text: str) -> tuple[dict[int, Hit], list[tuple[SettledDocument, Hit]]]:
        """The open items that a text names, by id, and the settled documents."""
        named: dict[int, Hit] = {}
        settled = []
        for hit in self._numbers.find(text):
            if not isinstance(hit.key, int):
                settled.append((self._settled[hit.key[1]], hit))  # type: ignore[index]
            elif (item := self.items[hit.key]).outstanding:
                named[item.id] = hit
            else:
                paid = SettledDocument(item.number, item.partner_id, item.partner_name)
                settled.append((paid, hit))
        return named, settled

    def payers(self, iban: str) -> Mapping[int, int]:
        """The partners that were seen to pay from this IBAN, and how often."""
        return self._payers.get(iban, {}) if iban else {}

    def likeness(self, words: tuple[str, ...], partner_id: int) -> int:
        """Percent of agreement between a payer's name and a partner's; 0 where it is none."""
        own = self._names.get(partner_id, ())
        if words and words == own:
            return 100
        return names.similarity(words, own, least=LEAST_LIKENESS)

    def named(self, words: tuple[str, ...]) -> set[int]:
        """The partners that bear just this name."""
        return self._by_name.get(words, set()) if words else set()

    def named_like(self, words: tuple[str, ...]) -> set[int]:
        """The partners whose name is like this one and shares a telling word with it."""
        sharing: set[int] = set()
        for word in words:
            some = self._by_word.get(word, set())
            if len(word) > 2 and len(some) <= MOST_WITH_WORD:
                sharing |= some
        return {one for one in sharing if self.likeness(words, one)}

    def of_amount(self, transaction: Transaction, partners: set[int]) -> dict[int, None]:
        """Items of this amount, to the cent or two, or less their Skonto.

        Where many have it in common only those of the partners, who may be the payers.
        """
        found: dict[int, None] = {}
        currency, amount = transaction.currency, _cents(transaction.amount)
        for amounts in (self._by_amount, self._less_skonto):
            for cents in _NEAR:
                same = amounts.get((currency, amount + cents))
                if same is None:
                    continue
                if len(same) <= MOST_WITH_AMOUNT:
                    found.update(same)
                    continue
                for partner in partners:
                    own = (item.id for item in self._by_partner.get(partner, ()))
                    found.update((id_, None) for id_ in own if id_ in same)
        return found

    def owed(self, partner_id: int, transaction: Transaction) -> list[OpenItem]:
        """What a partner owes that the transaction can pay, the oldest first."""
        own = self._by_partner.get(partner_id, ())
        return [one for one in own if fits(one, transaction)][:MOST_OF_PARTNER]

    def is_only_one(self, item: OpenItem) -> bool:
        """Whether its partner has no other open item of the same amount."""
        own = self._by_partner[item.partner_id]
        return sum(one.outstanding == item.outstanding for one in own) == 1


def _cents(amount: Decimal) -> int:
    return int(amount * 100)


def fits(item: OpenItem, transaction: Transaction) -> bool:
    """Whether they have the same sign and currency."""
    return item.currency == transaction.currency and item.outstanding * transaction.amount > 0


def by_age(item: OpenItem) -> tuple[date, int]:
    """Sorts the oldest claim first."""
    return item.due_on or date.max, item.id
