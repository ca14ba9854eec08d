"""The questions of universal services, by noun."""
