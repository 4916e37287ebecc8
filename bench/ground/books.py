"""Books of any size, written set by set: six years of sales, payments and bank transactions.

Only in a database of `ground`: the triggers that keep books honest are off while it is filled, so
the sums that they would have kept are compared at the end. What is looked at is like in real
books: 4 % are unpaid, half of it overdue, 1 % cancelled, every payment came by bank. Lines of
invoices and files of the archive, at which no list looks, are left out.
"""

import datetime

from django.apps import apps
from django.db import connection
from psycopg import sql

from invoicing.issuing import issue
from invoicing.models import Invoice
from tests.trade import DAY, a_business, a_buyer, a_draft, a_line
from workmate.models import User

# Whatever the size, so that the pages compared show equally many rows.
FULL_PAGE = 60

SALES = """
CREATE TEMP TABLE sale AS
WITH drawn AS (
    SELECT i, %(today)s::date - ((%(n)s - i)::bigint * 2190 / %(n)s)::int AS issued_on,
           1000 + (i * 7919::bigint) %% %(customers)s AS customer,
           50 + round((i * 104729::bigint) %% 900000 / 100.0, 2) AS net
      FROM generate_series(1, %(n)s) AS i)
SELECT i, 1000 + i AS id, issued_on, issued_on + 30 AS due_on, customer, net,
       round(net * 0.19, 2) AS vat, net + round(net * 0.19, 2) AS gross,
       format('RE-%%s-%%s', to_char(issued_on, 'YYYY'), to_char(row_number() OVER (
           PARTITION BY extract(year FROM issued_on) ORDER BY i), 'FM000000')) AS number,
       CASE WHEN issued_on + 30 >= %(today)s THEN 'open'
            WHEN issued_on + 30 >= %(today)s::date - 365 AND i %% %(every)s = 0 THEN 'overdue'
            WHEN i %% 100 = 37 THEN 'cancelled' ELSE 'paid' END AS fate,
       least(issued_on + 5 + i %% 40, %(today)s) AS paid_on
  FROM drawn;
ALTER TABLE sale ADD paid numeric(14, 2) NOT NULL DEFAULT 0;
UPDATE sale SET paid = CASE WHEN fate = 'paid' THEN gross ELSE round(gross / 2, 2) END
 WHERE fate = 'paid' OR (fate IN ('open', 'overdue') AND i %% 10 = 0);
-- A cancellation is a sale below zero with the number of its own series.
CREATE TEMP TABLE document AS
SELECT id, NULL::bigint AS cancels, 'invoice' AS kind, number, issued_on, due_on, customer,
       net, vat, gross, CASE WHEN fate = 'cancelled' THEN 0 ELSE gross - paid END AS outstanding,
       fate = 'cancelled' AS is_cancelled
  FROM sale
 UNION ALL
SELECT id + %(n)s, id, 'cancellation', 'ST' || substr(number, 3), issued_on + 3, issued_on + 3,
       customer, -net, -vat, -gross, 0, false
  FROM sale WHERE fate = 'cancelled';
CREATE TEMP TABLE place AS
SELECT (SELECT id FROM workmate_account WHERE purpose = 'receivables') AS receivables,
       (SELECT id FROM workmate_account WHERE number = '8400') AS revenue,
       (SELECT id FROM workmate_account WHERE number = '1776') AS vat,
       (SELECT min(id) FROM workmate_account WHERE kind = 'expense') AS expense,
       (SELECT account_id FROM workmate_moneyaccount WHERE on_invoices) AS bank,
       (SELECT id FROM workmate_moneyaccount WHERE on_invoices) AS money_account,
       (SELECT id FROM workmate_taxcase WHERE code = 'DE19' LIMIT 1) AS tax_case;
"""

PEOPLE = """
INSERT INTO workmate_partner (id, kind, number, name)
SELECT 1000 + c, 'customer', (20000 + c)::text, 'Kundin ' || c || ' GmbH'
  FROM generate_series(0, %(customers)s - 1) AS c;
INSERT INTO invoicing_customer (id, partner_id, number, kind, name, contact_name, email, phone,
       street, additional, post_code, city, country, vat_id, tax_number, leitweg_id,
       electronic_address, electronic_address_scheme, einvoice_format, notes, status, created_at)
SELECT id, id, 'KD-' || number, 'business', name, '', id || '@kundin.example', '', 'Am Markt 1',
       '', '10115', 'Berlin', 'DE', '', '', '', '', 'EM', 'zugferd', '', 'active', now()
  FROM workmate_partner WHERE id >= 1000;
"""

