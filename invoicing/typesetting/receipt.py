"""A receipt (Quittung, § 368 BGB): that money came in, for what, and how."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from invoicing import words
from invoicing.einvoice.model import EInvoice
from invoicing.typesetting import foot, head

if TYPE_CHECKING:
    from invoicing.typesetting import Presentation


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A document that was paid, and how much of the money went on it."""

    number: str  # empty: a credit of the customer
    issued_on: date | None
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a receipt says; amounts in `currency`."""

    number: str
    issued_on: date
    received_on: date
    amount: Decimal
    currency: str
    method: str  # in German
    reference: str
    payer: str
    rows: tuple[Paid, ...]


def context(receipt: Receipt, paper: EInvoice, presentation: "Presentation") -> dict[str, Any]:
    """Everything that `documents/receipt.html` shows; `paper` lends sender and recipient."""
    say = words.of(presentation.language)
    subject = f"{say('Quittung')} {receipt.number}"
    recipient = list(filter(None, head.recipient(paper))) if paper.buyer.name else [receipt.payer]
    facts = [
        (say("Quittungsnummer"), receipt.number),
        (say("Ausgestellt am"), say.date(receipt.issued_on)),
        (say("Erhalten am"), say.date(receipt.received_on)),
        (say("Zahlungsart"), say(receipt.method)),
        (say("Kundennummer"), presentation.customer_number),
        (say("Verwendungszweck"), receipt.reference),
    ]
    return {
        "presentation": presentation,
        "created": presentation.created_at and presentation.created_at.isoformat("T", "seconds"),
        "seller_name": paper.seller.trading_name or paper.seller.name,
        "subject": subject,
        "running": say("{subject} vom {day}", subject=subject, day=say.date(receipt.issued_on)),
        "labels": {
            "logo": say("Logo {name}", name=paper.seller.name),
            "document": say("Beleg"),
            "date": say("Datum"),
            "amount": say("Betrag {symbol}", symbol=say.symbol(receipt.currency)),
            "sum": say("Erhalten in {currency}", currency=receipt.currency),
            "signature": say("Ort, Datum, Unterschrift"),
        },
        "return_line": presentation.return_line or head.return_line(paper),
        "recipient": recipient,
        "facts": [(label, value) for label, value in facts if value],
        "sentence": say(
            "Wir haben am {day} von {payer} {amount} erhalten.",
            day=say.date(receipt.received_on),
            payer=receipt.payer,
            amount=say.money(receipt.amount, receipt.currency),
        ),
        "rows": [
            (
                row.number or say("Guthaben für spätere Rechnungen"),
                say.date(row.issued_on) if row.issued_on else "",
                say.amount(row.amount),
            )
            for row in receipt.rows
        ],
        "sum": say.amount(receipt.amount),
        "note": say(
            "Diese Quittung bestätigt nur die Zahlung. Sie ist keine Rechnung; die Umsatzsteuer "
            "ist auf der Rechnung ausgewiesen."
        ),
        "footer": foot.columns(paper, presentation, say),
    }
