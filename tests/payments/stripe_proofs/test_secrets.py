"""The secret keys are nowhere but encrypted in their row."""

import logging

import pytest
from django.db import connection

from payments.stripe import connecting
from simulators.stripe import SECRET_KEY, WEBHOOK_SECRET
from tests.books import signed_in
from workmate.errors import Problem

SECRETS = (SECRET_KEY, WEBHOOK_SECRET)


def test_the_secrets_are_neither_in_database_logs_nor_pages(shop, stripe, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    connecting.check()
    shop.pay()
    shop.apply_all()
    stripe.control.answer_next(400)
    with pytest.raises(Problem):
        connecting.check()
    connecting.save({"secret_key": SECRET_KEY[:-4] + "9999"}, by=shop.by)  # a key that is wrong
    with pytest.raises(Problem) as refused:
        connecting.check()
    browser = signed_in("Inhaber")
    pages = [browser.get(path) for path in ("/zahlungen/stripe/", "/zahlungen/", "/protokoll/")]
    assert pages[0].status_code == 200
    html = b"".join(page.content for page in pages).decode()
    said = capfd.readouterr()
    seen = {
        "database": everything_stored(),
        "logs": caplog.text + said.out + said.err,
        "html": html,
        "error": str(refused.value) + refused.value.advice,
    }
    wanted = [*SECRETS, SECRET_KEY[:-4] + "9999"]
    assert [place for place, text in seen.items() if any(one in text for one in wanted)] == []
    assert SECRET_KEY[-4:] in html or "9999" in html


def everything_stored():
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        text = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            text += [row[0] for row in cursor.fetchall()]
    assert any("payment_intent.succeeded" in row for row in text)
    return "\n".join(text)
