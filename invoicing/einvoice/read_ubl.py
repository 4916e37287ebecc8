"""Reading the whole of an invoice out of UBL: an Invoice or a CreditNote."""

from itertools import chain

from invoicing.einvoice.model import (
    Address,
    AllowanceCharge,
    Attachment,
    Buyer,
    Contact,
    EInvoice,
    Line,
    Payee,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Seller,
    Totals,
    VatBreakdown,
)
from invoicing.einvoice.node import Node, identifier, required, taxes_of
from invoicing.einvoice.ubl import NO_ORDER
from invoicing.einvoice.ubl_parties import SEPA

CREDITOR_OF_PAYEE = f"cac:PayeeParty/cac:PartyIdentification/cbc:ID[@schemeID='{SEPA}']"
CREDITOR = (
    f"cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID[@schemeID='{SEPA}']"
)
# References that are something else: a project in a CreditNote, an object (BT-18).
NO_ATTACHMENT = frozenset({"50", "130"})
PROJECT = "cac:AdditionalDocumentReference[cbc:DocumentTypeCode='50']/cbc:ID"  # in a CreditNote


def invoice(root: Node) -> EInvoice:
    """The whole invoice out of an Invoice or a CreditNote."""
    delivery = root.one("cac:Delivery")
    address = delivery.one("cac:DeliveryLocation/cac:Address")
    paid_by = root.day("cac:PaymentMeans/cbc:PaymentDueDate")
    lines = chain(root.all("cac:InvoiceLine"), root.all("cac:CreditNoteLine"))
    return EInvoice(
        number=root.text("cbc:ID"),
        issue_date=required(root.day("cbc:IssueDate")),
        type_code=root.text("cbc:InvoiceTypeCode") or root.text("cbc:CreditNoteTypeCode"),
        currency=root.text("cbc:DocumentCurrencyCode"),
        tax_currency=root.text("cbc:TaxCurrencyCode"),
        seller=_seller(root.one("cac:AccountingSupplierParty/cac:Party")),
        buyer=_buyer(root.one("cac:AccountingCustomerParty/cac:Party")),
        lines=tuple(_line(line) for line in lines),
        vat_breakdown=tuple(_vat(part) for part in root.all("cac:TaxTotal/cac:TaxSubtotal")),
        totals=_totals(root),
        payment=_payment(root),
        due_date=root.day("cbc:DueDate") or paid_by,
        buyer_reference=root.text("cbc:BuyerReference"),
        project_reference=root.text("cac:ProjectReference/cbc:ID") or root.text(PROJECT),
        contract_reference=root.text("cac:ContractDocumentReference/cbc:ID"),
        order_reference=_order(root.one("cac:OrderReference")),
        sales_order_reference=root.text("cac:OrderReference/cbc:SalesOrderID"),
        despatch_reference=root.text("cac:DespatchDocumentReference/cbc:ID"),
        accounting_reference=root.text("cbc:AccountingCost"),
        payment_terms=root.raw("cac:PaymentTerms/cbc:Note"),
        notes=root.texts("cbc:Note"),
        preceding=tuple(
            PrecedingInvoice(number=one.text("cbc:ID"), issue_date=one.day("cbc:IssueDate"))
            for one in root.all("cac:BillingReference/cac:InvoiceDocumentReference")
        ),
        delivery_date=delivery.day("cbc:ActualDeliveryDate"),
        delivery_name=delivery.text("cac:DeliveryParty/cac:PartyName/cbc:Name"),
        delivery_address=_address(address) if address.exists() else None,
        period=_period(root),
        allowances=_allowances(root),
        payee=_payee(root.one("cac:PayeeParty")),
        attachments=tuple(
            _attachment(one)
            for one in root.all("cac:AdditionalDocumentReference")
            if one.text("cbc:DocumentTypeCode") not in NO_ATTACHMENT
        ),
    )


def _order(reference: Node) -> str:
    """The buyer's order; UBL wants one wherever there is an order of the seller."""
    number = reference.text("cbc:ID")
    return "" if number == NO_ORDER and reference.text("cbc:SalesOrderID") else number


