"""Every kind of document and every rule of VAT as one issued document, and what it must say.

A case is issued for a customer who gets XRechnung in one syntax. `says` names terms of the
e-invoice by their path (`lines.0.rate`), `booked` the sums of its own ledger entry by account of
the SKR03 in EUR, debit positive.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from invoicing import attaching
from invoicing.attaching import Upload
from invoicing.cancelling import cancel
from invoicing.contents import Content, content_of
from invoicing.correcting import draft_correction
from invoicing.drafting import create_draft, save_draft
from invoicing.issuing import issue
from invoicing.models import Customer, Invoice
from tests.payments.paying import pay
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line
from workmate.ledger import exchange_rates
from workmate.ledger.exchange_rates import Rate
from workmate.ledger.models import MoneyAccount

APRIL = (datetime.date(2026, 4, 1), datetime.date(2026, 4, 30))
SWISS = {"country": "CH", "post_code": "6003", "city": "Luzern"}
DUTCH = {"country": "NL", "post_code": "1016", "city": "Amsterdam", "vat_id": "NL004495445B01"}
BY_DEBIT = {
    "pays_by_debit": True,
    "mandate_reference": "M-2026-17",
    "mandate_iban": "DE89370400440532013000",
}
DELIVERED = {
    "delivery_name": "Lager Süd",
    "delivery_street": "Lagerweg 4",
    "delivery_post_code": "28195",
    "delivery_city": "Bremen",
    "delivery_country": "DE",
}
REFERENCES = {
    "order_reference": "B-1",
    "sales_order_reference": "A-2",
    "contract_reference": "V-3",
    "project_reference": "P-4",
    "despatch_reference": "L-5",
    "accounting_reference": "K-6",
}


class House:
    """A business whose customers get XRechnung in one syntax."""

    def __init__(self, wanted: Customer.Format, **company: Any) -> None:
        self.by = a_business(creditor_id="DE98ZZZ09999999999", **company)
        self.wanted = wanted
        self.habits: dict[str, Any] = {}

    def to(self, **habits: Any) -> "House":
        """Sell to a customer with these particulars."""
        self.habits = habits
        return self

    def draft(self, *lines: dict[str, Any], **header: Any) -> Invoice:
        buyer = a_buyer(self.by, einvoice_format=self.wanted, **self.habits)
        header = {"customer": buyer, "buyer_reference": "Einkauf 7"} | header
        return a_draft(self.by, lines=list(lines) or [a_line()], **header)

    def bill(self, *lines: dict[str, Any], **header: Any) -> Invoice:
        return issue(self.draft(*lines, **header), by=self.by, on=DAY)

    def correction(self, original: Invoice, *lines: dict[str, Any]) -> Invoice:
        draft = draft_correction(original, by=self.by)
        content = content_of(draft)
        content.lines[:] = lines
        return issue(
            save_draft(draft, content, version=draft.version, by=self.by), by=self.by, on=DAY
        )

    def storno(self, original: Invoice) -> Invoice:
        return cancel(original, reason="Falscher Empfänger", by=self.by, on=DAY)

    def final(self, *lines: dict[str, Any], paid: str) -> Invoice:
        """A final invoice that deducts an advance of 1,000.00 net, of which so much was paid."""
        advance = self.bill(a_line("1000"), kind="advance", supply_date=None)
        bank = MoneyAccount.objects.get()
        pay(bank, paid, (advance.open_item, paid), by=self.by)
        header = {
            "kind": "final",
            "customer": advance.customer,
            "buyer_reference": "Einkauf 7",
            "supply_date": DAY,
            "payment_terms_days": 14,
        }
        content = Content(header=header, lines=list(lines), advances=[advance])
        return issue(create_draft(content, by=self.by), by=self.by, on=DAY)

    def abroad(self, *lines: dict[str, Any], **header: Any) -> Invoice:
        """An invoice in USD, at 1.25 a euro."""
        rate = Rate(currency="USD", month=DAY.replace(day=1), rate=Decimal("1.25"))
        exchange_rates.enter([rate], source="BMF, Umrechnungskurse 2026", by=self.by)
        return self.bill(*lines, currency="USD", **header)

    def final_abroad(self, paid: str) -> Invoice:
        """The final invoice of July in USD, after an advance of May that was paid in June."""
        for month, rate in ((5, "1.25"), (6, "1.10"), (7, "1.20")):
            made = Rate(currency="USD", month=DAY.replace(month=month, day=1), rate=Decimal(rate))
            exchange_rates.enter([made], source="BMF, Umrechnungskurse 2026", by=self.by)
        dollars = {"currency": "USD", "supply_date": None}
        advance = self.bill(a_line("1000"), kind="advance", **dollars)
        money = {"currency": "USD", "euro": Decimal(paid), "by": self.by}
        part = (advance.open_item, paid)
        pay(MoneyAccount.objects.get(), paid, part, on=DAY.replace(month=6), **money)
        july = DAY.replace(month=7)
        header = {
            "kind": "final",
            "customer": advance.customer,
            "buyer_reference": "Einkauf 7",
            "currency": "USD",
            "supply_date": july,
            "payment_terms_days": 14,
        }
        content = Content(header=header, lines=[a_line("5000")], advances=[advance])
        return issue(create_draft(content, by=self.by), by=self.by, on=july)

    def enclosing(self, **files: bytes) -> Invoice:
        draft = self.draft()
        uploads = [Upload(filename=f"{name}.csv", data=data) for name, data in files.items()]
        attaching.attach(draft, uploads, by=self.by)
        return issue(draft, by=self.by, on=DAY)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A document, what it says, and what it does to the books."""

    act: Callable[[House], Invoice]
    booked: dict[str, str]
    says: dict[str, str] = field(default_factory=dict)
    type_code: str = "380"
    company: dict[str, Any] = field(default_factory=dict)


