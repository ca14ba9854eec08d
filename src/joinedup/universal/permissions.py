"""Who may run sessions, see who came, count universal support, and follow what young people do."""

from __future__ import annotations

from typing import Any

from joinedup.access.actor import Actor
from joinedup.access.permissions import declare
from joinedup.access.roles import Role
from joinedup.person_index.permissions import agencies_led
from joinedup.universal.areas import is_followed_by
from joinedup.universal.models import JusticeInvolvement, Programme
from joinedup.universal.models.programmes import RUN_BY

_RUN = "of a programme that their own organisation or team runs"
_FOLLOWERS = frozenset({Role.KEY_WORKER, Role.TEAM_MANAGER})


def _runs(viewer: Actor, programme: Any) -> bool:
    return Programme.objects.visible_to(viewer).filter(pk=programme.pk).exists()


def _runs_session(viewer: Actor, session: Any) -> bool:
    return Programme.objects.visible_to(viewer).filter(pk=session.programme_id).exists()


# --- Group work and universal services.
READ_SESSIONS = declare("universal.read_sessions", "see the sessions their own organisation runs", roles=RUN_BY)
OPEN_PROGRAMME = declare(
    "universal.open_programme",
    "begin a programme",
    roles=RUN_BY,
    within=lambda viewer, organisation: organisation.pk in viewer.organisation_ids,
    within_sentence="of an organisation they work for",
)
CHANGE_PROGRAMME = declare(
    "universal.change_programme", "change or end a programme", roles=RUN_BY, within=_runs, within_sentence=_RUN
)
PLAN_SESSIONS = declare("universal.plan_sessions", "plan sessions", roles=RUN_BY, within=_runs, within_sentence=_RUN)
CANCEL_SESSION = declare(
    "universal.cancel_session", "cancel a session", roles=RUN_BY, within=_runs_session, within_sentence=_RUN
)
TAKE_REGISTER = declare(
    "universal.take_register", "take or correct a register", roles=RUN_BY, within=_runs_session, within_sentence=_RUN
)
READ_REACH = declare(
    "universal.read_reach",
    "see how many children universal support reaches",
    roles=RUN_BY | {Role.FRONT_DOOR_MANAGER, Role.INFORMATION_GOVERNANCE, Role.STATUTORY_OFFICER},
)
COUNT_WHOLE_REACH = declare(
    "universal.count_whole_reach",
    "see how many children the whole partnership’s universal support reaches",
    roles={Role.TEAM_MANAGER, Role.FRONT_DOOR_MANAGER, Role.INFORMATION_GOVERNANCE, Role.STATUTORY_OFFICER},
)

# --- What young people do.
READ_PARTICIPATION = declare(
    "universal.read_participation",
    "see how many young people neither learn nor work",
    roles=_FOLLOWERS | {Role.FRONT_DOOR_MANAGER, Role.INFORMATION_GOVERNANCE},
)
READ_PARTICIPATION_IMPORTS = declare(
    "universal.read_participation_imports",
    "see what their own organisation said its young people do",
    roles={Role.DATA_LEAD},
)
FOLLOW_PARTICIPATION = declare(
    "universal.follow_participation",
    "see whom to ask what they do, in the area their team serves",
    roles=_FOLLOWERS,
)


RECORD_PARTICIPATION = declare(
    "universal.record_participation",
    "record what a young person does",
    roles=_FOLLOWERS,
    within=lambda viewer, young: is_followed_by(viewer, young.person_id),
    within_sentence="in the area their team serves, or whom they work with",
)
TAKE_BACK_PARTICIPATION = declare(
    "universal.take_back_participation",
    "take back what was recorded of a young person by mistake",
    roles=_FOLLOWERS,
    within=lambda viewer, row: is_followed_by(viewer, row.person_id),
    within_sentence="in the area their team serves, or whom they work with",
)
IMPORT_PARTICIPATION = declare(
    "universal.import_participation",
    "bring in what an organisation’s young people do",
    roles={Role.DATA_LEAD},
    within=lambda viewer, organisation: organisation.pk in agencies_led(viewer),
    within_sentence="from their own organisation",
)

COUNT_PARTICIPATION = declare(
    "universal.count_participation", "count young people for the partnership’s outcomes", roles=()
)

# --- Youth justice: rows decide, not roles (UN-41).
READ_JUSTICE = declare(
    "universal.read_justice",
    "see the youth-justice involvement they work with",
    roles=_FOLLOWERS,
)
RECORD_JUSTICE = declare(
    "universal.record_justice",
    "record youth-justice involvement",
    roles={Role.TEAM_MANAGER},
    within=lambda viewer, post: post.team_id is not None and post.team_id in viewer.team_ids,
    within_sentence="for a worker of their own team",
)
END_JUSTICE = declare(
    "universal.end_justice",
    "end youth-justice involvement",
    roles=_FOLLOWERS,
    within=lambda viewer, row: JusticeInvolvement.objects.visible_to(viewer).filter(pk=row.pk).exists(),
    within_sentence="that they work with",
)
