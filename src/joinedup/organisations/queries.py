"""Reading the partnership: who the partners are and were, where, and who works in which team until when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

from django.db.models import Case, Model, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone

from joinedup.access.actor import Actor, Standing
from joinedup.access.permissions import READ_OWN_ACCOUNT, check
from joinedup.access.roles import FINANCE, Role
from joinedup.core.errors import NotVisible
from joinedup.organisations import rules
from joinedup.organisations.models import (
    Cluster,
    Locality,
    LocalityPostcode,
    Organisation,
    Post,
    PostFunding,
    Succession,
    Team,
    TeamLocality,
)
from joinedup.organisations.permissions import SEE_PARTNERSHIP

AnyModel = TypeVar("AnyModel", bound=Model)
SOON = timedelta(days=30)


def held_at(at: datetime) -> Q:
    """The posts held at a moment: from the start on, up to but not including the end."""
    return Q(starts_at__lte=at) & (Q(ends_at__isnull=True) | Q(ends_at__gt=at))


def standings_of_account(account_id: UUID, at: datetime) -> list[Standing]:
    """The posts an account holds at a moment, as standings. The half-open interval is what ends a secondment's access
    at the minute it ends."""
    held = Post.objects.filter(held_at(at), account_id=account_id).order_by("starts_at", "id")
    # In the order of Standing, and nothing more: it is asked for every page.
    columns = "role", "pk", "title", "host_id", "host__name", "team_id", "is_registered_social_worker", "ends_at"
    return [Standing(Role(role), *rest) for role, *rest in held.values_list(*columns)]


# --- What other parts ask.


def organisation_with_code(viewer: Actor, code: str) -> Organisation:
    """The organisation with a code, such as COUNCIL; NotVisible when there is none."""
    found = Organisation.objects.filter(code=code.strip().upper()).first()
    if found is None:
        raise NotVisible
    return found


def open_organisations(viewer: Actor, *, on: date | None = None) -> QuerySet[Organisation]:
    """The organisations that exist on a day (the viewer's today unless given), by name; for choosing from."""
    day = on or timezone.localdate(viewer.at)
    return Organisation.objects.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=day), Q(closed_on__isnull=True) | Q(closed_on__gte=day)
    ).order_by("name")


def organisation_with_id(viewer: Actor, organisation_id: UUID) -> Organisation:
    """One organisation; NotVisible when there is none."""
    return _one(Organisation.objects.all(), organisation_id)


def all_teams(viewer: Actor) -> list[Team]:
    """Every team, by name; for choosing from."""
    return list(Team.objects.order_by("name"))


def team_with_id(viewer: Actor, team_id: UUID) -> Team:
    """One team; NotVisible when there is none."""
    return _one(Team.objects.select_related("host"), team_id)


def teams_of_kind(viewer: Actor, kind: str) -> list[Team]:
    """The teams of a kind (front_door, case_management, statutory, specialist), by name."""
    return list(Team.objects.filter(kind=kind).select_related("host").order_by("name"))


def localities(viewer: Actor) -> list[Locality]:
    """Every locality, by name."""
    return list(Locality.objects.order_by("name"))


def clusters(viewer: Actor) -> list[Cluster]:
    """Every cluster of schools, by name."""
    return list(Cluster.objects.select_related("locality").order_by("name"))


def locality_for_postcode(viewer: Actor, postcode: str) -> Locality | None:
    """The locality a postcode lies in: the longest known beginning wins. None outside the area or for no postcode."""
    candidates = rules.postcode_prefixes(postcode)
    known = {
        row.prefix: row.locality
        for row in LocalityPostcode.objects.filter(prefix__in=candidates).select_related("locality")
    }
    return next((known[prefix] for prefix in candidates if prefix in known), None)


def localities_by_prefix(viewer: Actor) -> dict[str, Locality]:
    """Every known beginning of a postcode with the locality it lies in, for those who place many at once."""
    return {row.prefix: row.locality for row in LocalityPostcode.objects.select_related("locality").order_by("prefix")}


