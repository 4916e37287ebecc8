"""The semantic model of EN 16931: what an e-invoice says, independent of its syntax.

Every field names its business term (BT) or group (BG). Amounts are `Decimal` in the invoice
currency (BT-5) with two decimals, percentages are percent (19 means 19 %), dates are `date`.
The model holds what was computed elsewhere (`invoicing.totals`); it computes nothing itself.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Identifier:
    """An identifier with its scheme: BT-34 with an EAS code, BT-29 with an ICD code."""

    value: str
    scheme: str = ""


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address (BG-5, BG-8, BG-15)."""

    street: str = ""  # BT-35, BT-50, BT-75
    additional: str = ""  # BT-36, BT-51, BT-76
    third_line: str = ""  # BT-162, BT-163, BT-165
    post_code: str = ""  # BT-38, BT-53, BT-78
    city: str = ""  # BT-37, BT-52, BT-77
    subdivision: str = ""  # BT-39, BT-54, BT-79
    country: str = ""  # BT-40, BT-55, BT-80, ISO 3166-1 alpha-2


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Whom to ask (BG-6, BG-9)."""

    name: str = ""  # BT-41, BT-56
    phone: str = ""  # BT-42, BT-57
    email: str = ""  # BT-43, BT-58


@dataclass(frozen=True, kw_only=True)
class Seller:
    """Who sells (BG-4)."""

    name: str  # BT-27
    trading_name: str = ""  # BT-28
    identifiers: tuple[Identifier, ...] = ()  # BT-29
    register_number: str = ""  # BT-30
    register_scheme: str = ""  # BT-30-1, ISO 6523
    vat_id: str = ""  # BT-31
    tax_number: str = ""  # BT-32
    legal_information: str = ""  # BT-33
    electronic_address: Identifier | None = None  # BT-34
    address: Address = field(default_factory=Address)  # BG-5
    contact: Contact = field(default_factory=Contact)  # BG-6


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who buys (BG-7)."""

    name: str  # BT-44
    trading_name: str = ""  # BT-45
    identifier: Identifier | None = None  # BT-46
    register_number: str = ""  # BT-47
    register_scheme: str = ""  # BT-47-1, ISO 6523
    vat_id: str = ""  # BT-48
    electronic_address: Identifier | None = None  # BT-49
    address: Address = field(default_factory=Address)  # BG-8
    contact: Contact | None = None  # BG-9


@dataclass(frozen=True, kw_only=True)
class Payee:
    """Who gets the money where it is not the seller (BG-10): factoring, for instance."""

    name: str  # BT-59
    identifier: Identifier | None = None  # BT-60
    register_number: str = ""  # BT-61
    register_scheme: str = ""  # BT-61-1, ISO 6523


@dataclass(frozen=True, kw_only=True)
class TaxRepresentative:
    """Who answers for a foreign seller's VAT (BG-11, § 22a UStG)."""

    name: str  # BT-62
    vat_id: str = ""  # BT-63
    address: Address = field(default_factory=Address)  # BG-12


@dataclass(frozen=True, kw_only=True)
class Period:
    """A service period (BG-14, BG-26), both ends included."""

    start: date | None = None  # BT-73, BT-134
    end: date | None = None  # BT-74, BT-135


