"""The series of document numbers, and where each begins."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate

from invoicing import starting
from invoicing.forms import StartForm, show
from invoicing.models import Invoice, NumberRange
from invoicing.numbering import PREFIXES, expected_number, series_of
from invoicing.views.acting import Page
from workmate.errors import Problem


class NumberRanges(Page):
    """This year's series; an empty one can begin where the old system ended."""

    permission_required = "invoicing.change_numberrange"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        series = request.POST.get("series", "")
        if series not in {series_of(kind, localdate()) for kind in PREFIXES}:
            raise Http404
        form = StartForm(request.POST, prefix=series)
        if form.is_valid():
            try:
                starting.start_after(series, form.cleaned_data["last"], by=self.user)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"Der Startwert der Serie {series} ist gespeichert.")
                return redirect("invoicing:number_ranges")
        return self._page(form, status=422)

    def _page(self, sent: StartForm | None = None, status: int = 200) -> HttpResponse:
        today = localdate()
        current = [self._row(kind, sent) for kind in PREFIXES]
        names = [row["series"] for row in current]
        context = {
            "current": current,
            "earlier": NumberRange.objects.exclude(series__in=names).order_by("-series"),
            "year": today.year,
        }
        return render(self.request, "invoicing/number_ranges.html", context, status=status)

    def _row(self, kind: str, sent: StartForm | None) -> dict[str, Any]:
        today = localdate()
        series = series_of(kind, today)
        found = NumberRange.objects.filter(series=series).first()
        form = StartForm(prefix=series, initial={"last": found.last if found else 0})
        return {
            "series": series,
            "kind": Invoice.Kind(kind).label,
            "next": expected_number(kind, today),
            "last": found,
            "used": starting.is_used(series),
            "form": sent if sent is not None and sent.prefix == series else form,
        }
