"""Collecting: invoices that announced a debit become orders to our bank."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from invoicing.models import Invoice
from payments.sepa import errors, spelling, target
from payments.sepa.models import Batch, Mandate, Order
from payments.sepa.ordering import add_orders, check_account
from workmate import audit
from workmate import company as companies
from workmate.ledger.models import MoneyAccount
from workmate.models import User

LEAD_DAYS = 1  # settling days between handing in and debit (EPC016-06, 4.3.4; EPC222-07)


@dataclass(frozen=True)
class Candidate:
    """An invoice to be collected: by which mandate, when, and what speaks against it."""

    invoice: Invoice
    mandate: Mandate | None
    due_on: datetime.date
    refusal: str = ""

    @property
    def amount(self) -> Decimal:
        return self.invoice.open_item.outstanding


def earliest(on: datetime.date) -> datetime.date:
    """The first day that a file of that day can still reach: it needs a settling day between."""
    return target.after(on, LEAD_DAYS + 1)


def due_day(
    issued_on: datetime.date, due_on: datetime.date, *, notice_days: int, on: datetime.date
) -> datetime.date:
    """When an invoice is debited: as it says, not before the notice has run, on a settling day.

    The invoice is the notice (pre-notification, EPC016-06, 4.5.3).
    """
    noticed = issued_on + datetime.timedelta(days=notice_days)
    return max(target.on_or_after(max(due_on, noticed)), earliest(on))


def candidates(*, until: datetime.date, on: datetime.date) -> list[Candidate]:
    """Open invoices with payment means 59 that are due by `until`, the first due first.

    Those in a live batch are left out; those without a usable mandate say so.
    """
    rows = list(_open().filter(due_date__lte=until).order_by("due_date", "pk"))
    return _judged(rows, on=on)


@transaction.atomic
def collect(
    invoices: Iterable[Invoice],
    *,
    scheme: str,
    money_account: MoneyAccount,
    collective: bool = False,
    on: datetime.date,
    by: User,
) -> Batch:
    """A draft of a batch that collects what is open on these invoices.

    Raises NOTHING_CHOSEN, ACCOUNT_UNFIT, CREDITOR_ID_MISSING, NOT_COLLECTABLE, ALREADY_ORDERED.
    """
    wanted = [invoice.pk for invoice in invoices]
    if not wanted:
        raise errors.NOTHING_CHOSEN()
    check_account(money_account)
    if not companies.get().creditor_id:
        raise errors.CREDITOR_ID_MISSING()
    rows = list(_billed().filter(pk__in=wanted).order_by("due_date", "pk"))
    found = _judged(rows, on=on)
    _refuse(set(wanted) - {one.invoice.pk for one in found}, found, scheme)
    batch = Batch.objects.create(
        kind=Batch.Kind.DEBIT,
        scheme=scheme,
        money_account=money_account,
        collective=collective,
        created_by=by,
    )
    add_orders(batch, [_order(one) for one in found])
    audit.record(
        "sepa_batch.created",
        batch,
        by=by,
        payload={"invoices": [one.invoice.number for one in found], "scheme": scheme},
    )
    return batch


def _billed() -> QuerySet[Invoice]:
    """What announced a debit, in euro."""
    return (
        Invoice.objects.standing()
        .filter(payment_means=Invoice.PaymentMeans.DIRECT_DEBIT, open_item__currency="EUR")
        .select_related("customer", "open_item")
        .defer("snapshot")
    )


def _open() -> QuerySet[Invoice]:
    live = Order.objects.live().filter(open_item=OuterRef("open_item"))
    return _billed().filter(~Exists(live), open_item__outstanding__gt=0)


def _judged(invoices: list[Invoice], *, on: datetime.date) -> list[Candidate]:
    notice = companies.get().sepa_notice_days
    mandates = _mandates({invoice.customer_id for invoice in invoices}, on=on)
    found = []
    for invoice in invoices:
        item = invoice.open_item
        day = due_day(item.document_date, item.due_date, notice_days=notice, on=on)
        mandate, refusal = mandates.get(invoice.customer_id or 0, (None, "kein Mandat"))
        if item.outstanding <= 0:
            refusal = "nichts mehr offen"
        found.append(Candidate(invoice, mandate, day, refusal))
    return found


def _mandates(customers: set[int], *, on: datetime.date) -> dict[int, tuple[Mandate | None, str]]:
    """The mandate to use for each customer: the latest signed, else why that one is of no use.

    A single one that waits in a batch is taken.
    """
    waiting = Order.objects.live().filter(mandate=OuterRef("pk"))
    found: dict[int, tuple[Mandate | None, str]] = {}
    for mandate in Mandate.objects.filter(customer__in=customers).annotate(waits=Exists(waiting)):
        reason = mandate.refusal(on)
        if not reason and mandate.waits and mandate.kind == Mandate.Kind.ONE_OFF:
            reason = "ist einmalig und schon in einem Auftrag"
        if not reason and found.get(mandate.customer_id, (None,))[0] is None:
            found[mandate.customer_id] = (mandate, "")
        elif reason:
            text = f"Mandat {mandate.reference} {reason}"
            found.setdefault(mandate.customer_id, (None, text))
    return found


def _refuse(missing: set[int], found: list[Candidate], scheme: str) -> None:
    if missing:
        raise errors.NOT_COLLECTABLE(
            item="Eine Rechnung", reason="sie kündigt keine Lastschrift in Euro an."
        )
    singles: set[int] = set()
    for one in found:
        reason = one.refusal
        if not reason and one.mandate.scheme != scheme:
            reason = f"das Mandat gilt für {one.mandate.scheme}"
        if not reason and one.mandate.kind == Mandate.Kind.ONE_OFF:
            reason = "das einmalige Mandat ist vergeben" if one.mandate.pk in singles else ""
            singles.add(one.mandate.pk)
        if reason:
            raise errors.NOT_COLLECTABLE(item=one.invoice.number, reason=f"{reason}.")


def _order(one: Candidate) -> Order:
    mandate = one.mandate
    return Order(
        open_item=one.invoice.open_item,
        mandate=mandate,
        amount=one.amount,
        due_on=one.due_on,
        name=mandate.holder,
        iban=mandate.iban,
        purpose=spelling.spelled(f"Rechnung {one.invoice.number}", spelling.PURPOSE),
    )
