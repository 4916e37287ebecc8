"""Reading an e-invoice from XML of either syntax: its head, or the whole of it.

`read(write(invoice)) == invoice` for everything that the model can say, and the same invoice out
of CII and UBL. A foreign invoice may say more than the model (the code of the tax point,
several deliveries): that stays in the archived file.
"""

from invoicing.einvoice import read_cii, read_ubl
from invoicing.einvoice.header import Header, read_header
from invoicing.einvoice.model import EInvoice
from invoicing.einvoice.node import Node
from invoicing.einvoice.parse import CII, parse


def header(data: bytes) -> Header:
    """Number, date, type, guideline and amounts of a CII or UBL invoice; raises `Unreadable`."""
    return read_header(parse(data))


def read(data: bytes) -> EInvoice:
    """The whole invoice; raises `Unreadable`, also where an amount is missing."""
    parsed = parse(data)
    root = Node(parsed.root)
    return read_cii.invoice(root) if parsed.syntax == CII else read_ubl.invoice(root)
