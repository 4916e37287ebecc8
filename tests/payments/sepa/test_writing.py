"""What the files say, to the cent, and that none leaves which the schema refuses."""

from decimal import Decimal

import pytest
from lxml import etree

from payments.models import Order
from payments.sepa import errors
from payments.sepa.releasing import release, write_file
from payments.sepa.transferring import Transfer, payable, transfer
from payments.sepa.writing import DEBIT, TRANSFER, check
from tests.payments.paying import pay
from tests.payments.sepa.debits import (
    IBANS,
    NOON,
    TODAY,
    a_batch,
    a_collector,
    a_debit,
    a_mandate,
    allow_alone,
)
from tests.problems import raises_problem
from tests.trade import a_buyer, a_line
from workmate import documents
from workmate.ledger.models import MoneyAccount, OpenItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    owner = a_collector()
    allow_alone()
    return owner


def file_of(batch, by):
    return documents.read(write_file(release(batch, on=TODAY, by=by), at=NOON, by=by))


def words(data, path):
    """The text of all elements at a path, whatever their namespace."""
    steps = "".join(f"/*[local-name()='{step}']" for step in path.split("/"))
    return [one.text for one in etree.fromstring(data).xpath(f"/{steps}")]


def a_credit(by, amount):
    customer = a_buyer(by, name=f"Käufer & Co {amount}")
    payment = pay(MoneyAccount.objects.get(), amount, by=by, partner=customer.partner)
    return OpenItem.objects.get(pk=payment.credit.pk)


def test_a_debit_says_who_whom_how_much_when_and_by_which_mandate(by):
    mandate = a_mandate(by, reference="M-2026/17", holder="Müßig & Söhne")
    invoice = a_debit(by, mandate=mandate)
    data = file_of(a_batch(by, invoice), by)
    order = Order.objects.get()
    expected = {
        "GrpHdr/MsgId": f"WM-20260520120000-{order.batch_id}",
        "GrpHdr/CreDtTm": "2026-05-20T12:00:00",
        "GrpHdr/NbOfTxs": "1",
        "GrpHdr/CtrlSum": "119.00",
        "GrpHdr/InitgPty/Nm": "Werkstatt Nord GmbH",
        "PmtInf/PmtInfId": f"WM-{order.batch_id}-1",
        "PmtInf/PmtMtd": "DD",
        "PmtInf/BtchBookg": "false",
        "PmtInf/PmtTpInf/SvcLvl/Cd": "SEPA",
        "PmtInf/PmtTpInf/LclInstrm/Cd": "CORE",
        "PmtInf/PmtTpInf/SeqTp": "FRST",
        "PmtInf/ReqdColltnDt": "2026-05-22",
        "PmtInf/CdtrAcct/Id/IBAN": "DE02120300000000202051",
        "PmtInf/CdtrAgt/FinInstnId/BICFI": "BYLADEM1001",
        "PmtInf/CdtrSchmeId/Id/PrvtId/Othr/Id": "DE98ZZZ09999999999",
        "DrctDbtTxInf/PmtId/EndToEndId": f"{invoice.number}-E{order.pk}",
        "DrctDbtTxInf/InstdAmt": "119.00",
        "MndtRltdInf/MndtId": "M-2026/17",
        "MndtRltdInf/DtOfSgntr": "2026-01-05",
        "Dbtr/Nm": "Muessig + Soehne",
        "DbtrAcct/Id/IBAN": IBANS[0],
        "RmtInf/Ustrd": f"Rechnung {invoice.number}",
    }
    assert {path: "".join(words(data, path)) for path in expected} == expected
    assert b"pain.008.001.08" in data


@pytest.mark.parametrize("collective", [False, True])
def test_amounts_and_control_sums_agree_to_the_cent(by, collective):
    prices = ["0.01", "0.10", "1", "99.99", "1234.56", "84033.61"]
    invoices = [a_debit(by, lines=[a_line(price)]) for price in prices]
    data = file_of(a_batch(by, *invoices, collective=collective), by)
    amounts = [Decimal(text) for text in words(data, "InstdAmt")]
    owed = [invoice.gross_total for invoice in invoices]
    assert sorted(amounts) == sorted(owed)
    assert Decimal(words(data, "GrpHdr/CtrlSum")[0]) == sum(owed)
    assert words(data, "GrpHdr/NbOfTxs") == ["6"]
    parts = [Decimal(text) for text in words(data, "PmtInf/CtrlSum")]
    assert (sum(parts), len(parts)) == (sum(owed), 1 if collective else 6)
    assert set(words(data, "BtchBookg")) == {"true" if collective else "false"}


def test_a_collective_booking_has_a_part_for_each_day_and_sequence(by):
    mandate = a_mandate(by)
    invoices = [a_debit(by, mandate=mandate, payment_terms_days=days) for days in (14, 14, 40)]
    data = file_of(a_batch(by, *invoices, collective=True), by)
    parts = ("SeqTp", "ReqdColltnDt", "PmtInf/NbOfTxs")
    assert sorted(zip(*(words(data, part) for part in parts), strict=True)) == [
        ("FRST", "2026-05-22", "1"),
        ("RCUR", "2026-05-22", "1"),
        ("RCUR", "2026-06-15", "1"),
    ]


