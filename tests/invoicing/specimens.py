"""One document of every kind and language, with everything that its page can show."""

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from invoicing.einvoice.model import (
    Address,
    AllowanceCharge,
    Attachment,
    EInvoice,
    Payee,
    PaymentInstructions,
    Period,
    PrecedingInvoice,
)
from invoicing.letter import Advance, Exchange, Passage, PassageKind, ShownPrice
from invoicing.typesetting import Presentation
from tests.invoicing.einvoice import golden
from tests.invoicing.printed import PLAIN

PAY_URL = "https://rechnung.werkstatt-nord.example/zahlen/8fK2mQxT0bYl3wVnC5sR7aDe/"
PAID = dataclasses.replace(PLAIN, pay_url=PAY_URL)

Specimen = tuple[EInvoice, Presentation]


def letter(**changes: object) -> Presentation:
    return dataclasses.replace(PAID, **changes)


def bare(number: int, quantity: str, price: str, name: str, **changes: object):
    """A line without article number and notes."""
    empty = {"description": "", "seller_item_id": "", "note": ""}
    return golden.line(number, quantity, price, name=name, **(empty | changes))


def usual() -> Specimen:
    lines = [
        bare(1, "6.5", "92", "Beratung und Planung der Lagerbeleuchtung"),
        bare(2, "12", "38.90", "LED-Leuchte IP65", unit="C62", seller_item_id="L-2040"),
        bare(3, "1", "145", "Fachliteratur", unit="C62", rate="7"),
    ]
    intro = "Vielen Dank für Ihren Auftrag. Wir berechnen Ihnen:"
    return golden.invoice(lines, notes=("Es gelten unsere AGB.",)), letter(
        intro=intro, customer_number="KD-10023", bank_name="Commerzbank"
    )


def english(specimen: Specimen) -> Specimen:
    invoice, shown = specimen
    return invoice, dataclasses.replace(shown, language="en")


def storno() -> Specimen:
    lines = [bare(1, "-6.5", "92", "Beratung und Planung der Lagerbeleuchtung")]
    earlier = (PrecedingInvoice(number="RE-2026-0001", issue_date=date(2026, 5, 4)),)
    invoice = golden.invoice(
        lines,
        number="ST-2026-0001",
        type_code="384",
        preceding=earlier,
        notes=("Grund des Stornos: falscher Empfänger",),
    )
    return invoice, letter(heading="Stornorechnung")


def correction() -> Specimen:
    lines = [bare(1, "2", "38.90", "LED-Leuchte IP65, zwei beschädigt geliefert", unit="C62")]
    earlier = (PrecedingInvoice(number="RE-2026-0001", issue_date=date(2026, 5, 4)),)
    invoice = golden.invoice(lines, number="RK-2026-0001", type_code="381", preceding=earlier)
    return invoice, letter(heading="Rechnungskorrektur")


def advance() -> Specimen:
    lines = [bare(1, "1", "5000", "1. Abschlag auf den Neubau der Lagerhalle", unit="LS")]
    return golden.invoice(lines, number="RE-2026-0011"), letter(heading="Abschlagsrechnung")


def partial() -> Specimen:
    period = Period(start=date(2026, 4, 1), end=date(2026, 4, 30))
    lines = [bare(1, "1", "3200", "Erdarbeiten, abgenommen am 30.04.2026", unit="LS")]
    invoice = golden.invoice(lines, number="RE-2026-0012", period=period)
    return invoice, letter(heading="Teilrechnung")


def final() -> Specimen:
    lines = [bare(1, "1", "20000", "Neubau der Lagerhalle", unit="LS")]
    invoice = golden.invoice(lines, number="RE-2026-0031")
    totals = dataclasses.replace(
        invoice.totals, prepaid=Decimal("11900.00"), payable=Decimal("11900.00")
    )
    advances = tuple(
        Advance(
            number=f"RE-2026-00{number}",
            issued_on=date(2026, month, 4),
            net=Decimal("5000.00"),
            tax=Decimal("950.00"),
            gross=Decimal("5950.00"),
        )
        for number, month in ((11, 5), (18, 7))
    )
    return dataclasses.replace(invoice, totals=totals), letter(
        heading="Schlussrechnung", advances=advances
    )


def offer() -> Specimen:
    invoice, shown = usual()
    invoice = dataclasses.replace(
        invoice, number="AN-2026-0007", delivery_date=None, due_date=None, payment_terms=""
    )
    return invoice, dataclasses.replace(
        shown,
        heading="Angebot",
        valid_until=date(2026, 6, 4),
        intro="Vielen Dank für Ihre Anfrage. Wir bieten Ihnen an:",
    )


def confirmation() -> Specimen:
    invoice, shown = offer()
    shown = dataclasses.replace(shown, heading="Auftragsbestätigung", valid_until=None)
    return dataclasses.replace(invoice, number="AB-2026-0003"), shown


def sections() -> Specimen:
    lines = [
        bare(1, "24", "62.50", "Aushub und Abtransport"),
        bare(2, "18", "118", "Fundament betonieren", unit="MTQ"),
        bare(3, "1", "4350", "Stahlbau nach Statik 4711", unit="LS"),
        bare(4, "86", "27.40", "Dachpaneele, verzinkt", unit="MTK"),
    ]
    passages = (
        Passage(kind=PassageKind.TITLE, before=0, text="Los 1: Tiefbau"),
        Passage(
            kind=PassageKind.TEXT,
            before=1,
            text="Der Aushub wurde nach Wiegescheinen abgerechnet (Anlage 1).",
        ),
        Passage(kind=PassageKind.SUBTOTAL, before=2),
        Passage(kind=PassageKind.TITLE, before=2, text="Los 2: Hochbau"),
        Passage(kind=PassageKind.SUBTOTAL, before=4),
    )
    attachments = (
        Attachment(reference="1", description="Wiegescheine", filename="wiegescheine.pdf"),
        Attachment(reference="2", filename="Aufmaß.pdf"),
    )
    return golden.invoice(lines, attachments=attachments), letter(passages=passages)


