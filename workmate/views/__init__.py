"""Pages of the shared ground: they translate between requests and acts."""