@dataclass(frozen=True, kw_only=True)
class PrecedingInvoice:
    """An invoice that this one corrects or cancels (BG-3)."""

    number: str  # BT-25
    issue_date: date | None = None  # BT-26


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account to which the invoice may be paid (BG-17)."""

    iban: str = ""  # BT-84
    name: str = ""  # BT-85
    bic: str = ""  # BT-86


@dataclass(frozen=True, kw_only=True)
class PaymentInstructions:
    """How to pay (BG-16): by transfer (BG-17), by card (BG-18) or by direct debit (BG-19)."""

    means_code: str = "58"  # BT-81, UNTDID 4461
    means_text: str = ""  # BT-82
    remittance: str = ""  # BT-83
    account_name: str = ""  # BT-85
    iban: str = ""  # BT-84
    bic: str = ""  # BT-86
    further_accounts: tuple[Account, ...] = ()  # BG-17, with a credit transfer only
    card_number: str = ""  # BT-87, its last four to six digits
    card_holder: str = ""  # BT-88
    mandate_reference: str = ""  # BT-89
    creditor_id: str = ""  # BT-90
    debited_iban: str = ""  # BT-91


@dataclass(frozen=True, kw_only=True)
class AllowanceCharge:
    """A deduction or a surcharge (BG-20, BG-21, BG-27, BG-28); `amount` is never negative
    except on a cancellation, where it mirrors the original."""

    charge: bool
    amount: Decimal  # BT-92, BT-99, BT-136, BT-141
    base: Decimal | None = None  # BT-93, BT-100, BT-137, BT-142
    percent: Decimal | None = None  # BT-94, BT-101, BT-138, BT-143
    reason: str = ""  # BT-97, BT-104, BT-139, BT-144
    reason_code: str = ""  # BT-98, BT-140 (UNTDID 5189), BT-105, BT-145 (UNTDID 7161)
    category: str = ""  # BT-95, BT-102; document level only
    rate: Decimal | None = None  # BT-96, BT-103; document level only


@dataclass(frozen=True, kw_only=True)
class Classification:
    """Where an item belongs in a public classification (BT-158)."""

    code: str  # BT-158
    scheme: str  # BT-158-1, UNTDID 7143: STI for CPV, SRV for GTIN …
    version: str = ""  # BT-158-2


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """A property of an item (BG-32)."""

    name: str  # BT-160
    value: str  # BT-161


@dataclass(frozen=True, kw_only=True)
class Line:
    """An invoice line (BG-25)."""

    id: str  # BT-126
    name: str  # BT-153
    quantity: Decimal  # BT-129
    unit: str  # BT-130, UN/ECE Rec. 20 and 21
    net_price: Decimal  # BT-146
    net_amount: Decimal  # BT-131
    category: str  # BT-151
    rate: Decimal | None  # BT-152, None for category O
    description: str = ""  # BT-154
    seller_item_id: str = ""  # BT-155
    buyer_item_id: str = ""  # BT-156
    standard_item_id: Identifier | None = None  # BT-157, with an ICD code: 0160 for GTIN
    classifications: tuple[Classification, ...] = ()  # BT-158
    origin_country: str = ""  # BT-159, ISO 3166-1 alpha-2
    attributes: tuple[Attribute, ...] = ()  # BG-32
    note: str = ""  # BT-127
    invoiced_object: Identifier | None = None  # BT-128, scheme of UNTDID 1153
    order_line_reference: str = ""  # BT-132
    accounting_reference: str = ""  # BT-133
    period: Period | None = None  # BG-26
    allowances: tuple[AllowanceCharge, ...] = ()  # BG-27, BG-28
    gross_price: Decimal | None = None  # BT-148
    price_discount: Decimal | None = None  # BT-147, not zero
    base_quantity: Decimal | None = None  # BT-149, the quantity that the prices are for
    base_unit: str = ""  # BT-150


@dataclass(frozen=True, kw_only=True)
class VatBreakdown:
    """VAT of one category and rate (BG-23)."""

    category: str  # BT-118
    rate: Decimal | None  # BT-119
    taxable_amount: Decimal  # BT-116
    tax_amount: Decimal  # BT-117
    reason: str = ""  # BT-120
    reason_code: str = ""  # BT-121, VATEX


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Document totals (BG-22)."""

    line_total: Decimal  # BT-106
    allowance_total: Decimal | None = None  # BT-107
    charge_total: Decimal | None = None  # BT-108
    tax_exclusive: Decimal  # BT-109
    tax_total: Decimal  # BT-110
    tax_total_accounting: Decimal | None = None  # BT-111, in the currency of BT-6
    tax_inclusive: Decimal  # BT-112
    prepaid: Decimal | None = None  # BT-113
    rounding: Decimal | None = None  # BT-114
    payable: Decimal  # BT-115


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A supporting document (BG-24), embedded or at an address.

    `digest` is the SHA-256 of the bytes where they are kept beside the model and not in it.
    """

    reference: str  # BT-122, unique within the invoice
    description: str = ""  # BT-123
    address: str = ""  # BT-124
    filename: str = ""  # BT-125-2, unique within the invoice (BR-DE-22)
    media_type: str = ""  # BT-125-1, one of those that BR-CL-24 allows
    data: bytes = field(default=b"", repr=False)  # BT-125
    digest: str = field(default="", compare=False)


@dataclass(frozen=True, kw_only=True)
class EInvoice:
    """One e-invoice, ready to be written in any syntax."""

    number: str  # BT-1
    issue_date: date  # BT-2
    type_code: str  # BT-3, UNTDID 1001, one of `codes.TYPE_CODES`
    currency: str  # BT-5
    tax_currency: str = ""  # BT-6, where the VAT is accounted in another currency
    seller: Seller
    buyer: Buyer
    lines: tuple[Line, ...]
    vat_breakdown: tuple[VatBreakdown, ...]
    totals: Totals
    payment: PaymentInstructions = field(default_factory=PaymentInstructions)
    due_date: date | None = None  # BT-9
    buyer_reference: str = ""  # BT-10
    project_reference: str = ""  # BT-11
    contract_reference: str = ""  # BT-12
    order_reference: str = ""  # BT-13
    sales_order_reference: str = ""  # BT-14
    receiving_reference: str = ""  # BT-15
    despatch_reference: str = ""  # BT-16
    tender_reference: str = ""  # BT-17
    invoiced_object: Identifier | None = None  # BT-18, scheme of UNTDID 1153
    accounting_reference: str = ""  # BT-19
    payment_terms: str = ""  # BT-20
    notes: tuple[str, ...] = ()  # BT-22; with a subject (BT-21) as UBL has it: #AAI#text
    preceding: tuple[PrecedingInvoice, ...] = ()  # BG-3
    delivery_date: date | None = None  # BT-72
    delivery_name: str = ""  # BT-70
    delivery_location: Identifier | None = None  # BT-71
    delivery_address: Address | None = None  # BG-15
    period: Period | None = None  # BG-14
    allowances: tuple[AllowanceCharge, ...] = ()  # BG-20, BG-21
    payee: Payee | None = None  # BG-10
    tax_representative: TaxRepresentative | None = None  # BG-11
    attachments: tuple[Attachment, ...] = ()  # BG-24
