"""Writing an invoice as OASIS UBL 2.1: an Invoice, or a CreditNote for a type code that wants one.

The counterpart of `cii.write`: the same model, the same business terms, nothing computed here.
The schema fixes the order of the elements, so that each function reads from top to bottom.
Source: EN 16931-3-2 (syntax binding to UBL 2.1).
"""

from base64 import b64encode
from datetime import date
from decimal import Decimal

from lxml import etree

from invoicing.einvoice import ubl_parties
from invoicing.einvoice.codes import BUSINESS_PROCESS, INVOICED_OBJECT
from invoicing.einvoice.model import (
    AllowanceCharge,
    Attachment,
    EInvoice,
    Identifier,
    Line,
    Period,
    PrecedingInvoice,
    Totals,
    VatBreakdown,
)
from invoicing.einvoice.parse import CAC, CBC, UBL_CREDIT_NOTE, UBL_INVOICE
from invoicing.einvoice.ubl_elements import Group
from invoicing.einvoice.ubl_payment import write_payment
from invoicing.einvoice.values import amount, number, text_of

# The codes of UNTDID 1001 that EN 16931 wants as a CreditNote (BR-CL-01).
CREDIT_NOTES = frozenset({"81", "83", "261", "381", "396", "420", "458", "532"})
PROJECT = "50"  # UNTDID 1001: a CreditNote has no place for BT-11 but a reference with this code
NO_ORDER = "NA"  # BT-13 where only the seller's order is known: UBL demands the buyer's number


def write(invoice: EInvoice, *, guideline: str) -> bytes:
    """The invoice as UBL in UTF-8, obeying the guideline (BT-24)."""
    return _Writer(invoice, guideline).write()


