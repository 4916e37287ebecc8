"""SEPA batches: list, page, and every step from choosing to the file."""

from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate

from invoicing.views.acting import Page, attempt
from payments.models import Batch, Order
from payments.sepa import releasing
from workmate.filters import Filters
from workmate.lists import Action, Column, ListPage
from workmate.models import Company
from workmate.views.documents import serve

COLLECT = Action(
    "Lastschriften einziehen", "payments:collect", "payments.add_batch", "download", primary=True
)
TRANSFER = Action("Guthaben überweisen", "payments:transfer", "payments.add_batch", "upload")
MANDATES = Action("Mandate", "payments:mandates", "payments.view_mandate", "signature")
TONES = {
    "draft": "neutral",
    "released": "info",
    "written": "attention",
    "executed": "positive",
    "discarded": "negative",
}


class BatchFilters(Filters):
    """Batches by words, way and state."""

    search_fields = ("message_id", "orders__name", "orders__open_item__document_number")

    kind = django_filters.ChoiceFilter(
        label="Art", choices=Batch.Kind.choices, empty_label="Alle Arten"
    )
    state = django_filters.ChoiceFilter(label="Stand", choices=Batch.State.choices)

    class Meta:
        model = Batch
        fields: tuple[str, ...] = ()

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """A batch with several orders is found once."""
        found = super().search(Batch.objects.all(), name, value)
        return rows.filter(pk__in=found.values("pk")) if value.split() else rows


class Batches(ListPage):
    permission_required = "payments.view_batch"
    title = "SEPA-Aufträge"
    queryset = Batch.objects.select_related("money_account", "created_by", "released_by")
    filterset_class = BatchFilters
    chips = "state"
    default_sort = "-id"
    columns = [
        Column("kind", "Auftrag", value=str, sort="id", link=True),
        Column("scheme", "Verfahren", sort="", priority=3),
        Column("money_account.name", "Bankkonto", sort="", priority=3),
        Column("created_at", "Angelegt", kind="moment", sort="id", priority=2),
        Column("created_by.name", "Von", sort="", priority=3),
        Column("released_by.name", "Freigegeben von", sort="", priority=3),
        Column("state", "Stand", kind="status", tones=TONES),
        Column("count", "Positionen", kind="number", sort="", priority=2),
        Column("total", "Summe", kind="money", sort=""),
    ]
    actions = [MANDATES, TRANSFER, COLLECT]
    empty = (
        "Noch kein Auftrag. Eingezogen werden Rechnungen, die eine Lastschrift ankündigen; "
        "überwiesen werden Guthaben Ihrer Kunden."
    )
    empty_action = COLLECT

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.with_totals()


class BatchPage(Page):
    permission_required = "payments.view_batch"
    template = "payments/batch.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Batch.objects.with_totals().select_related(
            "money_account", "created_by", "released_by", "file"
        )
        batch = get_object_or_404(rows, pk=pk)
        waiting = batch.state in (Batch.State.DRAFT, Batch.State.RELEASED)
        found = releasing.findings(batch, on=localdate()) if waiting else {}
        orders = batch.orders.select_related("open_item__partner", "open_item__invoice", "mandate")
        mine = batch.created_by_id == self.user.pk
        context: dict[str, Any] = {
            "batch": batch,
            "tone": TONES[batch.state],
            "orders": [(order, found.get(order.pk, "")) for order in orders],
            "changed": len(found),
            "lonely": mine and not Company.get().sepa_release_alone,
        }
        return render(request, self.template, context)


class BatchList(BatchPage):
    """The batch on paper, to be signed."""

    template = "payments/batch_list.html"


class Step(Page):
    """A step of a batch: does it, says so, shows the batch."""

    http_method_names = ["post"]
    done: str

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = get_object_or_404(Batch, pk=pk)
        self.act(request, batch)
        return redirect(batch)

    def act(self, request: HttpRequest, batch: Batch) -> None:
        """Call the act."""
        raise NotImplementedError


class BatchRelease(Step):
    permission_required = "payments.release_batch"

    def act(self, request: HttpRequest, batch: Batch) -> None:
        done = "Der Auftrag ist freigegeben. Jetzt lässt sich die Datei erzeugen."
        attempt(request, done, releasing.release, batch, on=localdate())


class BatchWithdrawal(Step):
    permission_required = "payments.release_batch"

    def act(self, request: HttpRequest, batch: Batch) -> None:
        attempt(request, "Der Auftrag ist wieder ein Entwurf.", releasing.withdraw, batch)


class BatchExecution(Step):
    permission_required = "payments.change_batch"

    def act(self, request: HttpRequest, batch: Batch) -> None:
        done = "Der Auftrag gilt als ausgeführt. Gebucht wird mit dem Kontoauszug."
        attempt(request, done, releasing.execute, batch, on=localdate())


class BatchDiscard(Step):
    permission_required = "payments.change_batch"

    def act(self, request: HttpRequest, batch: Batch) -> None:
        done = "Der Auftrag ist verworfen, seine Positionen lassen sich neu wählen."
        attempt(request, done, releasing.discard, batch)


class BatchFile(Page):
    """GET hands out the archived file, POST makes it."""

    permission_required = "payments.view_batch"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = get_object_or_404(Batch.objects.select_related("file"), pk=pk)
        if batch.file is None:
            messages.error(request, "Die Datei gibt es erst nach der Freigabe.")
            return redirect(batch)
        return serve(batch.file)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = get_object_or_404(Batch, pk=pk)
        if not request.user.has_perm("payments.change_batch"):
            return self.handle_no_permission()
        done = (
            "Die Datei ist geprüft und archiviert. Laden Sie sie herunter und reichen Sie sie ein."
        )
        attempt(request, done, releasing.write_file, batch, at=timezone.now())
        return redirect(batch)


class OrderRemoval(Page):
    """Takes an order out of a draft."""

    permission_required = "payments.change_batch"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = get_object_or_404(Order.objects.select_related("batch", "open_item"), pk=pk)
        attempt(request, f"{order.open_item} ist entfernt.", releasing.remove, order)
        return redirect(order.batch)