DOCUMENTS = """
INSERT INTO workmate_openitem (id, kind, partner_id, account_id, document_number, document_date,
       due_date, currency, source, outstanding)
SELECT id, 'receivable', customer, receivables, number, issued_on, due_on, 'EUR',
       'invoicing.invoice:' || id, outstanding
  FROM document, place;
INSERT INTO invoicing_invoice (id, kind, status, number, token, version, customer_id, cancels_id,
       is_cancelled, cancel_reason, issue_date, due_date, payment_terms_days, supply_date, currency,
       einvoice_format, buyer_reference, order_reference, intro_text, closing_text, notes,
       net_total, vat_total, gross_total, snapshot, open_item_id, xml_id, pdf_id, created_by_id,
       issued_by_id, created_at, updated_at, issued_at)
SELECT id, kind, 'issued', number, 'token-' || id, 1, customer, cancels, is_cancelled, '',
       issued_on, due_on, 30, issued_on, 'EUR', 'zugferd', '', '', '', '', '', net, vat, gross,
       snapshot, id, xml_id, xml_id, %(owner)s, %(owner)s, issued_on, issued_on, issued_on
  FROM document, (SELECT snapshot, xml_id FROM invoicing_invoice WHERE id = %(model)s) AS one;
INSERT INTO invoicing_invoice (id, kind, status, token, version, customer_id, is_cancelled,
       cancel_reason, payment_terms_days, currency, einvoice_format, buyer_reference,
       order_reference, intro_text, closing_text, notes, net_total, vat_total, gross_total,
       created_by_id, created_at, updated_at)
SELECT 1000 + 3 * %(n)s + i, 'invoice', 'draft', 'draft-' || i, 1, 1000 + i, false, '', 30, 'EUR',
       '', '', '', '', '', '', 100, 19, 119, %(owner)s, now(), now()
  FROM generate_series(1, 20) AS i;
"""

JOURNAL = """
INSERT INTO workmate_entry (id, act, booked_on, document_number, text, source, line_count,
       actor_id, recorded_at)
SELECT id * 4, kind || '.issued', issued_on, number, 'Rechnung', 'invoicing.invoice:' || id, 3,
       %(owner)s, issued_on FROM document
 UNION ALL
SELECT id * 4 + 1, 'payment.recorded', paid_on, '', 'Zahlung', 'payments.payment:' || id, 2,
       %(owner)s, paid_on FROM sale WHERE paid > 0
 UNION ALL
SELECT id * 4 + 2, 'open_items.offset', issued_on + 3, number, 'Ausgleich',
       'invoicing.cancellation:' || id, 2, %(owner)s, issued_on FROM sale WHERE fate = 'cancelled'
 UNION ALL
SELECT 4000 + id * 4 + 3, 'expense', paid_on, '', 'Ausgabe', 'expense:' || id, 2,
       %(owner)s, paid_on FROM sale WHERE i %% 5 = 0;
INSERT INTO workmate_line (entry_id, position, booked_on, account_id, amount, currency,
       currency_amount, tax_case_id, tax_base, open_item_id)
SELECT entry, position, day, account, amount, 'EUR', amount, tax_case, base, item FROM (
    SELECT id * 4, 1, issued_on, receivables, gross, NULL::bigint, NULL::numeric, id
      FROM document, place
     UNION ALL
    SELECT id * 4, 2, issued_on, revenue, -net, tax_case, -net, NULL FROM document, place
     UNION ALL
    SELECT id * 4, 3, issued_on, place.vat, -document.vat, tax_case, -net, NULL
      FROM document, place
     UNION ALL
    SELECT id * 4 + 1, 1, paid_on, bank, paid, NULL, NULL, NULL FROM sale, place WHERE paid > 0
     UNION ALL
    SELECT id * 4 + 1, 2, paid_on, receivables, -paid, NULL, NULL, id FROM sale, place
     WHERE paid > 0
     UNION ALL
    SELECT id * 4 + 2, 1, issued_on + 3, receivables, -gross, NULL, NULL, id FROM sale, place
     WHERE fate = 'cancelled'
     UNION ALL
    SELECT id * 4 + 2, 2, issued_on + 3, receivables, gross, NULL, NULL, id + %(n)s
      FROM sale, place WHERE fate = 'cancelled'
     UNION ALL
    SELECT 4000 + id * 4 + 3, 1, paid_on, expense, round(net / 2, 2), NULL, NULL, NULL
      FROM sale, place WHERE i %% 5 = 0
     UNION ALL
    SELECT 4000 + id * 4 + 3, 2, paid_on, bank, -round(net / 2, 2), NULL, NULL, NULL
      FROM sale, place WHERE i %% 5 = 0
) AS line (entry, position, day, account, amount, tax_case, base, item)
ORDER BY entry, position;
INSERT INTO payments_payment (id, received_on, method, amount, currency, reference, note,
       created_at, created_by_id, entry_id, money_account_id, partner_id)
SELECT id, paid_on, 'transfer', paid, 'EUR', number, '', paid_on, %(owner)s, id * 4 + 1,
       money_account, customer FROM sale, place WHERE paid > 0;
INSERT INTO payments_allocation (payment_id, open_item_id, amount)
SELECT id, id, paid FROM sale WHERE paid > 0;
"""

