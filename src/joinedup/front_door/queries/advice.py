"""Which team should take a decided referral, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.queries import OpenCase, open_case_of, team_loads
from joinedup.core.errors import NotVisible
from joinedup.core.partnership import value
from joinedup.front_door import rules
from joinedup.front_door.models import Referral, ReferralPerson
from joinedup.front_door.permissions import ALLOCATE_REFERRAL
from joinedup.front_door.placing import Advised, Home, TeamLoad, advise, place
from joinedup.front_door.settings import DUTY_LOCALITY
from joinedup.organisations.queries import (
    localities,
    locality_for_postcode,
    open_organisations,
    teams_of_kind,
    teams_serving,
)
from joinedup.person_index.queries import KnownAddress, present_homes

if TYPE_CHECKING:
    from joinedup.organisations.models import Locality, Team


@dataclass(frozen=True)
class TeamAdvice:
    """A case-management team beside the others. `share` is open cases relative to the cap, as a whole per cent."""

    team_id: UUID
    name: str
    open_cases: int
    cap: int | None
    share: int
    serves_locality: bool
    is_over_cap: bool
    is_advised: bool


@dataclass(frozen=True)
class AllocationAdvice:
    """What the rules advise. `team_id` is None where a person must choose (`rule` says why); `needs_reason` when the
    manager must say why even to follow the advice. `homes` names both homes of a child who lives in two."""

    referral_id: UUID
    reference: str
    family: str
    version: int
    locality: str
    team_id: UUID | None
    rule: str
    reason: str
    needs_reason: bool
    homes: tuple[str, ...]
    teams: tuple[TeamAdvice, ...]


def allocation_advice(viewer: Actor, referral_id: UUID) -> AllocationAdvice:
    """Teams with their load and the one advised, for whoever may allocate."""
    named = ReferralPerson.objects.filter(referral=OuterRef("pk"), person__isnull=False)
    found = (
        Referral.objects.visible_to(viewer)
        .select_related("locality", "contact", "family")
        .annotate(people_named=ArraySubquery(named.values("person_id")))
        .filter(pk=referral_id)
        .first()
    )
    if found is None or not can(viewer, ALLOCATE_REFERRAL, found):
        raise NotVisible
    people: list[UUID] = found.people_named  # type: ignore[attr-defined]
    audit.record_read(viewer, subject=("front_door.referral", str(found.pk)), people=people, purpose="allocation")
    return advice_for(viewer, found).shown


@dataclass(frozen=True)
class Advice:
    """The advice with what the allocating service needs of it."""

    shown: AllocationAdvice
    advised: Advised
    locality_id: UUID | None


def advice_for(viewer: Actor, referral: Referral) -> Advice:
    """Work out the advice for a referral the viewer has been let in to."""
    homes = homes_of(viewer, referral)
    codes = {locality.code: locality for locality in localities(viewer)}
    placed = place(homes, school=_school(viewer, referral), duty=_duty(viewer, codes))
    locality = codes.get(placed.locality)
    loads = _loads(
        viewer, serving=teams_serving(viewer, locality, on=timezone.localdate(viewer.at)) if locality else []
    )
    case = open_case_of(viewer, referral.family_id) if referral.family_id else None
    advised = _stay_with(case) if case else advise(placed, loads)
    shown = AllocationAdvice(
        referral_id=referral.pk,
        reference=referral.reference,
        family=referral.family.name if referral.family else "",
        version=referral.version,
        locality=locality.name if locality else "Outside the area",
        team_id=advised.team_id,
        rule=advised.rule.code,
        reason=advised.reason,
        needs_reason=advised.needs_reason,
        homes=tuple(str(home) for home in homes),
        teams=tuple(_shown(load, advised) for load in loads),
    )
    return Advice(shown, advised, locality.pk if locality else None)


def _stay_with(case: OpenCase) -> Advised:
    """A family with an open case stays with its team."""
    return Advised(case.team_id, rules.CASE_HAS_IT, rules.CASE_HAS_IT.sentence.format(team=case.team))


def homes_of(viewer: Actor, referral: Referral) -> list[Home]:
    """Where the first child lives now, the main home first: the one the referrer gave, else what was stated first."""
    children = ReferralPerson.objects.filter(referral=referral, part="child").select_related("contact_person")
    known_first = children.alias(is_unknown=Q(person__isnull=True)).order_by("is_unknown", "contact_person__position")
    child = known_first.first()
    if child is None:
        return []
    typed = child.contact_person
    known = present_homes(viewer, [child.person_id])[child.person_id] if child.person_id else []
    if not known:
        said = KnownAddress(typed.address, typed.postcode, typed.is_no_fixed_address, True, None, None, "referral")
        known = [said] if typed.address or typed.postcode or typed.is_no_fixed_address else []
    known.sort(key=lambda home: not (home.postcode and home.postcode == typed.postcode))
    return [_home(viewer, address) for address in known]


def _home(viewer: Actor, address: KnownAddress) -> Home:
    locality = locality_for_postcode(viewer, address.postcode) if address.postcode else None
    return Home(
        lines=str(address),
        locality=locality.code if locality else "",
        locality_name=locality.name if locality else "",
        is_no_fixed_address=address.is_no_fixed_address,
        has_postcode=bool(address.postcode),
    )


def _school(viewer: Actor, referral: Referral) -> tuple[str, str] | None:
    """The locality of the school cluster of the first child whose school is one of ours."""
    named = [
        each.school for each in referral.contact.people.order_by("position") if each.part == "child" and each.school
    ]
    if not named:
        return None
    schools = open_organisations(viewer).filter(kind="school", name__iexact=named[0], cluster__isnull=False)
    school = schools.select_related("cluster__locality").first()
    if school is None or school.cluster is None:
        return None
    return school.cluster.locality.code, school.cluster.locality.name


def _duty(viewer: Actor, codes: dict[str, Locality]) -> tuple[str, str]:
    """The locality that takes families without an address: the setting, else the first by name."""
    said = str(value(DUTY_LOCALITY, on=timezone.localdate(viewer.at)))
    chosen = codes.get(said) or next(iter(codes.values()), None)
    return (chosen.code, chosen.name) if chosen else ("", "the duty locality")


def _loads(viewer: Actor, *, serving: list[Team]) -> list[TeamLoad]:
    teams = [team for team in teams_of_kind(viewer, "case_management") if team.case_cap is not None]
    open_cases = team_loads(viewer, [team.pk for team in teams])
    serves = {team.pk for team in serving}
    return [TeamLoad(team.pk, team.name, open_cases[team.pk], team.case_cap or 0, team.pk in serves) for team in teams]


def _shown(load: TeamLoad, advised: Advised) -> TeamAdvice:
    return TeamAdvice(
        team_id=load.team_id,
        name=load.name,
        open_cases=load.open_cases,
        cap=load.cap,
        share=round(100 * load.share),
        serves_locality=load.serves,
        is_over_cap=load.is_full,
        is_advised=load.team_id == advised.team_id,
    )
