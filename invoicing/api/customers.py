"""The API of customers."""

from typing import Any, ClassVar

from rest_framework import serializers

from invoicing import customers
from invoicing.api import actor
from invoicing.filters import CustomerFilters
from invoicing.models import Customer
from workmate.api import ActResource, ApiViewSet


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
            "is_active",
            "partner",
            "debtor_account",
            "outstanding",
            "created_at",
        ]
        read_only_fields: ClassVar = ["number", "is_active", "created_at"]


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


class Active(serializers.Serializer):
    """Whether something is offered for new documents."""

    is_active = serializers.BooleanField()


class CustomerActivity(ActResource):
    """Offers a customer for new documents, or no longer."""

    queryset = CustomerViewSet.queryset
    permission_required = "invoicing.change_customer"
    body_class = Active
    answer_class = CustomerSerializer

    def act(self, obj: Customer, data: dict[str, Any]) -> Customer:
        customers.set_active(obj, data["is_active"], by=actor(self.request))
        return self.get_queryset().get(pk=obj.pk)
