"""Bank accounts: overview, page, adding and changing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate

from banking import balances
from banking.accounts import change_account, open_account
from banking.forms import AccountForm, OpeningForm
from banking.models import BankAccount
from banking.opening import post_opening, take_back_opening
from invoicing.forms import show
from invoicing.views.acting import Page
from workmate.errors import Problem
from workmate.ledger import charts
from workmate.ledger.models import MoneyAccount

RECENT = 10


class Accounts(Page):
    permission_required = "banking.view_transaction"

    def get(self, request: HttpRequest) -> HttpResponse:
        accounts = (
            BankAccount.objects.with_work()
            .select_related("money_account")
            .order_by("-money_account__is_active", "money_account__name", "pk")
        )
        waiting = sum(getattr(account, "open_count", 0) for account in accounts)
        unused = MoneyAccount.objects.filter(
            kind__in=(*MoneyAccount.STATED, MoneyAccount.Kind.CASH),
            is_active=True,
            bank_account__isnull=True,
        )
        context = {"accounts": accounts, "waiting": waiting, "unused": unused}
        return render(request, "banking/accounts.html", context)


class AccountPage(Page):
    permission_required = "banking.view_bankaccount"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = BankAccount.objects.with_work().select_related("money_account__account")
        account = get_object_or_404(rows, pk=pk)
        context = {
            "account": account,
            "money_account": account.money_account,
            "is_cash": account.money_account.kind == MoneyAccount.Kind.CASH,
            "imports": account.imports.select_related("created_by")[:RECENT],
            "transactions": account.transactions.all()[:RECENT],
            **_over_time(account),
        }
        return render(request, "banking/account.html", context)


class AccountNew(Page):
    permission_required = "banking.add_bankaccount"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(AccountForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AccountForm(request.POST)
        if form.is_valid():
            try:
                account = open_account(
                    iban_text=form.cleaned_data["iban"], by=self.user, **form.changes()
                )
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"Das Konto {account} ist angelegt.")
                for warning in form.warnings:
                    messages.warning(request, warning)
                return redirect(account)
        return self._page(form, status=422)

    def _page(self, form: AccountForm, status: int = 200) -> HttpResponse:
        return render(self.request, "banking/account_form.html", {"form": form}, status=status)


class AccountEdit(Page):
    permission_required = "banking.change_bankaccount"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = _account(pk)
        return self._page(account, AccountForm(account=account))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = _account(pk)
        form = AccountForm(request.POST, account=account)
        if form.is_valid():
            try:
                change_account(account, by=self.user, **form.changes())
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, f"Das Konto {account} ist geändert.")
                return redirect(account)
        return self._page(account, form, status=422)

    def _page(self, account: BankAccount, form: AccountForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "account": account}
        return render(self.request, "banking/account_form.html", context, status=status)


class Opening(Page):
    """The opening balance of an account: posting it, and taking it back."""

    permission_required = "banking.change_bankaccount"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._page(_account(pk), OpeningForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account, form = _account(pk), OpeningForm(request.POST)
        if form.is_valid():
            data = form.cleaned_data
            try:
                post_opening(account, data["amount"], on=data["on"], by=self.user)
            except Problem as problem:
                show(problem, form)
            else:
                messages.success(request, "Der Anfangsbestand ist gebucht.")
                return redirect(account)
        return self._page(account, form, status=422)

    def _page(self, account: BankAccount, form: OpeningForm, status: int = 200) -> HttpResponse:
        context = {"form": form, "account": account, "counter": charts.account("opening")}
        return render(self.request, "banking/opening.html", context, status=status)


class OpeningUndo(Page):
    permission_required = "banking.change_bankaccount"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        account = _account(pk)
        try:
            take_back_opening(account, by=self.user)
        except Problem as problem:
            messages.error(request, f"{problem.message} {problem.advice}")
        else:
            messages.success(request, "Der Anfangsbestand ist zurückgenommen.")
        return redirect(account)


def _over_time(account: BankAccount) -> dict[str, object]:
    """The balance of the last twelve months, as a chart and at the end of each month."""
    found = balances.evenings(account, until=localdate())
    return {
        "evenings": found,
        "latest": found[-1] if found else None,
        "chart": balances.chart(found),
        "month_ends": balances.month_ends(found),
    }


def _account(pk: int) -> BankAccount:
    rows = BankAccount.objects.select_related("money_account__account", "opening_entry")
    return get_object_or_404(rows, pk=pk)
