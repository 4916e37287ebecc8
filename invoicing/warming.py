"""Warming up loads rules, style sheet and fonts, so that a process' first invoice is quick too."""

from invoicing import pdf
from invoicing.einvoice import validate


def warm_up() -> None:
    """Compile the official rules and the style sheet of documents; takes one to two seconds."""
    validate.warm_up()
    pdf.warm_up()