BANK = """
INSERT INTO banking_bankaccount (id, money_account_id) SELECT 1000, money_account FROM place;
INSERT INTO banking_statementimport (id, account_id, document_id, format_key, format, encoding,
       filename, read, new, known, pending, skipped, total, balance_check, warnings, created_by_id,
       created_at)
SELECT 1000, 1000, min(id), 'ing', 'ING', 'utf-8', 'umsaetze.csv', 1, 1, 0, 0, '[]', 0, 'absent',
       '[]', %(owner)s, now() FROM workmate_document;
INSERT INTO banking_transaction (id, account_id, statement_id, status, state, booked_on, value_on,
       amount, currency, counterparty_name, counterparty_iban, counterparty_bic, purpose,
       end_to_end_id, mandate, creditor_id, bank_reference, booking_text, line, raw, fingerprint,
       occurrence, fee, original_currency)
SELECT id, 1000, 1000, 'booked', state, day, day, amount, 'EUR', name, iban, '',
       purpose, '', '', '', '', 'Gutschrift', 1, jsonb_build_array(day, name, purpose, amount),
       encode(sha256(id::text::bytea), 'hex'), 1, 0, ''
  FROM (SELECT sale.id, 'matched', paid_on, paid, partner.name,
               'DE021203' || lpad(partner.id::text, 14, '0'),
               'Rechnung ' || sale.number || ' vielen Dank'
          FROM sale JOIN workmate_partner partner ON partner.id = sale.customer WHERE paid > 0
         UNION ALL
        SELECT id + %(n)s, 'dismissed', paid_on, -round(net / 2, 2), 'Lieferant', '', 'Material'
          FROM sale WHERE i %% 5 = 0
         UNION ALL
        SELECT 1000 + 2 * %(n)s + j, 'open', %(today)s::date - j %% 60, 10 + j, 'Unbekannt', '',
               'ohne Angabe'
          FROM generate_series(1, %(unmatched)s) AS j
       ) AS booking (id, state, day, amount, name, iban, purpose)
 ORDER BY day;
INSERT INTO banking_match (transaction_id, payment_id, automatic, score, reasons, created_by_id,
       created_at)
SELECT id, id, true, 98, '["Rechnungsnummer", "Betrag"]', %(owner)s, paid_on
  FROM sale WHERE paid > 0;
INSERT INTO banking_dismissal (transaction_id, reason, created_by_id, created_at)
SELECT id + %(n)s, 'Ausgabe', %(owner)s, paid_on FROM sale WHERE i %% 5 = 0;
"""

DISAGREE = """
SELECT (SELECT count(*) FROM workmate_openitem item WHERE outstanding <> (
            SELECT coalesce(sum(currency_amount), 0) FROM workmate_line
             WHERE open_item_id = item.id))
     + (SELECT count(*) FROM (SELECT 1 FROM workmate_line GROUP BY entry_id
                              HAVING sum(amount) <> 0) AS entry)
     + (SELECT count(*) FROM workmate_entry entry WHERE line_count <> (
            SELECT count(*) FROM workmate_line WHERE entry_id = entry.id))
"""


def lend_defaults() -> None:
    """Let the database know what Django fills in, so that a script names only what it means."""
    with connection.cursor() as cursor:
        for model in apps.get_models():
            for field in model._meta.local_concrete_fields:
                known = field.generated or field.has_db_default()
                if known or field.null or field.primary_key or field.is_relation:
                    continue
                value = field.get_db_prep_save(field.get_default(), connection)
                if value is None:
                    continue
                column = sql.Identifier(model._meta.db_table), sql.Identifier(field.column)
                change = sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}")
                cursor.execute(change.format(*column, sql.Literal(value)))


def write(number: int, *, today: datetime.date) -> User:
    """So many invoices with all that belongs to them; gives back the owner of the company."""
    lend_defaults()
    owner = a_business()
    lines = [a_line("100"), a_line("49.90", "DE7"), a_line("12.50")]
    draft = a_draft(owner, customer=a_buyer(owner), lines=lines)
    model = issue(draft, by=owner, on=DAY, print_now=False)
    overdue = max(FULL_PAGE, number // 50)
    values = {
        "n": number,
        "today": today,
        "owner": owner.pk,
        "model": model.pk,
        "customers": max(50, number // 20),
        "every": max(1, number // 6 // overdue),
        "unmatched": max(FULL_PAGE, number // 500),
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # no triggers
        for script in (SALES, PEOPLE, DOCUMENTS, JOURNAL, BANK):
            for statement in script.split(";\n"):
                if statement.strip():
                    cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does in the background
        cursor.execute(DISAGREE)
        if (wrong := cursor.fetchone()[0]) or Invoice.objects.issued().count() < number:
            raise RuntimeError(f"{wrong} sums of the books do not agree")
    return owner
