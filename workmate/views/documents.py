"""Archived files, for whoever may see their kind."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from workmate import documents
from workmate.models import Document
from workmate.web import Request


@require_safe
def document(request: Request, pk: int) -> HttpResponse:
    """The bytes as archived. `?zeigen` lets the browser show PDF and images it can trust."""
    found = get_object_or_404(Document, pk=pk)
    if not request.user.has_perm(documents.permission_for(found)):
        raise PermissionDenied
    return serve(found, inline="zeigen" in request.GET)


def serve(found: Document, *, inline: bool = False) -> HttpResponse:
    """The answer with a document; shown in the page only where that cannot run anything."""
    shown = inline and found.media_type in ("application/pdf", "image/png")
    response = HttpResponse(documents.read(found), content_type=found.media_type)
    disposition = content_disposition_header(not shown, found.filename)
    response["Content-Disposition"] = disposition or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response
