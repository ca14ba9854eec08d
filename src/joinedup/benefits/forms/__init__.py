"""The questions the pages of programmes and benefits ask."""
