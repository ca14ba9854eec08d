"""The demo's case work, after the front door's scenes: a function of each noun."""

from __future__ import annotations

from datetime import datetime

from joinedup.casework.demo_assessments import load_assessments
from joinedup.casework.demo_closed import load_closed
from joinedup.casework.demo_notes import load_notes
from joinedup.casework.demo_oversight import load_oversight
from joinedup.casework.demo_pathways import load_pathways
from joinedup.casework.demo_plans import load_plans
from joinedup.casework.demo_team import load_team


def load(*, at: datetime) -> None:
    """Play the scenes of case work as they would stand at `at`."""
    load_assessments(at=at)
    load_notes(at=at)
    load_team(at=at)
    load_plans(at=at)
    load_pathways(at=at)
    load_oversight(at=at)
    load_closed(at=at)
