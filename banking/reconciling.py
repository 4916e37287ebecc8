"""Reconciling: what a transaction pays becomes one payment, and undoing takes that back."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import CharField, Count, F, Func, Min, QuerySet, Value
from django.db.models.functions import Now, StrIndex

from banking import batching, errors
from banking.batching import Ordered, Sums
from banking.matching import Matcher, OpenItem, Proposal, SettledDocument
from banking.matching import Transaction as Booking
from banking.models import Dismissal, Match, Transaction
from banking.numbers import squashed
from payments.deducting import skonto_terms
from payments.models import Batch, Order, Payment
from payments.recording import record_payment, reverse_payment
from payments.sepa.releasing import execute
from workmate import audit
from workmate.ledger.models import OpenItem as LedgerItem
from workmate.ledger.models import Partner
from workmate.ledger.posting import open_day
from workmate.models import Company, JobRun, User
from workmate.money import format_amount

Allocations = Sequence[tuple[LedgerItem, Decimal]]
BY_HAND = "Von Hand zugeordnet"


class _LastDigits(Func):
    """The last group of digits of a document number, without the zeros that lead it."""

    template = "ltrim(substring(%(expressions)s from '([0-9]+)[^0-9]*$'), '0')"
    output_field = CharField()


def matcher(asked: Booking | None = None) -> Matcher:
    """All open items and everything that is settled, ready for questions.

    With `asked` it is ready for that one booking, and holds of what is settled only what the
    booking can mean: there may be a hundred thousand.
    """
    memory = _iban_memory(asked)
    terms = skonto_terms(since=asked.booked_on if asked else _first_open_day())
    items = [
        OpenItem(
            **item,
            known_ibans=memory.get(item["partner_id"], {}),
            skonto=terms.get(item["id"], ()),
        )
        for item in LedgerItem.objects.open().values(
            "id",
            "partner_id",
            "outstanding",
            "currency",
            "kind",
            number=F("document_number"),
            partner_name=F("partner__name"),
            due_on=F("due_date"),
            issued_on=F("document_date"),
        )
    ]
    settled = LedgerItem.objects.filter(outstanding=0).exclude(document_number="")
    if asked:
        found = StrIndex(Value(squashed(asked.text)), _LastDigits("document_number"))
        settled = settled.annotate(found=found).filter(found__gt=0)
    columns = ("document_number", "partner_id", "partner__name")
    documents = [SettledDocument(*row) for row in settled.values_list(*columns)]
    return Matcher(items, documents, _ordered(asked), _sums(asked))


def _ordered(asked: Booking | None) -> dict[str, tuple[int, Decimal]]:
    """What our SEPA files asked for, by reference: the item and the amount as it is booked."""
    orders = Order.objects.live().filter(
        batch__state__in=(Batch.State.WRITTEN, Batch.State.EXECUTED)
    )
    if asked and not asked.end_to_end_id:
        return {}
    if asked:
        orders = orders.filter(end_to_end_id=asked.end_to_end_id)
    rows = orders.exclude(open_item__outstanding=0).values_list(
        "end_to_end_id", "open_item", "amount", "batch__kind"
    )
    return {
        reference: (item, amount if kind == Batch.Kind.DEBIT else -amount)
        for reference, item, amount, kind in rows
    }


def _sums(asked: Booking | None) -> Sums:
    """What the bank may book of our SEPA files in one sum; files of which nothing is open are not.

    A booking with a reference of its own is one position.
    """
    if asked and asked.end_to_end_id and not asked.end_to_end_id.startswith("WM-"):
        return {}
    live = Order.objects.live().filter(batch__state__in=(Batch.State.WRITTEN, Batch.State.EXECUTED))
    waiting = live.exclude(open_item__outstanding=0)
    if asked:
        waiting = waiting.filter(batch__money_account=asked.account)
    return batching.sums(_orders(live.filter(batch__in=waiting.values("batch"))))


def _orders(rows: QuerySet[Order]) -> Iterator[Ordered]:
    for order in rows.select_related("batch").order_by("due_on", "pk"):
        batch = order.batch
        yield Ordered(
            batch=batch.pk,
            message_id=batch.message_id,
            account=batch.money_account_id,
            item=order.open_item_id,
            amount=order.amount if batch.is_debit else -order.amount,
            due_on=order.due_on,
            sequence=order.sequence,
        )


def _first_open_day() -> date:
    """The day of the oldest transaction that waits for a decision."""
    found = Transaction.objects.open().aggregate(day=Min("booked_on"))["day"]
    return found or date.max


def _iban_memory(asked: Booking | None) -> dict[int, dict[str, int]]:
    """From which IBANs, or from the one asked for, partners' items were paid and how often."""
    matches = Match.objects.live()
    if asked and not asked.iban:
        return {}
    if asked:
        matches = matches.filter(transaction__counterparty_iban=asked.iban)
    seen = (
        matches.exclude(transaction__counterparty_iban="")
        .values_list("transaction__counterparty_iban", "payment__allocations__open_item__partner")
        .annotate(count=Count("transaction", distinct=True))
    )
    memory: dict[int, dict[str, int]] = defaultdict(dict)
    for iban, partner, count in seen:
        if partner is not None:
            memory[partner][iban] = count
    return memory


