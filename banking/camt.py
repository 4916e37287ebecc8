"""camt.052, .053 and .054 of ISO 20022, versions 1 to 14, in any namespace.

An entry (`Ntry`) is what moved the balance. A batch entry is split into its transactions only
where they add up to it. Entities, DTDs and the network are off; sizes are limited.
Source of the tree: ISO 20022 camt message definitions, DK Anlage 3 of the DFÜ-Abkommen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, TypeAlias

from lxml import etree

from banking import errors
from banking.csv_formats import values
from banking.csv_formats.purpose import reference
from banking.replacing import mark_of
from banking.statement import Batch, Head, ParsedStatement, Row, Skipped, check_balance
from workmate.money import LIMIT

MAX_SIZE = 50 * 1024 * 1024  # bytes
MAX_ROWS = 250_000
MAX_NAMES = 4  # references that are kept of a batch
_KINDS = {"BkToCstmrAcctRpt": "camt052", "BkToCstmrStmt": "camt053"}
_KINDS["BkToCstmrDbtCdtNtfctn"] = "camt054"
_STATEMENTS = {"Rpt", "Stmt", "Ntfctn"}
_PENDING = {"PDNG", "FUTR"}

Element: TypeAlias = Any  # lxml has no types


@dataclass(frozen=True, slots=True)
class _Part:
    """One statement of a message."""

    head: Head
    rows: list[Row]
    skipped: list[Skipped]
    account: str


def is_camt(data: bytes) -> bool:
    """Whether the bytes begin as XML does; every camt file is one."""
    start = data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\x00", b"")
    return start.startswith((b"<?xml", b"<Document", b"<!")) or b":Document" in start[:60]


def read_camt(data: bytes) -> ParsedStatement:
    """All statements of a camt file as one; raises `NOT_CAMT` and `STATEMENT_TOO_LARGE`."""
    root = _parse(data)
    message = next((child for child in root if _name(child) in _KINDS), None)
    if message is None:
        raise errors.NOT_CAMT(reason="Sie enthält keinen Kontoauszug nach ISO 20022.")
    parts = [_read_part(child) for child in message if _name(child) in _STATEMENTS]
    rows = tuple(row for part in parts for row in part.rows)
    if len(rows) > MAX_ROWS:
        raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_ROWS:,} Buchungen".replace(",", "."))
    kind = _KINDS[_name(message)]
    head = _joined([part.head for part in parts])
    return ParsedStatement(
        format=kind,
        title=f"{kind[:4]}.{kind[4:]}",
        encoding=(root.getroottree().docinfo.encoding or "utf-8").lower(),
        head=head,
        rows=rows,
        skipped=tuple(skip for part in parts for skip in part.skipped),
        warnings=tuple(_warnings(parts, rows)),
        balance_check=check_balance(head, rows),
    )


def _parse(data: bytes) -> Element:
    if len(data) > MAX_SIZE:
        raise errors.STATEMENT_TOO_LARGE(limit=f"{MAX_SIZE // 1024 // 1024} MB")
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise errors.NOT_CAMT(reason=f"Das XML ist ab Zeile {error.lineno} fehlerhaft.") from error
    if root.getroottree().docinfo.doctype:
        raise errors.NOT_CAMT(reason="Sie bringt eine Dokumenttypdefinition mit.")
    return root


def _read_part(statement: Element) -> _Part:
    account = values.account(
        _text(statement, "Acct", "Id", "IBAN") or _text(statement, "Acct", "Id", "Othr", "Id")
    )
    balances = {_balance_code(balance): balance for balance in _all(statement, "Bal")}
    closing = balances.get("CLBD")
    opening = balances.get("OPBD", balances.get("PRCD"))
    opened, closed = _stated(opening), _stated(closing)
    if opened and closed and opened[1] != closed[1]:
        opened = closed = None
    rows: list[Row] = []
    skipped: list[Skipped] = []
    for entry in _all(statement, "Ntry"):
        try:
            rows += _rows_of(entry, account)
        except ValueError as reason:
            skipped.append(Skipped(entry.sourceline or 0, str(reason)))
    head = Head(
        iban=account,
        period=_period(statement),
        opening_balance=opened[0] if opened else None,
        closing_balance=closed[0] if closed else None,
        closing_on=_day(_child(closing, "Dt")) if closed else None,
    )
    return _Part(head, rows, skipped, account)


def _rows_of(entry: Element, account: str) -> list[Row]:
    """One booking, or those of a batch where they add up to it; raises ValueError."""
    amount = _signed(entry)
    booked_on = _day(_child(entry, "BookgDt")) or _day(_child(entry, "ValDt"))
    status = _text(entry, "Sts", "Cd") or _text(entry, "Sts")
    if status == "INFO":
        raise ValueError("nur eine Mitteilung, keine Buchung")
    if booked_on is None:
        raise ValueError("kein Buchungstag")
    details = [detail for group in _all(entry, "NtryDtls") for detail in _all(group, "TxDtls")]
    parts = [_detail_amount(detail, entry) for detail in details]
    split = len(details) > 1 and None not in parts and sum(filter(None, parts)) == amount
    chosen = list(zip(details, parts, strict=True)) if split else [(_first(details), amount)]
    batch = _batch(entry, details, amount, [part for _, part in chosen if part] if split else [])
    return [
        _row(entry, detail, part, booked_on, account, status, batch, split=split)
        for detail, part in chosen
        if part is not None
    ]


def _batch(
    entry: Element, details: list[Element], amount: Decimal, parts: list[Decimal]
) -> Batch | None:
    """What other sources may know the batch by; None for an ordinary booking."""
    groups = [_child(group, "Btch") for group in _all(entry, "NtryDtls")]
    named = [group for group in groups if group is not None]
    stated = [int(text) for one in named if (text := _text(one, "NbOfTxs")).isdecimal()]
    count = len(details) if len(details) > 1 else sum(stated) or None
    if count == 1 or not (named or len(details) > 1):
        return None
    names = [_text(entry, "AcctSvcrRef"), _text(entry, "NtryRef")]
    for place in (*named, *(_child(detail, "Refs") for detail in details)):
        names += [_text(place, "PmtInfId"), _text(place, "MsgId")]
    references = [name[:70] for name in dict.fromkeys(map(reference, names)) if name]
    return Batch(
        tuple(references[:MAX_NAMES]),
        amount,
        count,
        mark_of(parts) if parts else "",
        entry.sourceline or 0,
    )


def _first(details: list[Element]) -> Element | None:
    return details[0] if len(details) == 1 else None


def _detail_amount(detail: Element, entry: Element) -> Decimal | None:
    """What a transaction of a batch moved, signed, in the currency of the entry."""
    place = _child(detail, "Amt")
    if place is None:
        place = _child(_child(_child(detail, "AmtDtls"), "TxAmt"), "Amt")
    if place is None or place.get("Ccy") != _amount_element(entry).get("Ccy"):
        return None
    side = _text(detail, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    return -_decimal(place) if side == "DBIT" else _decimal(place)


def _row(
    entry: Element,
    detail: Element | None,
    amount: Decimal,
    booked_on: date,
    account: str,
    status: str,
    batch: Batch | None,
    *,
    split: bool,
) -> Row:
    place = entry if detail is None else detail
    incoming = (amount >= 0) != (_text(entry, "RvslInd") == "true")
    parties = _child(place, "RltdPties")
    side = "Dbtr" if incoming else "Cdtr"
    if account and values.iban(_text(parties, f"{side}Acct", "Id", "IBAN")) == account:
        side = "Cdtr" if incoming else "Dbtr"  # a returned debit names its parties as it began
    own = reference(_text(place, "Refs", "AcctSvcrRef")) if detail is not None else ""
    shared = "" if split else reference(_text(entry, "AcctSvcrRef"))
    return Row(
        line=place.sourceline or 0,
        booked_on=booked_on,
        value_on=_day(_child(entry, "ValDt")),
        amount=amount,
        currency=(_amount_element(entry).get("Ccy") or "").upper(),
        counterparty_name=values.squeeze(
            _text(parties, f"Ultmt{side}", "Pty", "Nm")
            or _text(parties, side, "Nm")
            or _text(parties, side, "Pty", "Nm")
        ),
        counterparty_iban=values.iban(_text(parties, f"{side}Acct", "Id", "IBAN")),
        counterparty_bic=_bic(_child(place, "RltdAgts"), side),
        purpose=_purpose(entry, place),
        end_to_end_id=reference(_text(place, "Refs", "EndToEndId")) or _file(entry, detail),
        mandate=reference(_text(place, "Refs", "MndtId")),
        creditor_id=values.squeeze(_text(parties, "Cdtr", "Id", "PrvtId", "Othr", "Id")),
        bank_reference=own or shared,
        booking_text=_booking_text(entry, place),
        pending=status in _PENDING,
        account=account,
        fee=_charges(place),
        original=_original(place, _amount_element(entry).get("Ccy") or ""),
        batch=batch,
    )


def _file(entry: Element, detail: Element | None) -> str:
    """The reference of the file that was booked as one sum without its positions."""
    batch = _child(_child(entry, "NtryDtls"), "Btch") if detail is None else None
    return reference(_text(batch, "PmtInfId") or _text(batch, "MsgId"))


def _purpose(entry: Element, place: Element) -> str:
    """Free text, references of invoices (Strd), and why a payment came back."""
    info = _child(place, "RmtInf")
    words = [one.text or "" for one in _all(info, "Ustrd")]
    for structured in _all(info, "Strd"):
        words.append(_text(structured, "CdtrRefInf", "Ref"))
        words += [_text(document, "Nb") for document in _all(structured, "RfrdDocInf")]
        words += [one.text or "" for one in _all(structured, "AddtlRmtInf")]
    returned = _child(place, "RtrInf")
    if returned is not None:
        code = _text(returned, "Rsn", "Cd") or _text(returned, "Rsn", "Prtry")
        words.append(f"Rückgabe {code}".strip())
        words += [one.text or "" for one in _all(returned, "AddtlInf")]
    if not any(words):
        words = [_text(place, "AddtlTxInf"), _text(entry, "AddtlNtryInf")]
    return values.squeeze(" ".join(word for word in words if word))


def _booking_text(entry: Element, place: Element) -> str:
    if text := _text(entry, "AddtlNtryInf"):
        return values.squeeze(text)
    domain = _child(_child(entry, "BkTxCd"), "Domn")
    codes = (
        _text(domain, "Cd"),
        _text(domain, "Fmly", "Cd"),
        _text(domain, "Fmly", "SubFmlyCd"),
    )
    return "-".join(code for code in codes if code) or _text(entry, "BkTxCd", "Prtry", "Cd")


def _charges(place: Element) -> Decimal:
    """Charges inside the amount, positive where they were taken."""
    charges = _child(place, "Chrgs")
    if charges is None:
        return Decimal(0)
    total = Decimal(0)
    for record in _all(charges, "Rcrd") or [charges]:
        if (amount := _child(record, "Amt")) is not None:
            credited = _text(record, "CdtDbtInd") == "CRDT"
            total += -_decimal(amount) if credited else _decimal(amount)
    return total


def _original(place: Element, currency: str) -> tuple[Decimal, str] | None:
    """The amount before the bank converted it, unsigned."""
    amounts = _child(place, "AmtDtls")
    for name in ("InstdAmt", "TxAmt"):
        amount = _child(_child(amounts, name), "Amt")
        if amount is not None and (foreign := amount.get("Ccy") or currency) != currency:
            return _decimal(amount), foreign
    return None


def _bic(agents: Element | None, side: str) -> str:
    bank = _child(_child(agents, f"{side}Agt"), "FinInstnId")
    return values.bic(_text(bank, "BICFI") or _text(bank, "BIC"))


def _stated(balance: Element | None) -> tuple[Decimal, str] | None:
    """Amount and currency of a balance, None where it has none that can be read."""
    if balance is None:
        return None
    try:
        return _signed(balance), _amount_element(balance).get("Ccy") or ""
    except ValueError:
        return None


def _balance_code(balance: Element) -> str:
    return _text(balance, "Tp", "CdOrPrtry", "Cd")


def _joined(heads: list[Head]) -> Head:
    """The head of all statements of a file: the first opening, the last closing."""
    if len(heads) < 2:
        return heads[0] if heads else Head()
    days = [day for head in heads if head.period for day in head.period]
    linked = all(
        earlier.closing_balance == later.opening_balance and earlier.iban == later.iban
        for earlier, later in pairwise(heads)
    )
    return Head(
        iban=heads[0].iban if len({head.iban for head in heads}) == 1 else "",
        period=(min(days), max(days)) if days else None,
        opening_balance=heads[0].opening_balance if linked else None,
        closing_balance=heads[-1].closing_balance if linked else None,
        closing_on=heads[-1].closing_on if linked else None,
    )


def _warnings(parts: list[_Part], rows: tuple[Row, ...]) -> Iterator[str]:
    currencies = sorted({row.currency for row in rows})
    for currency in currencies:
        if currency not in values.CURRENCIES:
            yield f"Unbekannte Währung „{currency}“."
    if len(currencies) > 1:
        yield f"Mehrere Währungen in einer Datei: {', '.join(currencies)}."
    accounts = sorted({part.account for part in parts if part.account})
    if len(accounts) > 1:
        yield f"Mehrere Konten in einer Datei: {', '.join(accounts)}."
    if not rows:
        yield "Die Datei enthält keine Buchung."


def _period(statement: Element) -> tuple[date, date] | None:
    span = _child(statement, "FrToDt")
    first, last = _text(span, "FrDtTm"), _text(span, "ToDtTm")
    start, end = values.any_day(first[:10]), values.any_day(last[:10])
    return (start, end) if start and end else None


def _day(place: Element | None) -> date | None:
    """The day as the bank writes it; a moment already stands in the bank's own time."""
    if place is None:
        return None
    text = _text(place, "Dt") or _text(place, "DtTm") or (place.text or "")
    return values.any_day(text.strip()[:10])


