"""What the draft page says beside the form: totals, reasons for 0 %, and what the gate finds."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from invoicing import checking, gate, skonto
from invoicing.assembling import Parts
from invoicing.checking import ErrorClass
from invoicing.deducting import deducted
from invoicing.einvoice.report import Finding, FindingClass, Level
from invoicing.exchanging import exchange_of, payable_in_euro, vat_in_euro
from invoicing.forms.draft import DraftEditor
from invoicing.gathering import Sources
from invoicing.letter import Exchange
from invoicing.models import Invoice
from invoicing.totalling import totals_of, without_advances
from invoicing.totals import DocumentTotals
from workmate.models import Company, TaxCase

LABELS = {
    "kind": "Art",
    "customer": "Kunde",
    "valid_until": "Gültig bis",
    "supply_date": "Leistungsdatum",
    "supply_start": "Leistung von",
    "supply_end": "Leistung bis",
    "payment_terms_days": "Zahlungsziel",
    "buyer_reference": "Leitweg-ID",
    "order_reference": "Bestellnummer",
    "cash_discounts": "Skonto",
    "payment_means": "Zahlungsweg",
    "card_number": "Karte",
    "payee_name": "Zahlungsempfänger",
    "payee_iban": "IBAN des Empfängers",
    "delivery_name": "Lieferanschrift",
    "delivery": "Lieferanschrift",
    "adjustments": "Rabatte und Zuschläge",
    "advances": "Abschlagsrechnungen",
    "currency": "Währung",
    "exchange_source": "Quelle des Kurses",
    "lines": "Positionen",
}
ANCHORS = {
    "lines": "positionen",
    "adjustments": "rabatte",
    "delivery": "id_delivery_name",
    "advances": "abschlaege",
}


@dataclass(frozen=True, kw_only=True)
class Hint:
    """A finding with the way to the field that it concerns: on this page or on another."""

    text: str
    advice: str
    level: Level
    rule: str = ""
    class_: FindingClass = FindingClass.CONTENT
    href: str = ""
    link: str = ""
    path: str = ""

    @property
    def tone(self) -> str:
        return "negative" if self.level.invalidates else "attention"

    @property
    def is_here(self) -> bool:
        return self.href.startswith("#")


@dataclass(frozen=True, kw_only=True)
class ZeroRate:
    """Why a part of the document bears no VAT."""

    case: TaxCase
    base: Decimal


@dataclass(frozen=True, kw_only=True)
class InEuro:
    """What a document in a foreign currency comes to in the books."""

    exchange: Exchange
    vat: Decimal
    payable: Decimal

    @classmethod
    def of(cls, invoice: Invoice, totals: DocumentTotals, on: datetime.date) -> "InEuro | None":
        exchange = exchange_of(invoice, on)
        if exchange is None:
            return None
        return cls(
            exchange=exchange,
            vat=vat_in_euro(totals, exchange),
            payable=payable_in_euro(totals, exchange),
        )


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Totals and hints for a draft as it stands in the form."""

    totals: DocumentTotals
    supplied: Decimal  # net, before a final invoice deducts advances
    prices_gross: bool
    currency: str
    euro: InEuro | None  # in a foreign currency, once a rate is known
    steps: Sequence[tuple[datetime.date, Decimal]]  # Skonto: last day, what is to be paid
    sums: Sequence[tuple[int, Decimal]]  # row of the form, sum of its line as it is written
    zero_rates: Sequence[ZeroRate]
    hints: Sequence[Hint] = field(default_factory=tuple)
    verdict: gate.Verdict | None = None  # none before the company is set up

    @property
    def groups(self) -> list[tuple[ErrorClass, list[Hint]]]:
        return grouped(self.hints)

    @property
    def errors(self) -> int:
        return sum(hint.tone == "negative" for hint in self.hints)

    @property
    def deducted(self) -> Decimal:
        """Net of the advances that a final invoice deducts."""
        return self.supplied - self.totals.net

    @property
    def heading(self) -> str:
        if not self.hints:
            return "Prüfung: alles in Ordnung"
        rest = len(self.hints) - self.errors
        words = [f"{self.errors} Fehler"] if self.errors else []
        if rest:
            words.append(f"{rest} Hinweis{'e' if rest > 1 else ''}")
        return f"Prüfung: {', '.join(words)}"


def judgement(
    invoice: Invoice, parts: Parts, editor: DraftEditor, *, on: datetime.date
) -> Judgement:
    """What page and gate say to this draft, which need not be stored."""
    rows = editor.rows()
    if len(rows) != len(parts.lines):
        rows = list(range(len(parts.lines)))
    supply = totals_of(invoice, parts.lines, parts.adjustments)
    totals = without_advances(supply, tuple(map(deducted, parts.advances)))
    verdict = _verdict(invoice, parts, on)
    items = [row for row, line in zip(rows, parts.lines, strict=True) if line.is_item]
    return Judgement(
        totals=totals,
        supplied=supply.net,
        prices_gross=invoice.prices_gross,
        currency=invoice.currency,
        euro=InEuro.of(invoice, totals, on),
        steps=skonto_steps(invoice, totals, on),
        sums=[(row, found.shown) for row, found in zip(items, totals.lines, strict=True)],
        zero_rates=_zero_rates(parts, totals),
        hints=hints(invoice, verdict, rows),
        verdict=verdict,
    )


