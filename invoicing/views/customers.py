"""Customers: list, page, form, and being offered or not."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from invoicing import customers, filters, statistics
from invoicing.contents import person_of, terms_of
from invoicing.forms import ActivityForm, BlockForm, CustomerForm, show
from invoicing.forms.fields import label_of
from invoicing.models import Activity, Customer, Invoice
from invoicing.views.acting import Page, asked_way, attempt, back_to
from invoicing.views.suggesting import MOST, Option, offered, typed
from invoicing.views.wording import dressed
from workmate.errors import Problem
from workmate.lists import Action, Column, ListPage

NEW = Action(
    "Kunde anlegen", "invoicing:customer-create", "invoicing.add_customer", "plus", primary=True
)
SHOWN = 10
TONES = {
    "aktiv": "positive",
    "Interessent": "info",
    "nicht aktiv": "neutral",
    "gesperrt": "negative",
}
ICONS = {
    Activity.Kind.NOTE: "notebook-pen",
    Activity.Kind.CALL: "phone",
    Activity.Kind.EMAIL: "mail",
    Activity.Kind.MEETING: "users",
    Activity.Kind.LETTER: "mail-open",
}


class Customers(ListPage):
    permission_required = "invoicing.view_customer"
    template_name = "invoicing/customers.html"
    title = "Kunden"
    queryset = Customer.objects.with_outstanding()
    filterset_class = filters.CustomerFilters
    chips = "status"
    default_sort = "name"
    columns = [
        Column("name", "Name", link=True),
        Column("number", "Nummer"),
        Column("status", "Status", kind="status", value=Customer.get_status_display, tones=TONES),
        Column("kind", "Art", value=Customer.get_kind_display, sort="kind", priority=3),
        Column("city", "Ort", priority=2),
        Column("country_name", "Land", sort="", priority=3),
        Column(
            "einvoice_format",
            "E-Rechnung",
            value=lambda row: row.get_einvoice_format_display().partition(" ")[0],
            sort="einvoice_format",
            priority=2,
        ),
        Column("outstanding", "Offen", kind="money", sort=""),
    ]
    actions = [NEW]
    empty = "Noch kein Kunde. Der erste ist in einer Minute angelegt: Name und Anschrift genügen."
    empty_action = NEW


class CustomerPage(Page):
    permission_required = "invoicing.view_customer"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return customer_page(request, pk)


def customer_page(
    request: HttpRequest, pk: int, form: ActivityForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a customer, with what was typed into the form of an activity."""
    rows = Customer.objects.with_outstanding().select_related("partner")
    customer = get_object_or_404(rows, pk=pk)
    today = localdate()
    invoices = Invoice.objects.of(customer)
    activities = customer.activities.select_related("contact", "created_by")
    context = {
        "customer": customer,
        "tone": TONES[customer.get_status_display()],
        "figures": statistics.of_customer(customer, on=today),
        "contacts": customer.contacts.all(),
        "activities": [(one, ICONS[Activity.Kind(one.kind)]) for one in activities[:SHOWN]],
        "activity_count": activities.count(),
        "form": form or ActivityForm(customer=customer),
        "count": invoices.count(),
        "documents": dressed(invoices.with_state(on=today).order_by("-listed_on", "-pk")[:SHOWN]),
        "payments": _payments(request, customer),
        "mandates": _mandates(request, customer),
        "credit": _credit(customer),
    }
    return render(request, "invoicing/customer.html", context, status=status)


def _mandates(request: HttpRequest, customer: Customer) -> list[tuple[Any, str, str]]:
    """The SEPA mandates, where they stand and why, for those who may see them."""
    if not request.user.has_perm("payments.view_mandate"):
        return []
    today = localdate()
    return [(one, one.state(today), one.refusal(today)) for one in customer.mandates.all()]


def _credit(customer: Customer) -> Decimal | None:
    """What the customer has to spend (EUR, positive) beside what is owed."""
    found = customer.partner.open_items.credits().filter(currency="EUR")
    total = found.aggregate(sum=Sum("outstanding"))["sum"]
    return -total if total and customer.outstanding > total else None


