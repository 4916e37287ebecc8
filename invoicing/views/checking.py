"""The page that judges any e-invoice, and keeps nothing."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from invoicing import checking
from invoicing.einvoice.validate import rule_versions
from invoicing.forms.check import CheckForm
from invoicing.views.acting import Page


class Check(Page):
    """Drop files, read the verdicts. Sending the form changes nothing."""

    permission_required = "invoicing.view_invoice"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(CheckForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CheckForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(form, status=422)
        return self._page(form, [_checked(file) for file in form.cleaned_data["einvoices"]])

    def _page(
        self,
        form: CheckForm,
        results: list[checking.Checked] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "form": form,
            "results": results or [],
            "classes": checking.CLASSES,
            "versions": rule_versions(),
            "max_files": checking.MAX_FILES,
        }
        return render(self.request, "invoicing/check.html", context, status=status)


def _checked(file: UploadedFile) -> checking.Checked:
    name = file.name or ""
    if (file.size or 0) > checking.MAX_FILE:
        return checking.refuse(name)
    return checking.check(name, file.read())
