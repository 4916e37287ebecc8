"""Rules: what the words of a booking say it is, tried out before they decide anything."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from banking import ruling
from banking.forms import RuleForm
from banking.models import BankRule, Transaction
from banking.wording import rule_state
from invoicing.forms import show
from invoicing.views.acting import Page, attempt, back_to
from workmate.errors import Problem
from workmate.lists import Action, Column, ListPage
from workmate.web import row_number

TRIED = 12
NEW = Action("Regel anlegen", "banking:rule_new", "banking.add_bankrule", "plus", True)
TONES = {"aktiv": "positive", "aus": "neutral", "gestört": "negative"}


class Rules(ListPage):
    permission_required = "banking.view_bankrule"
    template_name = "banking/list.html"
    title = "Regeln"
    queryset = BankRule.objects.select_related("account")
    default_sort = "rank"
    actions = [NEW]
    empty = "Noch keine Regel. Regeln entscheiden wiederkehrende Umsätze wie Gebühren von selbst."
    empty_action = NEW
    columns = [
        Column("rank", "Rang", kind="number"),
        Column("name", "Bezeichnung", link=True, note="problem"),
        Column("contains", "Text enthält", sort="", priority=2),
        Column("iban", "IBAN", sort="", priority=3),
        Column("account", "Buchen auf", sort="", priority=2),
        Column("state", "Stand", kind="status", value=rule_state, tones=TONES, sort="is_active"),
    ]


class RuleNew(Page):
    """„Testlauf“ shows what the rule would decide; nothing is saved by it.

    `?umsatz=7` begins with the marks of that booking.
    """

    permission_required = "banking.add_bankrule"

    def get(self, request: HttpRequest, pk: int = 0) -> HttpResponse:
        row = Transaction.objects.filter(pk=row_number(request.GET.get("umsatz"))).first()
        initial = ruling.drafted(row) if row and not pk else None
        return self._page(RuleForm(instance=self._rule(pk), initial=initial))

    def post(self, request: HttpRequest, pk: int = 0) -> HttpResponse:
        form = RuleForm(request.POST, instance=self._rule(pk))
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            if "testlauf" in request.POST:
                rows = Transaction.objects.open().order_by("-booked_on", "-pk")
                return self._page(form, tried=ruling.fitting(form.instance, rows, TRIED + 1))
            rule = ruling.keep(form.instance, by=self.user, changes=form.told())
        except Problem as problem:
            show(problem, form)
            return self._page(form, status=422)
        messages.success(request, f"Die Regel „{rule}“ ist gespeichert.")
        return back_to(request, "banking:rules")

    def _rule(self, pk: int) -> BankRule | None:
        return get_object_or_404(BankRule, pk=pk) if pk else None

    def _page(
        self, form: RuleForm, status: int = 200, tried: list[Transaction] | None = None
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "is_tried": tried is not None,
            "tried": (tried or [])[:TRIED],
            "more": len(tried or []) > TRIED,
        }
        return render(self.request, "banking/rule_form.html", context, status=status)


class RuleEdit(RuleNew):
    permission_required = "banking.change_bankrule"


class RuleDrop(Page):
    """Deletes a rule."""

    permission_required = "banking.delete_bankrule"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        rule = get_object_or_404(BankRule, pk=pk)
        attempt(request, f"Die Regel „{rule}“ ist gelöscht.", ruling.drop, rule)
        return redirect("banking:rules")
