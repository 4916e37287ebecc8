"""Writing down what happened with a customer: calls, meetings, notes."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from invoicing import errors
from invoicing.models import Activity, Contact, Customer
from workmate import audit
from workmate.models import User


@transaction.atomic
def log_activity(
    customer: Customer,
    *,
    by: User,
    at: datetime,
    description: str,
    kind: str = Activity.Kind.NOTE,
    occurred_at: datetime | None = None,
    contact: Contact | None = None,
) -> Activity:
    """Write down what happened, now (`at`) or before. Raises `ACTIVITY_INVALID`."""
    activity = Activity(
        customer=customer,
        contact=contact,
        kind=kind,
        description=description.strip(),
        occurred_at=occurred_at or at,
        created_by=by,
    )
    found: dict[str, Any] = {}
    try:
        activity.full_clean()
    except ValidationError as error:
        found.update(error.message_dict)
    if activity.occurred_at > at:
        found["occurred_at"] = ["Das liegt in der Zukunft."]
    if contact and contact.customer_id != customer.pk:
        found["contact"] = ["Dieser Ansprechpartner gehört zu einem anderen Kunden."]
    if found:
        raise errors.ACTIVITY_INVALID(fields=found)
    activity.save()
    payload = {"customer": customer.number, "kind": activity.kind}
    audit.record("activity.logged", activity, by=by, payload=payload)
    return activity


@transaction.atomic
def remove_activity(activity: Activity, *, by: User) -> None:
    """Remove what was written down by mistake; the audit trail keeps that it was there."""
    activity = Activity.objects.select_for_update().get(pk=activity.pk)
    payload = {"customer": activity.customer.number, "kind": activity.kind}
    audit.record("activity.removed", activity, by=by, payload=payload)
    activity.delete()
