"""Whether the tax cases of a draft fit our company, the customer, the day, and each other.

Source: § 3a, § 4, § 12, § 13b, § 14a and § 19 UStG; BR-O-11 to 14 of EN 16931.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from invoicing.einvoice.countries import EU, vat_prefix
from invoicing.einvoice.report import Finding, FindingClass, Level
from invoicing.exchanging import exchange_of
from invoicing.gathering import Sources
from invoicing.models import Customer, Invoice
from workmate.ledger import turnover
from workmate.ledger.charts.tax_cases import SMALL_BUSINESS
from workmate.models import TaxCase
from workmate.money import format_amount

INTO_EU = {"EU_SUPPLY", "EU_SERVICE"}  # those of § 6a and § 3a (2) UStG: the customer owes the tax
MEMBER_PREFIXES = {vat_prefix(country) for country in EU - {"DE"}}
SWITCH = "Tragen Sie unter Einstellungen › Unternehmen › Steuern ein, bis wann § 19 UStG galt"


def missing(rule: str, field: str, text: str, advice: str) -> Finding:
    """A particular that the law wants: the document cannot be issued without it."""
    return Finding(
        rule=rule,
        class_=FindingClass.CONTENT,
        level=Level.ERROR,
        text=text,
        advice=advice,
        field=field,
        concerns_vat_law=True,
    )


def hint(rule: str, field: str, text: str, advice: str) -> Finding:
    """What somebody should look at; the document can be issued all the same."""
    return replace(missing(rule, field, text, advice), level=Level.WARNING)


def supplied_on(sources: Sources, issue_date: date) -> date:
    """The day that decides which tax rules hold: the (last) day of supply."""
    return sources.invoice.tax_day(issue_date)


def is_cash_accounted(sources: Sources, issue_date: date) -> bool:
    """Whether the VAT of the document is due when it is paid (§ 20 UStG).

    The day of supply decides, so that a change of the rule taxes nothing twice and leaves nothing
    untaxed (§ 20 sentence 3 UStG); a correction goes with its original. The VAT of an advance is
    due when it is paid anyway.
    """
    invoice = sources.invoice
    if invoice.corrects:
        return bool((invoice.corrects.snapshot or {}).get("cash_accounting"))
    day = supplied_on(sources, issue_date)
    return invoice.kind != Invoice.Kind.ADVANCE and sources.company.is_cash_accounting(day)


def check_case(
    sources: Sources, where: str, name: str, case: TaxCase, issue_date: date
) -> Iterator[Finding]:
    """Whether one tax case fits this company, this customer and this day."""
    day = supplied_on(sources, issue_date)
    for broken, text, advice in _RULES:
        if broken(sources, case, day):
            yield missing("UStG-14-4-8", f"{where}.tax_case", f"{name}: {text}", advice)
    if day < case.valid_from or (case.valid_to and day > case.valid_to):
        text = f"{name}: Der Steuerfall gilt am {day:%d.%m.%Y} nicht."
        advice = f"Wählen Sie den Steuerfall, der am Tag der Leistung galt. {case.explanation}"
        yield missing("UStG-27-1", f"{where}.tax_case", text, advice)


def check_together(sources: Sources, issue_date: date) -> Iterator[Finding]:
    """Whether the tax cases fit each other, the numbers of both sides, and the limits of § 19."""
    yield from _not_taxable(sources)
    yield from _numbers(sources)
    yield from _exchange(sources, issue_date)
    yield from _small_business(sources, issue_date)


def _not_taxable(sources: Sources) -> Iterator[Finding]:
    """What is not taxable stands alone (BR-O-11 to 14) and names no USt-IdNr. (BR-O-2)."""
    categories = {case.category for case in sources.cases}
    if "O" not in categories:
        return
    if len(categories) > 1:
        where, case = next(found for found in _placed(sources) if found[1].category == "O")
        yield missing(
            "BR-O-11",
            f"{where}.tax_case",
            f"„{case.name}“ lässt sich in einer E-Rechnung nicht mit anderen Steuerfällen mischen.",
            "Schreiben Sie dafür eine eigene Rechnung.",
        )
    if not sources.company.tax_number:
        yield missing(
            "BR-O-2",
            "company.tax_number",
            "Ihre Steuernummer fehlt; auf Rechnungen ohne steuerbare Leistung darf in der "
            "E-Rechnung keine USt-IdNr. stehen.",
            "Ergänzen Sie die Steuernummer unter Einstellungen › Unternehmen.",
        )


def _numbers(sources: Sources) -> Iterator[Finding]:
    customer, codes = sources.customer, {case.code for case in sources.cases}
    if not sources.company.vat_id and codes & INTO_EU and sources.company.tax_number:
        text = "Ihre USt-IdNr. fehlt; auf Rechnungen in andere EU-Staaten ist sie Pflicht."
        advice = "Ergänzen Sie die Angabe unter Einstellungen › Unternehmen."
        yield missing("UStG-14a-1", "company.vat_id", text, advice)
    if customer is None:
        return
    if {case.category for case in sources.cases} & {"K", "AE"} and not customer.vat_id:
        text = "Die USt-IdNr. des Kunden fehlt; ohne sie ist dieser Steuerfall nicht möglich."
        yield missing("UStG-14a-3", "customer.vat_id", text, "Ergänzen Sie die Angabe beim Kunden.")
    elif codes & INTO_EU and customer.vat_id[:2] not in MEMBER_PREFIXES:
        text = f"Die USt-IdNr. {customer.vat_id} ist nicht die eines anderen EU-Staats."
        advice = "Tragen Sie beim Kunden die USt-IdNr. ein, unter der er die Leistung bezieht."
        yield missing("UStG-14a-3", "customer.vat_id", text, advice)
    elif codes & INTO_EU and customer.vat_id_confirmed_on is None:
        yield hint(
            "UStG-18e",
            "customer.vat_id_confirmed_on",
            f"Für die USt-IdNr. {customer.vat_id} ist keine Bestätigung vermerkt.",
            "Fragen Sie sie beim Bundeszentralamt für Steuern ab und notieren Sie Tag und Ergebnis "
            "beim Kunden (§ 18e UStG); das schützt die Steuerfreiheit.",
        )


def _exchange(sources: Sources, issue_date: date) -> Iterator[Finding]:
    """A foreign currency needs a rate for the VAT in euro (§ 16 (6) UStG), with its source."""
    invoice = sources.invoice
    if invoice.currency != "EUR" and exchange_of(invoice, issue_date) is None:
        day = supplied_on(sources, issue_date)
        yield missing(
            "UStG-16-6",
            "exchange_rate",
            f"Der Umrechnungskurs für {invoice.currency} im Monat {day:%m/%Y} fehlt.",
            "Tragen Sie ihn unter Einstellungen › Umrechnungskurse ein; ein Kurs eines anderen "
            "Monats wird nicht verwendet.",
        )
    if invoice.currency != "EUR" and invoice.exchange_rate and not invoice.exchange_source.strip():
        text = "Die Quelle des Tageskurses fehlt."
        advice = "Nennen Sie Bank und Tag; der Beleg gehört zu Ihren Unterlagen."
        yield missing("UStG-16-6", "exchange_source", text, advice)


def _small_business(sources: Sources, issue_date: date) -> Iterator[Finding]:
    """The limits of § 19 (1) UStG: the sale that passes 100,000 € is taxable already."""
    found = [where for where, case in _placed(sources) if case.code == SMALL_BUSINESS]
    if not found or not sources.company.is_small_business(supplied_on(sources, issue_date)):
        return
    limits = turnover.limits(issue_date)
    total = limits.year.amount + _counted(sources)
    if total > limits.year.limit:
        yield missing(
            "UStG-19-1",
            f"{found[0]}.tax_case",
            f"Mit dieser Rechnung beträgt Ihr Umsatz {issue_date.year} {format_amount(total)} € "
            f"und damit mehr als {format_amount(limits.year.limit)} €; sie ist bereits "
            "steuerpflichtig.",
            f"{SWITCH}, und berechnen Sie diese Leistung mit Umsatzsteuer.",
        )
    if limits.before.is_passed:
        yield hint(
            "UStG-19-1",
            f"{found[0]}.tax_case",
            f"Ihr Umsatz {limits.before.year} betrug {format_amount(limits.before.amount)} € und "
            f"damit mehr als {format_amount(limits.before.limit)} €. Für {issue_date.year} sind "
            "Sie dann kein Kleinunternehmer mehr.",
            f"{SWITCH}, zum Beispiel bis 31.12.{limits.before.year}.",
        )


def _counted(sources: Sources) -> Decimal:
    """The net amount of the draft that belongs to the turnover of § 19 (2) UStG."""
    counted = {(case.category, case.rate) for case in sources.cases if case.counts_for_limit}
    return sources.invoice.sign * sum(
        (group.base for group in sources.totals.groups if (group.category, group.rate) in counted),
        Decimal(0),
    )


def _placed(sources: Sources) -> Iterator[tuple[str, TaxCase]]:
    """Every tax case with the path of its row."""
    for index, line in enumerate(sources.lines):
        if line.tax_case:
            yield f"lines.{index}", line.tax_case
    for index, one in enumerate(sources.adjustments):
        if one.tax_case:
            yield f"adjustments.{index}", one.tax_case


_RULES: tuple[tuple[Callable[[Sources, TaxCase, date], bool], str, str], ...] = (
    (
        lambda s, case, day: s.company.is_small_business(day) and not _fits_small_business(case),
        "Als Kleinunternehmer weisen Sie keine Umsatzsteuer aus.",
        "Wählen Sie den Steuerfall „Kleinunternehmer § 19 UStG“.",
    ),
    (
        lambda s, case, day: case.code == SMALL_BUSINESS and not s.company.is_small_business(day),
        "§ 19 UStG gilt nur für Kleinunternehmer.",
        "Wählen Sie einen anderen Steuerfall oder ändern Sie die Angaben Ihres Unternehmens.",
    ),
    (
        lambda s, case, day: case.category in {"K", "AE"} and _is_consumer(s.customer),
        "Dieser Steuerfall setzt ein Unternehmen als Kunden voraus.",
        "Wählen Sie einen Steuerfall mit Umsatzsteuer oder ändern Sie die Art des Kunden.",
    ),
    (
        lambda s, case, day: case.category == "K" and not _elsewhere_in_eu(s.customer),
        "Der Kunde hat keine Adresse in einem anderen EU-Staat.",
        "Eine innergemeinschaftliche Lieferung geht in einen anderen Mitgliedstaat.",
    ),
    (
        lambda s, case, day: case.code == "EU_SERVICE" and not _elsewhere_in_eu(s.customer),
        "Der Kunde hat keine Adresse in einem anderen EU-Staat.",
        "Für Kunden in Deutschland gilt § 13b UStG oder ein Steuersatz.",
    ),
    (
        lambda s, case, day: case.category == "G" and _in_eu(s.customer),
        "Der Kunde hat seine Adresse in der EU.",
        "Eine Ausfuhr geht in ein Drittland; wählen Sie einen anderen Steuerfall.",
    ),
    (
        lambda s, case, day: case.code.startswith("THIRD_") and _in_eu(s.customer),
        "Der Kunde hat seine Adresse in der EU.",
        "Für Kunden in einem anderen EU-Staat gibt es „0 % Dienstleistung an EU-Unternehmen“.",
    ),
    (
        lambda s, case, day: case.code == "THIRD_SERVICE" and _is_consumer(s.customer),
        "Dieser Steuerfall setzt ein Unternehmen als Kunden voraus.",
        "Für die Leistungen des § 3a Abs. 4 UStG gibt es „Katalogleistung an Privatperson“.",
    ),
    (
        lambda s, case, day: case.code == "THIRD_PRIVATE" and not _is_consumer(s.customer),
        "Dieser Steuerfall gilt nur für Privatpersonen.",
        "Wählen Sie „Dienstleistung an Unternehmen im Drittland“.",
    ),
)


def _fits_small_business(case: TaxCase) -> bool:
    """§ 19 UStG, and what is not taxable here or exempt for another reason anyway."""
    return case.category in {"O", "E"} or case.code == "EU_SERVICE"


def _is_consumer(customer: Customer | None) -> bool:
    return customer is not None and customer.kind == Customer.Kind.CONSUMER


def _in_eu(customer: Customer | None) -> bool:
    return customer is not None and customer.country in EU


def _elsewhere_in_eu(customer: Customer | None) -> bool:
    return customer is not None and customer.country != "DE" and _in_eu(customer)
