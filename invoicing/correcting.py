"""Correcting takes back a part of an issued invoice with a Rechnungskorrektur (381).

The draft begins with the lines of the original, at its tax rates; what stays right is deleted or
reduced. The document says its amounts positive, the books take them away. For each tax case no
more is taken back than the original billed less what was corrected before and less what Skonto
and write-offs have taken off.
Source: § 14 (6) and § 17 (1) UStG, § 31 (5) UStDV.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from django.db import transaction

from invoicing import contents, drafting, errors
from invoicing.einvoice.report import Finding, FindingClass, Level
from invoicing.gathering import Sources
from invoicing.models import Invoice
from invoicing.netting import deducted_from, total
from invoicing.snapshot import Snapshot, taxed_bases
from workmate.models import TaxCase, User
from workmate.money import format_amount


@transaction.atomic
def draft_correction(invoice: Invoice, *, by: User) -> Invoice:
    """A draft that takes back the whole of `invoice`; raises NOT_ISSUED, CANNOT_BE_CORRECTED."""
    _check(invoice)
    content = contents.content_of(invoice)
    header = {**content.header, "kind": Invoice.Kind.CORRECTION, "cash_discounts": []}
    if exchange := Snapshot.from_json(invoice.snapshot or {}).page.exchange:
        header |= {"exchange_rate": exchange.rate, "exchange_source": exchange.source}
    without_texts = {"intro_text": "", "closing_text": "", "notes": ""}
    return drafting.create_draft(
        contents.Content(
            header=header | without_texts, lines=content.lines, adjustments=content.adjustments
        ),
        corrects=invoice,
        by=by,
    )


def rest_of(original: Invoice) -> dict[str, Decimal]:
    """Net per tax case that may still be corrected.

    What Skonto and write-offs have taken off is taken off: no VAT is corrected twice (§ 17 UStG).
    """
    documents = [original, *original.corrections.issued()]
    parts = [part for one in documents for part in Snapshot.from_json(one.snapshot or {}).taxed]
    off = deducted_from(original)
    left = total([*parts, *(-part for part in off.values())])
    return {code: part.base for code, part in left.items()}


def check(sources: Sources) -> Iterator[Finding]:
    """Whether a correction fits its original: the same customer, and not too much."""
    original = sources.invoice.corrects
    if original is None:
        return
    if sources.customer is None or sources.customer.pk != original.customer_id:
        yield _finding("customer", f"Die Korrektur gehört zum Kunden der Rechnung {original}.")
    if any(line.tax_case is None for line in sources.items):
        return
    left = rest_of(original)
    for taxed in total(taxed_bases(sources)).values():
        if taxed.base > left.get(taxed.code, Decimal(0)):
            rest = format_amount(left.get(taxed.code, Decimal(0)))
            name = TaxCase.objects.filter(code=taxed.code).latest("valid_from").name
            text = f"Zu „{name}“ sind von {original} noch {rest} € netto zu korrigieren, "
            text += f"dieser Entwurf nimmt {format_amount(taxed.base)} € zurück."
            yield _finding(_field(sources, taxed.code), text)


def hold_original(sources: Sources) -> Sources:
    """Lock the original until the transaction ends and judge once more against rivals.

    Gives back the sources that know what is left of it now. Raises CANNOT_BE_CORRECTED and
    CORRECTS_TOO_MUCH.
    """
    pk = sources.invoice.corrects_id
    original = Invoice.objects.select_for_update(of=("self",)).get(pk=pk)
    _check(original)
    held = replace(sources)
    if found := list(check(held)):
        fields = {finding.field: [f"{finding.text} {finding.advice}"] for finding in found}
        raise errors.CORRECTS_TOO_MUCH(number=original.number, fields=fields)
    return held


def _check(invoice: Invoice) -> None:
    if invoice.status != Invoice.Status.ISSUED:
        raise errors.NOT_ISSUED()
    if not invoice.is_correctable:
        document = invoice.get_kind_display()
        raise errors.CANNOT_BE_CORRECTED(document=document, number=invoice.number)


def _field(sources: Sources, code: str) -> str:
    for index, line in enumerate(sources.lines):
        if line.is_item and line.tax_case and line.tax_case.code == code:
            return f"lines.{index}.unit_price"
    return "adjustments"


def _finding(field: str, text: str) -> Finding:
    return Finding(
        rule="UStG-14-6",
        class_=FindingClass.CONTENT,
        level=Level.ERROR,
        text=text,
        advice="Löschen oder kürzen Sie, was an der Rechnung richtig war. Was als Skonto oder "
        "Ausbuchung abgezogen ist, zählt nicht mehr; nehmen Sie den Abzug sonst zurück.",
        field=field,
        concerns_vat_law=True,
    )
