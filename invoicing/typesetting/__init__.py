"""Typesetting puts an invoice into the words and figures of its page.

It knows labels and order; the words are in `invoicing.words`, sizes and places in
`templates/documents/`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from invoicing import remittance, words
from invoicing.einvoice.model import EInvoice
from invoicing.letter import Letter
from invoicing.typesetting import foot, head, items, sums

ADDRESS_LINES = 6  # of the address field (DIN 5008); more are set smaller
ADDRESS_WIDTH = 40  # characters that fit into one of them


@dataclass(frozen=True, kw_only=True)
class Presentation(Letter):
    """A letter with what is added when it is printed."""

    closing: str = ""
    contact_name: str = ""  # empty: the seller's contact (BT-41)
    logo: bytes | None = None
    logo_media_type: str = ""
    unit_labels: Mapping[str, str] = field(default_factory=dict)  # code to word, before our own
    pay_url: str | None = None
    draft: bool = False  # watermark, no number, nothing to pay with
    created_at: datetime | None = None  # written into the file's metadata

    @classmethod
    def of(cls, letter: Letter, **more: Any) -> "Presentation":
        """The letter of a snapshot, with `more`."""
        shared = {one.name: getattr(letter, one.name) for one in fields(Letter)}
        return cls(**(shared | more))


def context(invoice: EInvoice, presentation: Presentation) -> dict[str, Any]:
    """Everything the template `documents/invoice.html` shows, except the images."""
    say = words.of(presentation.language)
    heading = say.heading(presentation.heading)
    if presentation.draft:
        subject = say("{heading} (Entwurf)", heading=heading)
    else:
        subject = f"{heading} {invoice.number}".strip()
    recipient = list(filter(None, head.recipient(invoice)))
    if presentation.draft and not recipient:
        recipient = [say("Noch kein Kunde gewählt")]
    rows = list(items.rows(invoice, presentation, say))
    closing = foot.closing(invoice, presentation, say)
    return {
        "invoice": invoice,
        "presentation": presentation,
        "created": presentation.created_at and presentation.created_at.isoformat("T", "seconds"),
        "seller_name": invoice.seller.trading_name or invoice.seller.name,
        "subject": subject,
        "running": say("{subject} vom {day}", subject=subject, day=say.date(invoice.issue_date)),
        "labels": _labels(invoice, presentation, say),
        "subtitles": list(head.subtitles(invoice, say)),
        "return_line": presentation.return_line or head.return_line(invoice),
        "recipient": recipient,
        "crowded": sum(-(-len(text) // ADDRESS_WIDTH) for text in recipient) > ADDRESS_LINES,
        "facts": list(head.facts(invoice, presentation, say)),
        "columns": items.columns(invoice, presentation, rows, say),
        "rows": rows,
        "totals": list(sums.totals(invoice, presentation, say)),
        "remarks": list(sums.remarks(invoice, presentation, say)),
        "advances": sums.advances(invoice, presentation, say),
        "closing": closing,
        "brief": sum(map(len, closing)) <= items.LONG_TEXT,
        "payment": remittance.box(invoice, "" if invoice.payee else presentation.bank_name, say)
        if asks_for_money(invoice, presentation)
        else None,
        "pay_url": pay_url(invoice, presentation),
        "footer": foot.columns(invoice, presentation, say),
    }


def asks_for_money(invoice: EInvoice, presentation: Presentation) -> bool:
    """Whether the page has something to pay and says how; drafts, offers and credits do not."""
    billed = not presentation.draft and presentation.heading not in head.UNBILLED
    return billed and remittance.is_owed(invoice)


def pay_url(invoice: EInvoice, presentation: Presentation) -> str | None:
    """The page to pay on; none where the letter wants none or we collect the money ourselves."""
    if not presentation.show_pay_code or remittance.is_collected(invoice):
        return None
    return presentation.pay_url if asks_for_money(invoice, presentation) else None


def _labels(invoice: EInvoice, presentation: Presentation, say: words.Words) -> dict[str, str]:
    """Words of the template that belong to no figure."""
    name = invoice.seller.trading_name or invoice.seller.name
    return {
        "draft": say("ENTWURF"),
        "logo": say("Logo {name}", name=name),
        "pay": say("Online bezahlen"),
        "girocode": say("GiroCode: mit der Banking-App scannen"),
        "girocode_alt": say("GiroCode für die Überweisung"),
        "pay_code": say("Online bezahlen: mit dem Telefon scannen"),
        "pay_code_alt": say("QR-Code der Bezahlseite"),
    }
