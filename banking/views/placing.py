"""The place on the matching screen: what it is narrowed to, and where it goes on after an act.

The address holds it (`?konto=3&q=huber&umsatz=7`), and every form sends it back as `ort`, so that
nothing is lost by deciding.
"""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from banking.filters import MatchingFilters
from banking.models import Transaction
from workmate.web import row_number

SHOWN = 100


class Place:
    """The open transactions that fit the filters, newest first."""

    def __init__(self, data: QueryDict) -> None:
        kept = ((name, data.get(name, "")) for name in MatchingFilters.base_filters)
        self.query = urlencode([(name, value) for name, value in kept if value])
        self.filterset = MatchingFilters(data, queryset=Transaction.objects.open())

    @classmethod
    def sent(cls, request: HttpRequest) -> "Place":
        """The place that a form brings along."""
        return cls(QueryDict(request.POST.get("ort", "")))

    @property
    def rows(self) -> QuerySet[Transaction]:
        """All of them; each list of the screen is a piece of this."""
        return self.filterset.qs.order_by("-booked_on", "-pk")

    def page(self, wanted: str, chosen: Transaction | None) -> int:
        """The number of the page, from 0: the one asked for, else the one with the chosen row."""
        if page := row_number(wanted):
            return page - 1
        return self.rows.filter(_newer(chosen)).count() // SHOWN if chosen else 0

    def at(self, pk: int | None = None) -> str:
        """The address of the screen with this transaction chosen."""
        parts = [self.query, urlencode({"umsatz": pk}) if pk else ""]
        query = "&".join(part for part in parts if part)
        return f"{reverse('banking:reconcile')}?{query}" if query else reverse("banking:reconcile")

    def after(self, row: Transaction) -> str:
        """The address of the next older transaction; ask before the row is decided."""
        return self.at(self.following(row))

    def following(self, row: Transaction) -> int | None:
        """The next older transaction, or at the end the one before."""
        older = Q(booked_on__lt=row.booked_on) | Q(booked_on=row.booked_on, pk__lt=row.pk)
        others = self.rows.values_list("pk", flat=True)
        return others.filter(older).first() or others.filter(_newer(row)).last()


def _newer(row: Transaction) -> Q:
    return Q(booked_on__gt=row.booked_on) | Q(booked_on=row.booked_on, pk__gt=row.pk)
