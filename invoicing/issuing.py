"""Issuing turns a draft into a numbered invoice that nobody can change any more.

The draft is judged before any lock, under the number that comes next. Then, briefly: lock the
draft, take the number (one locked row per series), freeze, post, audit, commit. Only when another
issue was quicker and the number is a different one is the XML built and judged again.
"""

import json
from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone

from invoicing import advances, archiving, correcting, customers, errors, posting
from invoicing.assembling import take_totals
from invoicing.composing import due_date_of, guideline_of
from invoicing.deducting import TaxedBase
from invoicing.drafting import lock_as_read, require_version
from invoicing.gate import Verdict, judge
from invoicing.gathering import Sources
from invoicing.lettering import page_of
from invoicing.models import Invoice, InvoiceLine
from invoicing.numbering import expected_number, take_number
from invoicing.settling import answer
from invoicing.snapshot import Snapshot, taxed_bases
from invoicing.taxing import is_cash_accounted, supplied_on
from workmate import audit, documents
from workmate.models import User


def issue(
    invoice: Invoice,
    *,
    by: User,
    on: date,
    issue_date: date | None = None,
    version: int | None = None,
    print_now: bool = True,
) -> Invoice:
    """Give the draft its number, freeze it, post it and write it to the audit trail.

    `on` is today, `issue_date` (BT-2) may lie before it for those who may backdate; `version` is
    the one the user saw. The PDF is rendered after the commit, or with `print_now=False` by the
    sweep, for whoever issues hundreds at once. Raises NOT_A_DRAFT, DRAFT_CHANGED,
    GATE_REFUSED (with all findings at their fields), the date problems and the ledger's
    PERIOD_LOCKED; then no number is spent. Source: § 14 UStG.
    """
    issue_date = issue_date or on
    _check_date(issue_date, on=on, by=by)
    invoice = _draft(invoice, version)
    sources = Sources.of(invoice)
    verdict = _judged(sources, expected_number(invoice.kind, issue_date), issue_date)
    with transaction.atomic():
        lock_as_read(invoice, sources.attachments)
        held = _hold(sources)
        number = take_number(invoice.kind, issue_date)
        stale = number != verdict.einvoice.number or held.totals != sources.totals
        # The row of the series is locked: nobody else adds to the turnover that § 19 UStG limits.
        if stale or sources.company.small_business:
            sources, verdict = held, _judged(held, number, issue_date)
        _store_amounts(invoice, sources)
        if not invoice.is_offer:
            invoice.due_date = due_date_of(invoice, issue_date)
            invoice.einvoice_format = sources.customer.einvoice_format
            customers.win(sources.customer, by=by)
        freeze(invoice, verdict, _snapshot(sources, verdict), by=by)
        if invoice.corrects:
            answer(invoice, on=issue_date, source=f"invoicing.correction:{invoice.pk}", by=by)
        advances.deduct(invoice, held.advances, on=issue_date, by=by)
        if print_now:
            archive_after_commit(invoice, by=by)
    return invoice


def _hold(sources: Sources) -> Sources:
    """Lock the documents that this one corrects or deducts, as they are by now."""
    if sources.invoice.corrects:
        return correcting.hold_original(sources)
    return advances.hold(sources) if sources.advances else sources


def freeze(invoice: Invoice, verdict: Verdict, snapshot: Snapshot, *, by: User) -> None:
    """Make the document final inside the caller's transaction: archive, post, lock, audit."""
    item = None if invoice.is_offer else posting.open_item_for(invoice, snapshot)
    invoice.number = verdict.einvoice.number
    invoice.issue_date = verdict.einvoice.issue_date
    invoice.snapshot = snapshot.to_json()
    invoice.open_item = item
    if item:
        invoice.xml, invoice.report = documents.store_all(_papers(invoice, verdict), by=by)
        invoice.hints = len(verdict.report.findings)
    invoice.status = Invoice.Status.ISSUED
    invoice.issued_by = by
    invoice.issued_at = timezone.now()
    invoice.save()
    if item:
        posting.post_document(invoice, snapshot, item, by=by)
    audit.record(
        f"{invoice.kind}.issued",
        invoice,
        by=by,
        payload={
            "number": invoice.number,
            "gross": invoice.gross_total,
            "xml_sha256": invoice.xml.sha256 if invoice.xml else None,
        },
    )


