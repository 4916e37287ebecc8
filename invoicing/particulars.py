"""What German VAT law wants on an invoice, beyond the rules of EN 16931 and XRechnung.

Source: § 14 (4) and § 14a UStG, § 31 and § 34a UStDV; the official rules do not notice a missing
street or date of supply. Fields are those of our forms: `customer.city`, `lines.0.quantity`.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from invoicing import correcting, offered, prepaying, skonto
from invoicing.einvoice.codes import UNITS
from invoicing.einvoice.report import Finding
from invoicing.gathering import Sources
from invoicing.models import Customer, Invoice, InvoiceLine
from invoicing.taxing import check_case, check_together, hint, missing
from workmate.money import format_quantity


def check(sources: Sources, *, issue_date: date) -> Iterator[Finding]:
    """Everything that the law wants and this draft lacks, in the order of the form."""
    yield from _company(sources)
    yield from _customer(sources)
    if sources.invoice.is_offer:
        yield from offered.check(sources, issue_date=issue_date)
        yield from _rows(sources, issue_date)
        return
    yield from _supply(sources, issue_date)
    yield from _amount(sources)
    yield from _terms(sources, issue_date)
    yield from correcting.check(sources)
    yield from prepaying.check(sources)
    yield from _rows(sources, issue_date)
    yield from check_together(sources, issue_date)


def _rows(sources: Sources, issue_date: date) -> Iterator[Finding]:
    number = 0
    for index, line in enumerate(sources.lines):
        if line.is_item:
            number += 1
            yield from _line(sources, f"lines.{index}", number, line, issue_date)
    for index, one in enumerate(sources.adjustments):
        if one.tax_case:
            yield from check_case(
                sources, f"adjustments.{index}", str(one), one.tax_case, issue_date
            )


def _company(sources: Sources) -> Iterator[Finding]:
    company = sources.company
    advice = "Ergänzen Sie die Angabe unter Einstellungen › Unternehmen."
    for name, label in (
        ("name", "Die Firma"),
        ("street", "Die Straße"),
        ("post_code", "Die Postleitzahl"),
        ("city", "Der Ort"),
        ("country", "Das Land"),
    ):
        if not getattr(company, name).strip():
            text = f"{label} Ihres Unternehmens fehlt."
            yield missing("UStG-14-4-1", f"company.{name}", text, advice)
    if not (company.vat_id or company.tax_number):
        text = "Ihre Steuernummer oder USt-IdNr. fehlt."
        yield missing("UStG-14-4-2", "company.tax_number", text, advice)
    if sources.money_account is None or not sources.money_account.iban:
        yield missing(
            "BG-17",
            "company.iban",
            "Es ist kein Bankkonto für Rechnungen festgelegt.",
            "Legen Sie unter Bank ein Konto an und wählen Sie „auf Rechnungen angeben“.",
        )


def _customer(sources: Sources) -> Iterator[Finding]:
    customer = sources.customer
    if customer is None:
        yield missing(
            "UStG-14-4-1", "customer", "Der Kunde fehlt.", "Wählen Sie den Kunden der Rechnung."
        )
        return
    if sources.invoice.is_refused_to_customer:
        advice = "Heben Sie beim Kunden die Sperre auf, wenn er wieder beliefert wird."
        blocked = missing("CRM-SPERRE", "customer", customer.block_text, advice)
        yield replace(blocked, concerns_vat_law=False)
    advice = "Ergänzen Sie die Angabe beim Kunden."
    for name, label in (
        ("name", "Der Name"),
        ("street", "Die Straße"),
        ("post_code", "Die Postleitzahl"),
        ("city", "Der Ort"),
        ("country", "Das Land"),
    ):
        if not getattr(customer, name).strip():
            text = f"{label} des Kunden fehlt."
            yield missing("UStG-14-4-1", f"customer.{name}", text, advice)


def _supply(sources: Sources, issue_date: date) -> Iterator[Finding]:
    invoice = sources.invoice
    start, end = invoice.supply_start, invoice.supply_end
    advice = "Geben Sie das Leistungsdatum oder den Leistungszeitraum an."
    if not (invoice.supply_date or start or end) and invoice.kind != Invoice.Kind.ADVANCE:
        text = "Der Zeitpunkt der Leistung fehlt."
        yield missing("UStG-14-4-6", "supply_date", text, advice)
    elif bool(start) != bool(end):
        field = "supply_end" if start else "supply_start"
        text = "Der Leistungszeitraum braucht Beginn und Ende."
        yield missing("UStG-14-4-6", field, text, advice)
    elif start and end and end < start:
        text = "Der Leistungszeitraum endet vor seinem Beginn."
        yield missing("BR-29", "supply_end", text, advice)
    if not sources.items:
        yield missing(
            "UStG-14-4-5",
            "lines",
            "Die Rechnung hat keine Positionen.",
            "Fügen Sie mindestens eine Position hinzu.",
        )


def _amount(sources: Sources) -> Iterator[Finding]:
    if sources.totals.payable < 0 and not sources.deductions:
        yield missing(
            "UStG-14-4-7",
            "lines",
            "Der Rechnungsbetrag ist negativ.",
            "Stornieren Sie die ursprüngliche Rechnung, statt einen Minusbetrag zu berechnen.",
        )


def _terms(sources: Sources, issue_date: date) -> Iterator[Finding]:
    """How it is paid: what each way needs (BG-17, BG-18, BG-19)."""
    invoice, customer = sources.invoice, sources.customer
    for step in skonto.steps(invoice.cash_discounts):
        if step.days > invoice.payment_terms_days:
            text = f"Das Skonto von {step.text} läuft länger als das Zahlungsziel."
            advice = "Verlängern Sie das Zahlungsziel oder verkürzen Sie die Skontofrist."
            yield missing("UStG-14-4-7", "cash_discounts", text, advice)
    if invoice.payment_means == Invoice.PaymentMeans.DIRECT_DEBIT:
        if not sources.company.creditor_id:
            text = "Ihre Gläubiger-Identifikationsnummer fehlt; ohne sie gibt es keine Lastschrift."
            advice = "Tragen Sie sie unter Einstellungen › Unternehmen › Lastschrift und "
            advice += "Überweisung ein."
            yield missing("BR-DE-30", "company.creditor_id", text, advice)
        if customer and not (customer.mandate_reference and customer.mandate_iban):
            text = "Der Kunde hat kein SEPA-Mandat."
            advice = "Legen Sie beim Kunden ein SEPA-Mandat an oder ändern Sie den Zahlungsweg."
            yield missing("BR-DE-31", "customer.mandate_reference", text, advice)
        elif customer and (refusal := _useless(customer, issue_date)):
            text = f"Das SEPA-Mandat {customer.mandate_reference} {refusal}."
            advice = "Lassen Sie ein neues Mandat unterschreiben oder ändern Sie den Zahlungsweg."
            yield missing("BR-DE-31", "customer.mandate_reference", text, advice)
    if invoice.payment_means == Invoice.PaymentMeans.CARD and not invoice.card_number:
        text = "Die letzten Ziffern der Karte fehlen."
        advice = "Geben Sie die letzten vier bis sechs Ziffern an."
        yield missing("BR-DE-24", "card_number", text, advice)
    if bool(invoice.payee_name) != bool(invoice.payee_iban):
        field = "payee_iban" if invoice.payee_name else "payee_name"
        text = "Der abweichende Zahlungsempfänger braucht Name und IBAN."
        yield missing("BR-17", field, text, "Ergänzen Sie die fehlende Angabe.")


def _useless(customer: Customer, on: date) -> str:
    """Why the mandate that the invoice would name collects nothing; empty where it does."""
    named = customer.mandates.filter(reference=customer.mandate_reference)
    reasons = [str(one.refusal(on)) for one in named]
    return reasons[0] if reasons and all(reasons) else ""


def _line(
    sources: Sources, where: str, number: int, line: InvoiceLine, issue_date: date
) -> Iterator[Finding]:
    if not line.name.strip():
        text = f"Die Bezeichnung der Position {number} fehlt."
        advice = "Nennen Sie Art der Lieferung oder Leistung in handelsüblichen Worten."
        yield missing("UStG-14-4-5", f"{where}.name", text, advice)
    if not line.quantity:
        text = f"Die Menge der Position {number} ist null."
        yield missing("UStG-14-4-5", f"{where}.quantity", text, "Geben Sie die Menge an.")
    yield from _quantity(where, number, line)
    if line.unit_price is None:
        text = f"Der Einzelpreis der Position {number} fehlt."
        yield missing("UStG-14-4-7", f"{where}.unit_price", text, "Geben Sie den Nettopreis an.")
    if line.unit not in UNITS:
        text = f"Die Einheit der Position {number} ist unbekannt."
        yield missing("BR-CL-23", f"{where}.unit", text, "Wählen Sie eine Einheit aus der Liste.")
    yield from _period(where, number, line)
    if line.tax_case is None:
        text = f"Der Steuerfall der Position {number} fehlt."
        yield missing("UStG-14-4-8", f"{where}.tax_case", text, "Wählen Sie den Steuerfall.")
        return
    yield from check_case(sources, where, f"Position {number}", line.tax_case, issue_date)


def _quantity(where: str, number: int, line: InvoiceLine) -> Iterator[Finding]:
    """A hint where the quantity is outside of what the product is sold in."""
    product = line.product
    if product is None or not line.quantity:
        return
    least, most = product.min_quantity, product.max_quantity
    advice = "Prüfen Sie die Menge; stellen lässt sich der Beleg trotzdem."
    if least is not None and abs(line.quantity) < least:
        text = f"Die Menge der Position {number} liegt unter der Mindestmenge"
        yield hint("MENGE", f"{where}.quantity", f"{text} {format_quantity(least)}.", advice)
    if most is not None and abs(line.quantity) > most:
        text = f"Die Menge der Position {number} liegt über der Höchstmenge"
        yield hint("MENGE", f"{where}.quantity", f"{text} {format_quantity(most)}.", advice)


def _period(where: str, number: int, line: InvoiceLine) -> Iterator[Finding]:
    start, end = line.period_start, line.period_end
    if bool(start) != bool(end):
        field = "period_end" if start else "period_start"
        text = f"Der Zeitraum der Position {number} braucht Beginn und Ende."
        yield missing("BR-CO-20", f"{where}.{field}", text, "Ergänzen Sie das Datum.")
    elif start and end and end < start:
        text = f"Der Zeitraum der Position {number} endet vor seinem Beginn."
        yield missing("BR-30", f"{where}.period_end", text, "Tauschen Sie die beiden Tage.")
