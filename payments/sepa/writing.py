"""Writing: a batch as pain.008.001.08 or pain.001.001.09, never without having been checked.

`sepaxml` writes the messages and ships the schemas of ISO 20022. References, moments and the
spelling of names are ours, so that the statement can be matched and the bytes can be explained.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from lxml import etree
from sepaxml import SepaDD, SepaTransfer

from payments.sepa import errors, spelling
from payments.sepa.models import Batch, Order
from workmate.models import Company

DEBIT, TRANSFER = "pain.008.001.08", "pain.001.001.09"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


@dataclass(frozen=True)
class Paper:
    """All that a file says; `at` is in local time."""

    batch: Batch
    orders: Sequence[Order]
    company: Company
    at: datetime.datetime


def write(paper: Paper) -> bytes:
    """The checked file; raises FILE_INVALID."""
    message = _message(paper)
    for order in paper.orders:
        message.add_payment(_payment(order))
    root = etree.fromstring(message.export(validate=False), _PARSER)
    _name_parts(root, paper)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    check(data, DEBIT if paper.batch.is_debit else TRANSFER)
    return data


def check(data: bytes, schema: str) -> None:
    """Raises FILE_INVALID with the first finding of the schema."""
    found = _schema(schema)
    if not found.validate(etree.fromstring(data, _PARSER)):
        first = found.error_log[0]
        raise errors.FILE_INVALID(schema=schema, reason=f"Zeile {first.line}: {first.message}")


def _message(paper: Paper) -> Any:
    account = paper.batch.money_account
    config = {
        "name": spelling.spelled(account.holder or paper.company.name, spelling.NAME),
        "IBAN": account.iban,
        "batch": paper.batch.collective,
        "currency": "EUR",
    }
    if account.bic:
        config["BIC"] = account.bic
    if not paper.batch.is_debit:
        return SepaTransfer(config, schema=TRANSFER, clean=False)
    config |= {"creditor_id": paper.company.creditor_id, "instrument": paper.batch.scheme}
    return SepaDD(config, schema=DEBIT, clean=False)


def _payment(order: Order) -> dict[str, Any]:
    cents = int(order.amount.scaleb(2))
    payment = {
        "name": order.name,
        "IBAN": order.iban,
        "amount": cents,
        "description": order.purpose,
        "endtoend_id": order.end_to_end_id,
    }
    if order.mandate is None:
        return payment | {"execution_date": order.due_on}
    return payment | {
        "type": order.sequence,
        "collection_date": order.due_on,
        "mandate_id": order.mandate.reference,
        "mandate_date": order.mandate.signed_on,
    }


def _name_parts(root: Any, paper: Paper) -> None:
    """Our references and moment in place of the random ones of the library."""
    head = root.find(".//{*}GrpHdr")
    head.find("{*}MsgId").text = paper.batch.message_id
    head.find("{*}CreDtTm").text = f"{paper.at:%Y-%m-%dT%H:%M:%S}"
    for number, part in enumerate(root.iterfind(".//{*}PmtInf"), start=1):
        part.find("{*}PmtInfId").text = f"WM-{paper.batch.pk}-{number}"


@lru_cache(maxsize=2)
def _schema(name: str) -> Any:
    path = resources.files("sepaxml") / "schemas" / f"{name}.xsd"
    return etree.XMLSchema(etree.fromstring(path.read_bytes(), _PARSER))