def test_a_b2b_file_says_so(by):
    invoice = a_debit(by, mandate=a_mandate(by, scheme="B2B"))
    data = file_of(a_batch(by, invoice, scheme="B2B"), by)
    assert words(data, "LclInstrm/Cd") == ["B2B"]


def test_without_a_bic_the_bank_finds_it_by_the_iban(by):
    MoneyAccount.objects.update(bic="")
    data = file_of(a_batch(by), by)
    assert words(data, "CdtrAgt/FinInstnId/Othr/Id") == ["NOTPROVIDED"]


def test_every_reference_is_there_once(by):
    data = file_of(a_batch(by, *[a_debit(by) for _ in range(3)]), by)
    found = words(data, "EndToEndId")
    assert len(set(found)) == 3
    assert all(len(one) <= 35 for one in found)


def test_a_credit_is_paid_out_by_transfer(by):
    credit = a_credit(by, "50")
    wanted = Transfer(credit, Decimal("50.00"), IBANS[0], purpose="Rückzahlung Überweisung")
    batch = transfer([wanted], money_account=MoneyAccount.objects.get(), on=TODAY, by=by)
    data = file_of(batch, by)
    order = Order.objects.get()
    expected = {
        "GrpHdr/NbOfTxs": "1",
        "GrpHdr/CtrlSum": "50.00",
        "PmtInf/PmtMtd": "TRF",
        "PmtInf/ReqdExctnDt/Dt": "2026-05-20",
        "PmtInf/DbtrAcct/Id/IBAN": "DE02120300000000202051",
        "CdtTrfTxInf/PmtId/EndToEndId": f"E{order.pk}",
        "CdtTrfTxInf/Amt/InstdAmt": "50.00",
        "Cdtr/Nm": "Kaeufer + Co 50",
        "CdtrAcct/Id/IBAN": IBANS[0],
        "RmtInf/Ustrd": "Rueckzahlung Ueberweisung",
    }
    assert {path: "".join(words(data, path)) for path in expected} == expected
    assert b"pain.001.001.09" in data


def test_a_transfer_without_bic_of_ours_is_valid_too(by):
    credit = a_credit(by, "50")
    MoneyAccount.objects.update(bic="")
    wanted = [Transfer(credit, Decimal(20), IBANS[2])]
    batch = transfer(wanted, money_account=MoneyAccount.objects.get(), on=TODAY, by=by)
    assert words(file_of(batch, by), "CtrlSum") == ["20.00", "20.00"]
    assert not payable().exists()


@pytest.mark.parametrize(
    ("amount", "iban", "field"),
    [
        ("50.01", IBANS[0], "amount"),
        ("0", IBANS[0], "amount"),
        ("-1", IBANS[0], "amount"),
        ("50", "DE00", "iban"),
        ("50", "CH9300762011623852957", "iban"),
        ("50", "", "iban"),
    ],
)
def test_a_transfer_pays_what_is_owed_to_an_account_that_exists(by, amount, iban, field):
    credit = a_credit(by, "50")
    with raises_problem(errors.NOT_PAYABLE) as raised:
        wanted = [Transfer(credit, Decimal(amount), iban)]
        transfer(wanted, money_account=MoneyAccount.objects.get(), on=TODAY, by=by)
    assert list(raised.value.fields) == [f"{field}_{credit.pk}"]


def test_what_the_schema_refuses_does_not_leave(by):
    MoneyAccount.objects.update(bic="KEIN BIC")
    batch = release(a_batch(by), on=TODAY, by=by)
    with raises_problem(errors.FILE_INVALID) as raised:
        write_file(batch, at=NOON, by=by)
    assert "BICFI" in raised.value.message
    batch.refresh_from_db()
    assert (batch.state, batch.file) == ("released", None)
    assert not documents.Document.objects.filter(kind="sepa").exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'<InstdAmt Ccy="EUR">119.00', b'<InstdAmt Ccy="EUR">119.000001'),
        (b"<IBAN>DE", b"<IBAN>12"),
        (b"<SeqTp>FRST", b"<SeqTp>ONCE"),
        (b"<MndtId>M-", b"<MndtId>" + b"M" * 36),
        (b"<ReqdColltnDt>2026", b"<ReqdColltnDt>26"),
    ],
)
def test_the_schema_finds_mistakes(by, old, new):
    data = file_of(a_batch(by), by)
    assert old in data
    with raises_problem(errors.FILE_INVALID):
        check(data.replace(old, new, 1), DEBIT)
    check(data, DEBIT)
    with raises_problem(errors.FILE_INVALID):
        check(data, TRANSFER)


def test_the_schemas_are_those_that_german_banks_take():
    assert (DEBIT, TRANSFER) == ("pain.008.001.08", "pain.001.001.09")
