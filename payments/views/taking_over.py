"""Taking over old open items: choose a file, see what it holds, then take it over."""

import base64
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from invoicing.views.acting import Page
from payments.forms import TakeOverForm
from payments.taking_over import Report, check, take_over
from workmate.errors import Problem

SHOWN = 500


class TakeOver(Page):
    """The first POST checks, the second (`tun=uebernehmen`) writes; nothing is kept in between."""

    permission_required = "payments.record_payment"

    def get(self, request: HttpRequest) -> HttpResponse:
        start = localdate().replace(month=1, day=1)
        return self._page(TakeOverForm(initial={"on": start}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = TakeOverForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, status=422)
        data, on = form.cleaned_data["data"], form.cleaned_data["on"]
        filename = form.cleaned_data["filename"] or "offene-posten.csv"
        try:
            report = check(data, booked_on=on)
            if request.POST.get("tun") == "uebernehmen":
                take_over(data, filename, booked_on=on, by=self.user)
                count = len(report.of("new"))
                messages.success(request, f"Übernommen: {count} Posten.")
                return redirect("payments:open_items")
        except Problem as problem:
            form.add_problem(problem)
            return self._page(form, status=422)
        content = base64.b64encode(data).decode()
        checked = TakeOverForm(initial={"on": on, "content": content, "filename": filename})
        return self._page(checked, report)

    def _page(
        self, form: TakeOverForm, report: Report | None = None, status: int = 200
    ) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "report": report}
        if report:
            wrong = report.of("wrong")
            context |= {
                "rows": (wrong or report.rows)[:SHOWN],
                "wrong": len(wrong),
                "known": len(report.of("known")),
                "new": len(report.of("new")),
            }
        return render(self.request, "payments/take_over.html", context, status=status)