def archive_after_commit(invoice: Invoice, *, by: User) -> None:
    """Print the PDF once the document is safe; if that fails, the sweep does it later."""
    transaction.on_commit(partial(archiving.archive_pdf, invoice, by=by), robust=True)


def _papers(invoice: Invoice, verdict: Verdict) -> list[documents.File]:
    """The XML as it was judged, and the report of the rules on it."""
    report = json.dumps(verdict.report.to_json(), ensure_ascii=False, indent=1)
    return [
        documents.File(
            key=f"invoice/{invoice.pk}/xml",
            data=verdict.xml,
            filename=f"{invoice.number}.xml",
            media_type="application/xml",
            kind="invoice",
        ),
        documents.File(
            key=f"invoice/{invoice.pk}/report",
            data=report.encode(),
            filename=f"{invoice.number}-pruefbericht.json",
            media_type="application/json",
            kind="invoice",
        ),
    ]


def _check_date(issue_date: date, *, on: date, by: User) -> None:
    if issue_date > on:
        raise errors.DATE_IN_FUTURE(date=f"{issue_date:%d.%m.%Y}")
    if issue_date < on and not by.has_perm("invoicing.backdate_invoice"):
        raise errors.BACKDATING_NOT_ALLOWED()


def _draft(invoice: Invoice, version: int | None) -> Invoice:
    stored = Invoice.objects.select_related("customer__partner").get(pk=invoice.pk)
    if stored.status != Invoice.Status.DRAFT:
        raise errors.NOT_A_DRAFT(number=stored.number)
    if version is not None:
        require_version(stored, version)
    return stored


def _judged(sources: Sources, number: str, issue_date: date) -> Verdict:
    verdict = judge(sources, number=number, issue_date=issue_date)
    require_passed(verdict)
    return verdict


def require_passed(verdict: Verdict) -> None:
    """Raise GATE_REFUSED with every finding at its field unless the gate let the document pass."""
    if not verdict.passed:
        fields = verdict.fields()
        raise errors.GATE_REFUSED(count=sum(map(len, fields.values())), fields=fields)


def _store_amounts(invoice: Invoice, sources: Sources) -> None:
    totals = sources.totals
    changed = []
    for line, found in zip(sources.items, totals.lines, strict=True):
        if line.net_amount != found.net:
            line.net_amount = found.net
            changed.append(line)
    InvoiceLine.objects.bulk_update(changed, ["net_amount"])
    take_totals(invoice, totals)


def _snapshot(sources: Sources, verdict: Verdict) -> Snapshot:
    company = sources.company
    page = page_of(sources, verdict.einvoice.issue_date)
    return Snapshot(
        einvoice=verdict.einvoice,
        guideline=guideline_of(sources.customer.einvoice_format),
        page=page,
        chart=company.chart,
        debtor=sources.customer.partner.number,
        supplied_on=supplied_on(sources, verdict.einvoice.issue_date).isoformat(),
        taxed=_signed(taxed_bases(sources, page.exchange), sources.invoice.sign),
        in_advance=sources.invoice.kind == Invoice.Kind.ADVANCE,
        deducted=sources.deductions,
        cash_accounting=is_cash_accounted(sources, verdict.einvoice.issue_date),
    )


def _signed(found: tuple[TaxedBase, ...], sign: int) -> tuple[TaxedBase, ...]:
    """What is posted: a correction takes away what it says."""
    return found if sign > 0 else tuple(-one for one in found)
