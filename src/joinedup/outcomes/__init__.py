"""Outcomes: the frameworks, what each is measured by, where somebody started, and how far they have come."""
