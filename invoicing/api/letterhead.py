"""The API of the letterhead and of the texts that new drafts begin with."""

from typing import Any, ClassVar

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from invoicing import stationery
from invoicing.api import actor
from invoicing.models import Customer, Invoice, Letterhead, StandardText
from workmate.api import ApiView


class LetterheadSerializer(serializers.ModelSerializer):
    """How documents look that are issued from now on."""

    class Meta:
        model = Letterhead
        exclude: ClassVar = ["id"]


class LetterheadResource(ApiView):
    """Read and change how documents look."""

    queryset = Letterhead.objects.all()
    serializer_class = LetterheadSerializer
    permission_required: ClassVar = {
        "GET": "workmate.view_company",
        "PATCH": "workmate.change_company",
    }

    def get(self, request: Request) -> Response:
        """The letterhead."""
        return Response(LetterheadSerializer(stationery.get()).data)

    def patch(self, request: Request) -> Response:
        """Change the fields that are named."""
        body = LetterheadSerializer(stationery.get(), data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changed = stationery.save(body.validated_data, by=actor(request))
        return Response(LetterheadSerializer(changed).data)


class TextsSerializer(serializers.ModelSerializer):
    """What new drafts of one kind begin with, in one language."""

    class Meta:
        model = StandardText
        fields = stationery.TEXTS


class TextsResource(ApiView):
    """Read and change the texts of a kind of document (`invoice`) in a language (`en`)."""

    queryset = StandardText.objects.all()
    serializer_class = TextsSerializer
    permission_required: ClassVar = {
        "GET": "workmate.view_company",
        "PUT": "workmate.change_company",
    }

    def get(self, request: Request, kind: str, language: str) -> Response:
        """The texts; empty where none were written."""
        return Response(self._texts(kind, language))

    def put(self, request: Request, kind: str, language: str) -> Response:
        """Put others in their place."""
        before = self._texts(kind, language)
        body = TextsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        texts = before | body.validated_data
        stationery.save_texts(kind, language, texts, by=actor(request))
        return Response(texts)

    def _texts(self, kind: str, language: str) -> dict[str, Any]:
        if kind not in Invoice.Kind.values or language not in Customer.Language.values:
            raise Http404
        return stationery.texts_of(kind, language)
