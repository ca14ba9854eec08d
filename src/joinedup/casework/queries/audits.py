"""Reading quality audits: which cases can be drawn, what is to be audited, and what was found of one case."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from joinedup.access import audit as trail
from joinedup.access.actor import Actor
from joinedup.access.grounds import standings_of
from joinedup.access.permissions import can, check
from joinedup.access.roles import Role
from joinedup.casework.auditing import ANSWERS, Tally, audit_spec, tally_of
from joinedup.casework.auditing_spec import AuditGroup, AuditItem
from joinedup.casework.models import (
    AuditFinding,
    AuditSample,
    Case,
    CaseAudit,
    CaseMember,
    CasePerson,
    CaseQuerySet,
)
from joinedup.casework.permissions import ASK_SECOND_LOOK, AUDIT_CASE, DRAW_AUDIT, LOOK_AGAIN, READ_AUDITS
from joinedup.casework.queries.cases import people_in
from joinedup.casework.queries.duty import is_in_post, who_answers_for
from joinedup.casework.queries.frame import CaseFrame
from joinedup.core.errors import NotVisible
from joinedup.organisations.queries import post_with_id, posts_with_role, team_with_id
from joinedup.person_index.queries import withheld_people

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team

_LATELY = timedelta(days=182)  # a case that closed within half a year can still be looked at


# --- Who audits what.


def may_audit(viewer: Actor, post: Post, case: Case | None = None) -> bool:
    """Whether a post may audit, now; and, of one case, whether its holder has not worked on it."""
    if post.role not in AUDIT_CASE.roles or not is_in_post(post, viewer.at):
        return False
    return case is None or not _worked_on(post).filter(pk=case.pk).exists()


def _worked_on(post: Post) -> CaseQuerySet:
    """The cases somebody was ever in the team around, in any post, or whose duty they hold now."""
    ever = CaseMember.objects.filter(post__account_id=post.account_id).values("case_id")
    return Case.objects.filter(Q(pk__in=ever) | Q(lead_professional__isnull=True, team_id=post.team_id))


def cases_to_draw(viewer: Actor, team_id: UUID, auditor: Post, level: int | None, lead_id: UUID | None) -> list[Case]:
    """The cases of a team to draw from: open, or closed within half a year; not in an audit that goes on; none the auditor
    worked on, and none about somebody who is withheld from them."""
    they = Actor(
        auditor.account_id, auditor.account.name, viewer.at, "web", standings_of(auditor.account_id, viewer.at)
    )
    withheld = CasePerson.ever.filter(person_id__in=withheld_people(they)).values("case_id")
    rows = Case.objects.around(viewer).filter(team_id=team_id)
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=viewer.at - _LATELY))
    rows = rows.exclude(pk__in=CaseAudit.objects.filter(done_at__isnull=True).values("case_id"))
    rows = rows.exclude(pk__in=_worked_on(auditor).values("pk")).exclude(pk__in=withheld)
    rows = rows.filter(level=level) if level else rows
    return list(rows.filter(lead_professional_id=lead_id) if lead_id else rows)


def auditors_to_choose(viewer: Actor) -> list[tuple[UUID, str]]:
    """Whoever may audit: managers of teams and statutory officers, now; the viewer's own last."""
    posts = [post for role in sorted(AUDIT_CASE.roles) for post in posts_with_role(viewer, Role(role))]
    held = sorted((post for post in posts if is_in_post(post, viewer.at)), key=lambda post: post.account.name)
    mine = [post for post in held if post.pk in viewer.post_ids]
    return [(post.pk, f"{post.account.name}, {post.title}") for post in [*(p for p in held if p not in mine), *mine]]


def leads_to_choose(viewer: Actor, team_id: UUID) -> list[tuple[UUID, str]]:
    """The key workers of a team, to narrow a sample to."""
    return [(post.pk, post.account.name) for post in posts_with_role(viewer, Role.KEY_WORKER, team_id=team_id)]


