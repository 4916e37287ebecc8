"""Reading the whole of an invoice out of UN/CEFACT CII."""

from itertools import chain

from invoicing.einvoice.codes import INVOICED_OBJECT, SUPPORTING, TENDER
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
    Identifier,
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

_REFERENCE = "ram:AdditionalReferencedDocument"
_COST = "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"  # BT-19, BT-133


def invoice(root: Node) -> EInvoice:
    """The whole invoice out of a CrossIndustryInvoice."""
    document = root.one("rsm:ExchangedDocument")
    trade = root.one("rsm:SupplyChainTradeTransaction")
    agreement = trade.one("ram:ApplicableHeaderTradeAgreement")
    delivery = trade.one("ram:ApplicableHeaderTradeDelivery")
    settlement = trade.one("ram:ApplicableHeaderTradeSettlement")
    address = delivery.one("ram:ShipToTradeParty/ram:PostalTradeAddress")
    terms = settlement.one("ram:SpecifiedTradePaymentTerms")
    return EInvoice(
        number=document.text("ram:ID"),
        issue_date=required(document.wrapped_day("ram:IssueDateTime")),
        type_code=document.text("ram:TypeCode"),
        currency=settlement.text("ram:InvoiceCurrencyCode"),
        tax_currency=settlement.text("ram:TaxCurrencyCode"),
        seller=_seller(agreement.one("ram:SellerTradeParty")),
        buyer=_buyer(agreement.one("ram:BuyerTradeParty")),
        lines=tuple(_line(item) for item in trade.all("ram:IncludedSupplyChainTradeLineItem")),
        vat_breakdown=tuple(_vat(tax) for tax in settlement.all("ram:ApplicableTradeTax")),
        totals=_totals(settlement),
        payment=_payment(settlement),
        due_date=terms.wrapped_day("ram:DueDateDateTime"),
        buyer_reference=agreement.text("ram:BuyerReference"),
        project_reference=agreement.text("ram:SpecifiedProcuringProject/ram:ID"),
        contract_reference=agreement.text("ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        order_reference=agreement.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        sales_order_reference=agreement.text(
            "ram:SellerOrderReferencedDocument/ram:IssuerAssignedID"
        ),
        receiving_reference=delivery.text(
            "ram:ReceivingAdviceReferencedDocument/ram:IssuerAssignedID"
        ),
        despatch_reference=delivery.text(
            "ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID"
        ),
        tender_reference=agreement.text(
            f"{_REFERENCE}[ram:TypeCode='{TENDER}']/ram:IssuerAssignedID"
        ),
        invoiced_object=_invoiced_object(agreement),
        accounting_reference=settlement.text(_COST),
        payment_terms=terms.raw("ram:Description"),
        notes=tuple(_note(node) for node in document.all("ram:IncludedNote")),
        preceding=tuple(
            PrecedingInvoice(
                number=reference.text("ram:IssuerAssignedID"),
                issue_date=reference.wrapped_day("ram:FormattedIssueDateTime"),
            )
            for reference in settlement.all("ram:InvoiceReferencedDocument")
        ),
        delivery_date=delivery.wrapped_day(
            "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"
        ),
        delivery_name=delivery.text("ram:ShipToTradeParty/ram:Name"),
        delivery_location=_identified(delivery.one("ram:ShipToTradeParty")),
        delivery_address=_address(address) if address.exists() else None,
        period=_period(settlement),
        allowances=_allowances(settlement),
        payee=_payee(settlement.one("ram:PayeeTradeParty")),
        tax_representative=_tax_representative(
            agreement.one("ram:SellerTaxRepresentativeTradeParty")
        ),
        attachments=tuple(
            _attachment(node)
            for node in agreement.all(f"{_REFERENCE}[ram:TypeCode='{SUPPORTING}']")
        ),
    )


def _note(node: Node) -> str:
    """A note, its subject (BT-21) before it as UBL writes it."""
    subject, text = node.text("ram:SubjectCode"), node.text("ram:Content")
    return f"#{subject}#{text}" if subject else text


def _attachment(node: Node) -> Attachment:
    embedded = node.one("ram:AttachmentBinaryObject")
    return Attachment(
        reference=node.text("ram:IssuerAssignedID"),
        description=node.text("ram:Name"),
        address=node.text("ram:URIID"),
        **attached(embedded),
    )


def _invoiced_object(node: Node) -> Identifier | None:
    reference = node.one(f"{_REFERENCE}[ram:TypeCode='{INVOICED_OBJECT}']")
    if not reference.exists():
        return None
    return Identifier(
        value=reference.text("ram:IssuerAssignedID"), scheme=reference.text("ram:ReferenceTypeCode")
    )


