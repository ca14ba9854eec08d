"""Reading supervisions: who is due, what was said, and what of it stands in a case."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.access.roles import Role
from joinedup.casework.meeting import next_review_by
from joinedup.casework.models import (
    Case,
    CaseMember,
    CaseQuerySet,
    Supervision,
    SupervisionAddition,
    SupervisionCase,
)
from joinedup.casework.permissions import (
    ANSWER_SUPERVISION,
    CORRECT_SUPERVISION,
    READ_SUPERVISIONS,
    SUPERVISE,
    WRITE_NOTE,
)
from joinedup.casework.queries.cases import people_in
from joinedup.casework.queries.duty import is_in_post, loads_of, teams_answered_for
from joinedup.casework.queries.frame import CaseFrame
from joinedup.casework.settings import supervision_weeks
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import post_with_id, posts_answering_to

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

ANSWERS = {"": "Not answered yet", "agreed": "Agreed", "differs": "Seen differently"}


@dataclass(frozen=True)
class Supervisee:
    """Somebody the viewer supervises, and by when they meet next: no day until they work with a family or have met once."""

    post_id: UUID
    name: str
    title: str
    leads: int
    last_on: date | None
    due_on: date | None
    is_overdue: bool
    is_waiting_for_answer: bool


@dataclass(frozen=True)
class SupervisionRow:
    """One supervision in a list."""

    id: UUID
    held_on: date
    worker: str
    manager: str
    next_on: date
    answer: str
    answer_label: str
    is_own: bool


@dataclass(frozen=True)
class SupervisionsPage:
    """Whom the viewer supervises, who is overdue first; those for whom the clock has not begun; and the supervisions they may
    read, the newest first."""

    people: tuple[Supervisee, ...]
    idle: tuple[Supervisee, ...]
    rows: tuple[SupervisionRow, ...]
    weeks: int

    @property
    def overdue(self) -> int:
        """How many are overdue."""
        return sum(each.is_overdue for each in self.people)


@dataclass(frozen=True)
class TalkedAbout:
    """What was said about one family."""

    id: UUID
    supervision_id: UUID
    case_id: UUID
    reference: str
    family: str
    held_on: date
    worker: str
    manager: str
    reflection: str
    decision: str
    action: str
    owner: str
    due_on: date | None
    is_task: bool
    task_done: bool
    may_make_task: bool


@dataclass(frozen=True)
class AdditionSeen:
    """What was put right beside a supervision."""

    words: str
    by: str
    at: datetime


@dataclass(frozen=True)
class SupervisionSeen:
    """One supervision as one of its readers sees it. `row` is for a service; `unseen` is how many families were talked about
    whose cases the reader does not see."""

    row: Supervision
    id: UUID
    version: int
    worker: str
    worker_title: str
    manager: str
    held_on: date
    next_on: date
    discussed: str
    wellbeing: str
    development: str
    written_at: datetime
    answer: str
    answer_label: str
    answer_words: str
    answered_at: datetime | None
    cases: tuple[TalkedAbout, ...]
    unseen: int
    additions: tuple[AdditionSeen, ...]
    may_answer: bool
    may_add: bool


def workers_of(viewer: Actor) -> list[Post]:
    """Whom the viewer supervises: the key workers of teams they answer for, and whoever names them as supervisor."""
    teams = teams_answered_for(viewer)
    own = {each.source_id for each in viewer.standings if each.role in SUPERVISE.roles}
    found = posts_answering_to(viewer, own, Role.KEY_WORKER, teams) if own or teams else []
    return [post for post in found if is_in_post(post, viewer.at) and can(viewer, SUPERVISE, post)]


def people_to_supervise(viewer: Actor) -> tuple[Supervisee, ...]:
    """Each of them with the day of the next supervision: after the last one, or after they began to work with a family.
    Overdue ones first, those without a day last."""
    posts = workers_of(viewer)
    loads = loads_of(post.pk for post in posts) if posts else {}
    return _with_their_day(viewer, posts, loads)


def _with_their_day(viewer: Actor, posts: list[Post], loads: dict[UUID, int]) -> tuple[Supervisee, ...]:
    if not posts:
        return ()
    on = timezone.localdate(viewer.at)
    latest = Supervision.objects.filter(worker__in=posts).order_by("worker_id", "-held_on", "-written_at", "-pk")
    words = "discussed", "wellbeing", "development", "answer_words"
    last = {row.worker_id: row for row in latest.distinct("worker_id").defer(*words)}
    began = _began(viewer, posts)
    found = [_supervisee(post, last.get(post.pk), loads.get(post.pk, 0), began.get(post.pk), on) for post in posts]
    return tuple(sorted(found, key=lambda each: (each.due_on or date.max, each.name)))


def _began(viewer: Actor, posts: list[Post]) -> dict[UUID, datetime]:
    """Since when each of them has been in a team around a child, of the open cases they are in now."""
    held = CaseMember.objects.filter(CaseMember.held_at(viewer.at), post__in=posts, case__closed_at__isnull=True)
    return dict(held.values("post_id").annotate(since=Min("joined_at")).values_list("post_id", "since"))


def _supervisee(post: Post, last: Supervision | None, leads: int, began: datetime | None, on: date) -> Supervisee:
    due_on = last.next_on if last else None
    if last is None and began is not None:
        due_on = next_review_by(timezone.localdate(max(began, post.starts_at)), supervision_weeks(on))
    return Supervisee(
        post.pk, post.account.name, post.title, leads, last.held_on if last else None, due_on,
        due_on is not None and due_on < on, bool(last and not last.answer),
    )  # fmt: skip


def count_overdue_supervisions(viewer: Actor) -> int:
    """How many of those the viewer supervises should have met them by now; three statements, however many they are."""
    if not viewer.has_role(*SUPERVISE.roles):
        return 0
    return sum(each.is_overdue for each in _with_their_day(viewer, workers_of(viewer), {}))


def supervisions(viewer: Actor) -> SupervisionsPage:
    """Whom the viewer supervises and the latest supervisions they may read. Nobody's words; the read is audited."""
    if not can(viewer, READ_SUPERVISIONS):
        raise NotVisible
    rows = Supervision.objects.visible_to(viewer).select_related("worker__account", "manager__account")
    audit.record_read(
        viewer, subject=("casework.supervision", "list"), people=(), purpose="list of supervisions", search=True
    )
    people = people_to_supervise(viewer) if viewer.has_role(*SUPERVISE.roles) else ()
    return SupervisionsPage(
        people=tuple(each for each in people if each.due_on is not None),
        idle=tuple(each for each in people if each.due_on is None),
        rows=tuple(_row(viewer, row) for row in rows.order_by("-held_on", "-pk")[:60]),
        weeks=supervision_weeks(timezone.localdate(viewer.at)),
    )


