"""Outcomes, their measures, baselines and readings (begun: what plans need)."""