def spread(**fields: Any) -> dict[str, Any]:
    """A discount or a surcharge on the whole document."""
    empty = {"is_charge": False, "reason": "", "percent": None, "amount": None, "tax_case": None}
    return empty | {
        name: Decimal(value) if name in ("percent", "amount") else value
        for name, value in fields.items()
    }


def vat(category: str, rate: str, base: str, tax: str, code: str = "") -> dict[str, str]:
    """The only group of VAT of a document (BG-23)."""
    group = "vat_breakdown.0"
    return {
        f"{group}.category": category,
        f"{group}.rate": rate,
        f"{group}.taxable_amount": base,
        f"{group}.tax_amount": tax,
        f"{group}.reason_code": code,
    }


KINDS = {
    "Rechnung": Case(
        act=lambda house: house.bill(a_line("100")),
        says=vat("S", "19.00", "100.00", "19.00") | {"totals.payable": "119.00"},
        booked={"1400": "119.00", "8400": "-100.00", "1776": "-19.00"},
    ),
    "Teilrechnung": Case(
        act=lambda house: house.bill(a_line("100"), kind="partial"),
        type_code="326",
        booked={"1400": "119.00", "8400": "-100.00", "1776": "-19.00"},
    ),
    "Abschlagsrechnung": Case(
        act=lambda house: house.bill(a_line("1000"), kind="advance", supply_date=None),
        type_code="326",
        says={"totals.payable": "1190.00", "totals.tax_total": "190.00"},
        booked={"1400": "1190.00", "1593": "-1190.00"},
    ),
    "Schlussrechnung nach vollem Abschlag": Case(
        act=lambda house: house.final(a_line("5000"), paid="1190"),
        says={
            "preceding.0.number": "AR-2026-0001",
            "lines.1.quantity": "-1",
            "lines.1.net_amount": "-1000.00",
            "totals.tax_exclusive": "4000.00",
            "totals.payable": "4760.00",
        },
        booked={
            "1400": "4760.00",
            "8400": "-5000.00",
            "1718": "1000.00",
            "1776": "-760.00",
        },
    ),
    "Schlussrechnung nach Teilzahlung": Case(
        act=lambda house: house.final(a_line("5000"), paid="595"),
        says={"lines.1.net_amount": "-500.00", "totals.payable": "5355.00"},
        booked={"1400": "5355.00", "8400": "-5000.00", "1718": "500.00", "1776": "-855.00"},
    ),
    "Rechnungskorrektur": Case(
        act=lambda house: house.correction(
            house.bill(a_line("100"), a_line("50", "DE7")), a_line("40"), a_line("10", "DE7")
        ),
        type_code="381",
        says={
            "preceding.0.number": "RE-2026-0001",
            "preceding.0.issue_date": "2026-05-04",
            "totals.payable": "58.30",
        },
        booked={
            "1400": "-58.30",
            "8400": "40.00",
            "1776": "7.60",
            "8300": "10.00",
            "1771": "0.70",
        },
    ),
    "Stornorechnung": Case(
        act=lambda house: house.storno(house.bill(a_line("100", quantity=Decimal(3)))),
        type_code="384",
        says={
            "preceding.0.number": "RE-2026-0001",
            "lines.0.quantity": "-3.0000",
            "totals.payable": "-357.00",
        },
        booked={"1400": "-357.00", "8400": "300.00", "1776": "57.00"},
    ),
    "Stornorechnung einer Schlussrechnung": Case(
        act=lambda house: house.storno(house.final(a_line("5000"), paid="1190")),
        type_code="384",
        says={"totals.payable": "-4760.00", "lines.1.quantity": "1"},
        booked={
            "1400": "-4760.00",
            "8400": "5000.00",
            "1718": "-1000.00",
            "1776": "760.00",
        },
    ),
}

