"""Skills and training of the people who work with children (begun: what casework needs)."""
