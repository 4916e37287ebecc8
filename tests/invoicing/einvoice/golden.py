"""Invoices that obey every rule, one for each way in which German VAT can fall."""

import dataclasses
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

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
    Totals,
    VatBreakdown,
)

ZERO = Decimal("0.00")
REASONS = {
    "E": ("Kein Ausweis von Umsatzsteuer, da Kleinunternehmer gemäß § 19 UStG", ""),
    "AE": ("Steuerschuldnerschaft des Leistungsempfängers", "VATEX-EU-AE"),
    "K": ("Steuerfreie innergemeinschaftliche Lieferung", "VATEX-EU-IC"),
    "G": ("Steuerfreie Ausfuhrlieferung", "VATEX-EU-G"),
    "O": ("Nicht im Inland steuerbare Leistung", "VATEX-EU-O"),
}

SELLER = Seller(
    name="Werkstatt Nord GmbH",
    trading_name="Werkstatt Nord",
    register_number="HRB 12345",
    vat_id="DE123456789",
    tax_number="22/815/08154",
    legal_information="Geschäftsführerin: Ida Sommer, Amtsgericht Hamburg",
    electronic_address=Identifier(value="rechnung@werkstatt-nord.example", scheme="EM"),
    address=Address(
        street="Hafenstraße 7",
        additional="Hof 2",
        post_code="20457",
        city="Hamburg",
        country="DE",
    ),
    contact=Contact(
        name="Ida Sommer", phone="+49 40 123456", email="sommer@werkstatt-nord.example"
    ),
)
BUYER = Buyer(
    name="Stadt Beispielhausen",
    identifier=Identifier(value="K-1001"),
    electronic_address=Identifier(value="04011000-12345-03", scheme="0204"),
    address=Address(street="Rathausplatz 1", post_code="28195", city="Bremen", country="DE"),
    contact=Contact(name="Paul Winter", phone="+49 421 9876", email="winter@stadt.example"),
)


def line(
    number: int,
    quantity: str,
    price: str,
    *,
    category: str = "S",
    rate: str | None = "19",
    allowances: tuple[AllowanceCharge, ...] = (),
    **changes: object,
) -> Line:
    net = Decimal(quantity) * Decimal(price)
    net += sum((item.amount if item.charge else -item.amount for item in allowances), ZERO)
    made = Line(
        id=str(number),
        name=f"Leistung {number}",
        quantity=Decimal(quantity),
        unit="HUR",
        net_price=Decimal(price),
        net_amount=cents(net),
        category=category,
        rate=None if rate is None else Decimal(rate),
        description="Nach Auftrag & Absprache, <sorgfältig> ausgeführt",
        seller_item_id=f"A-{number}",
        note="Ohne Beanstandung abgenommen",
        allowances=allowances,
    )
    return dataclasses.replace(made, **changes)


def invoice(
    lines: Iterable[Line], *, allowances: tuple[AllowanceCharge, ...] = (), **changes: object
) -> EInvoice:
    """A complete invoice with these lines; every other field may be replaced."""
    lines = tuple(lines)
    breakdown = _breakdown(lines, allowances)
    made = EInvoice(
        number="RE-2026-0001",
        issue_date=date(2026, 5, 4),
        type_code="380",
        currency="EUR",
        seller=SELLER,
        buyer=BUYER,
        lines=lines,
        vat_breakdown=breakdown,
        totals=totals(lines, allowances, breakdown),
        payment=PaymentInstructions(
            means_code="58",
            remittance="RE-2026-0001",
            account_name="Werkstatt Nord GmbH",
            iban="DE89370400440532013000",
            bic="COBADEFFXXX",
        ),
        due_date=date(2026, 6, 3),
        buyer_reference="04011000-12345-03",
        project_reference="P-77",
        contract_reference="V-2025-3",
        order_reference="B-4711",
        payment_terms="Zahlbar bis 03.06.2026",
        notes=("Vielen Dank für Ihren Auftrag.", "Es gelten unsere AGB."),
        delivery_date=date(2026, 4, 30),
        allowances=allowances,
    )
    return dataclasses.replace(made, **changes)


def totals(
    lines: tuple[Line, ...],
    allowances: tuple[AllowanceCharge, ...],
    breakdown: tuple[VatBreakdown, ...],
) -> Totals:
    line_total = sum((one.net_amount for one in lines), ZERO)
    down = sum((one.amount for one in allowances if not one.charge), ZERO)
    up = sum((one.amount for one in allowances if one.charge), ZERO)
    net = line_total - down + up
    tax = sum((one.tax_amount for one in breakdown), ZERO)
    return Totals(
        line_total=line_total,
        allowance_total=down if any(not one.charge for one in allowances) else None,
        charge_total=up if any(one.charge for one in allowances) else None,
        tax_exclusive=net,
        tax_total=tax,
        tax_inclusive=net + tax,
        payable=net + tax,
    )


