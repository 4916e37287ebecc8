"""Reading the whole of an invoice out of UBL: an Invoice or a CreditNote."""

from itertools import chain

from invoicing.einvoice.codes import INVOICED_OBJECT
from invoicing.einvoice.model import (
    Account,
    Address,
    AllowanceCharge,
    Attachment,
    Attribute,
    Buyer,
    Classification,
    Contact,
    EInvoice,
    Line,
    Payee,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
    Seller,
    TaxRepresentative,
    Totals,
    VatBreakdown,
)
from invoicing.einvoice.node import (
    Node,
    attached,
    identifiers,
    maybe_identifier,
    required,
    taxes_of,
)
from invoicing.einvoice.ubl import NO_ORDER
from invoicing.einvoice.ubl_parties import SEPA

_OBJECT = f"[cbc:DocumentTypeCode='{INVOICED_OBJECT}']/cbc:ID"  # BT-18, BT-128
_CREDITOR_OF_PAYEE = f"cac:PayeeParty/cac:PartyIdentification/cbc:ID[@schemeID='{SEPA}']"
_CREDITOR = (
    f"cac:AccountingSupplierParty/cac:Party/cac:PartyIdentification/cbc:ID[@schemeID='{SEPA}']"
)
# References that are something else: a project in a CreditNote, an object (BT-18).
NO_ATTACHMENT = frozenset({"50", INVOICED_OBJECT})
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
        order_reference=_order(root),
        sales_order_reference=root.text("cac:OrderReference/cbc:SalesOrderID"),
        receiving_reference=root.text("cac:ReceiptDocumentReference/cbc:ID"),
        despatch_reference=root.text("cac:DespatchDocumentReference/cbc:ID"),
        tender_reference=root.text("cac:OriginatorDocumentReference/cbc:ID"),
        invoiced_object=maybe_identifier(root.one(f"cac:AdditionalDocumentReference{_OBJECT}")),
        accounting_reference=root.text("cbc:AccountingCost"),
        payment_terms=root.raw("cac:PaymentTerms/cbc:Note"),
        notes=root.texts("cbc:Note"),
        preceding=tuple(
            PrecedingInvoice(number=one.text("cbc:ID"), issue_date=one.day("cbc:IssueDate"))
            for one in root.all("cac:BillingReference/cac:InvoiceDocumentReference")
        ),
        delivery_date=delivery.day("cbc:ActualDeliveryDate"),
        delivery_name=delivery.text("cac:DeliveryParty/cac:PartyName/cbc:Name"),
        delivery_location=maybe_identifier(delivery.one("cac:DeliveryLocation/cbc:ID")),
        delivery_address=_address(address) if address.exists() else None,
        period=_period(root),
        allowances=_allowances(root),
        payee=_payee(root.one("cac:PayeeParty")),
        tax_representative=_tax_representative(root.one("cac:TaxRepresentativeParty")),
        attachments=tuple(
            _attachment(one)
            for one in root.all("cac:AdditionalDocumentReference")
            if one.text("cbc:DocumentTypeCode") not in NO_ATTACHMENT
        ),
    )


def _order(root: Node) -> str:
    """BT-13; beside a sales order its place is filled where no order is known."""
    order = root.one("cac:OrderReference")
    number = order.text("cbc:ID")
    return "" if number == NO_ORDER and order.text("cbc:SalesOrderID") else number


def _attachment(node: Node) -> Attachment:
    embedded = node.one("cac:Attachment/cbc:EmbeddedDocumentBinaryObject")
    return Attachment(
        reference=node.text("cbc:ID"),
        description=node.text("cbc:DocumentDescription"),
        address=node.text("cac:Attachment/cac:ExternalReference/cbc:URI"),
        **attached(embedded),
    )


def _seller(party: Node) -> Seller:
    numbers = identifiers(party.all("cac:PartyIdentification/cbc:ID"))
    entity = party.one("cac:PartyLegalEntity")
    return Seller(
        name=entity.text("cbc:RegistrationName"),
        trading_name=party.text("cac:PartyName/cbc:Name"),
        identifiers=tuple(number for number in numbers if number.scheme != SEPA),
        register_number=entity.text("cbc:CompanyID"),
        register_scheme=entity.one("cbc:CompanyID").attribute("schemeID"),
        vat_id=_vat_id(party),
        tax_number=_tax_number(party),
        legal_information=entity.text("cbc:CompanyLegalForm"),
        electronic_address=maybe_identifier(party.one("cbc:EndpointID")),
        address=_address(party.one("cac:PostalAddress")),
        contact=_contact(party.one("cac:Contact")),
    )


def _buyer(party: Node) -> Buyer:
    entity = party.one("cac:PartyLegalEntity")
    contact = party.one("cac:Contact")
    return Buyer(
        name=entity.text("cbc:RegistrationName"),
        trading_name=party.text("cac:PartyName/cbc:Name"),
        identifier=maybe_identifier(party.one("cac:PartyIdentification/cbc:ID")),
        register_number=entity.text("cbc:CompanyID"),
        register_scheme=entity.one("cbc:CompanyID").attribute("schemeID"),
        vat_id=_vat_id(party),
        electronic_address=maybe_identifier(party.one("cbc:EndpointID")),
        address=_address(party.one("cac:PostalAddress")),
        contact=_contact(contact) if contact.exists() else None,
    )


