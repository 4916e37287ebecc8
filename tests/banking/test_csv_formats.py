"""Every known export is read to the cent; what is odd about a file is said, never guessed."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking import errors
from banking.csv_formats import FORMATS, read_statement
from banking.csv_formats.reading import MAX_SIZE
from banking.statement import BalanceCheck, Skipped
from tests.banking.exports import EXPORTS
from tests.banking.statements import (
    ING_COLUMNS,
    SPARKASSE_CAMT_COLUMNS,
    dkb,
    dkb_old,
    ing,
    sparkasse_camt,
    sparkasse_mt940,
)
from tests.problems import raises_problem
from workmate.errors import Problem

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "bank"
BOOKINGS = [
    ("29.09.2026", "Müller & Söhne GmbH", "RE-2026-0001", 119_000),
    ("28.09.2026", "Stadtwerke", "Abschlag September", -7_100),
    ("28.09.2026", "Stadtwerke", "Abschlag September", -7_100),
]


def expectations() -> list[tuple[str, int, Decimal]]:
    if not SAMPLES.exists():
        return []
    with (SAMPLES / "EXPECTED.tsv").open() as file:
        return [
            (row["file"], int(row["transactions"]), Decimal(row["sum_of_amounts"]))
            for row in csv.DictReader(file, delimiter="\t")
        ]


def csv_samples() -> list[str]:
    found = (path for path in SAMPLES.glob("*/*") if path.suffix.lower() == ".csv")
    return sorted(str(path.relative_to(SAMPLES)) for path in found)


@pytest.mark.skipif(not SAMPLES.exists(), reason="../shared/samples/bank is not here")
@pytest.mark.parametrize("name", csv_samples())
def test_every_public_sample_has_a_format(name):
    assert read_statement((SAMPLES / name).read_bytes()).rows


@pytest.mark.parametrize("key", EXPORTS)
def test_every_bank_is_read_by_its_own_header(key):
    data, amounts, name, balance_check = EXPORTS[key]
    statement = read_statement(data)
    assert statement.format == key
    assert [f"{row.amount:.2f}" for row in statement.rows] == amounts
    assert statement.rows[0].counterparty_name == name
    assert {row.booked_on for row in statement.rows} <= {date(2026, 10, 5), date(2026, 10, 6)}
    assert statement.balance_check == balance_check
    assert statement.warnings == ()


def test_every_format_has_an_export_of_its_own_in_the_tests():
    older = {"ing", "sparkasse-camt", "sparkasse-mt940", "dkb", "dkb-alt"}
    assert {known.key for known in FORMATS} == older | set(EXPORTS)


def test_a_payment_at_half_past_eleven_in_london_is_of_the_next_day_here():
    header, _, row = EXPORTS["revolut"][0].decode().partition("\n")
    late = row.replace("2026-10-05 10:00:00", "2025-12-31 23:30:00")
    (read,) = read_statement(f"{header}\n{late}".encode()).rows
    assert read.booked_on == date(2026, 1, 1)


def test_a_paypal_conversion_becomes_one_booking_and_names_the_rows_it_contains():
    statement = read_statement(EXPORTS["paypal-de"][0])
    converted = statement.rows[1]
    assert (converted.amount, converted.currency) == (Decimal("-50.00"), "EUR")
    assert converted.original == (Decimal("-54.00"), "USD")
    assert statement.skipped == (
        Skipped(4, "Währungsumrechnung, enthalten in Zeile 3"),
        Skipped(5, "Währungsumrechnung, enthalten in Zeile 3"),
    )


def test_fees_are_contained_in_the_amount_and_kept_beside_it():
    assert [read_statement(EXPORTS[key][0]).rows[0].fee for key in ("revolut", "stripe")] == [
        Decimal("0.50"),
        Decimal("1.50"),
    ]


def test_a_sumup_payout_leaves_on_its_own_day_and_what_is_not_known_is_named():
    statement = read_statement(EXPORTS["sumup"][0])
    paid, left, planned = statement.rows
    assert (paid.booked_on, paid.fee, paid.pending) == (date(2026, 10, 5), Decimal("1.65"), False)
    assert (left.booked_on, left.fee) == (date(2026, 10, 6), Decimal(0))
    assert left.purpose == "Auszahlung SUMUP 7"
    assert planned.pending
    assert [one.reason for one in statement.skipped] == [
        "nicht ausgeführt: „Fehlgeschlagen“",
        "Transaktionsart nicht bekannt: „Rückerstattung“",
    ]


def test_a_comdirect_booking_that_is_still_open_is_pending_on_the_day_of_the_card():
    pending = read_statement(EXPORTS["comdirect"][0]).pending
    assert [row.booked_on for row in pending] == [date(2026, 10, 6)]


@pytest.mark.skipif(not SAMPLES.exists(), reason="../shared/samples/bank is not here")
@pytest.mark.parametrize(("name", "count", "total"), expectations())
def test_public_samples_are_exact_in_count_and_sum(name, count, total):
    statement = read_statement((SAMPLES / name).read_bytes())
    assert (len(statement.rows), statement.total) == (count, total)
    assert statement.skipped == ()


@pytest.mark.skipif(not SAMPLES.exists(), reason="../shared/samples/bank is not here")
def test_the_public_ing_file_was_saved_broken_and_its_balances_still_prove_it():
    statement = read_statement(
        (SAMPLES / "ing/Umsatzanzeige_DE00000105170000890000_20190403.csv").read_bytes()
    )
    assert statement.balance_check == BalanceCheck.OK
    assert statement.closing_balance == Decimal("126.08")
    assert "Spaltenüberschriften sind beschädigt" in statement.warnings[0]
    assert "6 Zeichen sind in der Datei zerstört" in statement.warnings[1]


@pytest.mark.parametrize("variant", ING_COLUMNS)
def test_every_ing_variant_is_read(variant):
    statement = read_statement(ing(BOOKINGS, variant=variant))
    assert statement.format == "ing"
    assert statement.encoding == "cp1252"
    assert statement.iban == "DE89370400440532013000"
    assert [row.amount for row in statement.rows] == [
        Decimal("1190.00"),
        Decimal("-71.00"),
        Decimal("-71.00"),
    ]
    first = statement.rows[0]
    assert (first.counterparty_name, first.purpose) == (
        "Müller & Söhne GmbH",
        "RE-2026-0001",
    )
    assert (first.booked_on, first.value_on) == (date(2026, 9, 29), date(2026, 9, 29))
    assert first.currency == "EUR"
    assert statement.warnings == ()
    assert statement.balance_check == (
        BalanceCheck.ABSENT if variant == "2025" else BalanceCheck.OK
    )


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_ing_is_read_in_every_encoding(encoding):
    statement = read_statement(ing(BOOKINGS, encoding=encoding))
    assert statement.encoding in {encoding, "cp1252"}
    assert statement.rows[0].counterparty_name == "Müller & Söhne GmbH"


def test_an_ing_row_without_its_booking_text_keeps_name_purpose_and_amount():
    data = ing([], variant="2025") + (
        b"28.11.2025;28.11.2025;Rente;97052181157 RV-RENTE 11.2025;2.647,74;EUR\n"
    )
    (row,) = read_statement(data).rows
    assert (row.counterparty_name, row.booking_text) == ("Rente", "")
    assert row.purpose == "97052181157 RV-RENTE 11.2025"
    assert row.amount == Decimal("2647.74")


def test_an_ing_purpose_may_hold_semicolons_and_quotation_marks():
    data = ing([], variant="2025") + (
        b'28.11.2025;28.11.2025;Buchladen;Lastschrift;"Zeit; Sein;-12,00;EUR\n'
        b"27.11.2025;27.11.2025;Kiosk;Lastschrift;Tabak;-5,00;EUR\n"
    )
    first, second = read_statement(data).rows
    assert first.purpose == '"Zeit; Sein'
    assert (first.amount, second.amount) == (Decimal("-12.00"), Decimal("-5.00"))


def test_an_ing_file_padded_by_a_spreadsheet_is_read():
    padded = b"\n".join(line + b";;;;" for line in ing(BOOKINGS).splitlines())
    statement = read_statement(padded)
    assert len(statement.rows) == 3
    assert statement.skipped == ()


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("Währung", "W?hrung"),
        ("Währung", "W\ufffdhrung"),
        ("Währung", "Whrung"),
        ("Währung", "Waehrung"),
    ],
)
def test_damaged_headers_are_read_with_a_warning(good, bad):
    data = ing(BOOKINGS, encoding="utf-8").decode().replace(good, bad).encode()
    statement = read_statement(data)
    assert len(statement.rows) == 3
    assert any("Spaltenüberschriften sind beschädigt" in text for text in statement.warnings)


def test_a_changed_amount_breaks_the_balance_chain():
    data = ing(BOOKINGS).replace(b";-71,00;", b";-70,00;", 1)
    assert read_statement(data).balance_check == BalanceCheck.DIFFERS


def test_a_missing_row_breaks_the_balance_chain():
    lines = ing(BOOKINGS).splitlines()
    assert read_statement(b"\n".join([*lines[:-2], lines[-1]])).balance_check == "differs"


def test_the_balance_in_the_head_counts_only_when_the_period_reaches_the_day_of_export():
    wrong = ing(BOOKINGS).replace(b"\nSaldo;", b"\nSaldo;9")
    assert read_statement(wrong).balance_check == BalanceCheck.DIFFERS
    later = ing(BOOKINGS, created="15.11.2026").replace(b"\nSaldo;", b"\nSaldo;9")
    assert read_statement(later).balance_check == BalanceCheck.OK


def test_balances_hold_in_ascending_files_as_well():
    lines = ing(BOOKINGS).splitlines()
    ascending = b"\n".join([*lines[:-3], *reversed(lines[-3:])])
    statement = read_statement(ascending)
    assert statement.balance_check == BalanceCheck.OK
    assert statement.opening_balance == Decimal("1000.00")
    assert statement.closing_balance == Decimal("2048.00")


def test_sparkasse_camt_keeps_pending_rows_apart():
    statement = read_statement(
        sparkasse_camt(
            [
                {
                    "Info": "Umsatz vorgemerkt",
                    "Betrag": "-1143,41",
                    "Valutadatum": "09.10.26",
                },
                {
                    "Verwendungszweck": "Rechnung RE-2026-0001",
                    "Kundenreferenz (End-to-End)": "NOTPROVIDED",
                    "Mandatsreferenz": "M-1",
                    "Glaeubiger ID": "DE94ZZZ00000000002",
                    "Beguenstigter/Zahlungspflichtiger": "Kundig GmbH",
                    "Kontonummer/IBAN": "DE02120300000000202051",
                    "BIC (SWIFT-Code)": "BYLADEM1001",
                    "Lastschrift Ursprungsbetrag": "7,00",
                },
            ]
        )
    )
    assert statement.format == "sparkasse-camt"
    assert [row.amount for row in statement.pending] == [Decimal("-1143.41")]
    (row,) = statement.booked
    assert row.amount == Decimal("119.00")
    assert (row.end_to_end_id, row.mandate) == ("", "M-1")
    assert row.counterparty_iban == "DE02120300000000202051"
    assert row.counterparty_bic == "BYLADEM1001"
    assert row.booked_on == date(2026, 10, 5)
    assert statement.iban == "DE89370400440532013000"
    assert statement.total == Decimal("-1024.41")


def test_sparkasse_camt_with_category_is_the_same_format():
    data = sparkasse_camt([{}], columns=(*SPARKASSE_CAMT_COLUMNS, "Kategorie"))
    assert read_statement(data).format == "sparkasse-camt"


def test_sparkasse_mt940_purposes_are_taken_apart():
    (row,) = read_statement(
        sparkasse_mt940(
            [
                {
                    "Verwendungszweck": "EREF+11063225-1MREF+41310-1CRED+DE11ZZZ00000000003"
                    "SVWZ+Rechnung 11063225",
                    "Kontonummer": "DE02120300000000202051",
                    "BLZ": "HASPDEHXXXX",
                    "Betrag": "-29,99",
                }
            ]
        )
    ).rows
    assert row.purpose == "Rechnung 11063225"
    assert (row.end_to_end_id, row.mandate) == ("11063225-1", "41310-1")
    assert row.creditor_id == "DE11ZZZ00000000003"
    assert row.counterparty_bic == "HASPDEHXXXX"


def test_a_quoted_field_may_hold_line_breaks_and_lines_are_counted():
    first, second = read_statement(
        sparkasse_camt([{"Verwendungszweck": "Zeile 1\nZeile 2"}, {}])
    ).rows
    assert first.purpose == "Zeile 1 Zeile 2"
    assert (first.line, second.line) == (2, 4)


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_line():
    data = sparkasse_camt([{}, {}, {}]).replace(b'gebucht"', b"gebucht", 1)
    with raises_problem(errors.UNREADABLE_STATEMENT) as caught:
        read_statement(data)
    assert caught.value.params == {"line": 2}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.000", "1000.00"),
        ("-62,3", "-62.30"),
        ("-10,22 €", "-10.22"),
        ("100.000,00\u00a0€", "100000.00"),
        ("-2040", "-2040.00"),
        ("0", "0.00"),
    ],
)
def test_dkb_amounts(text, amount):
    (row,) = read_statement(dkb([{"Betrag (€)": text}])).rows
    assert row.amount == Decimal(amount)


def test_dkb_names_the_other_side_by_the_kind_of_booking():
    incoming, outgoing = read_statement(
        dkb(
            [
                {"Betrag (€)": "10"},
                {
                    "Betrag (€)": "-10",
                    "Umsatztyp": "Ausgang",
                    "Zahlungspflichtige*r": "Lindenhof Werkstatt",
                    "Zahlungsempfänger*in": "Baumarkt",
                },
            ]
        )
    ).rows
    assert (incoming.counterparty_name, outgoing.counterparty_name) == (
        "Petra Kundig",
        "Baumarkt",
    )


def test_dkb_pending_rows_have_no_value_day():
    statement = read_statement(
        dkb([{"Betrag (€)": "-7,02", "Status": "Vorgemerkt", "Wertstellung": ""}])
    )
    assert statement.pending[0].value_on is None
    assert statement.encoding == "utf-8-sig"
    assert statement.head.closing_balance == Decimal("1234.56")
    assert statement.head.closing_on == date(2026, 10, 31)
    assert statement.head.period == (date(2026, 10, 1), date(2026, 10, 31))


def test_old_dkb_files_are_read():
    statement = read_statement(
        dkb_old(
            [
                (
                    "19.10.2018",
                    "Gutschrift",
                    "Böhm",
                    "Danke",
                    "DE02120300000000202051",
                    "BYLADEM1001",
                    "1.045,67",
                )
            ]
        )
    )
    assert statement.format == "dkb-alt"
    assert statement.rows[0].amount == Decimal("1045.67")
    assert statement.rows[0].counterparty_name == "Böhm"
    assert statement.iban == "DE89370400440532013000"


@pytest.mark.parametrize("amount", ["1.00", "12.5", "1,234", "6,17E+025", "", "--", "1e3", "--5"])
def test_an_amount_that_is_not_german_is_skipped_with_its_line(amount):
    statement = read_statement(dkb([{"Betrag (€)": "5"}, {"Betrag (€)": amount}]))
    assert len(statement.rows) == 1
    assert statement.skipped == (Skipped(7, f"Betrag nicht lesbar: „{amount}“"),)


def test_a_footer_is_not_a_booking():
    data = sparkasse_camt([{}, {"Buchungstag": "Endsaldo", "Betrag": "1200,00"}])
    assert read_statement(data).skipped == (Skipped(3, "kein Buchungstag: „Endsaldo“"),)


def test_a_row_with_the_wrong_number_of_cells_is_skipped():
    data = sparkasse_camt([{}]) + b'"nur";"drei";"Zellen"\n'
    assert read_statement(data).skipped == (Skipped(3, "3 statt 17 Spalten"),)


def test_unknown_currencies_are_warned_of():
    statement = read_statement(sparkasse_camt([{"Waehrung": "INE"}]))
    assert statement.warnings == ("Unbekannte Währung „INE“ (1 Buchungen).",)


def test_numbers_changed_by_a_spreadsheet_are_warned_of():
    statement = read_statement(sparkasse_camt([{"Mandatsreferenz": "6,17E+025"}]))
    assert "6,17E+025" in statement.warnings[0]


def test_several_accounts_in_one_file_are_warned_of():
    statement = read_statement(sparkasse_camt([{}, {"Auftragskonto": "DE02120300000000202051"}]))
    assert statement.iban == ""
    assert "Mehrere Konten" in statement.warnings[0]


def test_an_unknown_format_is_refused_and_the_known_ones_are_named():
    with pytest.raises(Problem) as caught:
        read_statement(b"Datum,Betrag\n2026-01-01,5.00\n")
    for known in FORMATS:
        assert known.title in caught.value.advice


def test_a_header_with_a_column_too_many_is_another_format():
    data = dkb([{"Betrag (€)": "5"}]).replace(b'"Status"', '"Gebühr";"Status"'.encode())
    with raises_problem(errors.UNKNOWN_FORMAT):
        read_statement(data)


@pytest.mark.parametrize("data", [b"", b"  \n\n"])
def test_an_empty_file_is_refused(data):
    with raises_problem(errors.STATEMENT_EMPTY):
        read_statement(data)


def test_null_bytes_are_refused():
    with raises_problem(errors.NOT_A_TEXT_FILE):
        read_statement(ing(BOOKINGS) + b"\0")


def test_a_file_of_more_than_50_megabytes_is_refused():
    with raises_problem(errors.STATEMENT_TOO_LARGE):
        read_statement(b" " * (MAX_SIZE + 1))


def test_a_file_with_a_header_alone_is_read_with_a_warning():
    statement = read_statement(sparkasse_camt([]))
    assert statement.rows == ()
    assert statement.warnings == ("Die Datei enthält keine Buchung.",)


@given(st.binary(max_size=400))
def test_no_bytes_make_the_reader_crash(noise):
    for data in (noise, ing(BOOKINGS) + noise, dkb([]) + noise):
        try:
            statement = read_statement(data)
        except Problem:
            continue
        assert all("\0" not in row.purpose for row in statement.rows)
