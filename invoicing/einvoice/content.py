"""What § 14 UStG demands, the official rules do not check, and a file does not say.

For documents of others, so that nothing here is more than a warning: a detail may stand in an
annex, or not be due at all (small amounts and tickets, §§ 33 and 34 UStDV). Our own invoices are
judged by `invoicing.particulars` before they are issued.
"""

from invoicing.einvoice.parse import CII, NAMESPACES, Parsed
from invoicing.einvoice.report import Finding, FindingClass, Level
from invoicing.einvoice.rules import NO_INVOICES

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
