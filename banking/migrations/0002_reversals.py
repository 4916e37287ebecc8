"""A payment may be reversed where it was recorded: its transaction then finds its state anew.

The trigger lies on a table of the app below, which knows nothing of transactions.
"""

from django.db import migrations

TOUCH = """
    CREATE FUNCTION banking_reversal_touches() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE banking_transaction SET state = state WHERE id IN (
            SELECT transaction_id FROM banking_match
             WHERE payment_id = NEW.payment_id AND undone_at IS NULL);
        RETURN NULL;
    END $$;
    CREATE TRIGGER banking_touches AFTER INSERT ON payments_reversal
        FOR EACH ROW EXECUTE FUNCTION banking_reversal_touches();
"""
LEAVE = """
    DROP TRIGGER banking_touches ON payments_reversal;
    DROP FUNCTION banking_reversal_touches();
"""


class Migration(migrations.Migration):
    dependencies = [("banking", "0001_initial"), ("payments", "0001_initial")]

    operations = [migrations.RunSQL(TOUCH, LEAVE)]
