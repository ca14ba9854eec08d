"""The questions the pages of boards ask."""
