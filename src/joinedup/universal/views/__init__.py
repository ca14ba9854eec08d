"""Pages of universal services, by noun."""
