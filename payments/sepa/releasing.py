"""Releasing: one person prepares a batch, another one lets it out, then there is a file."""

import datetime
from collections import Counter

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Now
from django.utils.timezone import localtime

from payments.sepa import errors, target
from payments.sepa.collecting import earliest
from payments.sepa.models import Batch, Mandate, Order
from payments.sepa.writing import Paper, write
from workmate import audit, documents
from workmate import company as companies
from workmate.models import Document, User

FILE = "sepa"
RELEASE = "payments.release_batch"
documents.register(FILE, permission="payments.view_batch")


def findings(batch: Batch, *, on: datetime.date) -> dict[int, str]:
    """What has changed since the orders were chosen, by the order's id: paid, credited, revoked."""
    orders = batch.orders.filter(ended_at=None).select_related("open_item", "mandate")
    usable = set(
        Mandate.objects.usable(on).filter(orders__batch=batch).values_list("pk", flat=True)
    )
    found = {}
    for order in orders:
        owed = order.open_item.outstanding if batch.is_debit else -order.open_item.outstanding
        if owed <= 0:
            found[order.pk] = "inzwischen ausgeglichen"
        elif owed < order.amount or (batch.is_debit and owed != order.amount):
            found[order.pk] = "offener Betrag hat sich geändert"
        elif order.mandate_id and order.mandate_id not in usable:
            found[order.pk] = f"Mandat {order.mandate} {order.mandate.refusal(on)}"
    return found


@transaction.atomic
def remove(order: Order, *, by: User) -> Batch:
    """Take an order out of a draft; its invoice can be chosen again. Raises NOT_IN_STATE."""
    batch = _locked(order.batch, Batch.State.DRAFT)
    payload = {"item": str(order.open_item), "amount": order.amount}
    order.delete()
    audit.record("sepa_order.removed", batch, by=by, payload=payload)
    return batch


@transaction.atomic
def release(batch: Batch, *, on: datetime.date, by: User) -> Batch:
    """A second person has looked at the batch and lets it out.

    Raises FOUR_EYES, NOBODY_ELSE, ORDERS_CHANGED, NOTHING_CHOSEN, NOT_IN_STATE.
    """
    batch = _locked(batch, Batch.State.DRAFT)
    batch.alone = batch.created_by_id == by.pk
    if batch.alone and not companies.get().sepa_release_alone:
        others = may_release().exclude(pk=by.pk).exists()
        raise errors.FOUR_EYES() if others else errors.NOBODY_ELSE()
    _refuse_changes(batch, on)
    batch.state, batch.released_by, batch.released_at = Batch.State.RELEASED, by, Now()
    batch.save(update_fields=["state", "alone", "released_by", "released_at"])
    audit.record("sepa_batch.released", batch, by=by, payload={"alone": batch.alone})
    return batch


@transaction.atomic
def withdraw(batch: Batch, *, by: User) -> Batch:
    """Make a released batch a draft again, as long as there is no file. Raises NOT_IN_STATE."""
    batch = _locked(batch, Batch.State.RELEASED)
    batch.state, batch.released_by, batch.released_at = Batch.State.DRAFT, None, None
    batch.alone = False
    batch.save(update_fields=["state", "alone", "released_by", "released_at"])
    audit.record("sepa_batch.release_withdrawn", batch, by=by)
    return batch


@transaction.atomic
def write_file(batch: Batch, *, at: datetime.datetime, by: User) -> Document:
    """The file of a released batch: checked against the schema, archived, the same for ever.

    A day that can no longer be met becomes the next that can. Raises ORDERS_CHANGED,
    FILE_INVALID, CREDITOR_ID_MISSING, NOT_IN_STATE.
    """
    batch = _locked(batch, Batch.State.RELEASED)
    at = localtime(at)
    on = at.date()
    _refuse_changes(batch, on)
    company = companies.get()
    if batch.is_debit and not company.creditor_id:
        raise errors.CREDITOR_ID_MISSING()
    batch.message_id = f"WM-{at:%Y%m%d%H%M%S}-{batch.pk}"
    orders = _dated(batch, on)
    data = write(Paper(batch, orders, company, at))
    batch.file = documents.store(
        f"sepa/{batch.pk}",
        data,
        filename=f"{'Lastschriften' if batch.is_debit else 'Ueberweisungen'}-{batch.pk}.xml",
        media_type="application/xml",
        kind=FILE,
        by=by,
    )
    batch.state, batch.written_at = Batch.State.WRITTEN, at
    batch.save(update_fields=["state", "message_id", "file", "written_at"])
    payload = {"message_id": batch.message_id, "sha256": batch.file.sha256, "orders": len(orders)}
    audit.record("sepa_batch.written", batch, by=by, payload=payload)
    return batch.file


