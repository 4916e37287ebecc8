"""Quotes and orders: their lists, and how they go on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import localdate

from invoicing import filters
from invoicing.converting import convert, decide
from invoicing.forms.offer import ConversionForm, DecisionForm
from invoicing.models import Invoice
from invoicing.views.acting import Page, attempt
from invoicing.views.invoices import Invoices
from invoicing.views.wording import WORD_TONES, word_of
from workmate.lists import Action, Column

COLUMNS = [
    Column("number", "Nummer", value=str, sort="number", link=True),
    Column("customer.name", "Kunde", sort="customer__name"),
    Column("issue_date", "Datum", kind="date", sort="listed_on", priority=2),
    Column("state", "Status", kind="status", value=word_of, sort="", tones=WORD_TONES),
    Column("gross_total", "Betrag", kind="money", currency="currency", total=True),
]
UNTIL = Column("valid_until", "Gültig bis", kind="date", priority=2)


class Quotes(Invoices):
    bills = False
    title = "Angebote"
    queryset = Invoices.queryset.filter(kind=Invoice.Kind.QUOTE)
    filterset_class = filters.QuoteFilters
    columns = [*COLUMNS[:3], UNTIL, *COLUMNS[3:]]
    actions = [
        Action("Angebot schreiben", "invoicing:quote-create", "invoicing.add_invoice", "plus", True)
    ]
    empty = "Noch kein Angebot."
    empty_action = actions[0]


class Orders(Invoices):
    bills = False
    title = "Aufträge"
    queryset = Invoices.queryset.filter(kind=Invoice.Kind.CONFIRMATION)
    filterset_class = filters.OrderFilters
    columns = COLUMNS
    actions = [
        Action(
            "Auftrag bestätigen", "invoicing:order-create", "invoicing.add_invoice", "plus", True
        )
    ]
    empty = "Noch keine Auftragsbestätigung."
    empty_action = actions[0]


class Convert(Page):
    """Begins the document that follows an offer."""

    permission_required = "invoicing.add_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        offer = get_object_or_404(Invoice, pk=pk)
        form = ConversionForm(request.POST)
        if not form.is_valid():
            return redirect(offer)
        data = form.cleaned_data
        done = f"Neuer Entwurf nach {offer}."
        draft = attempt(
            request,
            done,
            convert,
            offer,
            data["kind"],
            percent=data["percent"] or ConversionForm.PERCENT,
            on=localdate(),
        )
        return redirect("invoicing:draft", draft.pk) if draft else redirect(offer)


class Decide(Page):
    """What the customer said to a quote."""

    permission_required = "invoicing.change_invoice"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        quote = get_object_or_404(Invoice, pk=pk)
        form = DecisionForm(request.POST)
        if form.is_valid():
            decision = form.cleaned_data["decision"]
            word = Invoice.Decision(decision).label
            done = f"Das Angebot {quote} ist {word}."
            attempt(request, done, decide, quote, decision, on=localdate())
        return redirect(quote)
