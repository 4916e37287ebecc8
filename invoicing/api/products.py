"""The API of products, and the tax cases that they and lines name by their code."""

from typing import Any, ClassVar

from django.utils.timezone import localdate
from rest_framework import serializers

from invoicing import products
from invoicing.api import actor
from invoicing.api.customers import Active
from invoicing.filters import ProductFilters
from invoicing.models import Product
from workmate.api import ActResource, ApiViewSet, ReadViewSet
from workmate.models import TaxCase


class ProductSerializer(serializers.ModelSerializer):
    """A product; without a number it gets the next one."""

    number = serializers.CharField(max_length=40, required=False, allow_blank=True)

    class Meta:
        model = Product
        fields: ClassVar = ["id", *products.FIELDS, "is_active", "created_at"]
        read_only_fields: ClassVar = ["is_active", "created_at"]


class ProductViewSet(ApiViewSet):
    """Products; those that lines name cannot be deleted."""

    queryset = Product.objects.order_by("id")
    serializer_class = ProductSerializer
    filterset_class = ProductFilters

    def perform_create(self, serializer: Any) -> None:
        serializer.instance = products.create_product(
            by=actor(self.request), **serializer.validated_data
        )

    def perform_update(self, serializer: Any) -> None:
        serializer.instance = products.edit_product(
            serializer.instance, by=actor(self.request), **serializer.validated_data
        )

    def perform_destroy(self, instance: Product) -> None:
        products.delete_product(instance, by=actor(self.request))


class ProductActivity(ActResource):
    """Offers a product for new lines, or no longer."""

    queryset = Product.objects.all()
    permission_required = "invoicing.change_product"
    body_class = Active
    answer_class = ProductSerializer

    def act(self, obj: Product, data: dict[str, Any]) -> Product:
        return products.set_active(obj, data["is_active"], by=actor(self.request))


class TaxCaseSerializer(serializers.ModelSerializer):
    """How one kind of supply is taxed."""

    class Meta:
        model = TaxCase
        fields: ClassVar = [
            "id",
            "code",
            "name",
            "category",
            "rate",
            "reason",
            "reason_code",
            "explanation",
            "source",
            "vat_code_base",
            "counts_for_limit",
            "valid_from",
            "valid_to",
        ]
        read_only_fields = fields


class TaxCaseViewSet(ReadViewSet):
    """The tax cases in force today; `?on=2025-12-31` asks for another day of supply."""

    queryset = TaxCase.objects.all()
    serializer_class = TaxCaseSerializer

    def get_queryset(self) -> Any:
        if self.action != "list":
            return super().get_queryset()
        asked = self.request.query_params.get("on", "")
        day = serializers.DateField().run_validation(asked) if asked else localdate()
        return TaxCase.objects.on(day)
