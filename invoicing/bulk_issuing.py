"""Issuing many drafts in one run: what would happen, and the act itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from invoicing import gate
from invoicing.bulk_running import Bulk, register
from invoicing.issuing import issue
from invoicing.models import BulkRow, Invoice
from invoicing.numbering import expected_number
from workmate.models import User

PREVIEWED = 100  # drafts that are judged before they are confirmed


@dataclass(frozen=True, kw_only=True)
class Group:
    """The drafts of one kind and currency: how many, what they come to, the next number."""

    kind: str
    count: int
    gross: Decimal
    currency: str
    first_number: str


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What would happen to the chosen drafts today."""

    ready: Sequence[Invoice]
    refused: Sequence[tuple[Invoice, list[str]]]
    unjudged: Sequence[Invoice]  # beyond the first hundred; the run judges them

    @property
    def going(self) -> list[Invoice]:
        return [*self.ready, *self.unjudged]

    def groups(self, *, on: date) -> list[Group]:
        """What would be issued, by kind and currency, kinds in the order of their choices."""
        sums: dict[tuple[str, str], list[Decimal]] = {}
        for draft in self.going:
            sums.setdefault((draft.kind, draft.currency), []).append(draft.gross_total)
        order = list(Invoice.Kind)
        return [
            Group(
                kind=Invoice.Kind(kind).label,
                count=len(amounts),
                gross=sum(amounts, Decimal(0)),
                currency=currency,
                first_number=expected_number(kind, on),
            )
            for (kind, currency), amounts in sorted(
                sums.items(), key=lambda item: (order.index(Invoice.Kind(item[0][0])), item[0][1])
            )
        ]


def preview(wanted: Sequence[int], *, on: date) -> Preview:
    """Judge the drafts as the gate would on that day; what is no draft any more is left out."""
    found = list(drafts(wanted))
    ready, refused = [], []
    for draft in found[:PREVIEWED]:
        fields = gate.check(draft, on=on).fields()
        if fields:
            refused.append((draft, [text for texts in fields.values() for text in texts]))
        else:
            ready.append(draft)
    return Preview(ready=ready, refused=refused, unjudged=found[PREVIEWED:])


def drafts(wanted: Sequence[int]) -> Any:
    """The drafts among these ids, in the order in which they are done."""
    found = Invoice.objects.drafts().filter(pk__in=wanted)
    return found.select_related("customer__partner").order_by("pk")


def _issue(draft: Invoice, row: BulkRow, by: User, on: date) -> object:
    return issue(draft, by=by, on=on, version=row.version)


ISSUING = register(
    Bulk(
        job="invoicing.issue_drafts",
        permission="invoicing.issue_invoice",
        done=BulkRow.State.ISSUED,
        fitting=drafts,
        act=_issue,
    )
)
