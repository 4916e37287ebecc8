"""Customers, products and documents for machines."""