def skonto_steps(
    invoice: Invoice, totals: DocumentTotals, on: datetime.date
) -> list[tuple[datetime.date, Decimal]]:
    """Until when how much is to be paid, were the draft issued on that day."""
    return [
        (step.until(on), totals.payable - step.amount(totals.payable))
        for step in skonto.steps(invoice.cash_discounts)
    ]


def grouped(found: Sequence[Hint]) -> list[tuple[ErrorClass, list[Hint]]]:
    """The hints by class of error, classes without any left out."""
    groups = [(one, [hint for hint in found if hint.class_ == one.key]) for one in checking.CLASSES]
    return [(one, some) for one, some in groups if some]


def elsewhere(invoice: Invoice, found: Sequence[Hint]) -> list[Hint]:
    """The hints on another page than the draft's: their links lead to the draft first."""
    address = reverse("invoicing:draft", args=[invoice.pk])
    return [replace(one, href=f"{address}{one.href}") if one.is_here else one for one in found]


def _verdict(invoice: Invoice, parts: Parts, on: datetime.date) -> gate.Verdict | None:
    if not Company.objects.exists():
        return None
    sources = Sources.of(invoice, parts.lines, parts.adjustments, parts.advances)
    return gate.judge(sources, number="ENTWURF", issue_date=on, whole=False)


def hints(invoice: Invoice, verdict: gate.Verdict | None, rows: Sequence[int]) -> list[Hint]:
    """The findings, errors first, each with its way to the field."""
    if verdict is None:
        return [
            Hint(
                text="Ihr Unternehmen ist noch nicht eingerichtet.",
                advice="Tragen Sie zuerst Firma, Anschrift und Steuernummer ein.",
                level=Level.ERROR,
                href=reverse("settings"),
                link="Zu den Einstellungen",
            )
        ]
    shown = [_hint(invoice, finding, rows) for finding in verdict.findings]
    return sorted(shown, key=lambda hint: hint.tone != "negative")


def _hint(invoice: Invoice, finding: Finding, rows: Sequence[int]) -> Hint:
    href, link = way_to(invoice, finding.field, rows)
    return Hint(
        text=finding.text,
        advice=finding.advice,
        level=finding.level,
        rule=finding.rule,
        class_=finding.class_,
        href=href,
        link=link,
        path=finding.field,
    )


def way_to(invoice: Invoice, path: str, rows: Sequence[int]) -> tuple[str, str]:
    """Address and words of the link to a field such as `lines.0.unit` or `customer.city`."""
    parts = path.split(".")
    if parts[0] == "lines" and len(parts) == 3 and int(parts[1]) < len(rows):
        return f"#id_lines-{rows[int(parts[1])]}-{parts[2]}", f"Position {int(parts[1]) + 1}"
    if parts[0] == "customer" and len(parts) == 2 and invoice.customer:
        address = reverse("invoicing:customer-edit", args=[invoice.customer.pk])
        back = reverse("invoicing:draft", args=[invoice.pk]) if invoice.pk else ""
        query = f"?{urlencode({'weiter': back})}" if back else ""
        return f"{address}{query}#id_{parts[1]}", "Kunde bearbeiten"
    if parts[0] == "exchange_rate":
        month = invoice.tax_day(localdate())
        query = urlencode({"waehrung": invoice.currency, "monat": f"{month:%Y-%m}"})
        return f"{reverse('exchange_rates')}?{query}", "Zu den Umrechnungskursen"
    if parts[0] == "company":
        if parts[-1] == "iban":
            return reverse("banking:accounts"), "Zu den Bankkonten"
        return f"{reverse('settings')}#id_{parts[-1]}", "Zu den Einstellungen"
    if parts[0] in LABELS:
        return f"#{ANCHORS.get(parts[0], f'id_{parts[0]}')}", LABELS[parts[0]]
    return "", ""


def _zero_rates(parts: Parts, totals: DocumentTotals) -> list[ZeroRate]:
    bases: dict[int, ZeroRate] = {}
    items = [line for line in parts.lines if line.is_item]
    for line, amounts in zip(items, totals.lines, strict=True):
        case = line.tax_case
        if case is None or case.rate:
            continue
        before = bases[case.pk].base if case.pk in bases else Decimal(0)
        bases[case.pk] = ZeroRate(case=case, base=before + amounts.net)
    return list(bases.values())
