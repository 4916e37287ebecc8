"""Pages of payments and open items."""