def booking_of(row: Transaction) -> Booking:
    """What the matcher needs of a transaction."""
    return Booking(
        amount=row.amount,
        booked_on=row.booked_on,
        text=f"{row.purpose}\n\n\n\n{row.end_to_end_id}",
        name=row.counterparty_name,
        iban=row.counterparty_iban,
        currency=row.currency,
        end_to_end_id=row.end_to_end_id,
        account=row.account.money_account_id,
    )


def propose(row: Transaction, *, limit: int = 5) -> list[Proposal]:
    """What a transaction may pay, best first; nothing while it is pending."""
    if row.status == Transaction.Status.PENDING:
        return []
    least = Company.get().match_suggest
    booking = booking_of(row)
    found = matcher(booking).propose(booking, limit=limit)
    return [proposal for proposal in found if proposal.score >= least]


def judged(
    row: Transaction, allocations: Allocations, skonto: Allocations = ()
) -> tuple[int, tuple[str, ...]]:
    """Score and reasons of the proposal that is just this, else nothing and "by hand"."""
    wanted = {(item.pk, amount) for item, amount in allocations}
    kept = {(item.pk, amount) for item, amount in skonto}
    booking = booking_of(row)
    for proposal in matcher(booking).propose(booking, limit=20):
        found = {(item.id, amount) for item, amount in proposal.allocations}
        if (found, set(proposal.skonto)) == (wanted, kept):
            return proposal.score, proposal.reasons
    return 0, (BY_HAND,)


@transaction.atomic
def match(
    row: Transaction,
    allocations: Allocations,
    *,
    by: User,
    skonto: Allocations = (),
    automatic: bool = False,
    score: int = 0,
    reasons: Sequence[str] = (BY_HAND,),
    partner: Partner | None = None,
    run: JobRun | None = None,
) -> Match:
    """Make the one payment of this transaction; what is left becomes the partner's credit.

    `skonto` is what the payer kept of which items, within their terms. All is booked on the day of
    the transaction, or on the first open day where that is locked.
    Raises STILL_PENDING, NOTHING_MOVED, ALREADY_MATCHED, DISMISSED, NOTHING_CHOSEN,
    TOO_MUCH_ALLOCATED, OTHER_CURRENCY and what `record_payment` raises.
    """
    row = undecided(row, by)
    _check(row, allocations, partner)
    payment = record_payment(
        money_account=row.account.money_account,
        received_on=row.booked_on,
        booked_on=open_day(row.booked_on),
        amount=row.amount,
        currency=row.currency,
        method=_method(row),
        reference=row.purpose[:200],
        allocations=allocations,
        skonto=skonto,
        partner=partner,
        by=by,
    )
    try:
        with transaction.atomic():
            made = Match.objects.create(
                transaction=row,
                payment=payment,
                automatic=automatic,
                score=score,
                reasons=list(reasons),
                run=run,
                created_by=by,
            )
    except IntegrityError as error:
        raise errors.ALREADY_MATCHED() from error
    _note_execution(row, allocations, by)
    audit.record(
        "transaction.matched",
        row,
        by=by,
        payload={
            "payment": payment.pk,
            "automatic": automatic,
            "score": score,
            "reasons": list(reasons),
            "documents": [str(item) for item, _ in allocations],
            "skonto": {str(item): amount for item, amount in skonto},
        },
    )
    return made


