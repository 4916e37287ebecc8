"""Offering an issued document in the other formats, for whoever asks for them later.

They are written from the snapshot on demand, judged by the official rules and handed out only
where they are valid. Nothing of it is archived: the archived file remains the invoice.
"""

from collections.abc import Callable
from dataclasses import dataclass

from invoicing import errors
from invoicing.einvoice import cii, ubl, validate
from invoicing.einvoice.codes import Guideline
from invoicing.einvoice.report import Finding, Report
from invoicing.models import Customer, Invoice
from invoicing.snapshot import Snapshot
from workmate import documents
from workmate.models import Document


@dataclass(frozen=True, kw_only=True)
class Format:
    """One way to write an e-invoice; `key` is its part of the address."""

    key: str
    label: str
    use: str  # for whom it is, in one German sentence
    write: Callable[..., bytes]
    guideline: Guideline
    zugferd: bool = False  # also judged by the rules of Factur-X


FORMATS = (
    Format(
        key="xrechnung-ubl",
        label="XRechnung (UBL)",
        use="Für Portale und Programme, die XRechnung in der Syntax UBL verlangen.",
        write=ubl.write,
        guideline=Guideline.XRECHNUNG,
    ),
    Format(
        key="xrechnung-cii",
        label="XRechnung (CII)",
        use="Für Behörden und alle, die XRechnung verlangen.",
        write=cii.write,
        guideline=Guideline.XRECHNUNG,
    ),
    Format(
        key="zugferd-xml",
        label="ZUGFeRD-XML",
        use="Der maschinenlesbare Teil einer ZUGFeRD-Rechnung, Profil EN 16931.",
        write=cii.write,
        guideline=Guideline.EN16931,
        zugferd=True,
    ),
)
_ARCHIVED: dict[str, str] = {
    Customer.Format.XRECHNUNG: "xrechnung-cii",
    Customer.Format.XRECHNUNG_UBL: "xrechnung-ubl",
    Customer.Format.ZUGFERD: "zugferd-xml",
}


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An issued document in one format: its bytes, and whether they may leave."""

    format: Format
    file_name: str
    data: bytes
    archived: bool  # the original itself, as it was archived
    report: Report | None = None  # None for the original, which was judged when it was issued

    @property
    def valid(self) -> bool:
        return self.report is None or self.report.valid

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it is not offered, in German, each once."""
        if self.report is None:
            return ()
        missing = (f"{layer.name}: {layer.reason}" for layer in self.report.not_run)
        found = (f"{one.rule}: {one.text}" for one in self.findings)
        return (*found, *missing)

    @property
    def findings(self) -> list[Finding]:
        """The errors that keep it from being offered, each rule and text once."""
        errors = self.report.errors if self.report else ()
        return list({(one.rule, one.text): one for one in errors}.values())


def offers(invoice: Invoice) -> list[Offer]:
    """The document in every format; raises NOT_ISSUED for a draft, NO_INVOICE for an offer."""
    original, snapshot = _issued(invoice)
    return [_offer(invoice, original, snapshot, one) for one in FORMATS]


def offer(invoice: Invoice, key: str) -> Offer:
    """The document in one format.

    Raises NOT_ISSUED, NO_INVOICE, FORMAT_UNKNOWN, and FORMAT_NOT_VALID with the reasons.
    """
    original, snapshot = _issued(invoice)
    wanted = next((one for one in FORMATS if one.key == key), None)
    if wanted is None:
        raise errors.FORMAT_UNKNOWN(formats=", ".join(one.key for one in FORMATS))
    made = _offer(invoice, original, snapshot, wanted)
    if not made.valid:
        raise errors.FORMAT_NOT_VALID(
            number=invoice.number, format=wanted.label, reasons=" ".join(made.reasons)
        )
    return made


def _issued(invoice: Invoice) -> tuple[Document, Snapshot]:
    """The archived XML and the snapshot; raises NOT_ISSUED, and NO_INVOICE for an offer."""
    if invoice.status != Invoice.Status.ISSUED:
        raise errors.NOT_ISSUED()
    if invoice.xml is None:
        raise errors.NO_INVOICE(number=invoice.number)
    return invoice.xml, Snapshot.from_json(invoice.snapshot or {})


def _offer(invoice: Invoice, original: Document, snapshot: Snapshot, wanted: Format) -> Offer:
    if _ARCHIVED.get(invoice.einvoice_format) == wanted.key:
        data = documents.read(original)
        return Offer(format=wanted, file_name=original.filename, data=data, archived=True)
    data = wanted.write(snapshot.with_files(), guideline=wanted.guideline)
    report = validate.validate(data, as_zugferd=wanted.zugferd, with_content=False)
    name = f"{invoice.number}-{wanted.key.removesuffix('-xml')}.xml"
    return Offer(format=wanted, file_name=name, data=data, archived=False, report=report)
