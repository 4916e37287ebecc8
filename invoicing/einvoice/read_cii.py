"""Reading the whole of an invoice out of UN/CEFACT CII."""

from itertools import chain

from invoicing.einvoice.model import (
    Address,
    AllowanceCharge,
    Attachment,
    Buyer,
    Contact,
    EInvoice,
    Identifier,
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
        despatch_reference=delivery.text(
            "ram:DespatchAdviceReferencedDocument/ram:IssuerAssignedID"
        ),
        accounting_reference=settlement.text(
            "ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID"
        ),
        payment_terms=terms.raw("ram:Description"),
        notes=document.texts("ram:IncludedNote/ram:Content"),
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
        delivery_address=_address(address) if address.exists() else None,
        period=_period(settlement),
        allowances=_allowances(settlement),
        payee=_payee(settlement.one("ram:PayeeTradeParty")),
        attachments=tuple(
            _attachment(reference)
            for reference in agreement.all("ram:AdditionalReferencedDocument[ram:TypeCode='916']")
        ),
    )


def _payee(party: Node) -> Payee | None:
    if not party.exists():
        return None
    number = next(chain(party.all("ram:GlobalID"), party.all("ram:ID")), None)
    return Payee(
        name=party.text("ram:Name"),
        identifier=identifier(number) if number else None,
        register_number=party.text("ram:SpecifiedLegalOrganization/ram:ID"),
    )


def _attachment(reference: Node) -> Attachment:
    content = reference.one("ram:AttachmentBinaryObject")
    return Attachment(
        reference=reference.text("ram:IssuerAssignedID"),
        description=reference.text("ram:Name"),
        address=reference.text("ram:URIID"),
        filename=content.attribute("filename"),
        media_type=content.attribute("mimeCode"),
        data=content.binary(),
    )


def _seller(party: Node) -> Seller:
    plain = (Identifier(value=value) for value in party.texts("ram:ID"))
    identifiers = (*plain, *(identifier(node) for node in party.all("ram:GlobalID")))
    address = party.one("ram:URIUniversalCommunication/ram:URIID")
    return Seller(
        name=party.text("ram:Name"),
        trading_name=party.text("ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        identifiers=identifiers,
        register_number=party.text("ram:SpecifiedLegalOrganization/ram:ID"),
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        tax_number=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']"),
        legal_information=party.text("ram:Description"),
        electronic_address=identifier(address) if address.exists() else None,
        address=_address(party.one("ram:PostalTradeAddress")),
        contact=_contact(party.one("ram:DefinedTradeContact")),
    )


def _buyer(party: Node) -> Buyer:
    number = next(chain(party.all("ram:GlobalID"), party.all("ram:ID")), None)
    address = party.one("ram:URIUniversalCommunication/ram:URIID")
    contact = party.one("ram:DefinedTradeContact")
    return Buyer(
        name=party.text("ram:Name"),
        identifier=identifier(number) if number else None,
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        electronic_address=identifier(address) if address.exists() else None,
        address=_address(party.one("ram:PostalTradeAddress")),
        contact=_contact(contact) if contact.exists() else None,
    )


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
        post_code=node.text("ram:PostcodeCode"),
        city=node.text("ram:CityName"),
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
    means = settlement.one("ram:SpecifiedTradeSettlementPaymentMeans")
    account = means.one("ram:PayeePartyCreditorFinancialAccount")
    return PaymentInstructions(
        means_code=means.text("ram:TypeCode"),
        remittance=settlement.text("ram:PaymentReference"),
        account_name=account.text("ram:AccountName"),
        iban=account.text("ram:IBANID") or account.text("ram:ProprietaryID"),
        bic=means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
        card_number=means.text("ram:ApplicableTradeSettlementFinancialCard/ram:ID"),
        card_holder=means.text("ram:ApplicableTradeSettlementFinancialCard/ram:CardholderName"),
        mandate_reference=settlement.text(
            "ram:SpecifiedTradePaymentTerms/ram:DirectDebitMandateID"
        ),
        creditor_id=settlement.text("ram:CreditorReferenceID"),
        debited_iban=means.text("ram:PayerPartyDebtorFinancialAccount/ram:IBANID"),
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
    tax = settlement.one("ram:ApplicableTradeTax")
    billed = item.one("ram:SpecifiedLineTradeDelivery/ram:BilledQuantity")
    price = "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount"
    total = "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount"
    return Line(
        id=item.text("ram:AssociatedDocumentLineDocument/ram:LineID"),
        name=item.text("ram:SpecifiedTradeProduct/ram:Name"),
        quantity=billed.amount(".", "BT-129"),
        unit=billed.attribute("unitCode"),
        net_price=item.amount(price, "BT-146"),
        net_amount=settlement.amount(total, "BT-131"),
        category=tax.text("ram:CategoryCode"),
        rate=tax.decimal("ram:RateApplicablePercent"),
        description=item.text("ram:SpecifiedTradeProduct/ram:Description"),
        seller_item_id=item.text("ram:SpecifiedTradeProduct/ram:SellerAssignedID"),
        note=item.text("ram:AssociatedDocumentLineDocument/ram:IncludedNote/ram:Content"),
        period=_period(settlement),
        allowances=_allowances(settlement),
    )
