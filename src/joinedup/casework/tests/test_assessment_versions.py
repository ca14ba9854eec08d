"""Versions of the assessment: the first never changes, the second says why there is no pupil number, and each assessment
keeps the one it was made with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from joinedup.casework import assessing, queries, services
from joinedup.casework.assessing import Given, all_specs, known_beforehand, newest_spec, read_answer, spec_of
from joinedup.casework.assessing_codes import FACTORS, FACTORS_UNCONFIRMED, UPN_UNKNOWN
from joinedup.casework.assessment_document import assessment_document
from joinedup.casework.models import Assessment
from joinedup.casework.tests.assessed import Work, agree, begin, fill, make_work, section_of, signed
from joinedup.core.errors import Refused, Stale
from joinedup.organisations.tests.factories import AT

UPN = "W999000126001"  # made up; its check letter is right
LATER = AT + timedelta(days=30)


def test_the_first_version_asks_what_it_always_asked() -> None:
    first, second = all_specs()
    assert (first.version, second.version, newest_spec().version) == (1, 2, 2)
    assert [each.code for each in first.sections] == [each.code for each in second.sections]
    asked = [{(part.code, each.code) for part in spec.sections for each in part.questions} for spec in (first, second)]
    assert asked[1] - asked[0] == {("child", "upn_unknown")}
    assert asked[0] <= asked[1]
    assert dict(first.by_code["conclusions"].question("factors").choices) == FACTORS
    differs = [
        (part.code, each.code)
        for part in first.sections
        for each in part.questions
        if each != second.by_code[part.code].question(each.code)
    ]
    assert differs == [("conclusions", "factors")]


def test_every_code_of_the_census_is_there_and_says_where_its_label_was_not_confirmed() -> None:
    child, conclusions = (newest_spec().by_code[code] for code in ("child", "conclusions"))
    assert list(UPN_UNKNOWN) == [f"UN{number}" for number in range(1, 8)]
    assert child.question("upn_unknown").choices == tuple(UPN_UNKNOWN.items())
    factors = conclusions.question("factors")
    assert {"22A", "23A", "24A"} == set(factors.unconfirmed) == set(FACTORS_UNCONFIRMED)
    assert [code for code, _ in factors.choices][-2:] == ["20", "21"]
    assert len(factors.choices) == len(FACTORS) + 3
    assert factors.label_of(["16A", "22A"]) == "Neglect, Female genital mutilation (label not confirmed)"
    assert dict(factors.offered)["16A"] == "Neglect"
    assert read_answer(factors, ["24A", "22A"]) == ["22A", "24A"]
    with pytest.raises(ValueError, match="stands alone"):
        read_answer(factors, ["21", "22A"])
    with pytest.raises(ValueError, match="choose from the answers"):
        read_answer(spec_of(1).by_code["conclusions"].question("factors"), ["22A"])


def test_a_pupil_number_that_is_known_now_leaves_no_reason_why_it_was_not() -> None:
    given = [
        Given("child", "upn_unknown", "UN1", "the assessment A-1", date(2026, 1, 1)),
        Given("child", "upn", UPN, "the school", date(2026, 2, 1)),
    ]
    assert set(known_beforehand(newest_spec(), given)["child"]) == {"upn"}
    assert known_beforehand(newest_spec(), given[:1])["child"]["upn_unknown"]["value"] == "UN1"
    assert "child" not in known_beforehand(spec_of(1), given[:1])


@pytest.fixture
def work() -> Work:
    return make_work()


@pytest.mark.django_db
def test_the_reason_is_kept_in_standard_form_and_never_beside_a_number(work: Work) -> None:
    row = begin(work)
    section = section_of(row, "child")
    by = work.actor("amira")
    with pytest.raises(Refused) as both:
        services.save_section(
            section=section, answers={"upn": UPN, "upn_unknown": "UN2"}, version=section.version, by=by, at=AT
        )
    assert (both.value.rule, both.value.field) == ("CW-112", "upn_unknown")
    section = section_of(row, "child")
    services.save_section(section=section, answers={"upn_unknown": "UN2"}, version=section.version, by=by, at=AT)
    assert section_of(row, "child").answers["upn_unknown"] == "UN2"
    section = section_of(row, "child")
    with pytest.raises(Stale):  # somebody typed the number meanwhile: both are shown, as always
        services.save_section(section=section, answers={"upn": UPN}, version=section.version - 1, by=by, at=AT)
    services.save_section(
        section=section, answers={"upn": UPN, "upn_unknown": ""}, version=section.version, by=by, at=AT
    )
    assert section_of(row, "child").answers["upn_unknown"] == ""


@pytest.mark.django_db
def test_an_assessment_of_the_first_version_keeps_it_and_the_next_begins_with_what_it_said(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(work)
    with monkeypatch.context() as before:
        before.setattr(assessing, "_specs", {1: spec_of(1)})
        first = signed(work, scores={"health": 3})
    assert Assessment.objects.get(pk=first.pk).spec_version == 1
    seen = queries.assessment(work.actor("amira"), first.pk)
    assert "upn_unknown" not in [each.code for each in seen.spec.by_code["child"].questions]
    agree(work, at=LATER)
    second = begin(work, at=LATER)
    assert second.spec_version == 2
    known = section_of(second, "health").known
    assert known["needs"]["source"] == f"the assessment {first.reference}"
    fill(work, second, at=LATER, scores={"health": 8})
    section = section_of(second, "child")
    services.save_section(
        section=section,
        answers={"upn_unknown": "UN5"},
        version=section.version,
        by=work.actor("amira", LATER),
        at=LATER,
    )
    section = section_of(second, "conclusions")
    services.save_section(
        section=section, answers={"factors": ["22A"]}, version=section.version, by=work.actor("amira", LATER), at=LATER
    )
    second.refresh_from_db()
    services.sign_assessment(assessment=second, version=second.version, by=work.actor("amira", LATER), at=LATER)
    beside = queries.beside_previous(work.actor("amira", LATER), second.pk)
    assert next(each.distance for each in beside.travelled if each.code == "health") == 5
    changed = {each.question.code: (each.before, each.now) for each in beside.changed}
    assert changed["upn_unknown"] == ("", UPN_UNKNOWN["UN5"])
    viewer = replace(work.actor("amira"), at=LATER)
    papers = [str(assessment_document(queries.assessment(viewer, each.pk), viewer).blocks) for each in (first, second)]
    assert ["Why there is no unique pupil number" in paper for paper in papers] == [False, True]
    assert "Female genital mutilation (label not confirmed)" in papers[1]
