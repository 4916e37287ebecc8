"""How long our documents and their files are kept; see `workmate.retention`.

Invoices and what answers them are Buchungsbelege, quotes and order confirmations are commercial
letters. What is still owed holds its document back, and so does a younger document with the same
attachment.
"""

from django.db.models import Q, QuerySet
from django.db.models.functions import ExtractYear, Greatest, TruncDate

from invoicing.models import Attachment, Dispatch, Invoice
from invoicing.models.states import OFFERS
from workmate.models import Document
from workmate.retention import LETTERS, VOUCHERS, Kind, by_year, register


def _issued(offers: bool) -> QuerySet[Invoice]:
    """Issued documents with the day that their time begins with: the later of date and issue."""
    rows = Invoice.objects.issued().annotate(
        begun=Greatest("issue_date", TruncDate("issued_at")), begun_year=ExtractYear("begun")
    )
    return rows.filter(kind__in=OFFERS) if offers else rows.exclude(kind__in=OFFERS)


def _files(offers: bool, year: int) -> QuerySet[Document]:
    """The files of the documents of a year on which nothing is owed any more."""
    rows = _issued(offers).filter(begun_year=year)
    rows = rows.exclude(Q(open_item__isnull=False) & ~Q(open_item__outstanding=0))
    chosen = rows.values("pk")
    younger = Attachment.objects.exclude(invoice__in=chosen).values("file")
    enclosed = Attachment.objects.filter(invoice__in=chosen).exclude(file__in=younger)
    mails = Dispatch.objects.filter(invoice__in=chosen, mail__isnull=False)
    wanted = Q(pk__in=enclosed.values("file")) | Q(pk__in=mails.values("mail"))
    for name in ("pdf", "xml", "report"):
        wanted |= Q(pk__in=rows.filter(**{f"{name}__isnull": False}).values(name))
    return Document.objects.filter(wanted)


register(
    Kind(
        name="invoices",
        title="Rechnungen, Korrekturen und Stornorechnungen",
        years=VOUCHERS,
        basis="§ 147 Abs. 3 AO, § 14b Abs. 1 UStG (Buchungsbelege)",
        years_of=lambda: by_year(_issued(offers=False), "begun"),
        files=lambda year: _files(offers=False, year=year),
    )
)
register(
    Kind(
        name="offers",
        title="Angebote und Auftragsbestätigungen",
        years=LETTERS,
        basis="§ 147 Abs. 3 AO, § 257 Abs. 4 HGB (Handelsbriefe)",
        years_of=lambda: by_year(_issued(offers=True), "begun"),
        files=lambda year: _files(offers=True, year=year),
    )
)
