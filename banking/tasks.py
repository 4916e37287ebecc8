"""Work of banking in the background."""

from typing import Any

from banking.models import BankAccount
from banking.reconciling import match_all
from workmate import jobs
from workmate.models import JobRun


@jobs.job("banking.match", title="Umsätze zuordnen", key=lambda params: "all")
def match_job(run: JobRun, account_id: int | None = None) -> dict[str, Any]:
    """Match what leaves no doubt, in one account or in all."""
    account = BankAccount.objects.get(pk=account_id) if account_id else None
    return dict(match_all(account, by=run.created_by, run=run))
