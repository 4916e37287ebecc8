"""Remembering what the gate said to a draft, for the badge in lists and on its page.

No act: it changes nothing that the draft says. A verdict is only remembered where every layer
ran; offers have no rules to pass. It is out of date once the draft, its customer, our company with
its bank account, or the rules are no longer what was judged. The database compares them by a
digest of their rows while it reads a list, so that no change has to look for drafts.
"""

from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone

from invoicing.einvoice import rules
from invoicing.gate import Verdict
from invoicing.models import Invoice

CIRCUMSTANCES = """md5(concat(
    (SELECT one::text FROM invoicing_customer one WHERE one.id = invoicing_invoice.customer_id),
    (SELECT string_agg(one::text, '') FROM workmate_company one),
    (SELECT string_agg(one::text, '' ORDER BY one.id) FROM workmate_moneyaccount one
      WHERE one.on_invoices AND one.is_active),
    %s::text))"""


def circumstances() -> RawSQL:
    """A digest of all that a verdict depends on beside the draft itself."""
    return RawSQL(CIRCUMSTANCES, [rules.edition()])  # noqa: S611 — a constant with a parameter


def with_check(rows: Any) -> Any:
    """Each document with `check_is_current`: whether what the rules said to it still holds."""
    as_judged = Q(checked_version=F("version"), checked_with=circumstances())
    current = Case(
        When(status=Invoice.Status.ISSUED, then=Value(True)),
        When(as_judged, then=Value(True)),
        default=Value(False),
    )
    return rows.annotate(check_is_current=current)


def remember(invoice: Invoice, verdict: Verdict) -> None:
    """Keep the verdict on a stored draft, if it still is in the version that was judged."""
    if invoice.is_offer or verdict.report.not_run:
        return
    faults = len(verdict.errors)
    found: dict[str, Any] = {
        "checked_version": invoice.version,
        "checked_at": timezone.now(),
        "faults": faults,
        "hints": len(verdict.findings) - faults,
    }
    rows = Invoice.objects.drafts().filter(pk=invoice.pk, version=invoice.version)
    if rows.update(**found, checked_with=circumstances()):
        for name, value in {**found, "check_is_current": True}.items():
            setattr(invoice, name, value)