def _seller(party: Node) -> Seller:
    plain = (Identifier(value=value) for value in party.texts("ram:ID") if value)
    organization = party.one("ram:SpecifiedLegalOrganization")
    return Seller(
        name=party.text("ram:Name"),
        trading_name=organization.text("ram:TradingBusinessName"),
        identifiers=(*plain, *identifiers(party.all("ram:GlobalID"))),
        register_number=organization.text("ram:ID"),
        register_scheme=organization.one("ram:ID").attribute("schemeID"),
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        tax_number=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']"),
        legal_information=party.text("ram:Description"),
        electronic_address=maybe_identifier(party.one("ram:URIUniversalCommunication/ram:URIID")),
        address=_address(party.one("ram:PostalTradeAddress")),
        contact=_contact(party.one("ram:DefinedTradeContact")),
    )


def _buyer(party: Node) -> Buyer:
    organization = party.one("ram:SpecifiedLegalOrganization")
    contact = party.one("ram:DefinedTradeContact")
    return Buyer(
        name=party.text("ram:Name"),
        trading_name=organization.text("ram:TradingBusinessName"),
        identifier=_identified(party),
        register_number=organization.text("ram:ID"),
        register_scheme=organization.one("ram:ID").attribute("schemeID"),
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        electronic_address=maybe_identifier(party.one("ram:URIUniversalCommunication/ram:URIID")),
        address=_address(party.one("ram:PostalTradeAddress")),
        contact=_contact(contact) if contact.exists() else None,
    )


def _payee(party: Node) -> Payee | None:
    if not party.exists():
        return None
    company = party.one("ram:SpecifiedLegalOrganization/ram:ID")
    return Payee(
        name=party.text("ram:Name"),
        identifier=_identified(party),
        register_number=company.text("."),
        register_scheme=company.attribute("schemeID"),
    )


def _tax_representative(party: Node) -> TaxRepresentative | None:
    if not party.exists():
        return None
    return TaxRepresentative(
        name=party.text("ram:Name"),
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        address=_address(party.one("ram:PostalTradeAddress")),
    )


def _identified(party: Node) -> Identifier | None:
    return next(iter(identifiers(chain(party.all("ram:GlobalID"), party.all("ram:ID")))), None)


