"""Writing an invoice as UN/CEFACT CII (Cross Industry Invoice D22B), with drafthorse.

One writer for XRechnung and for ZUGFeRD: they differ in the guideline alone. The writer computes
and rounds nothing; whatever is wrong in the model is left for the official rules to find.
"""

import base64
from collections.abc import Iterable
from decimal import Decimal
from xml.etree import ElementTree

from drafthorse.models.accounting import ApplicableTradeTax, CategoryTradeTax, TradeAllowanceCharge
from drafthorse.models.elements import Element
from drafthorse.models.note import IncludedNote
from drafthorse.models.party import TaxRegistration
from drafthorse.models.payment import PaymentMeans, PaymentTerms
from drafthorse.models.references import (
    AdditionalReferencedDocument,
    InvoiceReferencedDocument,
)
from drafthorse.models.tradelines import LineItem
from lxml import etree

from invoicing.einvoice.cii_elements import (
    CiiAccount,
    CiiAgreement,
    CiiDocument,
    CiiSeller,
    CiiSettlement,
    set_date,
    set_values,
)
from invoicing.einvoice.codes import BUSINESS_PROCESS
from invoicing.einvoice.model import (
    Address,
    AllowanceCharge,
    Attachment,
    Contact,
    EInvoice,
    Identifier,
    Line,
    Payee,
    PaymentInstructions,
    Period,
    Seller,
    Totals,
    VatBreakdown,
)
from invoicing.einvoice.values import amount, number, terms_of, text_of

SUPPORTING = "916"  # UNTDID 1001: a document that supports the invoice (BG-24)
PROJECT_NAME = "Project reference"  # what EN 16931-3-3 writes beside BT-11, which CII wants named


def write(invoice: EInvoice, *, guideline: str) -> bytes:
    """The invoice as CII in UTF-8, obeying the guideline (BT-24)."""
    document = CiiDocument()
    document.context.business_parameter.id = BUSINESS_PROCESS
    document.context.guideline_parameter.id = guideline
    document.header.id = text_of(invoice.number)
    document.header.type_code = invoice.type_code
    set_date(document.header, "issue_date_time", invoice.issue_date)
    for note in invoice.notes:
        document.header.notes.add(IncludedNote(content=text_of(note)))
    for line in invoice.lines:
        document.trade.items.add(_line(line))
    _agreement(document.trade.agreement, invoice)
    _delivery(document.trade.delivery, invoice)
    _settlement(document.trade.settlement, invoice)
    tree = etree.fromstring(ElementTree.tostring(document.to_etree(), "utf-8"))
    return etree.tostring(tree, pretty_print=True, xml_declaration=True, encoding="UTF-8")


def _agreement(agreement: CiiAgreement, invoice: EInvoice) -> None:
    set_values(agreement, buyer_reference=text_of(invoice.buyer_reference))
    _seller(agreement.seller, invoice.seller)
    buyer, party = invoice.buyer, agreement.buyer
    if buyer.identifier and buyer.identifier.scheme:
        party.global_id.add((buyer.identifier.scheme, text_of(buyer.identifier.value)))
    elif buyer.identifier:
        party.id = text_of(buyer.identifier.value)
    party.name = text_of(buyer.name)
    if buyer.contact:
        _contact(party.contact, buyer.contact)
    _address(party.address, buyer.address)
    _electronic_address(party, buyer.electronic_address)
    _tax_registrations(party, VA=buyer.vat_id)
    set_values(agreement.seller_order, issuer_assigned_id=text_of(invoice.sales_order_reference))
    set_values(agreement.buyer_order, issuer_assigned_id=text_of(invoice.order_reference))
    set_values(agreement.contract, issuer_assigned_id=text_of(invoice.contract_reference))
    if project := text_of(invoice.project_reference):
        agreement.procuring_project_type.id = project
        agreement.procuring_project_type.name = PROJECT_NAME
    for attachment in invoice.attachments:
        agreement.additional_references.add(_attachment(attachment))


def _attachment(attachment: Attachment) -> AdditionalReferencedDocument:
    reference = AdditionalReferencedDocument(type_code=SUPPORTING)
    set_values(
        reference,
        issuer_assigned_id=text_of(attachment.reference),
        uri_id=text_of(attachment.address),
        name=text_of(attachment.description),
    )
    if attachment.data:
        content = base64.b64encode(attachment.data).decode()
        name = text_of(attachment.filename)
        reference.attached_object = (attachment.media_type, name, content)
    return reference


def _seller(party: CiiSeller, seller: Seller) -> None:
    for identifier in seller.identifiers:
        if identifier.scheme:
            party.global_id.add((identifier.scheme, text_of(identifier.value)))
        else:
            party.id.add(text_of(identifier.value))
    party.name = text_of(seller.name)
    set_values(party, description=text_of(seller.legal_information))
    organization = party.legal_organization
    set_values(
        organization, id=text_of(seller.register_number), trade_name=text_of(seller.trading_name)
    )
    _contact(party.contact, seller.contact)
    _address(party.address, seller.address)
    _electronic_address(party, seller.electronic_address)
    _tax_registrations(party, FC=seller.tax_number, VA=seller.vat_id)


def _contact(element: Element, contact: Contact) -> None:
    set_values(element, person_name=text_of(contact.name))
    set_values(element.telephone, number=text_of(contact.phone))
    set_values(element.email, address=text_of(contact.email))


