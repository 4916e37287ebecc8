"""What German VAT law wants on an invoice, beyond the rules of EN 16931 and XRechnung.

Source: § 14 (4) and § 14a UStG, § 31 and § 34a UStDV; the official rules do not notice a missing
street or date of supply. Fields are those of our forms: `customer.city`, `lines.0.quantity`.
"""

from collections.abc import Callable, Iterator
from datetime import date

from invoicing import correcting, skonto
from invoicing.composing import Sources
from invoicing.einvoice.codes import UNITS
from invoicing.einvoice.countries import EU, vat_prefix
from invoicing.einvoice.report import Finding, FindingClass, Level
from invoicing.models import Customer, Invoice, InvoiceLine
from workmate.models import TaxCase

SMALL_BUSINESS = "SMALL19"  # the tax case of § 19 UStG
INTO_EU = {"EU_SUPPLY", "EU_SERVICE"}  # those of § 6a and § 3a (2) UStG: the customer owes the tax
MEMBER_PREFIXES = {vat_prefix(country) for country in EU - {"DE"}}


def _missing(rule: str, field: str, text: str, advice: str) -> Finding:
    return Finding(
        rule=rule,
        class_=FindingClass.CONTENT,
        level=Level.ERROR,
        text=text,
        advice=advice,
        field=field,
        concerns_vat_law=True,
    )


def check(sources: Sources, *, issue_date: date) -> Iterator[Finding]:
    """Everything that the law wants and this draft lacks, in the order of the form."""
    yield from _company(sources)
    yield from _customer(sources)
    yield from _supply(sources, issue_date)
    yield from _amount(sources)
    yield from _terms(sources)
    yield from correcting.check(sources)
    number = 0
    for index, line in enumerate(sources.lines):
        if line.is_item:
            number += 1
            yield from _line(sources, f"lines.{index}", number, line, issue_date)
    for index, one in enumerate(sources.adjustments):
        if one.tax_case:
            yield from _case(sources, f"adjustments.{index}", str(one), one.tax_case, issue_date)


def supplied_on(sources: Sources, issue_date: date) -> date:
    """The day that decides which tax rules hold: the (last) day of supply."""
    invoice = sources.invoice
    return invoice.supply_date or invoice.supply_end or invoice.supply_start or issue_date


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
            yield _missing("UStG-14-4-1", f"company.{name}", text, advice)
    if not (company.vat_id or company.tax_number):
        text = "Ihre Steuernummer oder USt-IdNr. fehlt."
        yield _missing("UStG-14-4-2", "company.tax_number", text, advice)
    elif not company.vat_id and _codes(sources) & INTO_EU:
        text = "Ihre USt-IdNr. fehlt; auf Rechnungen in andere EU-Staaten ist sie Pflicht."
        yield _missing("UStG-14a-1", "company.vat_id", text, advice)
    if sources.money_account is None or not sources.money_account.iban:
        yield _missing(
            "BG-17",
            "company.iban",
            "Es ist kein Bankkonto für Rechnungen festgelegt.",
            "Legen Sie unter Bank ein Konto an und wählen Sie „auf Rechnungen angeben“.",
        )


def _customer(sources: Sources) -> Iterator[Finding]:
    customer = sources.customer
    if customer is None:
        yield _missing(
            "UStG-14-4-1", "customer", "Der Kunde fehlt.", "Wählen Sie den Kunden der Rechnung."
        )
        return
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
            yield _missing("UStG-14-4-1", f"customer.{name}", text, advice)
    categories = {line.tax_case.category for line in sources.items if line.tax_case}
    if categories & {"K", "AE"} and not customer.vat_id:
        text = "Die USt-IdNr. des Kunden fehlt; ohne sie ist dieser Steuerfall nicht möglich."
        yield _missing("UStG-14a-3", "customer.vat_id", text, advice)
    elif _codes(sources) & INTO_EU and customer.vat_id[:2] not in MEMBER_PREFIXES:
        text = f"Die USt-IdNr. {customer.vat_id} ist nicht die eines anderen EU-Staats."
        advice = "Tragen Sie beim Kunden die USt-IdNr. ein, unter der er die Leistung bezieht."
        yield _missing("UStG-14a-3", "customer.vat_id", text, advice)


