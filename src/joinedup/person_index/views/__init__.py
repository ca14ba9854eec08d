"""Pages of the person index, by what they are about."""
