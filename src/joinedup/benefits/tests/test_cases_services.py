"""Business cases with PostgreSQL: who may write them, two people at once, rounds that stay."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.benefits.case_building import mark_of
from joinedup.benefits.models import BusinessCase, Round
from joinedup.benefits.queries import cases as queries
from joinedup.benefits.services import cases as services
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.engines.appraisal import model_data, read_text
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

pytestmark = pytest.mark.django_db

EXAMPLE = resources.files("joinedup.engines.appraisal").joinpath("examples/early-support.toml")


def example() -> dict[str, Any]:
    data = model_data(read_text(EXAMPLE.read_bytes()))
    called = {"Council": "COUNCIL", "NHS": "NHS", "Police": "POLICE"}
    for line in [*data["costs"], *data["benefits"]]:
        line["agencies"] = {called.get(name, name): share for name, share in line["agencies"].items()}
    return data


def begun(run: Run, strand: str = "families", title: str = "As agreed") -> BusinessCase:
    return services.begin_case(strand=run.strands[strand], title=title, by=run.manager, at=AT)


def filled(run: Run, strand: str = "families") -> BusinessCase:
    case = begun(run, strand)
    return services.take_over_model(case=case, model=example(), version=1, source="a file", by=run.manager, at=AT)


def save(run: Run, case: BusinessCase, part: str, place: int, values: dict[str, Any], **said: Any) -> BusinessCase:
    now = BusinessCase.objects.get(pk=case.pk)
    seen = said.get("seen", mark_of(part, now.model, place))
    by = said.get("by", run.manager)
    return services.save_part(case=case, part=part, place=place, values=values, seen=seen, by=by, at=AT)


def test_who_may_write_a_case() -> None:
    """Who runs the programme, and the director of the strand's sponsor; the other directors read; strangers do not know."""
    run = make_programme()
    case = begun(run)
    save(run, case, "who", 0, {"intake_0": 10.0}, by=run.directors["COUNCIL"])
    with pytest.raises(NotPermitted, match="strand’s sponsor"):
        save(run, case, "who", 0, {"intake_0": 20.0}, by=run.directors["NHS"])
    assert queries.case_for(run.directors["NHS"], case.pk).model["cohort"] == {"size": [10.0]}
    other = make_organisation(code="OTHER", name="Another council")
    stranger = actor_of(make_post(role=Role.COMMISSIONER, employer=other, name="Other Testplan")[0], AT)
    with pytest.raises(NotVisible):
        queries.case_for(stranger, case.pk)
    with pytest.raises(NotPermitted):
        services.begin_case(strand=run.strands["families"], title="Mine", by=stranger, at=AT)
    assert AuditEvent.objects.filter(action="benefits.write_case", kind="write").count() == 2


def test_a_case_needs_a_name_and_an_open_strand() -> None:
    run = make_programme()
    with pytest.raises(Refused, match="called"):
        begun(run, title="  ")
    strand = run.strands["safer"]
    strand.state = "closed"
    with pytest.raises(Refused, match="no longer open"):
        services.begin_case(strand=strand, title="Late", by=run.manager, at=AT)


def test_pages_are_saved_one_by_one() -> None:
    """Two people on different pages lose nothing; on one page both texts come back, and a line that is gone is said to be."""
    run = make_programme()
    case = begun(run)
    with pytest.raises(Refused, match="what it is"):
        save(run, case, "changes", 0, {"impact": 0.5})
    save(run, case, "changes", 0, {"name": "Fewer moves", "code": "B1", "impact": 0.5})
    new = mark_of("changes", {})
    case = save(run, case, "changes", 0, {"name": "More at school", "code": "B2"}, seen=new)
    assert [line["code"] for line in case.model["benefits"]] == ["B1", "B2"]
    seen = mark_of("changes", case.model, 0)
    save(run, case, "worth", 0, {"fiscal": 100.0})
    save(run, case, "changes", 0, {"name": "Fewer moves", "code": "B1", "impact": 0.4}, seen=seen)
    with pytest.raises(Stale) as stale:
        save(run, case, "changes", 0, {"name": "Fewer moves", "code": "B1", "impact": 0.3}, seen=seen)
    assert (stale.value.extra["theirs"]["impact"], stale.value.extra["yours"]["impact"]) == ("40", "30")
    assert stale.value.sentence.startswith("Perry Testplan")
    case = BusinessCase.objects.get(pk=case.pk)
    assert case.model["benefits"][0]["unit_cost"] == {"fiscal": 100.0}
    with pytest.raises(Refused, match="removed this line"):
        services.remove_line(case=case, kind="benefits", place=0, seen=seen, by=run.manager, at=AT)
    mark = mark_of("changes", case.model, 1)
    case = services.remove_line(case=case, kind="benefits", place=1, seen=mark, by=run.manager, at=AT)
    assert [line["code"] for line in case.model["benefits"]] == ["B1"]
    with pytest.raises(Refused, match="removed this line"):
        save(run, case, "worth", 1, {"fiscal": 1.0}, seen=mark)


