"""Sparkasse: CSV-CAMT (V2 and V8 share their columns) and CSV-MT940, both without a head.

The amount is in `Betrag`, not in `Lastschrift Ursprungsbetrag`. Pending bookings stand among the
others with the note `Umsatz vorgemerkt`. CSV-MT940 keeps the BIC under `BLZ` and the references
inside the purpose.
"""

from collections.abc import Sequence

from banking.csv_formats import values
from banking.csv_formats.columns import Columns
from banking.csv_formats.purpose import reference, take_apart
from banking.csv_formats.table import Cells, CsvFormat, NotABookingError
from banking.statement import Head, Row


def _read_head(lines: Sequence[Sequence[str]]) -> Head:
    return Head()


def _read_row(cells: Cells) -> Row:
    booked_on = values.day(cells["Buchungstag"])
    if booked_on is None:
        raise NotABookingError(f"kein Buchungstag: „{cells['Buchungstag'][:40]}“")
    amount = values.amount(cells["Betrag"])
    if amount is None:
        raise NotABookingError(f"Betrag nicht lesbar: „{cells['Betrag'][:40]}“")
    purpose = take_apart(cells["Verwendungszweck"])
    return Row(
        line=cells.line,
        account=values.squeeze(cells["Auftragskonto"]).replace(" ", "").upper(),
        booked_on=booked_on,
        value_on=values.day(cells["Valutadatum"]),
        amount=amount,
        currency=cells["Waehrung"].upper(),
        counterparty_name=values.squeeze(cells["Beguenstigter/Zahlungspflichtiger"]),
        counterparty_iban=values.iban(cells.get("Kontonummer/IBAN", "Kontonummer")),
        counterparty_bic=values.bic(cells.get("BIC (SWIFT-Code)", "BLZ")),
        purpose=purpose.text,
        end_to_end_id=reference(cells.get("Kundenreferenz (End-to-End)")) or purpose.end_to_end_id,
        mandate=reference(cells.get("Mandatsreferenz")) or purpose.mandate,
        creditor_id=reference(cells.get("Glaeubiger ID")) or purpose.creditor_id,
        booking_text=values.squeeze(cells["Buchungstext"]),
        pending="vorgemerkt" in cells["Info"].casefold(),
        raw=tuple(cells.values),
    )


SPARKASSE_CAMT = CsvFormat(
    key="sparkasse-camt",
    title="Sparkasse CSV-CAMT",
    required=(
        "Auftragskonto",
        "Buchungstag",
        "Valutadatum",
        "Buchungstext",
        "Verwendungszweck",
        "Glaeubiger ID",
        "Mandatsreferenz",
        "Kundenreferenz (End-to-End)",
        "Sammlerreferenz",
        "Lastschrift Ursprungsbetrag",
        "Auslagenersatz Ruecklastschrift",
        "Beguenstigter/Zahlungspflichtiger",
        "Kontonummer/IBAN",
        "BIC (SWIFT-Code)",
        "Betrag",
        "Waehrung",
        "Info",
    ),
    optional=("Kategorie",),
    read_head=_read_head,
    read_row=_read_row,
)

SPARKASSE_MT940 = CsvFormat(
    key="sparkasse-mt940",
    title="Sparkasse CSV-MT940",
    required=(
        "Auftragskonto",
        "Buchungstag",
        "Valutadatum",
        "Buchungstext",
        "Verwendungszweck",
        "Beguenstigter/Zahlungspflichtiger",
        "Kontonummer",
        "BLZ",
        "Betrag",
        "Waehrung",
        "Info",
    ),
    optional=("Kategorie",),
    read_head=_read_head,
    read_row=_read_row,
)

SPARKASSE_CARD = CsvFormat(
    key="sparkasse-karte",
    title="Sparkasse Kreditkarte",
    required=(
        "Umsatz getätigt von",
        "Belegdatum",
        "Buchungsdatum",
        "Originalbetrag",
        "Originalwährung",
        "Umrechnungskurs",
        "Buchungsbetrag",
        "Buchungswährung",
        "Transaktionsbeschreibung",
        "Transaktionsbeschreibung Zusatz",
        "Buchungsreferenz",
    ),
    others=True,
    read_head=_read_head,
    read_row=Columns(
        booked_on="Buchungsdatum",
        value_on="Belegdatum",
        amount="Buchungsbetrag",
        currency="Buchungswährung",
        purpose=("Transaktionsbeschreibung", "Transaktionsbeschreibung Zusatz"),
        original=("Originalbetrag", "Originalwährung"),
    ).read_row,
)
