"""Sending a document by e-mail: the act writes a dispatch, a job hands it to the mail server.

What a server has accepted is recorded at each recipient and never sent again; a retry speaks only
to those who are still open, with the same bytes under the same Message-ID.

A worker may die between the server's answer and our commit. Before a mail is handed over, the
dispatch is marked as on its way; whoever finds that mark left behind does not send again but calls
the dispatch unclear, and a person decides. What remains: where the line breaks before the answer,
RFC 5321 tells a client to send again, and so does this one. The customer may get such a mail
twice; both carry the same Message-ID, by which mail programs and people see that they are one.
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from invoicing import archiving, errors, mail_texts
from invoicing.models import Customer, Dispatch, Invoice, Recipient
from workmate import audit, company, documents, jobs, letters, mail
from workmate.errors import Problem
from workmate.mail import Answer
from workmate.models import Document, JobRun, User
from workmate.outside import TemporaryFailure

JOB = "invoicing.dispatch"
UNCLEAR = """Die Übergabe an den Mailserver brach ab, bevor seine Antwort festgehalten war. Die \
Nachricht kann angekommen sein; von selbst wird sie nicht noch einmal versendet."""
MOST_RECIPIENTS = 20
CLOSED = (Dispatch.State.CANCELLED, Dispatch.State.UNCLEAR)
KEY = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What one wants to send; placeholders are filled by `send`."""

    to: list[str]
    cc: list[str]
    bcc: list[str]
    language: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file that goes along; without a document while its PDF is still to be printed."""

    filename: str
    document: Document | None


def proposal(invoice: Invoice, *, language: str = "") -> Mail:
    """The mail as the customer's data and the kept texts make it."""
    customer = invoice.customer
    chosen = language or (customer.language if customer else Customer.Language.GERMAN)
    subject, text = mail_texts.text_for(invoice, chosen)
    values = mail_texts.values_of(invoice, chosen)
    return Mail(
        to=[customer.email] if customer and customer.email else [],
        cc=[],
        bcc=[],
        language=chosen,
        subject=mail_texts.filled(subject, values),
        text=mail_texts.filled(text, values),
    )


def enclosures(invoice: Invoice) -> list[Enclosure]:
    """XML and readable PDF for XRechnung; for ZUGFeRD the PDF alone, which holds the XML, and for
    an offer, which has none."""
    pdf = Enclosure(filename=f"{invoice.number}.pdf", document=invoice.pdf)
    if invoice.xml is None or invoice.einvoice_format == Customer.Format.ZUGFERD:
        return [pdf]
    return [Enclosure(filename=f"{invoice.number}.xml", document=invoice.xml), pdf]


@transaction.atomic
def send(invoice: Invoice, wanted: Mail, *, by: User, key: str = "") -> Dispatch:
    """Write down that the document shall go out, and let a job do it.

    The same `key` (24 hex digits) again gives the dispatch that it made before. Raises NOT_ISSUED,
    MAIL_NOT_SET_UP, MAIL_UNFIT with every finding at its field, PLACEHOLDER_UNKNOWN.
    """
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=invoice.pk)
    if invoice.status != Invoice.Status.ISSUED:
        raise errors.NOT_ISSUED()
    account = mail.door().account
    sender = letters.address(account.sender)
    digits = key if KEY.fullmatch(key) else secrets.token_hex(12)
    message_id = f"<{digits}@{sender.rpartition('@')[2]}>"
    if known := Dispatch.objects.filter(message_id=message_id, invoice=invoice).first():
        return known
    recipients = _recipients(wanted, copy_to=sender if account.copy_to_self else "")
    dispatch = Dispatch(
        invoice=invoice,
        language=wanted.language,
        sender=sender,
        message_id=message_id,
        created_by=by,
    )
    _write(dispatch, invoice, wanted)
    dispatch.save()
    for address, role in recipients.items():
        Recipient.objects.create(dispatch=dispatch, address=address, role=role)
    dispatch.run = jobs.enqueue(JOB, by=by, params={"dispatch": dispatch.pk})
    dispatch.save(update_fields=["run"])
    payload = {"number": invoice.number, "recipients": list(recipients)}
    audit.record("dispatch.queued", dispatch, by=by, payload=payload)
    return dispatch


