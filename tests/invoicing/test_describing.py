"""The export of a span of days for an audit: its tables and the `index.xml` that describes them."""

import csv
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from invoicing import collecting, customers
from invoicing.cancelling import cancel
from invoicing.tabling import TABLES, Wanted
from payments.cash_keeping import close_day
from tests.books import a_bank, signed_in
from tests.payments.paying import pay
from tests.trade import DAY, a_business, an_invoice
from workmate.ledger.models import MoneyAccount
from workmate.models import User

pytestmark = pytest.mark.django_db
FITS = {
    "Numeric": re.compile(r"-?\d+(,\d+)?|"),
    "Date": re.compile(r"\d\d\.\d\d\.\d{4}|"),
    "AlphaNumeric": re.compile(r".*", re.DOTALL),
}
# What may follow what in a table of the Beschreibungsstandard, version 01-09-2004.
ORDER = [
    *("URL", "Name", "Description", "Validity", "UTF8", "DecimalSymbol"),
    *("DigitGroupingSymbol", "Range", "VariableLength"),
]


@pytest.fixture
def owner():
    return a_business()


def exported(owner):
    with collecting.collect(Wanted(start=DAY, end=DAY), by=owner, on=DAY) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def table(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def column(archive, name, wanted):
    head, *rows = table(archive, name)
    return [row[head.index(wanted)] for row in rows]


def number(text):
    return Decimal(text.replace(",", "."))


def test_the_index_describes_every_table_as_it_is_written(owner):
    paid = an_invoice(owner)
    pay(MoneyAccount.objects.get(), "119", (paid.open_item, "119"), by=owner)
    close_day(a_bank(owner, kind="cash"), DAY, counted=Decimal(5), note="gefunden", by=owner)
    archive = exported(owner)
    assert column(archive, "kassenabschluesse.csv", "Differenz") == ["5,00"]
    raw = archive.read("index.xml")
    assert b'<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">' in raw
    assert "gdpdu-01-09-2004.dtd" not in archive.namelist()
    root = etree.fromstring(raw, etree.XMLParser(load_dtd=False))
    assert [node.tag for node in root] == ["Version", "DataSupplier", "Media"]
    described = root.findall("Media/Table")
    tables = {name for name in archive.namelist() if name.endswith(".csv")}
    assert {one.findtext("URL") for one in described} == tables
    assert len(tables) == len(TABLES) + 1
    for one in described:
        assert [node.tag for node in one] == ORDER
        layout = one.find("VariableLength")
        kinds = [node.tag for node in layout]
        ranks = ["VariablePrimaryKey", "VariableColumn", "ForeignKey"]
        assert kinds[:3] == ["ColumnDelimiter", "RecordDelimiter", "TextEncapsulator"]
        assert kinds[3:] == sorted(kinds[3:], key=ranks.index)
        columns = [node for node in layout if node.tag in ranks[:2]]
        head, *rows = table(archive, one.findtext("URL"))
        assert head == [node.findtext("Name") for node in columns]
        assert rows
        for row in rows:
            for cell, node in zip(row, columns, strict=True):
                assert FITS[node[1].tag].fullmatch(cell), (one.findtext("URL"), cell)
    names = {one.findtext("Name") for one in described}
    assert {node.text for node in root.iter("References")} <= names


def test_the_books_of_the_days_balance_and_name_payments_and_what_they_paid(owner):
    invoice = an_invoice(owner)
    pay(MoneyAccount.objects.get(), "119", (invoice.open_item, "119"), by=owner)
    archive = exported(owner)
    assert sum(map(number, column(archive, "buchungen.csv", "Betrag"))) == 0
    assert column(archive, "zahlungen.csv", "Betrag") == ["119,00"]
    assert column(archive, "zuordnungen.csv", "Beleg") == [invoice.number]
    assert column(archive, "umsatzsteuer.csv", "Steuer") == ["19,00"]


def test_customers_are_as_they_were_and_a_storno_takes_back(owner):
    invoice = an_invoice(owner)
    name = invoice.customer.name
    storno = cancel(invoice, reason="doppelt", by=owner, on=DAY)
    customers.edit_customer(invoice.customer, name="Anders GmbH", by=owner)
    archive = exported(owner)
    assert column(archive, "kunden.csv", "Name") == [name, name]
    assert column(archive, "belege.csv", "Nimmt zurück") == ["", invoice.number]
    assert column(archive, "belege.csv", "Nummer") == [invoice.number, storno.number]
    assert sum(map(number, column(archive, "umsatzsteuer.csv", "Steuer"))) == 0


def test_the_export_asks_as_often_for_three_documents_as_for_one(owner):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            an_invoice(owner)
        exported(owner)  # prints what is not printed yet
        with CaptureQueriesContext(connection) as asked:
            exported(owner)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_may_not_export_gets_neither_page_nor_file(owner):
    an_invoice(owner)
    client = signed_in("Steuerberatung")
    span = {"date_from": f"{DAY}", "date_to": f"{DAY}"}
    where = "/api/v1/invoices/collection/"
    answer = client.post(where, span, content_type="application/json")
    assert "buchungen.csv" in zipfile.ZipFile(io.BytesIO(answer.getvalue())).namelist()
    assert "GoBD-Export" in client.get(reverse("invoicing:evaluation")).content.decode()
    reader = User.objects.get(pk=client.session["_auth_user_id"])
    reader.groups.clear()
    reader.user_permissions.add(may_only_view())
    assert client.post(where, span, content_type="application/json").status_code == 403
    days = {"von": "04.05.2026", "bis": "04.05.2026"}
    assert client.post(reverse("invoicing:collect"), days).status_code == 403
    assert "GoBD-Export" not in client.get(reverse("invoicing:evaluation")).content.decode()


def may_only_view():
    return Permission.objects.get(content_type__app_label="invoicing", codename="view_invoice")
