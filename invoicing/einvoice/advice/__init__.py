"""Explaining a broken rule in German, with the field of the invoice that it concerns."""

import re
from dataclasses import dataclass

from invoicing.einvoice.advice.document import DOCUMENT, PARTIES
from invoicing.einvoice.advice.lines import LINES
from invoicing.einvoice.advice.money import MONEY
from invoicing.einvoice.advice.texts import Text
from invoicing.einvoice.advice.vat import VAT

KNOWN: dict[str, Text] = {**DOCUMENT, **PARTIES, **LINES, **MONEY, **VAT}

_LINE = re.compile(
    r"(?:IncludedSupplyChainTradeLineItem|InvoiceLine|CreditNoteLine)(?:\[(\d+)\])?(?=/|$)"
)
_ALLOWANCE = re.compile(r"(?:SpecifiedTradeAllowanceCharge|AllowanceCharge)(?:\[(\d+)\])?(?=/|$)")
_VAT = re.compile(r"(?:ApplicableTradeTax|TaxSubtotal)(?:\[(\d+)\])?(?=/|$)")

_PARTS = (  # what a place in the document says about the field, most exact first
    (re.compile(r"(?:BuyerTradeParty|AccountingCustomerParty).*Address"), "buyer.address"),
    (re.compile(r"BuyerTradeParty|AccountingCustomerParty"), "buyer"),
    (re.compile(r"(?:SellerTradeParty|AccountingSupplierParty).*Address"), "seller.address"),
    (re.compile(r"(?:SellerTradeParty|AccountingSupplierParty).*Contact"), "seller.contact"),
    (re.compile(r"SellerTradeParty|AccountingSupplierParty"), "seller"),
    (re.compile(r"ShipToTradeParty|Delivery(?:Location|Address)"), "delivery_address"),
    (re.compile(r"IssueDateTime|/cbc:IssueDate"), "issue_date"),
    (re.compile(r"PaymentMeans"), "payment"),
    (re.compile(r"PaymentTerms"), "payment_terms"),
    (re.compile(r"MonetarySummation|LegalMonetaryTotal"), "totals"),
)
_LINE_PARTS = (
    (re.compile(r"BilledQuantity|InvoicedQuantity|CreditedQuantity"), "quantity"),
    (re.compile(r"SpecifiedTradeProduct|cac:Item"), "name"),
    (re.compile(r"NetPrice|cac:Price"), "net_price"),
    (re.compile(r"LineTotalAmount|LineExtensionAmount"), "net_amount"),
    (re.compile(r"Period"), "period"),
)

# What § 14 Abs. 4 and § 14a UStG demand; a broken rule elsewhere does not cost the input VAT.
_VAT_LAW = re.compile(
    r"number|issue_date|delivery_date|period|preceding|currency|lines|vat_breakdown|allowances|totals"
    r"|seller\.(?:name|address|vat_id|tax_number)|buyer\.(?:name|address|vat_id)"
)


_GENERIC = tuple(
    (re.compile(pattern), german)
    for pattern, german in (
        (
            r"Element(?: variant)? '(.+)' must occur exactly (\d+) times\.",
            "Das Element {} muss genau {}-mal vorkommen.",
        ),
        (
            r"Element(?: variant)? '(.+)' must occur at least (\d+) times\.",
            "Das Element {} muss mindestens {}-mal vorkommen.",
        ),
        (
            r"Element(?: variant)? '(.+)' may occur at maximum (\d+) times\.",
            "Das Element {} darf höchstens {}-mal vorkommen.",
        ),
        (
            r"Element(?: variant)? '(.+)' is marked as not used in the given context\.",
            "Das Element {} ist hier nicht vorgesehen.",
        ),
        (
            r"Attribute '?(@\w+)' marked as not used in the given context\.",
            "Das Attribut {} ist hier nicht vorgesehen.",
        ),
        (
            r"Attribute '(.+)' is required in this context\.",
            "Das Attribut {} ist hier Pflicht.",
        ),
        (r"Value of '(.+)' is not allowed\.", "Der Wert von {} ist nicht zulässig."),
    )
)


@dataclass(frozen=True)
class Advice:
    """A broken rule in plain German."""

    text: str
    advice: str = ""
    field: str = ""
    concerns_vat_law: bool = False


def explain(rule: str, location: str, original: str) -> Advice:
    """What the rule means, what to do and where; the official text for a rule we do not know."""
    if rule in KNOWN:
        text, what_to_do, template = KNOWN[rule]
        field = _fill(template, location)
    else:
        text, what_to_do, field = _generic(original), "", field_at(location)
    return Advice(text, what_to_do, field, concerns_vat_law(field))


def _generic(original: str) -> str:
    """The official text, in German where it is one of the sentences that Factur-X generates."""
    for pattern, german in _GENERIC:
        if match := pattern.fullmatch(original):
            return german.format(*match.groups())
    return original


def concerns_vat_law(field: str) -> bool:
    """Whether a field holds what § 14 or § 14a UStG demands of an invoice."""
    return _VAT_LAW.match(field) is not None


def field_at(location: str) -> str:
    """The field that a place in the document stands for, as exactly as the place tells."""
    line = _index(_LINE, location)
    if line is not None:
        part = next((name for pattern, name in _LINE_PARTS if pattern.search(location)), "")
        return f"lines.{line}.{part}".rstrip(".")
    if (vat := _index(_VAT, location)) is not None:
        return f"vat_breakdown.{vat}"
    if (allowance := _index(_ALLOWANCE, location)) is not None:
        return f"allowances.{allowance}"
    return next((field for pattern, field in _PARTS if pattern.search(location)), "")


def _fill(template: str, location: str) -> str:
    line = _index(_LINE, location)
    buyer = re.search(r"BuyerTradeParty|AccountingCustomerParty", location) is not None
    side = "buyer" if buyer else "seller"
    delivery = re.search(r"ShipToTradeParty|cac:Delivery", location) is not None
    return template.format(
        line=line or 0,
        at="" if line is None else f"lines.{line}.",
        allowance=_index(_ALLOWANCE, location) or 0,
        vat=_index(_VAT, location) or 0,
        party="delivery_address" if delivery else f"{side}.address",
        electronic=f"{side}.electronic_address",
        vat_id=f"{side}.vat_id",
    )


def _index(pattern: re.Pattern[str], location: str) -> int | None:
    """Zero-based, as in the model."""
    matches = pattern.findall(location)
    return int(matches[-1] or 1) - 1 if matches else None
