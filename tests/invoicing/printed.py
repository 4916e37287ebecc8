"""Invoices printed for tests and opened again."""

import dataclasses
import io
from datetime import UTC, datetime

import pikepdf

from invoicing.einvoice.model import EInvoice
from invoicing.pdf import Presentation, render
from tests.invoicing import pages
from tests.invoicing.einvoice import golden

PLAIN = Presentation(created_at=datetime(2026, 5, 4, 10, 30, tzinfo=UTC))


def with_item(**changes: object) -> EInvoice:
    """A two-rate invoice whose first line is changed."""
    invoice = golden.two_rates()
    first = dataclasses.replace(invoice.lines[0], **changes)
    return dataclasses.replace(invoice, lines=(first, *invoice.lines[1:]))


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


def text(invoice: EInvoice, presentation: Presentation = PLAIN) -> str:
    return "\n".join(pages.texts(render(invoice, presentation, xml=None)))


def sixty_lines() -> bytes:
    """An invoice of several pages; every line is 21,00 EUR."""
    lines = [golden.line(number, "2", "10.50") for number in range(1, 61)]
    return render(golden.invoice(lines), PLAIN, xml=None)
