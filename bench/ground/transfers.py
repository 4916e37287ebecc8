"""Transfers with their truth: what a year of a German company's bank account looks like.

Knows nothing of the matcher but the shape of what it is told. The same seed gives the same books.
`Case.pays` is what a person would book, by id of the open item; empty where nothing open is meant.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from banking.proposals import OpenItem, SettledDocument, Transaction

TODAY = date(2026, 11, 20)
CENT = Decimal("0.01")
FLAT = tuple(map(Decimal, ("119.00", "59.50", "1190.00", "238.00", "49.90", "357.00", "89.25")))
SURNAMES = """
 Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer
 Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange
 Krause Lehmann Köhler Maier König Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung
 Hahn Vogel Friedrich Günther Keller Schubert Frank Berger Winkler Roth Beck Lorenz Baumann
""".split()
FIRST_NAMES = "Anna Peter Jürgen Sabine Klaus Monika Lukas Julia Stefan Petra Björn Käthe".split()
TRADES = """Bau Elektro Metallbau Gartenbau Logistik Software Consulting Druck Möbel Heizung Dach
 Immobilien Spedition Catering Medien Maschinenbau Reinigung Holz Solar Autohaus""".split()
TOWNS = "Köln Bonn Ulm Kiel Lübeck Münster Jena Mainz Görlitz Fürth".split()
FORMS = ("GmbH", "GmbH & Co. KG", "AG", "UG (haftungsbeschränkt)", "e.K.", "OHG", "KG", "GbR")
PHRASES = ("", "Rechnung ", "Rechnung Nr. ", "RG ", "Rg.-Nr. ", "Re.Nr.: ", "SVWZ+", "Rechn. ")
TAILS = (
    "",
    " vielen Dank",
    " vom {day}",
    ", Kd.-Nr. {customer}",
    " {customer}",
    " Danke!",
    " {town}",
)
POLITE = ("Danke", "", "Überweisung", "Zahlung", "wie besprochen", "Rechnung", "Kd. {customer}")
UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "AE", "Ö": "OE", "Ü": "UE", "&": "+"}
)


@dataclass(frozen=True, slots=True)
class Case:
    """A transfer, the class that it belongs to and what it truly pays, Skonto included."""

    transaction: Transaction
    kind: str
    pays: dict[int, Decimal]
    skonto: dict[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Customer:
    """Who owes: its IBAN may be one that has paid before, and often."""

    id: int
    name: str
    iban: str
    seen: int


@dataclass(frozen=True)
class Books:
    """What is open and what is settled before the statement comes in."""

    items: list[OpenItem]
    settled: list[SettledDocument]
    customers: dict[int, Customer]


def books(seed: int, number: int) -> Books:
    """So many open items of a fifth as many customers, some credits among them."""
    chance = random.Random(f"books {seed}")
    customers = {n: _customer(chance, n) for n in range(1, number // 5 + 2)}
    items = [
        _item(chance, n, chance.choice(list(customers.values()))) for n in range(1, number + 1)
    ]
    settled = [
        SettledDocument(_number(chance, number + n), one.id, one.name)
        for n, one in enumerate(chance.choices(list(customers.values()), k=number), start=1)
    ]
    return Books(items, settled, customers)


def cases(seed: int, owed: Books, number: int) -> Iterator[Case]:
    """So many transfers over these books, each as if it were the only one."""
    return _Writer(random.Random(f"cases {seed}"), owed).write(number)


def _customer(chance: random.Random, number: int) -> Customer:
    surname = chance.choice(SURNAMES)
    name = chance.choice(
        (
            f"{chance.choice(FIRST_NAMES)} {surname}",
            f"{surname} {chance.choice(TRADES)} {chance.choice(FORMS)}",
            f"{surname} & {chance.choice(SURNAMES)} {chance.choice(FORMS)}",
            f"{chance.choice(TRADES)} {chance.choice(TOWNS)} {chance.choice(FORMS)}",
        )
    )
    seen = chance.choice((0, 0, 1, 2, 3, 5, 12))
    return Customer(number, name, f"DE{chance.randrange(10**19, 10**20)}", seen)


def _number(chance: random.Random, count: int) -> str:
    """Three ways of numbering, as a company has that changed its software twice."""
    style = count % 10
    if style < 7:
        return f"RE-{2026 - count % 3 // 2}-{count:04d}"
    return f"2026/{count}" if style < 9 else f"R{10_000 + count}"


def _item(chance: random.Random, number: int, customer: Customer) -> OpenItem:
    amount = chance.choice(FLAT) if chance.random() < 0.15 else _amount(chance)
    issued = TODAY - timedelta(days=chance.randrange(5, 120))
    credit = number % 40 == 0
    terms = ()
    if not credit and chance.random() < 0.2:
        percent = chance.choice((2, 3))
        until = issued + timedelta(days=chance.choice((8, 10, 14)) + 3)
        terms = ((until, (amount * percent / 100).quantize(CENT)),)
    return OpenItem(
        id=number,
        number=f"KR-2026-{number:04d}" if credit else _number(chance, number),
        partner_id=customer.id,
        partner_name=customer.name,
        outstanding=-amount if credit else amount,
        due_on=issued + timedelta(days=14),
        issued_on=issued,
        known_ibans={customer.iban: customer.seen} if customer.seen else {},
        skonto=terms,
    )


def _amount(chance: random.Random) -> Decimal:
    return Decimal(str(round(chance.lognormvariate(6.2, 1.1), 2))).quantize(CENT) + CENT


class _Writer:
    """Writes transfers of every class in the mix of a usual account."""

    def __init__(self, chance: random.Random, owed: Books) -> None:
        self.chance = chance
        self.books = owed
        self.claims = [item for item in owed.items if item.outstanding > 0]
        self.with_terms = [item for item in self.claims if item.skonto]
        self.by_partner: dict[int, list[OpenItem]] = {}
        for item in owed.items:
            self.by_partner.setdefault(item.partner_id, []).append(item)
        self.regular = [item for item in self.claims if item.known_ibans]
        self.mix: dict[Callable[[], Case], int] = {
            self.exact: 300,
            self.noisy: 160,
            self.without_number: 90,
            self.several: 60,
            self.partial: 40,
            self.with_skonto: 70,
            self.too_much: 20,
            self.fee_short: 15,
            self.third_party: 40,
            self.credit_netted: 15,
            self.transposed: 10,
            self.sum_of_some: 20,
            self.same_amount_only: 20,
            self.return_debit: 15,
            self.payout: 15,
            self.unrelated: 60,
            self.other_document: 30,
            self.settled_quoted: 20,
        }

    def write(self, number: int) -> Iterator[Case]:
        kinds = self.chance.choices(list(self.mix), list(self.mix.values()), k=number)
        return (kind() for kind in kinds)

    # What pays

    def exact(self) -> Case:
        item = self._any(self.claims)
        return self._case("exact", item, self._phrase(item.number))

    def noisy(self) -> Case:
        item = self._any(self.claims)
        return self._case("noisy number", item, self._phrase(self._garbled(item.number)))

    def without_number(self) -> Case:
        item = self._any(self.regular)
        return self._case("no number", item, self._filled(self._any(POLITE), item))

    def several(self) -> Case:
        items = self._group(2, 4)
        glue = self._any((", ", " ", " und ", "; ", " + "))
        text = self._phrase(glue.join(item.number for item in items))
        return self._case("several invoices", items[0], text, items)

    def partial(self) -> Case:
        item = self._any([one for one in self._some(self.claims) if one.outstanding > 40])
        part = (item.outstanding * self.chance.choice((30, 40, 50, 60, 70)) / 100).quantize(CENT)
        text = self._phrase(item.number) + self._any((" Teilzahlung", " 1. Rate", ""))
        return self._case("partial", item, text, amount=part)

    def with_skonto(self) -> Case:
        item = self._any(self.with_terms)
        until, off = item.skonto[0]
        text = self._phrase(item.number) + self._any(("", " abzgl. Skonto", " ./. Skonto"))
        day = until - timedelta(days=self.chance.randrange(0, 5))
        case = self._case("Skonto", item, text, amount=item.outstanding - off, day=day)
        case.skonto[item.id] = off
        return case

    def too_much(self) -> Case:
        item = self._any(self.claims)
        more = item.outstanding + self.chance.choice((Decimal("0.50"), Decimal(10), Decimal(100)))
        case = self._case("overpayment", item, self._phrase(item.number), amount=more)
        case.pays[item.id] = item.outstanding
        return case

    def fee_short(self) -> Case:
        item = self._any([one for one in self._some(self.claims) if one.outstanding > 100])
        fee = self.chance.choice((Decimal("1.50"), Decimal(5), Decimal("12.50")))
        return self._case(
            "fee-short", item, self._phrase(item.number), amount=item.outstanding - fee
        )

    def third_party(self) -> Case:
        item = self._any(self.claims)
        payer = _customer(self.chance, 0)
        text = self._phrase(item.number) + self._any(("", " fuer {name}", " i.A. {name}"))
        text = text.replace("{name}", self._bank_name(item.partner_name))
        return self._case("third-party payer", item, text, payer=payer)

    def credit_netted(self) -> Case:
        credit = self._any([one for one in self.books.items if one.outstanding < 0])
        claims = [
            one
            for one in self.by_partner[credit.partner_id]
            if one.outstanding > -credit.outstanding
        ]
        if not claims:
            return self.exact()
        claim = self._any(claims)
        glue = self._any((" abzgl. ", " minus ", " ./. ", " abzgl. Gutschrift "))
        text = self._phrase(claim.number + glue + credit.number)
        return self._case("credit note", claim, text, [claim, credit])

    def transposed(self) -> Case:
        item = self._any(self.claims)
        digits = [at for at in range(1, len(item.number)) if self._pair(item.number, at)]
        if not digits:
            return self.exact()
        at = digits[-1]
        wrong = (
            item.number[: at - 1] + item.number[at] + item.number[at - 1] + item.number[at + 1 :]
        )
        return self._case("digits swapped", item, self._phrase(wrong))

    def sum_of_some(self) -> Case:
        items = self._group(2, 3)
        if not items[0].known_ibans:
            return self.without_number()
        return self._case("sum without numbers", items[0], self._any(("", "Rechnungen")), items)

    def same_amount_only(self) -> Case:
        item = self._any([one for one in self._some(self.claims) if one.outstanding in FLAT])
        stranger = Customer(0, "", "", 0)
        return self._case("same amount, nothing else", item, "Danke", payer=stranger)

    # What pays nothing that is open

    def return_debit(self) -> Case:
        item = self._any(self.claims)
        text = f"Rücklastschrift {item.number} AC06 Konto gesperrt"
        return self._nothing("return debit", -item.outstanding, text, self._payer(item))

    def payout(self) -> Case:
        text = f"STRIPE PAYOUT po_1{self.chance.randrange(10**9)}"
        payer = Customer(0, self._any(("Stripe Payments Europe", "PayPal Europe")), "", 0)
        return self._nothing("payout", _amount(self.chance) * 3, text, payer)

    def unrelated(self) -> Case:
        item = self._any(self.claims)
        amount = item.outstanding if self.chance.random() < 0.1 else _amount(self.chance)
        text = self._any(
            (
                f"Erstattung Vorgang {self.chance.randrange(10**6)}",
                f"Miete {self.chance.randrange(1, 13):02d}/2026",
                f"Vertrag 2026-{self.chance.randrange(9999)}",
                f"Steuererstattung USt 2026/{self.chance.randrange(1, 12)} StNr 143/815/08154",
                "Gesellschafterdarlehen",
                f"Kundennummer 2026{self.chance.randrange(9999):04d} Gutschrift Strom",
                f"AZ {self.chance.randrange(10**4)}-{self.chance.randrange(10**5)}",
            )
        )
        return self._nothing("unrelated", amount, text, _customer(self.chance, 0))

    def other_document(self) -> Case:
        """The customer's money and an amount that is open, but for something else."""
        item = self._any(self.regular)
        text = self._any(
            (
                f"Angebot 2026-{self.chance.randrange(9999):04d}",
                f"Anzahlung Auftrag {self.chance.randrange(9999)}",
                "Kaution",
                f"Rechnung 2025-A{self.chance.randrange(9999)}",
                f"RE-2027-{self.chance.randrange(9999):04d}",
                f"Bestellung {self.chance.randrange(10**6)}",
            )
        )
        return self._nothing("other document quoted", item.outstanding, text, self._payer(item))

    def settled_quoted(self) -> Case:
        item = self._any(self.regular)
        text = self._phrase(self._any(self.books.settled).number)
        return self._nothing("settled document quoted", item.outstanding, text, self._payer(item))

    # How it is written

    def _any(self, choices: Sequence) -> object:  # type: ignore[type-arg]
        return self.chance.choice(choices)

    def _some(self, items: list[OpenItem]) -> list[OpenItem]:
        return self.chance.choices(items, k=400)

    def _group(self, least: int, most: int) -> list[OpenItem]:
        """Some claims of one customer, none of them younger than the others' payment."""
        while True:
            first = self._any(self.claims)
            own = [one for one in self.by_partner[first.partner_id] if one.outstanding > 0]
            if len(own) >= least:
                return self.chance.sample(own, min(len(own), self.chance.randint(least, most)))

    def _payer(self, item: OpenItem) -> Customer:
        return self.books.customers[item.partner_id]

    def _case(
        self,
        kind: str,
        item: OpenItem,
        text: str,
        items: Sequence[OpenItem] = (),
        *,
        amount: Decimal | None = None,
        day: date | None = None,
        payer: Customer | None = None,
    ) -> Case:
        items = items or [item]
        due = sum((one.outstanding for one in items), Decimal(0))
        pays = {one.id: one.outstanding for one in items}
        if amount is not None:
            pays = {item.id: amount}
        return Case(
            self._transaction(
                due if amount is None else amount, text, payer or self._payer(item), day
            ),
            kind,
            pays,
        )

    def _nothing(self, kind: str, amount: Decimal, text: str, payer: Customer) -> Case:
        return Case(self._transaction(amount, text, payer, None), kind, {})

    def _transaction(
        self, amount: Decimal, text: str, payer: Customer, day: date | None
    ) -> Transaction:
        return Transaction(
            amount=amount,
            booked_on=day or TODAY,
            text=self._wrapped(self._filled_for(text, payer)),
            name=self._bank_name(payer.name),
            iban=payer.iban if self.chance.random() < 0.9 else "",
        )

    def _phrase(self, number: str) -> str:
        return self._any(PHRASES) + number + self._any(TAILS)

    def _filled(self, text: str, item: OpenItem) -> str:
        return self._filled_for(text, self._payer(item))

    def _filled_for(self, text: str, payer: Customer) -> str:
        day = TODAY - timedelta(days=self.chance.randrange(60))
        return (
            text.replace("{day}", f"{day:%d.%m.%Y}")
            .replace("{customer}", f"K{40_000 + payer.id}")
            .replace("{town}", self._any(TOWNS))
        )

    def _garbled(self, number: str) -> str:
        """As people type it: other separators, no prefix, lost zeros, O for 0, no year."""
        return self._any(
            (
                number.replace("-", " "),
                number.replace("-", ""),
                number.replace("-", "/"),
                number.replace("-", ".").replace("/", "-"),
                number.replace("RE-", "").replace("R", ""),
                number.replace("-0", "-").replace("-0", "-").replace("-0", "-"),
                number.lower(),
                number.replace("0", "O", 1),
                number.replace("-", " - "),
                number.replace("/", " / "),
            )
        )

    def _bank_name(self, name: str) -> str:
        """As a bank prints it: umlauts folded, in capitals, cut at 27 characters."""
        if self.chance.random() < 0.4:
            name = name.translate(UMLAUTS)
        if self.chance.random() < 0.4:
            name = name.upper()
        return name[:27] if self.chance.random() < 0.3 else name

    def _wrapped(self, text: str) -> str:
        """Some banks break a text after 27 characters, wherever that is."""
        if self.chance.random() < 0.12:
            return " ".join(text[at : at + 27] for at in range(0, len(text), 27))
        return text.upper() if self.chance.random() < 0.2 else text

    @staticmethod
    def _pair(number: str, at: int) -> bool:
        """Whether two different digits stand side by side here, not in the year."""
        left, right = number[at - 1], number[at]
        return left.isdigit() and right.isdigit() and left != right and at > len(number) - 4