@transaction.atomic
def execute(batch: Batch, *, on: datetime.date, by: User) -> Batch:
    """The bank has carried the file out: mandates count as used. Raises NOT_IN_STATE.

    The money is booked with the statement.
    """
    batch = _locked(batch, Batch.State.WRITTEN)
    batch.state, batch.executed_on = Batch.State.EXECUTED, on
    batch.save(update_fields=["state", "executed_on"])
    used = batch.orders.exclude(mandate=None).values("mandate").annotate(day=Max("due_on"))
    for row in used.order_by("mandate"):
        last = Q(last_used_on=None) | Q(last_used_on__lt=row["day"])
        Mandate.objects.filter(last, pk=row["mandate"]).update(last_used_on=row["day"])
    audit.record("sepa_batch.executed", batch, by=by, payload={"on": on})
    return batch


@transaction.atomic
def discard(batch: Batch, *, by: User) -> Batch:
    """Give the batch up: its items can be chosen again. A file must not have gone to the bank.

    Raises NOT_IN_STATE.
    """
    batch = _locked(batch, Batch.State.DRAFT, Batch.State.RELEASED, Batch.State.WRITTEN)
    batch.orders.filter(ended_at=None).update(ended_at=Now())
    before, batch.state = batch.state, Batch.State.DISCARDED
    batch.save(update_fields=["state"])
    audit.record("sepa_batch.discarded", batch, by=by, payload={"before": before})
    return batch


def may_release() -> QuerySet[User]:
    """Active people who may release."""
    app, codename = RELEASE.split(".")
    right = Permission.objects.filter(content_type__app_label=app, codename=codename)
    granted = (
        Q(is_superuser=True) | Q(groups__permissions__in=right) | Q(user_permissions__in=right)
    )
    return User.objects.filter(granted, is_active=True).distinct()


def _locked(batch: Batch, *states: str) -> Batch:
    rows = Batch.objects.select_for_update(of=("self",)).select_related("money_account")
    batch = rows.get(pk=batch.pk)
    if batch.state not in states:
        raise errors.NOT_IN_STATE(batch=batch, state=batch.get_state_display())
    return batch


def _refuse_changes(batch: Batch, on: datetime.date) -> None:
    if found := findings(batch, on=on):
        orders = batch.orders.filter(pk__in=found).select_related("open_item")
        names = ", ".join(f"{order.open_item} ({found[order.pk]})" for order in orders)
        raise errors.ORDERS_CHANGED(orders=names)
    if not batch.orders.exists():
        raise errors.NOTHING_CHOSEN()


def _dated(batch: Batch, on: datetime.date) -> list[Order]:
    """The orders with a day that can be met and, for debits, the place in the mandate's use."""
    first = earliest(on) if batch.is_debit else target.on_or_after(on)
    seen: Counter[int] = Counter()
    orders = list(batch.orders.select_related("mandate", "open_item").order_by("due_on", "pk"))
    for order in orders:
        order.due_on = max(order.due_on, first)
        if mandate := order.mandate:
            order.sequence = _sequence(mandate, first=not seen[mandate.pk])
            seen[mandate.pk] += 1
    Order.objects.bulk_update(orders, ["due_on", "sequence"])
    return orders


def _sequence(mandate: Mandate, *, first: bool) -> str:
    if mandate.kind == Mandate.Kind.ONE_OFF:
        return Order.Sequence.ONE_OFF
    fresh = mandate.last_used_on is None and first
    return Order.Sequence.FIRST if fresh else Order.Sequence.RECURRING
