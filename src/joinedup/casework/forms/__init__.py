"""The questions casework asks, by noun."""
