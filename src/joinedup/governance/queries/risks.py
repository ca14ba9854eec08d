"""Reading the risk register: the grid, one risk with its movement, what is over appetite, and what proposals mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.core.figures import Figure
from joinedup.governance.models import (
    Board,
    ImplicatedRisk,
    Implications,
    Risk,
    RiskAction,
    RiskAppetite,
    RiskControl,
    RiskReview,
)
from joinedup.governance.permissions import FINISH_RISK_ACTION, KEEP_RISK, READ_RISKS, reads_exempt
from joinedup.governance.queries.boards import names_of_boards
from joinedup.governance.risk_picture import grid_picture, movement_picture
from joinedup.governance.risk_scoring import (
    MOVEMENTS,
    RISK_KINDS,
    Score,
    grid_of,
    is_over,
    level_of,
    movement_of,
    tone_of,
)
from joinedup.organisations.queries import open_organisations, posts_of_organisations

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class RiskLine:
    """A risk as the register shows it. `appetite` is None where the board has not said what it accepts."""

    id: UUID
    reference: str
    title: str
    kind: str
    kind_words: str
    board_id: UUID
    board: str
    owner: str
    inherent: Score
    current: Score
    target: Score
    movement: str
    appetite: int | None
    next_review_on: date
    is_due: bool
    open_actions: int
    late_actions: int
    closed_on: date | None

    @property
    def level(self) -> str:
        """What its current score is called."""
        return level_of(self.current.value)

    @property
    def tone(self) -> str:
        """The colour of its current score."""
        return tone_of(self.current.value)

    @property
    def is_over(self) -> bool:
        """Above what its board accepts."""
        return self.closed_on is None and is_over(self.current.value, self.appetite)

    @property
    def movement_words(self) -> str:
        """Worse, better, the same or new."""
        return MOVEMENTS[self.movement]


@dataclass(frozen=True)
class Wanted:
    """What the register is narrowed to; empty where it is whole."""

    kind: str = ""
    board_id: UUID | None = None
    cell: Score | None = None
    only: str = ""  # over, due, closed


@dataclass(frozen=True)
class Register:
    """The register: the grid of every open risk, and the lines that were asked for."""

    lines: tuple[RiskLine, ...]
    rows: tuple[tuple[int, tuple[tuple[Score, int], ...]], ...]  # likelihood downwards from 5, impact upwards from 1
    picture: Figure
    open: int
    over: int
    due: int
    boards: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True)
class ReviewSeen:
    """One review with its scores."""

    number: int
    reviewed_on: date
    inherent: Score
    current: Score
    target: Score
    why: str
    by: str


@dataclass(frozen=True)
class ActionOnRisk:
    """Something somebody is to do about a risk."""

    id: UUID
    words: str
    owner: str
    due_on: date
    is_late: bool
    done_on: date | None
    done_words: str
    may_finish: bool


@dataclass(frozen=True)
class RiskPage:
    """One risk in full."""

    row: Risk
    line: RiskLine
    reviews: tuple[ReviewSeen, ...]
    picture: Figure
    controls: tuple[RiskControl, ...]
    actions: tuple[ActionOnRisk, ...]
    appetite_words: str
    proposals: tuple[tuple[UUID, str], ...]  # the meeting, the item
    may_keep: bool

    @property
    def number(self) -> int:
        """Of its newest review."""
        return self.reviews[-1].number


def score_in(row: RiskReview, name: str) -> Score:
    """The inherent, current or target score of a review."""
    return Score(getattr(row, f"{name}_likelihood"), getattr(row, f"{name}_impact"))


def appetites_on(viewer: Actor, day: date) -> dict[tuple[UUID, str], RiskAppetite]:
    """What each board accepts of each kind on a day, as it said itself; two statements with `appetite_of`’s parents."""
    found: dict[tuple[UUID, str], RiskAppetite] = {}
    for each in RiskAppetite.objects.filter(starts_on__lte=day).order_by("starts_on"):
        found[(each.board_id, each.kind)] = each
    return found


def _appetite(risk: Risk, said: Mapping[tuple[UUID, str], RiskAppetite]) -> RiskAppetite | None:
    """That of its board, or of the board that one is part of."""
    own = said.get((risk.board_id, risk.kind))
    return own or said.get((risk.board.parent_id or risk.board_id, risk.kind))


def _rows() -> QuerySet[Risk]:
    return Risk.objects.select_related("board", "owner__account").prefetch_related(
        Prefetch("reviews", RiskReview.objects.order_by("number"))
    )


def _lines(viewer: Actor, rows: Iterable[Risk]) -> list[RiskLine]:
    names, day = names_of_boards(viewer), timezone.localdate(viewer.at)
    said, whole = appetites_on(viewer, day), list(rows)
    late = Count("pk", filter=Q(due_on__lt=day))
    counted = (
        RiskAction.objects.filter(risk__in=whole, done_on=None).values("risk_id").annotate(all=Count("pk"), late=late)
    )
    actions = {each["risk_id"]: (each["all"], each["late"]) for each in counted.order_by()}
    found = []
    for each in whole:
        reviews = list(each.reviews.all())
        last, appetite = reviews[-1], _appetite(each, said)
        current = [score_in(one, "current") for one in reviews]
        found.append(
            RiskLine(
                each.pk, each.reference, each.title, each.kind, each.kind_words or RISK_KINDS[each.kind], each.board_id,
                names[each.board_id], each.owner.account.name, score_in(last, "inherent"), current[-1],
                score_in(last, "target"), movement_of(one.value for one in current), appetite.most if appetite else None,
                each.next_review_on, each.closed_on is None and each.next_review_on <= day,
                *actions.get(each.pk, (0, 0)), each.closed_on,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.current.value, one.title))


def risk_lines(viewer: Actor, *, board_id: UUID | None = None, closed: bool = False) -> list[RiskLine]:
    """The risks on the register, of one board where asked; the highest current score first. As many statements however many
    there are."""
    check(viewer, READ_RISKS)
    rows = _rows().filter(closed_on__isnull=not closed)
    return _lines(viewer, rows.filter(board_id=board_id) if board_id else rows)


def register(viewer: Actor, wanted: Wanted = Wanted()) -> Register:
    """The grid of every open risk, and those that were asked for."""
    lines = risk_lines(viewer)
    kept = risk_lines(viewer, closed=True) if wanted.only == "closed" else lines
    grid = grid_of((each.current, each) for each in lines)
    shown = tuple(
        each for each in kept
        if (not wanted.kind or each.kind == wanted.kind) and wanted.board_id in {None, each.board_id}
        and wanted.cell in {None, each.current} and (wanted.only != "over" or each.is_over)
        and (wanted.only != "due" or each.is_due)
    )  # fmt: skip
    rows = tuple(
        (likelihood, tuple((Score(likelihood, impact), len(grid[Score(likelihood, impact)])) for impact in range(1, 6)))
        for likelihood in range(5, 0, -1)
    )
    return Register(
        shown, rows, grid_picture({score: [each.title for each in found] for score, found in grid.items()}), len(lines),
        sum(each.is_over for each in lines), sum(each.is_due for each in lines),
        tuple(sorted({(each.board_id, each.board) for each in lines}, key=lambda pair: pair[1])),
    )  # fmt: skip


def risk_for(viewer: Actor, risk_id: UUID) -> Risk:
    """One risk, to hand to a service."""
    check(viewer, READ_RISKS)
    found = Risk.objects.select_related("board", "owner__account").filter(pk=risk_id).first()
    if found is None:
        raise NotVisible
    return found


def risk_action_for(viewer: Actor, action_id: UUID) -> RiskAction:
    """One action on a risk, to hand to a service."""
    check(viewer, READ_RISKS)
    found = RiskAction.objects.select_related("risk__board", "owner__account").filter(pk=action_id).first()
    if found is None:
        raise NotVisible
    return found


def control_for(viewer: Actor, control_id: UUID) -> RiskControl:
    """One control, to hand to a service."""
    check(viewer, READ_RISKS)
    found = RiskControl.objects.select_related("risk__board").filter(pk=control_id).first()
    if found is None:
        raise NotVisible
    return found


def risk_page(viewer: Actor, risk_id: UUID) -> RiskPage:
    """One risk in full, with what the viewer may do."""
    check(viewer, READ_RISKS)
    row = _rows().filter(pk=risk_id).first()
    if row is None:
        raise NotVisible
    line, day = _lines(viewer, [row])[0], timezone.localdate(viewer.at)
    appetite = _appetite(row, appetites_on(viewer, day))
    who = names_of_accounts(viewer, {each.reviewed_by for each in row.reviews.all() if each.reviewed_by})
    reviews = tuple(
        ReviewSeen(
            each.number, each.reviewed_on, score_in(each, "inherent"), score_in(each, "current"), score_in(each, "target"),
            each.why, who.get(each.reviewed_by, "") if each.reviewed_by else "",
        )
        for each in row.reviews.all()
    )  # fmt: skip
    may_keep = row.closed_on is None and can(viewer, KEEP_RISK, row)
    words = (
        f"{appetite.most} and below, set from {appetite.starts_on:%-d %B %Y}: {appetite.source}." if appetite
        else "No board has said yet which risks of this kind it accepts."
    )  # fmt: skip
    return RiskPage(
        row, line, reviews,
        movement_picture(
            [(each.reviewed_on, each.inherent.value, each.current.value, each.target.value) for each in reviews], line.appetite
        ),
        tuple(row.controls.order_by("-ends_on", "starts_on", "pk")), tuple(_actions(viewer, row, day)), words,
        tuple(_proposals(viewer, row)), may_keep,
    )  # fmt: skip


def _actions(viewer: Actor, risk: Risk, day: date) -> Iterable[ActionOnRisk]:
    for each in risk.actions.select_related("owner__account").order_by("done_on", "due_on", "pk"):
        each.risk = risk
        is_open = each.done_on is None
        yield ActionOnRisk(
            each.pk, each.words, each.owner.account.name, each.due_on, is_open and each.due_on < day, each.done_on,
            each.done_words, is_open and can(viewer, FINISH_RISK_ACTION, each),
        )  # fmt: skip


def _proposals(viewer: Actor, risk: Risk) -> Iterable[tuple[UUID, str]]:
    rows = ImplicatedRisk.objects.filter(risk=risk, implications__item__taken_off_at=None)
    known: dict[UUID, bool] = {}
    seen: set[UUID] = set()
    for each in rows.select_related("implications__item__meeting").order_by("-implications__written_at"):
        item = each.implications.item
        if item.exempt_reason and item.board_id not in known:
            known[item.board_id] = reads_exempt(viewer, item.board_id)
        if item.pk not in seen and (not item.exempt_reason or known[item.board_id]):
            seen.add(item.pk)
            yield item.meeting_id, item.title


def boards_with_risks(viewer: Actor) -> list[Board]:
    """Every board, for choosing the one that answers; those the viewer may raise a risk with are narrowed by the service."""
    check(viewer, READ_RISKS)
    return list(Board.objects.order_by("set_up_at", "pk"))


def owners_to_choose(viewer: Actor, roles: Iterable[str]) -> dict[UUID, Post]:
    """People in post of the kind that looks after risks, by name."""
    check(viewer, READ_RISKS)
    wanted = set(roles)
    posts = posts_of_organisations(viewer, [each.pk for each in open_organisations(viewer)])
    kept = [post for _, post in posts if post.role in wanted]
    return {each.pk: each for each in sorted(kept, key=lambda one: (one.account.name, one.title))}


def appetite_table(viewer: Actor, board_id: UUID) -> list[tuple[str, str, RiskAppetite | None]]:
    """Each kind with what the board accepts of it today."""
    check(viewer, READ_RISKS)
    said = appetites_on(viewer, timezone.localdate(viewer.at))
    return [(kind, words, said.get((board_id, kind))) for kind, words in RISK_KINDS.items()]


def implications_of(viewer: Actor, item_ids: Iterable[UUID]) -> dict[UUID, Implications]:
    """The newest implications of each of these items, with the risks they bear on; for items the viewer may read already."""
    check(viewer, READ_RISKS)
    rows = Implications.objects.filter(item_id__in=list(item_ids)).order_by("number")
    found: dict[UUID, Implications] = {}
    for each in rows.prefetch_related("risks__risk"):
        found[each.item_id] = each
    return found


def over_appetite(viewer: Actor, board_id: UUID) -> list[RiskLine]:
    """The risks of a board above what it accepts."""
    return [each for each in risk_lines(viewer, board_id=board_id) if each.is_over]
