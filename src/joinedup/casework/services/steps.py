"""Steps of the services of casework, called only inside guarded services: they carry no permission of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.access.guard import note
from joinedup.casework import rules
from joinedup.casework.lifecycle import CaseState, may_move
from joinedup.casework.models import Case, CasePerson, CaseTransition, Disagreement
from joinedup.casework.queries.duty import is_in_post
from joinedup.chronology.kinds import EventKind
from joinedup.chronology.services import record_event
from joinedup.core.models import AnyRecord
from joinedup.core.notifications import owe_message

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


def lock(record: AnyRecord) -> AnyRecord:
    """Read the record afresh and keep others from changing it until this transaction ends."""
    record.refresh_from_db(from_queryset=type(record)._default_manager.select_for_update(of=("self",)))
    return record


def lock_open(case: Case) -> Case:
    """Lock the case; refuses (CW-11) when it is closed."""
    if CaseState(lock(case).state) == CaseState.CLOSED:
        raise rules.CASE_IS_CLOSED.refused()
    return case


def move(case: Case, end: CaseState, *, by: Actor, at: datetime, reason: str) -> None:
    """Change the state in memory and write the row of it; the caller saves."""
    start = CaseState(case.state)
    if not may_move(start, end):
        raise rules.CASE_IS_CLOSED.refused()
    case.state = end
    write_transition(case, start.value, end, by=by, at=at, reason=reason)


def write_transition(case: Case, start: str, end: CaseState, *, by: Actor, at: datetime, reason: str) -> None:
    """The row of one change of state."""
    CaseTransition.objects.create(case=case, start=start, end=end, at=at, by=by.account_id, reason=reason[:500])


def chronicle(
    kind: EventKind, case: Case, *, by: Actor, at: datetime, code: str = "", words: Mapping[str, str] | None = None
) -> None:
    """One event about everybody in the case, and the same people named in the audit row."""
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    note(people=people)
    record_event(
        kind,
        source=case,
        by=by,
        at=at,
        people=people,
        family_id=case.family_id,
        team_id=case.team_id,
        code=code,
        words={name: text for name, text in (words or {}).items() if text},
    )


def settled_by(stage: Disagreement, at: datetime) -> list[Post]:
    """Whoever is named to settle a step of a disagreement, while they are in post."""
    return [stage.holder] if stage.holder is not None and is_in_post(stage.holder, at) else []


def holder_in_words(stage: Disagreement, at: datetime) -> str:
    """The same for a sentence; where nobody is, that somebody has to be named."""
    return next((post.account.name for post in settled_by(stage, at)), "nobody yet: name somebody now")


def tell(posts: Iterable[Post], case: Case, subject: str, body: str, at: datetime) -> bool:
    """One message about a case to each address, of those who may sign in. Neither subject nor body names a person. False
    where there is nobody to write to: then nobody has been told."""
    addresses = dict.fromkeys(post.account.email for post in posts if post.account.is_active)
    for address in addresses:
        owe_message(to=address, subject=subject, body=body, about=("casework.case", str(case.pk)), at=at)
    return bool(addresses)
