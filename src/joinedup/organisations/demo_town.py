"""What a whole town adds to the demo partnership: the service for disabled children, whose work lasts for years."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice
from math import ceil

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.organisations import demo, services
from joinedup.organisations.models import Organisation, Post, Team

_STARTED_WITH = 300  # names before these are the demo's own people's
_HIRED_WITH = 500  # and these are the disabled children's service's
_LEADS = 20  # cases to one person where a town has so many


def load(*, at: datetime, workers: int) -> tuple[Team, list[Post]]:
    """Open the disabled children's service with a manager and key workers. Returns the team and its key workers."""
    began = at - demo._STARTED + timedelta(days=7)  # whoever supervises them was there first
    found = _partnership()
    team = services.open_team(
        code="DISABLED", name="Disabled children's service", kind="specialist", host=found.organisations["COUNCIL"],
        base="Damson Exemplar Special School", by=system(began), at=began,
    )  # fmt: skip
    found.teams["DISABLED"] = team
    names = (name for _, name in islice(demo._names(), _STARTED_WITH, None))
    manager = next(names)
    parts = [demo.Part(manager, "Team manager, disabled children", Role.TEAM_MANAGER, team="DISABLED")]
    for number, name in enumerate(islice(names, workers)):
        employer = "NHS" if number % 3 == 2 else "COUNCIL"
        title = "Children's community nurse" if employer == "NHS" else "Key worker, disabled children"
        parts.append(
            demo.Part(
                name, title, Role.KEY_WORKER, employer, "DISABLED", paid=(("NHS", 50), ("COUNCIL", 50)),
                ends_in_days=90 + 31 * number if employer == "NHS" else None, supervisor=manager,
                clinical=demo._LEAD if employer == "NHS" else "",
            )
        )  # fmt: skip
    for part in parts:
        demo._appoint(found, part, began, at, is_demo=False)
    return team, [found.posts[part.name] for part in parts[1:]]


def make_room(*, at: datetime, cases: int, kept_free: int) -> None:
    """Let the teams take so many open cases between them, and appoint the key workers to lead them."""
    found, began = _partnership(), at - demo._STARTED + timedelta(days=7)
    teams = list(Team.objects.filter(kind="case_management", case_cap__isnull=False).order_by("code"))
    share = ceil(cases / len(teams))
    names = (name for _, name in islice(demo._names(), _HIRED_WITH, None))
    for team in teams:
        found.teams[team.code] = team
        if (team.case_cap or 0) < 2 * share + kept_free:  # families do not live evenly in a town
            team.case_cap = 2 * share + kept_free
            team.save(update_fields=["case_cap"])
        posts = Post.objects.filter(team=team, ends_at__isnull=True)
        manager = posts.filter(role=Role.TEAM_MANAGER).select_related("account")[0].account.name
        for _ in range(ceil(share / _LEADS) - posts.filter(role=Role.KEY_WORKER).count()):
            part = demo.Part(next(names), "Key worker", Role.KEY_WORKER, team=team.code, supervisor=manager)
            demo._appoint(found, part, began, at, is_demo=False)


def _partnership() -> demo.DemoPartnership:
    """The demo's own, as it is now."""
    return demo.DemoPartnership(
        organisations={each.code: each for each in Organisation.objects.all()},
        posts={post.account.name: post for post in Post.objects.select_related("account").order_by("starts_at")},
    )
