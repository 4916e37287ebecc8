"""E-invoices after EN 16931: one model of ours, its syntaxes, and the official rules."""
