"""The screen on which payments are matched: transactions left, proposals right."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from banking import arriving, pairing
from banking.dismissing import ignore, unignore
from banking.forms import AllocationForm, DismissalForm
from banking.models import BankAccount, Match, Transaction
from banking.reconciling import judged, match, propose, undo
from banking.views import wants_part
from banking.wording import shown
from invoicing.views.acting import Page, attempt, back_to
from payments.stripe.models import StripePayout
from workmate import jobs
from workmate.ledger.models import Account, OpenItem, Partner
from workmate.web import row_number

SHOWN = 100
FOUND = 12
LAST = "banking.last"  # session: the last decision, for its undo


class Reconcile(Page):
    """`?umsatz=7` chooses the transaction, `?konto=3` the account, `?posten=` finds others."""

    permission_required = "banking.reconcile_transaction"

    def get(self, request: HttpRequest) -> HttpResponse:
        account = _chosen_account(request)
        waiting = waiting_rows(account)
        rows = list(waiting.select_related("account__money_account")[:SHOWN])
        row = self._chosen(rows, request.GET.get("umsatz", ""))
        context: dict[str, Any] = {
            "rows": rows,
            "row": row,
            "count": waiting.count(),
            "account": account,
            "accounts": BankAccount.objects.select_related("money_account"),
            "last": _last(request),
            "place": _place(account),
        }
        if row is not None:
            context |= self._right(row, request.GET.get("posten", "").strip())
        template = (
            "banking/reconcile.html#proposals" if wants_part(request) else "banking/reconcile.html"
        )
        return render(request, template, context)

    def _chosen(self, rows: list[Transaction], wanted: str) -> Transaction | None:
        chosen = row_number(wanted)
        if found := [row for row in rows if row.pk == chosen]:
            return found[0]
        if chosen and (row := Transaction.objects.open().filter(pk=chosen).first()):
            return row
        return rows[0] if rows else None

    def _right(self, row: Transaction, text: str) -> dict[str, Any]:
        proposals = [shown(proposal) for proposal in propose(row)]
        return {
            "proposals": proposals,
            "payouts": arriving.possible(row),
            "booked_to": Account.objects.for_bank(),
            "others": pairing.possible(row),
            "q": text,
            "found": find_items(row, text),
        }


class MatchNew(Page):
    """Accepts a proposal, or allocates by hand."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        after = next_place(request, row)
        ids = [row_number(name[5:]) for name in request.POST if name.startswith("item_")]
        form = AllocationForm(
            request.POST, items=OpenItem.objects.filter(pk__in=ids).select_related("partner")
        )
        if not form.is_valid():
            messages.error(
                request, "Ein Betrag ist nicht lesbar. Schreiben Sie zum Beispiel 1.190,00."
            )
            return redirect(_at(row, request))
        allocations, skonto = form.allocations(), form.skonto()
        partner = Partner.objects.filter(pk=row_number(request.POST.get("partner"))).first()
        score, reasons = judged(row, allocations, skonto)
        made = attempt(
            request,
            _done(row, allocations, partner),
            match,
            row,
            allocations,
            skonto=skonto,
            partner=partner,
            score=score,
            reasons=reasons,
        )
        if made is None:
            return redirect(_at(row, request))
        request.session[LAST] = {"match": made.pk}
        return back_to(request, after)


class MatchUndo(Page):
    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(Match.objects.select_related("transaction"), pk=pk)
        attempt(request, "Die Zuordnung ist aufgehoben, die Zahlung ist storniert.", undo, made)
        request.session.pop(LAST, None)
        return back_to(request, _at(made.transaction, request))