def localities_served(viewer: Actor, team_ids: Iterable[UUID], *, on: date) -> set[UUID]:
    """The localities some teams serve on a day."""
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=on), Q(starts_on__lte=on, team_id__in=list(team_ids))
    return set(TeamLocality.objects.filter(*in_force).values_list("locality_id", flat=True))


def teams_serving(viewer: Actor, locality: Locality | None, *, on: date) -> list[Team]:
    """The case-management teams that serve a locality on a day, by name; every such team when there is no locality."""
    teams = Team.objects.filter(kind=Team.Kind.CASE_MANAGEMENT).select_related("host").order_by("name")
    if locality is None:
        return list(teams)
    serving = TeamLocality.objects.filter(locality=locality, starts_on__lte=on).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    )
    return list(teams.filter(pk__in=serving.values("team_id")))


def post_of(viewer: Actor, roles: Iterable[Role]) -> Post | None:
    """The viewer's own post that carries one of the roles now, or None."""
    standing = viewer.standing_as(roles)
    if standing is None:
        return None
    return Post.objects.select_related("account", "team", "host").filter(pk=standing.source_id).first()


def post_with_id(viewer: Actor, post_id: UUID) -> Post:
    """One post with its holder, team and host; NotVisible when there is none."""
    return _one(Post.objects.select_related("account", "team", "host", "employer"), post_id)


def posts_with_role(viewer: Actor, *roles: Role, team_id: UUID | None = None) -> list[Post]:
    """The posts held at the viewer's moment with one of the roles (in a team), with holder and team, by the holder's name."""
    found = Post.objects.filter(held_at(viewer.at), role__in=roles)
    if team_id is not None:
        found = found.filter(team_id=team_id)
    return list(found.select_related("account", "team", "host").order_by("account__name", "id"))


@dataclass(frozen=True)
class PostFound:
    """Somebody in post, as they are told apart from others of the same name."""

    post_id: UUID
    name: str
    title: str
    organisation: str
    team: str


@dataclass(frozen=True)
class PostsFound:
    """The first few that fit; `is_more` where there are others."""

    posts: tuple[PostFound, ...]
    is_more: bool


def find_posts(
    viewer: Actor, text: str, *, roles: Iterable[Role], but_for: Iterable[UUID] = (), most: int = 10
) -> PostsFound:
    """The posts held at the viewer's moment, with one of these roles, whose holder, title, team or organisation has every
    word of the text; those whose holder has the first word come first. One statement however many posts there are; none
    for less than two letters. Staff are no record of a person: the caller checks who may look."""
    words = text.split()[:6]
    if len("".join(words)) < 2:
        return PostsFound((), is_more=False)
    found = Post.objects.filter(held_at(viewer.at), role__in=list(roles), account__is_active=True)
    for word in words:
        found = found.filter(
            Q(account__name__icontains=word)
            | Q(title__icontains=word)
            | Q(team__name__icontains=word)
            | Q(host__name__icontains=word)
        )
    by_name = Case(When(account__name__icontains=words[0], then=Value(0)), default=Value(1))
    ordered = found.exclude(pk__in=list(but_for)).order_by(by_name, "account__name", "pk")
    rows = list(ordered.select_related("account", "team", "host")[: most + 1])
    return PostsFound(tuple(_found(row) for row in rows[:most]), is_more=len(rows) > most)


def _found(row: Post) -> PostFound:
    return PostFound(row.pk, row.account.name, row.title, row.host.name, row.team.name if row.team else "")


def posts_of_organisations(viewer: Actor, ids: Iterable[UUID]) -> list[tuple[UUID, Post]]:
    """The posts held at the viewer's moment with the organisation each could act for, by the holder's name: its host,
    and its employer too where it is a secondment."""
    wanted = set(ids)
    found = Post.objects.filter(held_at(viewer.at), Q(host_id__in=wanted) | Q(employer_id__in=wanted))
    ordered = found.select_related("account", "team", "host", "employer").order_by("account__name", "id")
    return [(each, post) for post in ordered for each in {post.host_id, post.employer_id} & wanted]


