"""Every read of shared money, by noun."""
