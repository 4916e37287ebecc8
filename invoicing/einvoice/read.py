"""Reading an e-invoice from XML: the head of any, the whole of a CII.

`read(write(invoice)) == invoice` for everything that the model can say. A foreign invoice may say
more than the model (attachments, card payments, item attributes): that stays in the archived file.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain

from lxml import etree

from invoicing.einvoice.header import Header, read_date, read_decimal, read_header
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
from invoicing.einvoice.parse import CII, NAMESPACES, Unreadable, parse


def header(data: bytes) -> Header:
    """Number, date, type, guideline and amounts of a CII or UBL invoice; raises `Unreadable`."""
    return read_header(parse(data))


def read(data: bytes) -> EInvoice:
    """The whole invoice out of CII; raises `Unreadable`, also where an amount is missing."""
    parsed = parse(data)
    if parsed.syntax != CII:
        raise Unreadable(
            "FORMAT-SYNTAX", "Diese Rechnung liegt in UBL vor; vollständig gelesen wird nur CII."
        )
    return _invoice(_Node(parsed.root))


class _Node:
    """An element, asked by path. A missing element answers with empty values."""

    def __init__(self, element: etree._Element | None) -> None:
        self.element = element

    def one(self, path: str) -> "_Node":
        return next(self.all(path), _Node(None))

    def all(self, path: str) -> Iterator["_Node"]:
        if self.element is not None:
            for element in self.element.iterfind(path, NAMESPACES):
                yield _Node(element)

    def raw(self, path: str) -> str:
        """The text with its white space: BT-20 ends with a line end."""
        element = self.one(path).element
        return "" if element is None else element.text or ""

    def text(self, path: str) -> str:
        return self.raw(path).strip()

    def texts(self, path: str) -> tuple[str, ...]:
        return tuple(node.text(".") for node in self.all(path))

    def decimal(self, path: str) -> Decimal | None:
        return read_decimal(self.text(path))

    def amount(self, path: str, term: str) -> Decimal:
        """A mandatory number."""
        value = self.decimal(path)
        if value is None:
            raise Unreadable("FORMAT-VALUE", f"In der Rechnung fehlt eine lesbare Zahl ({term}).")
        return value

    def date(self, path: str) -> date | None:
        text = self.text(f"{path}/udt:DateTimeString") or self.text(f"{path}/qdt:DateTimeString")
        return read_date(text)

    def attribute(self, name: str) -> str:
        return "" if self.element is None else self.element.get(name, "")

    def exists(self) -> bool:
        return self.element is not None


def _invoice(root: _Node) -> EInvoice:
    document = root.one("rsm:ExchangedDocument")
    trade = root.one("rsm:SupplyChainTradeTransaction")
    agreement = trade.one("ram:ApplicableHeaderTradeAgreement")
    delivery = trade.one("ram:ApplicableHeaderTradeDelivery")
    settlement = trade.one("ram:ApplicableHeaderTradeSettlement")
    issued = document.date("ram:IssueDateTime")
    if issued is None:
        raise Unreadable("FORMAT-VALUE", "In der Rechnung fehlt ein lesbares Datum (BT-2).")
    address = delivery.one("ram:ShipToTradeParty/ram:PostalTradeAddress")
    terms = settlement.one("ram:SpecifiedTradePaymentTerms")
    return EInvoice(
        number=document.text("ram:ID"),
        issue_date=issued,
        type_code=document.text("ram:TypeCode"),
        currency=settlement.text("ram:InvoiceCurrencyCode"),
        tax_currency=settlement.text("ram:TaxCurrencyCode"),
        seller=_seller(agreement.one("ram:SellerTradeParty")),
        buyer=_buyer(agreement.one("ram:BuyerTradeParty")),
        lines=tuple(_line(item) for item in trade.all("ram:IncludedSupplyChainTradeLineItem")),
        vat_breakdown=tuple(_vat(tax) for tax in settlement.all("ram:ApplicableTradeTax")),
        totals=_totals(settlement),
        payment=_payment(settlement),
        due_date=terms.date("ram:DueDateDateTime"),
        buyer_reference=agreement.text("ram:BuyerReference"),
        project_reference=agreement.text("ram:SpecifiedProcuringProject/ram:ID"),
        contract_reference=agreement.text("ram:ContractReferencedDocument/ram:IssuerAssignedID"),
        order_reference=agreement.text("ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID"),
        payment_terms=terms.raw("ram:Description"),
        notes=document.texts("ram:IncludedNote/ram:Content"),
        preceding=tuple(
            PrecedingInvoice(
                number=reference.text("ram:IssuerAssignedID"),
                issue_date=reference.date("ram:FormattedIssueDateTime"),
            )
            for reference in settlement.all("ram:InvoiceReferencedDocument")
        ),
        delivery_date=delivery.date("ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime"),
        delivery_name=delivery.text("ram:ShipToTradeParty/ram:Name"),
        delivery_address=_address(address) if address.exists() else None,
        period=_period(settlement),
        allowances=_allowances(settlement),
    )


def _seller(party: _Node) -> Seller:
    plain = (Identifier(value=value) for value in party.texts("ram:ID"))
    identifiers = (*plain, *(_identifier(node) for node in party.all("ram:GlobalID")))
    address = party.one("ram:URIUniversalCommunication/ram:URIID")
    return Seller(
        name=party.text("ram:Name"),
        trading_name=party.text("ram:SpecifiedLegalOrganization/ram:TradingBusinessName"),
        identifiers=identifiers,
        register_number=party.text("ram:SpecifiedLegalOrganization/ram:ID"),
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        tax_number=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='FC']"),
        legal_information=party.text("ram:Description"),
        electronic_address=_identifier(address) if address.exists() else None,
        address=_address(party.one("ram:PostalTradeAddress")),
        contact=_contact(party.one("ram:DefinedTradeContact")),
    )


def _buyer(party: _Node) -> Buyer:
    identifier = next(chain(party.all("ram:GlobalID"), party.all("ram:ID")), None)
    address = party.one("ram:URIUniversalCommunication/ram:URIID")
    contact = party.one("ram:DefinedTradeContact")
    return Buyer(
        name=party.text("ram:Name"),
        identifier=_identifier(identifier) if identifier else None,
        vat_id=party.text("ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']"),
        electronic_address=_identifier(address) if address.exists() else None,
        address=_address(party.one("ram:PostalTradeAddress")),
        contact=_contact(contact) if contact.exists() else None,
    )


def _identifier(node: _Node) -> Identifier:
    return Identifier(value=node.text("."), scheme=node.attribute("schemeID"))


def _contact(node: _Node) -> Contact:
    return Contact(
        name=node.text("ram:PersonName"),
        phone=node.text("ram:TelephoneUniversalCommunication/ram:CompleteNumber"),
        email=node.text("ram:EmailURIUniversalCommunication/ram:URIID"),
    )


def _address(node: _Node) -> Address:
    return Address(
        street=node.text("ram:LineOne"),
        additional=node.text("ram:LineTwo"),
        post_code=node.text("ram:PostcodeCode"),
        city=node.text("ram:CityName"),
        country=node.text("ram:CountryID"),
    )


def _period(settlement: _Node) -> Period | None:
    node = settlement.one("ram:BillingSpecifiedPeriod")
    if not node.exists():
        return None
    return Period(start=node.date("ram:StartDateTime"), end=node.date("ram:EndDateTime"))


def _payment(settlement: _Node) -> PaymentInstructions:
    means = settlement.one("ram:SpecifiedTradeSettlementPaymentMeans")
    account = means.one("ram:PayeePartyCreditorFinancialAccount")
    return PaymentInstructions(
        means_code=means.text("ram:TypeCode"),
        remittance=settlement.text("ram:PaymentReference"),
        account_name=account.text("ram:AccountName"),
        iban=account.text("ram:IBANID") or account.text("ram:ProprietaryID"),
        bic=means.text("ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID"),
    )


def _vat(tax: _Node) -> VatBreakdown:
    return VatBreakdown(
        category=tax.text("ram:CategoryCode"),
        rate=tax.decimal("ram:RateApplicablePercent"),
        taxable_amount=tax.amount("ram:BasisAmount", "BT-116"),
        tax_amount=tax.amount("ram:CalculatedAmount", "BT-117"),
        reason=tax.text("ram:ExemptionReason"),
        reason_code=tax.text("ram:ExemptionReasonCode"),
    )


def _allowances(settlement: _Node) -> tuple[AllowanceCharge, ...]:
    return tuple(
        AllowanceCharge(
            charge=node.text("ram:ChargeIndicator/udt:Indicator") == "true",
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


def _totals(settlement: _Node) -> Totals:
    node = settlement.one("ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    accounting = settlement.text("ram:TaxCurrencyCode")
    taxes = {
        tax.attribute("currencyID"): tax.decimal(".") for tax in node.all("ram:TaxTotalAmount")
    }
    in_accounting_currency = taxes.pop(accounting, None) if accounting else None
    return Totals(
        line_total=node.amount("ram:LineTotalAmount", "BT-106"),
        allowance_total=node.decimal("ram:AllowanceTotalAmount"),
        charge_total=node.decimal("ram:ChargeTotalAmount"),
        tax_exclusive=node.amount("ram:TaxBasisTotalAmount", "BT-109"),
        tax_total=next(iter(taxes.values()), None) or Decimal(0),
        tax_total_accounting=in_accounting_currency,
        tax_inclusive=node.amount("ram:GrandTotalAmount", "BT-112"),
        prepaid=node.decimal("ram:TotalPrepaidAmount"),
        rounding=node.decimal("ram:RoundingAmount"),
        payable=node.amount("ram:DuePayableAmount", "BT-115"),
    )


def _line(item: _Node) -> Line:
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
