"""Importing puts a statement into the books of the bank: all of it or nothing, once."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q, Sum

from banking import dedupe, errors, iban, replacing, waiting
from banking.accounts import of_iban
from banking.archive import is_archive
from banking.csv_formats import FORMATS
from banking.csv_formats.reading import titles
from banking.dedupe import Known, Numbered
from banking.inferring import infer
from banking.mapping import keep, mapped, tried
from banking.models import BankAccount, CsvMapping, StatementImport, Transaction, WaitingFile
from banking.reading import media_type, read_statement
from banking.replacing import Merged, More
from banking.statement import BalanceCheck, Batch, ParsedStatement
from banking.storing import store, uncollected
from workmate import audit, documents, jobs
from workmate.errors import Problem
from workmate.ledger.models import MoneyAccount
from workmate.models import JobRun, User
from workmate.money import LIMIT, format_amount, format_date

NOT_REPLACED = ~Q(state=Transaction.State.REPLACED)
STEPS = 2  # read, stored
NAMED = 10  # files in a warning

documents.register("statement", permission="banking.view_transaction")


@dataclass(frozen=True)
class Plan:
    """What an import would do."""

    statement: ParsedStatement
    booked: list[Numbered]
    pending: list[Numbered]
    known: int
    outdated: list[int]
    warnings: list[str]
    replaced: list[int] = field(default_factory=list)
    adopted: list[tuple[Batch, set[int]]] = field(default_factory=list)

    @property
    def new(self) -> int:
        return len(self.booked) + len(self.pending)


def plan_import(account: BankAccount | None, statement: ParsedStatement) -> Plan:
    """What of the statement the account does not know; without an account everything is new."""
    warnings = list(statement.warnings)
    if account is None or statement.period is None:
        new, pending = (
            dedupe.sort_out(rows, (), format_key=statement.format)
            for rows in (statement.booked, statement.pending)
        )
        return Plan(statement, new.new, pending.new, 0, [], warnings)
    known, waiting, newest = _known(account, statement.period)
    more = _more(account, statement)
    if more is not None:
        booked = replacing.sort_out(statement.booked, known, more, format_key=statement.format)
    else:
        booked = Merged.of(dedupe.sort_out(statement.booked, known, format_key=statement.format))
    if booked.recognised:
        count = booked.recognised
        warnings.append(f"{count} Buchungen aus einem anderen Format an Tag und Betrag erkannt.")
    warnings += booked.told
    changes = (booked.replaced, booked.adopted)
    if newest is not None and newest > statement.period[1]:
        # What an older export calls pending has been booked or dropped since.
        stale = len(statement.pending)
        return Plan(statement, booked.new, [], booked.known + stale, [], warnings, *changes)
    pending = dedupe.sort_out(statement.pending, waiting, format_key=statement.format)
    return Plan(
        statement,
        booked.new,
        pending.new,
        booked.known + pending.known,
        dedupe.outdated(waiting, statement),
        warnings,
        *changes,
    )


@uncollected()
def import_statement(
    account: BankAccount | None,
    data: bytes,
    *,
    filename: str,
    by: User,
    mapping: CsvMapping | None = None,
    run: JobRun | None = None,
) -> StatementImport:
    """Read a bank's file into the account and look for what its transactions pay.

    Without an account it goes into the one that the file names; with one, an unknown file is
    read where its balances prove how and go on from those of the account. Raises what
    `read_statement` raises, ACCOUNT_NOT_NAMED, NO_SUCH_ACCOUNT, WRONG_ACCOUNT and
    SEVERAL_ACCOUNTS. With a
    `mapping` the file is read by it and nothing else, into its account: MAPPING_DOES_NOT_FIT,
    MAPPING_OF_OTHER_ACCOUNT. A run shows how far it is and can be cancelled until the bookings
    are stored, which is all or nothing.
    """
    if run is not None:
        run.progress(0, STEPS)
    if mapping is not None and mapping.account is not None:
        if account not in (None, mapping.account):
            raise errors.MAPPING_OF_OTHER_ACCOUNT(name=mapping, account=mapping.account)
        account = mapping.account
    reading = _Reading(account)
    if mapping is None:
        reading.read(data, filename)
    else:
        reading.read_by(mapping, data)
    statement = reading.statement
    if abs(statement.total) >= LIMIT:
        raise errors.STATEMENT_TOO_LARGE(limit="Umsätze unter 1 Billion")
    if account is None:
        account = named_account(statement)
    if run is not None:
        run.progress(1, STEPS)
    return _take_in(account, reading, data, filename=filename, by=by)


@dataclass
class _Reading:
    """A file as it was read: `inferred` by its balances, `left_out` of its ZIP to be mapped."""

    account: BankAccount | None
    statement: ParsedStatement = field(init=False)
    inferred: list[CsvMapping] = field(default_factory=list)
    doubt: Problem | None = None  # what to raise where the account's balance contradicts
    left_out: list[tuple[str, bytes]] = field(default_factory=list)

    def read(self, data: bytes, filename: str) -> None:
        """Read it; raises what `read_statement` raises."""
        try:
            self.statement = read_statement(data, mapped(self.account), self._member)
        except Problem as problem:
            if problem.code != errors.UNKNOWN_FORMAT.code or is_archive(data):
                raise
            found = self._infer(filename, data)
            if found is None:
                raise
            self.statement, self.doubt = found, problem

    def read_by(self, mapping: CsvMapping, data: bytes) -> None:
        """Read it by this mapping; raises MAPPING_DOES_NOT_FIT and what reading raises."""
        try:
            self.statement = tried(mapping, data)
        except Problem as problem:
            if problem.code != errors.UNKNOWN_FORMAT.code:
                raise
            raise errors.MAPPING_DOES_NOT_FIT(name=mapping) from problem

    def _member(self, name: str, data: bytes) -> ParsedStatement | None:
        """What an unknown file of a ZIP holds; None where it waits for a person."""
        found = self._infer(name, data)
        if found is None and not waiting.can_be_mapped(data):
            raise errors.UNKNOWN_FORMAT(formats=", ".join(titles(FORMATS)))
        if found is None:
            self.left_out.append((name, data))
        return found

    def _infer(self, name: str, data: bytes) -> ParsedStatement | None:
        if self.account is None:
            return None
        reading = infer(self.account, data, filename=name)
        if reading is None:
            return None
        self.inferred.append(reading.mapping)
        return reading.statement


@transaction.atomic
def _take_in(
    account: BankAccount, reading: _Reading, data: bytes, *, filename: str, by: User
) -> StatementImport:
    """Store what is new. Imports into one account wait here for each other."""
    statement = reading.statement
    account = BankAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    refuse_other_account(account, statement)
    for one in reading.inferred:
        keep(one, by=by)
    chosen = reading.account
    waiting.keep_all(chosen, reading.left_out, source=WaitingFile.Source.ARCHIVE, by=by)
    plan = plan_import(account, statement)
    check, warning = _continuity(account, plan)
    if reading.doubt and check == BalanceCheck.DIFFERS:
        raise reading.doubt
    digest = hashlib.sha256(data).hexdigest()
    document = documents.store(
        f"banking.statement:{account.pk}:{digest}",
        data,
        filename=filename,
        media_type=media_type(data),
        kind="statement",
        by=by,
    )
    period = statement.period
    pending = Transaction.Status.PENDING
    outdated = Transaction.objects.filter(pk__in=plan.outdated, status=pending)
    imported = StatementImport.objects.create(
        account=account,
        document=document,
        format_key=statement.format,
        format=statement.title,
        encoding=statement.encoding,
        filename=document.filename,
        read=len(statement.rows),
        new=plan.new,
        known=plan.known,
        pending=len(statement.pending),
        skipped=[{"line": skip.line, "reason": skip.reason} for skip in statement.skipped],
        total=statement.total,
        first_on=period[0] if period else None,
        last_on=period[1] if period else None,
        opening_balance=statement.opening_balance,
        closing_balance=statement.closing_balance,
        closing_on=statement.closing_on,
        balance_check=check,
        warnings=[*plan.warnings, *warning, *_waiting(reading.left_out)],
        replaced=[one for one in outdated.values() if one.pop("id")],
        created_by=by,
    )
    outdated.delete()
    Transaction.objects.filter(pk__in=plan.replaced).update(replaced_by=imported)
    for batch, ids in plan.adopted:
        Transaction.objects.filter(pk__in=ids, batch=None).update(batch=replacing.as_json(batch))
    store(imported, plan.booked, Transaction.Status.BOOKED)
    store(imported, plan.pending, Transaction.Status.PENDING)
    _remember_balance(account, imported, plan)
    waiting.close(imported)
    audit.record(
        "statement.imported",
        imported,
        by=by,
        payload={"sha256": digest, "read": imported.read, "new": plan.new, "known": plan.known}
        | ({"replaced": len(plan.replaced)} if plan.replaced else {}),
    )
    if plan.booked:
        jobs.enqueue("banking.match", by=by, params={"account_id": account.pk})
    return imported


def _waiting(left_out: list[tuple[str, bytes]]) -> list[str]:
    if not left_out:
        return []
    names = ", ".join(name for name, _ in left_out[:NAMED])
    more = " …" if len(left_out) > NAMED else ""
    return [f"Noch nicht eingelesen, weil das Format nicht bekannt ist: {names}{more}."]


def named_account(statement: ParsedStatement) -> BankAccount:
    """The account that the file says it is of."""
    if len(statement.accounts) > 1:
        raise errors.SEVERAL_ACCOUNTS(accounts=", ".join(statement.accounts))
    if not statement.iban:
        raise errors.ACCOUNT_NOT_NAMED(fields={"account": ["Bitte wählen Sie das Konto."]})
    return of_iban(statement.iban)


def refuse_other_account(account: BankAccount, statement: ParsedStatement) -> None:
    """A file that names its account goes into no other one."""
    if len(statement.accounts) > 1:
        raise errors.SEVERAL_ACCOUNTS(accounts=", ".join(statement.accounts))
    own = account.money_account.iban
    if not own:  # a credit card: whatever names another account of ours is not of it
        others = MoneyAccount.objects.filter(iban__in=statement.accounts)
        for other in others.values_list("iban", flat=True):
            raise errors.WRONG_ACCOUNT(named=iban.written(other), account=str(account))
        return
    for named in statement.accounts:
        same = own.endswith(named.zfill(10)) if named.isdigit() else own == named
        if not same:
            raise errors.WRONG_ACCOUNT(named=iban.written(named), account=iban.written(own))


def _known(
    account: BankAccount, period: tuple[date, date]
) -> tuple[list[Known], list[Known], date | None]:
    """Booked transactions of the period, all pending ones, and the newest day imported so far."""
    columns = ("pk", "fingerprint", "occurrence", "booked_on", "amount", "statement__format_key")
    rows = Transaction.objects.filter(account=account).order_by("pk")
    rows = rows.exclude(state=Transaction.State.REVERSED)
    booked = rows.booked().filter(booked_on__range=period)
    waiting = rows.filter(status=Transaction.Status.PENDING)
    newest = (
        StatementImport.objects.standing()
        .filter(account=account, last_on__isnull=False)
        .order_by("-last_on")
        .values_list("last_on", flat=True)
        .first()
    )
    return (
        [Known(*values) for values in booked.values_list(*columns, "bank_reference")],
        [Known(*values) for values in waiting.values_list(*columns, "bank_reference")],
        newest,
    )


def _more(account: BankAccount, statement: ParsedStatement) -> dict[int, More] | None:
    """What counts about batches of the period, None where nobody splits one.

    Who decides about a sum now waits, and then finds it replaced.
    """
    rows = Transaction.objects.booked().filter(account=account, reverses=None).order_by("pk")
    marked = rows.filter(Q(batch__isnull=False) | Q(replaced_by__isnull=False))
    found = list(marked.filter(booked_on__range=statement.period))
    if places := replacing.splits(statement.booked):
        days, sums = zip(*places, strict=True)
        same = rows.filter(booked_on__in=days, amount__in=sums)
        found += same.select_for_update() if transaction.get_connection().in_atomic_block else same
    more = {row.pk: _more_of(row) for row in found}
    split = any(one.is_replaced or (one.batch and one.batch.parts) for one in more.values())
    return more if places or split else None


def _more_of(row: Transaction) -> More:
    batch = replacing.from_json(row.batch)
    return More(
        batch,
        row.state in (Transaction.State.OPEN, Transaction.State.NOTHING),
        row.replaced_by_id is not None,
        bool(row.counterparty_name or row.counterparty_iban),
        replacing.names_of(batch, row.bank_reference, row.end_to_end_id),
        dedupe.normalised(row.purpose),
    )


def _closing(statement: ParsedStatement) -> tuple[Decimal, date] | None:
    """The balance that the statement ends with, and the day of it."""
    balance, day = statement.closing_balance, statement.closing_on
    return (balance, day) if balance is not None and day is not None else None


def _continuity(account: BankAccount, plan: Plan) -> tuple[BalanceCheck, list[str]]:
    """The file's own proof, and whether it goes on from the balance that the bank reported last.

    The difference between two reported balances must be what was booked between them. A file
    from before that adds nothing new proves nothing either.
    """
    own, closing, since = plan.statement.balance_check, _closing(plan.statement), account.balance_on
    if own == BalanceCheck.DIFFERS or closing is None or since is None or account.balance is None:
        return own, []
    balance, day = closing
    if day <= since and not plan.booked:
        return own, []
    if day >= since:
        expected = account.balance + _booked_after(account, plan, since, day)
    else:
        expected = account.balance - _booked_between(account, plan, day, since)
    if expected == balance:
        return BalanceCheck.OK, []
    warning = (
        f"Der Endsaldo vom {format_date(day)} ist {format_amount(balance)}; aus dem Stand vom "
        f"{format_date(since)} und den Umsätzen dazwischen ergibt sich "
        f"{format_amount(expected)}. Es fehlen Umsätze oder ein Auszug."
    )
    return BalanceCheck.DIFFERS, [warning]


def _booked_after(account: BankAccount, plan: Plan, since: date, until: date) -> Decimal:
    """What was booked after the last reported balance, later bookings of its own day included.

    Of a sum in that balance whose parts came later, the parts count and the sum goes off.
    """
    own, told = Q(booked_on=since), account.balance_from_id
    later = Q(booked_on__gt=since, booked_on__lte=until) | own & Q(statement__gt=told)
    within = own & (Q(statement__lte=told) | Q(statement=None))
    before = within & (Q(replaced_by__gt=told) | Q(pk__in=plan.replaced))
    return (
        _sum(account, later & ~Q(pk__in=plan.replaced) & NOT_REPLACED)
        - _sum(account, before)
        + sum(
            (new.row.amount for new in plan.booked if since <= new.row.booked_on <= until),
            Decimal(0),
        )
    )


def _booked_between(account: BankAccount, plan: Plan, after: date, until: date) -> Decimal:
    between = Q(booked_on__gt=after, booked_on__lte=until)
    between &= ~Q(pk__in=plan.replaced) & NOT_REPLACED
    return _sum(account, between) + sum(
        (new.row.amount for new in plan.booked if after < new.row.booked_on <= until), Decimal(0)
    )


def _sum(account: BankAccount, chosen: Q) -> Decimal:
    booked = Transaction.objects.booked().filter(chosen, account=account)
    return booked.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def _remember_balance(account: BankAccount, imported: StatementImport, plan: Plan) -> None:
    """Keep the newest balance that the bank reported."""
    closing = _closing(plan.statement)
    if closing is None:
        return
    since = account.balance_on
    if since is not None and (closing[1] < since or (closing[1] == since and not plan.booked)):
        return
    account.balance, account.balance_on = closing
    account.balance_from = imported
    account.save(update_fields=["balance", "balance_on", "balance_from"])
