"""A SEPA file of ours that the bank booked as one sum is settled whole, or not at all."""

from datetime import date
from decimal import Decimal

import pytest

from banking.batching import Sum
from banking.camt import read_camt
from banking.models import Match, Transaction
from banking.reconciling import propose, undo
from payments.models import Payment
from tests.banking.statements import camt
from tests.banking.test_returning import booked, written
from tests.payments.paying import owed, pay
from tests.payments.sepa.debits import a_batch, a_collector, a_debit, allow_alone
from workmate.ledger.models import MoneyAccount


@pytest.fixture
def by(db):
    owner = a_collector()
    allow_alone()
    return owner


@pytest.fixture
def file(by):
    """A file with two debits of 119.00, at the bank."""
    batch = a_batch(by, a_debit(by), a_debit(by), collective=True)
    written(batch, by)
    batch.refresh_from_db()
    return batch


def items(batch):
    return [order.open_item for order in batch.orders.order_by("pk")]


@pytest.mark.parametrize("name", ["{file.message_id}", "WM-{file.pk}-1"])
def test_a_sum_that_names_the_file_settles_all_of_it_by_itself(by, file, name):
    text = f"SAMMELLASTSCHRIFT {name.format(file=file)} ANZAHL 2"
    assert booked(by, ("22.05.26", "238,00", "", text))["matched"] == 1
    payment = Payment.objects.get()
    assert owed(*items(file)) == ["0.00", "0.00"]
    assert (payment.amount, payment.allocations.count(), payment.credit) == (238, 2, None)
    file.refresh_from_db()
    assert (file.state, file.executed_on) == ("executed", date(2026, 5, 22))


def test_what_was_settled_at_once_is_taken_back_at_once(by, file):
    booked(by, ("22.05.26", "238,00", file.message_id, "Sammler"))
    undo(Match.objects.get(), by=by)
    assert owed(*items(file)) == ["119.00", "119.00"]
    assert Payment.objects.get().is_reversed


def test_a_sum_without_the_reference_is_proposed_to_a_person(by, file):
    assert booked(by, ("22.05.26", "238,00", "", "Sammellastschrift"))["matched"] == 0
    best = propose(Transaction.objects.get())[0]
    assert {(item.id, amount) for item, amount in best.allocations} == {
        (item.pk, Decimal(119)) for item in items(file)
    }
    assert best.partner_name == "2 Geschäftspartner"
    assert best.reasons == ("Summe unseres SEPA-Auftrags genau", "2 Positionen")
    assert best.against == ("Der Text nennt den SEPA-Auftrag nicht",)


@pytest.mark.parametrize(
    ("day", "amount", "text"),
    [
        ("22.05.26", "237,99", "{file.message_id}"),
        ("22.05.26", "238,00", "Sammler RE-2026-0001"),
        ("21.06.26", "238,00", "Sammler"),
    ],
    ids=["a cent less", "names an invoice", "a month later"],
)
def test_another_sum_another_text_or_day_is_not_the_file(by, file, day, amount, text):
    assert booked(by, (day, amount, "", text.format(file=file)))["matched"] == 0
    found = propose(Transaction.objects.get())
    assert not [one for one in found if "Summe unseres SEPA-Auftrags genau" in one.reasons]


def test_a_file_of_which_something_was_paid_otherwise_is_not_settled_whole(by, file):
    item = items(file)[0]
    pay(MoneyAccount.objects.get(), "119", (item, "119"), by=by)
    assert booked(by, ("22.05.26", "238,00", "", file.message_id))["matched"] == 0
    assert owed(*items(file)) == ["0.00", "119.00"]


def test_one_debit_that_comes_back_out_of_a_sum_opens_its_invoice_alone(by, file):
    booked(by, ("22.05.26", "238,00", file.message_id, "Sammler"))
    order = file.orders.first()
    row = ("27.05.26", "-122,50", order.end_to_end_id, "Rueckgabe AC04")
    assert booked(by, row)["matched"] == 1
    other = file.orders.exclude(pk=order.pk).get()
    assert owed(order.open_item, other.open_item) == ["119.00", "0.00"]
    back = Payment.objects.get(amount__lt=0)
    assert (back.amount, back.fees.get().amount, back.match.automatic) == (
        -119,
        Decimal("3.5"),
        True,
    )
    order.refresh_from_db()
    assert (order.returned_on, order.return_reason) == (date(2026, 5, 27), "Rueckgabe AC04")

    undo(back.match, by=by)
    assert owed(order.open_item, other.open_item) == ["0.00", "0.00"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("SAMMLER WM-20260520120000-5", True),
        ("WM-202605201 20000-5 ANZAHL 2", True),
        ("wm20260520120000-5", True),
        ("PMTINFID WM-5-1", True),
        ("WM-20260520120000-51", False),
        ("WM-51-1", False),
        ("WM-15-1", False),
        ("XWM-5-1", False),
        ("SAMMLER", False),
    ],
)
def test_a_text_names_a_file_by_the_message_or_a_part_of_it(text, named):
    file = Sum(5, "WM-20260520120000-5", date(2026, 5, 22), ())
    assert file.is_named_in(text) is named


def test_camt_tells_the_reference_of_a_sum_without_positions():
    batch = "<NtryDtls><Btch><MsgId>WM-1</MsgId><PmtInfId>WM-1-1</PmtInfId></Btch></NtryDtls>"
    sum_ = (
        '<Ntry><Amt Ccy="EUR">119.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-10-05</Dt></BookgDt>{batch}</Ntry>"
    )
    (row,) = read_camt(camt(sum_)).rows
    assert row.end_to_end_id == "WM-1-1"