TAXES = {
    "19 und 7 %": Case(
        act=lambda house: house.bill(a_line("100"), a_line("50", "DE7")),
        says={"totals.tax_total": "22.50", "totals.payable": "172.50"},
        booked={
            "1400": "172.50",
            "8400": "-100.00",
            "1776": "-19.00",
            "8300": "-50.00",
            "1771": "-3.50",
        },
    ),
    "Restaurant, Speisen und Getränke": Case(
        act=lambda house: house.bill(a_line("20", "DE7FOOD"), a_line("10")),
        says={"totals.tax_total": "3.30"},
        booked={
            "1400": "33.30",
            "8300": "-20.00",
            "1771": "-1.40",
            "8400": "-10.00",
            "1776": "-1.90",
        },
    ),
    "Z: Photovoltaik": Case(
        act=lambda house: house.bill(a_line("9000", "DE0")),
        says=vat("Z", "0.00", "9000.00", "0.00"),
        booked={"1400": "9000.00", "8290": "-9000.00"},
    ),
    "Z neben S": Case(
        act=lambda house: house.bill(a_line("9000", "DE0"), a_line("100")),
        says={"totals.payable": "9119.00"},
        booked={"1400": "9119.00", "8290": "-9000.00", "8400": "-100.00", "1776": "-19.00"},
    ),
    "E: Kleinunternehmer ohne USt-IdNr.": Case(
        company={"small_business": True, "vat_id": ""},
        act=lambda house: house.bill(a_line("100", "SMALL19")),
        says=vat("E", "0.00", "100.00", "0.00")
        | {"seller.vat_id": "", "seller.identifiers.0.value": "22/815/08154"},
        booked={"1400": "100.00", "8195": "-100.00"},
    ),
    "E: steuerfreie Vermietung": Case(
        act=lambda house: house.bill(a_line("800", "EXEMPT_12")),
        says={"vat_breakdown.0.category": "E", "totals.payable": "800.00"},
        booked={"1400": "800.00", "8105": "-800.00"},
    ),
    "AE: § 13b im Inland": Case(
        act=lambda house: house.to(vat_id="DE136695976").bill(a_line("100", "RC13B")),
        says=vat("AE", "0.00", "100.00", "0.00", "VATEX-EU-AE"),
        booked={"1400": "100.00", "8337": "-100.00"},
    ),
    "AE: Leistung in der EU": Case(
        act=lambda house: house.to(**DUTCH).bill(a_line("100", "EU_SERVICE")),
        says=vat("AE", "0.00", "100.00", "0.00", "VATEX-EU-AE")
        | {"buyer.vat_id": "NL004495445B01"},
        booked={"1400": "100.00", "8336": "-100.00"},
    ),
    "K: innergemeinschaftliche Lieferung": Case(
        act=lambda house: house.to(**DUTCH).bill(a_line("100", "EU_SUPPLY", unit="C62")),
        says=vat("K", "0.00", "100.00", "0.00", "VATEX-EU-IC")
        | {"delivery_address.country": "NL", "delivery_date": "2026-05-04"},
        booked={"1400": "100.00", "8125": "-100.00"},
    ),
    "G: Ausfuhr": Case(
        act=lambda house: house.to(**SWISS).bill(a_line("100", "EXPORT", unit="C62")),
        says=vat("G", "0.00", "100.00", "0.00", "VATEX-EU-G"),
        booked={"1400": "100.00", "8120": "-100.00"},
    ),
    "O: Leistung im Drittland": Case(
        act=lambda house: house.to(**SWISS).bill(a_line("100", "THIRD_SERVICE")),
        says={
            "vat_breakdown.0.category": "O",
            "lines.0.rate": "None",
            "seller.vat_id": "",
            "totals.payable": "100.00",
        },
        booked={"1400": "100.00", "8338": "-100.00"},
    ),
    "O: Schadenersatz": Case(
        act=lambda house: house.bill(a_line("100", "DAMAGES")),
        says={"vat_breakdown.0.category": "O"},
        booked={"1400": "100.00", "2700": "-100.00"},
    ),
}

