"""Reading panels: the dates somebody holds or sits on, the list of one, a request with everything the panel reads of it, and how
long families waited."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.casework.lifecycle import PANEL_REQUEST_LABELS, WAITING_REQUESTS, PanelRequestState
from joinedup.casework.models import (
    Case,
    Panel,
    PanelContribution,
    PanelDecision,
    PanelRequest,
    PanelService,
)
from joinedup.casework.panelling import Waits, days_waited, papers_wanting, services_to_decide, waits
from joinedup.casework.pathways import PanelTerms, Pathway
from joinedup.casework.permissions import (
    CONVENE_PANEL,
    HOLD_PANEL,
    PREPARE_PANEL,
    PURSUE_PANEL,
    READ_PANELS,
    WRITE_TO_PANEL,
)
from joinedup.casework.queries.pathways import pathway_of
from joinedup.casework.reviewing import due_after, months_after
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import all_teams, posts_of_address

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team

_STATE = PanelRequestState
_CONVENERS = (Role.TEAM_MANAGER, Role.STATUTORY_OFFICER)
_SHOWN = 20
_TO_LIST = (_STATE.COMPLETE, _STATE.DISAGREED)


@dataclass(frozen=True)
class RequestRow:
    """A request in a list: whose, what for, how long it has waited of how many working days."""

    id: UUID
    reference: str
    case_reference: str
    child: str
    age: int | None
    services: tuple[str, ...]
    state: str
    label: str
    asked_at: datetime
    due_at: datetime
    waited: int
    is_late: bool
    may_list: bool


@dataclass(frozen=True)
class PanelRow:
    """A date in a list. `whose` is the team it belongs to, or the partnership."""

    id: UUID
    reference: str
    whose: str
    starts_at: datetime
    place: str
    requests: int
    is_past: bool
    is_cancelled: bool


@dataclass(frozen=True)
class Panels:
    """The first page of panels."""

    coming: tuple[PanelRow, ...]
    past: tuple[PanelRow, ...]
    waiting: tuple[RequestRow, ...]
    waits: Waits
    may_convene: bool


def panels(viewer: Actor) -> Panels:
    """The dates the viewer holds or sits on, and, for whoever answers for a team, what waits for a date and how long those
    decided in the last twelve months had waited. The read is audited with the children shown."""
    if not can(viewer, READ_PANELS):
        raise NotVisible
    rows = (
        Panel.objects.visible_to(viewer)
        .select_related("team")
        .annotate(listed=Count("requests", filter=~Q(requests__state=_STATE.WITHDRAWN)))
    )
    coming = rows.filter(starts_at__gt=viewer.at, cancelled_at__isnull=True).order_by("starts_at", "pk")[:_SHOWN]
    past = rows.filter(Q(starts_at__lte=viewer.at) | Q(cancelled_at__isnull=False)).order_by("-starts_at", "-pk")[
        :_SHOWN
    ]
    teams = [each.team_id for each in viewer.standings if each.role in _CONVENERS and each.team_id]
    mine = PanelRequest.objects.visible_to(viewer).filter(case__team_id__in=teams)
    open_states = [state.value for state in WAITING_REQUESTS - {_STATE.LISTED}]
    waiting = _rows(viewer, mine.filter(state__in=open_states).order_by("due_at", "pk")[:100])
    _audit(viewer, mine.filter(state__in=open_states).values_list("child_id", flat=True)[:100], "requests to the panel")
    since = months_before(timezone.localdate(viewer.at), 12)
    decided = mine.filter(decided_at__date__gte=since).values_list("asked_at", "decided_at", "due_at")
    return Panels(
        coming=tuple(_panel_row(row, viewer.at) for row in coming),
        past=tuple(_panel_row(row, viewer.at) for row in past),
        waiting=waiting,
        waits=waits([(days_waited(_on(asked), _on(end)), end <= due) for asked, end, due in decided if end]),
        may_convene=bool(teams),
    )


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier."""
    return months_after(day, -months)


def _on(moment: datetime) -> date:
    return timezone.localdate(moment)


