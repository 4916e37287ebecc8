"""Composing turns a draft into the e-invoice that it would be: master data, lines and totals.

Little is checked here; an incomplete draft gives an incomplete e-invoice, which the gate refuses.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from invoicing import skonto
from invoicing.einvoice import cii, ubl
from invoicing.einvoice import skonto as terms
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import (
    AllowanceCharge,
    EInvoice,
    Line,
    Payee,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
)
from invoicing.einvoice.model import Attachment as EnclosedFile
from invoicing.exchanging import EURO, exchange_of, vat_in_euro
from invoicing.gathering import Sources
from invoicing.introducing import buyer_of, delivery_of, seller_of
from invoicing.letter import Exchange
from invoicing.models import Customer, Invoice, InvoiceLine
from invoicing.noting import legal_notes
from invoicing.totals import DocumentTotals, LineAmounts
from workmate import documents

DISCOUNT, DISCOUNT_CODE = "Rabatt", "95"  # UNTDID 5189: discount
SURCHARGE = "Zuschlag"  # UNTDID 7161 has no code for a surcharge as such; the reason says it all.
TYPE_CODES = {  # BT-3, UNTDID 1001
    Invoice.Kind.INVOICE: "380",
    Invoice.Kind.PARTIAL: "326",
    Invoice.Kind.ADVANCE: "326",  # 386 is not on XRechnung's list (BR-DE-17)
    Invoice.Kind.FINAL: "380",
    Invoice.Kind.CORRECTION: "381",
    Invoice.Kind.QUOTE: "310",  # an offer; no e-invoice is written of it
    Invoice.Kind.CONFIRMATION: "320",
}


def guideline_of(einvoice_format: str) -> Guideline:
    """What an invoice in this format promises to obey (BT-24)."""
    return Guideline.EN16931 if einvoice_format == Customer.Format.ZUGFERD else Guideline.XRECHNUNG


def write(einvoice: EInvoice, einvoice_format: str) -> bytes:
    """The invoice as XML in the syntax of this format."""
    syntax = ubl if einvoice_format == Customer.Format.XRECHNUNG_UBL else cii
    return syntax.write(einvoice, guideline=guideline_of(einvoice_format))


def due_date_of(invoice: Invoice, issue_date: date) -> date:
    """The due date (BT-9): the terms counted from the day of issue; a credit is due at once."""
    if invoice.kind == Invoice.Kind.CORRECTION:
        return issue_date
    return issue_date + timedelta(days=invoice.payment_terms_days)


def compose(sources: Sources, *, number: str, issue_date: date, whole: bool = True) -> EInvoice:
    """The e-invoice that this draft is on that day under that number.

    Without `whole` the bytes of attachments are left out: no rule looks into them, and they are
    large.
    """
    invoice, customer, totals = sources.invoice, sources.customer, sources.totals
    exchange = exchange_of(invoice, issue_date)
    not_taxable = any(case.category == "O" for case in sources.cases)
    return EInvoice(
        number=number,
        issue_date=issue_date,
        type_code=TYPE_CODES[Invoice.Kind(invoice.kind)],
        currency=invoice.currency,
        tax_currency=EURO if exchange else "",
        seller=seller_of(sources, with_vat_id=not not_taxable),
        buyer=buyer_of(sources, with_vat_id=not not_taxable),
        lines=(*_lines(sources), *_deductions(sources)),
        vat_breakdown=_breakdown(sources),
        totals=_totals(totals, exchange),
        payment=_payment(sources, number),
        due_date=due_date_of(invoice, issue_date),
        buyer_reference=invoice.buyer_reference or (customer.leitweg_id if customer else ""),
        order_reference=invoice.order_reference,
        sales_order_reference=invoice.sales_order_reference,
        despatch_reference=invoice.despatch_reference,
        accounting_reference=invoice.accounting_reference,
        contract_reference=invoice.contract_reference,
        project_reference=invoice.project_reference,
        payment_terms=_terms(invoice, issue_date),
        notes=(
            *(text for text in (invoice.intro_text, invoice.closing_text) if text.strip()),
            *legal_notes(invoice, sources.company, issue_date),
        ),
        delivery_date=invoice.supply_date,
        delivery_name=invoice.delivery_name,
        delivery_address=delivery_of(sources),
        period=_period(invoice),
        allowances=tuple(_adjustments(sources)),
        payee=Payee(name=invoice.payee_name) if invoice.payee_name else None,
        attachments=tuple(_attachments(sources, whole=whole)),
        preceding=_preceding(sources),
    )


def _lines(sources: Sources) -> Iterator[Line]:
    """The lines with their numbers; titles and texts become the note of the line below them."""
    words: list[str] = []
    amounts = enumerate(sources.totals.lines, start=1)
    for line in sources.lines:
        if line.is_item:
            number, found = next(amounts)
            yield _line(line, found, number=number, note="\n".join(words))
            words = []
        else:
            words += filter(None, (line.name.strip(), line.description.strip()))


def _line(line: InvoiceLine, found: LineAmounts, *, number: int, note: str) -> Line:
    case = line.tax_case
    return Line(
        id=str(number),
        name=line.name,
        description=line.description,
        note=note,
        seller_item_id=line.product.number if line.product else "",
        quantity=line.quantity or Decimal(0),
        unit=line.unit,
        net_price=found.net_price or Decimal(0),
        net_amount=found.net,
        category=case.category if case else "",
        rate=case.rate if case and case.category != "O" else None,
        period=_span(line.period_start, line.period_end),
        allowances=_line_discount(line, found),
    )


def _line_discount(line: InvoiceLine, found: LineAmounts) -> tuple[AllowanceCharge, ...]:
    if not found.discount:
        return ()
    charge = (found.discount < 0) != (found.base < 0)
    return (
        AllowanceCharge(
            charge=charge,
            amount=-found.discount if charge else found.discount,
            base=found.base if line.discount_percent else None,
            percent=abs(line.discount_percent) or None,
            reason=SURCHARGE if charge else DISCOUNT,
            reason_code="" if charge else DISCOUNT_CODE,
        ),
    )


def _adjustments(sources: Sources) -> Iterator[AllowanceCharge]:
    """Discounts and surcharges on the document, one for each VAT group (BG-20, BG-21)."""
    for part in sources.totals.adjustments:
        one = sources.adjustments[part.index]
        yield AllowanceCharge(
            charge=part.charge,
            amount=part.amount,
            base=part.base,
            percent=part.percent,
            reason=one.reason or (SURCHARGE if part.charge else DISCOUNT),
            reason_code="" if part.charge else DISCOUNT_CODE,
            category=part.category,
            rate=None if part.category == "O" else part.rate,
        )


def _breakdown(sources: Sources) -> tuple[VatBreakdown, ...]:
    reasons: dict[tuple[str, Decimal], dict[str, str]] = {}
    for case in sources.cases:
        found = reasons.setdefault((case.category, case.rate), {})
        found[case.reason] = case.reason_code
    return tuple(
        VatBreakdown(
            category=group.category,
            rate=group.rate,  # 0 for what is not taxable too: BR-DE-14 wants BT-119
            taxable_amount=group.base,
            tax_amount=group.tax,
            **_why(reasons.get((group.category, group.rate), {})),
        )
        for group in sources.totals.groups
        if group.category
    )


def _why(reasons: dict[str, str]) -> dict[str, str]:
    """Reason (BT-120) and code (BT-121) of a group; several reasons have a code if they share it.

    A category is one group (BR-E-1 and its like), however many reasons it has.
    """
    codes = set(reasons.values())
    return {"reason": "; ".join(reasons), "reason_code": codes.pop() if len(codes) == 1 else ""}


def _totals(totals: DocumentTotals, exchange: Exchange | None) -> Totals:
    return Totals(
        line_total=totals.line_total,
        allowance_total=totals.allowances or None,
        charge_total=totals.charges or None,
        tax_exclusive=totals.net,
        tax_total=totals.vat,
        tax_total_accounting=vat_in_euro(totals, exchange) if exchange else None,
        tax_inclusive=totals.gross,
        rounding=totals.rounding or None,
        payable=totals.payable,
    )


def _preceding(sources: Sources) -> tuple[PrecedingInvoice, ...]:
    """The documents that this one answers or deducts (BG-3; § 31 (5) UStDV)."""
    original = sources.invoice.corrects
    earlier = [original] if original else sources.advances
    return tuple(PrecedingInvoice(number=str(one), issue_date=one.issue_date) for one in earlier)


def _deductions(sources: Sources) -> Iterator[Line]:
    """One line per advance and rate below the others, with a positive price (BR-27)."""
    last = len(sources.items)
    for one in sources.deductions:
        for share in one.shares:
            if not share.base:
                continue
            last += 1
            yield Line(
                id=str(last),
                name=one.text,
                quantity=Decimal(-1) if share.base > 0 else Decimal(1),
                unit="C62",
                net_price=abs(share.base),
                net_amount=-share.base,
                category=share.category,
                rate=None if share.category == "O" else share.rate,
            )


def _terms(invoice: Invoice, issue_date: date) -> str:
    """The payment terms (BT-20): Skonto as XRechnung writes it, then a sentence for people."""
    if invoice.kind == Invoice.Kind.CORRECTION:
        return "Wir schreiben Ihnen den Betrag gut."
    steps = (
        terms.Discount(days=step.days, percent=step.percent)
        for step in skonto.steps(invoice.cash_discounts)
    )
    written = terms.write(steps)
    day = f"{due_date_of(invoice, issue_date):%d.%m.%Y}"
    if invoice.payment_means == Invoice.PaymentMeans.DIRECT_DEBIT:
        return f"{written}Wir ziehen den Betrag am {day} per SEPA-Lastschrift ein."
    if invoice.payment_means == Invoice.PaymentMeans.CARD:
        return f"{written}Der Betrag wird über Ihre Karte eingezogen."
    return f"{written}Zahlbar bis {day} ohne Abzug."


def _payment(sources: Sources, number: str) -> PaymentInstructions:
    """How it is paid: BG-17, BG-18 or BG-19, never two of them (BR-DE-23 to BR-DE-25)."""
    invoice, means = sources.invoice, Invoice.PaymentMeans
    chosen = invoice.payment_means
    if invoice.kind == Invoice.Kind.CORRECTION:  # Money goes the other way.
        chosen = means.TRANSFER
    if chosen == means.CARD:
        return PaymentInstructions(
            means_code=chosen,
            remittance=number,
            card_number=invoice.card_number,
            card_holder=invoice.card_holder,
        )
    if chosen == means.DIRECT_DEBIT:
        customer = sources.customer
        return PaymentInstructions(
            means_code=chosen,
            remittance=number,
            mandate_reference=customer.mandate_reference if customer else "",
            creditor_id=sources.company.creditor_id,
            debited_iban=customer.mandate_iban if customer else "",
        )
    return replace(_account(sources), means_code=chosen, remittance=number)


def _account(sources: Sources) -> PaymentInstructions:
    """The account that takes the money: the payee's, or ours that is printed on invoices."""
    invoice, account = sources.invoice, sources.money_account
    if invoice.payee_iban:
        return PaymentInstructions(
            account_name=invoice.payee_name, iban=invoice.payee_iban, bic=invoice.payee_bic
        )
    if account is None:
        return PaymentInstructions()
    return PaymentInstructions(
        account_name=account.holder or sources.company.name, iban=account.iban, bic=account.bic
    )


def _attachments(sources: Sources, *, whole: bool) -> Iterator[EnclosedFile]:
    for number, one in enumerate(sources.attachments, start=1):
        yield EnclosedFile(
            reference=str(number),
            description=one.description or one.file.filename,
            filename=one.file.filename,
            media_type=one.file.media_type,
            data=documents.read(one.file) if whole else b"-",
            digest=one.file.sha256,
        )


def _period(invoice: Invoice) -> Period | None:
    return _span(invoice.supply_start, invoice.supply_end)


def _span(start: date | None, end: date | None) -> Period | None:
    return Period(start=start, end=end) if start or end else None
