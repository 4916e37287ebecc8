"""The export of a span of days for an audit: its tables and the `index.xml` that describes them."""

import csv
import io
import re
import shutil
from decimal import Decimal

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import etree

from invoicing import customers
from invoicing.cancelling import cancel
from invoicing.describing import DTD
from invoicing.tabling import TABLES
from payments.cash_keeping import close_day
from tests.books import a_bank, signed_in
from tests.invoicing.collections import archive_of, collected
from tests.payments.paying import pay
from tests.trade import DAY, a_business, an_invoice
from workmate import jobs
from workmate.ledger.models import MoneyAccount
from workmate.models import JobRun, User

pytestmark = pytest.mark.django_db
API = "/api/v1/invoices/collection/"
FITS = {
    "Numeric": re.compile(r"-?\d+(,\d+)?|"),
    "Date": re.compile(r"\d\d\.\d\d\.\d{4}|"),
    "AlphaNumeric": re.compile(r".*", re.DOTALL),
}
PUBLISHED = settings.BASE_DIR.parent / "shared" / "samples" / DTD


@pytest.fixture
def owner():
    return a_business()


@pytest.fixture(autouse=True)
def _no_files_stay():
    yield
    shutil.rmtree(settings.EXPORTS_DIR, ignore_errors=True)


def exported(owner):
    return archive_of(collected(owner, start=DAY, end=DAY), owner)


def table(archive, name):
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def column(archive, name, wanted):
    head, *rows = table(archive, name)
    return [row[head.index(wanted)] for row in rows]


def number(text):
    return Decimal(text.replace(",", "."))


def a_full_export(owner):
    """An export in which every table has rows."""
    paid = an_invoice(owner)
    pay(MoneyAccount.objects.get(), "119", (paid.open_item, "119"), by=owner)
    close_day(a_bank(owner, kind="cash"), DAY, counted=Decimal(5), note="gefunden", by=owner)
    return exported(owner)


def described(archive):
    """The index, read without what it refers to."""
    return etree.fromstring(archive.read("index.xml"), etree.XMLParser(load_dtd=False))


def columns_of(node, *tags):
    return [one for one in node.find("VariableLength") if one.tag in tags]


def test_the_index_describes_every_table_as_it_is_written(owner):
    archive = a_full_export(owner)
    assert column(archive, "kassenabschluesse.csv", "Differenz") == ["5,00"]
    tables = {name for name in archive.namelist() if name.endswith(".csv")}
    assert len(tables) == len(TABLES) + 1
    found = described(archive).findall("Media/Table")
    assert {one.findtext("URL") for one in found} == tables
    for one in found:
        assert one.findtext("VariableLength/RecordDelimiter") == "\r\n"
        columns = columns_of(one, "VariablePrimaryKey", "VariableColumn")
        head, *rows = table(archive, one.findtext("URL"))
        assert head == [node.findtext("Name") for node in columns]
        assert rows
        for row in rows:
            for cell, node in zip(row, columns, strict=True):
                where = (one.findtext("URL"), node.findtext("Name"), cell)
                assert FITS[node[1].tag].fullmatch(cell), where
                decimals = int(node.findtext("Numeric/Accuracy", "0"))
                assert node[1].tag != "Numeric" or len(cell.partition(",")[2]) <= decimals, where


def test_keys_are_unique_and_references_lead_to_a_row_by_the_same_column(owner):
    archive = a_full_export(owner)
    keys, kinds = {}, {}
    found = described(archive).findall("Media/Table")
    for one in found:
        own = columns_of(one, "VariablePrimaryKey")
        names = [node.findtext("Name") for node in own]
        kinds[one.findtext("Name")] = {node.findtext("Name"): node[1].tag for node in own}
        rows = list(
            zip(*(column(archive, one.findtext("URL"), name) for name in names), strict=True)
        )
        assert len(rows) == len(set(rows))
        keys[one.findtext("Name")] = {
            name: {*values} for name, *values in zip(names, *rows, strict=True)
        }
    led = 0
    for one in found:
        columns = columns_of(one, "VariablePrimaryKey", "VariableColumn")
        here = {node.findtext("Name"): node[1].tag for node in columns}
        for reference in columns_of(one, "ForeignKey"):
            name, other = reference.findtext("Name"), reference.findtext("References")
            assert here[name] == kinds[other][name]
            assert set(column(archive, one.findtext("URL"), name)) <= keys[other][name]
            led += 1
    assert led >= 5


def test_the_index_keeps_to_the_grammar_that_lies_beside_it(owner):
    archive = a_full_export(owner)
    assert f'<!DOCTYPE DataSet SYSTEM "{DTD}">'.encode() in archive.read("index.xml")
    grammar = etree.DTD(io.BytesIO(archive.read(DTD)))
    root = described(archive)
    assert grammar.validate(root), grammar.error_log
    first = root.find("Media/Table")
    first.insert(0, first.find("Name"))
    assert not grammar.validate(root)


@pytest.mark.skipif(not PUBLISHED.exists(), reason=f"the published DTD is missing: {PUBLISHED}")
def test_the_index_keeps_to_the_published_grammar(owner):
    grammar, root = etree.DTD(str(PUBLISHED)), described(a_full_export(owner))

    def broken():
        """What it says; its own ambiguous content of Media is no fault of ours."""
        grammar.validate(root)
        found = grammar.error_log.filter_from_errors()
        return [one.message for one in found if one.type_name != "DTD_CONTENT_NOT_DETERMINIST"]

    assert broken() == []
    first = root.find("Media/Table")
    first.insert(0, first.find("Name"))
    assert broken() != []


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
    answer = client.post(API, span, content_type="application/json")
    run = JobRun.objects.get(pk=answer.json()["id"])
    jobs.execute(run.pk)
    run.refresh_from_db()
    assert "buchungen.csv" in archive_of(run, owner).namelist()
    assert "GoBD-Export" in client.get(reverse("invoicing:evaluation")).content.decode()
    reader = User.objects.get(pk=client.session["_auth_user_id"])
    reader.groups.clear()
    reader.user_permissions.add(may_only_view())
    assert client.post(API, span, content_type="application/json").status_code == 403
    days = {"von": "04.05.2026", "bis": "04.05.2026"}
    assert client.post(reverse("invoicing:collect"), days).status_code == 403
    for address in (
        run.get_absolute_url(),
        reverse("invoicing:collection-file", args=[run.pk]),
        f"{API}{run.pk}/",
        f"{API}{run.pk}/content/",
    ):
        assert client.get(address).status_code == 403
    page = client.get(reverse("invoicing:evaluation")).content.decode()
    assert "GoBD-Export" not in page
    assert run.get_absolute_url() not in page


def may_only_view():
    return Permission.objects.get(content_type__app_label="invoicing", codename="view_invoice")