def _panel_row(row: Panel, at: datetime) -> PanelRow:
    listed = getattr(row, "listed", 0)
    return PanelRow(
        row.pk, row.reference, row.whose, row.starts_at, row.place, listed, row.starts_at <= at,
        row.cancelled_at is not None,
    )  # fmt: skip


def _audit(viewer: Actor, people: Iterable[UUID], purpose: str) -> None:
    shown = set(people)
    if shown:
        subject = (PanelRequest._meta.label_lower, "list")
        audit.record_read(viewer, subject=subject, people=shown, purpose=purpose, search=True)


def _rows(viewer: Actor, found: QuerySet[PanelRequest]) -> tuple[RequestRow, ...]:
    """Two statements, however many."""
    rows = list(found.select_related("case", "child"))
    names: dict[UUID, list[str]] = {}
    for request_id, name in (
        PanelService.objects.filter(request__in=[row.pk for row in rows])
        .order_by("pk")
        .values_list("request_id", "name")
    ):
        names.setdefault(request_id, []).append(name)
    return tuple(_row(row, names.get(row.pk, []), viewer.at) for row in rows)


def _row(row: PanelRequest, services: list[str], at: datetime) -> RequestRow:
    state = _STATE(row.state)
    is_waiting = state in WAITING_REQUESTS
    until = at if is_waiting or row.decided_at is None else row.decided_at
    return RequestRow(
        id=row.pk, reference=row.reference, case_reference=row.case.reference, child=str(row.child),
        age=_age(row.child.birth_date, _on(at)), services=tuple(services), state=state,
        label=PANEL_REQUEST_LABELS[state], asked_at=row.asked_at, due_at=row.due_at,
        waited=days_waited(_on(row.asked_at), _on(until)), is_late=is_waiting and row.due_at < at,
        may_list=state in _TO_LIST,
    )  # fmt: skip


def _age(born: date | None, on: date) -> int | None:
    return None if born is None else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


# --- One date.


@dataclass(frozen=True)
class SeatSeen:
    """Somebody named for a panel."""

    id: UUID
    name: str
    title: str
    organisation: str
    came: bool | None


@dataclass(frozen=True)
class PanelSeen:
    """A date with its list. `to_list` are the requests that the viewer could put on it, and `others` how many on its list
    are not theirs to read."""

    row: Panel
    id: UUID
    version: int
    reference: str
    whose: str
    chair: str
    starts_at: datetime
    place: str
    cancelled_reason: str
    is_cancelled: bool
    is_past: bool
    seats: tuple[SeatSeen, ...]
    requests: tuple[RequestRow, ...]
    to_list: tuple[RequestRow, ...]
    others: int
    may_hold: bool
    may_list: bool


def panel(viewer: Actor, panel_id: UUID) -> PanelSeen:
    """One date with its people and its list, for whoever holds it or sits on it; audited with the children on the list. Of
    the partnership's panel whoever answers for a team reads their own requests."""
    row = panel_for_change(viewer, panel_id)
    seats = row.seats.select_related("post__account", "post__host").order_by("post__host__name", "pk")
    on_list = PanelRequest.objects.filter(panel=row).exclude(state=_STATE.WITHDRAWN)
    listed = PanelRequest.objects.visible_to(viewer).filter(pk__in=on_list.values("pk"))
    requests = _rows(viewer, listed.order_by("due_at", "pk"))
    mine = {each.team_id for each in viewer.standings if each.role in _CONVENERS and each.team_id}
    teams = mine & {row.team_id} if row.team_id else mine
    may_list = bool(teams) and row.cancelled_at is None
    waiting = PanelRequest.objects.visible_to(viewer).filter(case__team_id__in=teams, state__in=list(_TO_LIST))
    to_list = _rows(viewer, waiting.order_by("due_at", "pk")[:100]) if may_list else ()
    children = set(listed.values_list("child_id", flat=True))
    children |= set(waiting.values_list("child_id", flat=True)[:100]) if may_list else set()
    _audit(viewer, children, "list of a panel")
    return PanelSeen(
        row=row, id=row.pk, version=row.version, reference=row.reference, whose=row.whose,
        chair=row.chair.account.name if row.chair else "", starts_at=row.starts_at,
        place=row.place, cancelled_reason=row.cancelled_reason, is_cancelled=row.cancelled_at is not None,
        is_past=row.starts_at <= viewer.at, requests=requests, to_list=to_list,
        others=on_list.count() - len(requests) if row.team_id is None else 0,
        may_hold=can(viewer, HOLD_PANEL, row) and row.cancelled_at is None, may_list=may_list,
        seats=tuple(
            SeatSeen(seat.pk, seat.post.account.name, seat.post.title, seat.post.host.name, seat.came) for seat in seats
        ),
    )  # fmt: skip


