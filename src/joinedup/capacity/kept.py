"""The forms of capacity that are kept while somebody types."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from joinedup.core.drafts import declare_form


def _of(page: str, record: str) -> Callable[[str], str]:
    return lambda about: reverse(page, kwargs={record: about})


SCENARIO = declare_form("capacity.scenario", "A scenario", lambda about: reverse("scenario_keep"))
OFFER = declare_form("capacity.offer", "A scenario for a board", _of("scenario_offer", "scenario_id"))
PHASE = declare_form("capacity.phase", "A testing phase", lambda about: reverse("testing_phase_new"))
INCIDENT = declare_form("capacity.incident", "A serious incident", _of("testing_phase_incident", "testing_phase_id"))
RESUME = declare_form("capacity.resume", "Taking families on again", _of("testing_phase_resume", "testing_phase_id"))
END = declare_form("capacity.end", "Ending a testing phase", _of("testing_phase_end", "testing_phase_id"))