def _row(viewer: Actor, row: Supervision) -> SupervisionRow:
    return SupervisionRow(
        row.pk, row.held_on, row.worker.account.name, row.manager.account.name, row.next_on, row.answer,
        ANSWERS[row.answer], row.worker.account_id == viewer.account_id,
    )  # fmt: skip


def worker_to_supervise(viewer: Actor, post_id: UUID) -> Post:
    """A post that the viewer supervises, to hand to a service."""
    post = post_with_id(viewer, post_id)
    if not can(viewer, SUPERVISE, post) or not is_in_post(post, viewer.at):
        raise NotVisible
    return post


def cases_to_discuss(viewer: Actor, worker: Post) -> list[Case]:
    """The open cases that a worker leads or is in the team around, those they lead first, and that the viewer sees."""
    held = CaseMember.objects.filter(CaseMember.held_at(viewer.at), post=worker).values("case_id")
    seen: CaseQuerySet = Case.objects.around(viewer).open()
    found = seen.filter(Q(lead_professional=worker) | Q(pk__in=held)).select_related("family", "team")
    return sorted(found, key=lambda row: (row.lead_professional_id != worker.pk, row.review_due_on or date.max, row.pk))


@dataclass(frozen=True)
class CaseToDiscuss:
    """A case to choose, with what is known of it at a glance."""

    case_id: UUID
    words: str


def cases_offered(viewer: Actor, worker: Post) -> list[CaseToDiscuss]:
    """The same to choose from, with the children's names; the read is audited."""
    rows = cases_to_discuss(viewer, worker)
    people = people_in([row.pk for row in rows])
    named = {each.person_id for several in people.values() for each in several}
    audit.record_read(viewer, subject=("casework.case", "list"), people=named, purpose="supervision", search=True)
    return [
        CaseToDiscuss(row.pk, f"{next((each.name for each in people.get(row.pk, []) if each.part == 'child'), row.family.name)}, {row.reference}")
        for row in rows
    ]  # fmt: skip


