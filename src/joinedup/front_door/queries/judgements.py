"""How professionals judge a referral: what an agency says in its answer, what it told the front door, and the front
door's own judgement."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.front_door.codes import LEVELS_OF_NEED
from joinedup.front_door.models import Judgement, Referral
from joinedup.front_door.queries.profile_records import SUBJECT, JudgementSeen, state_of, summary_of
from joinedup.front_door.queries.records import ReferralRecord
from joinedup.information_sharing.lifecycle import RequestState
from joinedup.information_sharing.queries import RequestSeen, requests_about


def judges_of(viewer: Actor, referral: Referral) -> list[tuple[str, int]]:
    """Whose judgement of the level of need there is beside the front door's own, and which level each gives."""
    rows = Judgement.objects.filter(referral=referral).select_related("organisation").order_by("-recorded_at", "-pk")
    found = judgements_from(list(rows), requests_about(viewer, (SUBJECT, str(referral.pk))))
    return [(each.who, each.level) for each in found if each.level is not None and not each.is_front_door]


def judgements_from(rows: list[Judgement], requests: list[RequestSeen]) -> list[JudgementSeen]:
    """The newest judgement of each: what an agency's answer says of the level of need, or what it told the front door
    since; and the front door's own."""
    said = [seen for request in requests if (seen := _judged_in_answer(request)) is not None]
    said += [_judged(row) for row in rows]
    found: dict[str, JudgementSeen] = {}
    for seen in sorted(said, key=lambda each: each.at):
        found[seen.who] = seen
    return sorted(found.values(), key=lambda each: (each.is_front_door, each.who))


def _judged_in_answer(request: RequestSeen) -> JudgementSeen | None:
    answer = request.answer
    if answer is None or not (answer.judgement or answer.level_of_need):
        return None
    return JudgementSeen(
        who=request.organisation,
        said_by=answer.by,
        level=answer.level_of_need,
        level_label=LEVELS_OF_NEED.get(answer.level_of_need or 0, ""),
        words=answer.judgement,
        differs_because="",
        at=answer.answered_at,
        is_front_door=False,
        is_told_by_answer=True,
    )


def _judged(row: Judgement) -> JudgementSeen:
    return JudgementSeen(
        who=row.organisation.name if row.organisation else "The front door",
        said_by=row.said_by,
        level=row.level,
        level_label=LEVELS_OF_NEED[row.level],
        words=row.words,
        differs_because=row.differs_because,
        at=row.recorded_at,
        is_front_door=row.organisation_id is None,
        is_told_by_answer=False,
    )


@dataclass(frozen=True)
class Compared:
    """What partners know, in short, for whoever decides: how many were asked and what became of it, what is still out
    and ends with the decision, and how each professional judges it."""

    summary: str
    still_out: tuple[str, ...]
    judgements: tuple[JudgementSeen, ...]


def compared_in_short(viewer: Actor, referral: ReferralRecord) -> Compared:
    """The short of the profile for the decision page of a referral the viewer has been let in to; seven queries."""
    requests = requests_about(viewer, (SUBJECT, str(referral.id)))
    rows = Judgement.objects.filter(referral_id=referral.id).select_related("organisation")
    named = {place.person_id: place.person_name for place in referral.places if place.person_id}
    newest: dict[tuple[UUID, UUID], RequestSeen] = {}
    for each in sorted(requests, key=lambda request: request.asked_at):
        if each.person_id in named and each.state != RequestState.WITHDRAWN:
            newest[each.organisation_id, each.person_id] = each
    return Compared(
        summary=summary_of([state_of(each) for each in newest.values()]),
        still_out=tuple(
            f"{each.organisation} about {named[each.person_id]}" for each in newest.values() if each.is_waiting
        ),
        judgements=tuple(judgements_from(list(rows), requests)),
    )
