"""Mandates: the list, one of them, a new one for a customer, and revoking."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing.models import Customer
from invoicing.views.acting import Page, attempt
from payments.models import Mandate
from payments.sepa.forms import MandateForm
from payments.sepa.mandates import grant, revoke
from payments.sepa.models import last_valid_use
from payments.views.payments import BATCHES
from workmate.errors import Problem
from workmate.filters import Filters
from workmate.lists import Column, ListPage
from workmate.money import format_date

TONES = {
    "gültig": "positive",
    "noch nicht gültig": "info",
    "abgelaufen": "attention",
    "verbraucht": "neutral",
    "widerrufen": "negative",
}


class MandateFilters(Filters):
    """Mandates by words and by what they are good for."""

    search_fields = ("reference", "holder", "iban", "customer__name", "customer__number")

    state = django_filters.ChoiceFilter(
        label="Stand",
        method="by_state",
        choices=[("usable", "Gültig"), ("ended", "Beendet"), ("revoked", "Widerrufen")],
    )

    class Meta:
        model = Mandate
        fields: tuple[str, ...] = ()

    def by_state(self, rows: QuerySet[Mandate], name: str, value: str) -> QuerySet[Mandate]:
        """Usable today, ended by itself, or revoked."""
        if value == "revoked":
            return rows.filter(revoked_on__isnull=False)
        if value == "usable":
            return rows.filter(pk__in=Mandate.objects.usable(localdate()).values("pk"))
        used = Coalesce(F("last_used_on"), F("signed_on"))
        single = Q(kind=Mandate.Kind.ONE_OFF, last_used_on__isnull=False)
        ended = rows.filter(revoked_on=None).annotate(used_on=used)
        return ended.filter(single | Q(used_on__lt=last_valid_use(localdate())))


def state(mandate: Mandate) -> str:
    """Where it stands today."""
    return mandate.state(localdate())


class Mandates(ListPage):
    permission_required = "payments.view_mandate"
    title = "SEPA-Mandate"
    queryset = Mandate.objects.select_related("customer")
    filterset_class = MandateFilters
    chips = "state"
    default_sort = "-signed_on"
    columns = [
        Column("reference", "Mandatsreferenz", link=True),
        Column("customer.name", "Kunde", sort="customer__name"),
        Column("iban", "IBAN", sort="", priority=3),
        Column("scheme", "Verfahren", sort="scheme", priority=2),
        Column("kind", "Art", value=Mandate.get_kind_display, sort="kind", priority=3),
        Column("signed_on", "Unterschrieben", kind="date", priority=2),
        Column("last_used_on", "Zuletzt genutzt", kind="date", priority=3),
        Column("state", "Stand", kind="status", value=state, sort="", tones=TONES),
    ]
    actions = [BATCHES]
    empty = "Noch kein Mandat. Sie legen es auf der Seite des Kunden an, der es unterschrieben hat."


class MandatePage(Page):
    permission_required = "payments.view_mandate"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Mandate.objects.select_related("customer", "created_by")
        mandate = get_object_or_404(rows, pk=pk)
        word = state(mandate)
        context: dict[str, Any] = {
            "mandate": mandate,
            "state": word,
            "tone": TONES[word],
            "refusal": mandate.refusal(localdate()),
            "orders": mandate.orders.select_related("batch", "open_item__invoice").order_by("-pk"),
        }
        return render(request, "payments/mandate.html", context)


class MandateNew(Page):
    permission_required = "payments.add_mandate"

    def get(self, request: HttpRequest, customer: int) -> HttpResponse:
        found = get_object_or_404(Customer, pk=customer)
        number = found.mandates.count() + 1
        initial = {"reference": f"{found.number}-{number}", "signed_on": localdate()}
        return self._page(found, MandateForm(initial=initial))

    def post(self, request: HttpRequest, customer: int) -> HttpResponse:
        found = get_object_or_404(Customer, pk=customer)
        form = MandateForm(request.POST)
        if form.is_valid():
            try:
                made = grant(found, on=localdate(), by=self.user, **form.cleaned_data)
            except Problem as problem:
                form.add_problem(problem)
            else:
                text = f"Das Mandat {made.reference} ist angelegt und steht auf neuen Rechnungen."
                messages.success(request, text)
                return redirect(found)
        return self._page(found, form, status=422)

    def _page(self, customer: Customer, form: MandateForm, status: int = 200) -> HttpResponse:
        context = {"customer": customer, "form": form}
        return render(self.request, "payments/mandate_new.html", context, status=status)


class MandateRevocation(Page):
    """Revokes a mandate."""

    permission_required = "payments.change_mandate"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        mandate = get_object_or_404(Mandate, pk=pk)
        today = localdate()
        done = f"Das Mandat gilt seit dem {format_date(today)} nicht mehr."
        attempt(request, done, revoke, mandate, on=today)
        return redirect(mandate)
