"""Files of unknown formats that wait for a person, and the mappings that read them."""

from rest_framework import mixins, serializers

from banking import mapping
from banking.api import actor
from banking.filters import WaitingFilters
from banking.models import CsvMapping, WaitingFile
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


class MappingSerializer(serializers.ModelSerializer):
    """Which column holds what, for files of the account with just this header.

    `columns` names a column of `header` for each role; `inferred` where balances proved it.
    """

    header = serializers.ListField(child=serializers.CharField(), read_only=True)
    columns = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = CsvMapping
        fields = (
            "id",
            "name",
            "account",
            "delimiter",
            "encoding",
            "has_header",
            "skip",
            "header",
            "columns",
            "amounts",
            "days",
            "inferred",
            "created_at",
        )


class MappingViewSet(mixins.DestroyModelMixin, ReadViewSet):
    """Mappings; a statement names one by its number. DELETE forgets it, statements stay."""

    queryset = CsvMapping.objects.all()
    serializer_class = MappingSerializer
    permission_required = {"DELETE": "banking.import_statement"}

    def perform_destroy(self, instance: CsvMapping) -> None:
        mapping.drop(instance, by=actor(self.request))