def _contact(node: Node) -> Contact:
    return Contact(
        name=node.text("ram:PersonName"),
        phone=node.text("ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        email=node.text("ram:EmailURIUniversalCommunication/ram:URIID"),
    )


def _address(node: Node) -> Address:
    return Address(
        street=node.text("ram:LineOne"),
        additional=node.text("ram:LineTwo"),
        third_line=node.text("ram:LineThree"),
        post_code=node.text("ram:PostcodeCode"),
        city=node.text("ram:CityName"),
        subdivision=node.text("ram:CountrySubDivisionName"),
        country=node.text("ram:CountryID"),
    )


def _period(settlement: Node) -> Period | None:
    node = settlement.one("ram:BillingSpecifiedPeriod")
    if not node.exists():
        return None
    return Period(
        start=node.wrapped_day("ram:StartDateTime"), end=node.wrapped_day("ram:EndDateTime")
    )


def _payment(settlement: Node) -> PaymentInstructions:
    groups = list(settlement.all("ram:SpecifiedTradeSettlementPaymentMeans"))
    means = groups[0] if groups else Node(None)
    accounts = [_account(group) for group in groups]
    first = accounts[0] if accounts else Account()
    card = means.one("ram:ApplicableTradeSettlementFinancialCard")
    return PaymentInstructions(
        means_code=means.text("ram:TypeCode"),
        means_text=means.text("ram:Information"),
        remittance=settlement.text("ram:PaymentReference"),
        account_name=first.name,
        iban=first.iban,
        bic=first.bic,
        further_accounts=tuple(accounts[1:]),
        card_number=card.text("ram:ID"),
        card_holder=card.text("ram:CardholderName"),
        mandate_reference=settlement.text(
            "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID"
        ),
        creditor_id=settlement.text("ram:CreditorReferenceID"),
        debited_iban=means.text("ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
    )


def _account(means: Node) -> Account:
    account = means.one("ram:PayeePartyCreditorFinancialAccount")
    return Account(
        iban=account.text("ram:IBANID") or account.text("ram:ProprietaryID"),
        name=account.text("ram:AccountName"),
        bic=means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    )


def _vat(tax: Node) -> VatBreakdown:
    return VatBreakdown(
        category=tax.text("ram:CategoryCode"),
        rate=tax.decimal("ram:RateApplicablePercent"),
        taxable_amount=tax.amount("ram:BasisAmount", "BT-116"),
        tax_amount=tax.amount("ram:CalculatedAmount", "BT-117"),
        reason=tax.text("ram:ExemptionReason"),
        reason_code=tax.text("ram:ExemptionReasonCode"),
    )


def _allowances(settlement: Node) -> tuple[AllowanceCharge, ...]:
    return tuple(
        AllowanceCharge(
            charge=node.flag("ram:ChargeIndicator/udt:Indicator"),
            amount=node.amount("ram:ActualAmount", "Betrag eines Nachlasses oder Zuschlags"),
            base=node.decimal("ram:BasisAmount"),
            percent=node.decimal("ram:CalculationPercent"),
            reason=node.text("ram:Reason"),
            reason_code=node.text("ram:ReasonCode"),
            category=node.text("ram:CategoryTradeTax/ram:CategoryCode"),
            rate=node.decimal("ram:CategoryTradeTax/ram:RateApplicablePercent"),
        )
        for node in settlement.all("ram:SpecifiedTradeAllowanceCharge")
    )


def _totals(settlement: Node) -> Totals:
    node = settlement.one("ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    tax_total, accounted = taxes_of(
        node.all("ram:TaxTotalAmount"),
        settlement.text("ram:InvoiceCurrencyCode"),
        settlement.text("ram:TaxCurrencyCode"),
    )
    return Totals(
        line_total=node.amount("ram:LineTotalAmount", "BT-106"),
        allowance_total=node.decimal("ram:AllowanceTotalAmount"),
        charge_total=node.decimal("ram:ChargeTotalAmount"),
        tax_exclusive=node.amount("ram:TaxBasisTotalAmount", "BT-109"),
        tax_total=tax_total,
        tax_total_accounting=accounted,
        tax_inclusive=node.amount("ram:GrandTotalAmount", "BT-112"),
        prepaid=node.decimal("ram:TotalPrepaidAmount"),
        rounding=node.decimal("ram:RoundingAmount"),
        payable=node.amount("ram:DuePayableAmount", "BT-115"),
    )


def _line(item: Node) -> Line:
    settlement = item.one("ram:SpecifiedLineTradeSettlement")
    agreement = item.one("ram:SpecifiedLineTradeAgreement")
    product = item.one("ram:SpecifiedTradeProduct")
    tax = settlement.one("ram:ApplicableTradeTax")
    billed = item.one("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    gross = agreement.one("ram:GrossPriceProductTradePrice")
    net = agreement.one("ram:NetPriceProductTradePrice")
    total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return Line(
        id=item.text("ram:AssociatedDocumentLineDocument/ram:LineID"),
        name=product.text("ram:Name"),
        quantity=billed.amount(".", "BT-129"),
        unit=billed.attribute("unitCode"),
        net_price=net.amount("ram:ChargeAmount", "BT-146"),
        net_amount=settlement.amount(total, "BT-131"),
        category=tax.text("ram:CategoryCode"),
        rate=tax.decimal("ram:RateApplicablePercent"),
        description=product.text("ram:Description"),
        seller_item_id=product.text("ram:SellerAssignedID"),
        buyer_item_id=product.text("ram:BuyerAssignedID"),
        standard_item_id=maybe_identifier(product.one("ram:GlobalID")),
        classifications=_classifications(product),
        origin_country=product.text("ram:OriginTradeCountry/ram:ID"),
        attributes=tuple(
            Attribute(name=one.text("ram:Description"), value=one.text("ram:Value"))
            for one in product.all("ram:ApplicableProductCharacteristic")
        ),
        note=item.text("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
        invoiced_object=_invoiced_object(settlement),
        order_line_reference=agreement.text("ram:BuyerOrderReferencedDocument/ram:LineID"),
        accounting_reference=settlement.text(_COST),
        period=_period(settlement),
        allowances=_allowances(settlement),
        gross_price=gross.decimal("ram:ChargeAmount"),
        price_discount=gross.decimal("ram:AppliedTradeAllowanceCharge/ram:ActualAmount") or None,
        base_quantity=net.decimal("ram:BasisQuantity"),
        base_unit=net.one("ram:BasisQuantity").attribute("unitCode"),
    )


def _classifications(product: Node) -> tuple[Classification, ...]:
    return tuple(
        Classification(
            code=one.text("."),
            scheme=one.attribute("listID"),
            version=one.attribute("listVersionID"),
        )
        for one in product.all("ram:DesignatedProductClassification/ram:ClassCode")
    )