def test_rounds_are_kept_for_good() -> None:
    """A round holds model, results and digest; the next says what changed and why; nobody alters one."""
    run = make_programme()
    case = begun(run)
    with pytest.raises(Refused, match="not finished: How many people join"):
        services.keep_round(case=case, why="", version=1, by=run.manager, at=AT)
    case = services.take_over_model(case=case, model=example(), version=1, source="a file", by=run.manager, at=AT)
    first = services.keep_round(case=case, why="", version=case.version, by=run.manager, at=AT)
    case.refresh_from_db()
    with pytest.raises(Refused, match="Nothing has changed since round 1"):
        services.keep_round(case=case, why="Again", version=case.version, by=run.manager, at=AT)
    sure = {f"grade_{place}": 5 for place in range(3)}
    case = save(run, case, "sure", 0, sure)
    with pytest.raises(Refused, match="Say why"):
        services.keep_round(case=case, why=" ", version=case.version, by=run.manager, at=AT)
    with pytest.raises(Refused, match="Look again"):
        services.keep_round(case=case, why="Stale", version=case.version - 1, by=run.manager, at=AT)
    services.keep_round(case=case, why="The trial was abroad.", version=case.version, by=run.manager, at=AT)
    newest, oldest = queries.rounds_of(run.directors["POLICE"], case.pk)
    assert (newest.number, oldest.number, newest.is_unchanged, oldest.is_unchanged) == (2, 1, True, True)
    assert "Evidence of “Children who do not come into care”: from grade 3 to grade 5" in newest.changed
    assert newest.results["npv_fiscal"] < oldest.results["npv_fiscal"]
    assert newest.kept_by == "Perry Testplan"
    with pytest.raises(DatabaseError), transaction.atomic():
        Round.objects.filter(pk=first.pk).update(why="Other")


def test_a_file_is_taken_over_whole_or_not_at_all() -> None:
    run = make_programme()
    case = filled(run)
    broken, many = example() | {"benefits": [{"code": "X"}]}, example() | {"costs": example()["costs"] * 31}
    with pytest.raises(Refused, match="impact"):
        services.take_over_model(case=case, model=broken, version=2, source="a file", by=run.manager, at=AT)
    with pytest.raises(Refused, match="at most 60"):
        services.take_over_model(case=case, model=many, version=2, source="a file", by=run.manager, at=AT)
    with pytest.raises(Refused, match="Look again"):
        services.take_over_model(case=case, model=example(), version=1, source="a file", by=run.manager, at=AT)


def test_a_case_is_withdrawn_and_brought_back() -> None:
    run = make_programme()
    case = filled(run)
    services.keep_round(case=case, why="", version=case.version, by=run.manager, at=AT)
    with pytest.raises(Refused, match="Say why"):
        services.withdraw_case(case=case, reason="", by=run.manager, at=AT)
    services.withdraw_case(case=case, reason="Another option was chosen.", by=run.manager, at=AT)
    assert queries.open_cases(run.manager, run.programme.pk) == []
    assert queries.newest_round(run.manager, run.strands["families"].pk) is None
    with pytest.raises(Refused, match="was withdrawn"):
        save(run, case, "who", 0, {"intake_0": 1.0})
    services.bring_back_case(case=case, by=run.manager, at=AT)
    assert len(queries.open_cases(run.manager, run.programme.pk)) == 1
    with pytest.raises(Refused, match="not withdrawn"):
        services.bring_back_case(case=case, by=run.manager, at=AT)


def test_stakes_over_the_newest_rounds_of_all_strands() -> None:
    """Each strand counts once, by its newest round; what has none is named; agencies go by their codes."""
    run = make_programme()
    assert queries.stakes_and_returns(run.manager, run.programme.pk).without == (
        "Families together",
        "Safer communities",
    )
    for strand in run.strands:
        case = filled(run, strand)
        services.keep_round(case=case, why="", version=case.version, by=run.manager, at=AT)
    case = save(run, case, "who", 0, {"intake_0": 800.0})
    services.keep_round(case=case, why="More families.", version=case.version, by=run.manager, at=AT)
    found = queries.stakes_and_returns(run.directors["NHS"], run.programme.pk)
    assert [each.number for each in found.rounds] == [1, 2]
    assert found.without == ()
    both = [each.results["agencies"]["COUNCIL"] for each in found.rounds]
    assert found.stakes["COUNCIL"].pv_cost == pytest.approx(sum(each["pv_cost"] for each in both))
    assert found.stakes["COUNCIL"].pv_benefit == pytest.approx(sum(each["pv_benefit"] for each in both))
    [line, *_] = queries.benefit_lines(found.rounds[0])
    assert (line.code, line.fiscal[0], len(line.agencies["COUNCIL"])) == ("SS1.0", 0.0, 5)
    assert sum(line.agencies["COUNCIL"]) == pytest.approx(sum(line.fiscal))
