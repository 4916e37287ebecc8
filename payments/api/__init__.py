"""The API of payments, open items and credits."""
