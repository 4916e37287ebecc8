"""Keeping customers: each has a number and a debtor account from its first day."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from invoicing import errors
from invoicing.models import Customer
from workmate import audit
from workmate.ledger.partners import open_partner
from workmate.models import Partner, User

FIELDS = (
    "kind",
    "name",
    "contact_name",
    "email",
    "phone",
    "website",
    "street",
    "additional",
    "post_code",
    "city",
    "country",
    "vat_id",
    "vat_id_confirmed_on",
    "vat_id_confirmation",
    "tax_number",
    "leitweg_id",
    "electronic_address",
    "electronic_address_scheme",
    "einvoice_format",
    "language",
    "payment_terms_days",
    "cash_discounts",
    "pays_by_debit",
    "mandate_reference",
    "mandate_iban",
    "mandate_signed_on",
    "dunning_block",
    "notes",
)

REASON = 200  # characters
EVENTS = {
    Customer.Status.LEAD: "customer.made_lead",
    Customer.Status.ACTIVE: "customer.activated",
    Customer.Status.INACTIVE: "customer.deactivated",
    Customer.Status.BLOCKED: "customer.blocked",
}


def usual_format(kind: str) -> str:
    """The e-invoice format for a kind of customer: authorities want XRechnung (E-RechV § 4)."""
    if kind == Customer.Kind.PUBLIC:
        return Customer.Format.XRECHNUNG
    return Customer.Format.ZUGFERD


@transaction.atomic
def create_customer(*, by: User, number: str = "", is_lead: bool = False, **data: Any) -> Customer:
    """A new customer with debtor account and, where none is given, number (`KD-10001`).

    `data` takes the names in `FIELDS`. Raises `CUSTOMER_INVALID` with all findings.
    """
    data.setdefault("einvoice_format", usual_format(data.get("kind", Customer.Kind.BUSINESS)))
    customer = Customer(**_known(data))
    if is_lead:
        customer.status = Customer.Status.LEAD
    customer.partner = open_partner(Partner.Kind.CUSTOMER, customer.name)
    customer.number = number or f"KD-{customer.partner.number}"
    _validate(customer)
    customer.save()
    audit.record(
        "customer.created",
        customer,
        by=by,
        payload={"number": customer.number, **_values(customer)},
    )
    return customer


@transaction.atomic
def edit_customer(customer: Customer, *, by: User, **data: Any) -> Customer:
    """Change master data; issued documents keep their own copy of what it was."""
    customer = Customer.objects.select_for_update().select_related("partner").get(pk=customer.pk)
    before = _values(customer)
    for name, value in _known(data).items():
        setattr(customer, name, value)
    _validate(customer)
    if customer.vat_id != before["vat_id"]:
        _forget_confirmation(customer, before)
    changes = {
        name: [before[name], value]
        for name, value in _values(customer).items()
        if before[name] != value
    }
    if not changes:
        return customer
    customer.save()
    if customer.partner.name != customer.name:
        Partner.objects.filter(pk=customer.partner_id).update(name=customer.name)
    audit.record("customer.changed", customer, by=by, payload=changes)
    return customer


@transaction.atomic
def set_status(customer: Customer, status: str, *, by: User, reason: str = "") -> Customer:
    """Offer the customer for new documents, no longer, or block it.

    Nothing new is written to a blocked customer, and its drafts cannot be issued; `reason` says
    why and is asked for then. Raises `CUSTOMER_INVALID`.
    """
    blocked = status == Customer.Status.BLOCKED
    reason = reason.strip()
    found: dict[str, list[str]] = {}
    if status not in Customer.Status.values:
        found["status"] = ["Diesen Status gibt es nicht."]
    if blocked and not reason:
        found["reason"] = ["Nennen Sie den Grund der Sperre; er steht im Prüfpfad."]
    if len(reason) > REASON:
        found["reason"] = [f"Höchstens {REASON} Zeichen."]
    if found:
        raise errors.CUSTOMER_INVALID(fields=found)
    customer = Customer.objects.select_for_update().get(pk=customer.pk)
    before = (customer.status, customer.block_reason)
    customer.status, customer.block_reason = status, reason if blocked else ""
    if before == (customer.status, customer.block_reason):
        return customer
    customer.save(update_fields=["status", "block_reason"])
    payload = {"before": before[0], "after": status} | ({"reason": reason} if blocked else {})
    audit.record(EVENTS[Customer.Status(status)], customer, by=by, payload=payload)
    return customer


def win(customer: Customer | None, *, by: User) -> None:
    """A prospect becomes a customer with its first invoice; does nothing for others."""
    if customer and customer.status == Customer.Status.LEAD:
        set_status(customer, Customer.Status.ACTIVE, by=by)


@transaction.atomic
def delete_customer(customer: Customer, *, by: User) -> None:
    """Remove a customer that nothing was ever written to, with its debtor account.

    Raises `CUSTOMER_HAS_DOCUMENTS` where drafts, invoices or bookings name it.
    """
    customer = Customer.objects.select_for_update().select_related("partner").get(pk=customer.pk)
    count = documents_of(customer)
    refusal = errors.CUSTOMER_HAS_DOCUMENTS(name=customer.name, count=count)
    if count:
        raise refusal
    audit.record("customer.deleted", customer, by=by, payload=_values(customer))
    partner = customer.partner
    try:
        customer.delete()
        partner.delete()
    except ProtectedError as error:
        raise refusal from error


def documents_of(customer: Customer) -> int:
    """How many drafts, documents and other open items name the customer."""
    others = customer.partner.open_items.filter(invoice=None)
    return customer.invoices.count() + others.count()


def _known(data: dict[str, Any]) -> dict[str, Any]:
    if unknown := data.keys() - set(FIELDS):
        raise TypeError(f"a customer has no {', '.join(sorted(unknown))}")
    return data


def _values(customer: Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in FIELDS}


def _forget_confirmation(customer: Customer, before: dict[str, Any]) -> None:
    """A confirmation is one of the old USt-IdNr., unless it came with the new one."""
    if customer.vat_id_confirmed_on == before["vat_id_confirmed_on"]:
        customer.vat_id_confirmed_on, customer.vat_id_confirmation = None, ""


def _validate(customer: Customer) -> None:
    try:
        customer.full_clean(exclude=["partner"])
    except ValidationError as error:
        raise errors.CUSTOMER_INVALID(fields=error.message_dict) from error
