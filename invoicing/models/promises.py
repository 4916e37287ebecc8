"""What the database promises of documents, whoever writes to it."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from invoicing.models.states import OFFERS
from workmate.immutable import frozen, no_truncate

MARK_CANCELLED = """
    UPDATE invoicing_invoice SET is_cancelled = true WHERE id = NEW.cancels_id AND NOT is_cancelled;
    RETURN NULL;
"""
ONLY_BY_CANCELLATION = """
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'is_cancelled follows the Stornorechnung and cannot be set'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""
# What an issued document says and is: none of it changes any more.
FROZEN = (
    "kind",
    "status",
    "number",
    "token",
    "customer",
    "cancels",
    "corrects",
    "based_on",
    "valid_until",
    "cancel_reason",
    "issue_date",
    "due_date",
    "payment_terms_days",
    "supply_date",
    "supply_start",
    "supply_end",
    "currency",
    "exchange_rate",
    "exchange_source",
    "einvoice_format",
    "contact_name",
    "contact_phone",
    "contact_email",
    "buyer_reference",
    "order_reference",
    "sales_order_reference",
    "contract_reference",
    "project_reference",
    "despatch_reference",
    "accounting_reference",
    "delivery_name",
    "delivery_street",
    "delivery_additional",
    "delivery_post_code",
    "delivery_city",
    "delivery_country",
    "prices_gross",
    "cash_discounts",
    "payment_means",
    "card_number",
    "card_holder",
    "payee_name",
    "payee_iban",
    "payee_bic",
    "intro_text",
    "closing_text",
    "net_total",
    "vat_total",
    "gross_total",
    "snapshot",
    "open_item",
    "xml",
    "report",
    "hints",
    "faults",
    "checked_version",
    "checked_at",
    "checked_with",
    "issued_by",
    "issued_at",
)
CONSTRAINTS: list[models.BaseConstraint] = [
    models.CheckConstraint(
        condition=Q(status="draft", number=None)
        | Q(
            status="issued",
            number__isnull=False,
            customer__isnull=False,
            issue_date__isnull=False,
            snapshot__isnull=False,
        ),
        name="invoice_number_when_issued",
    ),
    models.CheckConstraint(
        condition=Q(status="draft")
        | Q(kind__in=OFFERS, xml=None, open_item=None, due_date=None)
        | (
            ~Q(kind__in=OFFERS)
            & Q(xml__isnull=False, open_item__isnull=False, due_date__isnull=False)
        ),
        name="invoice_owed_when_issued",
    ),
    models.CheckConstraint(
        condition=Q(decision="", decided_on=None)
        | (Q(kind="quote", status="issued", decided_on__isnull=False) & ~Q(decision="")),
        name="invoice_only_quotes_are_decided",
    ),
    models.CheckConstraint(
        condition=~Q(status="issued", kind="quote") | Q(valid_until__isnull=False),
        name="invoice_quote_has_an_end",
    ),
    models.CheckConstraint(
        condition=Q(kind="cancellation", cancels__isnull=False)
        | (~Q(kind="cancellation") & Q(cancels=None)),
        name="invoice_cancellation_has_original",
    ),
    models.CheckConstraint(
        condition=Q(kind="correction", corrects__isnull=False)
        | (~Q(kind="correction") & Q(corrects=None)),
        name="invoice_correction_has_original",
    ),
    models.CheckConstraint(
        condition=Q(deducted_by=None) | Q(kind="advance", status="issued"),
        name="invoice_only_advances_are_deducted",
    ),
    models.CheckConstraint(
        condition=Q(checked_version=None, faults=None)
        | Q(
            checked_version__lte=F("version"),
            faults__isnull=False,
            hints__isnull=False,
        ),
        name="invoice_checked_in_a_version",
    ),
]
TRIGGERS = [
    *frozen(*FROZEN, once=pgtrigger.Q(old__status="issued")),
    pgtrigger.Trigger(
        name="mark_cancelled",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.After,
        condition=pgtrigger.Q(new__kind="cancellation", new__status="issued"),
        func=MARK_CANCELLED,
    ),
    pgtrigger.Trigger(
        name="only_by_cancellation",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(old__is_cancelled__df=pgtrigger.F("new__is_cancelled")),
        func=ONLY_BY_CANCELLATION,
    ),
    pgtrigger.Protect(
        name="starts_uncancelled",
        operation=pgtrigger.Insert,
        condition=pgtrigger.Q(new__is_cancelled=True),
    ),
    pgtrigger.Protect(
        name="deducted_once",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(
            old__deducted_by__isnull=False,
            new__deducted_by__isnull=False,
            old__deducted_by__df=pgtrigger.F("new__deducted_by"),
        ),
    ),
    pgtrigger.Protect(
        name="pdf_once",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__pdf__isnull=False)
        & pgtrigger.Q(old__pdf__df=pgtrigger.F("new__pdf")),
    ),
    no_truncate(),
]
