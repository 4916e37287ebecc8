"""Any e-invoice that the model can say, with amounts that obey the rules of the totals."""

import dataclasses
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

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
from invoicing.einvoice.values import clean
from invoicing.totals import LineInput, compute

texts = st.text(max_size=12).map(lambda text: clean(text).strip())
words = texts.filter(bool)
terms = st.text(max_size=12).map(clean).map(lambda text: text if text.strip() else "")
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
maybe_days = st.none() | days
cents = st.decimals(min_value=-99999, max_value=99999, places=2)
maybe_cents = st.none() | cents
percents = st.decimals(min_value=0, max_value=100, places=2)
countries = st.sampled_from(["DE", "AT", "CH", "US", ""])
categories = st.sampled_from(
    [("S", Decimal(19)), ("S", Decimal("7.00")), ("E", Decimal(0)), ("AE", Decimal(0))]
)

plain_numbers = st.builds(Identifier, value=words)
global_numbers = st.builds(
    Identifier, value=words, scheme=st.sampled_from(["0088", "0060", "0204", "EM"])
)
contacts = st.builds(Contact, name=texts, phone=texts, email=texts)
named_contacts = st.builds(Contact, name=words, phone=texts, email=texts)
addresses = st.builds(
    Address,
    street=texts,
    additional=texts,
    third_line=texts,
    post_code=texts,
    city=texts,
    subdivision=texts,
    country=countries,
)
named_addresses = st.builds(
    Address,
    street=texts,
    third_line=texts,
    post_code=texts,
    city=words,
    subdivision=texts,
    country=countries,
)
registers = st.sampled_from([("", ""), ("HRB 1", ""), ("HRB 2", "0204"), ("4", "0088")]).map(
    lambda both: {"register_number": both[0], "register_scheme": both[1]}
)
periods = st.builds(Period, start=days, end=maybe_days) | st.builds(
    Period, start=maybe_days, end=days
)
maybe_identifiers = st.none() | plain_numbers | global_numbers
sellers = st.builds(
    lambda register, **values: Seller(**register, **values),
    register=registers,
    name=words,
    trading_name=texts,
    identifiers=st.tuples(
        st.lists(plain_numbers, max_size=2), st.lists(global_numbers, max_size=2)
    ).map(lambda both: (*both[0], *both[1])),
    vat_id=texts,
    tax_number=texts,
    legal_information=texts,
    electronic_address=st.none() | global_numbers,
    address=addresses,
    contact=contacts,
)
buyers = st.builds(
    lambda register, **values: Buyer(**register, **values),
    register=registers,
    name=words,
    trading_name=texts,
    identifier=maybe_identifiers,
    vat_id=texts,
    electronic_address=st.none() | global_numbers,
    address=addresses,
    contact=st.none() | named_contacts,
)
payees = st.builds(
    lambda register, **values: Payee(**register, **values),
    register=registers,
    name=words,
    identifier=maybe_identifiers,
)
representatives = st.builds(TaxRepresentative, name=words, vat_id=texts, address=addresses)
payments = st.builds(
    PaymentInstructions,
    means_code=st.sampled_from(["58", "30", "59", "48", "57", "10"]),
    means_text=texts,
    remittance=texts,
    account_name=texts,
    iban=texts,
    bic=texts,
    further_accounts=st.lists(
        st.builds(Account, iban=words, name=texts, bic=texts), max_size=2
    ).map(tuple),
    mandate_reference=texts,
    creditor_id=texts,
    debited_iban=texts,
    card_number=words,
    card_holder=texts,
)
files = st.builds(
    Attachment,
    reference=words,
    description=texts,
    data=st.binary(min_size=1, max_size=40),
    media_type=st.sampled_from(["application/pdf", "image/png", "text/csv"]),
    filename=words,
)
links = st.builds(Attachment, reference=words, description=texts, address=texts)
notes = words | words.map("#AAI#{}".format)
maybe_objects = st.none() | st.builds(
    Identifier, value=words, scheme=st.sampled_from(["", "AAB", "ABT"])
)
prices = st.decimals(min_value=0, max_value=9999, places=4)
price_bases = st.sampled_from([{}, {"base_quantity": Decimal("10.5"), "base_unit": "HUR"}])
gross_prices = st.just({}) | st.builds(
    dict, gross_price=prices, price_discount=st.none() | prices.filter(bool)
)


