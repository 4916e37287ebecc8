"""The badge of a document says what the rules said, without asking them again."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from invoicing import customers, drafting, gate
from invoicing.contents import content_of
from invoicing.einvoice import rules
from invoicing.models import Invoice
from invoicing.remembering import remember, with_check
from invoicing.views.wording import check_tone, check_word
from tests import trade
from tests.books import signed_in
from tests.invoicing.pages_of import text
from workmate.models import AuditEvent, Company, MoneyAccount
from workmate.roles import OWNER


@pytest.fixture
def owner(db):
    return trade.a_business()


@pytest.fixture
def client(owner):
    return signed_in(OWNER)


def badge(invoice: Invoice) -> tuple[str, str]:
    stored = with_check(Invoice.objects.all()).get(pk=invoice.pk)
    return check_word(stored), check_tone(stored)


def opened(client, draft: Invoice) -> str:
    return text(client.get(reverse("invoicing:draft", args=[draft.pk])))


def test_a_fresh_draft_is_not_checked(owner):
    assert badge(trade.a_draft(owner)) == ("nicht geprüft", "neutral")


def test_a_draft_that_was_looked_at_is_checked(owner, client):
    draft = trade.a_draft(owner)

    opened(client, draft)

    assert badge(draft) == ("geprüft", "positive")


def test_a_draft_with_errors_says_how_many(owner, client):
    draft = trade.a_draft(owner, supply_date=None, lines=[])

    page = opened(client, draft)

    assert badge(draft) == ("2 Fehler", "negative")
    assert "Entwurf 2 Fehler" in page


def test_a_changed_draft_has_an_old_verdict(owner, client):
    draft = trade.a_draft(owner)
    opened(client, draft)
    draft.refresh_from_db()

    drafting.save_draft(draft, content_of(draft), version=draft.version, by=owner)

    assert badge(draft) == ("veraltet", "neutral")


def test_the_report_and_the_page_before_issuing_remember_too(owner, client):
    for name in ("invoicing:report", "invoicing:issue"):
        draft = trade.a_draft(owner)
        client.get(reverse(name, args=[draft.pk]))
        assert badge(draft) == ("geprüft", "positive")


def test_a_verdict_on_an_older_version_is_forgotten(owner):
    draft = trade.a_draft(owner)
    verdict = gate.check(draft, on=trade.DAY)
    drafting.save_draft(draft, content_of(draft), version=draft.version, by=owner)

    remember(draft, verdict)

    assert badge(draft) == ("nicht geprüft", "neutral")


def test_remembering_is_one_question_and_leaves_no_trace(owner):
    draft = trade.a_draft(owner)
    verdict = gate.check(draft, on=trade.DAY)
    events, before = AuditEvent.objects.count(), Invoice.objects.get(pk=draft.pk).updated_at

    with CaptureQueriesContext(connection) as queries:
        remember(draft, verdict)

    assert len(queries) == 1
    assert AuditEvent.objects.count() == events
    assert Invoice.objects.get(pk=draft.pk).updated_at == before


def change_customer(draft, owner):
    customers.edit_customer(draft.customer, city="Kiel", by=owner)


def change_company(draft, owner):
    Company.objects.update(street="Neuer Weg 1")


def change_account(draft, owner):
    MoneyAccount.objects.update(iban="DE75512108001245126199")


def change_nothing_of_this_draft(draft, owner):
    customers.edit_customer(trade.a_buyer(owner), city="Kiel", by=owner)


@pytest.mark.parametrize(
    ("change", "word", "state"),
    [
        (change_customer, "veraltet", "outdated"),
        (change_company, "veraltet", "outdated"),
        (change_account, "veraltet", "outdated"),
        (change_nothing_of_this_draft, "geprüft", "valid"),
    ],
)
def test_a_verdict_is_out_of_date_once_what_it_was_made_with_has_changed(
    owner, client, change, word, state
):
    draft = trade.a_draft(owner)
    opened(client, draft)

    change(draft, owner)

    assert badge(draft)[0] == word
    found = client.get(f"/api/v1/invoices/{draft.pk}/").json()["validation"]
    assert (found["state"], found["faults"]) == (state, 0)
    assert found["validated_at"]
    opened(client, draft)
    assert badge(draft)[0] == "geprüft"


def test_a_verdict_of_other_rules_is_out_of_date(owner, client, tmp_path):
    draft = trade.a_draft(owner)
    opened(client, draft)

    with rules.on_trial(tmp_path):
        assert badge(draft) == ("veraltet", "neutral")


def test_an_issued_invoice_is_checked_for_ever(owner, client):
    invoice = trade.an_invoice(owner)

    assert badge(invoice) == ("geprüft", "positive")
    assert "geprüft" in text(client.get(invoice.get_absolute_url()))


def test_an_offer_has_no_rules_to_pass(owner, client):
    draft = trade.a_draft(owner, kind=Invoice.Kind.QUOTE)

    opened(client, draft)

    assert badge(draft)[0] == ""


def test_the_list_shows_the_badge_with_as_many_queries_for_three_as_for_one(owner, client):
    address = reverse("invoicing:invoices")
    opened(client, trade.a_draft(owner, lines=[]))
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        page = client.get(address)
    assert "1 Fehler" in text(page)
    trade.a_draft(owner)
    opened(client, trade.a_draft(owner))

    with CaptureQueriesContext(connection) as three:
        page = client.get(address)

    assert len(three) == len(one)
    assert "nicht geprüft" in text(page)


def test_a_list_that_is_given_out_says_the_badge_of_drafts_too(owner, client):
    trade.a_draft(owner)
    answer = client.get(reverse("invoicing:invoices"), {"export": "csv"})
    assert "nicht geprüft" in answer.getvalue().decode()


def test_no_verdict_is_about_a_version_to_come(owner):
    draft = trade.a_draft(owner)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE invoicing_invoice SET checked_version = version + 1, faults = 0, hints = 0"
            " WHERE id = %s",
            [draft.pk],
        )


def test_findings_stand_in_classes_with_rule_and_way_to_the_field(owner, client):
    draft = trade.a_draft(owner, supply_date=None)
    page = client.get(reverse("invoicing:draft", args=[draft.pk]))

    assert "Prüfung: 1 Fehler" in text(page)
    assert "Inhaltsfehler 1" in text(page)
    assert "Leistungsdatum UStG-14-4-6" in text(page)
    assert 'href="#id_supply_date" data-jump' in page.content.decode()


def test_the_page_before_issuing_shows_the_hints_and_leads_to_the_draft(owner, client):
    buyer = trade.a_buyer(owner, country="AT", vat_id="ATU13585627", post_code="1010", city="Wien")
    draft = trade.a_draft(owner, customer=buyer, lines=[trade.a_line(code="EU_SUPPLY")])

    page = client.get(reverse("invoicing:issue", args=[draft.pk]))

    assert badge(draft) == ("geprüft, 1 Hinweis", "attention")
    assert "Inhaltsfehler 1" in text(page)
    assert f"/kunden/{buyer.pk}/bearbeiten/" in page.content.decode()