def supervision(viewer: Actor, supervision_id: UUID) -> SupervisionSeen:
    """One supervision for the two of them and whoever supervises the manager; what was said of families only of those whose
    cases they see. The read is audited."""
    row = supervision_for_change(viewer, supervision_id)
    parts = list(_parts().filter(supervision=row))
    seen = set(
        Case.objects.visible_to(viewer).filter(pk__in=[each.case_id for each in parts]).values_list("pk", flat=True)
    )
    shown = [each for each in parts if each.case_id in seen]
    people = people_in(sorted(seen))
    audit.record_read(
        viewer,
        subject=("casework.supervision", str(row.pk)),
        people={each.person_id for several in people.values() for each in several},
        purpose="supervision",
    )
    added = list(SupervisionAddition.objects.filter(supervision=row).order_by("pk"))
    names = names_of_accounts(viewer, {each.added_by for each in added if each.added_by})
    return SupervisionSeen(
        row=row, id=row.pk, version=row.version, worker=row.worker.account.name, worker_title=row.worker.title,
        manager=row.manager.account.name, held_on=row.held_on, next_on=row.next_on, discussed=row.discussed,
        wellbeing=row.wellbeing, development=row.development, written_at=row.written_at, answer=row.answer,
        answer_label=ANSWERS[row.answer], answer_words=row.answer_words, answered_at=row.answered_at,
        cases=tuple(_talked(viewer, each) for each in shown), unseen=len(parts) - len(shown),
        additions=tuple(
            AdditionSeen(each.words, names.get(each.added_by, "") if each.added_by else "Joinedup", each.added_at)
            for each in added
        ),
        may_answer=not row.answer and can(viewer, ANSWER_SUPERVISION, row),
        may_add=can(viewer, CORRECT_SUPERVISION, row),
    )  # fmt: skip


def _parts() -> QuerySet[SupervisionCase]:
    related = (
        "case__family",
        "owner__account",
        "task",
        "supervision__worker__account",
        "supervision__manager__account",
    )
    return SupervisionCase.objects.select_related(*related).order_by("supervision__held_on", "pk")


def _talked(viewer: Actor, row: SupervisionCase) -> TalkedAbout:
    held = row.supervision
    is_open = row.task_id is None and bool(row.action) and row.case.closed_at is None
    return TalkedAbout(
        id=row.pk, supervision_id=held.pk, case_id=row.case_id, reference=row.case.reference, family=row.case.family.name,
        held_on=held.held_on, worker=held.worker.account.name, manager=held.manager.account.name,
        reflection=row.reflection, decision=row.decision, action=row.action,
        owner=row.owner.account.name if row.owner else "", due_on=row.due_on, is_task=row.task_id is not None,
        task_done=row.task is not None and row.task.done_at is not None,
        may_make_task=is_open and can(viewer, WRITE_NOTE, row.case),
    )  # fmt: skip


def supervision_for_change(viewer: Actor, supervision_id: UUID) -> Supervision:
    """A supervision, to hand to a service."""
    rows = Supervision.objects.visible_to(viewer).select_related("worker__account", "manager__account")
    found = rows.filter(pk=supervision_id).first()
    if found is None or not can(viewer, READ_SUPERVISIONS):
        raise NotVisible
    return found


def supervision_part_for_change(viewer: Actor, supervision_id: UUID, part_id: UUID) -> SupervisionCase:
    """What was said of a case the viewer sees, to hand to a service."""
    rows = SupervisionCase.objects.filter(case__in=Case.objects.visible_to(viewer), supervision_id=supervision_id)
    found = rows.select_related("case").filter(pk=part_id).first()
    if found is None:
        raise NotVisible
    return found


def supervised_of_case(viewer: Actor, frame: CaseFrame) -> tuple[TalkedAbout, ...]:
    """What was said in supervision about a case whose head the viewer has been shown, the newest first."""
    rows = _parts().filter(case=frame.row).reverse()[:20]
    return tuple(_talked(viewer, row) for row in rows)


def supervisions_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these supervisions that the viewer may read. No read row: only ids are looked at."""
    return set(Supervision.objects.visible_to(viewer).filter(pk__in=ids).values_list("pk", flat=True))


def workers_shown(viewer: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these posts that the viewer supervises."""
    return {post.pk for post in workers_of(viewer)} & set(ids)
