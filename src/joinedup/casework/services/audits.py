"""Quality audit: drawing cases, writing what was found, what must be put right, and a second look.

An auditor reads a case on a ground of its own: the row says since when, until when and why, and it ends with the audit."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.casework import rules
from joinedup.casework.auditing import (
    ANSWERS,
    CURRENT,
    NOT_MET,
    PARTLY,
    audit_spec,
    digest_of,
    drawn,
    grade_for,
    tally_of,
)
from joinedup.casework.events import CASE_AUDITED
from joinedup.casework.models import (
    AuditAnswer,
    AuditFinding,
    AuditSample,
    Case,
    CaseAccess,
    CaseAudit,
    CaseTask,
)
from joinedup.casework.permissions import ASK_SECOND_LOOK, AUDIT_CASE, DRAW_AUDIT, LOOK_AGAIN
from joinedup.casework.queries.audits import cases_to_draw, final_answers, may_audit, owners_to_choose
from joinedup.casework.services.steps import chronicle, lock
from joinedup.casework.settings import audit_days, audit_grades
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version, new_reference
from joinedup.core.notifications import owe_message

if TYPE_CHECKING:
    from joinedup.organisations.models import Post, Team


@dataclass(frozen=True)
class SampleWanted:
    """Which cases to draw from, and how many."""

    auditor: Post
    size: int
    reason: str
    level: int | None = None
    lead_id: UUID | None = None


@dataclass(frozen=True)
class FindingSaid:
    """Something that must be put right, by whom and when."""

    words: str
    owner_id: UUID
    due_on: date


@service(DRAW_AUDIT, on="team")
def draw_audit(*, team: Team, wanted: SampleWanted, seed: int | None = None, by: Actor, at: datetime) -> AuditSample:
    """Draw cases of one's own team at random and ask somebody to audit them: never a case they worked on (CW-542). The
    program chooses the seed; giving one draws a sample again. The auditor may read these cases from now until a day."""
    if not wanted.reason.strip():
        raise rules.SAMPLE_REASON.refused()
    if not may_audit(by, wanted.auditor):
        raise rules.AUDITOR_MAY.refused()
    there = {str(each.pk): each for each in cases_to_draw(by, team.pk, wanted.auditor, wanted.level, wanted.lead_id)}
    if not there:
        raise rules.NOTHING_TO_DRAW.refused()
    chosen = seed if seed is not None else secrets.randbits(48)
    sample = AuditSample.objects.create(
        reference=new_reference("QA"), team=team, level=wanted.level, lead_id=wanted.lead_id, auditor=wanted.auditor,
        seed=chosen, drawn_from=len(there), digest=digest_of(there), reason=wanted.reason.strip()[:300], drawn_at=at,
        drawn_by=by.account_id,
    )  # fmt: skip
    for case_id in drawn(there, size=wanted.size, seed=chosen):
        case = there[case_id]
        access = _lend(case, wanted.auditor, f"Quality audit {sample.reference}", by=by, at=at)
        CaseAudit.objects.create(sample=sample, case=case, spec_version=CURRENT, auditor=wanted.auditor, access=access)
    _write(wanted.auditor, f"Quality audit {sample.reference}: cases to audit", access.ends_at, by=by, at=at)
    note(changed=("sample",), words={"seed": str(chosen)}, subject=sample)
    return sample


def _lend(case: Case, post: Post, reason: str, *, by: Actor, at: datetime) -> CaseAccess:
    days = audit_days(timezone.localdate(at))
    note(people=list(case.people.values_list("person_id", flat=True)))
    return CaseAccess.objects.create(
        case=case, post=post, reason=reason, starts_at=at, ends_at=at + timedelta(days=days), given_by=by.account_id
    )


def _end_access(access: CaseAccess | None, at: datetime) -> None:
    if access is not None and access.ends_at > at:
        access.ends_at = at
        access.save(update_fields=["ends_at"])


def _write(post: Post, subject: str, until: datetime, *, by: Actor, at: datetime) -> None:
    owe_message(
        to=post.account.email, subject=subject,
        body=f"{by.name} asks you to look at the quality of work. You may read the cases until {date_long(until)}. Sign in to "
        "Joinedup.",
        about=("casework.audit", ""), at=at,
    )  # fmt: skip


@service(AUDIT_CASE, on="audit")
def write_audit(
    *, audit: CaseAudit, group: str, answers: Mapping[str, tuple[str, str]], by: Actor, at: datetime
) -> CaseAudit:
    """What was found of the items under one heading, each with what it rests on; it may be mended until the audit is done."""
    _lock_open(audit)
    items = _items_of(audit, group)
    for code, (answer, evidence) in answers.items():
        if code not in items or answer not in ANSWERS:
            raise rules.AUDIT_COMPLETE.refused(items=code)
        AuditAnswer.objects.update_or_create(
            audit=audit, item=code, defaults={"answer": answer, "evidence": evidence.strip()[:500]}
        )
    claim_version(audit, audit.version)
    note(changed=("answers",))
    return audit


def _items_of(audit: CaseAudit, group: str) -> set[str]:
    found = next((each for each in audit_spec(audit.spec_version).groups if each.code == group), None)
    return {item.code for item in found.items} if found else set()


def _lock_open(audit: CaseAudit) -> None:
    if lock(audit).done_at is not None:
        raise rules.AUDIT_OPEN.refused()


@service(AUDIT_CASE, on="audit")
def finish_audit(
    *, audit: CaseAudit, strengths: str, findings: Sequence[FindingSaid], by: Actor, at: datetime
) -> CaseAudit:
    """The audit is done: every item has an answer (CW-544), what is partly met or not says what it rests on (CW-545), and
    what must be put right becomes tasks of the case. From now on the auditor reads the case no more."""
    _lock_open(audit)
    rows = list(audit.answers.all())
    _refuse_unready(audit, rows)
    on = timezone.localdate(at)
    for each in findings:
        _put_right(audit, each, on, by=by, at=at)
    claim_version(audit, audit.version)
    audit.strengths, audit.done_at = strengths.strip(), at
    audit.percent = tally_of(each.answer for each in rows).percent
    audit.grade = grade_for(audit.percent, audit_grades(on))
    audit.save(update_fields=["strengths", "done_at", "percent", "grade"])
    _end_access(audit.access, at)
    chronicle(CASE_AUDITED, audit.case, by=by, at=at)
    note(changed=("done_at",), words={"percent": str(audit.percent)})
    return audit


def _refuse_unready(audit: CaseAudit, rows: Sequence[AuditAnswer]) -> None:
    said = {each.item: each for each in rows}
    missing = [item.code for item in audit_spec(audit.spec_version).items if item.code not in said]
    if missing:
        raise rules.AUDIT_COMPLETE.refused(items=", ".join(missing))
    bare = [code for code, each in said.items() if each.answer in {PARTLY, NOT_MET} and not each.evidence]
    if bare:
        raise rules.AUDIT_EVIDENCE.refused(items=", ".join(sorted(bare)))


def _put_right(audit: CaseAudit, said: FindingSaid, on: date, *, by: Actor, at: datetime) -> None:
    owners = {post_id for post_id, _ in owners_to_choose(by, audit.case)}
    if not said.words.strip() or said.owner_id not in owners or said.due_on < on:
        raise rules.FINDING_SAID.refused()
    task = CaseTask.objects.create(
        case_id=audit.case_id, words=f"Quality audit: {said.words.strip()}"[:300], owner_id=said.owner_id,
        due_on=said.due_on, set_by=by.account_id, set_at=at,
    )  # fmt: skip
    AuditFinding.objects.create(audit=audit, task=task)


@service(ASK_SECOND_LOOK, on="audit")
def ask_second_look(*, audit: CaseAudit, post: Post, by: Actor, at: datetime) -> CaseAudit:
    """Ask somebody else, who has not worked on the case either (CW-547), to look again; once (CW-548)."""
    lock(audit)
    if audit.done_at is None or audit.second_id is not None:
        raise rules.SECOND_COMES_AFTER.refused()
    if post.account_id == audit.auditor.account_id or not may_audit(by, post, audit.case):
        raise rules.SECOND_BY_ANOTHER.refused()
    claim_version(audit, audit.version)
    audit.second = post
    audit.second_access = _lend(audit.case, post, f"Second look, {audit.sample.reference}", by=by, at=at)
    audit.save(update_fields=["second", "second_access"])
    _write(post, f"Quality audit {audit.sample.reference}: a second look", audit.second_access.ends_at, by=by, at=at)
    note(changed=("second",))
    return audit


@service(LOOK_AGAIN, on="audit")
def look_again(*, audit: CaseAudit, answers: Mapping[str, str], words: str, by: Actor, at: datetime) -> CaseAudit:
    """A second look: what somebody else finds of some items counts instead of the first, which stays beside it."""
    lock(audit)
    if audit.second_at is not None:
        raise rules.SECOND_COMES_AFTER.refused()
    if not words.strip() or any(answer not in ANSWERS for answer in answers.values()):
        raise rules.SECOND_SAID.refused()
    for row in audit.answers.all():
        if row.item in answers and answers[row.item] != row.answer:
            row.second = answers[row.item]
            row.save(update_fields=["second"])
    claim_version(audit, audit.version)
    audit.first_percent, audit.second_words, audit.second_at = audit.percent, words.strip(), at
    audit.percent = tally_of(final_answers(audit)).percent
    audit.grade = grade_for(audit.percent, audit_grades(timezone.localdate(at)))
    audit.save(update_fields=["first_percent", "second_words", "second_at", "percent", "grade"])
    _end_access(audit.second_access, at)
    note(changed=("second",), words={"percent": str(audit.percent)})
    return audit
