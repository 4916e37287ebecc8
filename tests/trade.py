"""A business for tests: our company, its customers, drafts that the gate lets pass."""

import datetime
import itertools
from decimal import Decimal
from typing import Any

from invoicing.contents import Content
from invoicing.customers import create_customer
from invoicing.drafting import create_draft
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice
from tests.books import a_bank, books
from workmate.models import Company, TaxCase, User

DAY = datetime.date(2026, 5, 4)
IBAN = "DE02120300000000202051"
_numbers = itertools.count(1)


def a_business(**fields: Any) -> User:
    """Our company with chart and bank account; gives back its owner, who may do everything."""
    owner = books(fields.get("chart", "SKR03"))
    User.objects.filter(pk=owner.pk).update(is_superuser=True)
    owner.refresh_from_db()
    Company.objects.create(
        pk=1,
        **{
            "name": "Werkstatt Nord GmbH",
            "street": "Hafenstraße 12",
            "post_code": "20457",
            "city": "Hamburg",
            "vat_id": "DE136695976",
            "tax_number": "22/815/08154",
            "register_court": "Amtsgericht Hamburg",
            "register_number": "HRB 12345",
            "management": "Eva Muster",
            "contact_name": "Eva Muster",
            "phone": "+49 40 123456",
            "email": "rechnung@werkstatt-nord.example",
        }
        | fields,
    )
    a_bank(owner, iban=IBAN, bic="BYLADEM1001", bank_name="DKB", on_invoices=True)
    return owner


def a_buyer(by: User, **fields: Any) -> Customer:
    """A business customer in Germany who gets ZUGFeRD."""
    return create_customer(
        by=by,
        **{
            "name": f"Kundin {next(_numbers)} AG",
            "street": "Bahnhofstraße 1",
            "post_code": "80335",
            "city": "München",
            "country": "DE",
            "email": "einkauf@kundin.example",
        }
        | fields,
    )


def an_authority(by: User, **fields: Any) -> Customer:
    """A public customer who gets XRechnung."""
    return a_buyer(
        by,
        **{
            "kind": Customer.Kind.PUBLIC,
            "name": "Stadt Kiel",
            "leitweg_id": "04011000-1234512345-06",
        }
        | fields,
    )


def a_portal(by: User, **fields: Any) -> Customer:
    """A public customer whose portal wants XRechnung in UBL."""
    return an_authority(by, einvoice_format=Customer.Format.XRECHNUNG_UBL, **fields)


def tax_case(code: str = "DE19") -> TaxCase:
    """The tax case in force on the tests' day."""
    return TaxCase.objects.on(DAY).get(code=code)


def a_line(price: str = "100", code: str = "DE19", **fields: Any) -> dict[str, Any]:
    """What a draft line says."""
    return {
        "name": "Beratung",
        "description": "",
        "product": None,
        "quantity": Decimal(1),
        "unit": "HUR",
        "unit_price": Decimal(price),
        "discount_percent": Decimal(0),
        "tax_case": tax_case(code),
    } | fields


def a_draft(
    by: User,
    *,
    customer: Customer | None = None,
    lines: list[dict] | None = None,
    adjustments: list[dict] | None = None,
    **header: Any,
) -> Invoice:
    """A draft that the gate lets pass: 100.00 EUR net at 19 % unless told otherwise."""
    content = Content(
        header={
            "customer": customer or a_buyer(by),
            "supply_date": DAY,
            "payment_terms_days": 14,
        }
        | header,
        lines=[a_line()] if lines is None else lines,
        adjustments=adjustments or [],
    )
    return create_draft(content, by=by)


def an_invoice(by: User, *, on: datetime.date = DAY, **draft: Any) -> Invoice:
    """An issued invoice."""
    return issue(a_draft(by, **draft), by=by, on=on)
