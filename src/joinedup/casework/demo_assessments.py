"""The demo's assessments: a family of Amira's with two signed assessments and a third begun; who is trained; what the
family agreed to, declined and withdrew. Played through the services at the times and by the people it would have been."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.casework import services
from joinedup.casework.assessing import NOT_SEEN, Kind, Question, Section, spec_of
from joinedup.casework.demo_times import OfficeHours
from joinedup.casework.models import Assessment, AssessmentSection, Case, CasePerson
from joinedup.information_sharing import services as sharing
from joinedup.information_sharing.services import Said, Scope
from joinedup.organisations.queries import demo_people, organisation_with_code
from joinedup.workforce.services import record_training

_LEAD, _MANAGER = "Amira Testerly", "Nia Testnorth"
# Who completed the common assessment course how many days ago; the last one's has run out.
_TRAINED = {"Amira Testerly": 220, "Cara Testwell": 400, "Hazel Mockwell": 90, "Ben Testerson": 1200}

# element: strengths, needs, score at first and later.
_SAID: dict[str, tuple[str, str, int, int]] = {
    "health": ("Immunised; sees the dentist.", "Often tired; two asthma attacks this term.", 5, 7),
    "emotional": ("Laughs easily with their grandmother.", "Cries before school most mornings.", 4, 6),
    "behaviour": ("Calms when an adult sits beside them.", "Hits out when the plan changes.", 4, 7),
    "relationships": ("One close friend.", "Left out at breaks since the move.", 5, 6),
    "participation": ("Likes football club.", "Late on three days of five.", 3, 8),
    "progress": ("Reads well.", "Behind in mathematics.", 6, 6),
    "basic_care": ("Always a clean uniform.", "No breakfast on most mornings.", 4, 8),
    "warmth": ("Knows what each child needs.", "Worn out by night shifts.", 6, 7),
    "guidance": ("A good bedtime at weekends.", "No routine on working nights.", 4, 7),
    "functioning": ("They talk about what is hard.", "Debts and quarrels since the move.", 4, 5),
    "wider_family": ("Grandmother helps on Sundays.", "Nobody near on weekdays.", 5, 6),
    "housing": ("A secure tenancy.", "Behind with the rent.", 3, 5),
    "community": ("Known at the library.", "No after-school place yet.", 5, 8),
}
_WORDS = {
    "reason": "School asked for help: tired, late and hungry since the family moved.",
    "people": "The child and a parent\nAmira Testerly, key worker\nThe class teacher",
    "summary": "A warm family under strain. The children are loved and tired; mornings and money are what to mend first.",
    "changes": "Breakfast before school, an earlier shift, help with the rent.",
}
_VOICES = {
    "childs_words": ("I am tired in the mornings and my tummy makes noises in maths.", "It is true."),
    "parents_words": (
        "I want to be home at breakfast. I did not know I could ask.",
        "It says what I said.",
    ),
}


def load_assessments(*, at: datetime) -> None:
    """Play it about the family of Amira's that she has led longest. Nothing is dated after `at`."""
    cast = {
        person.name: actor_for_account(person.account_id, at=at)
        for _, people in demo_people(system(at))
        for person in people
    }
    _train(cast, at)
    lead = cast[_LEAD]
    cases = list(Case.objects.open().filter(lead_professional__account__name=_LEAD).order_by("opened_at"))
    for case in cases:
        place = CasePerson.objects.filter(case=case, part="child").select_related("person").order_by("pk")[0]
        _agree(
            case,
            place,
            lead,
            cast[_MANAGER],
            OfficeHours(case.opened_at, at)(case.opened_at + (at - case.opened_at) * 0.15),
            at,
        )
    if not cases:
        return
    led = cases[0]
    span, office = at - led.opened_at, OfficeHours(led.opened_at, at)
    child = CasePerson.objects.filter(case=led, part="child").select_related("person").order_by("pk")[0]
    for share, is_later in ((0.25, False), (0.8, True)):
        _assess(led, child, lead, office(led.opened_at + span * share), is_later=is_later)
    begun = services.start_assessment(case=led, child_id=child.person_id, by=replace(lead, at=at), at=at)
    _write(begun, lead, at, is_later=True, only=("child", "health"))


