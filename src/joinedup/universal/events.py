"""What this part writes into a young person's chronology. That somebody came to a session is in no chronology: it is
nobody's business but the session's."""

from __future__ import annotations

from joinedup.chronology.kinds import declare_event

PARTICIPATION_RECORDED = declare_event("universal.participation_recorded", "What they do was recorded")
PARTICIPATION_TAKEN_BACK = declare_event("universal.participation_taken_back", "What they do was recorded by mistake")