def _payments(request: HttpRequest, customer: Customer) -> QuerySet[Any] | list[Any]:
    """The latest payments, for those who may see payments."""
    if not request.user.has_perm("payments.view_payment"):
        return []
    rows = customer.partner.payments.select_related("money_account", "reversal")
    return rows.order_by("-received_on", "-pk")[:SHOWN]


class CustomerCreate(Page):
    permission_required = "invoicing.add_customer"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(CustomerForm(initial={"name": request.GET.get("name", "")}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CustomerForm(request.POST)
        if form.is_valid():
            try:
                customer = customers.create_customer(
                    by=self.user, is_lead="lead" in request.POST, **form.data_for_act()
                )
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"{customer.name} ist angelegt ({customer.number}).")
                return back_to(request, customer)
        return self._page(form, status=422)

    def _page(self, form: CustomerForm, status: int = 200) -> HttpResponse:
        return render(self.request, "invoicing/customer_form.html", {"form": form}, status=status)


class CustomerEdit(Page):
    permission_required = "invoicing.change_customer"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(CustomerForm(instance=get_object_or_404(Customer, pk=pk)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = CustomerForm(request.POST, instance=get_object_or_404(Customer, pk=pk))
        if form.is_valid():
            try:
                customer = customers.edit_customer(
                    form.instance, by=self.user, **form.data_for_act()
                )
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, "Die Angaben zum Kunden sind gespeichert.")
                return back_to(request, customer)
        return self._page(form, status=422)

    def _page(self, form: CustomerForm, status: int = 200) -> HttpResponse:
        context = {
            "form": form,
            "customer": Customer.objects.get(pk=form.instance.pk),
            "weiter": asked_way(self.request),
        }
        return render(self.request, "invoicing/customer_form.html", context, status=status)


class CustomerStatus(Page):
    """Offered, a prospect, or no longer offered; blocking has a page of its own."""

    permission_required = "invoicing.change_customer"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer = get_object_or_404(Customer, pk=pk)
        status = request.POST.get("status", "")
        word = dict(Customer.Status.choices).get(status, status)
        done = f"{customer.name}: Status ist jetzt „{word}“."
        attempt(request, done, customers.set_status, customer, status)
        return redirect(customer)


class CustomerBlock(Page):
    """Asks for the reason and blocks."""

    permission_required = "invoicing.change_customer"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(get_object_or_404(Customer, pk=pk), BlockForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer, form = get_object_or_404(Customer, pk=pk), BlockForm(request.POST)
        if form.is_valid():
            blocked, reason = Customer.Status.BLOCKED, form.cleaned_data["reason"]
            customers.set_status(customer, blocked, by=self.user, reason=reason)
            messages.success(request, f"{customer.name} ist gesperrt.")
            return redirect(customer)
        return self._page(customer, form, status=422)

    def _page(self, customer: Customer, form: BlockForm, status: int = 200) -> HttpResponse:
        drafts = customer.invoices.filter(status=Invoice.Status.DRAFT).count()
        context = {"customer": customer, "form": form, "drafts": drafts}
        return render(self.request, "invoicing/customer_block.html", context, status=status)


class CustomerDelete(Page):
    permission_required = "invoicing.delete_customer"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer = get_object_or_404(Customer.objects.select_related("partner"), pk=pk)
        context = {"customer": customer, "count": customers.documents_of(customer)}
        return render(request, "invoicing/customer_delete.html", context)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer = get_object_or_404(Customer, pk=pk)
        done = f"{customer.name} ist gelöscht."
        if attempt(request, done, customers.delete_customer, customer):
            return redirect("invoicing:customers")
        return redirect(customer)


class CustomerSuggestions(Page):
    """Customers that fit what one types, as options for the field."""

    permission_required = "invoicing.view_customer"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = typed(request)
        found = Customer.objects.active().matching(text)[:MOST] if text else []
        return offered(
            [
                Option(
                    customer.name,
                    f"{customer.number}, {customer.city}".rstrip(", "),
                    {
                        "customer": label_of(customer),
                        "payment_terms_days": terms_of(customer),
                        "buyer_reference": customer.leitweg_id,
                        **person_of(customer),
                    },
                )
                for customer in found
            ]
        )