AMOUNTS = {
    "Rabatt und Zuschlag je Position": Case(
        act=lambda house: house.bill(
            a_line("100", discount_percent=Decimal(10)),
            a_line("50", "DE7", discount_amount=Decimal(5)),
            a_line("20", "DE7", discount_percent=Decimal(-50)),
        ),
        says={
            "lines.0.allowances.0.amount": "10.00",
            "lines.1.allowances.0.amount": "5.00",
            "lines.2.allowances.0.charge": "True",
            "totals.payable": "187.35",
        },
        booked={
            "1400": "187.35",
            "8400": "-90.00",
            "1776": "-17.10",
            "8300": "-75.00",
            "1771": "-5.25",
        },
    ),
    "Rabatt und Fracht auf den Beleg": Case(
        act=lambda house: house.bill(
            a_line("100"),
            a_line("50", "DE7"),
            adjustments=[
                spread(percent="10", reason="Treuerabatt"),
                spread(amount="6.90", is_charge=True, reason="Fracht"),
            ],
        ),
        says={
            "allowances.0.reason": "Treuerabatt",
            "totals.allowance_total": "15.00",
            "totals.charge_total": "6.90",
            "totals.tax_exclusive": "141.90",
        },
        booked={
            "1400": "163.18",
            "8400": "-94.60",
            "1776": "-17.97",
            "8300": "-47.30",
            "1771": "-3.31",
        },
    ),
    "Bruttopreise mit einem Cent Rundung": Case(
        act=lambda house: house.bill(a_line("0.03"), prices_gross=True),
        says={"totals.rounding": "-0.01", "totals.payable": "0.03"},
        booked={"1400": "0.03", "8400": "-0.03", "1776": "-0.01", "2700": "0.01"},
    ),
    "Bruttopreise mit zwei Sätzen": Case(
        act=lambda house: house.bill(
            a_line("119", quantity=Decimal(2)), a_line("10.70", "DE7"), prices_gross=True
        ),
        says={"totals.payable": "248.70", "totals.tax_exclusive": "210.00"},
        booked={
            "1400": "248.70",
            "8400": "-200.00",
            "1776": "-38.00",
            "8300": "-10.00",
            "1771": "-0.70",
        },
    ),
    "Skonto in zwei Stufen": Case(
        act=lambda house: house.bill(
            payment_terms_days=30,
            cash_discounts=[{"days": 7, "percent": "3.00"}, {"days": 14, "percent": "2.00"}],
        ),
        says={
            "payment_terms": "#SKONTO#TAGE=7#PROZENT=3.00#\n#SKONTO#TAGE=14#PROZENT=2.00#\n"
            "Zahlbar bis 03.06.2026 ohne Abzug.",
            "due_date": "2026-06-03",
        },
        booked={"1400": "119.00", "8400": "-100.00", "1776": "-19.00"},
    ),
    "Fremdwährung mit Steuer in Euro": Case(
        act=lambda house: house.abroad(a_line("1000"), a_line("33.33", "DE7")),
        says={
            "currency": "USD",
            "tax_currency": "EUR",
            "totals.tax_total": "192.33",
            "totals.tax_total_accounting": "153.86",
        },
        booked={
            "1400": "980.52",
            "8400": "-800.00",
            "1776": "-152.00",
            "8300": "-26.66",
            "1771": "-1.86",
        },
    ),
    "Abschlagsrechnung in Fremdwährung": Case(
        act=lambda house: house.abroad(a_line("1000"), kind="advance", supply_date=None),
        type_code="326",
        says={"totals.tax_total": "190.00", "totals.tax_total_accounting": "152.00"},
        booked={"1400": "952.00", "1593": "-952.00"},
    ),
    "Schlussrechnung in Fremdwährung": Case(
        act=lambda house: house.final_abroad("1190"),
        says={
            "currency": "USD",
            "lines.1.net_amount": "-1000.00",
            "totals.tax_total": "760.00",
            "totals.tax_total_accounting": "633.33",
            "totals.payable": "4760.00",
        },
        booked={
            "1400": "3966.66",
            "8400": "-4242.42",
            "1718": "909.09",
            "1776": "-633.33",
        },
    ),
    "Storno einer Schlussrechnung in Fremdwährung": Case(
        act=lambda house: cancel(
            house.final_abroad("595"), reason="Irrtum", by=house.by, on=DAY.replace(month=7)
        ),
        type_code="384",
        says={"totals.tax_total": "-855.00", "totals.tax_total_accounting": "-712.50"},
        booked={
            "1400": "-4462.50",
            "8400": "4204.55",
            "1718": "-454.55",
            "1776": "712.50",
        },
    ),
    "Ist-Versteuerung in Fremdwährung": Case(
        act=lambda house: house.abroad(a_line("1000")),
        company={"cash_accounting_from": DAY.replace(month=1, day=1)},
        says={"totals.tax_total": "190.00", "totals.tax_total_accounting": "152.00"},
        booked={"1400": "952.00", "8400": "-800.00", "1766": "-152.00"},
    ),
    "Storno in Fremdwährung": Case(
        act=lambda house: house.storno(house.abroad(a_line("1000"))),
        type_code="384",
        says={"totals.tax_total_accounting": "-152.00"},
        booked={"1400": "-952.00", "8400": "800.00", "1776": "152.00"},
    ),
}