def _breakdown(
    lines: tuple[Line, ...], allowances: tuple[AllowanceCharge, ...]
) -> tuple[VatBreakdown, ...]:
    bases: dict[tuple[str, Decimal | None], Decimal] = {}
    for one in lines:
        key = (one.category, one.rate)
        bases[key] = bases.get(key, ZERO) + one.net_amount
    for item in allowances:
        key = (item.category, item.rate)
        bases[key] = bases.get(key, ZERO) + (item.amount if item.charge else -item.amount)
    return tuple(
        VatBreakdown(
            category=category,
            rate=rate or Decimal(0),  # XRechnung wants one even for O (BR-DE-14)
            taxable_amount=base,
            tax_amount=cents(base * (rate or 0) / 100),
            reason=REASONS.get(category, ("", ""))[0],
            reason_code=REASONS.get(category, ("", ""))[1],
        )
        for (category, rate), base in bases.items()
    )


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def abroad(country: str, vat_id: str = "") -> Buyer:
    address = Address(street="Main Street 1", post_code="1010", city="Ort", country=country)
    return dataclasses.replace(BUYER, vat_id=vat_id, address=address)


def two_rates() -> EInvoice:
    return invoice([line(1, "3", "80"), line(2, "2", "19.99", rate="7", unit="C62")])


def small_business() -> EInvoice:
    seller = dataclasses.replace(
        SELLER,
        vat_id="",
        register_number="",
        identifiers=(Identifier(value="22/815/08154"),),
        legal_information=REASONS["E"][0],
    )
    return invoice([line(1, "1", "500", category="E", rate="0")], seller=seller)


def reverse_charge() -> EInvoice:
    return invoice(
        [line(1, "10", "95", category="AE", rate="0")], buyer=abroad("DE", "DE987654321")
    )


def intra_community() -> EInvoice:
    buyer = abroad("AT", "ATU12345678")
    return invoice(
        [line(1, "4", "250", category="K", rate="0", unit="C62")],
        buyer=buyer,
        delivery_name="Lager Wien",
        delivery_address=buyer.address,
    )


def export() -> EInvoice:
    return invoice([line(1, "4", "250", category="G", rate="0", unit="C62")], buyer=abroad("CH"))


def not_taxable() -> EInvoice:
    seller = dataclasses.replace(SELLER, vat_id="")
    return invoice([line(1, "4", "250", category="O", rate=None)], seller=seller)


def discounts() -> EInvoice:
    line_discount = AllowanceCharge(
        charge=False,
        amount=Decimal("24.00"),
        base=Decimal("240.00"),
        percent=Decimal(10),
        reason="Mengenrabatt",
        reason_code="95",
    )
    line_charge = AllowanceCharge(charge=True, amount=Decimal("5.50"), reason="Eilzuschlag")
    document = (
        AllowanceCharge(
            charge=False,
            amount=Decimal("10.00"),
            reason="Treuerabatt",
            reason_code="95",
            category="S",
            rate=Decimal(19),
        ),
        AllowanceCharge(
            charge=True, amount=Decimal("4.90"), reason="Porto", category="S", rate=Decimal(7)
        ),
    )
    return invoice(
        [
            line(1, "3", "80", allowances=(line_discount, line_charge)),
            line(2, "1.5", "33.3333", rate="7"),
        ],
        allowances=document,
        payment_terms="#SKONTO#TAGE=14#PROZENT=2.00#\n#SKONTO#TAGE=7#PROZENT=3.00#\n",
    )


def cancellation() -> EInvoice:
    return invoice(
        [line(1, "-3", "80"), line(2, "-2", "19.99", rate="7")],
        number="ST-2026-0001",
        type_code="384",
        preceding=(
            PrecedingInvoice(number="RE-2026-0001", issue_date=date(2026, 5, 4)),
            PrecedingInvoice(number="RE-2026-0002", issue_date=None),
        ),
        due_date=None,
        payment_terms="",
    )


def cancelled_discounts() -> EInvoice:
    discount = AllowanceCharge(
        charge=False,
        amount=Decimal("-24.00"),
        base=Decimal("-240.00"),
        percent=Decimal(10),
        reason="Mengenrabatt",
    )
    document = AllowanceCharge(
        charge=False,
        amount=Decimal("-10.00"),
        reason="Treuerabatt",
        category="S",
        rate=Decimal(19),
    )
    return invoice(
        [line(1, "-3", "80", allowances=(discount,))],
        number="ST-2026-0002",
        type_code="384",
        preceding=(PrecedingInvoice(number="RE-2026-0009", issue_date=date(2026, 5, 4)),),
        allowances=(document,),
    )


