"""Pages of the family's page, by who opens them."""
