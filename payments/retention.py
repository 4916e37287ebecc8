"""How long receipts and counts of cash are kept; see `workmate.retention`.

The entries of payments are in the journal. Where something is still owed on the payer's item, the
receipt stays.
"""

from django.db.models import Q, QuerySet

from payments.models import Allocation, CashClosing, Receipt
from workmate.models import Document
from workmate.retention import BOOKS, VOUCHERS, Kind, by_year, register


def _files(year: int) -> QuerySet[Document]:
    """The receipts of a year for payments of which nothing is open any more."""
    unsettled = Allocation.objects.exclude(open_item__outstanding=0).values("payment")
    credit = Q(payment__credit__isnull=False) & ~Q(payment__credit__outstanding=0)
    rows = Receipt.objects.filter(issued_on__year=year)
    return Document.objects.filter(receipt__in=rows.exclude(Q(payment__in=unsettled) | credit))


register(
    Kind(
        name="receipts",
        title="Quittungen",
        years=VOUCHERS,
        basis="§ 147 Abs. 3 AO (Buchungsbelege)",
        years_of=lambda: by_year(Receipt.objects.all(), "issued_on"),
        files=_files,
    )
)
register(
    Kind(
        name="cash",
        title="Kassenabschlüsse",
        years=BOOKS,
        basis="§ 147 Abs. 3 AO, § 257 Abs. 4 HGB (Teil des Kassenbuchs)",
        years_of=lambda: by_year(CashClosing.objects.all(), "day"),
    )
)
