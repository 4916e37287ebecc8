"""Tables of payments for whoever audits the books; they are part of `invoicing.collecting`."""

from collections.abc import Iterator
from typing import Any

from invoicing.describing import Column, Table
from invoicing.tabling import Wanted
from payments.models import Allocation, CashClosing, Payment

CHUNK = 2000


def _payments(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    rows = wanted.within(Payment.objects.all(), "received_on").select_related(
        "partner", "money_account", "reversal"
    )
    for payment in rows.order_by("received_on", "pk").iterator(chunk_size=CHUNK):
        reversal = getattr(payment, "reversal", None)
        yield (
            payment.pk,
            payment.received_on,
            payment.get_method_display(),
            payment.amount,
            payment.currency,
            payment.reference,
            payment.money_account.name if payment.money_account else "",
            payment.partner.number if payment.partner else "",
            payment.entry_id,
            reversal.reversed_on if reversal else None,
        )


def _allocations(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    rows = wanted.within(Allocation.objects.all(), "payment__received_on")
    yield from (
        rows.order_by("payment__received_on", "pk")
        .values_list(
            "payment_id",
            "open_item__document_number",
            "amount",
            "open_item__currency",
            "open_item__partner__number",
        )
        .iterator(chunk_size=CHUNK)
    )


def _closings(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    rows = wanted.within(CashClosing.objects.all(), "day").select_related(
        "money_account__account", "created_by"
    )
    for closing in rows.order_by("day", "pk").iterator(chunk_size=CHUNK):
        yield (
            closing.money_account.account.number,
            closing.day,
            closing.balance,
            closing.counted,
            closing.difference,
            closing.note,
            closing.entry_id,
            str(closing.created_by),
        )


PAYMENTS = Table(
    file="zahlungen.csv",
    name="Zahlungen",
    about="Zahlungen des Zeitraums, auch zurückgenommene.",
    columns=(
        Column("Zahlung", "number", 0, key=True),
        Column("Datum", "day"),
        Column("Zahlungsart"),
        Column("Betrag", "number"),
        Column("Währung"),
        Column("Verwendungszweck"),
        Column("Geldkonto"),
        Column("Personenkonto"),
        Column("Buchung", "number", 0),
        Column("Zurückgenommen am", "day"),
    ),
    rows=_payments,
    of_books=True,
)
ALLOCATIONS = Table(
    file="zuordnungen.csv",
    name="Zuordnungen",
    about="Was jede Zahlung von welchem Beleg bezahlt.",
    columns=(
        Column("Zahlung", "number", 0),
        Column("Beleg"),
        Column("Betrag", "number"),
        Column("Währung"),
        Column("Personenkonto"),
    ),
    rows=_allocations,
    references=(("Zahlung", "Zahlungen"),),
    of_books=True,
)
CLOSINGS = Table(
    file="kassenabschluesse.csv",
    name="Kassenabschlüsse",
    about="Was abends in der Kasse gezählt wurde, mit der Differenz und ihrer Buchung.",
    columns=(
        Column("Kasse"),
        Column("Tag", "day"),
        Column("Laut Büchern", "number"),
        Column("Gezählt", "number"),
        Column("Differenz", "number"),
        Column("Bemerkung"),
        Column("Buchung", "number", 0),
        Column("Gezählt von"),
    ),
    rows=_closings,
    of_books=True,
)
