"""The API of the people at customers, and of what happened with them."""

from typing import Any, ClassVar

from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import activities, contacts
from invoicing.api import actor
from invoicing.filters import ActivityFilters, ContactFilters
from invoicing.models import Activity, Contact, Customer
from workmate import errors
from workmate.api import ActResource, ApiView, ApiViewSet


class ContactSerializer(serializers.ModelSerializer):
    """A person at a customer; `is_primary` is set by `…/primacy/`."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())

    class Meta:
        model = Contact
        fields: ClassVar = ["id", "customer", *contacts.FIELDS, "is_primary", "created_at"]
        read_only_fields: ClassVar = ["is_primary", "created_at"]


class ContactViewSet(ApiViewSet):
    """People at customers; `?customer=7` asks for those of one."""

    queryset = Contact.objects.order_by("id")
    serializer_class = ContactSerializer
    filterset_class = ContactFilters

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = contacts.add_contact(
            by=actor(self.request), **serializer.validated_data
        )

    def perform_update(self, serializer: Any) -> None:
        data = dict(serializer.validated_data)
        data.pop("customer", None)  # a person stays with its customer
        serializer.instance = contacts.edit_contact(
            serializer.instance, by=actor(self.request), **data
        )

    def perform_destroy(self, instance: Contact) -> None:
        contacts.remove_contact(instance, by=actor(self.request))


class Primacy(ActResource):
    """Makes a contact the one that new documents name."""

    queryset = Contact.objects.select_related("customer")
    permission_required = "invoicing.change_contact"
    answer_class = ContactSerializer

    def act(self, obj: Contact, data: dict[str, Any]) -> Contact:
        return contacts.make_primary(obj, by=actor(self.request))


class PrimaryContact(ApiView):
    """The contact of a customer that new documents name."""

    queryset = Customer.objects.all()
    permission_required = "invoicing.view_contact"
    serializer_class = ContactSerializer

    @extend_schema(operation_id="customers_primary_contact_retrieve")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        found = self.get_object().contacts.filter(is_primary=True).first()
        if found is None:
            raise errors.NOT_FOUND()
        return Response(self.get_serializer(found).data)


class ActivitySerializer(serializers.ModelSerializer):
    """What happened with a customer; without `occurred_at` it was now."""

    customer = serializers.PrimaryKeyRelatedField(queryset=Customer.objects.all())
    contact = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.all(), allow_null=True, required=False
    )

    class Meta:
        model = Activity
        fields: ClassVar = [
            "id",
            "customer",
            "contact",
            "kind",
            "description",
            "occurred_at",
            "created_by",
            "created_at",
        ]
        read_only_fields: ClassVar = ["created_by", "created_at"]
        extra_kwargs: ClassVar = {"occurred_at": {"required": False}}


class ActivityViewSet(ApiViewSet):
    """Calls, meetings and notes, the latest first; they are written and removed, not changed."""

    queryset = Activity.objects.order_by("-occurred_at", "-id")
    serializer_class = ActivitySerializer
    filterset_class = ActivityFilters
    http_method_names = ["get", "post", "delete", "head", "options"]

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = activities.log_activity(
            by=actor(self.request), at=now(), **serializer.validated_data
        )

    def perform_destroy(self, instance: Activity) -> None:
        activities.remove_activity(instance, by=actor(self.request))
