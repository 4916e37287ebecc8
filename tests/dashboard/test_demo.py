"""The demo company: every document valid, every state to be seen, the books in order."""

import datetime
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Sum

from banking.models import BankAccount, Match, OwnTransfer, StatementImport, Transaction
from dashboard.demo import people, year
from invoicing.einvoice.validate import validate
from invoicing.models import Activity, Contact, Customer, Invoice, State
from payments.models import Batch, CashClosing, Deduction, Order, Receipt
from tests.trade import a_business
from workmate import documents
from workmate.ledger import charts
from workmate.models import Company, Line, OpenItem, User

TODAY = datetime.date(2026, 11, 22)
SMALL = 25


def build(invoices: int) -> User:
    charts.load(Company.Chart.SKR03)
    Company.objects.create(pk=1, **people.COMPANY)
    owner = User.objects.create_superuser("owner@example.org", None, name="Jonas")
    User.objects.create_user(people.LOGINS[1][0], name="Miriam")
    year.build(by=owner, today=TODAY, say=lambda _: None, invoices=invoices)
    return owner


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_whole_year_is_valid_balanced_and_full_of_life(capsys):
    build(year.INVOICES)

    issued = Invoice.objects.issued().billing().select_related("xml")
    assert issued.filter(kind="invoice").count() == year.INVOICES + 1  # the debit
    for invoice in issued:
        zugferd = invoice.einvoice_format == Customer.Format.ZUGFERD
        report = validate(documents.read(invoice.xml), as_zugferd=zugferd)
        assert report.valid, (invoice.number, report.errors, report.not_run)

    for state in State:
        assert Invoice.objects.in_state(state, on=TODAY).exists(), state
    for status in Customer.Status:
        if status != Customer.Status.INACTIVE:
            assert Customer.objects.filter(status=status).exists(), status
    assert Customer.objects.exclude(status="lead").count() == len(people.CUSTOMERS) == 40
    assert Contact.objects.count() > Activity.objects.count() > 5
    assert StatementImport.objects.filter(balance_check="ok").count() >= 12
    assert Transaction.objects.open().exists()
    assert Match.objects.filter(automatic=True).count() > 150

    kinds = set(BankAccount.objects.values_list("money_account__kind", flat=True))
    assert kinds == {"bank", "savings", "card"}
    assert OwnTransfer.objects.count() >= 4
    for account in BankAccount.objects.exclude(money_account__kind="card"):
        assert account.opening_entry_id
        assert account.balance == account.opening_balance + sum(
            account.transactions.values_list("amount", flat=True), Decimal(0)
        )

    assert {"skonto", "write_off"} == set(Deduction.objects.values_list("kind", flat=True))
    assert Order.objects.get(returned_on__isnull=False).return_reason.startswith("Rückgabe MS03")
    assert Receipt.objects.count() == 1
    assert CashClosing.objects.exclude(entry=None).get().difference == Decimal("-0.50")
    assert Line.objects.aggregate(total=Sum("amount"))["total"] == Decimal(0)
    owed = OpenItem.objects.annotate(total=Sum("lines__currency_amount"))
    assert not owed.exclude(total=F("outstanding")).exists()
    call_command("verify_audit")
    assert "unverändert" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_debit_waits_for_a_second_person():
    build(SMALL)
    batch = Batch.objects.get(state="draft")
    assert (batch.state, batch.orders.get().mandate.reference) == ("draft", "HVN-2025-01")


@pytest.mark.django_db
def test_no_match_of_the_demo_pays_a_strangers_invoice():
    build(SMALL)
    for match in Match.objects.filter(automatic=True).select_related("transaction", "payment"):
        names = {
            part.open_item.partner.name
            for part in match.payment.allocations.select_related("open_item__partner")
        }
        assert names == {match.transaction.counterparty_name}


def _story() -> list[tuple[object, ...]]:
    return list(
        Invoice.objects.order_by("pk").values_list(
            "number", "customer__name", "gross_total", "issue_date"
        )
    )


@pytest.mark.django_db
def test_the_same_day_gives_the_same_year():
    stories = []
    for _ in range(2):
        with transaction.atomic():
            build(SMALL)
            stories.append(_story())
            transaction.set_rollback(True)
    assert stories[0] == stories[1]


@pytest.mark.django_db
def test_the_demo_does_not_move_into_a_company_that_is_there():
    a_business()
    with pytest.raises(CommandError, match="schon ein Unternehmen"):
        call_command("demo")


@pytest.mark.django_db
def test_only_the_embedded_database_is_ever_emptied():
    a_business()
    with pytest.raises(CommandError, match="keine andere"):
        call_command("demo", anew=True)
    assert Company.objects.exists()
