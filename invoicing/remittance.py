"""Remittance is how an invoice asks for its money: account, terms, GiroCode."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from invoicing import english, qr
from invoicing.einvoice import codes, skonto
from invoicing.einvoice.model import EInvoice
from invoicing.words import GERMAN, Words
from workmate.money import round_money
from workmate.templatetags.workmate import iban

# Interest on late payment as XRechnung writes it into BT-20, beside the steps of Skonto.
_INTEREST = re.compile(r"#VERZUG#TAGE=(?P<days>\d+)#PROZENT=(?P<percent>\d+\.\d\d)#.*")
_SKONTO = "#SKONTO#"
# What the headline of the box says already.
_SAID = re.compile(
    r"Zahlbar bis (zum )?[\d.]{10}( ohne Abzug)?\.?"
    r"|Wir ziehen den Betrag am [\d.]{10} per SEPA-Lastschrift ein\."
    r"|Der Betrag wird über Ihre Karte eingezogen\."
)
CREDIT_NOTE = "381"  # BT-3
_CARDS = frozenset({"48", "54", "55"})  # BT-81, BR-DE-24


@dataclass(frozen=True)
class Discount:
    """Skonto as a document grants it: until when, percent, and the amount in its currency."""

    until: date
    percent: Decimal
    amount: Decimal


def box(invoice: EInvoice, bank_name: str = "", say: Words = GERMAN) -> dict[str, Any] | None:
    """The payment box of the page; None on a credit and wherever nothing is owed."""
    if not is_owed(invoice):
        return None
    return {
        "headline": _headline(invoice, say),
        "account": [
            (label if label in ("IBAN", "BIC") else say(label), value)
            for label, value in _details(invoice, bank_name)
            if value
        ],
        "skonto": list(_skonto(invoice, say)),
        "skonto_columns": [say(label) for label in ("Zahlung bis", "Skonto", "Zahlbetrag")],
        "terms": list(terms(invoice, say)),
    }


def is_owed(invoice: EInvoice) -> bool:
    """Whether it asks for money; a credit note (381) says positive what is taken back."""
    return invoice.totals.payable > 0 and invoice.type_code != CREDIT_NOTE


def girocode(invoice: EInvoice, amount: Decimal | None = None) -> str | None:
    """The payload of the GiroCode for `amount` in EUR, which is what the document says is due
    unless given; None where nothing can be transferred with one.

    A name longer than its 70 characters is cut: the bank goes by the IBAN.
    """
    payment = invoice.payment
    due = invoice.totals.payable if amount is None else amount
    if invoice.currency != "EUR" or due <= 0 or not (is_owed(invoice) and is_transfer(invoice)):
        return None
    payee = invoice.payee.name if invoice.payee else invoice.seller.name
    name = " ".join((payment.account_name or payee).split())
    reference = " ".join((payment.remittance or invoice.number).split())
    try:
        return qr.epc_payload(name[:70], payment.iban, payment.bic, due, reference[:140])
    except ValueError:
        return None


def is_transfer(invoice: EInvoice) -> bool:
    """Whether the customer transfers the money to an account that the document names."""
    return bool(invoice.payment.iban) and invoice.payment.means_code in codes.CREDIT_TRANSFERS


def is_collected(invoice: EInvoice) -> bool:
    """Whether we take the money ourselves, so that nobody should pay on top."""
    return bool(invoice.payment.debited_iban) or invoice.payment.means_code in _CARDS


def terms(invoice: EInvoice, say: Words = GERMAN) -> Iterator[str]:
    """The payment terms (BT-20) as sentences; Skonto has a table of its own.

    "Payable by" is left out where the headline says it or the last line of that table.
    """
    for text in filter(None, map(str.strip, invoice.payment_terms.splitlines())):
        if term := _INTEREST.fullmatch(text):
            rate = say.percent(Decimal(term["percent"]))
            yield say(
                "Bei Zahlungsverzug ab {days} Tagen werden {rate} Zinsen berechnet.",
                days=int(term["days"]),
                rate=rate,
            )
        elif not text.startswith(_SKONTO) and not _SAID.fullmatch(text):
            yield text


def _details(invoice: EInvoice, bank_name: str) -> list[tuple[str, str]]:
    """What stands under the headline: the account, the mandate or the card."""
    payment = invoice.payment
    if is_transfer(invoice):
        payee = invoice.payee.name if invoice.payee else invoice.seller.name
        return [
            ("Empfänger", payment.account_name or payee),
            ("IBAN", iban(payment.iban)),
            ("BIC", " · ".join(filter(None, (payment.bic, bank_name)))),
            ("Verwendungszweck", payment.remittance or invoice.number),
        ]
    if payment.debited_iban:
        return [
            ("Mandatsreferenz", payment.mandate_reference),
            ("Gläubiger-ID", payment.creditor_id),
            ("Verwendungszweck", payment.remittance or invoice.number),
        ]
    card = f"•••• {payment.card_number}" if payment.card_number else ""
    return [("Karte", card), ("Karteninhaber", payment.card_holder)]


def _headline(invoice: EInvoice, say: Words) -> str:
    amount = say.money(invoice.totals.payable, invoice.currency)
    day = say.date(invoice.due_date) if invoice.due_date else ""
    if is_transfer(invoice):
        if day:
            return say("Bitte überweisen Sie {amount} bis {day}.", amount=amount, day=day)
        return say("Bitte überweisen Sie {amount}.", amount=amount)
    if account := invoice.payment.debited_iban:
        # Their own number, as far as they need to know which it is.
        account = f"{account[:4]} … {account[-4:]}"
        if day:
            return say(
                "Wir ziehen {amount} am {day} von Ihrem Konto {iban} ein.",
                amount=amount,
                day=day,
                iban=account,
            )
        return say("Wir ziehen {amount} von Ihrem Konto {iban} ein.", amount=amount, iban=account)
    if invoice.payment.means_code in _CARDS:
        return say("Wir ziehen {amount} über Ihre Karte ein.", amount=amount)
    if day:
        text = say("Zu zahlen bis {day}: {amount}", day=day, amount=amount)
    else:
        text = say("Zu zahlen: {amount}", amount=amount)
    names = english.PAYMENT_MEANS if say.code == "en" else codes.PAYMENT_MEANS
    means = names.get(invoice.payment.means_code, "")
    return f"{text} ({means})" if means else text


def discounts(invoice: EInvoice) -> Iterator[Discount]:
    """What the payment terms (BT-20) let the customer deduct, in the order of the document."""
    for one in skonto.read(invoice.payment_terms):
        base = invoice.totals.payable if one.base is None else one.base
        yield Discount(
            until=invoice.issue_date + timedelta(days=one.days),
            percent=one.percent,
            amount=round_money(base * one.percent / 100),
        )


def _skonto(invoice: EInvoice, say: Words) -> Iterator[list[str]]:
    """Until when, how much off, and what is then to be paid; the last line is without."""
    found = list(discounts(invoice))
    payable, currency = invoice.totals.payable, invoice.currency
    for one in found:
        off = f"{say.percent(one.percent)} ({say.money(one.amount, currency)})"
        yield [say.date(one.until), off, say.money(payable - one.amount, currency)]
    if found and invoice.due_date:
        due = say.date(invoice.due_date)
        yield [due, say("ohne Abzug"), say.money(payable, currency)]
