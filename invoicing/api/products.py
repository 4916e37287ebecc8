"""The API of products, and the tax cases that they and lines name by their code."""

from typing import Any, ClassVar, cast

from django.utils.timezone import localdate
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import products
from invoicing.api import actor
from invoicing.filters import ProductFilters
from invoicing.models import Product, ProductPrice
from workmate.api import ActResource, ApiView, ApiViewSet, ReadViewSet
from workmate.models import TaxCase


class Active(serializers.Serializer):
    """Whether something is offered for new documents."""

    is_active = serializers.BooleanField()


class PriceSerializer(serializers.ModelSerializer):
    """A row of the price list: the net price in EUR from that day on."""

    class Meta:
        model = ProductPrice
        fields: ClassVar = ["id", "valid_from", "unit_price"]


class ProductSerializer(serializers.ModelSerializer):
    """A product; without a number it gets the next one. `price` is that of today."""

    number = serializers.CharField(max_length=40, required=False, allow_blank=True)
    prices = PriceSerializer(many=True, read_only=True)
    price = serializers.DecimalField(max_digits=18, decimal_places=8, read_only=True)

    class Meta:
        model = Product
        fields: ClassVar = [
            "id",
            *products.FIELDS,
            "price",
            "prices",
            "is_active",
            "created_at",
        ]
        read_only_fields: ClassVar = ["is_active", "created_at"]


def rows() -> Any:
    """Products with their price list and their price of today."""
    return Product.objects.priced(on=localdate()).prefetch_related("prices").order_by("id")


class ProductViewSet(ApiViewSet):
    """Products; those that lines name cannot be deleted."""

    queryset = Product.objects.all()
    serializer_class = ProductSerializer
    filterset_class = ProductFilters

    def get_queryset(self) -> Any:
        return rows()

    def perform_create(self, serializer: Any) -> None:
        made = products.create_product(by=actor(self.request), **serializer.validated_data)
        serializer.instance = rows().get(pk=made.pk)

    def perform_update(self, serializer: Any) -> None:
        changed = products.edit_product(
            serializer.instance, by=actor(self.request), **serializer.validated_data
        )
        serializer.instance = rows().get(pk=changed.pk)

    def perform_destroy(self, instance: Product) -> None:
        products.delete_product(instance, by=actor(self.request))


class ProductBySku(ApiView):
    """The product with this article number (SKU)."""

    queryset = Product.objects.all()
    permission_required = "invoicing.view_product"
    serializer_class = ProductSerializer
    lookup_field = "number"

    def get_queryset(self) -> Any:
        return rows()

    @extend_schema(operation_id="products_by_sku_retrieve")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


class ProductActivity(ActResource):
    """Offers a product for new lines, or no longer."""

    queryset = Product.objects.all()
    permission_required = "invoicing.change_product"
    body_class = Active
    answer_class = ProductSerializer

    def act(self, obj: Product, data: dict[str, Any]) -> Product:
        products.set_active(obj, data["is_active"], by=actor(self.request))
        return cast("Product", rows().get(pk=obj.pk))


class ProductPrices(ActResource):
    """Puts a price into the list of a product; one of the same day is replaced."""

    queryset = Product.objects.all()
    permission_required = "invoicing.change_product"
    body_class = PriceSerializer
    answer_class = PriceSerializer

    def act(self, obj: Product, data: dict[str, Any]) -> ProductPrice:
        return products.list_price(obj, by=actor(self.request), **data)


class ProductPriceRow(ApiView):
    """A row of a price list."""

    queryset = ProductPrice.objects.all()
    permission_required = "invoicing.change_product"
    serializer_class = PriceSerializer

    def delete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take it out; the price before it holds again."""
        products.unlist_price(self.get_object(), by=actor(request))
        return Response(status=204)


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
