"""Files of unknown formats that wait for a person."""

from rest_framework import serializers

from banking.filters import WaitingFilters
from banking.models import WaitingFile
from workmate.api import ReadViewSet


class WaitingFileSerializer(serializers.ModelSerializer):
    """A file that is read once a person has mapped its columns; `document` has its bytes."""

    filename = serializers.CharField(source="document.filename", read_only=True)
    state = serializers.ChoiceField(choices=list(WaitingFilters.STATES.items()), read_only=True)

    class Meta:
        model = WaitingFile
        fields = (
            "id",
            "document",
            "filename",
            "account",
            "source",
            "received_at",
            "state",
            "statement",
            "discarded_at",
            "reason",
        )


class WaitingFileViewSet(ReadViewSet):
    """Files without a known format: what waits, what was read in and what was discarded."""

    queryset = WaitingFile.objects.select_related("document")
    serializer_class = WaitingFileSerializer
    filterset_class = WaitingFilters
