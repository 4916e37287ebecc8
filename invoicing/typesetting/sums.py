"""What stands under the lines: the totals, why a part bears no VAT, and advances deducted."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from invoicing.einvoice.model import EInvoice, VatBreakdown
from invoicing.remittance import CREDIT_NOTE
from invoicing.typesetting.items import UNTAXED, ZERO
from invoicing.words import Words

if TYPE_CHECKING:
    from invoicing.typesetting import Presentation


def totals(invoice: EInvoice, presentation: "Presentation", say: Words) -> Iterator[dict[str, str]]:
    """The rows under the table: net, VAT by rate, gross, and what is left to pay."""
    amounts = invoice.totals
    gross_first = bool(presentation.gross_prices) and not invoice.allowances
    if not gross_first:
        yield from _net_and_vat(invoice, say)
    credited = invoice.type_code == CREDIT_NOTE
    label = say(
        "Zu Ihren Gunsten in {currency}" if credited else "Gesamtbetrag in {currency}",
        currency=invoice.currency,
    )
    rounded = amounts.tax_inclusive + (amounts.rounding or ZERO)
    if gross_first:
        yield _total(label, rounded, say, "gross")
        for vat in _taxed(invoice):
            yield _total(_vat_label(vat, invoice, say, inside=True), vat.tax_amount, say)
    else:
        yield _total(label, amounts.tax_inclusive, say, "gross")
    yield from _in_tax_currency(invoice, say)
    if amounts.prepaid:
        deducted = "abzüglich Abschlagsrechnungen" if presentation.advances else "bereits gezahlt"
        yield _total(say(deducted), -amounts.prepaid, say)
    if amounts.rounding and not gross_first:
        yield _total(say("Rundung"), amounts.rounding, say)
    if amounts.payable != (rounded if gross_first else amounts.tax_inclusive):
        label = say("Zu zahlen in {currency}", currency=invoice.currency)
        yield _total(label, amounts.payable, say, "gross")


def remarks(invoice: EInvoice, presentation: "Presentation", say: Words) -> Iterator[str]:
    """The rate of exchange, and why a part bears no VAT (§ 14 (4) no. 8 UStG), each once."""
    if exchange := presentation.exchange:
        yield say(
            "Umgerechnet mit 1 EUR = {rate} {currency} vom {day} ({source}).",
            rate=say.number(exchange.rate, 4, most=6),
            currency=invoice.currency,
            day=say.date(exchange.on),
            source=exchange.source,
        )
    stated = (
        say.exemption(vat) for vat in invoice.vat_breakdown if vat.reason or vat.category in UNTAXED
    )
    yield from (reason for reason in dict.fromkeys(stated) if reason not in invoice.notes)


def advances(invoice: EInvoice, presentation: "Presentation", say: Words) -> dict[str, Any] | None:
    """The advance invoices that a final invoice deducts, each with its VAT (§ 14 (5) UStG)."""
    found = presentation.advances
    if not found:
        return None
    symbol = say.symbol(invoice.currency)
    return {
        "title": say("Bereits berechnete Abschläge"),
        "columns": [
            say("Rechnung"),
            say("Datum"),
            f"{say('Netto')} {symbol}",
            f"{say('USt')} {symbol}",
            f"{say('Brutto')} {symbol}",
        ],
        "rows": [
            [one.number, say.date(one.issued_on), *map(say.amount, (one.net, one.tax, one.gross))]
            for one in found
        ],
        "sum": [
            say("Summe der Abschläge"),
            *(
                say.amount(sum((getattr(one, name) for one in found), ZERO))
                for name in ("net", "tax", "gross")
            ),
        ],
    }


def _net_and_vat(invoice: EInvoice, say: Words) -> Iterator[dict[str, str]]:
    if invoice.allowances:
        yield _total(say("Summe der Positionen"), invoice.totals.line_total, say)
    for item in invoice.allowances:
        word = say("Zuschlag" if item.charge else "Rabatt")
        share = f" {say.percent(item.percent)}" if item.percent else ""
        reason = f" ({item.reason})" if item.reason not in ("", "Rabatt", "Zuschlag") else ""
        yield _total(f"{word}{share}{reason}", item.amount if item.charge else -item.amount, say)
    if list(_taxed(invoice)):
        yield _total(say("Nettobetrag"), invoice.totals.tax_exclusive, say, "net")
        for vat in invoice.vat_breakdown:
            yield _total(_vat_label(vat, invoice, say), vat.tax_amount, say)


def _taxed(invoice: EInvoice) -> Iterator[VatBreakdown]:
    return (vat for vat in invoice.vat_breakdown if vat.category not in UNTAXED)


def _vat_label(vat: VatBreakdown, invoice: EInvoice, say: Words, *, inside: bool = False) -> str:
    """Every rate and every exemption with its base (§ 14 (4) no. 7 and 8 UStG)."""
    base = say.money(vat.taxable_amount, invoice.currency)
    if vat.category in UNTAXED:
        return say("Ohne Umsatzsteuer {base}", base=base)
    text = "darin Umsatzsteuer {rate} auf {base}" if inside else "Umsatzsteuer {rate} auf {base}"
    return say(text, rate=say.percent(vat.rate or ZERO), base=base)


def _in_tax_currency(invoice: EInvoice, say: Words) -> Iterator[dict[str, str]]:
    """The VAT in the currency that it is declared in (BT-111, § 16 (6) UStG)."""
    tax = invoice.totals.tax_total_accounting
    if tax is not None and invoice.tax_currency:
        label = say("Umsatzsteuer in {currency}", currency=invoice.tax_currency)
        yield _total(label, tax, say, "aside")


def _total(label: str, amount: Decimal, say: Words, kind: str = "") -> dict[str, str]:
    return {"label": label, "amount": say.amount(amount), "kind": kind}
