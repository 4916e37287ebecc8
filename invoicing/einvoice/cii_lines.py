"""Writing the invoice lines, in CII (BG-25)."""

from decimal import Decimal

from drafthorse.models.elements import Element
from drafthorse.models.note import IncludedNote
from drafthorse.models.product import ProductCharacteristic, ProductClassification
from drafthorse.models.tradelines import AllowanceCharge as PriceDiscount
from drafthorse.models.tradelines import LineItem

from invoicing.einvoice.cii_elements import set_values
from invoicing.einvoice.cii_settlement import allowance, optional, write_period
from invoicing.einvoice.codes import INVOICED_OBJECT
from invoicing.einvoice.model import Line
from invoicing.einvoice.values import amount, number, text_of


def write_line(line: Line) -> LineItem:
    item = LineItem()
    item.document.line_id = text_of(line.id)
    if note := text_of(line.note):
        item.document.notes.add(IncludedNote(content=note))
    _product(item.product, line)
    set_values(item.agreement.buyer_order, line_id=text_of(line.order_line_reference))
    _price(item.agreement, line)
    item.delivery.billed_quantity = (number(line.quantity), line.unit)
    settlement = item.settlement
    settlement.trade_tax.type_code = "VAT"
    set_values(settlement.trade_tax, category_code=line.category)
    set_values(settlement.trade_tax, rate_applicable_percent=optional(line.rate))
    write_period(settlement, line.period)
    for one in line.allowances:
        settlement.allowance_charge.add(allowance(one))
    settlement.monetary_summation.total_amount = amount(line.net_amount)
    if invoiced := line.invoiced_object:
        reference = settlement.additional_referenced_document
        reference.issuer_assigned_id = text_of(invoiced.value)
        reference.type_code = INVOICED_OBJECT
        set_values(reference, reference_type_code=invoiced.scheme)
    set_values(settlement.accounting_account, id=text_of(line.accounting_reference))
    return item


def _product(product: Element, line: Line) -> None:
    if standard := line.standard_item_id:
        product.global_id = (standard.scheme, text_of(standard.value))
    set_values(
        product,
        seller_assigned_id=text_of(line.seller_item_id),
        buyer_assigned_id=text_of(line.buyer_item_id),
        name=text_of(line.name),
        description=text_of(line.description),
    )
    for attribute in line.attributes:
        product.characteristics.add(
            ProductCharacteristic(
                description=text_of(attribute.name), value=text_of(attribute.value)
            )
        )
    for one in line.classifications:
        code = (one.scheme, one.version, text_of(one.code))
        product.classifications.add(ProductClassification(class_code=code))
    set_values(product.origin, id=line.origin_country)


def _price(agreement: Element, line: Line) -> None:
    gross, net = agreement.gross, agreement.net
    if line.gross_price is not None or line.price_discount is not None:
        # UBL may leave out what the discount is taken from; CII has no discount without it.
        before = line.net_price + (line.price_discount or Decimal(0))
        gross.amount = number(before if line.gross_price is None else line.gross_price)
        if line.price_discount is not None:
            discount = PriceDiscount(indicator=False, actual_amount=number(line.price_discount))
            gross.charge.add(discount)
    net.amount = number(line.net_price)
    if line.base_quantity is not None:
        net.basis_quantity = (number(line.base_quantity), line.base_unit)
