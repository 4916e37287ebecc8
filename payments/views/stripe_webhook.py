"""Where Stripe tells its events: no login but their signature."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from payments.stripe import webhook
from workmate.errors import TOO_LARGE


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class Webhook(View):
    """Takes an event and answers at once; a worker applies it."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponse:
        if int(request.headers.get("Content-Length") or 0) > webhook.MOST_BYTES:
            raise TOO_LARGE(limit="1 MB")
        webhook.receive(request.body, request.headers.get("Stripe-Signature", ""))
        return HttpResponse(b"", status=200)
