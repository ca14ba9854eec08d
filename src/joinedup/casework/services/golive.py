"""Opening the cases an old system had open, with their true dates, so that a partnership can start."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.access.roles import Role
from joinedup.casework import rules
from joinedup.casework.events import CASE_BROUGHT_OVER, CASE_OPENED, LEAD_PROFESSIONAL_NAMED
from joinedup.casework.golive import Extract, Fault, LegacyCase
from joinedup.casework.lifecycle import CaseState
from joinedup.casework.meeting import next_review_by
from joinedup.casework.models import Case, CaseBroughtOver, CaseMember, CasePerson, CaseTransition
from joinedup.casework.permissions import BRING_CASES_OVER
from joinedup.casework.queries.social_work import people_with_social_work
from joinedup.casework.settings import review_weeks
from joinedup.chronology.services import record_event
from joinedup.core.errors import Refused
from joinedup.core.models import new_reference
from joinedup.organisations import queries as organisations
from joinedup.person_index.queries import KnownByReference, people_by_reference
from joinedup.person_index.services import NewMember, found_family

if TYPE_CHECKING:
    from joinedup.organisations.models import Organisation, Post, Team
    from joinedup.person_index.models import Family

Progress = Callable[[int, int], None]


@dataclass
class BroughtOver:
    """What became of every row of an extract."""

    read: int = 0
    created: int = 0
    unchanged: int = 0
    closed: int = 0
    rejected: list[Fault] = field(default_factory=list)
    rejected_rows: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """They add up: read is everything else together."""
        return {
            "read": self.read,
            "created": self.created,
            "unchanged": self.unchanged,
            "closed": self.closed,
            "rejected": self.rejected_rows,
        }


@service(BRING_CASES_OVER)
def bring_cases_over(
    *, agency: Organisation, extract: Extract, by: Actor, at: datetime, progress: Progress | None = None
) -> BroughtOver:
    """Open every case of an extract that can be opened, all in one transaction; the others are reported, each with its
    row and reason. Cases brought over before are left as they are: doing it again changes nothing."""
    result = BroughtOver(read=extract.read, closed=extract.closed, rejected=list(extract.faults))
    known = _Known(agency, extract.cases, by)
    for place, legacy in enumerate(extract.cases, start=1):
        try:
            with transaction.atomic():
                result.created += 1 if _bring_over(legacy, known, by, at) else 0
        except Refused as refusal:
            name = refusal.field or "reference"
            said = getattr(legacy, name, legacy.reference)
            value = " ".join(said) if isinstance(said, tuple) else str(said)
            result.rejected.append(Fault(legacy.row, name.replace("_", " "), value[:200], refusal.sentence))
        if progress is not None:
            progress(place, len(extract.cases))
    result.rejected.sort(key=lambda fault: (fault.row, fault.field))
    result.rejected_rows = len({fault.row for fault in result.rejected})
    result.unchanged = result.read - result.closed - result.created - result.rejected_rows
    note(subject=agency, changed=("cases",), words=result.counts)
    return result


class _Known:
    """What the rows speak of, looked up once for the whole file."""

    def __init__(self, agency: Organisation, cases: Sequence[LegacyCase], by: Actor) -> None:
        self.agency = agency
        self.people = people_by_reference(by, agency.pk, {one for case in cases for one in case.people})
        self.teams: dict[str, Team] = {team.code.upper(): team for team in organisations.all_teams(by)}
        self.before: Mapping[str, str] = dict(
            CaseBroughtOver.objects.filter(agency=agency).values_list("reference", "digest")
        )
        self._leads: dict[UUID, dict[str, Post]] = {}
        self._by = by

    def lead(self, team: Team, address: str) -> Post | None:
        """The key worker's post that somebody with this address holds in the team now."""
        if team.pk not in self._leads:
            posts = organisations.posts_with_role(self._by, Role.KEY_WORKER, team_id=team.pk)
            self._leads[team.pk] = {post.account.email.lower(): post for post in posts}
        return self._leads[team.pk].get(address)


