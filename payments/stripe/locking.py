"""One story at a time: whoever looks at a payment at Stripe and books it does so alone.

The lock is taken before Stripe is asked, so that what is booked is never older than what was.
"""

from django.db import connection


def hold(name: str) -> None:
    """Wait for the lock of this payment (or session, payout) and keep it until the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 4717))", [name])
