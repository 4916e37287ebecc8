"""Mandates: a customer signs one, and may revoke it at any time."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from invoicing.customers import edit_customer
from invoicing.models import Customer
from invoicing.validators import compact
from payments.sepa import errors, spelling
from payments.sepa.models import Mandate
from workmate import audit
from workmate.models import User
from workmate.money import format_date

# Where an IBAN alone is enough: the European Economic Area (regulation (EU) 260/2012).
IBAN_ONLY = {
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IS", "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"),
}


@transaction.atomic
def grant(
    customer: Customer,
    *,
    reference: str,
    iban: str,
    signed_on: datetime.date,
    scheme: str = Mandate.Scheme.CORE,
    kind: str = Mandate.Kind.RECURRING,
    holder: str = "",
    on: datetime.date,
    by: User,
) -> Mandate:
    """Keep a mandate that the customer has signed; new invoices name it (BT-89, BT-91).

    A recurring one makes direct debit the customer's way to pay. Raises MANDATE_INVALID with all
    findings.
    """
    mandate = Mandate(
        customer=customer,
        reference=reference.strip(),
        iban=compact(iban),
        signed_on=signed_on,
        scheme=scheme,
        kind=kind,
        holder=spelling.spelled(holder or customer.name, spelling.NAME),
        created_by=by,
    )
    _check(mandate, on)
    mandate.save()
    audit.record(
        "mandate.granted",
        mandate,
        by=by,
        payload={
            "customer": customer.number,
            "iban": mandate.iban,
            "scheme": scheme,
            "kind": kind,
            "signed_on": signed_on,
        },
    )
    wants = customer.pays_by_debit or kind == Mandate.Kind.RECURRING
    mandate.customer = _name(customer, mandate, pays_by_debit=wants, by=by)
    return mandate


@transaction.atomic
def revoke(mandate: Mandate, *, on: datetime.date, by: User) -> Mandate:
    """Debit this mandate no more; the customer's other one, if any, takes its place.

    Raises MANDATE_REVOKED.
    """
    rows = Mandate.objects.select_for_update(of=("self",)).select_related("customer")
    mandate = rows.get(pk=mandate.pk)
    if mandate.revoked_on:
        raise errors.MANDATE_REVOKED(reference=mandate.reference)
    mandate.revoked_on = on
    mandate.save(update_fields=["revoked_on"])
    audit.record("mandate.revoked", mandate, by=by, payload={"on": on})
    customer = mandate.customer
    if customer.mandate_reference == mandate.reference:
        other = customer.mandates.usable(on).first()
        _name(customer, other, pays_by_debit=customer.pays_by_debit and bool(other), by=by)
    return mandate


def _name(
    customer: Customer, mandate: Mandate | None, *, pays_by_debit: bool, by: User
) -> Customer:
    """What new invoices of the customer say."""
    return edit_customer(
        customer,
        by=by,
        pays_by_debit=pays_by_debit,
        mandate_reference=mandate.reference if mandate else "",
        mandate_iban=mandate.iban if mandate else "",
        mandate_signed_on=mandate.signed_on if mandate else None,
    )


def _check(mandate: Mandate, on: datetime.date) -> None:
    found: dict[str, list[str]] = {}
    try:
        mandate.full_clean(exclude=["customer", "created_by"])
    except ValidationError as error:
        found |= error.message_dict
    if mandate.reference and not spelling.is_identifier(mandate.reference):
        text = "Banken nehmen nur Buchstaben ohne Umlaute, Ziffern und - . / : ( ) + ? ' ,"
        found.setdefault("reference", []).append(text)
    if mandate.iban and "iban" not in found and mandate.iban[:2] not in IBAN_ONLY:
        text = "Eingezogen wird von Konten in der EU, in Island, Liechtenstein und Norwegen."
        found["iban"] = [text]
    if mandate.signed_on and mandate.signed_on > on:
        text = f"Der {format_date(mandate.signed_on)} liegt in der Zukunft."
        found.setdefault("signed_on", []).append(text)
    consumer = mandate.customer.kind == Customer.Kind.CONSUMER
    if mandate.scheme == Mandate.Scheme.B2B and consumer:
        found["scheme"] = ["Firmenlastschriften gibt es nur mit Unternehmen."]
    if found:
        raise errors.MANDATE_INVALID(fields=found)
