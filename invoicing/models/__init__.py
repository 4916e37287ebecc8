"""Customers, products and the documents that we issue."""

from invoicing.models.customer import Customer
from invoicing.models.invoice import Invoice
from invoicing.models.line import InvoiceLine
from invoicing.models.number_range import NumberRange
from invoicing.models.product import Product
from invoicing.models.states import State

__all__ = ["Customer", "Invoice", "InvoiceLine", "NumberRange", "Product", "State"]
