"""Bank exports as the banks write them, with invented people; every variant has one function."""

from collections.abc import Sequence

ING_HEAD = """\
Umsatzanzeige;Datei erstellt am: {created} 09:12

IBAN;DE89 3704 0044 0532 0130 00
Kontoname;Geschäftskonto
Bank;ING
Kunde;Lindenhof Werkstatt
Zeitraum;01.09.2026 - {until}
{balance}
Sortierung;Datum absteigend

In der CSV-Datei finden Sie alle bereits gebuchten Umsätze. Die vorgemerkten fehlen.

"""
_DAYS = "Buchung;Wertstellungsdatum"
_OLD_DAYS = "Buchung;Valuta"
_WHO = "Auftraggeber/Empfänger;Buchungstext"
_BALANCE_FIRST = "Saldo;Währung;Betrag;Währung"
ING_COLUMNS = {
    "2025": f"{_DAYS};{_WHO};Verwendungszweck;Betrag;Währung",
    "2025-balance": f"{_DAYS};{_WHO};Verwendungszweck;{_BALANCE_FIRST}",
    "2026-note": f"{_DAYS};{_WHO};Notiz;Verwendungszweck;{_BALANCE_FIRST}",
    "2020-category": f"{_OLD_DAYS};{_WHO};Kategorie;Verwendungszweck;{_BALANCE_FIRST}",
    "2019": f"{_OLD_DAYS};{_WHO};Verwendungszweck;{_BALANCE_FIRST}",
    "amount-first": f"{_OLD_DAYS};{_WHO};Verwendungszweck;Betrag;Währung;Saldo;Währung",
}


def german(cents: int) -> str:
    """`-125000` as `-1.250,00`."""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}".replace(",", ".") + f",{rest:02d}"


def ing(
    bookings: Sequence[tuple[str, str, str, int]],
    *,
    variant: str = "2025-balance",
    opening: int = 100_000,
    created: str = "30.09.2026",
    until: str = "30.09.2026",
    encoding: str = "cp1252",
) -> bytes:
    """An ING file of (day, name, purpose, cents), newest first, with running balances."""
    balance = opening + sum(cents for *_, cents in bookings)
    head_balance = f"Saldo;{german(balance)};EUR\n" if variant != "2025" else ""
    lines = []
    for day, name, purpose, cents in bookings:
        cells = {
            "Buchung": day,
            "Wertstellungsdatum": day,
            "Valuta": day,
            "Auftraggeber/Empfänger": name,
            "Buchungstext": "Gutschrift" if cents > 0 else "Lastschrift",
            "Kategorie": "Sonstiges",
            "Notiz": "",
            "Verwendungszweck": purpose,
            "Saldo": german(balance),
            "Währung": "EUR",
            "Betrag": german(cents),
        }
        lines.append(";".join(cells[name] for name in ING_COLUMNS[variant].split(";")))
        balance -= cents
    head = ING_HEAD.format(created=created, until=until, balance=head_balance)
    return (head + ING_COLUMNS[variant] + "\n" + "\n".join(lines) + "\n").encode(encoding)


def quoted(*cells: str) -> str:
    return ";".join(f'"{cell}"' for cell in cells)


SPARKASSE_CAMT_COLUMNS = (
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
)


def sparkasse_camt(
    rows: Sequence[dict[str, str]],
    *,
    columns: Sequence[str] = SPARKASSE_CAMT_COLUMNS,
    encoding: str = "iso-8859-1",
) -> bytes:
    """A CSV-CAMT file; each row names the cells that differ from an ordinary transfer."""
    ordinary = {
        "Auftragskonto": "DE89370400440532013000",
        "Buchungstag": "05.10.26",
        "Valutadatum": "05.10.26",
        "Buchungstext": "GUTSCHR. UEBERWEISUNG",
        "Waehrung": "EUR",
        "Info": "Umsatz gebucht",
        "Betrag": "119,00",
    }
    lines = [quoted(*columns)]
    lines += [quoted(*((ordinary | row).get(name, "") for name in columns)) for row in rows]
    return ("\n".join(lines) + "\n").encode(encoding)


SPARKASSE_MT940_COLUMNS = (
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
)


def sparkasse_mt940(rows: Sequence[dict[str, str]]) -> bytes:
    return sparkasse_camt(rows, columns=SPARKASSE_MT940_COLUMNS)


DKB_COLUMNS = (
    "Buchungsdatum",
    "Wertstellung",
    "Status",
    "Zahlungspflichtige*r",
    "Zahlungsempfänger*in",
    "Verwendungszweck",
    "Umsatztyp",
    "IBAN",
    "Betrag (€)",
    "Gläubiger-ID",
    "Mandatsreferenz",
    "Kundenreferenz",
)