class _Writer:
    """One invoice on its way into XML: every amount needs its currency."""

    def __init__(self, invoice: EInvoice, guideline: str) -> None:
        self.invoice = invoice
        self.guideline = guideline
        self.credit = invoice.type_code in CREDIT_NOTES

    def write(self) -> bytes:
        namespace, name = (
            (UBL_CREDIT_NOTE, "CreditNote") if self.credit else (UBL_INVOICE, "Invoice")
        )
        element = etree.Element(
            f"{{{namespace}}}{name}", nsmap={None: namespace, "cac": CAC, "cbc": CBC}
        )
        root = Group(element)
        self._head(root)
        self._references(root)
        ubl_parties.seller(root.group("AccountingSupplierParty/Party"), self.invoice)
        ubl_parties.buyer(root.group("AccountingCustomerParty/Party"), self.invoice.buyer)
        if self.invoice.payee:
            ubl_parties.payee(root.group("PayeeParty"), self.invoice.payee)
        if self.invoice.tax_representative:
            group = root.group("TaxRepresentativeParty")
            ubl_parties.tax_representative(group, self.invoice.tax_representative)
        ubl_parties.delivery(root, self.invoice)
        write_payment(root, self.invoice, due_date=self.invoice.due_date if self.credit else None)
        for item in self.invoice.allowances:
            self._allowance(root, item)
        self._taxes(root)
        self._totals(root.group("LegalMonetaryTotal"), self.invoice.totals)
        for line in self.invoice.lines:
            self._line(root.group("CreditNoteLine" if self.credit else "InvoiceLine"), line)
        return etree.tostring(element, pretty_print=True, xml_declaration=True, encoding="UTF-8")

    def _head(self, root: Group) -> None:
        invoice = self.invoice
        root.add("CustomizationID", self.guideline)
        root.add("ProfileID", BUSINESS_PROCESS)
        root.add("ID", text_of(invoice.number))
        root.add("IssueDate", _day(invoice.issue_date))
        if self.credit:
            root.add("CreditNoteTypeCode", invoice.type_code)
        else:
            root.add("DueDate", _day(invoice.due_date))
            root.add("InvoiceTypeCode", invoice.type_code)
        for note in invoice.notes:
            root.add("Note", text_of(note))
        root.add("DocumentCurrencyCode", invoice.currency)
        root.add("TaxCurrencyCode", invoice.tax_currency)
        root.add("AccountingCost", text_of(invoice.accounting_reference))
        root.add("BuyerReference", text_of(invoice.buyer_reference))
        _period(root, invoice.period)

    def _references(self, root: Group) -> None:
        invoice = self.invoice
        order, sales_order = (
            text_of(invoice.order_reference),
            text_of(invoice.sales_order_reference),
        )
        group = root.group("OrderReference")
        group.add("ID", order or (NO_ORDER if sales_order else ""))
        group.add("SalesOrderID", sales_order)
        for preceding in invoice.preceding:
            _preceding(root.group("BillingReference/InvoiceDocumentReference"), preceding)
        _reference(root, "DespatchDocumentReference", invoice.despatch_reference)
        _reference(root, "ReceiptDocumentReference", invoice.receiving_reference)
        if not self.credit:
            _reference(root, "OriginatorDocumentReference", invoice.tender_reference)
        _reference(root, "ContractDocumentReference", invoice.contract_reference)
        for document in invoice.attachments:
            _attachment(root.group("AdditionalDocumentReference"), document)
        _invoiced_object(root.group("AdditionalDocumentReference"), invoice.invoiced_object)
        if self.credit:
            if project := text_of(invoice.project_reference):
                group = root.group("AdditionalDocumentReference")
                group.add("ID", project)
                group.add("DocumentTypeCode", PROJECT)
            _reference(root, "OriginatorDocumentReference", invoice.tender_reference)
        else:
            _reference(root, "ProjectReference", invoice.project_reference)

    def _allowance(self, parent: Group, item: AllowanceCharge) -> None:
        """An allowance or a charge; a category makes it one of the whole document."""
        group = parent.group("AllowanceCharge")
        group.add("ChargeIndicator", "true" if item.charge else "false")
        group.add("AllowanceChargeReasonCode", item.reason_code)
        group.add("AllowanceChargeReason", text_of(item.reason))
        group.add("MultiplierFactorNumeric", _optional(item.percent))
        self._amount(group, "Amount", item.amount)
        self._amount(group, "BaseAmount", item.base)
        if item.category:
            _category(group.group("TaxCategory"), item.category, item.rate)

    def _taxes(self, root: Group) -> None:
        total = root.group("TaxTotal")
        self._amount(total, "TaxAmount", self.invoice.totals.tax_total)
        for part in self.invoice.vat_breakdown:
            self._vat(total.group("TaxSubtotal"), part)
        accounting = self.invoice.totals.tax_total_accounting
        if accounting is not None:
            other = root.group("TaxTotal")
            other.add("TaxAmount", amount(accounting), currencyID=self.invoice.tax_currency)

    def _vat(self, group: Group, part: VatBreakdown) -> None:
        self._amount(group, "TaxableAmount", part.taxable_amount)
        self._amount(group, "TaxAmount", part.tax_amount)
        _category(
            group.group("TaxCategory"),
            part.category,
            part.rate,
            reason_code=part.reason_code,
            reason=text_of(part.reason),
        )

    def _totals(self, group: Group, totals: Totals) -> None:
        self._amount(group, "LineExtensionAmount", totals.line_total)
        self._amount(group, "TaxExclusiveAmount", totals.tax_exclusive)
        self._amount(group, "TaxInclusiveAmount", totals.tax_inclusive)
        self._amount(group, "AllowanceTotalAmount", totals.allowance_total)
        self._amount(group, "ChargeTotalAmount", totals.charge_total)
        self._amount(group, "PrepaidAmount", totals.prepaid)
        self._amount(group, "PayableRoundingAmount", totals.rounding)
        self._amount(group, "PayableAmount", totals.payable)

    def _line(self, group: Group, line: Line) -> None:
        group.add("ID", text_of(line.id))
        group.add("Note", text_of(line.note))
        quantity = "CreditedQuantity" if self.credit else "InvoicedQuantity"
        group.add(quantity, number(line.quantity), unitCode=line.unit)
        self._amount(group, "LineExtensionAmount", line.net_amount)
        group.add("AccountingCost", text_of(line.accounting_reference))
        _period(group, line.period)
        group.group("OrderLineReference").add("LineID", text_of(line.order_line_reference))
        _invoiced_object(group.group("DocumentReference"), line.invoiced_object)
        for allowance in line.allowances:
            self._allowance(group, allowance)
        _item(group.group("Item"), line)
        self._price(group.group("Price"), line)

    def _price(self, group: Group, line: Line) -> None:
        """The net price, and the discount that led to it (BG-29)."""
        currency = self.invoice.currency
        group.add("PriceAmount", number(line.net_price), currencyID=currency)
        group.add("BaseQuantity", _optional(line.base_quantity), unitCode=line.base_unit)
        if line.gross_price is not None or line.price_discount is not None:
            discount = group.group("AllowanceCharge")
            discount.add("ChargeIndicator", "false")
            # UBL has no gross price without a discount.
            discount.add("Amount", number(line.price_discount or Decimal(0)), currencyID=currency)
            discount.add("BaseAmount", _optional(line.gross_price), currencyID=currency)

    def _amount(self, group: Group, name: str, value: Decimal | None) -> None:
        if value is not None:
            group.add(name, amount(value), currencyID=self.invoice.currency)