def _supply(sources: Sources, issue_date: date) -> Iterator[Finding]:
    invoice = sources.invoice
    start, end = invoice.supply_start, invoice.supply_end
    advice = "Geben Sie das Leistungsdatum oder den Leistungszeitraum an."
    if not (invoice.supply_date or start or end):
        text = "Der Zeitpunkt der Leistung fehlt."
        yield _missing("UStG-14-4-6", "supply_date", text, advice)
    elif bool(start) != bool(end):
        field = "supply_end" if start else "supply_start"
        text = "Der Leistungszeitraum braucht Beginn und Ende."
        yield _missing("UStG-14-4-6", field, text, advice)
    elif start and end and end < start:
        text = "Der Leistungszeitraum endet vor seinem Beginn."
        yield _missing("BR-29", "supply_end", text, advice)
    if not sources.items:
        yield _missing(
            "UStG-14-4-5",
            "lines",
            "Die Rechnung hat keine Positionen.",
            "Fügen Sie mindestens eine Position hinzu.",
        )


def _amount(sources: Sources) -> Iterator[Finding]:
    if sources.totals.payable < 0:
        yield _missing(
            "UStG-14-4-7",
            "lines",
            "Der Rechnungsbetrag ist negativ.",
            "Stornieren Sie die ursprüngliche Rechnung, statt einen Minusbetrag zu berechnen.",
        )


def _terms(sources: Sources) -> Iterator[Finding]:
    """How it is paid: what each way needs (BG-17, BG-18, BG-19)."""
    invoice, customer = sources.invoice, sources.customer
    for step in skonto.steps(invoice.cash_discounts):
        if step.days > invoice.payment_terms_days:
            text = f"Das Skonto von {step.text} läuft länger als das Zahlungsziel."
            advice = "Verlängern Sie das Zahlungsziel oder verkürzen Sie die Skontofrist."
            yield _missing("UStG-14-4-7", "cash_discounts", text, advice)
    if invoice.payment_means == Invoice.PaymentMeans.DIRECT_DEBIT:
        if not sources.company.creditor_id:
            text = "Ihre Gläubiger-Identifikationsnummer fehlt; ohne sie gibt es keine Lastschrift."
            advice = "Tragen Sie sie unter Einstellungen › Unternehmen › Rechnungen ein."
            yield _missing("BR-DE-30", "company.creditor_id", text, advice)
        if customer and not (customer.mandate_reference and customer.mandate_iban):
            text = "Der Kunde hat kein SEPA-Mandat."
            advice = "Ergänzen Sie Mandatsreferenz und IBAN beim Kunden oder ändern Sie den "
            advice += "Zahlungsweg."
            yield _missing("BR-DE-31", "customer.mandate_reference", text, advice)
    if invoice.payment_means == Invoice.PaymentMeans.CARD and not invoice.card_number:
        text = "Die letzten Ziffern der Karte fehlen."
        advice = "Geben Sie die letzten vier bis sechs Ziffern an."
        yield _missing("BR-DE-24", "card_number", text, advice)
    if bool(invoice.payee_name) != bool(invoice.payee_iban):
        field = "payee_iban" if invoice.payee_name else "payee_name"
        text = "Der abweichende Zahlungsempfänger braucht Name und IBAN."
        yield _missing("BR-17", field, text, "Ergänzen Sie die fehlende Angabe.")


def _line(
    sources: Sources, where: str, number: int, line: InvoiceLine, issue_date: date
) -> Iterator[Finding]:
    if not line.name.strip():
        text = f"Die Bezeichnung der Position {number} fehlt."
        advice = "Nennen Sie Art der Lieferung oder Leistung in handelsüblichen Worten."
        yield _missing("UStG-14-4-5", f"{where}.name", text, advice)
    if not line.quantity:
        text = f"Die Menge der Position {number} ist null."
        yield _missing("UStG-14-4-5", f"{where}.quantity", text, "Geben Sie die Menge an.")
    if line.unit_price is None:
        text = f"Der Einzelpreis der Position {number} fehlt."
        yield _missing("UStG-14-4-7", f"{where}.unit_price", text, "Geben Sie den Nettopreis an.")
    if line.unit not in UNITS:
        text = f"Die Einheit der Position {number} ist unbekannt."
        yield _missing("BR-CL-23", f"{where}.unit", text, "Wählen Sie eine Einheit aus der Liste.")
    yield from _period(where, number, line)
    if line.tax_case is None:
        text = f"Der Steuerfall der Position {number} fehlt."
        yield _missing("UStG-14-4-8", f"{where}.tax_case", text, "Wählen Sie den Steuerfall.")
        return
    yield from _case(sources, where, f"Position {number}", line.tax_case, issue_date)