@transaction.atomic
def call_off(dispatch: Dispatch, *, by: User) -> Dispatch:
    """Take back a dispatch that still waits; DISPATCH_UNDERWAY afterwards."""
    dispatch = Dispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)
    if dispatch.state != Dispatch.State.QUEUED:
        raise errors.DISPATCH_UNDERWAY(state=dispatch.get_state_display())
    some = dispatch.recipients.filter(state=Recipient.State.ACCEPTED).exists()
    dispatch.state = Dispatch.State.PARTIAL if some else Dispatch.State.CANCELLED
    dispatch.save(update_fields=["state"])
    if dispatch.run:
        jobs.cancel(dispatch.run, by=by)
    audit.record("dispatch.cancelled", dispatch, by=by)
    return dispatch


def deliver(pk: int, run: JobRun) -> dict[str, int]:
    """Hand the dispatch to the mail server: the job's part; how many accepted it.

    Raises TemporaryFailure while somebody is still open, and what the door raises; the last
    attempt gives the reason to the dispatch.
    """
    dispatch = _claim(pk, by=run.created_by)
    if dispatch is None:
        return {"accepted": 0}
    last = jobs.is_last_attempt(run)
    try:
        door = mail.door()
        raw = _message(dispatch, by=run.created_by)
        waiting = dispatch.recipients.filter(state=Recipient.State.OPEN)
        addresses = list(waiting.values_list("address", flat=True))
        _hand_over(dispatch)
        answers = door.deliver(raw, sender=dispatch.sender, recipients=addresses)
    except TemporaryFailure as failure:
        _fail(dispatch, failure.message, over=last, by=run.created_by)
        raise
    except Problem as problem:
        _fail(dispatch, problem.message, over=True, by=run.created_by)
        raise
    except Exception:
        _fail(dispatch, "Der Fehler liegt bei uns.", over=True, by=run.created_by)
        raise
    is_open = _record(dispatch, answers, captured=door.captures, over=last, by=run.created_by)
    if is_open:
        raise TemporaryFailure("Der Mailserver eines Empfängers")
    return {"accepted": sum(answer.accepted for answer in answers.values())}


def _write(dispatch: Dispatch, invoice: Invoice, wanted: Mail) -> None:
    """Fill in subject and text; MAIL_UNFIT, PLACEHOLDER_UNKNOWN."""
    mail_texts.require_known(invoice, subject=wanted.subject, text=wanted.text)
    found: dict[str, list[str]] = {}
    values = mail_texts.values_of(invoice, wanted.language)
    dispatch.text = mail_texts.filled(wanted.text, values).strip()
    try:
        filled = mail_texts.filled(wanted.subject, values)
        dispatch.subject = letters.require_one_line(filled, "Betreff")
    except Problem as problem:
        found["subject"] = [problem.message]
    for field, most in (("subject", 200), ("text", 10_000)):
        written = getattr(dispatch, field)
        if not written:
            found.setdefault(field, ["Dieses Feld ist zwingend erforderlich."])
        elif len(written) > most:
            found.setdefault(field, [f"Höchstens {most} Zeichen."])
    if found:
        raise errors.MAIL_UNFIT(fields=found)


def _recipients(wanted: Mail, *, copy_to: str) -> dict[str, str]:
    """Each address once, with the first part it was named for; MAIL_UNFIT."""
    found: dict[str, str] = {}
    refused: dict[str, list[str]] = {}
    for role in Recipient.Role.values:
        for text in getattr(wanted, role):
            try:
                found.setdefault(letters.address(text), role)
            except Problem as problem:
                refused.setdefault(role, []).append(f"{problem.message} {problem.advice}")
    if Recipient.Role.TO not in found.values() and "to" not in refused:
        refused["to"] = ["Nennen Sie mindestens einen Empfänger."]
    if len(found) > MOST_RECIPIENTS:
        refused.setdefault("to", []).append(f"Höchstens {MOST_RECIPIENTS} Empfänger.")
    if refused:
        raise errors.MAIL_UNFIT(fields=refused)
    if copy_to:
        found.setdefault(copy_to, Recipient.Role.BCC)
    return found


@transaction.atomic
def _claim(pk: int, *, by: User) -> Dispatch | None:
    """The dispatch, now on its way; nothing when it was called off or nobody is open.

    Nothing too when an earlier attempt died while it handed the mail over: then it is unclear.
    """
    dispatch = Dispatch.objects.select_for_update(of=("self",)).get(pk=pk)
    is_open = dispatch.recipients.filter(state=Recipient.State.OPEN).exists()
    if dispatch.state in CLOSED or not is_open:
        return None
    if dispatch.handed_over_at:
        dispatch.state, dispatch.error = Dispatch.State.UNCLEAR, UNCLEAR
        dispatch.save(update_fields=["state", "error"])
        audit.record("dispatch.unclear", dispatch, by=by)
        return None
    dispatch.state = Dispatch.State.SENDING
    dispatch.save(update_fields=["state"])
    return dispatch


