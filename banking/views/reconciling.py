"""The screen on which payments are matched: transactions left, proposals right."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from banking import arriving, errors, pairing
from banking.dismissing import ignore, unignore
from banking.forms import AllocationForm, DismissalForm
from banking.models import Match, Transaction
from banking.reconciling import judged, match, propose, undo
from banking.views import placing, wants_part
from banking.views.placing import Place
from banking.views.splitting import named_items, split_of, typed
from banking.wording import shown
from invoicing.views.acting import Page, attempt, back_to
from payments.stripe.models import StripePayout
from workmate import jobs
from workmate.ledger.models import Account, Partner
from workmate.money import format_amount
from workmate.web import row_number

LAST = "banking.last"  # session: the last decision, for its undo


class Reconcile(Page):
    """`?umsatz=7` chooses the transaction, `?posten=` finds items for a split of it.

    `item_12` is what an open item gets in the split, `skonto_12` what is kept of it.
    """

    permission_required = "banking.reconcile_transaction"

    def get(self, request: HttpRequest) -> HttpResponse:
        place = Place(request.GET)
        chosen = self._chosen(place, row_number(request.GET.get("umsatz")))
        count = place.rows.count()
        page = min(
            place.page(request.GET.get("seite", ""), chosen), max(count - 1, 0) // placing.SHOWN
        )
        first = page * placing.SHOWN
        found = place.rows.select_related("account__money_account")[first : first + placing.SHOWN]
        rows = list(found)
        row = chosen or next(iter(rows), None)
        context: dict[str, Any] = {
            "rows": rows,
            "row": row,
            "count": count,
            "first": first + 1,
            "last_shown": first + len(rows),
            "earlier": page,
            "later": page + 2 if first + len(rows) < count else 0,
            "filterset": place.filterset,
            "place": place.query,
            "last": _last(request),
        }
        if row is not None:
            context |= self._right(row)
        template = (
            "banking/reconcile.html#proposals" if wants_part(request) else "banking/reconcile.html"
        )
        return render(request, template, context)

    def _chosen(self, place: Place, wanted: int) -> Transaction | None:
        """The open transaction asked for; the next one where it is decided meanwhile."""
        rows = Transaction.objects.select_related("account__money_account")
        row = rows.filter(pk=wanted).first() if wanted else None
        if row and row.state != Transaction.State.OPEN:
            return rows.filter(pk=place.following(row)).first()
        return row

    def _right(self, row: Transaction) -> dict[str, Any]:
        proposals = [shown(proposal) for proposal in propose(row)]
        return {
            "proposals": proposals,
            "payouts": arriving.possible(row),
            "booked_to": Account.objects.for_bank(),
            "others": pairing.possible(row),
            "split": split_of(row, self.request.GET),
        }


class MatchNew(Page):
    """Accepts a proposal or books a split; `suchen` goes on splitting with what is typed so far."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        place = Place.sent(request)
        after = place.after(row)
        made = None if "suchen" in request.POST else self._match(row)
        if made is None:
            return redirect(f"{place.at(row.pk)}&{typed(request.POST)}")
        request.session[LAST] = {"match": made.pk}
        return back_to(request, after)

    def _match(self, row: Transaction) -> Match | None:
        """What the form asks for; where that is refused, the page says why."""
        data = self.request.POST
        form = AllocationForm(data, items=named_items(data))
        if not form.is_valid():
            messages.error(
                self.request, "Ein Betrag ist nicht lesbar. Schreiben Sie zum Beispiel 1.190,00."
            )
            return None
        allocations, skonto = form.allocations(), form.skonto()
        partner = Partner.objects.filter(pk=row_number(data.get("partner"))).first()
        rest = row.amount - form.allocated()
        if "aufteilen" in data and rest and not partner:
            problem = errors.REST_OF_SPLIT(rest=f"{format_amount(rest)} {row.currency}")
            messages.error(self.request, f"{problem.message} {problem.advice}")
            return None
        score, reasons = judged(row, allocations, skonto)
        made: Match | None = attempt(
            self.request,
            _done(row, allocations, partner),
            match,
            row,
            allocations,
            skonto=skonto,
            partner=partner,
            score=score,
            reasons=reasons,
        )
        return made


class MatchUndo(Page):
    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(Match.objects.select_related("transaction"), pk=pk)
        attempt(request, "Die Zuordnung ist aufgehoben, die Zahlung ist storniert.", undo, made)
        request.session.pop(LAST, None)
        return back_to(request, Place.sent(request).at(made.transaction_id))


class PayoutArrival(Page):
    """The booking is a payout of Stripe that has arrived."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        place = Place.sent(request)
        after = place.after(row)
        payout = get_object_or_404(StripePayout, pk=row_number(request.POST.get("auszahlung")))
        done = "Die Auszahlung ist als eingegangen gebucht."
        if attempt(request, done, arriving.take_arrival, row, payout) is None:
            return redirect(place.at(row.pk))
        request.session[LAST] = {"dismissed": row.pk}
        return back_to(request, after)


class OwnTransferNew(Page):
    """The booking and one of another account are a transfer between accounts of ours."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        place = Place.sent(request)
        after = place.after(row)
        other = get_object_or_404(Transaction, pk=row_number(request.POST.get("umsatz")))
        done = "Die Umbuchung ist gebucht, beide Umsätze sind entschieden."
        if attempt(request, done, pairing.pair, row, other) is None:
            return redirect(place.at(row.pk))
        request.session[LAST] = {"dismissed": row.pk}
        return back_to(request, after)


class DismissalNew(Page):
    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        place = Place.sent(request)
        after = place.after(row)
        form = DismissalForm(request.POST)
        data = form.cleaned_data if form.is_valid() else {}
        booked_to = data.get("booked_to")
        done = f"Auf {booked_to} gebucht." if booked_to else "Der Umsatz ist ausgeschieden."
        reason = data.get("reason", "")
        if attempt(request, done, ignore, row, reason, account=booked_to) is None:
            return redirect(place.at(row.pk))
        request.session[LAST] = {"dismissed": row.pk}
        return back_to(request, after)


class DismissalUndo(Page):
    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        attempt(request, "Der Umsatz ist wieder offen.", unignore, row)
        request.session.pop(LAST, None)
        return back_to(request, Place.sent(request).at(row.pk))


class MatchRun(Page):
    """Starts the matcher for all that leaves no doubt."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        account = row_number(QueryDict(request.POST.get("ort", "")).get("konto"))
        jobs.enqueue(
            "banking.match", by=self.user, params={"account_id": account} if account else {}
        )
        messages.success(request, "Alles, was keinen Zweifel lässt, wird jetzt zugeordnet.")
        return back_to(request, Place.sent(request).at())


def _done(row: Transaction, allocations: Any, partner: Partner | None) -> str:
    if not allocations:
        return f"Als Guthaben von {partner.name} gebucht." if partner else "Zugeordnet."
    return f"Zugeordnet zu {', '.join(str(item) for item, _ in allocations)}."


def _last(request: HttpRequest) -> dict[str, Any]:
    """The last decision of this person, if it still holds."""
    last = request.session.get(LAST) or {}
    if "match" in last:
        rows = Match.objects.live().select_related("transaction", "payment")
        rows = rows.prefetch_related("payment__allocations__open_item__partner")
        return {"match": rows.filter(pk=last["match"]).first()}
    if "dismissed" in last:
        return {"dismissed": Transaction.objects.dismissed().filter(pk=last["dismissed"]).first()}
    return {}
