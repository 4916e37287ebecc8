"""Writing what is owed and how it is paid, in CII (BG-10, BG-16, BG-20 to BG-23)."""

from collections.abc import Iterable
from decimal import Decimal

from drafthorse.models.accounting import ApplicableTradeTax, CategoryTradeTax, TradeAllowanceCharge
from drafthorse.models.elements import Element
from drafthorse.models.payment import PaymentMeans, PaymentTerms
from drafthorse.models.references import InvoiceReferencedDocument

from invoicing.einvoice import cii_parties
from invoicing.einvoice.cii_elements import CiiSettlement, set_date, set_values
from invoicing.einvoice.model import (
    Account,
    AllowanceCharge,
    EInvoice,
    PaymentInstructions,
    Period,
    Totals,
    VatBreakdown,
)
from invoicing.einvoice.values import amount, number, terms_of, text_of


def write_settlement(settlement: CiiSettlement, invoice: EInvoice) -> None:
    payment = invoice.payment
    set_values(settlement, creditor_reference_id=text_of(payment.creditor_id))
    set_values(settlement, payment_reference=text_of(payment.remittance))
    set_values(settlement, tax_currency_code=invoice.tax_currency)
    settlement.currency_code = invoice.currency
    if invoice.payee:
        cii_parties.payee(settlement.payee, invoice.payee)
    _payment_means(settlement, payment)
    for part in invoice.vat_breakdown:
        settlement.trade_tax.add(_vat(part))
    write_period(settlement, invoice.period)
    for item in invoice.allowances:
        settlement.allowance_charge.add(allowance(item))
    _payment_terms(settlement, invoice)
    _totals(settlement.monetary_summation, invoice.totals, invoice)
    for preceding in invoice.preceding:
        reference = InvoiceReferencedDocument(issuer_assigned_id=text_of(preceding.number))
        set_date(reference, "issue_date_time", preceding.issue_date)
        settlement.invoice_referenced_document.add(reference)
    set_values(settlement.accounting_account, id=text_of(invoice.accounting_reference))


def _payment_means(settlement: Element, payment: PaymentInstructions) -> None:
    if not payment.means_code:
        return
    means = PaymentMeans(type_code=payment.means_code)
    if text := text_of(payment.means_text):
        means.information.add(text)
    set_values(
        means.financial_card,
        id=text_of(payment.card_number),
        cardholder_name=text_of(payment.card_holder),
    )
    set_values(means.payer_account, iban=text_of(payment.debited_iban))
    _account(means, Account(iban=payment.iban, name=payment.account_name, bic=payment.bic))
    settlement.payment_means.add(means)
    for account in payment.further_accounts:
        further = PaymentMeans(type_code=payment.means_code)
        _account(further, account)
        settlement.payment_means.add(further)


def _account(means: PaymentMeans, account: Account) -> None:
    set_values(means.payee_account, iban=text_of(account.iban), account_name=text_of(account.name))
    set_values(means.payee_institution, bic=text_of(account.bic))


def _payment_terms(settlement: Element, invoice: EInvoice) -> None:
    mandate = text_of(invoice.payment.mandate_reference)
    description = terms_of(invoice.payment_terms)
    if description or invoice.due_date or mandate:
        terms = PaymentTerms()
        set_values(terms, description=description, debit_mandate_id=mandate)
        set_date(terms, "due", invoice.due_date)
        settlement.terms.add(terms)


def write_period(settlement: Element, period: Period | None) -> None:
    if period:
        set_date(settlement.period, "start", period.start)
        set_date(settlement.period, "end", period.end)


def _vat(part: VatBreakdown) -> ApplicableTradeTax:
    tax = ApplicableTradeTax(type_code="VAT", category_code=part.category)
    set_values(
        tax,
        calculated_amount=amount(part.tax_amount),
        exemption_reason=text_of(part.reason),
        basis_amount=amount(part.taxable_amount),
        exemption_reason_code=part.reason_code,
        rate_applicable_percent=optional(part.rate),
    )
    return tax


def optional(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def allowance(item: AllowanceCharge) -> TradeAllowanceCharge:
    """An allowance or a charge; a category makes it one of the whole document."""
    element = TradeAllowanceCharge(indicator=item.charge)
    set_values(
        element,
        calculation_percent=optional(item.percent),
        basis_amount=None if item.base is None else amount(item.base),
        actual_amount=amount(item.amount),
        reason_code=item.reason_code,
        reason=text_of(item.reason),
    )
    if item.category:
        tax = CategoryTradeTax(type_code="VAT", category_code=item.category)
        set_values(tax, rate_applicable_percent=optional(item.rate))
        element.trade_tax.add(tax)
    return element


def _totals(summation: Element, totals: Totals, invoice: EInvoice) -> None:
    plain = {
        "line_total": totals.line_total,
        "charge_total": totals.charge_total,
        "allowance_total": totals.allowance_total,
        "rounding_amount": totals.rounding,
        "prepaid_total": totals.prepaid,
        "due_amount": totals.payable,
    }
    set_values(summation, **{name: amount(value) for name, value in _given(plain.items())})
    summation.tax_basis_total = (amount(totals.tax_exclusive), None)
    summation.tax_total = (amount(totals.tax_total), invoice.currency)
    summation.grand_total = (amount(totals.tax_inclusive), None)
    if totals.tax_total_accounting is not None:
        accounting = (amount(totals.tax_total_accounting), invoice.tax_currency)
        summation.tax_total_other_currency.add(accounting)


def _given(
    items: Iterable[tuple[str, Decimal | None]],
) -> Iterable[tuple[str, Decimal]]:
    return ((name, value) for name, value in items if value is not None)