def _bring_over(legacy: LegacyCase, known: _Known, by: Actor, at: datetime) -> bool:
    """One case; False where it was brought over before and nothing has changed."""
    before = known.before.get(legacy.reference)
    if before is not None:
        if before != legacy.digest:
            raise rules.KNOWN_BEFORE.refused()
        return False
    team = known.teams.get(legacy.team)
    if team is None:
        raise rules.KNOWN_TEAM.refused()
    lead = known.lead(team, legacy.lead) if legacy.lead else None
    if legacy.lead and lead is None:
        raise rules.KNOWN_LEAD.refused()
    people = _people(legacy, known)
    children = [one for one in people if one.is_child_on(legacy.opened_on)]
    if not children:
        raise rules.SOMEBODY_IN_IT.refused()
    opened_at = timezone.make_aware(datetime.combine(legacy.opened_on, time(9)))
    if opened_at > at:
        opened_at = at
    family = _family(legacy, people, children, by, at)
    if Case.objects.open().filter(family=family).exists():
        raise rules.ONE_OPEN_CASE.refused()
    statutory = people_with_social_work([one.person.pk for one in children], timezone.localdate(at))
    if (
        lead
        and not lead.is_registered_social_worker
        and rules.needs_social_worker(legacy.level, has_social_work=statutory)
    ):
        raise replace(rules.QUALIFIED_TO_LEAD, field="lead").refused()
    parts = {one.person.pk: "child" if one in children else one.part or "parent" for one in people}
    locality = organisations.locality_for_postcode(by, children[0].postcode) if children[0].postcode else None
    case = Case.objects.create(
        reference=new_reference("C"),
        family=family,
        team=team,
        locality=locality,
        level=legacy.level,
        state=CaseState.OPEN if lead else CaseState.WAITING_FOR_LEAD,
        lead_professional=lead,
        opened_at=opened_at,
        review_due_on=legacy.next_review_on
        or next_review_by(timezone.localdate(at), review_weeks(timezone.localdate(at))),
    )
    CasePerson.objects.bulk_create([CasePerson(case=case, person_id=pk, part=part) for pk, part in parts.items()])
    _write_history(case, legacy, known.agency, lead, list(parts), by, at)
    return True


def _people(legacy: LegacyCase, known: _Known) -> list[KnownByReference]:
    missing = [one for one in legacy.people if one not in known.people]
    if missing:
        raise rules.KNOWN_PEOPLE.refused(references=", ".join(missing[:5]))
    found = {known.people[one].person.pk: known.people[one] for one in legacy.people}
    return list(found.values())


def _family(
    legacy: LegacyCase, people: list[KnownByReference], children: list[KnownByReference], by: Actor, at: datetime
) -> Family:
    """The household the row names; else the one family all its children are in; else a new one of these people."""
    families = {family.pk: family for one in children for family in one.families}
    if legacy.household:
        named = [family for family in families.values() if family.household_reference == legacy.household]
        if named:
            return named[0]
    shared = [family for family in families.values() if all(family in one.families for one in children)]
    if len(shared) == 1:
        return shared[0]
    if families:
        raise rules.ONE_FAMILY.refused()
    members = [NewMember(one.person, "child" if one in children else one.part or "parent") for one in people]
    return found_family(members=members, by=by, at=at)


def _write_history(
    case: Case, legacy: LegacyCase, agency: Organisation, lead: Post | None, people: list[UUID], by: Actor, at: datetime
) -> None:
    """The case as it came to be, at its true dates, and that it was brought over, today."""
    reason = f"Brought over from {agency.name}, case {legacy.reference}."
    rows = [("", CaseState.WAITING_FOR_LEAD)] + ([(CaseState.WAITING_FOR_LEAD, CaseState.OPEN)] if lead else [])
    CaseTransition.objects.bulk_create(
        [CaseTransition(case=case, start=start, end=end, at=case.opened_at, reason=reason) for start, end in rows]
    )
    about: dict[str, Any] = {
        "source": case,
        "by": by,
        "people": people,
        "family_id": case.family_id,
        "team_id": case.team_id,
    }
    words = {"reason": reason}
    record_event(CASE_OPENED, at=case.opened_at, code=f"level_{case.level}", words=words, **about)
    if lead is not None:
        joined_at = max(case.opened_at, lead.starts_at)
        CaseMember.objects.create(case=case, post=lead, part="lead", joined_at=joined_at)
        record_event(LEAD_PROFESSIONAL_NAMED, at=joined_at, words={"who": lead.account.name, **words}, **about)
    record_event(CASE_BROUGHT_OVER, at=at, code=f"level_{case.level}", words=words, **about)
    CaseBroughtOver.objects.create(
        agency=agency,
        reference=legacy.reference,
        case=case,
        as_supplied={
            "people": list(legacy.people),
            "household": legacy.household,
            "level": legacy.level,
            "opened_on": legacy.opened_on.isoformat(),
            "team": legacy.team,
            "lead": legacy.lead,
        },
        digest=legacy.digest,
        next_review_on=legacy.next_review_on,
        brought_at=at,
    )
    note(people=people)
