"""What is matched by itself, what is only proposed, and why: the rules as cases."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.matching import Matcher, OpenItem, SettledDocument, Transaction

TODAY = date(2026, 6, 15)
THRESHOLD = 90


def item(number="RE-2026-0001", outstanding="1190.00", *, key=1, partner=1, **fields) -> OpenItem:
    return OpenItem(
        id=key,
        number=number,
        partner_id=partner,
        partner_name=fields.pop("name", "Kundig & Söhne GmbH"),
        outstanding=Decimal(outstanding),
        due_on=fields.pop("due_on", date(2026, 6, 10)),
        issued_on=fields.pop("issued_on", date(2026, 5, 27)),
        **fields,
    )


def paid(amount="1190.00", text="RE-2026-0001", **fields) -> Transaction:
    return Transaction(
        Decimal(amount), fields.pop("booked_on", TODAY), text, fields.pop("name", ""), **fields
    )


def first(transaction, *items, settled=()):
    proposals = Matcher(items, settled).propose(transaction)
    return proposals[0] if proposals else None


def automatic(transaction, *items, settled=()):
    """The items that are paid without anybody looking."""
    best = first(transaction, *items, settled=settled)
    if best is None or not best.is_automatic(THRESHOLD):
        return []
    return [(item.number, str(amount)) for item, amount in best.allocations]


def test_number_and_amount_are_enough_and_say_so():
    best = first(paid(), item())
    assert best.score == 90
    assert best.reasons == ("Rechnungsnummer genau", "Betrag genau")
    assert best.is_automatic(90)


def test_a_known_iban_and_the_name_are_reasons_too():
    best = first(
        paid(name="Kundig und Soehne", iban="DE02120300000000202051"),
        item(known_ibans={"DE02120300000000202051": 3}),
    )
    assert best.score == 100
    assert best.reasons == (
        "Rechnungsnummer genau",
        "Betrag genau",
        "IBAN bekannt seit 3 Zahlungen",
        "Name stimmt überein",
    )


def test_a_similar_name_is_given_in_percent():
    best = first(paid(name="Kundik Söhne"), item())
    assert best.reasons[-1] == "Name ähnlich (91 %)" or "Name ähnlich" in best.reasons[-1]


def test_a_longer_number_never_pays_the_shorter_one():
    shorter, longer = item("RE-2026-1000", key=1), item("RE-2026-10001", key=2)
    assert automatic(paid(text="RE-2026-10001"), shorter, longer) == [("RE-2026-10001", "1190.00")]
    assert automatic(paid(text="RE-2026-10001"), shorter) == []


def test_a_second_transfer_is_an_overpayment_not_a_match():
    settled = [SettledDocument("RE-2026-0001", 1, "Kundig & Söhne GmbH")]
    best = first(paid(), settled=settled)
    assert best.allocations == ()
    assert best.rest == Decimal("1190.00")
    assert "RE-2026-0001 ist schon ausgeglichen" in best.reasons
    assert not best.is_automatic(0)


def test_a_second_transfer_does_not_pay_another_invoice_of_the_same_amount():
    settled = [SettledDocument("RE-2026-0001", 1)]
    other = item("RE-2026-0002", known_ibans={"DE02120300000000202051": 9})
    transaction = paid(name="Kundig & Söhne", iban="DE02120300000000202051")
    assert automatic(transaction, other, settled=settled) == []


def test_two_transfers_in_one_run_pay_once():
    matcher = Matcher([item()])
    matcher.settle(1, Decimal("1190.00"))
    best = matcher.propose(paid())[0]
    assert best.allocations == ()
    assert not best.is_automatic(0)


def test_an_amount_proves_nothing_where_the_text_names_another_document():
    transaction = paid(
        text="Rechnung 4711-88", name="Kundig & Söhne", iban="DE02120300000000202051"
    )
    best = first(transaction, item(known_ibans={"DE02120300000000202051": 9}))
    assert best.items[0].number == "RE-2026-0001"
    assert "Der Text nennt etwas anderes" in best.against


@pytest.mark.parametrize("text", ["Anzahlung Projekt", "Kaution", "AN-2026-0003", "Angebot 12"])
def test_other_purposes_contradict_an_amount(text):
    transaction = paid(text=text, name="Kundig & Söhne", iban="DE02120300000000202051")
    assert automatic(transaction, item(known_ibans={"DE02120300000000202051": 9})) == []


def test_a_regular_payer_with_the_only_fitting_amount_needs_no_number():
    transaction = paid(text="Danke", name="Kundig & Söhne", iban="DE02120300000000202051")
    assert automatic(transaction, item(known_ibans={"DE02120300000000202051": 3})) == [
        ("RE-2026-0001", "1190.00")
    ]


def test_two_invoices_of_the_same_amount_are_left_to_a_person():
    transaction = paid(text="Danke", name="Kundig & Söhne", iban="DE02120300000000202051")
    known = {"DE02120300000000202051": 9}
    proposals = Matcher(
        [item(key=1, known_ibans=known), item("RE-2026-0002", key=2, known_ibans=known)]
    ).propose(transaction)
    assert len(proposals) == 2
    assert not any(proposal.is_automatic(THRESHOLD) for proposal in proposals)


def test_an_amount_alone_is_a_weak_proposal():
    best = first(paid(text="Danke"), item())
    assert best.score == 30
    assert not best.is_automatic(THRESHOLD)


def test_several_invoices_whose_sum_fits_are_one_proposal():
    items = [item("RE-2026-0001", "100.00", key=1), item("RE-2026-0002", "50.00", key=2)]
    transaction = paid("150.00", "RE-2026-0001, RE-2026-0002")
    assert automatic(transaction, *items) == [
        ("RE-2026-0001", "100.00"),
        ("RE-2026-0002", "50.00"),
    ]
    assert first(transaction, *items).reasons == ("2 Rechnungsnummern genannt", "Summe genau")


def test_several_invoices_whose_sum_does_not_fit_are_left_to_a_person():
    items = [item("RE-2026-0001", "100.00", key=1), item("RE-2026-0002", "50.00", key=2)]
    assert automatic(paid("120.00", "RE-2026-0001, RE-2026-0002"), *items) == []
    assert automatic(paid("100.00", "RE-2026-0001, RE-2026-0002"), *items) == []


def test_invoices_of_different_customers_are_left_to_a_person():
    items = [
        item("RE-2026-0001", "100.00", key=1),
        item("RE-2026-0002", "50.00", key=2, partner=2, name="Anders AG"),
    ]
    assert automatic(paid("150.00", "RE-2026-0001, RE-2026-0002"), *items) == []


def test_an_open_and_a_paid_number_in_one_text_are_left_to_a_person():
    settled = [SettledDocument("RE-2026-0002", 1)]
    best = first(paid(text="RE-2026-0001 RE-2026-0002"), item(), settled=settled)
    assert best.against == ("Der Text nennt RE-2026-0002, das schon ausgeglichen ist",)


@pytest.mark.parametrize(
    ("amount", "allocated", "rest", "reason"),
    [
        ("1190.00", "1190.00", "0.00", "Betrag genau"),
        ("1189.98", "1189.98", "0.00", "Betrag bis auf 2 Cent"),
        ("1190.01", "1190.00", "0.01", "Betrag bis auf 1 Cent"),
        ("500.00", "500.00", "0.00", "Teilbetrag"),
        ("1166.20", "1166.20", "0.00", "2,0 % weniger als offen"),
        ("1500.00", "1190.00", "310.00", "Betrag höher als offen"),
    ],
)
def test_relations_of_amounts(amount, allocated, rest, reason):
    best = first(paid(amount), item())
    assert best.allocations[0][1] == Decimal(allocated)
    assert best.rest == Decimal(rest)
    assert reason in best.reasons


def test_part_payments_are_automatic_only_from_a_known_payer():
    assert automatic(paid("500.00"), item()) == []
    assert automatic(paid("500.00", name="Kundig & Söhne GmbH"), item()) == [
        ("RE-2026-0001", "500.00")
    ]


@pytest.mark.parametrize("amount", ["1500.00", "1166.20"])
def test_overpayments_and_possible_skonto_are_left_to_a_person(amount):
    transaction = paid(amount, name="Kundig & Söhne GmbH", iban="DE02120300000000202051")
    assert automatic(transaction, item(known_ibans={"DE02120300000000202051": 9})) == []


def test_an_iban_of_another_customer_is_a_contradiction():
    other = item("RE-2026-0009", "5.00", key=2, partner=2, known_ibans={"DE1": 4}, name="Anders")
    best = first(paid(iban="DE1"), item(), other)
    assert best.items[0].number == "RE-2026-0001"
    assert "Die IBAN gehört zu einem anderen Kunden" in best.against


def test_an_invoice_younger_than_the_payment_is_not_paid_by_it():
    assert automatic(paid(booked_on=date(2026, 5, 1)), item()) == []


def test_another_currency_is_no_candidate():
    assert first(paid(currency="USD"), item()) is None


def test_money_going_out_pays_debts_and_not_claims():
    assert first(paid("-1190.00"), item()) is None
    debt = item("L-88", "-1190.00", kind="payable")
    best = first(paid("-1190.00", "Rechnung L-88"), debt)
    assert best.allocations == ((debt, Decimal("-1190.00")),)


def test_nothing_moved_proposes_nothing():
    assert first(paid("0.00"), item()) is None


def test_the_oldest_of_equal_proposals_stands_first():
    items = [
        item("RE-2026-0002", key=2, due_on=date(2026, 7, 1)),
        item("RE-2026-0001", key=1, due_on=date(2026, 6, 1)),
    ]
    assert first(paid(text=""), *items).items[0].number == "RE-2026-0001"


amounts = st.integers(1, 500_000).map(lambda cents: Decimal(cents) / 100)


@given(
    st.lists(amounts, min_size=1, max_size=8),
    amounts,
    st.text(max_size=40),
    st.integers(0, 9),
)
def test_a_proposal_never_spends_more_than_came_in_or_is_owed(owed, received, noise, named):
    items = [item(f"RE-2026-{n:04d}", str(sum_), key=n) for n, sum_ in enumerate(owed)]
    for proposal in Matcher(items).propose(paid(str(received), f"{noise} RE-2026-{named:04d}")):
        spent = sum((amount for _, amount in proposal.allocations), Decimal(0))
        assert spent + proposal.rest == received
        assert proposal.rest >= 0
        assert all(0 < amount <= owing.outstanding for owing, amount in proposal.allocations)
        assert 0 <= proposal.score <= 100


@given(amounts, st.integers(1, 99_999), st.integers(1, 99_999))
def test_what_is_automatic_names_the_invoice_or_comes_from_a_known_payer(amount, named, owned):
    best = automatic(
        paid(str(amount), f"Rechnung RE-2026-{named:04d}"),
        item(f"RE-2026-{owned:04d}", str(amount)),
    )
    assert bool(best) == (named == owned)


SKONTO = ((date(2026, 6, 20), Decimal("23.80")), (date(2026, 6, 27), Decimal("11.90")))


def test_skonto_within_its_days_is_as_good_as_the_whole_amount():
    best = first(paid("1166.20"), item(skonto=SKONTO))
    assert best.is_automatic(THRESHOLD)
    assert best.reasons == ("Rechnungsnummer genau", "Betrag abzüglich 2 % Skonto, fristgerecht")
    assert best.skonto == ((1, Decimal("23.80")),)
    assert [(str(amount), best.rest) for _, amount in best.allocations] == [("1166.20", 0)]


@pytest.mark.parametrize(
    ("amount", "day", "kept"),
    [
        ("1166.20", date(2026, 6, 20), ((1, Decimal("23.80")),)),
        ("1166.21", date(2026, 6, 20), ((1, Decimal("23.79")),)),  # a cent less than allowed
        ("1166.19", date(2026, 6, 20), ()),  # a cent more
        ("1166.20", date(2026, 6, 21), ()),  # too late for this step
        ("1178.10", date(2026, 6, 21), ((1, Decimal("11.90")),)),
        ("1178.10", date(2026, 6, 28), ()),
    ],
)
def test_what_is_kept_is_skonto_only_within_the_terms(amount, day, kept):
    best = first(paid(amount, booked_on=day), item(skonto=SKONTO))
    assert best.skonto == kept
    assert best.is_automatic(THRESHOLD) == bool(kept)


def test_a_known_payer_takes_skonto_without_a_number():
    known = {"DE1": 4}
    best = first(paid("1166.20", "", iban="DE1"), item(skonto=SKONTO, known_ibans=known))
    assert best.skonto == ((1, Decimal("23.80")),)


def test_a_named_credit_is_taken_off():
    claim, credit = item("RE-2026-0001"), item("KR-2026-0003", "-190.00", key=2)
    best = first(paid("1000.00", "RE-2026-0001 abzgl. KR-2026-0003"), claim, credit)
    assert best.is_automatic(THRESHOLD)
    assert sorted(one.number for one in best.items) == [credit.number, claim.number]
    assert sum(amount for _, amount in best.allocations) == Decimal("1000.00")
    assert best.rest == 0


def test_a_named_credit_that_does_not_explain_the_amount_is_left_to_a_person():
    claim, credit = item("RE-2026-0001"), item("KR-2026-0003", "-190.00", key=2)
    transaction = paid("900.00", "RE-2026-0001 abzgl. KR-2026-0003", name="Kundig & Söhne GmbH")
    best = first(transaction, claim, credit)
    assert best.allocations == ((claim, Decimal("900.00")),)
    assert "Der Text nennt auch KR-2026-0003" in best.against


def test_what_makes_up_the_sum_is_proposed_for_a_known_payer_and_never_booked():
    items = [
        item(f"RE-2026-000{n}", amount, key=n, known_ibans={"DE1": 9})
        for n, amount in enumerate(("100.00", "230.00", "45.50", "77.00"), start=1)
    ]
    best = first(paid("222.50", "Danke", iban="DE1"), *items)
    assert [one.number for one in best.items] == ["RE-2026-0001", "RE-2026-0003", "RE-2026-0004"]
    assert best.reasons[0] == "3 Rechnungen ergeben zusammen den Betrag"
    assert not best.is_automatic(80)


def test_two_digits_the_wrong_way_round_are_seen_where_amount_and_payer_agree():
    known = item("RE-2026-0123", known_ibans={"DE1": 3})
    best = first(paid(text="RE-2026-0132", iban="DE1"), known)
    assert best.is_automatic(THRESHOLD)
    assert best.reasons == (
        "Rechnungsnummer mit Zahlendreher",
        "Betrag genau",
        "IBAN bekannt seit 3 Zahlungen",
    )
    assert automatic(paid(text="RE-2026-0132"), item("RE-2026-0123")) == []
    assert automatic(paid("5.00", "RE-2026-0132", iban="DE1"), known) == []


def test_two_digits_the_wrong_way_round_that_name_another_invoice_name_that_one():
    items = [
        item("RE-2026-0123", known_ibans={"DE1": 3}),
        item("RE-2026-0132", "17.00", key=2, partner=2, name="Anders AG"),
    ]
    assert automatic(paid(text="RE-2026-0132", iban="DE1"), *items) == []
