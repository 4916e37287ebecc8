"""The API of the files that travel inside an e-invoice (BG-24)."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from invoicing import attaching
from invoicing.api.serializers import AttachmentSerializer
from invoicing.attaching import Upload
from invoicing.models import Invoice
from workmate.api import ApiView
from workmate.web import ApiRequest


class AttachmentBody(serializers.Serializer):
    """PDF, PNG, JPEG, CSV, XLSX or ODS up to 5 MB."""

    file = serializers.FileField(max_length=200)


class Attachments(ApiView):
    """The files of a draft."""

    queryset = Invoice.objects.all()
    serializer_class = AttachmentSerializer
    parser_classes = (MultiPartParser,)
    permission_required = "invoicing.change_invoice"

    @extend_schema(request=AttachmentBody, responses={201: AttachmentSerializer(many=True)})
    def post(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        """Put a file into the draft; the answer lists all of them."""
        invoice = self.get_object()
        body = AttachmentBody(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        attaching.attach(invoice, [Upload(filename=file.name, data=file.read())], by=request.user)
        files = invoice.attachments.select_related("file")
        return Response(AttachmentSerializer(files, many=True).data, status.HTTP_201_CREATED)


class AttachmentFile(ApiView):
    """One file of a draft."""

    queryset = Invoice.objects.all()
    serializer_class = AttachmentSerializer
    permission_required = "invoicing.change_invoice"

    @extend_schema(responses={204: None})
    def delete(self, request: ApiRequest, *args: Any, **kwargs: Any) -> Response:
        """Take it out of the draft."""
        invoice = self.get_object()
        attachment = get_object_or_404(
            invoice.attachments.select_related("file"), pk=kwargs["attachment"]
        )
        attaching.detach(invoice, attachment, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