def _payee(party: Node) -> Payee | None:
    if not party.exists():
        return None
    numbers = identifiers(party.all("cac:PartyIdentification/cbc:ID"))
    company = party.one("cac:PartyLegalEntity/cbc:CompanyID")
    return Payee(
        name=party.text("cac:PartyName/cbc:Name"),
        identifier=next((number for number in numbers if number.scheme != SEPA), None),
        register_number=company.text("."),
        register_scheme=company.attribute("schemeID"),
    )


def _tax_representative(party: Node) -> TaxRepresentative | None:
    if not party.exists():
        return None
    return TaxRepresentative(
        name=party.text("cac:PartyName/cbc:Name"),
        vat_id=_vat_id(party),
        address=_address(party.one("cac:PostalAddress")),
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
        third_line=node.text("cac:AddressLine/cbc:Line"),
        post_code=node.text("cbc:PostalZone"),
        city=node.text("cbc:CityName"),
        subdivision=node.text("cbc:CountrySubentity"),
        country=node.text("cac:Country/cbc:IdentificationCode"),
    )


def _period(node: Node) -> Period | None:
    """A period with a day; UBL also keeps the code of the tax point (BT-8) in this group."""
    start = node.day("cac:InvoicePeriod/cbc:StartDate")
    end = node.day("cac:InvoicePeriod/cbc:EndDate")
    return Period(start=start, end=end) if start or end else None


def _payment(root: Node) -> PaymentInstructions:
    groups = list(root.all("cac:PaymentMeans"))
    means = groups[0] if groups else Node(None)
    accounts = [_account(group) for group in groups]
    first = accounts[0] if accounts else Account()
    card = means.one("cac:CardAccount")
    return PaymentInstructions(
        means_code=means.text("cbc:PaymentMeansCode"),
        means_text=means.one("cbc:PaymentMeansCode").attribute("name").strip(),
        remittance=means.text("cbc:PaymentID"),
        account_name=first.name,
        iban=first.iban,
        bic=first.bic,
        further_accounts=tuple(accounts[1:]),
        card_number=card.text("cbc:PrimaryAccountNumberID"),
        card_holder=card.text("cbc:HolderName"),
        mandate_reference=means.text("cac:PaymentMandate/cbc:ID"),
        creditor_id=root.text(_CREDITOR) or root.text(_CREDITOR_OF_PAYEE),
        debited_iban=means.text("cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID"),
    )


def _account(means: Node) -> Account:
    account = means.one("cac:PayeeFinancialAccount")
    return Account(
        iban=account.text("cbc:ID"),
        name=account.text("cbc:Name"),
        bic=account.text("cac:FinancialInstitutionBranch/cbc:ID"),
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
    category, price = item.one("cac:ClassifiedTaxCategory"), line.one("cac:Price")
    billed = line.one("cbc:InvoicedQuantity")
    billed = billed if billed.exists() else line.one("cbc:CreditedQuantity")
    return Line(
        id=line.text("cbc:ID"),
        name=item.text("cbc:Name"),
        quantity=billed.amount(".", "BT-129"),
        unit=billed.attribute("unitCode"),
        net_price=price.amount("cbc:PriceAmount", "BT-146"),
        net_amount=line.amount("cbc:LineExtensionAmount", "BT-131"),
        category=category.text("cbc:ID"),
        rate=category.decimal("cbc:Percent"),
        description=item.text("cbc:Description"),
        seller_item_id=item.text("cac:SellersItemIdentification/cbc:ID"),
        buyer_item_id=item.text("cac:BuyersItemIdentification/cbc:ID"),
        standard_item_id=maybe_identifier(item.one("cac:StandardItemIdentification/cbc:ID")),
        classifications=tuple(
            Classification(
                code=one.text("."),
                scheme=one.attribute("listID"),
                version=one.attribute("listVersionID"),
            )
            for one in item.all("cac:CommodityClassification/cbc:ItemClassificationCode")
        ),
        origin_country=item.text("cac:OriginCountry/cbc:IdentificationCode"),
        attributes=tuple(
            Attribute(name=one.text("cbc:Name"), value=one.text("cbc:Value"))
            for one in item.all("cac:AdditionalItemProperty")
        ),
        note=line.text("cbc:Note"),
        period=_period(line),
        allowances=_allowances(line),
        invoiced_object=maybe_identifier(line.one(f"cac:DocumentReference{_OBJECT}")),
        order_line_reference=line.text("cac:OrderLineReference/cbc:LineID"),
        accounting_reference=line.text("cbc:AccountingCost"),
        gross_price=price.decimal("cac:AllowanceCharge/cbc:BaseAmount"),
        price_discount=price.decimal("cac:AllowanceCharge/cbc:Amount") or None,
        base_quantity=price.decimal("cbc:BaseQuantity"),
        base_unit=price.one("cbc:BaseQuantity").attribute("unitCode"),
    )
