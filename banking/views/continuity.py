"""The chain of statements of an account: covered days, gaps, balances that do not follow."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from banking.accounts import spans
from banking.continuity import Joint, chain
from banking.models import BankAccount
from invoicing.views.acting import Page

WORDS = {
    Joint.FIRST: ("erster Auszug", ""),
    Joint.PROVEN: ("Saldo schließt an", "positive"),
    Joint.NEXT: ("folgt ohne Saldo", ""),
    Joint.OVERLAP: ("überschneidet sich", ""),
    Joint.GAP: ("Lücke möglich", "attention"),
    Joint.DIFFERS: ("Saldo schließt nicht an", "negative"),
}


class Continuity(Page):
    permission_required = "banking.view_statementimport"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = get_object_or_404(BankAccount.objects.select_related("money_account"), pk=pk)
        links = list(chain(spans(account)))
        context = {
            "account": account,
            "links": [(link, *WORDS[link.joint]) for link in reversed(links)],
            "bad": sum(link.is_bad for link in links),
            "since": links[0].span.first_on if links else None,
            "until": max((link.span.last_on for link in links), default=None),
        }
        return render(request, "banking/continuity.html", context)
