"""The questions the pages of shared money ask."""