def _line_details() -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "description": texts,
            "seller_item_id": texts,
            "buyer_item_id": texts,
            "standard_item_id": st.none() | global_numbers,
            "classifications": st.lists(
                st.builds(
                    Classification,
                    code=words,
                    scheme=st.sampled_from(["STI", "SRV"]),
                    version=texts,
                ),
                max_size=2,
            ).map(tuple),
            "origin_country": countries,
            "attributes": st.lists(st.builds(Attribute, name=words, value=words), max_size=2).map(
                tuple
            ),
            "note": texts,
            "invoiced_object": maybe_objects,
            "order_line_reference": texts,
            "accounting_reference": texts,
            "period": st.none() | periods,
            "allowances": st.lists(allowances(of_document=False), max_size=2).map(tuple),
        }
    )


@st.composite
def allowances(draw: st.DrawFn, *, of_document: bool) -> AllowanceCharge:
    category, rate = draw(categories) if of_document else ("", None)
    return AllowanceCharge(
        charge=draw(st.booleans()),
        amount=draw(cents),
        base=draw(maybe_cents),
        percent=draw(st.none() | percents),
        reason=draw(texts),
        reason_code=draw(st.sampled_from(["", "95", "100"])),
        category=category,
        rate=rate,
    )


def _inputs() -> st.SearchStrategy[LineInput]:
    return st.builds(
        lambda category, **values: LineInput(category=category[0], rate=category[1], **values),
        category=categories,
        quantity=st.decimals(min_value=-999, max_value=999, places=4),
        unit_price=st.decimals(min_value=0, max_value=9999, places=8),
        discount_percent=percents,
    )


@st.composite
def einvoices(draw: st.DrawFn) -> EInvoice:
    inputs = draw(st.lists(_inputs(), min_size=1, max_size=3))
    computed = compute(inputs)
    tax_currency = draw(st.sampled_from(["", "EUR"]))
    currency = draw(st.sampled_from(["USD", "CHF"] if tax_currency else ["EUR", "USD"]))
    lines = tuple(
        Line(
            id=str(number),
            name=draw(words),
            quantity=given.quantity,
            unit=draw(st.sampled_from(["HUR", "C62", "XPP"])),
            net_price=given.unit_price,
            net_amount=amounts.net,
            category=given.category,
            rate=given.rate,
            **draw(_line_details()),
            **draw(price_bases),
            **draw(gross_prices),
        )
        for number, (given, amounts) in enumerate(zip(inputs, computed.lines, strict=True), 1)
    )
    totals = Totals(
        line_total=computed.net,
        allowance_total=draw(maybe_cents),
        charge_total=draw(maybe_cents),
        tax_exclusive=computed.net,
        tax_total=computed.vat,
        tax_total_accounting=draw(cents) if tax_currency else None,
        tax_inclusive=computed.gross,
        prepaid=draw(maybe_cents),
        rounding=draw(maybe_cents),
        payable=computed.gross,
    )
    breakdown = tuple(
        VatBreakdown(
            category=group.category,
            rate=group.rate,
            taxable_amount=group.base,
            tax_amount=group.tax,
            reason=draw(texts),
            reason_code=draw(st.sampled_from(["", "VATEX-EU-AE"])),
        )
        for group in computed.groups
    )
    made = EInvoice(
        number=draw(words),
        issue_date=draw(days),
        type_code=draw(st.sampled_from(["380", "381", "384", "326", "386"])),
        currency=currency,
        tax_currency=tax_currency,
        seller=draw(sellers),
        buyer=draw(buyers),
        lines=lines,
        vat_breakdown=breakdown,
        totals=totals,
        payment=draw(payments),
    )
    return dataclasses.replace(made, **draw(_details()))


def _details() -> st.SearchStrategy[dict[str, object]]:
    preceding = st.builds(PrecedingInvoice, number=words, issue_date=maybe_days)
    return st.fixed_dictionaries(
        {
            "due_date": maybe_days,
            "buyer_reference": texts,
            "project_reference": texts,
            "contract_reference": texts,
            "order_reference": texts,
            "sales_order_reference": texts,
            "receiving_reference": texts,
            "despatch_reference": texts,
            "tender_reference": texts,
            "invoiced_object": maybe_objects,
            "accounting_reference": texts,
            "payee": st.none() | payees,
            "tax_representative": st.none() | representatives,
            "attachments": st.lists(files | links, max_size=2).map(tuple),
            "payment_terms": terms,
            "notes": st.lists(notes, max_size=2).map(tuple),
            "preceding": st.lists(preceding, max_size=2).map(tuple),
            "delivery_date": maybe_days,
            "delivery_name": texts,
            "delivery_location": maybe_identifiers,
            "delivery_address": st.none() | named_addresses,
            "period": st.none() | periods,
            "allowances": st.lists(allowances(of_document=True), max_size=2).map(tuple),
        }
    )
