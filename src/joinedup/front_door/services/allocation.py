"""Handing a decided referral to a case-management team, which opens its case."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework.queries import case_to_join, who_answers_for
from joinedup.casework.services import open_case, take_in_referred
from joinedup.core.notifications import owe_message
from joinedup.front_door import rules
from joinedup.front_door.codes import OUTCOME_LABELS, Outcome
from joinedup.front_door.events import REFERRAL_ALLOCATED
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models import Allocation, Referral, ReferralPerson
from joinedup.front_door.permissions import ALLOCATE_REFERRAL
from joinedup.front_door.queries.advice import Advice, advice_for
from joinedup.front_door.services.registering import _take_up_offer
from joinedup.front_door.services.restricted_matches import _refuse_while_checked
from joinedup.front_door.services.steps import _chronicle, _claim, _lock, _move, _require
from joinedup.person_index.queries import household_of, withheld_among

if TYPE_CHECKING:
    from joinedup.casework.models import Case
    from joinedup.organisations.models import Team


@service(ALLOCATE_REFERRAL, on="referral")
def allocate_referral(*, referral: Referral, team: Team, reason: str, version: int, by: Actor, at: datetime) -> Case:
    """Hand the referral to a team and open its case. `reason` may be empty when the team is the one advised.

    Refused when somebody has allocated it already (FD-40), and without a reason when the team is not the one advised
    or is over its cap. Where the family has an open case, the referral joins it, in its team (FD-74).
    """
    _lock(referral)
    if State(referral.state) == State.ALLOCATED and referral.team is not None:
        raise rules.ALREADY_ALLOCATED.refused(team=referral.team.name)
    _require(referral, State.DECIDED)
    _refuse_unready(referral)
    _refuse_while_checked(referral, by)
    _claim(referral, version)
    advice = advice_for(by, referral)
    rule, why = _why(advice, team, reason.strip())
    referral.locality_id = advice.locality_id
    case = _case_for(referral, team, why, by=by, at=at)
    referral.team, referral.case = team, case
    _move(referral, State.ALLOCATED, by=by, at=at, reason=why)
    referral.save(update_fields=["state", "team", "case", "locality"])
    said = {"team": team, "case": case, "rule": rule.code, "reason": why, "at": at, "by": by.account_id}
    Allocation.objects.update_or_create(referral=referral, defaults=said)  # there is one where it was taken back before
    _take_up_offer(referral, case, at=at)
    _write_to_managers(referral, case, by=by, at=at)
    _chronicle(REFERRAL_ALLOCATED, referral, by=by, at=at, code=rule.code, words={"reason": why, "team": team.name})
    note(changed=("state", "team", "case"), words={"rule": rule.code})
    return case


def _refuse_unready(referral: Referral) -> None:
    if referral.outcome not in rules.CASE_WORK:
        raise rules.ONLY_CASE_WORK.refused()
    if referral.family_id is None:
        raise rules.FAMILY_KNOWN.refused()
    identified = ReferralPerson.objects.filter(referral=referral, part="child", person__isnull=False)
    if not identified.exists():
        raise rules.NOBODY_IDENTIFIED.refused()


def _why(advice: Advice, team: Team, reason: str) -> tuple[rules.Rule, str]:
    """The rule an allocation stands on and its reason; a person's own reason goes before the worked-out one."""
    advised = advice.advised
    if advised.rule is rules.CASE_HAS_IT and team.pk != advised.team_id:
        raise rules.CASE_HAS_IT.refused(team=advised.reason.split(" with ")[1].split(".")[0])
    is_full = any(row.team_id == team.pk and row.is_over_cap for row in advice.shown.teams)
    if team.pk == advised.team_id and (reason or not advised.needs_reason):
        return advised.rule, f"{advised.reason} {reason}".strip()
    if not reason:
        needed = rules.ALL_FULL if is_full and advised.rule is rules.ALL_FULL else rules.NOT_AS_ADVISED
        raise needed.refused("reason")
    return rules.NOT_AS_ADVISED, f"{reason} (Advised: {advised.reason})"


def _case_for(referral: Referral, team: Team, why: str, *, by: Actor, at: datetime) -> Case:
    """The case the family has open, which whoever is named and not in it yet joins: there is no second plan for a brother or
    a sister. Else a new one about everybody identified and the rest of the household."""
    family = referral.family
    if family is None:
        raise rules.FAMILY_KNOWN.refused()
    there = case_to_join(by, family.pk)
    if there is not None:
        why = f"Named in {referral.reference}. {OUTCOME_LABELS[Outcome(referral.outcome)]}."
        take_in_referred(case=there, people=_named(referral), reason=why, by=by, at=at)
        return there
    return open_case(
        family=family,
        team=team,
        locality=referral.locality,
        level=referral.level or 2,
        people=_people_and_parts(referral, family.pk, by),
        reason=f"{OUTCOME_LABELS[Outcome(referral.outcome)]}. {why}",
        by=by,
        at=at,
    )


def _named(referral: Referral) -> dict[UUID, str]:
    found = ReferralPerson.objects.filter(referral=referral, person__isnull=False)
    return {person_id: part for person_id, part in found.values_list("person_id", "part") if person_id}


def _people_and_parts(referral: Referral, family_id: UUID, by: Actor) -> dict[UUID, str]:
    """Everybody identified in the referral, and the members of the family who live in it now."""
    named = _named(referral)
    mates = household_of(list(named)).values()
    family = {mate.person_id: mate.part for several in mates for mate in several if mate.family_id == family_id}
    withheld = withheld_among(by, family)  # whoever allocates does not know of them, nor shall the team by this
    family = {person_id: part for person_id, part in family.items() if person_id not in withheld}
    return family | named


def _write_to_managers(referral: Referral, case: Case, *, by: Actor, at: datetime) -> None:
    """Tell whoever answers for the team that a case waits for its lead professional; the message names nobody."""
    for post in who_answers_for(by, case.team_id):
        owe_message(
            to=post.account.email,
            subject=f"A new case for your team: {case.reference}",
            body=f"The front door has allocated {referral.reference} to {case.team.name}. Sign in to Joinedup to name "
            "the lead professional.",
            about=("casework.case", str(case.pk)),
            at=at,
        )