def owners_to_choose(viewer: Actor, case: Case) -> list[tuple[UUID, str]]:
    """Who puts something right in a case: its lead professional, and whoever answers for its team."""
    managers = who_answers_for(viewer, case.team_id)
    lead = post_with_id(viewer, case.lead_professional_id) if case.lead_professional_id else None
    found = [*([lead] if lead is not None and is_in_post(lead, viewer.at) else []), *managers]
    return [(post.pk, f"{post.account.name}, {post.title}") for post in dict.fromkeys(found)]


def team_to_draw_from(viewer: Actor, team_id: UUID | None) -> Team:
    """A team the viewer manages, the first where none is asked for."""
    teams = [each.team_id for each in viewer.standings if each.role in DRAW_AUDIT.roles and each.team_id]
    wanted = team_id or (teams[0] if teams else None)
    if wanted is None or wanted not in teams:
        check(viewer, DRAW_AUDIT)
        raise NotVisible
    return team_with_id(viewer, wanted)


def auditor_with_id(viewer: Actor, post_id: UUID) -> Post:
    """A post that may audit, to hand to a service."""
    return post_with_id(viewer, post_id)


# --- The list.


@dataclass(frozen=True)
class AuditRow:
    """One audit in a list. `child` only where the viewer sees the case."""

    id: UUID
    case_id: UUID
    reference: str
    sample: str
    child: str
    team: str
    auditor: str
    until: datetime | None
    is_late: bool
    answered: int
    percent: int | None
    grade: str
    done_at: datetime | None


@dataclass(frozen=True)
class SampleRow:
    """One sample that was drawn."""

    reference: str
    team: str
    narrowed: str
    auditor: str
    drawn_at: datetime
    drawn_from: int
    cases: int
    seed: int
    digest: str
    reason: str


@dataclass(frozen=True)
class AuditsPage:
    """What the viewer is asked to audit or to look at again, what was found in their team, and the samples drawn of it."""

    to_do: tuple[AuditRow, ...]
    second: tuple[AuditRow, ...]
    found: tuple[AuditRow, ...]
    samples: tuple[SampleRow, ...]
    may_draw: bool


def audits(viewer: Actor) -> AuditsPage:
    """The quality audits that concern the viewer; one audit row names the people of the cases they may see."""
    if not can(viewer, READ_AUDITS):
        raise NotVisible
    managed = [each.team_id for each in viewer.standings if each.role in DRAW_AUDIT.roles and each.team_id]
    rows = CaseAudit.objects.select_related("case", "sample__team", "auditor__account", "access", "second_access")
    to_do = list(
        rows.filter(auditor_id__in=viewer.post_ids, done_at__isnull=True).order_by("access__ends_at", "pk")[:100]
    )
    second = list(rows.filter(second_id__in=viewer.post_ids, second_at__isnull=True).order_by("pk")[:100])
    theirs = Q(case__team_id__in=managed) | Q(case__lead_professional_id__in=viewer.post_ids)
    found = list(rows.filter(theirs, done_at__isnull=False).order_by("-done_at", "pk")[:60])
    listed = [*to_do, *second, *found]
    seen = set(
        Case.objects.visible_to(viewer).filter(pk__in=[each.case_id for each in listed]).values_list("pk", flat=True)
    )
    people = people_in(sorted(seen))
    trail.record_read(
        viewer, subject=("casework.caseaudit", "list"),
        people={one.person_id for several in people.values() for one in several}, purpose="list of audits", search=True,
    )  # fmt: skip
    children = {
        case_id: next((one.name for one in several if one.part == "child"), "") for case_id, several in people.items()
    }
    answered = _answered([each.pk for each in to_do])

    def shown(row: CaseAudit, *, until: datetime | None) -> AuditRow:
        return AuditRow(
            row.pk, row.case_id, row.case.reference, row.sample.reference, children.get(row.case_id, ""),
            row.sample.team.name, row.auditor.account.name, until, until is not None and until <= viewer.at,
            answered.get(row.pk, 0), row.percent, row.grade, row.done_at,
        )  # fmt: skip

    return AuditsPage(
        to_do=tuple(shown(row, until=row.access.ends_at) for row in to_do),
        second=tuple(shown(row, until=row.second_access.ends_at if row.second_access else None) for row in second),
        found=tuple(shown(row, until=None) for row in found), samples=_samples(managed), may_draw=bool(managed),
    )  # fmt: skip


