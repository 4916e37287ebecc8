"""What became of a document, asked from its open item and a day, never stored."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Case, F, Q, Value, When

from invoicing.models.customer import Customer

# Issued, and what became of it is a matter of money; partial indexes have the same conditions.
CLAIMS = ("invoice", "partial", "advance", "final")  # kinds that ask for money
OFFERS = ("quote", "confirmation")  # kinds before the invoice: no e-invoice, not in the books
STANDING = Q(status="issued", kind__in=CLAIMS, is_cancelled=False)
CANCELLED = Q(status="issued") & (Q(kind="cancellation") | Q(is_cancelled=True))
MOST_CUSTOMERS = 1000  # whose documents one search looks for


class State(models.TextChoices):
    """What became of a document: derived from its open item and a date, never stored."""

    DRAFT = "draft", "Entwurf"
    OPEN = "open", "offen"
    PARTIAL = "partial", "teilweise bezahlt"
    OVERDUE = "overdue", "überfällig"
    PAID = "paid", "bezahlt"
    CANCELLED = "cancelled", "storniert"
    CORRECTION = "correction", "Rechnungskorrektur"
    OFFERED = "offered", "unterbreitet"
    ACCEPTED = "accepted", "angenommen"
    DECLINED = "declined", "abgelehnt"
    EXPIRED = "expired", "abgelaufen"
    CONFIRMED = "confirmed", "bestätigt"


def conditions(on: datetime.date) -> dict[State, Q]:
    """When a document is in a state on that day; exactly one of them holds."""
    owed = STANDING & Q(open_item__outstanding__gt=0)
    in_time = owed & Q(open_item__due_date__gte=on)
    whole = Q(open_item__outstanding__gte=F("gross_total"))
    quote = Q(status="issued", kind="quote")
    return {
        State.DRAFT: Q(status="draft"),
        State.OPEN: in_time & whole,
        State.PARTIAL: in_time & ~whole,
        State.OVERDUE: owed & Q(open_item__due_date__lt=on),
        State.PAID: STANDING & Q(open_item__outstanding__lte=0),
        State.CANCELLED: CANCELLED,
        State.CORRECTION: Q(status="issued", kind="correction"),
        State.OFFERED: quote & Q(decision="", valid_until__gte=on),
        State.ACCEPTED: quote & Q(decision="accepted"),
        State.DECLINED: quote & Q(decision="declined"),
        State.EXPIRED: quote & Q(decision="", valid_until__lt=on),
        State.CONFIRMED: Q(status="issued", kind="confirmation"),
    }


class InvoiceQuerySet(models.QuerySet[Any]):
    """Questions to our documents; what depends on the day takes `on`."""

    def drafts(self) -> "InvoiceQuerySet":
        return self.filter(status="draft")

    def issued(self) -> "InvoiceQuerySet":
        return self.filter(status="issued")

    def billing(self) -> "InvoiceQuerySet":
        """Invoices and what answers them; no offers."""
        return self.exclude(kind__in=OFFERS)

    def of(self, customer: Customer) -> "InvoiceQuerySet":
        return self.filter(customer=customer)

    def in_state(self, *states: str, on: datetime.date) -> "InvoiceQuerySet":
        """Those in any of these states on that day."""
        chosen = conditions(on)
        wanted = Q()
        for state in states:
            wanted |= chosen[State(state)]
        return self.filter(wanted) if states else self

    def standing(self) -> "InvoiceQuerySet":
        """Issued invoices that nobody has cancelled."""
        return self.filter(STANDING)

    def open(self) -> "InvoiceQuerySet":
        """Invoices on which something is still owed, due or not."""
        return self.standing().filter(open_item__outstanding__gt=0)

    def overdue(self, *, on: datetime.date) -> "InvoiceQuerySet":
        """Invoices on which something is owed that was due before that day."""
        return self.in_state(State.OVERDUE, on=on)

    def paid(self) -> "InvoiceQuerySet":
        """Invoices that are settled by payments, not by a cancellation."""
        # No day matters to what is paid; any will do.
        return self.in_state(State.PAID, on=datetime.date.min)

    def without_pdf(self) -> "InvoiceQuerySet":
        """Issued documents whose PDF is not archived yet."""
        return self.issued().filter(pdf=None)

    def with_state(self, *, on: datetime.date) -> "InvoiceQuerySet":
        """Each with its `state` on that day and `outstanding`, None for a draft."""
        return self.annotate(
            outstanding=F("open_item__outstanding"),
            state=Case(
                *(When(condition, Value(state)) for state, condition in conditions(on).items()),
                output_field=models.CharField(),
            ),
        )

    def matching(self, text: str) -> "InvoiceQuerySet":
        """Those with each word of the text in number, order number or customer's name or number."""
        found = self
        for word in text.split():
            # Found first, so that a search through many documents joins nothing.
            customers = Customer.objects.filter(
                Q(name__icontains=word) | Q(number__istartswith=word)
            ).values_list("pk", flat=True)
            found = found.filter(
                Q(number__contains=word.upper())
                | Q(order_reference__icontains=word)
                | Q(customer__in=list(customers[:MOST_CUSTOMERS]))
            )
        return found
