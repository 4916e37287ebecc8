"""The people at customers, and what happened with them."""

import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate, now

from invoicing import activities, contacts, filters
from invoicing.contents import person_of
from invoicing.forms import ActivityForm, ContactForm, show
from invoicing.forms.fields import SEPARATOR
from invoicing.models import Activity, Contact, Customer
from invoicing.views.acting import Page, attempt
from invoicing.views.customers import customer_page
from invoicing.views.suggesting import MOST, Option, offered
from workmate.errors import Problem
from workmate.lists import Column, ListPage


class Contacts(ListPage):
    permission_required = "invoicing.view_contact"
    template_name = "invoicing/customers.html"
    title = "Ansprechpartner"
    queryset = Contact.objects.select_related("customer")
    filterset_class = filters.ContactFilters
    default_sort = "last_name"
    columns = [
        Column("name", "Name", value=str, sort="last_name", link=True),
        Column("customer.name", "Kunde", sort="customer__name"),
        Column("position", "Funktion", priority=2),
        Column("department", "Abteilung", priority=3),
        Column("email", "E-Mail", priority=2),
        Column("phone", "Telefon", value=lambda row: row.phone or row.mobile, sort=""),
        Column("is_primary", "Haupt", kind="boolean", sort="", priority=3),
    ]
    empty = "Noch kein Ansprechpartner. Legen Sie ihn auf der Seite seines Kunden an."

    def row_url(self, row: Contact) -> str:
        return row.customer.get_absolute_url()


class Activities(ListPage):
    permission_required = "invoicing.view_activity"
    template_name = "invoicing/customers.html"
    title = "Aktivitäten"
    queryset = Activity.objects.select_related("customer", "contact", "created_by")
    filterset_class = filters.ActivityFilters
    default_sort = "-occurred_at"
    columns = [
        Column("occurred_at", "Am", kind="moment"),
        Column("customer.name", "Kunde", sort="customer__name", link=True),
        Column("kind", "Art", value=Activity.get_kind_display, sort="kind"),
        Column("description", "Was war", sort=""),
        Column("contact", "Mit", value=lambda row: str(row.contact or ""), sort="", priority=2),
        Column("created_by", "Von", value=lambda row: str(row.created_by), sort="", priority=2),
    ]
    empty = "Noch nichts eingetragen. Telefonate und Notizen stehen auf der Seite des Kunden."

    def row_url(self, row: Activity) -> str:
        return row.customer.get_absolute_url()


class ContactCreate(Page):
    permission_required = "invoicing.add_contact"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _form(request, get_object_or_404(Customer, pk=pk), ContactForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer, form = get_object_or_404(Customer, pk=pk), ContactForm(request.POST)
        if form.is_valid():
            try:
                made = contacts.add_contact(customer, by=self.user, **form.cleaned_data)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"{made} ist angelegt.")
                return redirect(customer)
        return _form(request, customer, form, status=422)


class ContactEdit(Page):
    permission_required = "invoicing.change_contact"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = _contact(pk)
        return _form(request, contact.customer, ContactForm(instance=contact))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = _contact(pk)
        form = ContactForm(request.POST, instance=contact)
        if form.is_valid():
            try:
                contacts.edit_contact(contact, by=self.user, **form.cleaned_data)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"Die Angaben zu {contact} sind gespeichert.")
                return redirect(contact.customer)
        return _form(request, contact.customer, form, status=422)


class ContactPrimary(Page):
    permission_required = "invoicing.change_contact"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = _contact(pk)
        done = f"{contact} steht jetzt auf neuen Belegen."
        attempt(request, done, contacts.make_primary, contact)
        return redirect(contact.customer)


class ContactRemove(Page):
    permission_required = "invoicing.delete_contact"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "invoicing/contact_remove.html", {"contact": _contact(pk)})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        contact = _contact(pk)
        attempt(request, f"{contact} ist entfernt.", contacts.remove_contact, contact)
        return redirect(contact.customer)


class ContactSuggestions(Page):
    """The people at the customer of the draft, as options for the field."""

    permission_required = "invoicing.view_contact"

    def get(self, request: HttpRequest) -> HttpResponse:
        number = request.GET.get("customer", "").rpartition(SEPARATOR)[2].strip()
        typed = request.GET.get("contact_name", "").strip().lower()
        customer = Customer.objects.filter(number__iexact=number).first()
        found = list(customer.contacts.all()) if customer else []
        return offered(
            [
                Option(str(one), one.position or one.department or one.email, person_of(one))
                for one in found
                if typed in str(one).lower()
            ][:MOST]
        )


class ActivityLog(Page):
    """Takes what was typed into the form of the customer's page."""

    permission_required = "invoicing.add_activity"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer = get_object_or_404(Customer, pk=pk)
        form = ActivityForm(request.POST, customer=customer)
        if form.is_valid():
            data = dict(form.cleaned_data)
            data["occurred_at"] = _moment(data.pop("occurred_on"))
            try:
                activities.log_activity(customer, by=self.user, at=now(), **data)
            except Problem as problem:
                problem.fields["occurred_on"] = problem.fields.pop("occurred_at", [])
                show(problem, form)
            else:
                messages.success(request, "Der Eintrag ist gespeichert.")
                return redirect(f"{customer.get_absolute_url()}#aktivitaeten")
        return customer_page(request, pk, form, status=422)


class ActivityRemove(Page):
    permission_required = "invoicing.delete_activity"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        activity = get_object_or_404(Activity.objects.select_related("customer"), pk=pk)
        attempt(request, "Der Eintrag ist entfernt.", activities.remove_activity, activity)
        return redirect(activity.customer)


def _contact(pk: int) -> Contact:
    return get_object_or_404(Contact.objects.select_related("customer"), pk=pk)


def _form(
    request: HttpRequest, customer: Customer, form: ContactForm, status: int = 200
) -> HttpResponse:
    contact = form.instance if form.instance.pk else None
    where = reverse("invoicing:contact-edit", args=[contact.pk]) if contact else ""
    context = {"customer": customer, "contact": contact, "form": form, "where": where}
    return render(request, "invoicing/contact_form.html", context, status=status)


def _moment(day: datetime.date | None) -> datetime.datetime | None:
    """Noon of that day; nothing for today, which is told to the minute."""
    if day is None or day == localdate():
        return None
    return datetime.datetime.combine(day, datetime.time(12), get_current_timezone())