def panel_for_change(viewer: Actor, panel_id: UUID) -> Panel:
    """The panel itself, to hand to a service."""
    row = Panel.objects.visible_to(viewer).select_related("team", "chair__account").filter(pk=panel_id).first()
    if row is None or not can(viewer, READ_PANELS):
        raise NotVisible
    return row


def panels_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these panels that the viewer may see. No read row: only ids are looked at."""
    return set(Panel.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def teams_to_convene(viewer: Actor) -> list[Team]:
    """The teams whose panels the viewer holds."""
    return [team for team in all_teams(viewer) if can(viewer, CONVENE_PANEL, team)]


def addresses_of_last(viewer: Actor, team_id: UUID) -> list[str]:
    """Whom the last panel of a team named: the next one begins with them."""
    last = Panel.objects.visible_to(viewer).filter(team_id=team_id).order_by("-starts_at", "-pk").first()
    seats = last.seats.order_by("post__account__email").values_list("post__account__email", flat=True) if last else ()
    return list(seats)


def people_of_addresses(viewer: Actor, addresses: Iterable[str]) -> tuple[list[Post], list[str]]:
    """The posts that these addresses hold now and that could sit on a panel, and the addresses where there is none."""
    found, unknown = [], []
    for address in addresses:
        held = [post for post in posts_of_address(viewer, address) if post.role in READ_PANELS.roles]
        found += held[:1]
        unknown += [] if held else [address]
    return found, unknown


# --- One request.


@dataclass(frozen=True)
class DecisionOnService:
    """What was decided about a service, once."""

    label: str
    code: str
    reason: str
    instead: str
    at: datetime
    panel: str


@dataclass(frozen=True)
class ServiceAsked:
    """A service a request is for; its decisions, the newest first."""

    id: UUID
    name: str
    is_open: bool
    said: tuple[DecisionOnService, ...]


@dataclass(frozen=True)
class ContributionSeen:
    """What a partner wrote."""

    organisation: str
    name: str
    words: str
    at: datetime


@dataclass(frozen=True)
class PanelRequestSeen:
    """A request as the panel and the team around the child read it. `case_id` is None for whoever may not see the case."""

    row: PanelRequest
    version: int
    line: RequestRow
    case_id: UUID | None
    pathway: Pathway
    terms: PanelTerms
    words: str
    asked_by: str
    asked_by_title: str
    papers: tuple[tuple[str, str, bool], ...]  # code, words, whether it is there
    wanting: tuple[str, ...]
    services: tuple[ServiceAsked, ...]
    contributions: tuple[ContributionSeen, ...]
    panel: PanelRow | None
    may_see_panel: bool
    decided_at: datetime | None
    words_for_family: str
    family_told_by: str
    family_told_at: datetime | None
    disagreed_words: str
    disagree_until: datetime | None
    ended_reason: str
    may: frozenset[str]

    @property
    def id(self) -> UUID:
        """Of the request."""
        return self.line.id


def panel_request(viewer: Actor, request_id: UUID, *, purpose: str = "request to the panel") -> PanelRequestSeen:
    """One request. Whoever sits on the panel reads what was asked, the papers, and what partners wrote, and nothing of the
    case behind it. The read is audited with the child."""
    row = request_for_change(viewer, request_id)
    audit.record_read(
        viewer, subject=(PanelRequest._meta.label_lower, str(row.pk)), people={row.child_id}, purpose=purpose
    )
    pathway = pathway_of(row.case.pathway, _on(viewer.at))
    terms = pathway.panel or PanelTerms(0, 0, (), ())
    services = _services(row, terms)
    case_id = Case.objects.visible_to(viewer).filter(pk=row.case_id).values_list("pk", flat=True).first()
    written = PanelContribution.objects.filter(request=row).select_related("organisation", "post__account")
    is_contestable = row.decided_at is not None and row.state == _STATE.DECIDED and not row.times_disagreed
    return PanelRequestSeen(
        row=row, version=row.version, line=_row(row, [each.name for each in services], viewer.at), case_id=case_id,
        pathway=pathway, terms=terms, words=row.words, asked_by=row.asked_by.account.name if row.asked_by else "",
        asked_by_title=row.asked_by.title if row.asked_by else "",
        papers=tuple((each.code, each.words, each.code in row.papers) for each in terms.papers),
        wanting=papers_wanting(terms, row.papers), services=services,
        contributions=tuple(
            ContributionSeen(each.organisation.name, each.post.account.name, each.words, each.at)
            for each in written.order_by("at", "pk")
        ),
        panel=_panel_row(row.panel, viewer.at) if row.panel else None,
        may_see_panel=row.panel_id is not None and Panel.objects.visible_to(viewer).filter(pk=row.panel_id).exists(), decided_at=row.decided_at,
        words_for_family=row.words_for_family, family_told_by=row.family_told_by, family_told_at=row.family_told_at,
        disagreed_words=row.disagreed_words,
        disagree_until=due_after(row.decided_at, terms.disagree_days) if is_contestable and row.decided_at else None,
        ended_reason=row.ended_reason, may=_may(viewer, row, services, case_id),
    )  # fmt: skip


def _services(row: PanelRequest, terms: PanelTerms) -> tuple[ServiceAsked, ...]:
    asked = list(row.services.order_by("pk"))
    decided: dict[UUID, list[PanelDecision]] = {each.pk: [] for each in asked}
    for each in PanelDecision.objects.filter(service__in=asked).select_related("panel").order_by("-pk"):
        decided[each.service_id].append(each)
    newest = {pk: several[0].code if several else "" for pk, several in decided.items()}
    wanted = services_to_decide(newest, is_again=bool(row.times_disagreed))
    return tuple(
        ServiceAsked(
            each.pk, each.name, each.pk in wanted,
            tuple(
                DecisionOnService(terms.words_of(one.code), one.code, one.reason, one.instead, one.at, one.panel.reference)
                for one in decided[each.pk]
            ),
        )
        for each in asked
    )  # fmt: skip


def _may(viewer: Actor, row: PanelRequest, services: tuple[ServiceAsked, ...], case_id: UUID | None) -> frozenset[str]:
    """What the viewer may do with it as it is now."""
    if row.case.state == "closed":
        return frozenset()
    state, found = _STATE(row.state), set()
    if state in {_STATE.ASKED, _STATE.MORE_INFORMATION} and can(viewer, PREPARE_PANEL, row):
        found.add("papers")
    if state not in {_STATE.DECIDED, _STATE.WITHDRAWN} and can(viewer, WRITE_TO_PANEL, row):
        found.add("contribute")
    if state is _STATE.LISTED and row.panel and row.panel.starts_at <= viewer.at and can(viewer, HOLD_PANEL, row.panel):
        found.add("decide")
    if case_id is not None and can(viewer, PURSUE_PANEL, row):
        found |= {"withdraw"} if state in WAITING_REQUESTS else set()
        found |= {"tell", "letter"} if row.words_for_family else set()
        again = any(each.said and each.said[0].code in {"not_agreed", "other_service"} for each in services)
        found |= {"disagree"} if state is _STATE.DECIDED and again and not row.times_disagreed else set()
    return frozenset(found)


def request_for_change(viewer: Actor, request_id: UUID) -> PanelRequest:
    """The request itself, to hand to a service."""
    related = ("case__team", "case__lead_professional__account", "child", "panel__team", "asked_by__account")
    row = PanelRequest.objects.visible_to(viewer).select_related(*related).filter(pk=request_id).first()
    if row is None:
        raise NotVisible
    return row


def requests_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these requests that the viewer may see. No read row: only ids are looked at."""
    return set(PanelRequest.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))
