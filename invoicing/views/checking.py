"""The page that judges any e-invoice and shows what it says; nothing of it is kept."""

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from invoicing import checking
from invoicing.einvoice.validate import rule_versions
from invoicing.enclosing import Enclosure
from invoicing.forms.check import CheckForm
from invoicing.views.acting import Page
from workmate import handover
from workmate.handover import Parcel
from workmate.models import User

MOST_ENCLOSED = 25 * 1024 * 1024  # bytes of all files that one check hands over


@dataclass(frozen=True, kw_only=True)
class Result:
    """A checked file with its enclosures, each with the word to fetch it by."""

    checked: checking.Checked
    files: tuple[tuple[Enclosure, str], ...]


class Check(Page):
    """Drop files, read the verdicts. Sending the form changes nothing."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(CheckForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CheckForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, status=422)
        results = [_checked(file) for file in form.cleaned_data["einvoices"]]
        return self._page(form, handed_over(results, by=self.user))

    def _page(
        self,
        form: CheckForm,
        results: list[Result] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "form": form,
            "results": results or [],
            "classes": checking.CLASSES,
            "versions": rule_versions(),
            "max_files": checking.MAX_FILES,
            "minutes": handover.SECONDS // 60,
        }
        return render(self.request, "invoicing/check.html", context, status=status)


class EnclosedFile(Page):
    """A file out of an e-invoice that this person has just checked, to be saved and never shown."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest, word: str) -> HttpResponse:
        parcel = handover.take(word, by=self.user)
        if parcel is None:
            raise Http404("the file is forgotten")
        response = HttpResponse(parcel.data, content_type=parcel.media_type)
        response["Content-Disposition"] = content_disposition_header(True, parcel.filename) or ""
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["X-Content-Type-Options"] = "nosniff"
        response["Cache-Control"] = "no-store"
        return response


def handed_over(results: list[checking.Checked], *, by: User) -> list[Result]:
    """The results, their enclosures put down for this person as far as there is room."""
    room = MOST_ENCLOSED
    shown = []
    for one in results:
        files = []
        for enclosure in one.enclosures:
            word = ""
            if enclosure.media_type and len(enclosure.data) <= room:
                room -= len(enclosure.data)
                word = handover.leave(
                    Parcel(
                        filename=enclosure.name,
                        media_type=enclosure.media_type,
                        data=enclosure.data,
                    ),
                    by=by,
                )
            files.append((enclosure, word))
        shown.append(Result(checked=one, files=tuple(files)))
    return shown


def _checked(file: UploadedFile) -> checking.Checked:
    name = file.name or ""
    if (file.size or 0) > checking.MAX_FILE:
        return checking.refuse(name)
    return checking.check(name, file.read())
