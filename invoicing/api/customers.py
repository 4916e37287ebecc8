"""The API of customers."""

from typing import Any, ClassVar

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import customers, statistics
from invoicing.api import actor
from invoicing.filters import CustomerFilters
from invoicing.models import Customer
from workmate.api import ActResource, ApiView, ApiViewSet


class CustomerSerializer(serializers.ModelSerializer):
    """A customer; `outstanding` is what it owes in EUR, less credit."""

    partner = serializers.PrimaryKeyRelatedField[Any](read_only=True)
    debtor_account = serializers.CharField(source="partner.number", read_only=True)
    outstanding = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)

    class Meta:
        model = Customer
        fields: ClassVar = [
            "id",
            "number",
            *customers.FIELDS,
            "status",
            "block_reason",
            "partner",
            "debtor_account",
            "outstanding",
            "created_at",
        ]
        read_only_fields: ClassVar = [
            "number",
            *(name for name in customers.FIELDS if name.startswith("mandate_")),
            "status",
            "block_reason",
            "created_at",
        ]


class CustomerViewSet(ApiViewSet):
    """Customers; those with documents cannot be deleted."""

    queryset = Customer.objects.select_related("partner").with_outstanding().order_by("id")
    serializer_class = CustomerSerializer
    filterset_class = CustomerFilters

    def perform_create(self, serializer: Any) -> None:
        made = customers.create_customer(by=actor(self.request), **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=made.pk)

    def perform_update(self, serializer: Any) -> None:
        changed = customers.edit_customer(
            serializer.instance, by=actor(self.request), **serializer.validated_data
        )
        serializer.instance = self.get_queryset().get(pk=changed.pk)

    def perform_destroy(self, instance: Customer) -> None:
        customers.delete_customer(instance, by=actor(self.request))


class StatusBody(serializers.Serializer):
    """A status; blocking needs a reason."""

    status = serializers.ChoiceField(choices=Customer.Status.choices)
    reason = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=customers.REASON
    )


class CustomerStatus(ActResource):
    """Offers a customer for new documents, makes it a prospect, sets it aside or blocks it."""

    queryset = CustomerViewSet.queryset
    permission_required = "invoicing.change_customer"
    body_class = StatusBody
    answer_class = CustomerSerializer

    def act(self, obj: Customer, data: dict[str, Any]) -> Customer:
        customers.set_status(obj, by=actor(self.request), **data)
        return self.get_queryset().get(pk=obj.pk)


class OfCustomerSerializer(serializers.Serializer):
    """How much a customer buys and how it pays; amounts in EUR."""

    net_this_year = serializers.DecimalField(max_digits=14, decimal_places=2)
    net_before = serializers.DecimalField(max_digits=14, decimal_places=2)
    net = serializers.DecimalField(max_digits=14, decimal_places=2)
    count = serializers.IntegerField()
    first_on = serializers.DateField(allow_null=True)
    last_on = serializers.DateField(allow_null=True)
    overdue_count = serializers.IntegerField()
    overdue = serializers.DecimalField(max_digits=14, decimal_places=2)
    days_to_pay = serializers.IntegerField(allow_null=True)


class CustomerStatistics(ApiView):
    """How much one customer buys and how it pays."""

    queryset = Customer.objects.all()
    permission_required = "invoicing.view_customer"
    serializer_class = OfCustomerSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = statistics.of_customer(self.get_object(), on=localdate())
        return Response(self.get_serializer(found).data)


class BestSerializer(serializers.Serializer):
    """A customer and what it was billed this year, net in EUR."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    net = serializers.DecimalField(max_digits=14, decimal_places=2)


class OfCustomersSerializer(serializers.Serializer):
    """The customers by status, and the best of the year."""

    total = serializers.IntegerField()
    by_status = serializers.DictField(child=serializers.IntegerField())
    new_this_year = serializers.IntegerField()
    with_overdue = serializers.IntegerField()
    best = BestSerializer(many=True)


class CustomersStatistics(ApiView):
    """How many customers there are by status, and who bought most this year."""

    queryset = Customer.objects.all()
    permission_required = "invoicing.view_customer"
    serializer_class = OfCustomersSerializer

    @extend_schema(operation_id="customers_statistics_all_retrieve")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(statistics.of_customers(on=localdate())).data)
