"""How long bank statements are kept; see `workmate.retention`."""

from banking.models import StatementImport, WaitingFile
from workmate.retention import VOUCHERS, Kind, by_year, register

register(
    Kind(
        name="statements",
        title="Kontoauszüge",
        years=VOUCHERS,
        basis="§ 147 Abs. 3 AO (Buchungsbelege)",
        years_of=lambda: by_year(StatementImport.objects.all(), "created_at"),
    )
)
register(
    Kind(
        name="waiting_files",
        title="Bankdateien ohne Auszug",
        years=VOUCHERS,
        basis="§ 147 Abs. 3 AO (Buchungsbelege)",
        years_of=lambda: by_year(WaitingFile.objects.filter(statement=None), "received_at"),
    )
)