def debited() -> Specimen:
    invoice, shown = usual()
    payment = PaymentInstructions(
        means_code="59",
        remittance="RE-2026-0001",
        mandate_reference="M-2024-017",
        creditor_id="DE98ZZZ09999999999",
        debited_iban="DE02120300000000202051",
    )
    return dataclasses.replace(invoice, payment=payment), shown


def carded() -> Specimen:
    invoice, shown = usual()
    payment = PaymentInstructions(means_code="48", card_number="4242", card_holder="P. Winter")
    return dataclasses.replace(invoice, payment=payment), shown


def factored() -> Specimen:
    """The money goes to a factor."""
    invoice, shown = usual()
    payment = PaymentInstructions(remittance="RE-2026-0001", iban="DE02120300000000202051")
    return dataclasses.replace(
        invoice, payment=payment, payee=Payee(name="Nord Factoring AG")
    ), shown


def adjusted() -> Specimen:
    """Discounts of lines and of the document, freight, two steps of Skonto."""
    tenth = AllowanceCharge(
        charge=False, amount=Decimal("59.80"), base=Decimal(598), percent=Decimal(10)
    )
    lines = [
        bare(1, "6.5", "92", "Beratung vor Ort", allowances=(tenth,)),
        bare(
            2,
            "12",
            "38.90",
            "LED-Leuchte IP65",
            unit="C62",
            period=Period(start=date(2026, 4, 1), end=date(2026, 4, 30)),
        ),
    ]
    loyal = AllowanceCharge(
        charge=False,
        amount=Decimal("50.25"),
        percent=Decimal(5),
        reason="Treuerabatt",
        category="S",
        rate=Decimal(19),
    )
    freight = AllowanceCharge(
        charge=True, amount=Decimal("18.00"), reason="Fracht", category="S", rate=Decimal(19)
    )
    terms = "#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.00#\n"
    invoice = golden.invoice(lines, allowances=(loyal, freight), payment_terms=terms)
    place = Address(street="Lagerweg 4", post_code="28195", city="Bremen", country="DE")
    return dataclasses.replace(
        invoice, delivery_name="Zentrallager", delivery_address=place
    ), letter()


def gross() -> Specimen:
    lines = [
        bare(1, "2", "84.03361345", "Eintrittskarte Werkschau", unit="C62"),
        bare(2, "1", "42.02", "Katalog", unit="C62"),
    ]
    shown = (
        ShownPrice(price=Decimal(100), amount=Decimal("200.00")),
        ShownPrice(price=Decimal(50), amount=Decimal("50.00")),
    )
    invoice = golden.invoice(lines)
    totals = dataclasses.replace(
        invoice.totals, rounding=Decimal("-0.01"), payable=Decimal("250.00")
    )
    return dataclasses.replace(invoice, totals=totals), letter(gross_prices=shown)


def foreign() -> Specimen:
    lines = [bare(1, "40", "95", "Software development, sprint 14")]
    invoice = golden.invoice(lines, currency="USD", tax_currency="EUR")
    totals = dataclasses.replace(invoice.totals, tax_total_accounting=Decimal("668.52"))
    exchange = Exchange(rate=Decimal("1.0800"), on=date(2026, 5, 4), source="EZB-Referenzkurs")
    return dataclasses.replace(invoice, totals=totals), letter(language="en", exchange=exchange)


def reverse_charge() -> Specimen:
    return golden.reverse_charge(), letter()


def long(lines: int) -> Specimen:
    """So many lines, every third with a text of its own."""
    text = (
        "Prüfung der Anlage nach DGUV Vorschrift 3 einschließlich Messprotokoll, Kennzeichnung "
        "und Übergabe der Unterlagen an den Betreiber."
    )
    made = [
        bare(
            number,
            "2",
            "10.50",
            f"Prüfung des Betriebsmittels {number:03}",
            unit="C62",
            description=text if number % 3 == 0 else "",
        )
        for number in range(1, lines + 1)
    ]
    return golden.invoice(made), letter()


def draft() -> Specimen:
    invoice, shown = usual()
    return dataclasses.replace(invoice, number=""), dataclasses.replace(shown, draft=True)


KINDS: dict[str, Callable[[], Specimen]] = {
    "usual": usual,
    "usual in English": lambda: english(usual()),
    "storno": storno,
    "correction": correction,
    "advance": advance,
    "partial": partial,
    "final": final,
    "final in English": lambda: english(final()),
    "offer": offer,
    "confirmation": confirmation,
    "sections": sections,
    "adjusted": adjusted,
    "adjusted in English": lambda: english(adjusted()),
    "debited": debited,
    "debited in English": lambda: english(debited()),
    "carded": carded,
    "factored": factored,
    "gross": gross,
    "foreign currency": foreign,
    "reverse charge": reverse_charge,
    "reverse charge in English": lambda: english(reverse_charge()),
    "three pages": lambda: long(45),
    "draft": draft,
}
