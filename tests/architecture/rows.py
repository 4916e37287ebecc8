"""One row of everything, so that addresses with a number lead somewhere."""

import re
from decimal import Decimal
from fnmatch import fnmatchcase

from django.apps import apps
from django.utils import timezone

from banking import waiting
from banking.models import BankRule, CsvMapping, WaitingFile
from invoicing import activities, collecting, contacts, restoring, sending
from invoicing.models import Dispatch, Invoice
from invoicing.products import create_product, list_price
from payments.charging import charge_fee
from payments.deducting import write_off
from payments.sepa.transferring import Transfer, transfer
from payments.stripe.models import StripeCharge, StripeEvent, StripePayout, StripeRequest
from tests import trade
from tests.architecture.routes import NO_ROW, Route
from tests.banking.bank import a_transaction, an_account
from tests.payments.paying import pay
from tests.payments.sepa.debits import a_mandate
from workmate import jobs, retention
from workmate.ledger.models import Account, Entry, MoneyAccount, OpenItem, TaxCase
from workmate.ledger.money_accounts import open_money_account
from workmate.models import AuditEvent, Document, MailAccount, OutboxMessage, User

Rows = dict[str, int | str]


def one_of_everything() -> Rows:
    """A business with a draft, an invoice, a payment, a credit, a booking; numbers by address."""
    owner = trade.a_business()
    draft, invoice = trade.a_draft(owner), trade.an_invoice(owner)
    product = create_product(name="Beratung", unit="HUR", unit_price=Decimal(100), by=owner)
    bank = MoneyAccount.objects.first()
    payment = pay(
        bank, "150", (invoice.open_item, "119"), by=owner, partner=invoice.customer.partner
    )
    fee = charge_fee(payment, Decimal(1), text="Gebühr", on=payment.received_on, by=owner)
    rest = trade.an_invoice(owner).open_item
    deduction = write_off(rest, Decimal(1), reason="Rest", on=trade.DAY, by=owner)
    box = open_money_account("Kasse", kind=MoneyAccount.Kind.CASH, by=owner)
    account = an_account(owner)
    transaction = a_transaction(account, "42", "Miete", by=owner)
    contact = contacts.add_contact(invoice.customer, last_name="Kern", by=owner)
    activity = activities.log_activity(
        invoice.customer, description="Rückruf", at=timezone.now(), by=owner
    )
    price = list_price(product, Decimal(110), valid_from=trade.DAY, by=owner)
    hold = retention.hold_year(2026, reason="Prüfung", by=owner)
    deleted = restoring.discard(trade.a_draft(owner), by=owner)
    run = jobs.enqueue("banking.match", by=owner, params={})
    reading = jobs.enqueue("banking.import", by=owner, params={"filename": "umsaetze.csv"})
    collected = collecting.order(collecting.Wanted(ids=[invoice.pk]), by=owner)
    dispatch, captured = _a_dispatch(invoice, owner), _a_captured_message()
    stripe = _a_stripe(invoice, owner)
    own_format = CsvMapping.objects.create(
        name="Bank",
        delimiter=";",
        header=["Tag"],
        columns={"booked_on": "Tag"},
        digest="0",
        created_by=owner,
    )
    [unknown] = waiting.keep_all(
        account, [("bank.csv", b"Tag;Wert")], source=WaitingFile.Source.FOLDER, by=owner
    )
    rule = BankRule.objects.create(name="Gebühren", contains="Entgelt", created_by=owner)
    credit = OpenItem.objects.filter(outstanding__lt=0).first()
    mandate = a_mandate(owner, customer=invoice.customer)
    wanted = [Transfer(credit, -credit.outstanding, mandate.iban)]
    batch = transfer(wanted, money_account=bank, on=trade.DAY, by=owner)
    return {
        "api-activity-*": activity.pk,
        "api-contact-*": contact.pk,
        "api-listed-price": price.pk,
        "api-account-*": Account.objects.first().pk,
        "api-audit-event-*": AuditEvent.objects.first().pk,
        "api-bank-account-*": account.pk,
        "api-credit-*": credit.pk,
        "api-customer-*": invoice.customer.pk,
        "api-deduction-*": deduction.pk,
        "api-deleted-draft-*": deleted.pk,
        "api-dispatch-*": dispatch.pk,
        "api-document-*": Document.objects.first().pk,
        "api-entry-*": Entry.objects.first().pk,
        "api-fee-*": fee.pk,
        "api-invoice-collection-*": collected.pk,
        "api-invoice-issuance": draft.pk,
        "api-invoice-*": invoice.pk,
        "api-job-*": run.pk,
        "api-money-account-*": bank.pk,
        "api-open-item-*": invoice.open_item.pk,
        "api-payment-*": payment.pk,
        "api-product-*": product.pk,
        "api-statement-import-*": account.imports.first().pk,
        "api-tax-case-*": TaxCase.objects.first().pk,
        "api-transaction-*": transaction.pk,
        "audit_event": AuditEvent.objects.first().pk,
        "banking:account*": account.pk,
        "banking:continuity": account.pk,
        "banking:dismissal*": transaction.pk,
        "banking:import_run": reading.pk,
        "banking:match": transaction.pk,
        "banking:statement*": account.imports.first().pk,
        "banking:own_transfer": transaction.pk,
        "banking:payout_arrival": transaction.pk,
        "banking:mapping": account.imports.first().document_id,
        "banking:mapping_drop": own_format.pk,
        "banking:waiting_file_discard": unknown.pk,
        "api-csv-mapping-*": own_format.pk,
        "api-waiting-file-*": unknown.pk,
        "banking:rule": rule.pk,
        "banking:rule_drop": rule.pk,
        "api-bank-rule-*": rule.pk,
        "banking:run*": run.pk,
        "api-matching-run-*": run.pk,
        "banking:transaction": transaction.pk,
        "banking:transaction_reversal": transaction.pk,
        "document": Document.objects.first().pk,
        "invoicing:collection*": collected.pk,
        "invoicing:activity-*": activity.pk,
        "invoicing:contact-*": contact.pk,
        "invoicing:price-drop": price.pk,
        "invoicing:dispatch*": dispatch.pk,
        "invoicing:customer*": invoice.customer.pk,
        "invoicing:draft*": draft.pk,
        "invoicing:issue": draft.pk,
        "invoicing:duplicate": invoice.pk,
        "invoicing:cancel": invoice.pk,
        "invoicing:correct": invoice.pk,
        "invoicing:convert": invoice.pk,
        "invoicing:decide": invoice.pk,
        "invoicing:invoice*": invoice.pk,
        "invoicing:report": invoice.pk,
        "invoicing:restore": deleted.pk,
        "invoicing:send": invoice.pk,
        "invoicing:send-preview": invoice.pk,
        "invoicing:product*": product.pk,
        "job*": run.pk,
        "outbox_*": captured.pk,
        "api-sepa-batch-*": batch.pk,
        "api-sepa-mandate-*": mandate.pk,
        "api-sepa-order-*": batch.orders.get().pk,
        "payments:batch*": batch.pk,
        "payments:mandate_new": invoice.customer.pk,
        "payments:mandate*": mandate.pk,
        "payments:order_*": batch.orders.get().pk,
        "payments:cash_book": box.pk,
        "payments:cash_closing": box.pk,
        "payments:credit*": credit.pk,
        "payments:customer_statement": payment.partner_id,
        "payments:deduction_reversal": deduction.pk,
        "payments:fee_reversal": fee.pk,
        "payments:deduction": invoice.open_item.pk,
        "payments:payment*": payment.pk,
        "payments:stripe_arrival": stripe["payout"],
        "payments:stripe_assignment": stripe["charge"],
        "payments:stripe_charge": stripe["charge"],
        "payments:stripe_closing": stripe["request"],
        "payments:stripe_event*": stripe["event"],
        "payments:stripe_intent": invoice.pk,
        "payments:stripe_invoice": invoice.pk,
        "payments:stripe_link": invoice.pk,
        "payments:stripe_payout": stripe["payout"],
        "payments:stripe_refund": stripe["charge"],
        "payments:receipt_pdf": payment.pk,
        "period_lock": "2026-05",
        "retention_release": hold.pk,
        "api-retention-hold-*": hold.pk,
        "user*": owner.pk,
    }