def dkb(
    rows: Sequence[dict[str, str]],
    *,
    balance: str = "1.234,56 €",
    encoding: str = "utf-8-sig",
) -> bytes:
    """A DKB file as written since 2023."""
    ordinary = {
        "Buchungsdatum": "06.10.26",
        "Wertstellung": "06.10.26",
        "Status": "Gebucht",
        "Umsatztyp": "Eingang",
        "Zahlungspflichtige*r": "Petra Kundig",
        "Zahlungsempfänger*in": "Lindenhof Werkstatt",
    }
    lines = [
        quoted("Girokonto", "DE89370400440532013000"),
        quoted("Zeitraum:", "01.10.2026 - 31.10.2026"),
        quoted("Kontostand vom 31.10.2026:", balance),
        '""',
        quoted(*DKB_COLUMNS),
    ]
    lines += [quoted(*((ordinary | row).get(name, "") for name in DKB_COLUMNS)) for row in rows]
    return ("\n".join(lines) + "\n").encode(encoding)


DKB_OLD_COLUMNS = (
    "Buchungstag",
    "Wertstellung",
    "Buchungstext",
    "Auftraggeber / Begünstigter",
    "Verwendungszweck",
    "Kontonummer",
    "BLZ",
    "Betrag (EUR)",
    "Gläubiger-ID",
    "Mandatsreferenz",
    "Kundenreferenz",
)


def dkb_old(rows: Sequence[Sequence[str]]) -> bytes:
    """A DKB file as written until 2023: (day, text, name, purpose, IBAN, BIC, amount)."""
    lines = [
        '"Kontonummer:";"DE89370400440532013000 / Girokonto";',
        "",
        '"Von:";"20.09.2018";',
        '"Bis:";"20.10.2018";',
        '"Kontostand vom 20.10.2018:";"1.234,56 EUR";',
        '"Betrag von:";"";"bis:";"";',
        "",
        quoted(*DKB_OLD_COLUMNS) + ";",
    ]
    lines += [
        quoted(day, day, text, name, purpose, iban, bic, amount, "", "", "") + ";"
        for day, text, name, purpose, iban, bic, amount in rows
    ]
    return ("\n".join(lines) + "\n").encode("iso-8859-1")


OWN = "DE89370400440532013000"
PAYER = "DE02120300000000202051"
_CAMT = {
    "052": ("BkToCstmrAcctRpt", "Rpt"),
    "053": ("BkToCstmrStmt", "Stmt"),
    "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def entry(
    amount: str,
    *,
    parts: Sequence[tuple[str, str]] = (),
    status: str = "BOOK",
    extra: str = "",
    detail: str = "",
    info: str = "<Ustrd>RE-2026-0001</Ustrd>",
) -> str:
    """One `Ntry`; `parts` are (amount, purpose) of a batch."""
    side = "DBIT" if amount.startswith("-") else "CRDT"
    plain = amount.lstrip("-")
    party = f"<Nm>Petra Kundig</Nm></Dbtr><DbtrAcct><Id><IBAN>{PAYER}</IBAN></Id></DbtrAcct>"
    own = f"<Cdtr><Nm>Wir</Nm></Cdtr><CdtrAcct><Id><IBAN>{OWN}</IBAN></Id></CdtrAcct>"
    rest = f"<RltdPties><Dbtr>{party}{own}</RltdPties>"
    details = [
        f'<TxDtls><Amt Ccy="EUR">{part}</Amt><CdtDbtInd>{side}</CdtDbtInd>{rest}'
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
        for part, text in parts
    ] or [
        (
            f"<TxDtls><Refs><EndToEndId>E2E-1</EndToEndId></Refs>{detail}{rest}"
            f"<RmtInf>{info}</RmtInf></TxDtls>"
        )
    ]
    return (
        f'<Ntry><Amt Ccy="EUR">{plain}</Amt><CdtDbtInd>{side}</CdtDbtInd>{extra}'
        f"<Sts>{status}</Sts><BookgDt><Dt>2026-10-05</Dt></BookgDt>"
        "<ValDt><Dt>2026-10-06</Dt></ValDt><AcctSvcrRef>BANK-1</AcctSvcrRef>"
        f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def camt(entries: str, *, kind: str = "053", version: int = 8, closing: str = "1119.00") -> bytes:
    """A camt file with one statement that opens with 1,000.00."""
    message, statement = _CAMT[kind]
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-05</Dt></Dt></Bal>"
        for code, amount in (("OPBD", "1000.00"), ("CLBD", closing))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version:02d}">'
        f"<{message}><GrpHdr><MsgId>1</MsgId></GrpHdr><{statement}><Id>1</Id>"
        f"<Acct><Id><IBAN>{OWN}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}{entries}"
        f"</{statement}></{message}></Document>"
    ).encode()


def mt940(bookings: str, *, opening: str = "1000,00", closing: str = "1119,00") -> bytes:
    """One MT940 statement around these bookings (`:61:` and `:86:`)."""
    return (
        ":20:STARTUMS\r\n:25:37040044/0532013000\r\n:28C:1/1\r\n"
        f":60F:C261001EUR{opening}\r\n{bookings}:62F:C261031EUR{closing}\r\n-\r\n"
    ).encode("latin-1")