class PayoutArrival(Page):
    """The booking is a payout of Stripe that has arrived."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        after = next_place(request, row)
        payout = get_object_or_404(StripePayout, pk=row_number(request.POST.get("auszahlung")))
        done = "Die Auszahlung ist als eingegangen gebucht."
        if attempt(request, done, arriving.take_arrival, row, payout) is None:
            return redirect(_at(row, request))
        request.session[LAST] = {"dismissed": row.pk}
        return back_to(request, after)


class OwnTransferNew(Page):
    """The booking and one of another account are a transfer between accounts of ours."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        after = next_place(request, row)
        other = get_object_or_404(Transaction, pk=row_number(request.POST.get("umsatz")))
        done = "Die Umbuchung ist gebucht, beide Umsätze sind entschieden."
        if attempt(request, done, pairing.pair, row, other) is None:
            return redirect(_at(row, request))
        request.session[LAST] = {"dismissed": row.pk}
        return back_to(request, after)


class DismissalNew(Page):
    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        after = next_place(request, row)
        form = DismissalForm(request.POST)
        data = form.cleaned_data if form.is_valid() else {}
        booked_to = data.get("booked_to")
        done = f"Auf {booked_to} gebucht." if booked_to else "Der Umsatz ist ausgeschieden."
        reason = data.get("reason", "")
        if attempt(request, done, ignore, row, reason, account=booked_to) is None:
            return redirect(_at(row, request))
        request.session[LAST] = {"dismissed": row.pk}
        return back_to(request, after)


class DismissalUndo(Page):
    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Transaction, pk=pk)
        attempt(request, "Der Umsatz ist wieder offen.", unignore, row)
        request.session.pop(LAST, None)
        return back_to(request, _at(row, request))


class MatchRun(Page):
    """Starts the matcher for all that leaves no doubt."""

    permission_required = "banking.reconcile_transaction"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        account = row_number(request.POST.get("konto"))
        jobs.enqueue(
            "banking.match", by=self.user, params={"account_id": account} if account else {}
        )
        messages.success(request, "Alles, was keinen Zweifel lässt, wird jetzt zugeordnet.")
        return back_to(request, reverse("banking:reconcile"))


def waiting_rows(account: BankAccount | None) -> QuerySet[Transaction]:
    """Transactions to decide, newest first."""
    waiting = Transaction.objects.open()
    if account is not None:
        waiting = waiting.filter(account=account)
    return waiting.order_by("-booked_on", "-pk")


def next_place(request: HttpRequest, row: Transaction) -> str:
    """Where the screen goes on after a decision: at the next older transaction."""
    account = BankAccount.objects.filter(pk=row_number(request.POST.get("konto"))).first()
    older = Q(booked_on__lt=row.booked_on) | Q(booked_on=row.booked_on, pk__lt=row.pk)
    following = waiting_rows(account).filter(older).values_list("pk", flat=True).first()
    parameters = {"konto": account.pk} if account else {}
    if following:
        parameters["umsatz"] = following
    return f"{reverse('banking:reconcile')}?{urlencode(parameters)}".rstrip("?")


def find_items(row: Transaction, text: str) -> list[OpenItem]:
    """Open items of the transaction's sign whose number or partner fits the text."""
    if not text:
        return []
    items = OpenItem.objects.filter(currency=row.currency).select_related("partner")
    items = items.filter(outstanding__gt=0) if row.amount > 0 else items.filter(outstanding__lt=0)
    for word in text.split()[:5]:
        items = items.filter(Q(document_number__icontains=word) | Q(partner__name__icontains=word))
    return list(items.order_by("due_date", "pk")[:FOUND])


def _done(row: Transaction, allocations: Any, partner: Partner | None) -> str:
    if not allocations:
        return f"Als Guthaben von {partner.name} gebucht." if partner else "Zugeordnet."
    return f"Zugeordnet zu {', '.join(str(item) for item, _ in allocations)}."


def _chosen_account(request: HttpRequest) -> BankAccount | None:
    pk = row_number(request.GET.get("konto"))
    return BankAccount.objects.select_related("money_account").filter(pk=pk).first() if pk else None


def _place(account: BankAccount | None) -> str:
    return f"&konto={account.pk}" if account else ""


def _at(row: Transaction, request: HttpRequest) -> str:
    account = row_number(request.POST.get("konto"))
    parameters = {"umsatz": row.pk} | ({"konto": account} if account else {})
    return f"{reverse('banking:reconcile')}?{urlencode(parameters)}"


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
