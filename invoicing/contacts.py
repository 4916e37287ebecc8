"""Keeping the people at a customer: one of them is whom new documents name."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from invoicing import errors
from invoicing.models import Contact, Customer
from workmate import audit
from workmate.models import User

FIELDS = (
    "first_name",
    "last_name",
    "position",
    "department",
    "email",
    "phone",
    "mobile",
    "notes",
)


@transaction.atomic
def add_contact(customer: Customer, *, by: User, **data: Any) -> Contact:
    """A new contact with the names in `FIELDS`; the first of a customer is its primary one.

    Raises `CONTACT_INVALID` with all findings.
    """
    customer = _locked(customer)
    contact = Contact(customer=customer, **_known(data))
    contact.is_primary = not customer.contacts.exists()
    _validate(contact)
    contact.save()
    payload = {"customer": customer.number, "primary": contact.is_primary, **_values(contact)}
    audit.record("contact.added", contact, by=by, payload=payload)
    return contact


@transaction.atomic
def edit_contact(contact: Contact, *, by: User, **data: Any) -> Contact:
    """Change a contact; documents keep what was printed on them."""
    contact = Contact.objects.select_for_update().select_related("customer").get(pk=contact.pk)
    before = _values(contact)
    for name, value in _known(data).items():
        setattr(contact, name, value)
    _validate(contact)
    changes = {
        name: [before[name], value]
        for name, value in _values(contact).items()
        if before[name] != value
    }
    if changes:
        contact.save()
        payload = {"customer": contact.customer.number, **changes}
        audit.record("contact.changed", contact, by=by, payload=payload)
    return contact


@transaction.atomic
def make_primary(contact: Contact, *, by: User) -> Contact:
    """Let new documents name this contact instead of the one before."""
    customer = _locked(contact.customer)
    contact = Contact.objects.get(pk=contact.pk)
    if not contact.is_primary:
        customer.contacts.filter(is_primary=True).update(is_primary=False)
        contact.is_primary = True
        contact.save(update_fields=["is_primary"])
        payload = {"customer": customer.number}
        audit.record("contact.made_primary", contact, by=by, payload=payload)
    return contact


@transaction.atomic
def remove_contact(contact: Contact, *, by: User) -> None:
    """Remove a contact; after the primary one the next in the list takes its place."""
    customer = _locked(contact.customer)
    contact = Contact.objects.get(pk=contact.pk)
    payload = {"customer": customer.number, "name": str(contact)}
    audit.record("contact.removed", contact, by=by, payload=payload)
    contact.delete()
    if contact.is_primary and (heir := customer.contacts.first()):
        make_primary(heir, by=by)


def _locked(customer: Customer) -> Customer:
    """The customer, locked: which of its contacts is the primary one is decided one by one."""
    return Customer.objects.select_for_update().get(pk=customer.pk)


def _known(data: dict[str, Any]) -> dict[str, Any]:
    if unknown := data.keys() - set(FIELDS):
        raise TypeError(f"a contact has no {', '.join(sorted(unknown))}")
    return data


def _values(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in FIELDS}


def _validate(contact: Contact) -> None:
    try:
        contact.full_clean(validate_constraints=False)
    except ValidationError as error:
        raise errors.CONTACT_INVALID(fields=error.message_dict) from error
