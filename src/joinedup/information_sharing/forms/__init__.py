"""Forms of information sharing, by noun."""
