"""SEPA: mandates, direct debits and credit transfers, written to files that people upload."""