def _preceding(group: Group, preceding: PrecedingInvoice) -> None:
    group.add("ID", text_of(preceding.number))
    group.add("IssueDate", _day(preceding.issue_date))


def _reference(root: Group, name: str, number: str) -> None:
    root.group(name).add("ID", text_of(number))


def _attachment(group: Group, document: Attachment) -> None:
    group.add("ID", text_of(document.reference))
    group.add("DocumentDescription", text_of(document.description))
    attachment = group.group("Attachment")
    if document.data:
        attachment.add(
            "EmbeddedDocumentBinaryObject",
            b64encode(document.data).decode(),
            mimeCode=document.media_type,
            filename=text_of(document.filename),
        )
    attachment.group("ExternalReference").add("URI", text_of(document.address))


def _invoiced_object(group: Group, invoiced: Identifier | None) -> None:
    if invoiced:
        group.add("ID", text_of(invoiced.value), schemeID=invoiced.scheme)
        group.add("DocumentTypeCode", INVOICED_OBJECT)


def _item(item: Group, line: Line) -> None:
    item.add("Description", text_of(line.description))
    item.add("Name", text_of(line.name))
    item.group("BuyersItemIdentification").add("ID", text_of(line.buyer_item_id))
    item.group("SellersItemIdentification").add("ID", text_of(line.seller_item_id))
    if standard := line.standard_item_id:
        group = item.group("StandardItemIdentification")
        group.add("ID", text_of(standard.value), schemeID=standard.scheme)
    item.group("OriginCountry").add("IdentificationCode", line.origin_country)
    for one in line.classifications:
        item.group("CommodityClassification").add(
            "ItemClassificationCode",
            text_of(one.code),
            listID=one.scheme,
            listVersionID=one.version,
        )
    if line.category:
        _category(item.group("ClassifiedTaxCategory"), line.category, line.rate)
    for attribute in line.attributes:
        group = item.group("AdditionalItemProperty")
        group.add("Name", text_of(attribute.name))
        group.add("Value", text_of(attribute.value))


def _period(parent: Group, period: Period | None) -> None:
    if period:
        group = parent.group("InvoicePeriod")
        group.add("StartDate", _day(period.start))
        group.add("EndDate", _day(period.end))


def _category(
    group: Group, code: str, rate: Decimal | None, *, reason_code: str = "", reason: str = ""
) -> None:
    group.add("ID", code)
    group.add("Percent", _optional(rate))
    group.add("TaxExemptionReasonCode", reason_code)
    group.add("TaxExemptionReason", reason)
    group.group("TaxScheme").add("ID", "VAT")


def _optional(value: Decimal | None) -> str:
    return "" if value is None else number(value)


def _day(value: date | None) -> str:
    return "" if value is None else value.isoformat()
