"""Amounts as Stripe writes them: whole numbers of the smallest unit of a currency.

Source: docs.stripe.com/currencies. UGX and ISK have no cents but are sent with two digits.
"""

from decimal import Decimal

from workmate.money import round_to

NO_PLACES = frozenset("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_PLACES = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
# Less than this Stripe takes of nobody.
LEAST = {"EUR": Decimal("0.50"), "USD": Decimal("0.50"), "CHF": Decimal("0.50")}


def places(currency: str) -> int:
    """How many digits of an amount are fractions of the currency."""
    code = currency.upper()
    return 0 if code in NO_PLACES else 3 if code in THREE_PLACES else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """119.00 EUR → 11900, 500 JPY → 500; rounded half away from zero."""
    digits = places(currency)
    return int(round_to(amount, digits).scaleb(digits))


def from_minor(amount: int, currency: str) -> Decimal:
    """11900 EUR → 119.00, 500 JPY → 500.00."""
    digits = places(currency)
    return Decimal(amount).scaleb(-digits).quantize(Decimal(1).scaleb(-max(digits, 2)))
