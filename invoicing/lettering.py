"""Lettering gives a document its letter: heading, texts, language and what else its page shows."""

from collections.abc import Iterator
from datetime import date

from invoicing import stationery
from invoicing.exchanging import exchange_of
from invoicing.gathering import Sources
from invoicing.letter import Advance, Font, Passage, PassageKind, ShownPrice, Side
from invoicing.models import Invoice, InvoiceLine, Letterhead
from invoicing.snapshot import Page
from invoicing.totals import ZERO


def page_of(sources: Sources, issue_date: date, paper: Letterhead | None = None) -> Page:
    """The page of a draft as it stands, on our letterhead; a customer may still be missing."""
    paper = paper or stationery.get()
    invoice, customer, account = sources.invoice, sources.customer, sources.money_account
    return Page(
        heading=invoice.get_kind_display(),
        intro=invoice.intro_text,
        customer_number=customer.number if customer else "",
        language=customer.language if customer else "de",
        bank_name=account.bank_name if account else "",
        logo=sources.company.logo_id,
        passages=tuple(_passages(sources)),
        gross_prices=tuple(_gross_prices(sources)),
        valid_until=invoice.valid_until if invoice.kind == Invoice.Kind.QUOTE else None,
        advances=tuple(
            Advance(
                number=one.number,
                issued_on=one.issued_on,
                net=one.net,
                tax=one.tax,
                gross=one.gross,
            )
            for one in sources.deductions
        ),
        exchange=exchange_of(invoice, issue_date),
        accent=paper.accent,
        font=Font(paper.font),
        logo_side=Side(paper.logo_side),
        return_line=paper.return_line,
        footer=paper.footer,
        show_girocode=paper.show_girocode,
        show_pay_code=paper.show_pay_code,
    )


def _passages(sources: Sources) -> Iterator[Passage]:
    """Titles and texts at their places; with two titles or more, each part has its sum."""
    titles = sum(line.kind == InvoiceLine.Kind.TITLE for line in sources.lines)
    above, summed, titled = 0, 0, False
    for line in sources.lines:
        if line.is_item:
            above += 1
            continue
        texts = list(filter(None, (line.name.strip(), line.description.strip())))
        if line.kind == InvoiceLine.Kind.TITLE and texts:
            if titles > 1 and titled and above > summed:
                yield Passage(kind=PassageKind.SUBTOTAL, before=above)
            summed, titled = above, True
            yield Passage(kind=PassageKind.TITLE, before=above, text=texts.pop(0))
        if texts:
            yield Passage(kind=PassageKind.TEXT, before=above, text="\n".join(texts))
    if titles > 1 and above > summed:
        yield Passage(kind=PassageKind.SUBTOTAL, before=above)


def _gross_prices(sources: Sources) -> Iterator[ShownPrice]:
    if sources.invoice.prices_gross:
        for line, amounts in zip(sources.items, sources.totals.lines, strict=True):
            yield ShownPrice(price=line.unit_price or ZERO, amount=amounts.shown)
        for share in (share for one in sources.deductions for share in one.shares if share.base):
            gross = share.base + share.tax
            yield ShownPrice(price=abs(gross), amount=-gross)
