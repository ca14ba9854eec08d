"""Assessments: what they begin with, two people in one, corrections that flow back, who may sign, and what changes after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joinedup.access.models import AuditEvent
from joinedup.casework import queries, services
from joinedup.casework.lifecycle import AssessmentState
from joinedup.casework.models import AssessmentTransition
from joinedup.casework.tests.assessed import agree, begin, fill, make_work, section_of, signed
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.organisations.tests.factories import AT
from joinedup.person_index.models import AgencyRecord, Person
from joinedup.workforce.services import take_back_training
from joinedup.workforce.tests.factories import make_training

pytestmark = pytest.mark.django_db


def test_it_begins_with_what_is_known_each_with_source_and_day() -> None:
    work = make_work()
    row = begin(work)
    child, home, carers = (section_of(row, code).known for code in ("child", "home", "carers"))
    assert child["given_name"]["value"] == "Rowan"
    assert child["birth_date"]["value"] == "2016-03-04"
    assert home["postcode"]["value"] == "ZZ1 1AA"
    assert carers["carer1_name"]["value"] == "Ash Testerfield"
    assert "Ash Testerfield, parent or carer" in home["household"]["value"]
    assert all(fact["source"] and fact["said_on"] for known in (child, home, carers) for fact in known.values())
    assert Event.objects.filter(kind="casework.assessment_started", people=[work.child.pk]).count() == 1
    assert AuditEvent.objects.filter(action="casework.start_assessment").exists()


def test_one_is_begun_at_a_time_of_a_child_of_the_case_and_by_its_team() -> None:
    work = make_work()
    first = begin(work)
    with pytest.raises(Refused) as again:
        begin(work, who="noor")
    assert again.value.rule == "CW-106"
    assert first.reference in again.value.sentence
    with pytest.raises(Refused) as parent:
        services.start_assessment(case=work.case, child_id=work.parent.pk, by=work.actor("amira"), at=AT)
    assert parent.value.rule == "CW-105"
    with pytest.raises(NotPermitted):
        begin(work, who="ben")
    with pytest.raises(NotVisible):
        queries.assessment(work.actor("ben"), first.pk)
    assert queries.assessment(work.actor("cara"), first.pk).child == "Rowan Testerfield"


def test_a_kept_value_is_accepted_and_another_corrects_it_as_ones_own_agencys_record() -> None:
    work = make_work()
    row = begin(work)
    before = AgencyRecord.objects.count()
    home = section_of(row, "home")
    services.save_section(
        section=home, answers={"address": "1 Example Row", "postcode": "ZZ1 1AA"}, version=home.version,
        by=work.actor("amira"), at=AT,
    )  # fmt: skip
    assert home.settled["address"] == "accepted"
    assert AgencyRecord.objects.count() == before
    services.save_section(
        section=home, answers={"address": "9 New Street", "postcode": "zz11ab"}, version=home.version,
        by=work.actor("cara"), at=AT + timedelta(hours=1),
    )  # fmt: skip
    home.refresh_from_db()
    assert home.settled["address"] == "corrected"
    own = AgencyRecord.objects.get(agency=work.posts["cara"].host)
    assert (own.address, own.postcode) == ("9 New Street", "ZZ1 1AB")
    assert own.links.get(separated_at=None).person_id == work.child.pk
    # Another agency's say stands beside it: what was stated first is still there.
    assert Person.objects.get(pk=work.child.pk).addresses.get().lines == "1 Example Row"
    services.save_section(
        section=home, answers={"address": "10 New Street"}, version=home.version, by=work.actor("cara"),
        at=AT + timedelta(hours=2),
    )  # fmt: skip
    own.refresh_from_db()
    assert own.address == "10 New Street"
    assert own.earlier_versions.get().address == "9 New Street"


def test_two_people_in_one_section_both_keep_their_text() -> None:
    work = make_work()
    row = begin(work)
    mine, theirs = section_of(row, "health"), section_of(row, "health")
    services.save_section(
        section=theirs, answers={"strengths": "Noor’s words", "score": 4}, version=theirs.version,
        by=work.actor("noor"), at=AT,
    )  # fmt: skip
    with pytest.raises(Stale) as stale:
        services.save_section(
            section=mine, answers={"strengths": "Amira’s words"}, version=1, by=work.actor("amira"), at=AT
        )
    assert stale.value.extra["theirs"]["strengths"] == "Noor’s words"
    assert stale.value.extra["yours"]["strengths"] == "Amira’s words"
    assert "Noor Testerly" in stale.value.sentence
    # Both at once in different sections are in nobody's way.
    other = section_of(row, "speech")
    services.save_section(section=other, answers={"score": 7}, version=1, by=work.actor("amira"), at=AT)
    assert section_of(row, "health").answers["strengths"] == "Noor’s words"
    assert section_of(row, "speech").answers["score"] == 7


@pytest.mark.parametrize(
    ("code", "answers", "field"),
    [
        ("health", {"score": 11}, "score"),
        ("health", {"score": "good"}, "score"),
        ("health", {"opinion": "x"}, "opinion"),
        ("child", {"birth_date": "2031-01-01"}, "birth_date"),
        ("child", {"sex": "X"}, "sex"),
        ("child", {"nhs_number": "1234567890"}, "nhs_number"),
        ("child", {"disabilities": ["NONE", "MOB"]}, "disabilities"),
        ("conclusions", {"factors": ["21", "1A"]}, "factors"),
        ("present", {"seen_on": "2026-11-30"}, "seen_on"),
        ("reason", {"reason": "x" * 4001}, "reason"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(code: str, answers: dict[str, object], field: str) -> None:
    work = make_work()
    row = begin(work)
    section = section_of(row, code)
    with pytest.raises(Refused) as refused:
        services.save_section(section=section, answers=answers, version=1, by=work.actor("amira"), at=AT)
    assert [fault["field"] for fault in refused.value.extra["faults"]] == [field]
    assert section_of(row, code).saved_at is None


def test_only_the_trained_sign_and_the_refusal_says_how() -> None:
    work = make_work()
    agree(work)
    row = begin(work)
    fill(work, row)
    row.refresh_from_db()
    with pytest.raises(Refused) as refused:
        services.sign_assessment(assessment=row, version=row.version, by=work.actor("noor"), at=AT)
    assert refused.value.rule == "CW-101"
    assert "None is recorded for you." in refused.value.sentence
    assert "manager" in refused.value.sentence
    make_training(work.accounts["noor"], days_ago=2000)
    with pytest.raises(Refused) as ended:
        services.sign_assessment(assessment=row, version=row.version, by=work.actor("noor"), at=AT)
    assert "Yours ended on" in ended.value.sentence
    services.sign_assessment(assessment=row, version=row.version, by=work.actor("amira"), at=AT)
    row.refresh_from_db()
    assert (row.state, row.signed_by_id) == (AssessmentState.SIGNED, work.posts["amira"].pk)
    assert row.review_on == (AT + timedelta(days=30)).date()
    assert [each.end for each in AssessmentTransition.objects.order_by("pk")] == ["draft", "signed"]
    assert Event.objects.filter(kind="casework.assessment_signed", people=[work.child.pk]).count() == 1


def test_training_taken_back_counts_no_more() -> None:
    work = make_work()
    agree(work)
    record = make_training(work.accounts["noor"])
    row = begin(work)
    fill(work, row)
    row.refresh_from_db()
    take_back_training(training=record, reason="Wrong person.", version=1, by=work.actor("manager"), at=AT)
    with pytest.raises(Refused) as refused:
        services.sign_assessment(assessment=row, version=row.version, by=work.actor("noor"), at=AT)
    assert refused.value.rule == "CW-101"


def test_signing_wants_every_section_the_agreement_and_a_review_in_time() -> None:
    work = make_work()
    row = begin(work)
    fill(work, row, but=("childs_words", "review"))
    by = work.actor("amira")
    with pytest.raises(Refused) as wanting:
        services.sign_assessment(assessment=row, version=1, by=by, at=AT)
    assert wanting.value.rule == "CW-102"
    assert "The child’s own words" in wanting.value.sentence
    fill(work, row)
    review = section_of(row, "review")
    late = (AT + timedelta(days=43)).date()
    services.save_section(section=review, answers={"review_on": late}, version=review.version, by=by, at=AT)
    with pytest.raises(Refused) as too_late:
        services.sign_assessment(assessment=row, version=1, by=by, at=AT)
    assert too_late.value.rule == "CW-103"
    services.save_section(
        section=review, answers={"review_on": late - timedelta(days=1)}, version=review.version, by=by, at=AT
    )
    with pytest.raises(Refused) as unagreed:
        services.sign_assessment(assessment=row, version=1, by=by, at=AT)
    assert unagreed.value.rule == "CW-104"
    agree(work)
    services.sign_assessment(assessment=row, version=1, by=by, at=AT)
    row.refresh_from_db()
    assert row.state == AssessmentState.SIGNED


def test_at_level_4_agreement_is_not_asked_for() -> None:
    work = make_work()
    work.case.level = 4
    work.case.save(update_fields=["level"])
    row = signed(work)
    assert row.state == AssessmentState.SIGNED


def test_signed_words_do_not_change_and_a_later_one_supersedes() -> None:
    work = make_work()
    agree(work)
    first = signed(work, scores={"health": 3})
    section = section_of(first, "health")
    with pytest.raises(Refused) as closed:
        services.save_section(
            section=section, answers={"needs": "Other"}, version=section.version, by=work.actor("amira"), at=AT
        )
    assert closed.value.rule == "CW-107"
    later = AT + timedelta(days=40)
    agree(work, at=later)
    second = begin(work, at=later)
    assert second.previous_id == first.pk
    assert section_of(second, "health").known["needs"]["source"] == f"the assessment {first.reference}"
    assert "score" not in section_of(second, "health").known
    assert section_of(second, "childs_words").known == {}
    fill(work, second, at=later, scores={"health": 8})
    second.refresh_from_db()
    services.sign_assessment(assessment=second, version=second.version, by=work.actor("amira", later), at=later)
    first.refresh_from_db()
    assert first.state == AssessmentState.SUPERSEDED
    beside = queries.beside_previous(work.actor("amira", later), second.pk)
    assert next(each.distance for each in beside.travelled if each.code == "health") == 5
    with pytest.raises(NotVisible):
        queries.beside_previous(work.actor("amira", later), first.pk)


def test_what_was_not_looked_at_is_no_score() -> None:
    work = make_work()
    row = begin(work)
    section = section_of(row, "health")
    services.save_section(section=section, answers={"score": "none"}, version=1, by=work.actor("amira"), at=AT)
    seen = queries.assessment(work.actor("amira"), row.pk)
    assert seen.section("health").score is None
    assert seen.section("health").progress == "done"
