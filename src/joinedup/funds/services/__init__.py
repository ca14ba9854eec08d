"""Every write of shared money, by noun. Others import from here."""
