"""The pages of shared money."""
