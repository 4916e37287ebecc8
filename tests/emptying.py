"""Emptying the database after a test with real transactions.

Django's own `flush` truncates, which the append-only tables refuse, and it forgets the rows that
migrations brought. Here rows are deleted with triggers off, and the seed rows come back.
"""

from django.db import connection
from django.test import TransactionTestCase

KEEP_SEED = """
DO $$ DECLARE name text; filled boolean; BEGIN
  CREATE SCHEMA seed;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE seed.%I AS TABLE public.%I', name, name); END IF;
  END LOOP;
END $$
"""
BACK_TO_SEED = """
DO $$ DECLARE name text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', name);
  END LOOP;
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'seed' LOOP
    EXECUTE format('INSERT INTO public.%I SELECT * FROM seed.%I', name, name);
  END LOOP;
END $$
"""


def keep_seed() -> None:
    """Remember what the migrations wrote and return to it after every such test."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP_SEED)
    TransactionTestCase._fixture_teardown = _back_to_seed  # type: ignore[method-assign]


def _back_to_seed(_case: TransactionTestCase) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BACK_TO_SEED)