def final_invoice() -> EInvoice:
    made = invoice(
        [line(1, "100", "80", period=Period(start=date(2026, 1, 1), end=date(2026, 3, 31)))],
        delivery_date=None,
        period=Period(start=date(2026, 1, 1), end=date(2026, 4, 30)),
        preceding=(
            PrecedingInvoice(number="AR-2026-0001", issue_date=date(2026, 2, 1)),
            PrecedingInvoice(number="AR-2026-0002", issue_date=date(2026, 3, 1)),
        ),
    )
    paid = dataclasses.replace(
        made.totals,
        prepaid=Decimal("4760.00"),
        rounding=Decimal("0.01"),
        payable=made.totals.tax_inclusive - Decimal("4759.99"),
    )
    return dataclasses.replace(made, totals=paid)


def foreign_currency() -> EInvoice:
    made = invoice([line(1, "3", "80")], currency="USD", tax_currency="EUR")
    accounted = dataclasses.replace(made.totals, tax_total_accounting=Decimal("41.87"))
    return dataclasses.replace(made, totals=accounted)


def foreign_final_invoice() -> EInvoice:
    """A part was paid in advance: the VAT in euro is that of what is left."""
    made = invoice(
        [
            line(1, "10", "80"),
            line(2, "-1", "400", name="abzüglich Abschlagsrechnung AR-2026-0001"),
        ],
        currency="USD",
        tax_currency="EUR",
        preceding=(PrecedingInvoice(number="AR-2026-0001", issue_date=date(2026, 2, 1)),),
    )
    accounted = dataclasses.replace(made.totals, tax_total_accounting=Decimal("63.33"))
    return dataclasses.replace(made, totals=accounted)


def everything() -> EInvoice:
    """Every reference and every detail of a line, on an invoice that a factor collects."""
    full = line(
        1,
        "20",
        "0.9",
        net_amount=Decimal("9.00"),
        unit="C62",
        gross_price=Decimal("1.0"),
        price_discount=Decimal("0.1"),
        base_quantity=Decimal(2),
        base_unit="C62",
        buyer_item_id="K-9",
        standard_item_id=Identifier(value="4012345678901", scheme="0160"),
        classifications=(Classification(code="34000000-7", scheme="STI", version="2008"),),
        origin_country="DE",
        attributes=(Attribute(name="Farbe", value="Rot"),),
        invoiced_object=Identifier(value="Z-1", scheme="AAB"),
        order_line_reference="10",
        accounting_reference="KST 4",
    )
    breakdown = _breakdown((full,), ())
    made = invoice(
        [full],
        notes=("#AAI#Allgemeine Auskunft",),
        sales_order_reference="AB-1",
        receiving_reference="WE-1",
        despatch_reference="LS-1",
        tender_reference="Los 3",
        invoiced_object=Identifier(value="Z-2", scheme="AAB"),
        accounting_reference="KST 7",
        payee=Payee(
            name="Factoring AG", identifier=Identifier(value="F-1"), register_number="HRB 9"
        ),
        delivery_name="Lager Süd",
        delivery_location=Identifier(value="L-4"),
        delivery_address=Address(
            street="Am Kai 1",
            third_line="Tor 5",
            post_code="20457",
            city="Hamburg",
            subdivision="Hamburg",
            country="DE",
        ),
        attachments=(
            Attachment(
                reference="1",
                description="Stundenzettel",
                filename="stunden.pdf",
                media_type="application/pdf",
                data=b"%PDF-1.7",
            ),
            Attachment(reference="2", address="https://werkstatt-nord.example/plan"),
        ),
    )
    return dataclasses.replace(made, totals=totals((full,), (), breakdown))


def paid_by(**payment: object) -> EInvoice:
    return invoice(
        [line(1, "3", "80")], payment=PaymentInstructions(remittance="RE-2026-0001", **payment)
    )


GOLDEN = {
    "everything": everything(),
    "everything_credited": dataclasses.replace(everything(), type_code="381"),
    "partial": invoice([line(1, "3", "80")], type_code="326"),
    "zero_rated": invoice([line(1, "3", "80", category="Z", rate="0")]),
    "direct_debit": paid_by(
        means_code="59",
        mandate_reference="M-1",
        creditor_id="DE98ZZZ09999999999",
        debited_iban="DE89370400440532013000",
    ),
    "card": paid_by(means_code="48", means_text="Karte", card_number="1234", card_holder="E. M."),
    "standing_agreement": paid_by(means_code="57"),
    "two_accounts": paid_by(
        means_code="30",
        iban="DE89370400440532013000",
        further_accounts=(Account(iban="DE02120300000000202051", name="Werkstatt Nord"),),
    ),
    "two_rates": two_rates(),
    "small_business": small_business(),
    "reverse_charge": reverse_charge(),
    "intra_community": intra_community(),
    "export": export(),
    "not_taxable": not_taxable(),
    "discounts": discounts(),
    "cancellation": cancellation(),
    "cancelled_discounts": cancelled_discounts(),
    "final_invoice": final_invoice(),
    "foreign_currency": foreign_currency(),
    "foreign_final_invoice": foreign_final_invoice(),
}
