"""Remittance is how an invoice asks for its money: account, terms, GiroCode."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from invoicing import qr
from invoicing.einvoice import codes
from invoicing.einvoice.model import EInvoice
from workmate.money import format_date, round_money
from workmate.templatetags.workmate import iban, money, percent

# BT-20 as XRechnung writes it: "#SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=100.00#"
_TERM = re.compile(
    r"#(?P<kind>SKONTO|VERZUG)#TAGE=(?P<days>\d+)#PROZENT=(?P<percent>\d+\.\d\d)#"
    r"(?:BASISBETRAG=(?P<base>-?\d+\.\d\d)#)?"
)


def box(invoice: EInvoice, bank_name: str = "") -> dict | None:
    """The payment box of the page; None on a Stornorechnung and wherever nothing is owed."""
    if invoice.totals.payable <= 0:
        return None
    amount = money(invoice.totals.payable, invoice.currency)
    until = f" bis {format_date(invoice.due_date)}" if invoice.due_date else ""
    account = []
    if _is_transfer(invoice):
        headline = f"Bitte überweisen Sie {amount}{until}."
        account = [
            ("Empfänger", invoice.payment.account_name or invoice.seller.name),
            ("IBAN", iban(invoice.payment.iban)),
            ("BIC", " · ".join(filter(None, (invoice.payment.bic, bank_name)))),
            ("Verwendungszweck", invoice.payment.remittance or invoice.number),
        ]
    else:
        means = codes.PAYMENT_MEANS.get(invoice.payment.means_code, "")
        headline = f"Zu zahlen{until}: {amount}" + (f" ({means})" if means else "")
    return {
        "headline": headline,
        "account": [(label, value) for label, value in account if value],
        "terms": list(terms(invoice)),
    }


def girocode(invoice: EInvoice) -> str | None:
    """The payload of the GiroCode; None where nothing can be transferred with one.

    A name longer than its 70 characters is cut: the bank goes by the IBAN.
    """
    payment, payable = invoice.payment, invoice.totals.payable
    if invoice.currency != "EUR" or payable <= 0 or not _is_transfer(invoice):
        return None
    name = " ".join((payment.account_name or invoice.seller.name).split())
    reference = " ".join((payment.remittance or invoice.number).split())
    try:
        return qr.epc_payload(name[:70], payment.iban, payment.bic, payable, reference[:140])
    except ValueError:
        return None


def terms(invoice: EInvoice) -> Iterator[str]:
    """The payment terms (BT-20) as sentences, Skonto in EUR and with its last day."""
    for text in filter(None, map(str.strip, invoice.payment_terms.splitlines())):
        term = _TERM.fullmatch(text)
        yield _term_sentence(term, invoice) if term else text


def _term_sentence(term: re.Match[str], invoice: EInvoice) -> str:
    days, rate = int(term["days"]), Decimal(term["percent"])
    if term["kind"] == "VERZUG":
        return f"Bei Zahlungsverzug ab {days} Tagen werden {percent(rate)} Zinsen berechnet."
    base = Decimal(term["base"]) if term["base"] else invoice.totals.payable
    discount = round_money(base * rate / 100)
    rest = money(invoice.totals.payable - discount, invoice.currency)
    last = format_date(invoice.issue_date + timedelta(days=days))
    return (
        f"{percent(rate)} Skonto bei Zahlung bis {last}: "
        f"{money(discount, invoice.currency)} Abzug, zu zahlen {rest}."
    )


def _is_transfer(invoice: EInvoice) -> bool:
    return bool(invoice.payment.iban) and invoice.payment.means_code in codes.CREDIT_TRANSFERS
