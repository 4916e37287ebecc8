"""What journal and account sheets are narrowed by."""

from workmate.filters import DateFilter, Filters
from workmate.ledger.models import Entry, Line


class EntryFilters(Filters):
    """Entries by words and day."""

    search_fields = ("text", "document_number")

    since = DateFilter(field_name="booked_on", lookup_expr="gte", label="ab")
    until = DateFilter(field_name="booked_on", lookup_expr="lte", label="bis")

    class Meta:
        model = Entry
        fields: tuple[str, ...] = ()


class LineFilters(Filters):
    """Lines of an account by words and day."""

    search_fields = ("entry__text", "entry__document_number")

    since = DateFilter(field_name="booked_on", lookup_expr="gte", label="ab")
    until = DateFilter(field_name="booked_on", lookup_expr="lte", label="bis")

    class Meta:
        model = Line
        fields: tuple[str, ...] = ()