@transaction.atomic
def undo(made: Match, *, by: User) -> Match:
    """Reverse the payment of a match, so that transaction and open items are open again.

    The books show it on the day of the payment, or on the first open day where that is locked.
    Raises ALREADY_UNDONE and what `reverse_payment` raises.
    """
    # The payment first, as whoever reverses it does: its reversal touches the transaction.
    Payment.objects.select_for_update().get(pk=made.payment_id)
    row = locked(made.transaction_id)
    made = Match.objects.select_related("payment__entry").get(pk=made.pk)
    if made.undone_at is not None:
        raise errors.ALREADY_UNDONE()
    payment = made.payment
    if not hasattr(payment, "reversal"):
        day = open_day(payment.entry.booked_on)
        reverse_payment(payment, on=day, by=by, reason="Zuordnung des Bankumsatzes aufgehoben")
    _close(made, by)
    audit.record("transaction.unmatched", row, by=by, payload={"payment": payment.pk})
    return made


def count_open(user: User) -> int:
    """What waits for a decision, for the badge in the navigation; counts to a hundred."""
    return Transaction.objects.open().order_by()[:100].count()


def _note_execution(row: Transaction, allocations: Allocations, by: User) -> None:
    """The statement shows that the bank has carried out a file: one position of it, or its sum."""
    batches = Batch.objects.filter(state=Batch.State.WRITTEN)
    if row.end_to_end_id and (done := batches.filter(orders__end_to_end_id=row.end_to_end_id)):
        execute(done[0], on=row.booked_on, by=by)
        return
    items = [item.pk for item, _ in allocations]
    account = row.account.money_account_id
    own = batches.filter(money_account=account, orders__open_item__in=items)
    if len(items) > 1 or "WM-" in f"{row.purpose} {row.end_to_end_id}":
        live = Order.objects.live().filter(batch__in=own.values("pk"))
        parts = [(item.pk, amount) for item, amount in allocations]
        for pk in set(batching.settled(parts, batching.sums(_orders(live)))):
            execute(Batch.objects.get(pk=pk), on=row.booked_on, by=by)


def undecided(row: Transaction, by: User) -> Transaction:
    """The fresh, locked row, if it waits for a decision."""
    row = locked(row.pk)
    if row.status == Transaction.Status.PENDING:
        raise errors.STILL_PENDING()
    if not row.amount:
        raise errors.NOTHING_MOVED()
    if row.state == Transaction.State.REVERSED:
        raise errors.ALREADY_REVERSED()
    if row.state == Transaction.State.REPLACED:
        raise errors.TRANSACTION_REPLACED()
    if dismissal := Dismissal.objects.filter(transaction=row).first():
        raise errors.DISMISSED(reason=dismissal.reason)
    if last := row.matches.filter(undone_at=None).select_related("payment__reversal").first():
        if not hasattr(last.payment, "reversal"):
            raise errors.ALREADY_MATCHED()
        _close(last, by)  # its payment was reversed under Zahlungen
    return row


def locked(pk: int) -> Transaction:
    """The fresh row, locked until the transaction ends, with its money account."""
    rows = Transaction.objects.select_for_update(of=("self",))
    row = rows.select_related("account__money_account__account").filter(pk=pk).first()
    if row is None:
        raise errors.TRANSACTION_GONE()
    return row


def _close(made: Match, by: User) -> None:
    made.undone_at, made.undone_by = Now(), by
    made.save(update_fields=["undone_at", "undone_by"])
    made.refresh_from_db(fields=["undone_at"])


def _check(row: Transaction, allocations: Allocations, partner: Partner | None) -> None:
    currency = row.account.money_account.currency
    if row.currency != currency:
        raise errors.OTHER_CURRENCY(currency=row.currency, account_currency=currency)
    if not allocations and partner is None:
        raise errors.NOTHING_CHOSEN()
    allocated = sum((amount for _, amount in allocations), Decimal(0))
    if abs(allocated) > abs(row.amount):
        raise errors.TOO_MUCH_ALLOCATED(
            allocated=format_amount(allocated), amount=format_amount(row.amount)
        )


def _method(row: Transaction) -> str:
    if "LASTSCHRIFT" in row.booking_text.upper():
        return Payment.Method.DIRECT_DEBIT
    return Payment.Method.TRANSFER
