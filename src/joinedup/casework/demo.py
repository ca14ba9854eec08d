"""The demo's case work, after the front door's scenes: a function of each noun."""

from __future__ import annotations

from datetime import datetime

from joinedup.casework.demo_assessments import load_assessments


def load(*, at: datetime) -> None:
    """Play the scenes of case work as they would stand at `at`."""
    load_assessments(at=at)
