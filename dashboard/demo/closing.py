"""What the demo's accountant does last: gives up a claim, writes a receipt, counts the cash."""

import datetime
from decimal import Decimal

from dashboard.demo.story import Story
from invoicing.models import Invoice, State
from payments.cash_keeping import close_day, held
from payments.deducting import write_off
from payments.models import Payment
from payments.receipting import issue_receipt

LOST = datetime.timedelta(days=60)
LITTLE = Decimal(1000)


def close(story: Story) -> None:
    """One claim is lost, one payer wants a receipt, the cash box was short once."""
    _give_up(story)
    if paid := Payment.objects.valid().filter(method="cash", received_on__lt=story.today).first():
        issue_receipt(paid, on=paid.received_on, by=story.by)
    yesterday = story.today - datetime.timedelta(days=1)
    month = story.today.replace(day=1) - datetime.timedelta(days=1)
    if month < yesterday:
        close_day(story.cash, month, counted=held(story.cash, month), by=story.by)
    if box := held(story.cash, yesterday):
        note = "50 Cent Wechselgeld zu viel herausgegeben"
        close_day(story.cash, yesterday, counted=box - Decimal("0.50"), note=note, by=story.by)


def _give_up(story: Story) -> None:
    overdue = Invoice.objects.in_state(State.OVERDUE, on=story.today).select_related("open_item")
    old = overdue.filter(due_date__lt=story.today - LOST, open_item__outstanding__lt=LITTLE)
    lost = old.exclude(pk__in=story.paying).order_by("due_date", "pk").first()
    if lost and lost.open_item:
        rest = lost.open_item.outstanding
        reason = "Insolvenz des Kunden, keine Quote zu erwarten"
        day = max(lost.due_date or story.today, story.today - datetime.timedelta(days=5))
        write_off(lost.open_item, rest, reason=reason, on=day, by=story.by)
