"""Claims to events that were avoided: one event of one person by one strand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.benefits import rules
from joinedup.benefits.cohort import criteria_of
from joinedup.benefits.models import AvoidedEvent, Benefit, CohortMember, CohortRule
from joinedup.benefits.permissions import CLAIM_EVENT, RELEASE_EVENT
from joinedup.benefits.pounds import in_pounds
from joinedup.benefits.queries.banked import counting
from joinedup.benefits.queries.realising import claims_on
from joinedup.benefits.realising import AVOIDED_KINDS, EPISODE_GAP, episode_of, is_one_episode
from joinedup.casework.queries import case_for_change, people_of_case
from joinedup.core.formats import date_long

if TYPE_CHECKING:
    from joinedup.benefits.models import Strand
    from joinedup.casework.models import Case


@dataclass(frozen=True)
class EventSaid:
    """What did not happen, to whom, from which day to which, and why one may say so."""

    person_id: UUID
    kind: str
    starts_on: date
    ends_on: date
    why: str


@service(CLAIM_EVENT)
def claim_event(*, case: Case, benefit: Benefit, said: EventSaid, by: Actor, at: datetime) -> AvoidedEvent:
    """Claim an avoided event for a benefit, by whoever works with the case; it stands for every partner whom that line of the
    business case saves. While the claim stands no strand can claim one of the same person and episode in an overlapping time,
    and no other line one within a year unless it is a single incident; the database holds that, too. Nothing is claimed from
    before the programme began, nor of a family that was not in the strand by the last day, where the strand says who is in
    it. Raises NotVisible, Refused (BN-402, BN-420 to BN-422, BN-424, BN-426, BN-427)."""
    case_for_change(by, case.pk)
    if said.kind not in AVOIDED_KINDS:
        raise rules.EVENT_KIND.refused()
    if not said.why.strip():
        raise rules.BENEFIT_REASON.refused("why")
    if said.ends_on < said.starts_on or said.ends_on > timezone.localdate(at):
        raise rules.EVENT_PERIOD.refused()
    strand = benefit.case.strand
    if said.starts_on < strand.programme.starts_on:
        raise rules.EVENT_BEFORE_START.refused(start=date_long(strand.programme.starts_on), strand=strand.name)
    if said.person_id not in {each.person_id for each in people_of_case(by, case.pk)}:
        raise rules.EVENT_PERSON.refused()
    if not _is_in_strand(strand, case.family_id, said.ends_on):
        raise rules.EVENT_OUTSIDE.refused(strand=strand.name)
    _hold(said)
    _require_unclaimed(said, benefit)
    made = AvoidedEvent.objects.create(
        benefit=benefit, case=case, person_id=said.person_id, kind=said.kind, starts_on=said.starts_on, ends_on=said.ends_on,
        why=said.why.strip(), claimed_at=at, claimed_by=by.account_id,
    )  # fmt: skip
    note(subject=made, people=[said.person_id], changed=("claim",), words={"kind": said.kind})
    return made


def _is_in_strand(strand: Strand, family_id: UUID, until: date) -> bool:
    """Whether a family came into a strand, or into one merged into it, by a day; for whoever works with it, who may know.
    A strand of which only a number is expected has no list to be held to."""
    there = CohortMember.objects.filter(Q(strand=strand) | Q(strand__merged_into=strand))
    if there.filter(family_id=family_id, starts_on__lte=until).exists():
        return True
    rule = CohortRule.objects.filter(strand=strand).first()
    return not (there.exists() or (rule is not None and criteria_of(rule.criteria).asks_anything))


def _hold(said: EventSaid) -> None:
    """The same lock as the trigger's, so that of two who claim at once the second is told who was first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s::text || ' ' || %s, 4417))",
            [str(said.person_id), episode_of(said.kind)],
        )


def _require_unclaimed(said: EventSaid, benefit: Benefit) -> None:
    episode, days = episode_of(said.kind), (said.starts_on, said.ends_on)
    near = AvoidedEvent.objects.filter(
        person_id=said.person_id, episode=episode, released_at=None, starts_on__lte=said.ends_on + EPISODE_GAP,
        ends_on__gte=said.starts_on - EPISODE_GAP,
    )  # fmt: skip
    for there in near.select_related("benefit__case__strand").order_by("starts_on"):
        same = (there.benefit.case_id, there.benefit.key) == (benefit.case_id, benefit.key)
        if is_one_episode(episode, days, (there.starts_on, there.ends_on), same_line=same):
            raise rules.EVENT_CLAIMED.refused(
                strand=there.benefit.case.strand.name, start=date_long(there.starts_on), end=date_long(there.ends_on)
            )


@service(RELEASE_EVENT, on="event")
def release_event(*, event: AvoidedEvent, reason: str, by: Actor, at: datetime) -> AvoidedEvent:
    """Give a claim up, with a reason; the event may then be claimed by another strand. Raises Refused (BN-402, BN-423,
    BN-425)."""
    event.refresh_from_db(from_queryset=AvoidedEvent.objects.select_for_update(of=("self",)))
    if event.released_at is not None:
        raise rules.EVENT_RELEASED.refused()
    if not reason.strip():
        raise rules.BENEFIT_REASON.refused()
    _require_not_banked_on(by, event)
    event.released_at, event.released_by, event.released_why = at, by.account_id, reason.strip()
    event.save(update_fields=["released_at", "released_by", "released_why"])
    note(subject=event, people=[event.person_id], changed=("claim",))
    return event


def _require_not_banked_on(by: Actor, event: AvoidedEvent) -> None:
    """BN-425: what is in the bank rests on as many claims as it is worth; so does what any other partner banked of the same
    line. All of them are held until the end of the transaction, so that nobody banks on the claim meanwhile."""
    line: dict[str, Any] = {"case": event.benefit.case_id, "key": event.benefit.key}
    siblings = list(Benefit.objects.select_for_update(of=("self",)).filter(**line).order_by("pk"))
    in_bank = counting(by, **line).by_benefit
    for benefit in siblings:
        if not benefit.episode or event.episode != benefit.episode:
            continue
        banked, left = in_bank.get(benefit.pk, 0), len(claims_on(benefit, without=event.pk))
        if left < len(claims_on(benefit)) and banked > left * benefit.unit_pence:
            raise rules.EVENT_BANKED_ON.refused(banked=in_pounds(banked))
