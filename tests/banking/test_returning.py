"""Our SEPA files on the statement: what was collected, paid out, and taken back."""

import pytest

from banking.accounts import of_money_account
from banking.models import Transaction
from banking.reconciling import propose
from banking.running import match_all
from payments.models import Batch, Order, Payment
from payments.sepa.releasing import release, write_file
from payments.sepa.transferring import Transfer, transfer
from tests.banking.bank import take_in
from tests.banking.statements import sparkasse_camt
from tests.payments.paying import owed, pay
from tests.payments.sepa.debits import (
    IBANS,
    NOON,
    TODAY,
    a_batch,
    a_collector,
    a_debit,
    allow_alone,
)
from tests.trade import a_buyer
from workmate.ledger.models import Account, MoneyAccount

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    owner = a_collector()
    allow_alone()
    return owner


def written(batch, by):
    write_file(release(batch, on=TODAY, by=by), at=NOON, by=by)
    return list(batch.orders.all())


def booked(by, *rows):
    """What the bank says: (day, amount, reference, text)."""
    account = of_money_account(MoneyAccount.objects.get())
    lines = [
        {
            "Auftragskonto": account.money_account.iban,
            "Buchungstag": day,
            "Valutadatum": day,
            "Betrag": amount,
            "Kundenreferenz (End-to-End)": reference,
            "Verwendungszweck": text,
        }
        for day, amount, reference, text in rows
    ]
    take_in(account, sparkasse_camt(lines), by)
    return match_all(account, by=by)


def test_a_debit_on_the_statement_finds_its_invoice_by_our_reference_alone(by):
    first, second = a_debit(by), a_debit(by)
    orders = written(a_batch(by, first, second), by)
    of_second = next(one for one in orders if one.open_item == second.open_item)
    counts = booked(by, ("22.05.26", "119,00", of_second.end_to_end_id, ""))
    assert (counts["checked"], counts["matched"], counts["failed"]) == (1, 1, 0)
    assert owed(first.open_item, second.open_item) == ["119.00", "0.00"]
    assert Batch.objects.get().state == "executed"
    assert of_second.mandate.customer.mandates.get().last_used_on == of_second.due_on


def test_another_amount_under_our_reference_is_left_to_other_evidence(by):
    order = written(a_batch(by), by)[0]
    booked(by, ("22.05.26", "118,00", order.end_to_end_id, ""))
    row = Transaction.objects.get()
    assert row.state == "open"
    assert all("End-to-End" not in one.reasons[0] for one in propose(row))


def test_a_refund_on_the_statement_settles_the_credit(by):
    partner = a_buyer(by).partner
    credit = pay(MoneyAccount.objects.get(), "50", by=by, partner=partner).credit
    credit.refresh_from_db()
    wanted = [Transfer(credit, -credit.outstanding, IBANS[0])]
    batch = transfer(wanted, money_account=MoneyAccount.objects.get(), on=TODAY, by=by)
    order = written(batch, by)[0]
    booked(by, ("20.05.26", "-50,00", order.end_to_end_id, "Erstattung"))
    assert owed(credit) == ["0.00"]


def test_a_return_reopens_the_invoice_books_the_fee_and_neither_booking_is_matched_again(by):
    invoice = a_debit(by)
    order = written(a_batch(by, invoice), by)[0]
    booked(by, ("22.05.26", "119,00", order.end_to_end_id, ""))
    booked(by, ("27.05.26", "-122,50", order.end_to_end_id, "Rueckgabe AC04"))
    order.refresh_from_db()
    assert owed(invoice.open_item) == ["119.00"]
    assert (f"{order.returned_on}", order.return_reason) == ("2026-05-27", "Rueckgabe AC04")
    assert set(Transaction.objects.values_list("state", flat=True)) == {"dismissed"}
    bank = MoneyAccount.objects.get().account.number
    balances = dict(
        Account.objects.balances(on=TODAY.replace(month=6)).values_list("number", "balance")
    )
    assert (str(balances[bank]), str(balances["4970"])) == ("-3.50", "3.50")
    assert booked(by, ("22.05.26", "119,00", order.end_to_end_id, ""))["checked"] == 0
    assert a_batch(by, invoice).orders.count() == 1


def test_collection_and_return_in_one_statement_leave_the_invoice_open(by):
    invoice = a_debit(by)
    order = written(a_batch(by, invoice), by)[0]
    booked(
        by,
        ("22.05.26", "119,00", order.end_to_end_id, ""),
        ("25.05.26", "-119,00", order.end_to_end_id, "AM04"),
    )
    assert owed(invoice.open_item) == ["119.00"]
    assert not Transaction.objects.open().exists()
    assert Payment.objects.valid().count() == 0


def test_a_return_without_the_collection_waits_for_a_person(by):
    order = written(a_batch(by), by)[0]
    booked(by, ("25.05.26", "-119,00", order.end_to_end_id, "AM04"))
    assert Transaction.objects.open().count() == 1
    assert Order.objects.live().get() == order
