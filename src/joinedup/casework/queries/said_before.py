"""What was said already in the referral or the assessment, so that the plan does not ask for it again: it stands there, to be
kept or changed."""

from __future__ import annotations

from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.casework.assessing import known_beforehand, newest_spec, said_elsewhere
from joinedup.casework.queries.assessments import _from_last
from joinedup.casework.queries.frame import CaseFrame


def said_before(viewer: Actor, frame: CaseFrame, child_id: UUID | None = None) -> dict[str, str]:
    """Of a child of a case the viewer works on (of the first, where none is named): what the family wants, the main need and
    the child's own words, as they were said last. What nobody has said is not in it."""
    about = child_id or next((each.person_id for each in frame.children), None)
    if about is None:
        return {}
    given = _from_last(frame.row, about) + said_elsewhere(viewer, frame.row, about)
    known = known_beforehand(newest_spec(), given)
    asked = {"family_words": ("reason", "wanted"), "code": ("reason", "need"), "words": ("childs_words", "words")}
    found = {name: str(known.get(part, {}).get(code, {}).get("value", "")) for name, (part, code) in asked.items()}
    return {name: said for name, said in found.items() if said}