def posts_of_address(viewer: Actor, address: str) -> list[Post]:
    """The posts held at the viewer's moment by the account with an e-mail address; none where there is no such account."""
    held = Post.objects.filter(held_at(viewer.at), account__email__iexact=address, account__is_active=True)
    return list(held.select_related("account").order_by("starts_at", "id"))


def posts_in_team(viewer: Actor, team_id: UUID) -> list[Post]:
    """Everybody in a team at the viewer's moment, by name."""
    found = Post.objects.filter(held_at(viewer.at), team_id=team_id).select_related("account", "employer", "host")
    return list(found.order_by("account__name", "id"))


def names_of_posts(viewer: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    """ "Amira Testerly, key worker" for each post id, in one query."""
    found = Post.objects.filter(pk__in=set(ids)).select_related("account")
    return {post.pk: f"{post.account.name}, {post.title}" for post in found}


def names_of_organisations(viewer: Actor, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Organisations' names; one query, none for nobody."""
    wanted = list(ids)
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def took_over_on(viewer: Actor, predecessor_id: UUID, successor_id: UUID) -> date | None:
    """The day one body took over from another, or None where it did not; recorded for everybody to know."""
    rows = Succession.objects.filter(predecessor_id=predecessor_id, successor_id=successor_id)
    return rows.values_list("on", flat=True).first()


def posts_answering_to(viewer: Actor, post_ids: Collection[UUID], role: Role, team_ids: Collection[UUID]) -> list[Post]:
    """The posts that answer to any of these, and those with a role in any of these teams, now; one statement."""
    above = Q(line_supervisor__in=list(post_ids)) | Q(clinical_supervisor__in=list(post_ids))
    found = Post.objects.filter(held_at(viewer.at), above | Q(role=role, team__in=list(team_ids)))
    return list(found.select_related("account", "team", "host").order_by("account__name", "id"))


def posts_ending(viewer: Actor, *, within: timedelta = SOON) -> list[Post]:
    """The posts that end soon, the first to end first."""
    check(viewer, SEE_PARTNERSHIP)
    found = Post.objects.filter(held_at(viewer.at), ends_at__lte=viewer.at + within)
    return list(found.select_related("account", "team", "employer", "host").order_by("ends_at", "id"))


# --- The partnership's own pages.


@dataclass(frozen=True)
class Share:
    """One employer's part of a team: posts, and hours as full-time equivalents."""

    employer: Organisation
    posts: int
    full_time_equivalent: Decimal


@dataclass(frozen=True)
class TeamStrength:
    """A team and who it is made of, the largest employer first."""

    team: Team
    localities: list[Locality]
    shares: list[Share]
    posts: int
    secondments: int
    full_time_equivalent: Decimal


@dataclass(frozen=True)
class Partnership:
    """The overview page."""

    groups: list[tuple[str, list[Organisation]]]
    former: list[Organisation]
    localities: list[Locality]
    teams: list[TeamStrength]
    ending: list[Post]


def partnership(viewer: Actor) -> Partnership:
    """Organisations grouped by kind, localities with their clusters and teams, teams with their strength, and the posts
    that end within thirty days."""
    check(viewer, SEE_PARTNERSHIP)
    day = timezone.localdate(viewer.at)
    groups: dict[str, list[Organisation]] = defaultdict(list)
    former: list[Organisation] = []
    for organisation in Organisation.objects.select_related("cluster").order_by("name"):
        is_former = organisation.closed_on is not None and organisation.closed_on < day
        (former if is_former else groups[organisation.kind]).append(organisation)
    return Partnership(
        groups=[(kind.label, groups[kind]) for kind in Organisation.Kind if groups[kind]],
        former=former,
        localities=list(
            Locality.objects.prefetch_related("postcodes", "clusters__schools", _serving(day, "team")).order_by("name")
        ),
        teams=team_strengths(viewer),
        ending=posts_ending(viewer),
    )


def _serving(day: date, related: str) -> Prefetch[str, QuerySet[TeamLocality], str]:
    lookup = "served_by" if related == "team" else "served"
    in_force = TeamLocality.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), starts_on__lte=day)
    return Prefetch(lookup, queryset=in_force.select_related(related).order_by(f"{related}__name"), to_attr="in_force")


