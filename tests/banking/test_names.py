"""Names are the same without legal form, umlauts and order; one common word is not enough."""

import pytest

from banking.names import similarity, words


@pytest.mark.parametrize(
    ("left", "right", "least"),
    [
        ("Müller & Söhne GmbH", "MUELLER UND SOEHNE", 100),
        ("Kundig Petra", "Petra Kundig", 100),
        ("Lindenhof e.K.", "Lindenhof", 100),
        ("Bau-Service Nord GmbH & Co. KG", "BAU SERVICE NORD", 100),
        ("Hausverwaltung Weber", "Hausverwaltung Webber", 90),
    ],
)
def test_the_same_name_is_recognised(left, right, least):
    assert similarity(words(left), words(right)) >= least


@pytest.mark.parametrize(
    ("left", "right"), [("Müller", "Müller Bau GmbH"), ("Nord GmbH", "Süd GmbH"), ("", "Weber")]
)
def test_different_names_are_not_the_same(left, right):
    assert similarity(words(left), words(right)) < 85


def test_a_name_of_legal_forms_alone_keeps_its_words():
    assert words("AG") == ("ag",)