def _payee(party: Node) -> Payee | None:
    if not party.exists():
        return None
    numbers = (identifier(node) for node in party.all("cac:PartyIdentification/cbc:ID"))
    return Payee(
        name=party.text("cac:PartyName/cbc:Name"),
        identifier=next((number for number in numbers if number.scheme != SEPA), None),
        register_number=party.text("cac:PartyLegalEntity/cbc:CompanyID"),
    )


def _attachment(reference: Node) -> Attachment:
    content = reference.one("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
    return Attachment(
        reference=reference.text("cbc:ID"),
        description=reference.text("cbc:DocumentDescription"),
        address=reference.text("cac:Attachment/cac:ExternalReference/cbc:URI"),
        filename=content.attribute("filename"),
        media_type=content.attribute("mimeCode"),
        data=content.binary(),
    )


def _seller(party: Node) -> Seller:
    numbers = (identifier(node) for node in party.all("cac:PartyIdentification/cbc:ID"))
    entity = party.one("cac:PartyLegalEntity")
    address = party.one("cbc:EndpointID")
    return Seller(
        name=entity.text("cbc:RegistrationName"),
        trading_name=party.text("cac:PartyName/cbc:Name"),
        identifiers=tuple(number for number in numbers if number.scheme != SEPA),
        register_number=entity.text("cbc:CompanyID"),
        vat_id=_vat_id(party),
        tax_number=_tax_number(party),
        legal_information=entity.text("cbc:CompanyLegalForm"),
        electronic_address=identifier(address) if address.exists() else None,
        address=_address(party.one("cac:PostalAddress")),
        contact=_contact(party.one("cac:Contact")),
    )


def _buyer(party: Node) -> Buyer:
    number = party.one("cac:PartyIdentification/cbc:ID")
    address = party.one("cbc:EndpointID")
    contact = party.one("cac:Contact")
    return Buyer(
        name=party.text("cac:PartyLegalEntity/cbc:RegistrationName"),
        identifier=identifier(number) if number.exists() else None,
        vat_id=_vat_id(party),
        electronic_address=identifier(address) if address.exists() else None,
        address=_address(party.one("cac:PostalAddress")),
        contact=_contact(contact) if contact.exists() else None,
    )


def _vat_id(party: Node) -> str:
    schemes = party.all("cac:PartyTaxScheme")
    return next((one.text("cbc:CompanyID") for one in schemes if _is_vat(one)), "")


def _tax_number(party: Node) -> str:
    """BT-32 is the number under any scheme but VAT."""
    schemes = party.all("cac:PartyTaxScheme")
    return next((one.text("cbc:CompanyID") for one in schemes if not _is_vat(one)), "")


def _is_vat(scheme: Node) -> bool:
    return scheme.text("cac:TaxScheme/cbc:ID").upper() == "VAT"


def _contact(node: Node) -> Contact:
    return Contact(
        name=node.text("cbc:Name"),
        phone=node.text("cbc:Telephone"),
        email=node.text("cbc:ElectronicMail"),
    )


def _address(node: Node) -> Address:
    return Address(
        street=node.text("cbc:StreetName"),
        additional=node.text("cbc:AdditionalStreetName"),
        post_code=node.text("cbc:PostalZone"),
        city=node.text("cbc:CityName"),
        country=node.text("cac:Country/cbc:IdentificationCode"),
    )


def _period(node: Node) -> Period | None:
    """A period with a day; UBL also keeps the code of the tax point (BT-8) in this group."""
    start = node.day("cac:InvoicePeriod/cbc:StartDate")
    end = node.day("cac:InvoicePeriod/cbc:EndDate")
    return Period(start=start, end=end) if start or end else None


def _payment(root: Node) -> PaymentInstructions:
    means = root.one("cac:PaymentMeans")
    account = means.one("cac:PayeeFinancialAccount")
    return PaymentInstructions(
        means_code=means.text("cbc:PaymentMeansCode"),
        remittance=means.text("cbc:PaymentID"),
        account_name=account.text("cbc:Name"),
        iban=account.text("cbc:ID"),
        bic=account.text("cac:FinancialInstitutionBranch/cbc:ID"),
        card_number=means.text("cac:CardAccount/cbc:PrimaryAccountNumberID"),
        card_holder=means.text("cac:CardAccount/cbc:HolderName"),
        mandate_reference=means.text("cac:PaymentMandate/cbc:ID"),
        creditor_id=root.text(CREDITOR) or root.text(CREDITOR_OF_PAYEE),
        debited_iban=means.text("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    )


def _vat(part: Node) -> VatBreakdown:
    category = part.one("cac:TaxCategory")
    return VatBreakdown(
        category=category.text("cbc:ID"),
        rate=category.decimal("cbc:Percent"),
        taxable_amount=part.amount("cbc:TaxableAmount", "BT-116"),
        tax_amount=part.amount("cbc:TaxAmount", "BT-117"),
        reason=category.text("cbc:TaxExemptionReason"),
        reason_code=category.text("cbc:TaxExemptionReasonCode"),
    )


def _allowances(node: Node) -> tuple[AllowanceCharge, ...]:
    return tuple(
        AllowanceCharge(
            charge=one.flag("cbc:ChargeIndicator"),
            amount=one.amount("cbc:Amount", "Betrag eines Nachlasses oder Zuschlags"),
            base=one.decimal("cbc:BaseAmount"),
            percent=one.decimal("cbc:MultiplierFactorNumeric"),
            reason=one.text("cbc:AllowanceChargeReason"),
            reason_code=one.text("cbc:AllowanceChargeReasonCode"),
            category=one.text("cac:TaxCategory/cbc:ID"),
            rate=one.decimal("cac:TaxCategory/cbc:Percent"),
        )
        for one in node.all("cac:AllowanceCharge")
    )


def _totals(root: Node) -> Totals:
    node = root.one("cac:LegalMonetaryTotal")
    tax_total, accounted = taxes_of(
        root.all("cac:TaxTotal/cbc:TaxAmount"),
        root.text("cbc:DocumentCurrencyCode"),
        root.text("cbc:TaxCurrencyCode"),
    )
    return Totals(
        line_total=node.amount("cbc:LineExtensionAmount", "BT-106"),
        allowance_total=node.decimal("cbc:AllowanceTotalAmount"),
        charge_total=node.decimal("cbc:ChargeTotalAmount"),
        tax_exclusive=node.amount("cbc:TaxExclusiveAmount", "BT-109"),
        tax_total=tax_total,
        tax_total_accounting=accounted,
        tax_inclusive=node.amount("cbc:TaxInclusiveAmount", "BT-112"),
        prepaid=node.decimal("cbc:PrepaidAmount"),
        rounding=node.decimal("cbc:PayableRoundingAmount"),
        payable=node.amount("cbc:PayableAmount", "BT-115"),
    )


def _line(line: Node) -> Line:
    item = line.one("cac:Item")
    category = item.one("cac:ClassifiedTaxCategory")
    billed = line.one("cbc:InvoicedQuantity")
    billed = billed if billed.exists() else line.one("cbc:CreditedQuantity")
    return Line(
        id=line.text("cbc:ID"),
        name=item.text("cbc:Name"),
        quantity=billed.amount(".", "BT-129"),
        unit=billed.attribute("unitCode"),
        net_price=line.amount("cac:Price/cbc:PriceAmount", "BT-146"),
        net_amount=line.amount("cbc:LineExtensionAmount", "BT-131"),
        category=category.text("cbc:ID"),
        rate=category.decimal("cbc:Percent"),
        description=item.text("cbc:Description"),
        seller_item_id=item.text("cac:SellersItemIdentification/cbc:ID"),
        note=line.text("cbc:Note"),
        period=_period(line),
        allowances=_allowances(line),
    )
