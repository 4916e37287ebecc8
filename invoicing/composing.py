"""Composing turns a draft into the e-invoice that it would be: master data, lines and totals.

Little is checked here; an incomplete draft gives an incomplete e-invoice, which the gate refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.model import (
    Address,
    AllowanceCharge,
    Buyer,
    Contact,
    EInvoice,
    Identifier,
    Line,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Seller,
    Totals,
    VatBreakdown,
)
from invoicing.models import Customer, Invoice, InvoiceLine
from invoicing.totals import ZERO, DocumentTotals, LineAmounts, LineInput, compute
from workmate.models import Company, MoneyAccount, TaxCase

DISCOUNT = "95"  # UNTDID 5189: discount
SMALL_BUSINESS_NOTE = "Kein Ausweis von Umsatzsteuer, da Kleinunternehmer gemäß § 19 UStG"


@dataclass(frozen=True, kw_only=True)
class Sources:
    """All that an invoice is composed from, read once."""

    invoice: Invoice
    lines: Sequence[InvoiceLine]
    customer: Customer | None  # None only on a draft that cannot be issued yet
    company: Company
    money_account: MoneyAccount | None  # the one printed on invoices

    @classmethod
    def of(cls, invoice: Invoice, lines: Sequence[InvoiceLine] | None = None) -> "Sources":
        """The sources of a draft; `lines` are its lines where they are not stored yet."""
        if lines is None:
            lines = list(invoice.lines.select_related("tax_case", "product"))
        return cls(
            invoice=invoice,
            lines=lines,
            customer=invoice.customer,
            company=Company.get(),
            money_account=MoneyAccount.objects.filter(on_invoices=True, is_active=True).first(),
        )


def guideline_of(einvoice_format: str) -> Guideline:
    """What an invoice in this format promises to obey (BT-24)."""
    return (
        Guideline.XRECHNUNG if einvoice_format == Customer.Format.XRECHNUNG else Guideline.EN16931
    )


def totals_of(lines: Sequence[InvoiceLine]) -> DocumentTotals:
    """The totals of draft lines; what a line still lacks counts as zero."""
    return compute(
        [
            LineInput(
                quantity=line.quantity or ZERO,
                unit_price=line.unit_price or ZERO,
                discount_percent=line.discount_percent,
                category=line.tax_case.category if line.tax_case else "",
                rate=line.tax_case.rate if line.tax_case else ZERO,
            )
            for line in lines
        ]
    )


def due_date_of(invoice: Invoice, issue_date: date) -> date:
    """The due date (BT-9): the terms counted from the day of issue."""
    return issue_date + timedelta(days=invoice.payment_terms_days)


def compose(sources: Sources, *, number: str, issue_date: date) -> EInvoice:
    """The e-invoice that this draft is on that day under that number."""
    invoice, customer, totals = sources.invoice, sources.customer, totals_of(sources.lines)
    due_date = due_date_of(invoice, issue_date)
    return EInvoice(
        number=number,
        issue_date=issue_date,
        type_code="380",
        currency=invoice.currency,
        seller=_seller(sources.company),
        buyer=_buyer(customer) if customer else Buyer(name=""),
        lines=tuple(
            _line(line, amounts) for line, amounts in zip(sources.lines, totals.lines, strict=True)
        ),
        vat_breakdown=_breakdown(totals, sources.lines),
        totals=_totals(totals),
        payment=_payment(sources, number),
        due_date=due_date,
        buyer_reference=invoice.buyer_reference or (customer.leitweg_id if customer else ""),
        order_reference=invoice.order_reference,
        payment_terms=f"Zahlbar bis {due_date:%d.%m.%Y} ohne Abzug.",
        notes=tuple(text for text in (invoice.intro_text, invoice.closing_text) if text.strip()),
        delivery_date=invoice.supply_date,
        delivery_address=_delivery(sources),
        period=_period(invoice),
    )


def mirror(original: EInvoice, *, number: str, issue_date: date, reason: str) -> EInvoice:
    """The Stornorechnung (384) of an invoice: the same document with negative quantities.

    Prices stay positive (BR-27); BG-3 names the original (§ 31 (5) UStDV).
    """
    return replace(
        original,
        number=number,
        issue_date=issue_date,
        type_code="384",
        due_date=issue_date,
        payment_terms=f"Storniert die Rechnung {original.number} vollständig.",
        notes=(f"Grund des Stornos: {reason}",) if reason else (),
        preceding=(PrecedingInvoice(number=original.number, issue_date=original.issue_date),),
        payment=replace(original.payment, remittance=number),
        lines=tuple(
            replace(
                line,
                quantity=-line.quantity,
                net_amount=-line.net_amount,
                allowances=tuple(_negative(item) for item in line.allowances),
            )
            for line in original.lines
        ),
        vat_breakdown=tuple(
            replace(group, taxable_amount=-group.taxable_amount, tax_amount=-group.tax_amount)
            for group in original.vat_breakdown
        ),
        allowances=tuple(_negative(item) for item in original.allowances),
        totals=_negative_totals(original.totals),
    )


def _seller(company: Company) -> Seller:
    electronic = company.electronic_address or company.email
    scheme = company.electronic_address_scheme if company.electronic_address else "EM"
    # Without a USt-IdNr the seller needs another identifier (BR-CO-26): the Steuernummer.
    identifiers = (
        () if company.vat_id or not company.tax_number else (Identifier(value=company.tax_number),)
    )
    legal = [company.management and f"Geschäftsführung: {company.management}"]
    if company.register_number:
        legal.append(f"{company.register_court} {company.register_number}".strip())
    if company.small_business:
        legal = [SMALL_BUSINESS_NOTE, *legal]
    return Seller(
        name=company.name,
        identifiers=identifiers,
        vat_id=company.vat_id,
        tax_number=company.tax_number,
        legal_information=", ".join(part for part in legal if part),
        electronic_address=Identifier(value=electronic, scheme=scheme) if electronic else None,
        address=_address(company),
        contact=Contact(name=company.contact_name, phone=company.phone, email=company.email),
    )


def _buyer(customer: Customer) -> Buyer:
    electronic = customer.electronic_address or customer.email
    scheme = customer.electronic_address_scheme if customer.electronic_address else "EM"
    contact = Contact(name=customer.contact_name, phone=customer.phone, email=customer.email)
    return Buyer(
        name=customer.name,
        identifier=Identifier(value=customer.number),
        vat_id=customer.vat_id,
        electronic_address=Identifier(value=electronic, scheme=scheme) if electronic else None,
        address=_address(customer),
        contact=contact if customer.contact_name else None,
    )


def _address(party: Company | Customer) -> Address:
    return Address(
        street=party.street,
        additional=party.additional,
        post_code=party.post_code,
        city=party.city,
        country=party.country,
    )


def _line(line: InvoiceLine, found: LineAmounts) -> Line:
    case = line.tax_case
    discount = AllowanceCharge(
        charge=False,
        amount=found.discount,
        base=found.base,
        percent=line.discount_percent,
        reason="Rabatt",
        reason_code=DISCOUNT,
    )
    return Line(
        id=str(line.position),
        name=line.name,
        description=line.description,
        seller_item_id=line.product.number if line.product else "",
        quantity=line.quantity or Decimal(0),
        unit=line.unit,
        net_price=line.unit_price or Decimal(0),
        net_amount=found.net,
        category=case.category if case else "",
        rate=case.rate if case and case.category != "O" else None,
        allowances=(discount,) if found.discount else (),
    )


def _breakdown(totals: DocumentTotals, lines: Sequence[InvoiceLine]) -> tuple[VatBreakdown, ...]:
    cases: dict[tuple[str, Decimal], TaxCase] = {}
    for line in lines:
        if line.tax_case:
            cases.setdefault((line.tax_case.category, line.tax_case.rate), line.tax_case)
    return tuple(
        VatBreakdown(
            category=group.category,
            rate=None if group.category == "O" else group.rate,
            taxable_amount=group.base,
            tax_amount=group.tax,
            reason=cases[group.category, group.rate].reason,
            reason_code=cases[group.category, group.rate].reason_code,
        )
        for group in totals.groups
        if group.category
    )


def _totals(totals: DocumentTotals) -> Totals:
    return Totals(
        line_total=totals.net,
        tax_exclusive=totals.net,
        tax_total=totals.vat,
        tax_inclusive=totals.gross,
        payable=totals.gross,
    )


def _payment(sources: Sources, number: str) -> PaymentInstructions:
    account = sources.money_account
    if account is None:
        return PaymentInstructions(remittance=number)
    return PaymentInstructions(
        remittance=number,
        account_name=account.holder or sources.company.name,
        iban=account.iban,
        bic=account.bic,
    )


def _period(invoice: Invoice) -> Period | None:
    if invoice.supply_start or invoice.supply_end:
        return Period(start=invoice.supply_start, end=invoice.supply_end)
    return None


def _delivery(sources: Sources) -> Address | None:
    """Intra-EU supplies must name the country of delivery (BR-IC-12); it is the buyer's."""
    if any(line.tax_case and line.tax_case.category == "K" for line in sources.lines):
        return _address(sources.customer)
    return None


def _negative(item: AllowanceCharge) -> AllowanceCharge:
    return replace(item, amount=-item.amount, base=None if item.base is None else -item.base)


def _negative_totals(totals: Totals) -> Totals:
    return Totals(
        line_total=-totals.line_total,
        allowance_total=None if totals.allowance_total is None else -totals.allowance_total,
        charge_total=None if totals.charge_total is None else -totals.charge_total,
        tax_exclusive=-totals.tax_exclusive,
        tax_total=-totals.tax_total,
        tax_total_accounting=(
            None if totals.tax_total_accounting is None else -totals.tax_total_accounting
        ),
        tax_inclusive=-totals.tax_inclusive,
        prepaid=None if totals.prepaid is None else -totals.prepaid,
        rounding=None if totals.rounding is None else -totals.rounding,
        payable=-totals.payable,
    )
