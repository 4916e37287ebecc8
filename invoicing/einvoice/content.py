"""What § 14 and § 14a UStG demand and the official rules do not check.

`check` judges an invoice of ours before it is issued: everything it finds is an error, because a
missing detail can cost the customer the input VAT. `missing_details` looks at a foreign document
and only warns: a detail may be in an annex, or not be due (§§ 33, 34 UStDV).
"""

from collections.abc import Callable, Iterator

from invoicing.einvoice import countries
from invoicing.einvoice.model import Address, EInvoice, Line
from invoicing.einvoice.parse import CII, NAMESPACES, Parsed
from invoicing.einvoice.report import Finding, FindingClass, Level
from invoicing.einvoice.rules import NO_INVOICES

_NO_POST_CODE = frozenset({"IE"})
_REVERSE_CHARGE = "steuerschuldnerschaft des leistungsempfängers"
_SELLER = "Ergänzen Sie die Angabe in den Firmendaten."
_BUYER = "Ergänzen Sie die Angabe beim Kunden."


def check(invoice: EInvoice) -> tuple[Finding, ...]:
    """What the law still misses on an invoice of ours, beside the field where it belongs."""
    found: list[Finding] = []
    for rules in (_parties, _document, _lines, _exemptions):
        found.extend(rules(invoice))
    return tuple(found)


def _error(rule: str, field: str, text: str, advice: str) -> Finding:
    return Finding(
        rule=f"UStG-{rule}",
        class_=FindingClass.CONTENT,
        level=Level.ERROR,
        text=text,
        advice=advice,
        field=field,
        concerns_vat_law=True,
    )


def _parties(invoice: EInvoice) -> Iterator[Finding]:
    """Full names and addresses, and a tax number (§ 14 Abs. 4 Nr. 1 and 2)."""
    seller, buyer = invoice.seller, invoice.buyer
    if not seller.name.strip():
        yield _error("14-4-1", "seller.name", "Der Name Ihres Unternehmens fehlt.", _SELLER)
    if not buyer.name.strip():
        yield _error("14-4-1", "buyer.name", "Der Name des Kunden fehlt.", _BUYER)
    yield from _address(seller.address, "seller", "in Ihrer Anschrift", _SELLER)
    yield from _address(buyer.address, "buyer", "in der Anschrift des Kunden", _BUYER)
    if not (seller.tax_number.strip() or seller.vat_id.strip()):
        yield _error(
            "14-4-2",
            "seller.tax_number",
            "Weder Ihre USt-IdNr. noch Ihre Steuernummer ist angegeben.",
            _SELLER,
        )


def _address(address: Address, side: str, where: str, advice: str) -> Iterator[Finding]:
    names = {
        "street": "Straße und Hausnummer",
        "post_code": "Die Postleitzahl",
        "city": "Der Ort",
        "country": "Das Land",
    }
    for field, name in names.items():
        if getattr(address, field).strip() or (field == "post_code" and _no_post_code(address)):
            continue
        verb = "fehlen" if field == "street" else "fehlt"
        yield _error("14-4-1", f"{side}.address.{field}", f"{name} {verb} {where}.", advice)


def _no_post_code(address: Address) -> bool:
    """Whether addresses of the country do without: demanded inside the EU only."""
    inside = address.country in ("", *countries.EU)
    return not inside or address.country in _NO_POST_CODE


def _document(invoice: EInvoice) -> Iterator[Finding]:
    if not invoice.number.strip():
        yield _error("14-4-4", "number", "Die Rechnungsnummer fehlt.", "Sie wird vergeben.")
    if not _has_supply_date(invoice):
        yield _error(
            "14-4-6",
            "delivery_date",
            "Der Zeitpunkt der Lieferung oder Leistung fehlt.",
            "Geben Sie ein Leistungsdatum oder einen Leistungszeitraum an; das gilt auch, wenn "
            "er mit dem Rechnungsdatum übereinstimmt.",
        )
    if invoice.type_code in ("381", "384") and not invoice.preceding:
        yield _error(
            "31-5",
            "preceding",
            "Die Berichtigung nennt keine ursprüngliche Rechnung.",
            "Geben Sie Nummer und Datum der Rechnung an, die berichtigt wird (§ 31 Abs. 5 UStDV).",
        )


def _has_supply_date(invoice: EInvoice) -> bool:
    period = invoice.period and (invoice.period.start or invoice.period.end)
    every_line = bool(invoice.lines) and all(line.period for line in invoice.lines)
    return bool(invoice.delivery_date or period or every_line)


