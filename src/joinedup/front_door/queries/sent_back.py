"""Families that teams sent back, with the referrals that stand behind them, for whoever answers."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.casework.queries import SentBackSeen, sent_back_of, sent_back_to_answer, team_loads
from joinedup.core.errors import NotVisible
from joinedup.front_door.models import Referral, ReferralPerson
from joinedup.front_door.permissions import ANSWER_TEAM
from joinedup.front_door.queries.worklist import first_name_of
from joinedup.organisations.queries import teams_of_kind

_STATUTORY_LEVEL = 4


@dataclass(frozen=True)
class ReferralBehind:
    """A referral that stands behind a case."""

    id: UUID
    reference: str
    child: str


@dataclass(frozen=True)
class SentBackRow:
    """A family sent back, and what the front door knows it by."""

    seen: SentBackSeen
    referrals: tuple[ReferralBehind, ...]

    @property
    def child(self) -> str:
        """The first child of the first referral; the case's reference where none stands behind it."""
        return self.referrals[0].child if self.referrals else self.seen.reference


@dataclass(frozen=True)
class TeamToChoose:
    """A team that could have the family, with its load."""

    team_id: UUID
    name: str
    open_cases: int
    cap: int | None

    @property
    def words(self) -> str:
        """Its name and its load."""
        most = f" of at most {self.cap}" if self.cap is not None else ""
        return f"{self.name}: {self.open_cases} open cases{most}"


def sent_back_rows(viewer: Actor) -> list[SentBackRow]:
    """Those that wait, the soonest clock first, then those answered last; one audit row names whom they are about."""
    return _rows(viewer, sent_back_to_answer(viewer), "list")


def sent_back_row(viewer: Actor, sent_back_id: UUID) -> SentBackRow:
    """One of them; the read is audited."""
    if not can(viewer, ANSWER_TEAM):
        raise NotVisible
    return _rows(viewer, [sent_back_of(viewer, sent_back_id)], str(sent_back_id))[0]


def _rows(viewer: Actor, found: list[SentBackSeen], subject: str) -> list[SentBackRow]:
    referrals = Referral.objects.visible_to(viewer).filter(case_id__in=[each.case_id for each in found])
    behind = list(referrals.order_by("received_at", "pk"))
    children: dict[UUID, list[ReferralPerson]] = {}
    places = ReferralPerson.objects.filter(referral__in=[row.pk for row in behind], part="child")
    for place in places.select_related("contact_person", "person").order_by("contact_person__position", "pk"):
        children.setdefault(place.referral_id, []).append(place)
    audit.record_read(
        viewer, subject=("casework.sentback", subject),
        people={each.person_id for several in children.values() for each in several if each.person_id},
        purpose="sent back by a team", search=subject == "list",
    )  # fmt: skip
    by_case: dict[UUID | None, list[ReferralBehind]] = {}
    for row in behind:
        name = first_name_of(children.get(row.pk, []))
        by_case.setdefault(row.case_id, []).append(ReferralBehind(row.pk, row.reference, name))
    return [SentBackRow(each, tuple(by_case.get(each.case_id, ()))) for each in found]


def teams_for_sent_back(viewer: Actor, seen: SentBackSeen) -> list[TeamToChoose]:
    """The other teams for the family's level of need, the lightest load first."""
    kind = "statutory" if seen.level >= _STATUTORY_LEVEL else "case_management"
    teams = [team for team in teams_of_kind(viewer, kind) if team.pk != seen.team_id]
    loads = team_loads(viewer, [team.pk for team in teams])
    found = [TeamToChoose(team.pk, team.name, loads[team.pk], team.case_cap) for team in teams]
    return sorted(found, key=lambda each: (each.open_cases / (each.cap or 1_000), each.name))
