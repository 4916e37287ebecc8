"""Short words for mandates and batches in tests."""

import datetime
from zoneinfo import ZoneInfo

from payments.sepa.collecting import collect
from payments.sepa.mandates import grant
from tests.trade import DAY, a_business, a_buyer, an_invoice
from workmate.ledger.models import MoneyAccount
from workmate.models import Company

CREDITOR = "DE98ZZZ09999999999"
IBANS = ("DE89370400440532013000", "DE02120300000000202051", "AT611904300234573201")
NOON = datetime.datetime(2026, 5, 20, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
TODAY = NOON.date()


def a_collector(**fields):
    """A business that may collect; gives back its owner."""
    return a_business(creditor_id=CREDITOR, **fields)


def a_mandate(by, *, customer=None, **fields):
    """A mandate of a customer who pays by debit from now on."""
    customer = customer or a_buyer(by)
    fields = {
        "reference": f"M-{customer.pk}",
        "iban": IBANS[0],
        "signed_on": datetime.date(2026, 1, 5),
        "on": DAY,
    } | fields
    return grant(customer, by=by, **fields)


def a_debit(by, *, mandate=None, **draft):
    """An issued invoice that announces a debit."""
    mandate = mandate or a_mandate(by)
    return an_invoice(by, customer=mandate.customer, payment_means="59", **draft)


def a_batch(by, *invoices, on=TODAY, **fields):
    """A draft of a batch that collects the invoices, a new one unless some are given."""
    return collect(
        invoices or [a_debit(by)],
        scheme=fields.pop("scheme", "CORE"),
        money_account=fields.pop("money_account", None) or MoneyAccount.objects.get(),
        on=on,
        by=by,
        **fields,
    )


def allow_alone():
    """Whoever prepares a batch may release it."""
    Company.objects.update(sepa_release_alone=True)