def _lines(invoice: EInvoice) -> Iterator[Finding]:
    """Quantity and kind (§ 14 Abs. 4 Nr. 5)."""
    checks: dict[str, tuple[Callable[[Line], bool], str, str]] = {
        "name": (
            lambda line: bool(line.name.strip()),
            "Die Bezeichnung der Position fehlt.",
            "Beschreiben Sie Art der Ware oder Umfang der Leistung.",
        ),
        "quantity": (
            lambda line: line.quantity != 0,
            "Die Menge ist null.",
            "Geben Sie eine Menge an oder löschen Sie die Position.",
        ),
        "unit": (
            lambda line: bool(line.unit.strip()),
            "Die Einheit fehlt.",
            "Wählen Sie eine Einheit, zum Beispiel „Stück“.",
        ),
    }
    for index, line in enumerate(invoice.lines):
        for field, (fine, text, advice) in checks.items():
            if not fine(line):
                yield _error("14-4-5", f"lines.{index}.{field}", text, advice)


def _exemptions(invoice: EInvoice) -> Iterator[Finding]:
    """The reason in words where no tax is shown (§ 14 Abs. 4 Nr. 8, § 14a)."""
    for index, part in enumerate(invoice.vat_breakdown):
        field = f"vat_breakdown.{index}.reason"
        if part.category in ("E", "AE", "K", "G", "O") and not part.reason.strip():
            yield _error(
                "14-4-8",
                field,
                "Der Hinweis auf den Grund fehlt, aus dem keine Umsatzsteuer anfällt.",
                "Wählen Sie einen Steuerfall mit Hinweistext.",
            )
        elif part.category == "AE" and _REVERSE_CHARGE not in part.reason.casefold():
            yield _error(
                "14a-5",
                field,
                "Der vorgeschriebene Hinweis fehlt.",
                "Schreiben Sie „Steuerschuldnerschaft des Leistungsempfängers“.",
            )
    categories = {part.category for part in invoice.vat_breakdown}
    abroad = invoice.buyer.address.country in countries.EU - {"DE"}
    if "K" in categories or ("AE" in categories and abroad):
        yield from _both_vat_ids(invoice)


def _both_vat_ids(invoice: EInvoice) -> Iterator[Finding]:
    if not invoice.seller.vat_id.strip():
        yield _error("14a-3", "seller.vat_id", "Ihre USt-IdNr. fehlt.", _SELLER)
    if not invoice.buyer.vat_id.strip():
        yield _error("14a-3", "buyer.vat_id", "Die USt-IdNr. des Kunden fehlt.", _BUYER)


_TRADE = "rsm:SupplyChainTradeTransaction"
_AGREEMENT = f"{_TRADE}/ram:ApplicableHeaderTradeAgreement"
_DETAILS = (  # rule, German text, field, where CII and UBL keep it
    (
        "UStG-14-4-6",
        "Der Zeitpunkt der Lieferung oder Leistung ist nicht angegeben (§ 14 Abs. 4 Nr. 6 UStG).",
        "delivery_date",
        f"{_TRADE}//ram:OccurrenceDateTime | {_TRADE}//ram:BillingSpecifiedPeriod",
        "//cbc:ActualDeliveryDate | //cac:InvoicePeriod",
    ),
    (
        "UStG-14-4-1",
        "Straße oder Postfach des Rechnungsstellers fehlt (§ 14 Abs. 4 Nr. 1 UStG).",
        "seller.address.street",
        f"{_AGREEMENT}/ram:SellerTradeParty/ram:PostalTradeAddress/ram:LineOne",
        "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress/cbc:StreetName",
    ),
    (
        "UStG-14-4-1",
        "Straße oder Postfach des Rechnungsempfängers fehlt (§ 14 Abs. 4 Nr. 1 UStG).",
        "buyer.address.street",
        f"{_AGREEMENT}/ram:BuyerTradeParty/ram:PostalTradeAddress/ram:LineOne",
        "cac:AccountingCustomerParty/cac:Party/cac:PostalAddress/cbc:StreetName",
    ),
)


def missing_details(parsed: Parsed, guideline: str) -> list[Finding]:
    """Warnings on a foreign document: details of § 14 UStG that its XML does not hold."""
    findings = [
        _warning(rule, text, field)
        for rule, text, field, in_cii, in_ubl in _DETAILS
        if not parsed.root.xpath(in_cii if parsed.syntax == CII else in_ubl, namespaces=NAMESPACES)
    ]
    if guideline in NO_INVOICES:
        findings.append(
            _warning(
                "BMF-2024-10-15",
                "Die Profile MINIMUM und BASIC WL enthalten nicht alle Pflichtangaben und gelten "
                "in Deutschland nicht als Rechnung (BMF-Schreiben vom 15.10.2024).",
                "",
            )
        )
    return findings


def _warning(rule: str, text: str, field: str) -> Finding:
    return Finding(
        rule=rule,
        class_=FindingClass.CONTENT,
        level=Level.WARNING,
        text=text,
        advice="Bitten Sie den Rechnungssteller um eine vollständige Rechnung.",
        field=field,
        concerns_vat_law=True,
    )
