"""Claim: a usual invoice with its XML, GiroCode and pay code is a PDF/A-3a in under 150 ms, warm.

Beside it WeasyPrint alone on the same page, already made, so that the ratio says what we add:
typesetting, codes, embedding, and looking for characters that no font has.
"""

import ground  # first: it makes the database and sets Django up

from invoicing import pdf
from tests.invoicing import specimens

ROUNDS = 15
XML = b"<rsm:CrossIndustryInvoice>" + b"x" * 12_000 + b"</rsm:CrossIndustryInvoice>"


def main() -> None:
    pdf.warm_up()
    for name, make, target in (
        ("usual", specimens.usual, "<= 150 ms"),
        ("three_pages", lambda: specimens.long(45), ""),
    ):
        invoice, shown = make()
        images = pdf.images(invoice, shown)
        page = pdf.render_to_string("documents/invoice.html", pdf._context(invoice, shown, images))
        variants = {
            "pdf": lambda: pdf.render(invoice, shown, xml=XML),  # noqa: B023 — called in this turn
            "bare": lambda: pdf._lay_out(page, images).write_pdf(  # noqa: B023 — as above
                pdf_variant=pdf.VARIANT
            ),
        }
        ground.interleaved(2, **variants)
        taken = ground.interleaved(ROUNDS, **variants)
        ground.report(
            f"pdf.{name}",
            ms=taken["pdf"].ms,
            target=target,
            ratio=taken["pdf"].ratio(taken["bare"]),
            work_ms=taken["pdf"].work_ms,
        )


if __name__ == "__main__":
    main()