def _period(where: str, number: int, line: InvoiceLine) -> Iterator[Finding]:
    start, end = line.period_start, line.period_end
    if bool(start) != bool(end):
        field = "period_end" if start else "period_start"
        text = f"Der Zeitraum der Position {number} braucht Beginn und Ende."
        yield _missing("BR-CO-20", f"{where}.{field}", text, "Ergänzen Sie das Datum.")
    elif start and end and end < start:
        text = f"Der Zeitraum der Position {number} endet vor seinem Beginn."
        yield _missing("BR-30", f"{where}.period_end", text, "Tauschen Sie die beiden Tage.")


def _case(
    sources: Sources, where: str, name: str, case: TaxCase, issue_date: date
) -> Iterator[Finding]:
    """Whether a tax case fits this company, this customer and this day."""
    day = supplied_on(sources, issue_date)
    for broken, text, advice in _TAX_RULES:
        if broken(sources, case):
            yield _missing("UStG-14-4-8", f"{where}.tax_case", f"{name}: {text}", advice)
    if day < case.valid_from or (case.valid_to and day > case.valid_to):
        text = f"{name}: Der Steuerfall gilt am {day:%d.%m.%Y} nicht."
        advice = "Wählen Sie den Steuerfall, der am Tag der Leistung galt."
        yield _missing("UStG-27-1", f"{where}.tax_case", text, advice)


_TAX_RULES: tuple[tuple[Callable[[Sources, TaxCase], bool], str, str], ...] = (
    (
        lambda s, case: s.company.small_business and case.code != SMALL_BUSINESS,
        "Als Kleinunternehmer weisen Sie keine Umsatzsteuer aus.",
        "Wählen Sie den Steuerfall „Kleinunternehmer § 19 UStG“.",
    ),
    (
        lambda s, case: not s.company.small_business and case.code == SMALL_BUSINESS,
        "§ 19 UStG gilt nur für Kleinunternehmer.",
        "Wählen Sie einen anderen Steuerfall oder ändern Sie die Angaben Ihres Unternehmens.",
    ),
    (
        lambda s, case: case.category in {"K", "AE"} and _is_consumer(s.customer),
        "Dieser Steuerfall setzt ein Unternehmen als Kunden voraus.",
        "Wählen Sie einen Steuerfall mit Umsatzsteuer oder ändern Sie die Art des Kunden.",
    ),
    (
        lambda s, case: case.category == "K" and not _elsewhere_in_eu(s.customer),
        "Der Kunde hat keine Adresse in einem anderen EU-Staat.",
        "Eine innergemeinschaftliche Lieferung geht in einen anderen Mitgliedstaat.",
    ),
    (
        lambda s, case: case.code == "EU_SERVICE" and not _elsewhere_in_eu(s.customer),
        "Der Kunde hat keine Adresse in einem anderen EU-Staat.",
        "Für Kunden in Deutschland gilt § 13b UStG oder ein Steuersatz.",
    ),
    (
        lambda s, case: case.category == "G" and _in_eu(s.customer),
        "Der Kunde hat seine Adresse in der EU.",
        "Eine Ausfuhr geht in ein Drittland; wählen Sie einen anderen Steuerfall.",
    ),
)


def _codes(sources: Sources) -> set[str]:
    return {line.tax_case.code for line in sources.items if line.tax_case}


def _is_consumer(customer: Customer | None) -> bool:
    return customer is not None and customer.kind == Customer.Kind.CONSUMER


def _in_eu(customer: Customer | None) -> bool:
    return customer is not None and customer.country in EU


def _elsewhere_in_eu(customer: Customer | None) -> bool:
    return customer is not None and customer.country != "DE" and _in_eu(customer)
