"""Einstellungen › E-Mail, and the outbox that keeps what the demo would have sent."""

from typing import Any, ClassVar

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views import View

from workmate import letters, mail, mail_account
from workmate.errors import Problem
from workmate.filters import Filters
from workmate.forms import ModelForm
from workmate.lists import Column, ListPage
from workmate.models import Company, MailAccount, OutboxMessage
from workmate.web import Request


class MailForm(ModelForm):
    """The server; its password is written here and never shown again."""

    password = django_forms.CharField(
        label="Passwort",
        required=False,
        strip=False,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    widths: ClassVar = {
        "host": 8,
        "port": 4,
        "user": 6,
        "password": 6,
        "sender": 6,
        "reply_to": 6,
    }

    class Meta:
        model = MailAccount
        fields: ClassVar = [
            "host",
            "port",
            "security",
            "user",
            "password",
            "sender",
            "reply_to",
            "copy_to_self",
        ]
        widgets: ClassVar = {
            "port": django_forms.TextInput(attrs={"inputmode": "numeric"}),
            "host": django_forms.TextInput(
                attrs={"placeholder": "mail.beispiel.de", "autocomplete": "off"}
            ),
            "user": django_forms.TextInput(attrs={"autocomplete": "off"}),
        }
        help_texts: ClassVar = {
            "security": "Das Zertifikat des Servers wird geprüft. „keine“ nur ohne Anmeldung.",
            "sender": "Steht mit Ihrem Firmennamen im Feld „Von“.",
            "reply_to": "Leer: an den Absender.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = bool(self.instance.password)
        self.fields["password"].help_text = (
            "Gespeichert. Leer lassen, damit es bleibt."
            if stored
            else "Wird verschlüsselt abgelegt."
        )

    def _post_clean(self) -> None:
        """The act validates; the instance must not carry what it may refuse."""

    def columns(self) -> Any:
        """The fields with their widths, in order."""
        for field in self:
            yield field, self.widths.get(field.name, 12)


class Mail(PermissionRequiredMixin, View):
    """The server that takes our mail."""

    permission_required = "workmate.change_mailaccount"

    def get(self, request: Request) -> HttpResponse:
        return _page(request)

    def post(self, request: Request) -> HttpResponse:
        if "remove" in request.POST:
            mail_account.remove(by=request.user)
            messages.success(request, "Der Postausgangsserver ist entfernt.")
            return redirect("mail")
        form = MailForm(request.POST, instance=_account())
        if form.is_valid():
            changes = dict(form.cleaned_data)
            try:
                mail_account.save(changes, password=changes.pop("password"), by=request.user)
            except Problem as problem:
                form.add_problem(problem)
            else:
                messages.success(request, "Gespeichert. Prüfen Sie nun die Verbindung.")
                return redirect("mail")
        return _page(request, form)


class MailCheck(PermissionRequiredMixin, View):
    """Connects with the stored account and says how it went."""

    permission_required = "workmate.change_mailaccount"

    def post(self, request: Request) -> HttpResponse:
        account = get_object_or_404(MailAccount, pk=1)
        try:
            mail.Smtp(account, timeout=8).check()
        except Problem as problem:
            messages.error(request, problem.message)
        else:
            login = " und nimmt die Anmeldung an" if account.user else ""
            messages.success(request, f"{account} antwortet{login}.")
        return redirect("mail")


class MailTest(PermissionRequiredMixin, View):
    """Sends a message to oneself."""

    permission_required = "workmate.change_mailaccount"

    def post(self, request: Request) -> HttpResponse:
        try:
            answer = mail_account.send_test(by=request.user)
        except Problem as problem:
            messages.error(request, f"{problem.message} {problem.advice}")
            return redirect("mail")
        if answer.accepted:
            messages.success(request, f"Die Testnachricht an {request.user.email} ist unterwegs.")
        else:
            messages.error(request, f"Der Server sagt: {answer.code or ''} {answer.text}")
        return redirect("mail")


def _account() -> MailAccount:
    known = MailAccount.objects.filter(pk=1).first()
    own = Company.objects.filter(pk=1).first()
    return known or MailAccount(sender=own.email if own else "")


def _page(request: Request, form: MailForm | None = None) -> HttpResponse:
    context = {
        "form": form or MailForm(instance=_account()),
        "account": MailAccount.objects.filter(pk=1).first(),
        "captured": mail.is_captured(),
        "by_environment": mail.is_by_environment(),
    }
    return render(request, "workmate/mail.html", context, status=422 if form else 200)


class OutboxFilters(Filters):
    """By subject and recipient."""

    search_fields = ("subject", "recipients")

    class Meta:
        model = OutboxMessage
        fields = ("q",)


class Outbox(ListPage):
    """What the demo would have sent, the latest first."""

    permission_required = "workmate.view_outboxmessage"
    title = "Postausgang"
    template_name = "workmate/outbox.html"
    queryset = OutboxMessage.objects.defer("raw")
    filterset_class = OutboxFilters
    default_sort = "-id"
    columns = (
        Column("created_at", "Wann", kind="moment", sort="id"),
        Column("to", "An", sort=""),
        Column("subject", "Betreff", link=True),
    )
    empty = "Noch keine Nachricht. Hier liegt, was die Demo versendet hätte."


class OutboxMessagePage(PermissionRequiredMixin, View):
    """One message: headers, text, files."""

    permission_required = "workmate.view_outboxmessage"

    def get(self, request: Request, pk: int) -> HttpResponse:
        found = get_object_or_404(OutboxMessage, pk=pk)
        context = {"message": found, "letter": letters.read(bytes(found.raw))}
        return render(request, "workmate/outbox_message.html", context)


class OutboxAttachment(PermissionRequiredMixin, View):
    """A file of a message, or with number 0 the message itself."""

    permission_required = "workmate.view_outboxmessage"

    def get(self, request: Request, pk: int, number: int) -> HttpResponse:
        raw = bytes(get_object_or_404(OutboxMessage, pk=pk).raw)
        if number == 0:
            return saved(raw, f"nachricht-{pk}.eml", "message/rfc822")
        files = letters.read(raw).attachments
        if number > len(files):
            raise Http404
        file = files[number - 1]
        return saved(file.data, file.filename, file.media_type)


def saved(data: bytes, filename: str, media_type: str) -> HttpResponse:
    """The answer with bytes that the browser saves and never shows."""
    response = HttpResponse(data, content_type=media_type)
    disposition = content_disposition_header(True, filename)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
