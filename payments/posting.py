"""What payments do to the books; the only module here that knows accounts."""

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection
from django.db.models import Model

from invoicing.deducting import TaxedBase
from invoicing.netting import DEDUCTED
from invoicing.receipts import lines_of
from invoicing.snapshot import Snapshot
from payments.models import CashClosing, Deduction, Fee, Payment
from workmate.ledger import charts, posting
from workmate.ledger.models import Account, Entry, MoneyAccount, OpenItem, TaxCase
from workmate.ledger.open_items import book_value, exchange_difference
from workmate.ledger.posting import Posting
from workmate.models import User
from workmate.money import round_money

Parts = Sequence[tuple[OpenItem, Decimal]]
# What lowers revenue, by rate and chart.
_DEDUCTED = {
    Deduction.Kind.SKONTO: {
        Decimal(19): {"SKR03": "8736", "SKR04": "4736"},
        Decimal(7): {"SKR03": "8731", "SKR04": "4731"},
    },
    Deduction.Kind.WRITE_OFF: {
        Decimal(19): {"SKR03": "2406", "SKR04": "6936"},
        Decimal(7): {"SKR03": "2401", "SKR04": "6931"},
    },
}
# Where movements of a provider's account go that belong to no payment, by chart.
_RESERVES = {"SKR03": "1500", "SKR04": "1300"}
UNCLEAR = {"SKR03": "1590", "SKR04": "1370"}

# Where cash goes that is missing, and comes from that is too much, by chart.
_DIFFERENCES = {"SKR03": ("4900", "2700"), "SKR04": ("6300", "4830")}


def post_payment(
    payment: Payment, parts: Parts, *, euro: Decimal, on: datetime.date, by: User
) -> Entry:
    """Money against open items; the rest against its credit. `euro`: what the payment is worth."""
    rest = payment.amount - sum((amount for _, amount in parts), Decimal(0))
    lines = [_money(payment.money_account, euro, payment)]
    lines += [_item(item, amount, book_value(item, amount)) for item, amount in parts]
    if payment.credit is not None:
        lines.append(_item(payment.credit, rest, round_money(euro * rest / payment.amount)))
    lines += exchange_difference(-sum((line.amount for line in lines), Decimal(0)))
    return posting.post(
        "payments.recorded",
        source=source(payment),
        booked_on=on,
        lines=lines,
        document_number=parts[0][0].document_number if len(parts) == 1 else "",
        text=text(payment, parts),
        by=by,
    )


def post_deduction(
    deduction: Deduction, snapshot: Snapshot, left: dict[str, TaxedBase], *, by: User
) -> Entry:
    """Less revenue and less VAT against the claim, over all tax cases of the invoice (§ 17 UStG).

    `left` is what is left of the invoice. The share of a case is that of its gross amount; what
    rounding leaves goes to the last. VAT that waits for the money (§ 20 UStG) does so no more.
    """
    item = deduction.open_item
    euro = book_value(item, deduction.amount)
    parts = list(left.values())
    in_force = TaxCase.objects.on(datetime.date.fromisoformat(snapshot.supplied_on))
    cases = {case.code: case for case in in_force.filter(code__in=left)}
    not_due = snapshot.cash_accounting
    accounts = charts.sale_accounts(cases.values(), snapshot.chart, not_due=not_due)
    gross = [part.base + part.tax for part in parts]
    lines = [_item(item, deduction.amount, euro)]
    parted = zip(parts, shares(euro, gross), shares(deduction.amount, gross), strict=True)
    for taxed, share, written in parted:
        case, into = cases[taxed.code], accounts[taxed.code]
        net, tax = _net_and_tax(share, taxed)
        net_written, tax_written = _net_and_tax(written, taxed)
        account = _deducted(deduction.kind, case, snapshot.chart) or into.revenue
        lines += lines_of(account, net, net_written, item.currency, case=case, base=net)
        if into.tax:
            lines += lines_of(into.tax, tax, tax_written, item.currency, case=case, base=net)
    return posting.post(
        DEDUCTED,
        source=f"payments.deduction:{deduction.pk}",
        booked_on=deduction.deducted_on,
        lines=lines,
        document_number=item.document_number,
        text=f"{deduction.get_kind_display()} {item.partner.name} {item}",
        by=by,
    )


def _net_and_tax(share: Decimal, of: TaxedBase) -> tuple[Decimal, Decimal]:
    """A share of the gross amount of a tax case, as net and tax."""
    whole = of.base + of.tax
    tax = round_money(share * of.tax / whole) if whole else Decimal(0)
    return share - tax, tax


