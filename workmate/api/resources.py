"""The classes that the apps' API views build on."""

import hashlib
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.datastructures import MultiValueDict
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import Throttled
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.viewsets import GenericViewSet

from workmate import errors, idempotency
from workmate.api.rights import Rights
from workmate.errors import Problem
from workmate.models import IdempotentRequest
from workmate.web import ApiRequest

KEY = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "Location", "ETag")


class Replay(Exception):
    """This POST was answered before."""

    def __init__(self, record: IdempotentRequest) -> None:
        self.record = record
        super().__init__(record.key)


class Idempotent:
    """Lets a POST with an `Idempotency-Key` act once. Act and kept answer commit together."""

    request: ApiRequest
    _record: IdempotentRequest | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST" or KEY not in request.headers:
            return super().dispatch(request, *args, **kwargs)
        with transaction.atomic():
            try:
                response: Any = super().dispatch(request, *args, **kwargs)
            except Replay as replay:
                return _again(replay.record)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            elif self._record:
                response.render()
                headers = {name: response[name] for name in KEPT_HEADERS if name in response}
                content = response.content.decode()
                idempotency.keep(
                    self._record, status=response.status_code, headers=headers, body=content
                )
        return response

    def initial(self, request: ApiRequest, *args: Any, **kwargs: Any) -> None:
        try:
            super().initial(request, *args, **kwargs)
        except Exception as refusal:
            if isinstance(refusal, Problem):  # of an authenticator, which found nobody
                request.user = AnonymousUser()  # type: ignore[assignment]
            # Refused before the throttles were asked: a stranger is counted all the same.
            self._slow_down(AnonRateThrottle(), request)
            raise
        if request.method != "POST" or KEY not in request.headers:
            return
        path = request.get_full_path()
        record = idempotency.claim(request.user, request.headers[KEY], path, _digest(request))
        if record.status is not None:
            raise Replay(record)
        self._record = record

    def _slow_down(self, throttle: AnonRateThrottle, request: ApiRequest) -> None:
        if not throttle.allow_request(request, self):
            raise Throttled(throttle.wait())

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Replay):
            raise exc
        return super().handle_exception(exc)


class ApiView(Idempotent, GenericAPIView):
    """A single resource, or a short list without pages; names its `permission_required`."""

    permission_classes = (Rights,)
    pagination_class = None


class ReadViewSet(Idempotent, mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """Rows that the API lists and shows."""

    permission_classes = (Rights,)
    lookup_value_regex = "[0-9]{1,18}"


class ApiViewSet(
    mixins.CreateModelMixin, mixins.UpdateModelMixin, mixins.DestroyModelMixin, ReadViewSet
):
    """Rows that the API also adds, changes and deletes: `perform_…` call the acts."""

    http_method_names = ["get", "post", "patch", "delete", "head", "options"]  # no PUT


class ActResource(Idempotent, GenericAPIView):
    """A change of state as a resource of its own: `POST …/issuance/` calls `act`.

    `body_class` reads what the act needs (nothing by default), `answer_class` writes what it
    returns.
    """

    permission_classes = (Rights,)
    pagination_class = None
    permission_required: ClassVar[str]
    body_class: ClassVar[type[serializers.BaseSerializer[Any]]] = serializers.Serializer
    answer_class: ClassVar[type[serializers.BaseSerializer[Any]]]
    status: ClassVar[int] = status.HTTP_201_CREATED

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return self.body_class

    def act(self, obj: Any, data: dict[str, Any]) -> Any:
        """Call the act; what it returns is answered, nothing answers the object itself."""
        raise NotImplementedError

    def post(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        """Read, act, answer."""
        obj = self.get_object()
        data = self.get_serializer(data=request.data)
        data.is_valid(raise_exception=True)
        result = self.act(obj, data.validated_data)
        answer = self.answer_class(
            obj if result is None else result, context=self.get_serializer_context()
        )
        return Response(answer.data, status=self.status)


def _again(record: IdempotentRequest) -> HttpResponse:
    response = HttpResponse(record.body, status=record.status, headers=record.headers)
    response["Idempotent-Replayed"] = "true"
    return response


def _digest(request: ApiRequest) -> str:
    """SHA-256 of what was sent; of an upload each field and file by itself."""
    digest = hashlib.sha256()
    if not request.content_type.startswith("multipart/"):
        digest.update(request._request.body)
        return digest.hexdigest()
    if not isinstance(request.data, MultiValueDict):
        raise errors.BAD_REQUEST()
    fields = sorted(request.data.lists())
    for name, values in fields:
        for value in values:
            parts = value.chunks() if hasattr(value, "chunks") else [str(value).encode()]
            digest.update(name.encode() + b"\0")
            for part in parts:
                digest.update(part)
            if hasattr(value, "seek"):
                value.seek(0)
    return digest.hexdigest()
