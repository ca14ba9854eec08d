"""Builders for tests of assessments: a case whose lead is trained, and answers to every question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from joinedup.access.actor import Actor
from joinedup.access.models import Account
from joinedup.access.roles import Role
from joinedup.casework import services
from joinedup.casework.assessing import Kind, Question, Section, spec_of
from joinedup.casework.models import Assessment, AssessmentSection, Case
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.information_sharing.services import Said, record_help_agreed
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index.models import Person
from joinedup.workforce.tests.factories import make_training

SAID = Said("Ash Testerfield", "parental_responsibility", "in_person", AT.date())


@dataclass
class Work:
    """A case with a child and a parent; Amira leads and is trained, Noor is in the team and is not, Ben is elsewhere,
    Cara of another partner is in the team."""

    case: Case
    child: Person
    parent: Person
    accounts: dict[str, Account]
    posts: dict[str, Post]

    def actor(self, name: str, at: datetime = AT) -> Actor:
        """Somebody at work."""
        return actor_of(self.accounts[name], at)


def make_work(*, level: int = 3) -> Work:
    """The cast, with a new case."""
    north, south = make_team(code="NT", name="North team"), make_team(code="ST", name="South team")
    health = make_organisation(code="NHS", name="Exampleshire Board", kind="nhs")
    held = {
        "manager": make_post(role=Role.TEAM_MANAGER, team=north, name="Nia Testnorth"),
        "amira": make_post(role=Role.KEY_WORKER, team=north, name="Amira Testerly"),
        "noor": make_post(role=Role.KEY_WORKER, team=north, name="Noor Testerly"),
        "ben": make_post(role=Role.KEY_WORKER, team=south, name="Ben Testerson"),
        "cara": make_post(role=Role.REFERRER, employer=health, host=health, name="Cara Testwell"),
    }
    child = make_person(
        given_name="Rowan", birth_date=date(2016, 3, 4), sex="F", address="1 Example Row", postcode="ZZ1 1AA",
        nhs_number="9990000018",
    )  # fmt: skip
    parent = make_person(given_name="Ash")
    case = make_case(
        team=north, family=make_family((child, "child"), (parent, "parent")), lead=held["amira"][1], level=level
    )
    work = Work(case, child, parent, {n: held[n][0] for n in held}, {n: held[n][1] for n in held})
    for name in ("noor", "cara"):
        services.add_member(case=case, post=work.posts[name], by=work.actor("amira"), at=AT)
    make_training(work.accounts["amira"])
    return work


def begin(work: Work, *, who: str = "amira", at: datetime = AT) -> Assessment:
    """An assessment of the child, begun."""
    return services.start_assessment(case=work.case, child_id=work.child.pk, by=work.actor(who, at), at=at)


def section_of(assessment: Assessment, code: str) -> AssessmentSection:
    """One section, read afresh."""
    return AssessmentSection.objects.select_related("assessment__case").get(assessment=assessment, code=code)


def answer_to(question: Question, section: Section, at: datetime, scores: dict[str, int]) -> Any:
    """Something to say to any question."""
    if question.kind is Kind.DAY:
        days = {"review_on": 30, "birth_date": -3900}
        return (at + timedelta(days=days.get(question.code, 0))).date().isoformat()
    if question.kind is Kind.SCORE:
        return scores.get(section.code, 5)
    if question.instead_of:
        return ""
    if question.kind is Kind.CHOICE:
        return question.choices[0][0]
    if question.kind is Kind.CHOICES:
        return [question.choices[0][0]]
    return {"given_name": "Rowan", "family_name": "Testerfield", "postcode": "ZZ1 1AA", "nhs_number": "9990000018",
            "upn": ""}.get(question.code, f"Words about {question.label.lower()}.")  # fmt: skip


def fill(
    work: Work, assessment: Assessment, *, who: str = "amira", at: datetime = AT, scores: dict[str, int] | None = None,
    but: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Answer every section."""
    for section in spec_of(assessment.spec_version).sections:
        if section.code in but:
            continue
        row = section_of(assessment, section.code)
        answers = {
            each.code: row.known.get(each.code, {}).get("value") or answer_to(each, section, at, scores or {})
            for each in section.questions
        }
        services.save_section(section=row, answers=answers, version=row.version, by=work.actor(who, at), at=at)


def agree(work: Work, person_id: UUID | None = None, *, at: datetime = AT) -> None:
    """The parent agrees to this help for the child."""
    person = Person.objects.get(pk=person_id or work.child.pk)
    subject = ("casework.case", str(work.case.pk))
    record_help_agreed(person=person, subject=subject, said=SAID, by=work.actor("amira", at), at=at)


def signed(work: Work, *, at: datetime = AT, scores: dict[str, int] | None = None) -> Assessment:
    """An assessment begun, filled and signed by Amira."""
    row = begin(work, at=at)
    fill(work, row, at=at, scores=scores)
    row.refresh_from_db()
    return services.sign_assessment(assessment=row, version=row.version, by=work.actor("amira", at), at=at)
