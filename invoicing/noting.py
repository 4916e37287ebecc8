"""Noting: the words that the law wants on a document beside its tax cases, as dated data."""

import datetime
from dataclasses import dataclass

from invoicing.models import Invoice
from workmate.models import Company


@dataclass(frozen=True, kw_only=True)
class LegalNote:
    """Words that stand on every document (BT-22) issued from a day on."""

    text: str
    issued_from: datetime.date
    source: str


CASH_ACCOUNTING = LegalNote(
    text="Versteuerung nach vereinnahmten Entgelten",
    issued_from=datetime.date(2028, 1, 1),
    source="§ 14 Abs. 4 Satz 1 Nr. 6a UStG",
)


def legal_notes(invoice: Invoice, company: Company, issue_date: datetime.date) -> tuple[str, ...]:
    """The notes that a document issued on that day has to bear."""
    day = invoice.tax_day(issue_date)
    note = CASH_ACCOUNTING
    wanted = company.is_cash_accounting(day) and not company.is_small_business(day)
    if invoice.is_offer or not wanted or issue_date < note.issued_from:
        return ()
    return (note.text,)