def _hand_over(dispatch: Dispatch) -> None:
    """Note, committed before the first word to the server, that it is spoken to from here on."""
    dispatch.handed_over_at = timezone.now()
    dispatch.save(update_fields=["handed_over_at"])


def _message(dispatch: Dispatch, *, by: User) -> bytes:
    """The mail as bytes: written and archived once, before the first attempt."""
    if dispatch.mail:
        return documents.read(dispatch.mail)
    invoice = Invoice.objects.select_related("xml", "pdf").get(pk=dispatch.invoice_id)
    invoice.pdf = archiving.archive_pdf(invoice, by=by)
    account = mail.door().account
    reply_to = letters.address(account.reply_to) if account.reply_to else ""
    raw = letters.write(
        letters.Letter(
            message_id=dispatch.message_id,
            sender=dispatch.sender,
            sender_name=company.get().name,
            to=_addresses(dispatch, Recipient.Role.TO),
            cc=_addresses(dispatch, Recipient.Role.CC),
            reply_to=reply_to,
            subject=dispatch.subject,
            text=dispatch.text,
            at=timezone.localtime(),
            attachments=list(_attachments(invoice)),
        )
    )
    with transaction.atomic():
        dispatch.mail = documents.store(
            f"dispatch/{dispatch.pk}",
            raw,
            filename=f"{invoice.number}-versand-{dispatch.pk}.eml",
            media_type="message/rfc822",
            kind="dispatch",
            by=by,
        )
        dispatch.save(update_fields=["mail"])
    return raw


def _attachments(invoice: Invoice) -> Iterable[letters.Attachment]:
    for enclosure in enclosures(invoice):
        document = enclosure.document
        if document is None:
            raise errors.NOT_ISSUED()
        yield letters.Attachment(
            filename=document.filename,
            media_type=document.media_type,
            data=documents.read(document),
        )


def _addresses(dispatch: Dispatch, role: str) -> list[str]:
    return list(dispatch.recipients.filter(role=role).values_list("address", flat=True))


@transaction.atomic
def _record(
    dispatch: Dispatch, answers: dict[str, Answer], *, captured: bool, over: bool, by: User
) -> bool:
    """Write down what was said to each recipient; whether somebody could not take it yet."""
    now = timezone.now()
    for one in dispatch.recipients.filter(address__in=answers):
        answer = answers[one.address]
        one.code, one.answer, one.answered_at = answer.code, answer.text, now
        if answer.accepted:
            one.state = Recipient.State.ACCEPTED
        elif answer.refused:
            one.state = Recipient.State.REFUSED
        one.save(update_fields=["code", "answer", "answered_at", "state"])
    dispatch.captured = captured
    reasons = [f"{r.readable}: {r.code or ''} {r.answer}" for r in _not_accepted(dispatch)]
    return _settle(dispatch, "\n".join(reasons), over=over, by=by, at=now)


@transaction.atomic
def _fail(dispatch: Dispatch, reason: str, *, over: bool, by: User) -> None:
    """Nobody was reached: wait for the next attempt, or give up with the reason."""
    _settle(dispatch, reason, over=over, by=by, at=timezone.now())


def _settle(dispatch: Dispatch, reason: str, *, over: bool, by: User, at: datetime) -> bool:
    states = set(dispatch.recipients.values_list("state", flat=True))
    some = Recipient.State.ACCEPTED in states
    is_open = Recipient.State.OPEN in states
    if some:
        dispatch.sent_at = dispatch.sent_at or at
    if is_open and not over:
        dispatch.state = Dispatch.State.QUEUED
    elif states == {Recipient.State.ACCEPTED}:
        dispatch.state = Dispatch.State.SENT
    else:
        dispatch.state = Dispatch.State.PARTIAL if some else Dispatch.State.REFUSED
    dispatch.error = reason
    dispatch.handed_over_at = None
    dispatch.save(update_fields=["state", "error", "captured", "sent_at", "handed_over_at"])
    if dispatch.state != Dispatch.State.QUEUED:
        event = "dispatch.sent" if some else "dispatch.refused"
        answers = dict(dispatch.recipients.values_list("address", "code"))
        audit.record(event, dispatch, by=by, payload={"answers": answers, "reason": reason})
    return is_open


def _not_accepted(dispatch: Dispatch) -> Iterable[Recipient]:
    return dispatch.recipients.exclude(state=Recipient.State.ACCEPTED)
