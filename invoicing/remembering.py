"""Remembering what the gate said to a draft, for the badge in lists and on its page.

No act: it changes nothing that the draft says, and is forgotten in effect with the next version.
A verdict is only remembered where every layer ran; offers have no rules to pass.
"""

from invoicing.gate import Verdict
from invoicing.models import Invoice


def remember(invoice: Invoice, verdict: Verdict) -> None:
    """Keep the verdict on a stored draft, if it still is in the version that was judged."""
    if invoice.is_offer or verdict.report.not_run:
        return
    faults = len(verdict.errors)
    found = {
        "checked_version": invoice.version,
        "faults": faults,
        "hints": len(verdict.findings) - faults,
    }
    if all(getattr(invoice, name) == value for name, value in found.items()):
        return
    rows = Invoice.objects.drafts().filter(pk=invoice.pk, version=invoice.version)
    if rows.update(**found):
        for name, value in found.items():
            setattr(invoice, name, value)
