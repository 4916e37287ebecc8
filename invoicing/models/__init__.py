"""Customers, products and the documents that we issue."""

from invoicing.models.adjustment import Adjustment
from invoicing.models.attachment import Attachment
from invoicing.models.bulk_row import BulkRow
from invoicing.models.contact import Activity, Contact
from invoicing.models.customer import Customer
from invoicing.models.deduction import Deduction
from invoicing.models.deleted_draft import DeletedDraft
from invoicing.models.dispatch import Dispatch, MailText, Recipient
from invoicing.models.invoice import Invoice
from invoicing.models.letterhead import Letterhead, StandardText
from invoicing.models.line import InvoiceLine
from invoicing.models.number_range import NumberRange
from invoicing.models.product import Product, ProductPrice
from invoicing.models.states import State

__all__ = [
    "Activity",
    "Adjustment",
    "Attachment",
    "BulkRow",
    "Contact",
    "Customer",
    "Deduction",
    "DeletedDraft",
    "Dispatch",
    "Invoice",
    "InvoiceLine",
    "Letterhead",
    "MailText",
    "NumberRange",
    "Product",
    "ProductPrice",
    "Recipient",
    "StandardText",
    "State",
]