def _train(cast: dict[str, Actor], at: datetime) -> None:
    manager = replace(cast[_MANAGER], at=at - timedelta(days=60))
    for name, days in _TRAINED.items():
        person = cast.get(name)
        if person is not None and person.account_id is not None:
            record_training(
                account_id=person.account_id, course="common_assessment", trainer="Robin Testtrainer, the partnership’s trainer",
                completed_on=(at - timedelta(days=days)).date(), by=manager, at=at - timedelta(days=min(days, 60)),
            )  # fmt: skip


def _agree(case: Case, child: CasePerson, lead: Actor, manager: Actor, when: datetime, at: datetime) -> None:
    """Agreement to help and to sharing, a basis beside it, a no; and a father who withdraws, for Nia to decide on."""
    subject, on = ("casework.case", str(case.pk)), when.date()
    parents = list(CasePerson.objects.filter(case=case, part="parent").select_related("person").order_by("pk"))
    mother = str(parents[0].person) if parents else "A parent"
    said = Said(mother, "parental_responsibility", "signed", on)
    health, housing = (organisation_with_code(system(when), code) for code in ("NHS", "HOUSING"))
    about: dict[str, Any] = {"person": child.person, "subject": subject}
    by: dict[str, Any] = {"by": replace(lead, at=when), "at": when}
    sharing.record_help_agreed(**about, said=said, **by)
    wide = Scope([health.pk], ["involvement", "assessment", "plan", "health"])
    sharing.record_sharing_agreed(**about, said=said, scope=wide, **by)
    sharing.record_sharing_declined(
        **about, said=said, words="Not with the landlord, please: we are behind with the rent.",
        scope=Scope([housing.pk], ["housing_and_money"]), **by,
    )  # fmt: skip
    for parent in parents[:1]:
        own = Said(str(parent.person), "themselves", "in_person", on)
        whose: dict[str, Any] = {"person": parent.person, "subject": subject}
        narrow = Scope([housing.pk], ["involvement"])
        sharing.record_sharing_agreed(**whose, said=own, scope=narrow, **by)
        sharing.record_sharing_basis(
            **whose, basis="cooperate_2004", reason="The surgery must know whom to ring about the asthma plan.",
            scope=Scope([health.pk], ["involvement"]), by=replace(manager, at=when), at=when,
        )  # fmt: skip
        services.withdraw_family_agreement(
            case=case, person_id=parent.person_id, said=replace(own, given_on=at.date()),
            words="I do not want the housing office to know of us.", from_help=False, from_sharing=True,
            by=replace(lead, at=at), at=at,
        )  # fmt: skip


def _assess(case: Case, child: CasePerson, lead: Actor, when: datetime, *, is_later: bool) -> None:
    row = services.start_assessment(case=case, child_id=child.person_id, by=replace(lead, at=when), at=when)
    _write(row, lead, when, is_later=is_later)
    row.refresh_from_db()
    signed = when + timedelta(hours=2)
    services.sign_assessment(assessment=row, version=row.version, by=replace(lead, at=signed), at=signed)


def _write(row: Assessment, lead: Actor, when: datetime, *, is_later: bool, only: tuple[str, ...] = ()) -> None:
    for section in spec_of(row.spec_version).sections:
        if only and section.code not in only:
            continue
        kept = AssessmentSection.objects.select_related("assessment__case").get(assessment=row, code=section.code)
        answers = {each.code: _answer(section, each, kept, when, is_later=is_later) for each in section.questions}
        services.save_section(
            section=kept, answers=answers, version=kept.version, by=replace(lead, at=when), at=when
        )  # fmt: skip


def _answer(section: Section, question: Question, kept: AssessmentSection, when: datetime, *, is_later: bool) -> Any:
    """What Amira writes: known values stay, elements as above, the rest briefly."""
    if section.element is not None:
        strengths, needs, first, later = _SAID.get(section.code, ("As expected for their age.", "", 0, 0))
        if question.code == "score":
            return (later if is_later else first) or (8 if is_later else NOT_SEEN)
        return strengths if question.code == "strengths" else needs
    if section.code in _VOICES:
        return _VOICES[section.code][0 if question.code == "words" else 1]
    if question.code in kept.known:
        return kept.known[question.code]["value"]
    if question.kind is Kind.DAY:
        return when.date() + timedelta(days=35) if question.code == "review_on" else when.date()
    if question.kind is Kind.CHOICES:
        return ["3B", "16A"][:1] if question.code == "factors" else ["NONE"]
    if question.kind is Kind.CHOICE:
        return question.choices[0][0] if question.is_required else ""
    return _WORDS.get(question.code, "No fixed address" if question.code == "address" else "")