def _answered(ids: list[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = {}
    for audit_id in CaseAudit.objects.filter(pk__in=ids, answers__isnull=False).values_list("pk", flat=True):
        found[audit_id] = found.get(audit_id, 0) + 1
    return found


def _samples(team_ids: Collection[UUID]) -> tuple[SampleRow, ...]:
    rows = AuditSample.objects.filter(team_id__in=team_ids).select_related("team", "lead__account", "auditor__account")
    return tuple(
        SampleRow(
            row.reference, row.team.name,
            ", ".join(part for part in (f"level {row.level}" if row.level else "", f"led by {row.lead.account.name}" if row.lead else "") if part),
            row.auditor.account.name, row.drawn_at, row.drawn_from, len(row.audits.all()), row.seed, row.digest, row.reason,
        )
        for row in rows.prefetch_related("audits").order_by("-drawn_at")[:12]
    )  # fmt: skip


# --- One audit.


@dataclass(frozen=True)
class ItemSeen:
    """One item with what was found."""

    item: AuditItem
    answer: str
    label: str
    evidence: str
    second: str
    second_label: str


@dataclass(frozen=True)
class GroupSeen:
    """The items under one heading."""

    group: AuditGroup
    items: tuple[ItemSeen, ...]

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return sum(bool(each.answer) for each in self.items)

    @property
    def is_done(self) -> bool:
        """Every item has one."""
        return self.answered == len(self.items)


@dataclass(frozen=True)
class FindingSeen:
    """What must be put right."""

    words: str
    owner: str
    due_on: date
    is_late: bool
    done_at: datetime | None


@dataclass(frozen=True)
class AuditSeen:
    """One audit. `row` is for a service; `sees_case` says whether its case can be opened by the viewer now."""

    row: CaseAudit
    id: UUID
    case_id: UUID
    reference: str
    sample: str
    team: str
    children: str
    source: str
    is_verified: bool
    auditor: str
    until: datetime
    groups: tuple[GroupSeen, ...]
    tally: Tally
    strengths: str
    done_at: datetime | None
    percent: int | None
    first_percent: int | None
    grade: str
    findings: tuple[FindingSeen, ...]
    second: str
    second_words: str
    second_at: datetime | None
    sees_case: bool
    may: frozenset[str]

    @property
    def answered(self) -> int:
        """How many items have an answer."""
        return sum(each.answered for each in self.groups)

    @property
    def items(self) -> int:
        """How many there are."""
        return sum(len(each.items) for each in self.groups)


def audit_for_change(viewer: Actor, audit_id: UUID) -> CaseAudit:
    """An audit, to hand to a service: for its auditor, whoever looks again, and, once it is done, whoever leads the case or
    manages its team."""
    related = (
        "case__team",
        "case__lead_professional",
        "sample__team",
        "auditor__account",
        "access",
        "second__account",
        "second_access",
    )
    managed = [each.team_id for each in viewer.standings if each.role in DRAW_AUDIT.roles and each.team_id]
    theirs = Q(auditor_id__in=viewer.post_ids) | Q(second_id__in=viewer.post_ids)
    theirs |= Q(done_at__isnull=False) & (
        Q(case__team_id__in=managed) | Q(case__lead_professional_id__in=viewer.post_ids)
    )
    found = CaseAudit.objects.filter(theirs).select_related(*related).filter(pk=audit_id).first()
    if found is None or not can(viewer, READ_AUDITS):
        raise NotVisible
    return found


def case_audit(viewer: Actor, audit_id: UUID) -> AuditSeen:
    """One audit with everything that was found; the read is audited with the people in the case where the viewer sees it."""
    row = audit_for_change(viewer, audit_id)
    sees = Case.objects.visible_to(viewer).filter(pk=row.case_id).exists()
    people = people_in([row.case_id]).get(row.case_id, []) if sees else []
    trail.record_read(
        viewer, subject=("casework.caseaudit", str(row.pk)), people={each.person_id for each in people}, purpose="quality audit"
    )  # fmt: skip
    spec = audit_spec(row.spec_version)
    answers = {each.item: each for each in row.answers.all()}
    groups = tuple(
        GroupSeen(group, tuple(_item(item, answers.get(item.code)) for item in group.items)) for group in spec.groups
    )
    found = AuditFinding.objects.filter(audit=row).select_related("task__owner__account").order_by("pk")
    on = viewer.at.date()
    return AuditSeen(
        row=row, id=row.pk, case_id=row.case_id, reference=row.case.reference, sample=row.sample.reference,
        team=row.sample.team.name, children=", ".join(each.name for each in people if each.part == "child"),
        source=spec.source, is_verified=spec.is_verified, auditor=row.auditor.account.name, until=row.access.ends_at,
        groups=groups, tally=tally_of(each.second or each.answer for each in answers.values()), strengths=row.strengths,
        done_at=row.done_at, percent=row.percent, first_percent=row.first_percent, grade=row.grade,
        findings=tuple(
            FindingSeen(
                each.task.words, each.task.owner.account.name, each.task.due_on,
                each.task.done_at is None and each.task.due_on < on, each.task.done_at,
            )
            for each in found
        ),
        second=row.second.account.name if row.second else "", second_words=row.second_words, second_at=row.second_at,
        sees_case=sees, may=_may(viewer, row, sees=sees),
    )  # fmt: skip


def _item(item: AuditItem, row: object) -> ItemSeen:
    answer, evidence, second = (
        (str(getattr(row, name, "")) for name in ("answer", "evidence", "second")) if row else ("", "", "")
    )
    return ItemSeen(item, answer, ANSWERS.get(answer, ""), evidence, second, ANSWERS.get(second, ""))


def _may(viewer: Actor, row: CaseAudit, *, sees: bool) -> frozenset[str]:
    may = {
        "write": row.done_at is None and sees and can(viewer, AUDIT_CASE, row),
        "ask_again": row.done_at is not None and row.second_id is None and can(viewer, ASK_SECOND_LOOK, row),
        "look_again": row.second_at is None and sees and can(viewer, LOOK_AGAIN, row),
    }
    return frozenset(name for name, allowed in may.items() if allowed)


def final_answers(row: CaseAudit) -> list[str]:
    """What counts of each item: the second look where there is one. Read afresh."""
    return [second or answer for answer, second in row.answers.all().values_list("answer", "second")]


def audits_of_case(viewer: Actor, frame: CaseFrame) -> tuple[AuditRow, ...]:
    """The audits of a case that are done, for whoever leads it or manages its team. The viewer has been shown its head."""
    managed = {each.team_id for each in viewer.standings if each.role in DRAW_AUDIT.roles}
    if frame.row.lead_professional_id not in viewer.post_ids and frame.row.team_id not in managed:
        return ()
    rows = CaseAudit.objects.filter(case=frame.row, done_at__isnull=False)
    return tuple(
        AuditRow(
            row.pk, row.case_id, frame.reference, row.sample.reference, "", row.sample.team.name, row.auditor.account.name,
            None, False, 0, row.percent, row.grade, row.done_at,
        )
        for row in rows.select_related("sample__team", "auditor__account").order_by("-done_at")[:10]
    )  # fmt: skip


def audits_shown(viewer: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of these audits that the viewer does or looks at again. No read row: only ids are looked at."""
    mine = Q(auditor_id__in=viewer.post_ids) | Q(second_id__in=viewer.post_ids)
    managed = [each.team_id for each in viewer.standings if each.role in DRAW_AUDIT.roles and each.team_id]
    rows = CaseAudit.objects.filter(mine | Q(case__team_id__in=managed), pk__in=ids)
    return set(rows.values_list("pk", flat=True))
