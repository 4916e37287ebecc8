import pickle

import pytest
from django.core.exceptions import ValidationError

from tests.problems import raises_problem
from workmate import errors
from workmate.errors import CATALOGUE, problem


def test_a_code_belongs_to_one_entry():
    with pytest.raises(ValueError, match="twice"):
        problem("AUTH_1001", "Noch eine Meldung.", "Noch ein Rat.")


def test_a_code_has_an_area_and_four_digits():
    with pytest.raises(ValueError, match="code"):
        problem("INVOICE-11", "Meldung.", "Rat.")


def test_every_entry_has_message_advice_and_a_status_of_refusal():
    for entry in CATALOGUE.values():
        assert entry.message.endswith((".", "}", "?")), entry.code
        assert entry.advice.endswith((".", "}")), entry.code
        assert 400 <= entry.status < 600, entry.code


def test_no_entry_shouts_or_says_du():
    for entry in CATALOGUE.values():
        text = f" {entry.message} {entry.advice} ".lower()
        assert "!" not in text, entry.code
        assert " du " not in text, entry.code
        assert " dein" not in text, entry.code


def test_the_catalogue_covers_every_app():
    assert {code.partition("_")[0] for code in CATALOGUE} >= {
        "AUTH",
        "INVOICE",
        "FINANCE",
        "SYSTEM",
    }
    assert len(CATALOGUE) >= 60


def test_a_problem_carries_its_parameters_in_message_and_advice():
    raised = errors.LAST_OWNER(email="eva@example.de")
    assert raised.message == "eva@example.de ist der letzte Inhaber mit einem Zugang."
    assert (raised.code, raised.status) == ("AUTH_1013", 409)


def test_a_missing_parameter_is_a_bug():
    with pytest.raises(KeyError):
        errors.LAST_OWNER()


def test_a_problem_survives_a_process_border():
    original = errors.INVALID(fields={"name": ["Fehlt."]})
    copy = pickle.loads(pickle.dumps(original))
    assert (copy.code, copy.fields) == (original.code, original.fields)


def test_what_a_model_refuses_is_told_at_its_fields():
    found = errors.from_validation(
        ValidationError({"name": ["Fehlt."], "__all__": ["Passt nicht."]})
    )
    assert found.fields == {"name": ["Fehlt."], "": ["Passt nicht."]}


def test_the_helper_wants_the_right_code():
    with pytest.raises(AssertionError), raises_problem(errors.NOT_FOUND):
        raise errors.NOT_ALLOWED()