def _a_stripe(invoice: Invoice, owner: User) -> dict[str, int]:
    """A request, money that is not assigned, an event that failed, a payout; no account."""
    now = timezone.now()
    plain = {"amount": Decimal(119), "currency": "EUR", "livemode": False}
    request = StripeRequest.objects.create(
        invoice=invoice, kind="link", state="closed", created_by=owner, **plain
    )
    charge = StripeCharge.objects.create(
        payment_intent="pi_1", reason="Unbekannt", paid_at=now, **plain
    )
    event = StripeEvent.objects.create(
        event_id="evt_1",
        type="payout.paid",
        livemode=False,
        happened_at=now,
        payload={},
        source="poll",
        state="failed",
    )
    payout = StripePayout.objects.create(
        payout_id="po_1",
        amount=Decimal(119),
        currency="EUR",
        arrival_date=now.date(),
        state="paid",
    )
    return {
        "request": request.pk,
        "charge": charge.pk,
        "event": event.pk,
        "payout": payout.pk,
    }


def _a_dispatch(invoice: Invoice, owner: User) -> Dispatch:
    """A dispatch that waits; its mail server is nowhere."""
    MailAccount.objects.create(
        pk=1, host="mail.example", user="konto", password="geheim", sender="wir@nord.example"
    )
    return sending.send(invoice, sending.proposal(invoice), by=owner)


def _a_captured_message() -> OutboxMessage:
    return OutboxMessage.objects.create(
        message_id="<1@nord.example>",
        sender="wir@nord.example",
        recipients=["sie@kundin.example"],
        subject="Probe",
        raw=b"Subject: Probe\r\n\r\nGuten Tag\r\n",
    )


def with_row(route: Route, rows: Rows) -> str:
    """The address with the number of a row that exists, where there is one."""
    if NO_ROW not in route.path:
        return route.path
    if page := re.match(r"admin:([a-z]+(?:_sync)?)_([a-z]+)_(change|delete|history)", route.name):
        row = apps.get_model(page[1], page[2]).objects.first()
        return route.path.replace(NO_ROW, str(row.pk)) if row else route.path
    number = next((pk for name, pk in rows.items() if fnmatchcase(route.name, name)), NO_ROW)
    return route.path.replace(NO_ROW, str(number))
