"""The public page of a document: what its customer sees without a login.

Whoever has the link may see it, so nothing is shown beyond the document itself and what is open
on it now. The link is a token of 160 random bits; an unknown one and a draft's are answered alike.
"""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from invoicing import qr, remittance, words
from invoicing.einvoice.model import EInvoice
from invoicing.models import Invoice, State
from invoicing.snapshot import Snapshot
from invoicing.typesetting import Presentation, sums
from payments.models import FirstView
from payments.public_words import Wording
from workmate.templatetags.workmate import iban

TONES = {
    State.OPEN: "info",
    State.PARTIAL: "attention",
    State.OVERDUE: "attention",
    State.PAID: "positive",
    State.CANCELLED: "neutral",
    State.CORRECTION: "neutral",
}
LONGEST = 40  # characters of a token


def find(token: str, *, on: datetime.date) -> Invoice | None:
    """The issued document with this token, with its state on that day; None for anything else."""
    found = Invoice.objects.issued().billing().with_state(on=on).filter(token=token[: LONGEST + 1])
    invoice: Invoice | None = found.select_related(
        "open_item", "pdf", "xml", "cancelled_by", "issued_by", "first_view"
    ).first()
    return invoice


def note_view(invoice: Invoice, *, at: datetime.datetime) -> None:
    """Remember the first look of a stranger; later ones change nothing."""
    if not hasattr(invoice, "first_view"):
        FirstView.objects.bulk_create(
            [FirstView(invoice=invoice, seen_at=at)], ignore_conflicts=True
        )


def language_of(invoice: Invoice) -> str:
    """The language in which the document was written."""
    return "en" if Snapshot.from_json(invoice.snapshot or {}).page.language == "en" else "de"


def page(invoice: Any, *, language: str, on: datetime.date) -> dict[str, Any]:
    """Everything the page shows, in words and figures of that language."""
    snapshot = Snapshot.from_json(invoice.snapshot)
    einvoice = snapshot.einvoice
    say, texts = words.of(language), Wording(language)
    owed = _owed(invoice)
    storno = getattr(invoice, "cancelled_by", None)
    return {
        "heading": f"{say.heading(snapshot.page.heading)} {einvoice.number}",
        "about": texts.say("of", day=say.date(einvoice.issue_date), name=einvoice.buyer.name),
        "seller": einvoice.seller,
        "seller_name": einvoice.seller.trading_name or einvoice.seller.name,
        "logo_id": snapshot.page.logo,
        "state": texts[_standing(invoice)],
        "tone": TONES[invoice.state],
        "owed": say.money(owed, einvoice.currency) if owed else "",
        "figures": list(_figures(invoice, einvoice, owed, say, texts)),
        "sentences": list(_sentences(invoice, einvoice, owed, say, texts, on)),
        "storno": storno and storno.token,
        "storno_text": storno and texts.say("see_storno", number=storno.number),
        "account": list(_account(einvoice, owed, say, texts)),
        "code": _code(einvoice, owed),
        "code_alt": texts.say("girocode_alt", amount=say.money(owed, einvoice.currency)),
        "unchanged": texts.say("unchanged", day=say.date(einvoice.issue_date)),
        "line_amount": texts.say("line_amount", symbol=say.symbol(einvoice.currency)),
        "lines": list(_lines(snapshot, say)),
        "totals": list(sums.totals(einvoice, Presentation.of(snapshot.page), say)),
    }


def _standing(invoice: Any) -> str:
    """What became of it; a Stornorechnung is named as what it is."""
    kind = Invoice.Kind.CANCELLATION
    return str((kind if invoice.kind == kind else State(invoice.state)).value)


def _owed(invoice: Any) -> Decimal:
    """What is to be paid now, in the document's currency; 0 where nothing is."""
    asks = invoice.state in (State.OPEN, State.PARTIAL, State.OVERDUE)
    return invoice.open_item.outstanding if asks else Decimal(0)


def _figures(
    invoice: Any, einvoice: EInvoice, owed: Decimal, say: words.Words, texts: Wording
) -> Iterator[tuple[str, str]]:
    """How the amount due comes about, where a part is settled."""
    total = einvoice.totals.payable
    if owed and owed != total:
        yield texts["total"], say.money(total, einvoice.currency)
        yield texts["settled"], say.money(owed - total, einvoice.currency)
        yield texts["rest"], say.money(owed, einvoice.currency)
    elif not owed:
        yield texts["total" if total > 0 else "amount"], say.money(total, einvoice.currency)
        if (credit := invoice.open_item.outstanding) < 0:
            label = texts.say("in_your_favour", amount="").strip(" :")
            yield label, say.money(-credit, einvoice.currency)


def _sentences(
    invoice: Any,
    einvoice: EInvoice,
    owed: Decimal,
    say: words.Words,
    texts: Wording,
    on: datetime.date,
) -> Iterator[str]:
    """When it is due and what may be deducted; or that there is nothing to pay."""
    if not owed:
        answered = [one.number for one in einvoice.preceding]
        yield texts.say(f"nothing_{_standing(invoice)}", number=", ".join(answered))
        return
    if not remittance.is_transfer(einvoice):
        yield texts["collected"]
        return
    key = "was_due_on" if invoice.state == State.OVERDUE else "due_on"
    yield texts.say(key, day=say.date(invoice.due_date))
    if owed == einvoice.totals.payable:
        for one in remittance.discounts(einvoice):
            if one.until >= on:
                rest = say.money(owed - one.amount, einvoice.currency)
                rate = say.percent(one.percent)
                yield texts.say("skonto", day=say.date(one.until), percent=rate, amount=rest)


def _account(
    einvoice: EInvoice, owed: Decimal, say: words.Words, texts: Wording
) -> Iterator[dict[str, str]]:
    """Where to transfer what is owed: label, what is shown, what is copied."""
    if not owed or not remittance.is_transfer(einvoice):
        return
    payment = einvoice.payment
    found = [
        ("payee", payment.account_name or einvoice.seller.name, ""),
        ("iban", iban(payment.iban), payment.iban),
        ("bic", payment.bic, ""),
        ("amount", say.money(owed, einvoice.currency), say.amount(owed).replace("\u00a0", "")),
        ("reference", payment.remittance or einvoice.number, ""),
    ]
    for key, shown, copied in found:
        if shown:
            label = texts[key]
            yield {
                "label": label,
                "shown": shown,
                "copied": copied or shown,
                "copy": texts.say("copy", label=label),
            }


def _code(einvoice: EInvoice, owed: Decimal) -> str:
    """The GiroCode as SVG for what is open now; empty where it cannot be paid with one."""
    payload = remittance.girocode(einvoice, owed) if owed else None
    return qr.svg(payload) if payload else ""


def _lines(snapshot: Snapshot, say: words.Words) -> Iterator[dict[str, str]]:
    """The lines in short; gross where the prices were written gross, as on the document."""
    gross = snapshot.page.gross_prices
    for place, line in enumerate(snapshot.einvoice.lines):
        amount = gross[place].amount if gross else line.net_amount
        quantity = say.number(line.quantity, 0, most=4)
        yield {
            "name": line.name,
            "quantity": f"{quantity} {say.unit(line.unit, line.quantity)}",
            "amount": say.amount(amount),
        }
