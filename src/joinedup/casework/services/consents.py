"""A family withdraws its agreement: what rests on it ends, and the team's managers are told to decide."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework.models import Case
from joinedup.casework.permissions import WITHDRAW_FAMILY_AGREEMENT
from joinedup.casework.queries.duty import who_answers_for
from joinedup.core.formats import date_time
from joinedup.core.notifications import owe_message
from joinedup.information_sharing.services import Said, withdraw_agreement
from joinedup.person_index.queries import person_for_change

if TYPE_CHECKING:
    from joinedup.information_sharing.models import Withdrawal


@service(WITHDRAW_FAMILY_AGREEMENT, on="case")
def withdraw_family_agreement(
    *, case: Case, person_id: UUID, said: Said, words: str, from_help: bool, from_sharing: bool, by: Actor, at: datetime
) -> Withdrawal:
    """Record the withdrawal and tell the team's managers, who decide within one working day. The message names nobody."""
    person = person_for_change(by, person_id, purpose="recording that agreement is withdrawn")
    row = withdraw_agreement(
        person=person, subject=(Case._meta.label_lower, str(case.pk)), said=said, words=words, from_help=from_help,
        from_sharing=from_sharing, by=by, at=at,
    )  # fmt: skip
    for post in who_answers_for(by, case.team_id):
        owe_message(
            to=post.account.email,
            subject=f"Decide by {date_time(row.due_at)}: agreement withdrawn in {case.reference}",
            body=f"A family has withdrawn its agreement in case {case.reference}. What rested on it has ended. Sign in to "
            f"Joinedup and decide what follows, by {date_time(row.due_at)}.",
            about=("casework.case", str(case.pk)),
            at=at,
        )
    note(people=[person_id])
    return row
