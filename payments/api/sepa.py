"""SEPA over the API: mandates, batches and their steps."""

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing.models import Customer, Invoice
from payments.api.fields import AmountField, PastDateField, actor
from payments.models import Batch, Mandate, Order
from payments.refunding import return_order
from payments.sepa import releasing
from payments.sepa.collecting import collect
from payments.sepa.mandates import grant, revoke
from payments.sepa.transferring import Transfer, transfer
from workmate import errors
from workmate.api import ActResource, ApiView, ReadViewSet
from workmate.ledger.models import MoneyAccount, OpenItem
from workmate.views.documents import serve
from workmate.web import ApiRequest


class MandateSerializer(serializers.ModelSerializer):
    """A mandate as it was signed."""

    class Meta:
        model = Mandate
        fields = (
            "id",
            "customer",
            "reference",
            "scheme",
            "kind",
            "iban",
            "holder",
            "signed_on",
            "last_used_on",
            "revoked_on",
        )


class MandateBody(serializers.Serializer):
    """A mandate that a customer has signed."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())
    reference = serializers.CharField(max_length=35)
    iban = serializers.CharField(max_length=42)
    signed_on = PastDateField()
    scheme = serializers.ChoiceField(Mandate.Scheme.choices, default=Mandate.Scheme.CORE)
    kind = serializers.ChoiceField(Mandate.Kind.choices, default=Mandate.Kind.RECURRING)
    holder = serializers.CharField(max_length=70, allow_blank=True, default="")


class MandateViewSet(mixins.CreateModelMixin, ReadViewSet):
    """Mandates: list, read, add. They are never changed, only revoked."""

    queryset = Mandate.objects.all()
    serializer_class = MandateSerializer
    filterset_fields = ("customer", "reference")

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return MandateBody if self.action == "create" else MandateSerializer

    @extend_schema(request=MandateBody, responses={201: MandateSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = MandateBody(data=request.data)
        body.is_valid(raise_exception=True)
        data = dict(body.validated_data)
        mandate = grant(data.pop("customer"), on=localdate(), by=actor(request), **data)
        return Response(MandateSerializer(mandate).data, status=status.HTTP_201_CREATED)


class MandateRevocation(ActResource):
    """Revokes a mandate today."""

    queryset = Mandate.objects.all()
    permission_required = "payments.change_mandate"
    answer_class = MandateSerializer

    def act(self, obj: Mandate, data: dict[str, Any]) -> Mandate:
        return revoke(obj, on=localdate(), by=actor(self.request))


class OrderSerializer(serializers.ModelSerializer):
    """One movement of a batch."""

    class Meta:
        model = Order
        fields = (
            "id",
            "open_item",
            "mandate",
            "amount",
            "due_on",
            "sequence",
            "name",
            "iban",
            "purpose",
            "end_to_end_id",
            "returned_on",
            "return_reason",
        )


class BatchSerializer(serializers.ModelSerializer):
    """A batch with its orders."""

    orders = OrderSerializer(many=True)

    class Meta:
        model = Batch
        fields = (
            "id",
            "kind",
            "scheme",
            "state",
            "money_account",
            "collective",
            "message_id",
            "alone",
            "created_at",
            "created_by",
            "released_at",
            "released_by",
            "written_at",
            "executed_on",
            "orders",
        )


class TransferBody(serializers.Serializer):
    """What is paid out of an open item that we owe, and to which account."""

    open_item = serializers.PrimaryKeyRelatedField(
        queryset=OpenItem.objects.select_related("partner")
    )
    amount = AmountField()
    iban = serializers.CharField(max_length=42)
    name = serializers.CharField(max_length=70, allow_blank=True, default="")
    purpose = serializers.CharField(max_length=140, allow_blank=True, default="")


class BatchBody(serializers.Serializer):
    """A debit names invoices and a scheme, a transfer what is paid out."""

    kind = serializers.ChoiceField(Batch.Kind.choices)
    money_account = serializers.PrimaryKeyRelatedField(queryset=MoneyAccount.objects.all())
    collective = serializers.BooleanField(default=False)
    scheme = serializers.ChoiceField(Mandate.Scheme.choices, default=Mandate.Scheme.CORE)
    invoices = serializers.PrimaryKeyRelatedField(
        queryset=Invoice.objects.all(), many=True, default=list
    )
    transfers = TransferBody(many=True, default=list)


BATCHES = Batch.objects.prefetch_related("orders")


class BatchViewSet(mixins.CreateModelMixin, ReadViewSet):
    """Batches: list, read, prepare. Each further step is a resource below it."""

    queryset = BATCHES
    serializer_class = BatchSerializer
    filterset_fields = ("kind", "state")

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return BatchBody if self.action == "create" else BatchSerializer

    @extend_schema(request=BatchBody, responses={201: BatchSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        body = BatchBody(data=request.data)
        body.is_valid(raise_exception=True)
        data = body.validated_data
        plain: dict[str, Any] = {
            "money_account": data["money_account"],
            "collective": data["collective"],
            "on": localdate(),
            "by": actor(request),
        }
        if data["kind"] == Batch.Kind.DEBIT:
            batch = collect(data["invoices"], scheme=data["scheme"], **plain)
        else:
            batch = transfer([Transfer(**one) for one in data["transfers"]], **plain)
        answer = BatchSerializer(BATCHES.get(pk=batch.pk))
        return Response(answer.data, status=status.HTTP_201_CREATED)


class BatchStep(ActResource):
    """What the steps share."""

    queryset = Batch.objects.all()
    permission_required = "payments.change_batch"
    answer_class = BatchSerializer

    def step(self, batch: Batch) -> Any:
        """Call the act."""
        raise NotImplementedError

    def act(self, obj: Batch, data: dict[str, Any]) -> Batch:
        self.step(obj)
        return BATCHES.get(pk=obj.pk)


class BatchRelease(BatchStep):
    """Releases a batch that somebody else has prepared."""

    permission_required = "payments.release_batch"

    def step(self, batch: Batch) -> Any:
        return releasing.release(batch, on=localdate(), by=actor(self.request))


class BatchWithdrawal(BatchStep):
    """Takes the release back, as long as there is no file."""

    permission_required = "payments.release_batch"

    def step(self, batch: Batch) -> Any:
        return releasing.withdraw(batch, by=actor(self.request))


class BatchExecution(BatchStep):
    """Notes that the bank has carried the file out."""

    def step(self, batch: Batch) -> Any:
        return releasing.execute(batch, on=localdate(), by=actor(self.request))


class BatchDiscard(BatchStep):
    """Gives a batch up."""

    def step(self, batch: Batch) -> Any:
        return releasing.discard(batch, by=actor(self.request))


class BatchFile(ApiView):
    """The file: GET hands out the archived bytes, POST makes them from a released batch."""

    queryset = Batch.objects.select_related("file")
    serializer_class = serializers.Serializer
    permission_required: ClassVar = {
        "GET": "payments.view_batch",
        "POST": "payments.change_batch",
    }

    @extend_schema(responses={(200, "application/xml"): OpenApiTypes.BINARY})
    def get(self, request: ApiRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes as archived."""
        batch = self.get_object()
        if batch.file is None:
            raise errors.NOT_FOUND()
        return serve(batch.file)

    @extend_schema(request=None, responses={201: BatchSerializer})
    def post(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        """Make the file."""
        batch = self.get_object()
        releasing.write_file(batch, at=timezone.now(), by=actor(request))
        answer = BatchSerializer(BATCHES.get(pk=batch.pk))
        return Response(answer.data, status=status.HTTP_201_CREATED)


class OrderReturnBody(serializers.Serializer):
    """When it came back, why, and what the bank took for it."""

    on = PastDateField()
    reason = serializers.CharField(max_length=150)
    fee = AmountField(default=0, min_value=0)


class OrderReturn(ActResource):
    """Notes that an order came back; a payment that was booked for it is taken back."""

    queryset = Order.objects.all()
    permission_required = "payments.reverse_payment"
    body_class = OrderReturnBody
    answer_class = OrderSerializer

    def act(self, obj: Order, data: dict[str, Any]) -> Order:
        return return_order(obj, by=actor(self.request), **data)
