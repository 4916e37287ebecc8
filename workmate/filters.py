"""What a list can be narrowed by: search, dates and amounts in German spelling."""

from typing import Any, ClassVar

import django_filters
from django.db.models import DateField as DateColumn
from django.db.models import DecimalField as DecimalColumn
from django.db.models import Q, QuerySet

from workmate import forms


class DateFilter(django_filters.DateFilter):
    """A day, typed as in every form."""

    field_class = forms.DateField


class AmountFilter(django_filters.NumberFilter):
    """An amount, typed as in every form."""

    field_class = forms.AmountField

    def get_max_validator(self) -> None:
        return None


class Filters(django_filters.FilterSet):
    """The filter bar of a list: `q` searches all of `search_fields`, word by word.

    A field in `search_fields` may name its lookup (`number__istartswith`); the default is
    `icontains`.
    """

    search_fields: ClassVar[tuple[str, ...]] = ()

    q = django_filters.CharFilter(method="search", label="Suche")

    class Meta:
        filter_overrides: ClassVar = {
            DateColumn: {"filter_class": DateFilter},
            DecimalColumn: {"filter_class": AmountFilter},
        }

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Rows in which every word of the search occurs somewhere."""
        for word in value.split()[:8]:
            found = Q()
            for field in self.search_fields:
                lookup = field if "__" in field and field.rsplit("__", 1)[1] in LOOKUPS else ""
                found |= Q(**{lookup or f"{field}__icontains": word})
            rows = rows.filter(found)
        return rows


LOOKUPS = {"istartswith", "iexact", "exact", "icontains", "startswith"}
