"""The team manager's board: caseloads, the lists that want looking at, and what audits found, each number with its list."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.access.roles import Role
from joinedup.casework.meeting import NO_CONTINUITY, Continuity, added
from joinedup.casework.models import Case
from joinedup.casework.permissions import READ_BOARD
from joinedup.casework.queries.audit_results import effectiveness_of_teams
from joinedup.casework.queries.duty import is_in_post, loads_of, teams_answered_for
from joinedup.casework.queries.lists import LISTS
from joinedup.casework.queries.meetings import continuities
from joinedup.casework.queries.supervision import people_to_supervise
from joinedup.casework.settings import caseload_cap
from joinedup.core.formats import london
from joinedup.organisations.queries import all_teams, posts_with_role

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team


@dataclass(frozen=True)
class Caseload:
    """How many open cases one worker leads, beside the most they should."""

    post_id: UUID
    name: str
    title: str
    leads: int
    cap: int

    @property
    def is_over(self) -> bool:
        """More than one person should lead."""
        return self.leads > self.cap


@dataclass(frozen=True)
class BoardCount:
    """A number that leads to the list behind it."""

    name: str
    title: str
    sentence: str
    n: int
    is_urgent: bool


@dataclass(frozen=True)
class TeamBoard:
    """One team as its manager sees it."""

    team_id: UUID
    team: str
    open_cases: int
    cap: int | None
    counts: tuple[BoardCount, ...]
    caseloads: tuple[Caseload, ...]
    continuity: Continuity
    effectiveness: int | None  # of the audits of the last year, in per cent
    supervisions_overdue: int


def board(viewer: Actor) -> tuple[TeamBoard, ...]:
    """The board of each team the viewer answers for: caseloads beside what one person should lead, and the lists that want
    looking at, each with its number. Numbers only: the lists behind them name people and are audited. As many statements
    however many cases there are."""
    check(viewer, READ_BOARD)
    managed = teams_answered_for(viewer)
    teams = [team for team in all_teams(viewer) if team.pk in managed]
    ids = [team.pk for team in teams]
    counted = _counts(viewer, ids)
    posts = {team.pk: _workers(viewer, team) for team in teams}
    loads = loads_of(post.pk for several in posts.values() for post in several)
    opened: dict[UUID, list[UUID]] = {team_id: [] for team_id in ids}
    for case_id, team_id in Case.objects.around(viewer).open().filter(team_id__in=ids).values_list("pk", "team_id"):
        opened[team_id].append(case_id)
    kept = continuities(viewer, [case_id for several in opened.values() for case_id in several])
    found = effectiveness_of_teams(viewer, ids)
    overdue = {each.post_id for each in people_to_supervise(viewer) if each.is_overdue}
    cap = caseload_cap(london(viewer.at).date())
    return tuple(
        TeamBoard(
            team_id=team.pk, team=team.name, open_cases=len(opened[team.pk]), cap=team.case_cap,
            counts=tuple(
                BoardCount(each.name, each.title, each.sentence, counted.get(team.pk, {}).get(each.name, 0), each.is_urgent)
                for each in LISTS.values()
                if each.name != "mine"
            ),
            caseloads=tuple(
                sorted(
                    (Caseload(post.pk, post.account.name, post.title, loads.get(post.pk, 0), cap) for post in posts[team.pk]),
                    key=lambda each: (-each.leads, each.name),
                )
            ),
            continuity=added(kept[case_id] for case_id in opened[team.pk] if case_id in kept) if kept else NO_CONTINUITY,
            effectiveness=found[team.pk].percent if team.pk in found else None,
            supervisions_overdue=sum(post.pk in overdue for post in posts[team.pk]),
        )
        for team in teams
    )  # fmt: skip


def _workers(viewer: Actor, team: Team) -> list[Post]:
    posts = posts_with_role(viewer, Role.KEY_WORKER, team_id=team.pk)
    return [post for post in posts if is_in_post(post, viewer.at)]


def _counts(viewer: Actor, team_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many cases of each team each list holds; one statement for all of them."""
    of_teams = Case.objects.filter(team_id__in=team_ids)
    named = {name: f"n_{number}" for number, name in enumerate(LISTS)}
    counts = {
        named[name]: Count("pk", filter=Q(pk__in=each.narrow(of_teams, viewer).order_by().values("pk")))
        for name, each in LISTS.items()
    }
    rows: Any = Case.objects.around(viewer).filter(team_id__in=team_ids).order_by().values("team_id").annotate(**counts)
    return {row["team_id"]: {name: row[column] for name, column in named.items()} for row in rows}
