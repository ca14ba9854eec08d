"""Telling the guardians of a restricted record again, where they have not answered."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.formats import date_time
from joinedup.core.notifications import owe_message
from joinedup.organisations.queries import posts_with_role
from joinedup.person_index.alerts import MATCH_KIND, tell_guardians
from joinedup.person_index.models import RestrictedMatch


def tell_again(*, match_id: UUID, with_governance: bool, also_to: str, at: datetime) -> None:
    """A message to every guardian in post, with `with_governance` to every post of information governance, and to a
    contact out of hours where one is given. None of them names anybody, or the record.

    Called only by the keeper's duty of the part whose work waits; not a person's act, so unguarded.
    """
    match = RestrictedMatch.objects.get(pk=match_id)
    since = date_time(match.at)
    tell_guardians(
        [(match.pk, match.restriction_id)],
        kind=MATCH_KIND,
        subject="Still waiting: a restricted record",
        body=f"Since {since} somebody's work has waited for your answer as a guardian of a record. Its clocks run on. "
        "Sign in to Joinedup and open the page /guardian/.",
        at=at,
    )
    governance = posts_with_role(system(at), Role.INFORMATION_GOVERNANCE) if with_governance else []
    for address in {post.account.email for post in governance}:
        owe_message(
            to=address,
            subject="A guardian has not answered",
            body=f"Since {since} somebody's work has waited for the guardian of a restricted record, who was told "
            "several times. See to it that a guardian answers: the page /restrictions/ says who guards what. Where it "
            "shows you nothing, ask the manager of the front door whom to ring.",
            about=(MATCH_KIND, str(match.pk)),
            at=at,
        )
    if also_to:
        owe_message(
            to=also_to,
            subject="Out of hours: a guardian is waited for",
            body=f"Since {since} urgent work has waited for the guardian of a restricted record, who has not answered by "
            "e-mail. Ring the guardian or whoever is on call for information governance. Do not look anybody up.",
            about=(MATCH_KIND, str(match.pk)),
            at=at,
        )
