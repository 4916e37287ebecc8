"""Monthly rates: entered by hand or pasted, found for their month only."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tests.books import a_user, signed_in
from workmate.ledger import exchange_rates
from workmate.ledger.models import ExchangeRate
from workmate.models import AuditEvent

pytestmark = pytest.mark.django_db
PAGE = "/einstellungen/umrechnungskurse/"
MAY = datetime.date(2026, 5, 1)


def test_pasted_lines_are_read_in_the_usual_spellings():
    text = "05.2026;USD;1,1234\n\n6/2026\tchf\t0,95\n2026-07;GBP;0.8421"
    assert [(str(one.month), one.currency, one.rate) for one in exchange_rates.read(text)] == [
        ("2026-05-01", "USD", Decimal("1.1234")),
        ("2026-06-01", "CHF", Decimal("0.95")),
        ("2026-07-01", "GBP", Decimal("0.8421")),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("05.2026;USD", "Zeile 1: Erwartet sind Monat, Währung und Kurs."),
        ("13.2026;USD;1", "Zeile 1: „13.2026“ ist kein Monat wie 05.2026."),
        ("05.2026;JPY;160", "Zeile 1: Die Währung „JPY“ wird nicht geführt."),
        ("05.2026;USD;viel", "Zeile 1: „viel“ ist kein Kurs wie 1,1234."),
        ("05.2026;USD;0", "Zeile 1: Der Kurs muss über null liegen."),
    ],
)
def test_a_line_that_is_no_rate_is_named(line, reason):
    with pytest.raises(ValueError, match="Zeile 1") as caught:
        list(exchange_rates.read(line))
    assert str(caught.value) == reason


def test_a_rate_holds_for_its_month_alone():
    enter("05.2026;USD;1,1234")
    assert exchange_rates.find("USD", datetime.date(2026, 5, 31)).rate == Decimal("1.1234")
    assert exchange_rates.find("USD", datetime.date(2026, 6, 1)) is None
    assert exchange_rates.find("CHF", MAY) is None


def enter(text):
    return exchange_rates.enter(list(exchange_rates.read(text)), source="BMF", by=a_user())


def test_a_rate_is_corrected_and_the_trail_tells_what_it_was():
    enter("05.2026;USD;1,1234")
    enter("05.2026;USD;1,1243")
    assert [str(one.rate) for one in ExchangeRate.objects.all()] == ["1.124300"]
    last = AuditEvent.objects.filter(event="exchange_rate.entered").latest("id")
    assert (last.payload["before"], last.payload["rate"]) == ("1.123400", "1.1243")


@pytest.mark.parametrize(
    "fields",
    [{"rate": 0}, {"month": datetime.date(2026, 5, 2)}, {"currency": "USD"}],
)
def test_the_database_takes_one_rate_above_zero_for_a_whole_month(fields):
    enter("05.2026;USD;1,1234")
    row = {"currency": "CHF", "month": MAY, "rate": 1, "source": "x", "created_by": a_user()}
    with pytest.raises(IntegrityError), transaction.atomic():
        ExchangeRate.objects.create(**row | fields)


def test_accounting_enters_rates_on_their_page():
    client = signed_in("Buchhaltung")
    sent = {"lines": "05.2026;USD;1,1234\n05.2026;CHF;0,95", "source": "BMF 2026"}
    answer = client.post(PAGE, sent, follow=True)
    assert "2 Kurse sind gespeichert." in answer.text
    assert "1,1234" in answer.text
    wrong = client.post(PAGE, {**sent, "lines": "05.2026;USD"})
    assert wrong.status_code == 422
    assert "Erwartet sind Monat, Währung und Kurs." in wrong.text


def test_the_adviser_reads_the_rates_and_enters_none():
    client = signed_in("Steuerberatung")
    assert "Kurse speichern" not in client.get(PAGE).text
    assert client.post(PAGE, {"lines": "05.2026;USD;1", "source": "x"}).status_code == 403
    assert not ExchangeRate.objects.exists()