def _amount_element(place: Element) -> Element:
    amount = _child(place, "Amt")
    if amount is None:
        raise ValueError("kein Betrag")
    return amount


def _signed(place: Element) -> Decimal:
    """Positive is money in. `CdtDbtInd` already says which way a reversal moved the balance."""
    amount = _decimal(_amount_element(place))
    side = _text(place, "CdtDbtInd")
    if side not in {"CRDT", "DBIT"}:
        raise ValueError(f"weder Gutschrift noch Belastung: „{side[:20]}“")
    return -amount if side == "DBIT" else amount


def _decimal(amount: Element) -> Decimal:
    text = (amount.text or "").strip()
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"Betrag nicht lesbar: „{text[:40]}“") from error
    if not value.is_finite() or abs(value) >= LIMIT:
        raise ValueError(f"Betrag nicht lesbar: „{text[:40]}“")
    if value != value.quantize(Decimal("0.01")):
        raise ValueError(f"mehr als zwei Nachkommastellen: „{text[:40]}“")
    return value.quantize(Decimal("0.01"))


def _name(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _all(place: Element | None, name: str) -> list[Element]:
    return [] if place is None else [child for child in place if _name(child) == name]


def _child(place: Element | None, name: str) -> Element | None:
    return next(iter(_all(place, name)), None)


def _text(place: Element | None, *names: str) -> str:
    for name in names:
        place = _child(place, name)
    return "" if place is None else (place.text or "").strip()