def shares(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """An amount spread by weights; the parts add up to it to the cent."""
    total, found, before, sum_ = sum(weights), [], Decimal(0), Decimal(0)
    for weight in weights:
        sum_ += weight
        until = round_money(amount * sum_ / total)
        found.append(until - before)
        before = until
    return found


def post_fee(fee: Fee, *, euro: Decimal, by: User) -> Entry:
    """Money that never arrived, or left beside the payment, is an expense without VAT."""
    payment = fee.payment
    account, currency = payment.money_account.account, payment.money_account.currency
    return posting.post(
        "payments.fee_charged",
        source=f"payments.fee:{fee.pk}",
        booked_on=fee.charged_on,
        lines=[
            Posting(charts.account("fees"), euro),
            Posting(account, -euro, currency=currency, currency_amount=-fee.amount),
        ],
        document_number=payment.entry.document_number,
        text=f"{fee.text} {payment.partner.name if payment.partner else ''}".strip(),
        by=by,
    )


def post_account_fee(
    account: MoneyAccount,
    amount: Decimal,
    *,
    source: str,
    text: str,
    on: datetime.date,
    by: User,
) -> Entry:
    """A fee (EUR, negative where it is given back) of a money account, for no single payment."""
    return posting.post(
        "payments.fee_charged",
        source=source,
        booked_on=on,
        lines=[Posting(charts.account("fees"), amount), Posting(account.account, -amount)],
        text=text,
        by=by,
    )


def post_kept(
    account: MoneyAccount,
    amount: Decimal,
    *,
    is_reserve: bool,
    source: str,
    text: str,
    on: datetime.date,
    by: User,
) -> Entry:
    """What a provider adds to a money account or takes from it (EUR, signed) without a payment.

    A reserve stays ours, as other assets, until it is released; everything else waits on
    Durchlaufende Posten until a person has cleared it.
    """
    number = (_RESERVES if is_reserve else UNCLEAR)[charts.loaded()]
    return posting.post(
        "payments.parked",
        source=source,
        booked_on=on,
        lines=[Posting(account.account, amount), Posting(charts.numbered(number), -amount)],
        text=text,
        by=by,
    )


def post_transfer(
    origin: MoneyAccount,
    target: MoneyAccount,
    amount: Decimal,
    *,
    source: str,
    text: str,
    on: datetime.date,
    by: User,
) -> Entry:
    """Money (positive, EUR) that moves between two accounts of ours."""
    return posting.post(
        "payments.transferred",
        source=source,
        booked_on=on,
        lines=[Posting(target.account, amount), Posting(origin.account, -amount)],
        text=text,
        by=by,
    )


def post_cash_difference(closing: CashClosing, *, by: User) -> Entry:
    """What is missing in the box is an expense, what is too much an income.

    Without VAT: nobody supplied anything for it. Where its cause is found later, that is booked
    on its own, and the next count shows the opposite difference.
    """
    missing, too_much = _DIFFERENCES[charts.loaded()]
    other = charts.numbered(too_much if closing.difference > 0 else missing)
    return posting.post(
        "payments.cash_difference",
        source=f"payments.cash_closing:{closing.pk}",
        booked_on=closing.day,
        lines=[
            Posting(closing.money_account.account, closing.difference),
            Posting(other, -closing.difference),
        ],
        text=f"Kassendifferenz {closing.money_account.name}: {closing.note}",
        by=by,
    )


def _deducted(kind: str, case: TaxCase, chart: str) -> Account | None:
    """The account of a deduction of this case; None where Skonto lowers the revenue itself."""
    if numbers := _DEDUCTED[Deduction.Kind(kind)].get(case.rate):
        return charts.numbered(numbers[chart])
    return charts.account("write_off") if kind == Deduction.Kind.WRITE_OFF else None


def source(payment: Payment) -> str:
    """The name under which a payment is posted once."""
    return f"payments.payment:{payment.pk}"


def next_id(model: type[Model]) -> int:
    """The id comes first, because the entry is named after it and both rows never change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [model._meta.db_table])
        number: int = cursor.fetchone()[0]
    return number


def text(payment: Payment, parts: Parts) -> str:
    """What the journal says about the payment."""
    kind = "Zahlung" if payment.amount > 0 else "Auszahlung"
    numbers = ", ".join(str(item) for item, _ in parts)
    name = payment.partner.name if payment.partner else ""
    return " ".join(part for part in (kind, name, numbers) if part)


def _money(account: MoneyAccount, euro: Decimal, payment: Payment) -> Posting:
    if account.currency == "EUR":  # The bank has changed the money.
        return Posting(account.account, euro)
    return Posting(account.account, euro, currency=payment.currency, currency_amount=payment.amount)


def _item(item: OpenItem, amount: Decimal, euro: Decimal) -> Posting:
    return Posting(item.account, -euro, item, currency=item.currency, currency_amount=-amount)
