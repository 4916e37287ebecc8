"""The ground of the API: who asks, what they may, and how answers and refusals look.

    from workmate.api import ActResource, ApiViewSet

    class InvoiceViewSet(ApiViewSet):                 # list, read, add, change, delete
        queryset = Invoice.objects.all()
        serializer_class = InvoiceSerializer

    class Issuance(ActResource):                      # POST /invoices/7/issuance/
        queryset = Invoice.objects.all()
        permission_required = "invoicing.issue_invoice"
        answer_class = InvoiceSerializer

        def act(self, invoice, data):
            return issue(invoice, by=self.request.user, on=localdate())

Every class there wants the view permission for reading, honours `Idempotency-Key` on POST, and
answers refusals as `application/problem+json`. `workmate.api.matching` has `If-Match` for drafts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workmate.api.matching import etag, require_match
    from workmate.api.resources import ActResource, ApiView, ApiViewSet, ReadViewSet

__all__ = ["ActResource", "ApiView", "ApiViewSet", "ReadViewSet", "etag", "require_match"]


def __getattr__(name: str) -> Any:
    """Import late: REST framework's settings name modules of this package while it loads."""
    for module in ("resources", "matching"):
        if name in __all__ and hasattr(found := import_module(f"{__name__}.{module}"), name):
            return getattr(found, name)
    raise AttributeError(name)
