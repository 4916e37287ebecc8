"""Customers, products and the documents that we issue."""

from invoicing.models.customer import Customer
from invoicing.models.invoice import Invoice, InvoiceLine, State
from invoicing.models.number_range import NumberRange
from invoicing.models.product import Product

__all__ = ["Customer", "Invoice", "InvoiceLine", "NumberRange", "Product", "State"]