def _address(element: Element, address: Address) -> None:
    set_values(
        element,
        postcode=text_of(address.post_code),
        line_one=text_of(address.street),
        line_two=text_of(address.additional),
        city_name=text_of(address.city),
        country_id=address.country,
    )


def _electronic_address(party: Element, address: Identifier | None) -> None:
    if address:
        party.electronic_address.uri_ID = (address.scheme, text_of(address.value))


def _tax_registrations(party: Element, **numbers: str) -> None:
    for scheme, value in numbers.items():
        if text_of(value):
            party.tax_registrations.add(TaxRegistration(id=(scheme, text_of(value))))


def _delivery(delivery: Element, invoice: EInvoice) -> None:
    if invoice.delivery_name:
        delivery.ship_to.name = text_of(invoice.delivery_name)
    if invoice.delivery_address:
        _address(delivery.ship_to.address, invoice.delivery_address)
    set_date(delivery.event, "occurrence", invoice.delivery_date)
    set_values(delivery.despatch_advice, issuer_assigned_id=text_of(invoice.despatch_reference))


def _settlement(settlement: CiiSettlement, invoice: EInvoice) -> None:
    set_values(settlement, creditor_reference_id=text_of(invoice.payment.creditor_id))
    set_values(settlement, payment_reference=text_of(invoice.payment.remittance))
    set_values(settlement, tax_currency_code=invoice.tax_currency)
    settlement.currency_code = invoice.currency
    if invoice.payee:
        _payee(settlement.payee, invoice.payee)
    _payment_means(settlement, invoice.payment)
    for part in invoice.vat_breakdown:
        settlement.trade_tax.add(_vat(part))
    _period(settlement, invoice.period)
    for item in invoice.allowances:
        settlement.allowance_charge.add(_allowance(item))
    _payment_terms(settlement, invoice)
    _totals(settlement.monetary_summation, invoice.totals, invoice)
    for preceding in invoice.preceding:
        reference = InvoiceReferencedDocument(issuer_assigned_id=text_of(preceding.number))
        set_date(reference, "issue_date_time", preceding.issue_date)
        settlement.invoice_referenced_document.add(reference)
    if account := text_of(invoice.accounting_reference):
        settlement.accounting_accounts.add(CiiAccount(id=account))


def _payee(party: Element, payee: Payee) -> None:
    if payee.identifier and payee.identifier.scheme:
        party.global_id.add((payee.identifier.scheme, text_of(payee.identifier.value)))
    elif payee.identifier:
        party.id = text_of(payee.identifier.value)
    party.name = text_of(payee.name)
    set_values(party.legal_organization, id=text_of(payee.register_number))


def _payment_means(settlement: Element, payment: PaymentInstructions) -> None:
    if not payment.means_code:
        return
    means = PaymentMeans(type_code=payment.means_code)
    set_values(
        means.financial_card,
        id=text_of(payment.card_number),
        cardholder_name=text_of(payment.card_holder),
    )
    set_values(means.payer_account, iban=text_of(payment.debited_iban))
    set_values(
        means.payee_account, iban=text_of(payment.iban), account_name=text_of(payment.account_name)
    )
    set_values(means.payee_institution, bic=text_of(payment.bic))
    settlement.payment_means.add(means)


def _payment_terms(settlement: Element, invoice: EInvoice) -> None:
    terms = PaymentTerms()
    description = terms_of(invoice.payment_terms)
    set_values(terms, description=description)
    set_date(terms, "due", invoice.due_date)
    mandate = text_of(invoice.payment.mandate_reference)
    set_values(terms, debit_mandate_id=mandate)
    if description or invoice.due_date or mandate:
        settlement.terms.add(terms)


def _period(settlement: Element, period: Period | None) -> None:
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
        rate_applicable_percent=_optional(part.rate),
    )
    return tax


def _optional(value: Decimal | None) -> str | None:
    return None if value is None else number(value)


def _allowance(item: AllowanceCharge) -> TradeAllowanceCharge:
    """An allowance or a charge; a category makes it one of the whole document."""
    element = TradeAllowanceCharge(indicator=item.charge)
    set_values(
        element,
        calculation_percent=_optional(item.percent),
        basis_amount=None if item.base is None else amount(item.base),
        actual_amount=amount(item.amount),
        reason_code=item.reason_code,
        reason=text_of(item.reason),
    )
    if item.category:
        tax = CategoryTradeTax(type_code="VAT", category_code=item.category)
        set_values(tax, rate_applicable_percent=_optional(item.rate))
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


def _line(line: Line) -> LineItem:
    item = LineItem()
    item.document.line_id = text_of(line.id)
    if note := text_of(line.note):
        item.document.notes.add(IncludedNote(content=note))
    set_values(item.product, seller_assigned_id=text_of(line.seller_item_id))
    set_values(item.product, name=text_of(line.name), description=text_of(line.description))
    item.agreement.net.amount = number(line.net_price)
    item.delivery.billed_quantity = (number(line.quantity), line.unit)
    settlement = item.settlement
    settlement.trade_tax.type_code = "VAT"
    set_values(settlement.trade_tax, category_code=line.category)
    set_values(settlement.trade_tax, rate_applicable_percent=_optional(line.rate))
    _period(settlement, line.period)
    for allowance in line.allowances:
        settlement.allowance_charge.add(_allowance(allowance))
    settlement.monetary_summation.total_amount = amount(line.net_amount)
    return item