PLAIN = {"1400": "119.00", "8400": "-100.00", "1776": "-19.00"}
PARTICULARS = {
    "SEPA-Lastschrift": Case(
        act=lambda house: house.to(**BY_DEBIT).bill(payment_means="59"),
        says={
            "payment.means_code": "59",
            "payment.mandate_reference": "M-2026-17",
            "payment.creditor_id": "DE98ZZZ09999999999",
            "payment.debited_iban": "DE89370400440532013000",
            "payment.iban": "",
        },
        booked=PLAIN,
    ),
    "Karte": Case(
        act=lambda house: house.bill(
            payment_means="48", card_number="1234", card_holder="Eva Muster"
        ),
        says={"payment.means_code": "48", "payment.card_number": "1234"},
        booked=PLAIN,
    ),
    "Überweisung": Case(
        act=lambda house: house.bill(payment_means="30"),
        says={"payment.means_code": "30", "payment.iban": "DE02120300000000202051"},
        booked=PLAIN,
    ),
    "Dauerauftrag": Case(
        act=lambda house: house.bill(payment_means="57"),
        says={"payment.means_code": "57"},
        booked=PLAIN,
    ),
    "Factoring": Case(
        act=lambda house: house.bill(payee_name="Factor AG", payee_iban="DE89370400440532013000"),
        says={"payee.name": "Factor AG", "payment.iban": "DE89370400440532013000"},
        booked=PLAIN,
    ),
    "Lieferanschrift": Case(
        act=lambda house: house.bill(**DELIVERED),
        says={"delivery_name": "Lager Süd", "delivery_address.city": "Bremen"},
        booked=PLAIN,
    ),
    "Anlagen": Case(
        act=lambda house: house.enclosing(stunden=b"Tag;Stunden\n4.5.;8\n", orte=b"Ort\nKiel\n"),
        says={
            "attachments.0.filename": "stunden.csv",
            "attachments.1.media_type": "text/csv",
        },
        booked=PLAIN,
    ),
    "Zeitraum je Position": Case(
        act=lambda house: house.bill(
            a_line("60", period_start=APRIL[0], period_end=APRIL[1]),
            a_line("40"),
            supply_date=None,
            supply_start=APRIL[0],
            supply_end=APRIL[1],
        ),
        says={
            "period.start": "2026-04-01",
            "lines.0.period.end": "2026-04-30",
            "lines.1.period": "None",
        },
        booked=PLAIN,
    ),
    "Bezüge": Case(
        act=lambda house: house.bill(**REFERENCES),
        says={"buyer_reference": "Einkauf 7", **REFERENCES},
        booked=PLAIN,
    ),
    "Titel und Texte": Case(
        act=lambda house: house.bill(
            {"kind": "title", "name": "Erster Abschnitt"},
            {"kind": "text", "name": "Wie besprochen", "description": "am 3. Mai"},
            a_line("100"),
        ),
        says={"lines.0.note": "Erster Abschnitt\nWie besprochen\nam 3. Mai"},
        booked=PLAIN,
    ),
}

CASES = KINDS | TAXES | AMOUNTS | PARTICULARS
