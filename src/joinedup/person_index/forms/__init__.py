"""What somebody fills in, by what it is about."""
