"""The overview, and the search over everything."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views import View

from banking.models import Transaction
from dashboard import charts, figures, receivables, searching
from dashboard.forms import TimespanForm
from dashboard.timespan import Timespan, presets, year_of
from invoicing.models import Invoice
from payments.models import Payment
from workmate.ledger import turnover
from workmate.models import Company

SEES_BOOKS = "workmate.view_entry"


class Overview(LoginRequiredMixin, View):
    """The page after login; who may not see the books gets the own profile instead."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(SEES_BOOKS):
            return redirect("profile")
        today = localdate()
        form = TimespanForm(request.GET or None)
        span = form.timespan(year_of(today))
        status = 200 if form.is_valid() or not form.is_bound else 422
        company = Company.objects.filter(pk=1).first()
        small = company is not None and company.is_small_business(today)
        context = {
            "form": form,
            "span": span,
            "today": today,
            "company": company,
            "limits": turnover.limits(today) if small else None,
            "presets": [(label, _query(found), found == span) for label, found in presets(today)],
            **_figures(span, today=today),
            **_today(request, today=today),
        }
        return render(request, "dashboard/overview.html", context, status=status)


class Search(LoginRequiredMixin, View):
    """Customers, documents, products, payments and transactions that contain the words."""

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "").strip()[:100]
        found = searching.search(text, user=request.user)
        if len(found) == 1 and len(found[0].hits) == 1 and found[0].exact:
            return redirect(found[0].hits[0].url)
        return render(request, "dashboard/search.html", {"q": text, "found": found})


def _figures(span: Timespan, *, today: Any) -> dict[str, Any]:
    days = figures.read(span, on=today)
    months = days.months()
    owed = receivables.receivables(min(span.end, today), today=today)
    return {
        "revenue": days.revenue(),
        "receivables": owed,
        "receivables_on": min(span.end, today),
        "collection": receivables.collection(span),
        "chart": charts.bar_chart(months),
        "with_expenses": any(month.expenses for month in months),
        "spark": charts.spark_line([month.revenue for month in months if month.first <= today]),
        "ages": charts.stacked(owed.ages),
    }


def _today(request: HttpRequest, *, today: Any) -> dict[str, Any]:
    user = request.user
    recent = Payment.objects.none()
    if user.has_perm("payments.view_payment"):
        recent = Payment.objects.valid().select_related("partner", "money_account")[:6]
    return {
        "drafts": Invoice.objects.drafts().count(),
        "unmatched": Transaction.objects.open().count(),
        "recent": recent,
    }


def _query(span: Timespan) -> str:
    days = {"von": f"{span.start:%d.%m.%Y}", "bis": f"{span.end:%d.%m.%Y}"}
    return f"{reverse('dashboard:overview')}?{urlencode(days)}"
