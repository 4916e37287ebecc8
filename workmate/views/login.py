"""In and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect

from workmate import errors
from workmate.login import LoginForm


@method_decorator(login_not_required, name="dispatch")
class Login(views.LoginView):
    """Asks for e-mail address and password."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


@login_not_required
@csrf_protect
def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """After too many failures (django-axes calls this)."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    problem = errors.TOO_MANY_LOGINS(minutes=minutes)
    form = LoginForm(request)
    context = {"form": form, "problem": problem}
    return render(request, "registration/login.html", context, status=problem.status)