def team_strengths(viewer: Actor) -> list[TeamStrength]:
    """Every team with its posts and full-time equivalents by employer at the viewer's moment."""
    check(viewer, SEE_PARTNERSHIP)
    posts: dict[UUID, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(held_at(viewer.at), team__isnull=False).select_related("employer"):
        if post.team_id is not None:
            posts[post.team_id].append(post)
    teams = Team.objects.select_related("host").prefetch_related(_serving(timezone.localdate(viewer.at), "locality"))
    order = {kind: place for place, kind in enumerate(Team.Kind.values)}
    rows = sorted(teams, key=lambda team: (order[team.kind], team.name))
    return [_strength(team, posts[team.pk], _localities_of(team)) for team in rows]


def _localities_of(team: Team) -> list[Locality]:
    return [served.locality for served in getattr(team, "in_force", [])]


def _strength(team: Team, posts: list[Post], served: list[Locality]) -> TeamStrength:
    by_employer: dict[UUID, list[Post]] = defaultdict(list)
    for post in posts:
        by_employer[post.employer_id].append(post)
    shares = [Share(same[0].employer, len(same), _hours(same)) for same in by_employer.values()]
    shares.sort(key=lambda share: (-share.full_time_equivalent, share.employer.name))
    return TeamStrength(
        team=team, localities=served, shares=shares, posts=len(posts),
        secondments=sum(post.is_secondment for post in posts), full_time_equivalent=_hours(posts),
    )  # fmt: skip


def _hours(posts: Iterable[Post]) -> Decimal:
    return sum((post.full_time_equivalent for post in posts), Decimal(0))


@dataclass(frozen=True)
class Era:
    """One body in a line of successions."""

    organisation: Organisation
    reason: str
    is_here: bool


@dataclass(frozen=True)
class OrganisationPage:
    """One organisation: its line of predecessors and successors, teams it hosts, and people it employs elsewhere."""

    organisation: Organisation
    eras: list[Era]
    teams: list[Team]
    posts: int
    full_time_equivalent: Decimal
    seconded: list[Post]


def organisation_page(viewer: Actor, organisation_id: UUID) -> OrganisationPage:
    """What the partnership may know of one partner."""
    check(viewer, SEE_PARTNERSHIP)
    organisation = _one(Organisation.objects.select_related("cluster__locality"), organisation_id)
    posts = list(
        Post.objects.filter(held_at(viewer.at), employer=organisation)
        .select_related("account", "team", "host")
        .order_by("ends_at", "account__name")
    )
    return OrganisationPage(
        organisation=organisation, eras=_eras(organisation), posts=len(posts), full_time_equivalent=_hours(posts),
        teams=list(Team.objects.filter(host=organisation).order_by("name")),
        seconded=[post for post in posts if post.is_secondment],
    )  # fmt: skip


def _eras(organisation: Organisation) -> list[Era]:
    """The whole line an organisation stands in, oldest first. Successions are few: one query reads them all."""
    rows = list(Succession.objects.select_related("predecessor", "successor").order_by("on"))
    line: dict[UUID, Organisation] = {organisation.pk: organisation}
    _follow(line, rows, forwards=True)
    _follow(line, rows, forwards=False)
    reasons = {row.predecessor_id: row.reason for row in rows}
    eras = [Era(body, reasons.get(body.pk, ""), body.pk == organisation.pk) for body in line.values()]
    return sorted(eras, key=lambda era: (era.organisation.opened_on or date.min, era.organisation.name))


def _follow(line: dict[UUID, Organisation], rows: list[Succession], *, forwards: bool) -> None:
    ends = set(list(line)[:1])
    while ends:
        reached: set[UUID] = set()
        for row in rows:
            start, end = (row.predecessor, row.successor) if forwards else (row.successor, row.predecessor)
            if start.pk in ends and end.pk not in line:
                line[end.pk] = end
                reached.add(end.pk)
        ends = reached


@dataclass(frozen=True)
class TeamPage:
    """One team and everybody in it."""

    strength: TeamStrength
    posts: list[Post] = field(default_factory=list)


def team_page(viewer: Actor, team_id: UUID) -> TeamPage:
    """A team with its posts: who, employer, host, funders, supervisors and when each ends."""
    check(viewer, SEE_PARTNERSHIP)
    teams = Team.objects.select_related("host").prefetch_related(_serving(timezone.localdate(viewer.at), "locality"))
    team = _one(teams, team_id)
    posts = list(_posts_in_full().filter(held_at(viewer.at), team=team).order_by("account__name", "id"))
    posts.sort(key=lambda post: (_ORDER.get(post.role, len(_ORDER)), post.account.name))
    return TeamPage(strength=_strength(team, posts, _localities_of(team)), posts=posts)


_ORDER = {role.value: place for place, role in enumerate([Role.FRONT_DOOR_MANAGER, Role.TEAM_MANAGER])}


def _posts_in_full() -> QuerySet[Post]:
    funding = PostFunding.objects.select_related("organisation").order_by("-share")
    return Post.objects.select_related(
        "account", "team", "employer", "host", "line_supervisor__account", "clinical_supervisor__account"
    ).prefetch_related(Prefetch("funding", queryset=funding))


def post_page(viewer: Actor, post_id: UUID) -> Post:
    """One post in full."""
    check(viewer, SEE_PARTNERSHIP)
    return _one(_posts_in_full(), post_id)


def my_posts(viewer: Actor) -> list[Post]:
    """The viewer's own posts, past ones too, the latest to start first."""
    check(viewer, READ_OWN_ACCOUNT)
    if viewer.account_id is None:
        return []
    return list(_posts_in_full().filter(account_id=viewer.account_id).order_by("-starts_at", "id"))


def _one(rows: QuerySet[AnyModel], wanted: UUID) -> AnyModel:
    found = rows.filter(pk=wanted).first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as, and what they are there to show."""

    account_id: UUID
    name: str
    post: str
    organisation: str
    email: str
    role: Role

    def __str__(self) -> str:
        return f"{self.name}, {self.post} ({self.organisation}): {self.email}"


_DEMO_GROUPS: Mapping[str, tuple[Role, ...]] = {
    "Ask the front door for help": (Role.REFERRER,),
    "Work at the front door": (Role.FRONT_DOOR_WORKER, Role.SOCIAL_WORKER, Role.FRONT_DOOR_MANAGER),
    "Work with families": (Role.TEAM_MANAGER, Role.KEY_WORKER),
    "Answer for statutory duties": (Role.STATUTORY_OFFICER, Role.DESIGNATED_OFFICER),
    "Answer for an agency’s records": (Role.DATA_LEAD,),
    "Answer for shared money": tuple(role for role in Role if role in FINANCE),
    "Run programmes and buy services": (Role.PROGRAMME_MANAGER, Role.COMMISSIONER),
    "Decide on boards": (Role.DIRECTOR, Role.BOARD_MEMBER, Role.SCRUTINY_MEMBER, Role.GOVERNANCE_OFFICER),
    "Keep the directory of services true": (Role.DIRECTORY_MANAGER, Role.DIRECTORY_EDITOR),
    "Keep the system and its trail": (Role.INFORMATION_GOVERNANCE, Role.SYSTEM_ADMINISTRATOR),
}


def demo_people(viewer: Actor) -> list[tuple[str, list[DemoPerson]]]:
    """The demo's people grouped by what they do, for the sign-in page. Only accounts opened for it carry the mark."""
    held = Post.objects.filter(held_at(viewer.at), account__is_demo=True, account__is_active=True)
    people = [
        DemoPerson(
            account_id=post.account_id, name=post.account.name, post=post.title, email=post.account.email,
            organisation=post.team.name if post.team else post.host.name, role=Role(post.role),
        )
        for post in held.select_related("account", "host", "team").order_by("account__name")
    ]  # fmt: skip
    groups = [
        (title, sorted((one for one in people if one.role in roles), key=lambda one: roles.index(one.role)))
        for title, roles in _DEMO_GROUPS.items()
    ]
    return [(title, found) for title, found in groups if found]
