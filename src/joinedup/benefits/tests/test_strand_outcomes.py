"""The families of a strand as a series' cohort, outcomes of a whole family in a locality, and who is around a family."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.benefits import services as benefits
from joinedup.benefits.queries.groups import CODE, families_of_strands
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.casework import events
from joinedup.casework.models import CaseMember, CaseNote, Intervention
from joinedup.casework.queries import professionals_around
from joinedup.casework.tests.factories import make_case, make_family
from joinedup.chronology.services import record_event
from joinedup.core.errors import NotVisible, Refused
from joinedup.core.formats import LONDON
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, make_locality, make_post, make_team
from joinedup.outcomes import services
from joinedup.outcomes.counting import Someone, Unit, is_about, is_in_group
from joinedup.outcomes.models import Cohort, Measure, SeriesReading
from joinedup.outcomes.queries.counted import counted
from joinedup.outcomes.subjects import Belonging, GroupKind, groups_offered, register_families, register_groups
from joinedup.outcomes.tests.factories import make_measure, make_series
from joinedup.person_index.tests.factories import make_person

pytestmark = pytest.mark.django_db
BY = system(AT)
FIRST, Q1 = date(2026, 1, 1), date(2026, 3, 31)


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with patch("joinedup.access.middleware.timezone.now", return_value=AT):
        yield


# --- Pure -------------------------------------------------------------------------------------------------------------

ASH, BIRCH, CHILD = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(("family", "people", "day", "is_in"), [
    (ASH, (), date(2026, 2, 1), True), (ASH, (), date(2026, 1, 31), False), (ASH, (), date(2026, 3, 1), True),
    (ASH, (), date(2026, 3, 2), False), (BIRCH, (), date(2026, 2, 1), False),
    (None, (CHILD,), date(2026, 2, 1), True), (None, (UUID(int=4),), date(2026, 2, 1), False),
    (BIRCH, (CHILD,), date(2026, 2, 1), False),  # its own family goes before those of its people
    (None, (), date(2026, 2, 1), False),
])  # fmt: skip
def test_whoever_was_in_the_group_on_the_day(
    family: UUID | None, people: tuple[UUID, ...], day: date, is_in: bool
) -> None:
    group = [Belonging(ASH, date(2026, 2, 1), date(2026, 3, 1))]
    homes = {CHILD: frozenset({ASH})}
    unit = Unit(day, people, family, True, "")
    assert is_in_group(unit, group, homes) is is_in
    assert is_in_group(unit, None, homes)
    assert not is_in_group(unit, [], homes)


def test_a_whole_family_has_a_place_and_no_age() -> None:
    here, there = uuid4(), uuid4()
    unit = Unit(FIRST, (), ASH, True, "")
    people = {ASH: Someone(None, here)}
    assert is_about(unit, people, place=here, youngest=None, oldest=None)
    assert not is_about(unit, people, place=there, youngest=None, oldest=None)
    assert not is_about(unit, people, place=None, youngest=0, oldest=18)
    assert not is_about(unit, {}, place=here, youngest=None, oldest=None)


def test_a_kind_of_group_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered already"):
        register_groups(GroupKind(CODE, "Others", lambda viewer: [], lambda viewer, keys: {}))


# --- Counted ----------------------------------------------------------------------------------------------------------


def _moment(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), LONDON) + timedelta(hours=9)


def _case(number: int, *, postcode: str = "ZZ1 1AA") -> Any:
    child = make_person(given_name=f"Rowan{number}", birth_date=date(2015, 1, 1), postcode=postcode)
    return make_case(team=make_team(), family=make_family((child, "child")), at=_moment(date(2026, 1, 10)))


def _put_in(run: Run, strand: str, *cases: Any, since: date = FIRST) -> None:
    benefits.put_in_families(
        strand=run.strands[strand], references=[each.reference for each in cases], starts_on=since, source="hand",
        by=BY, at=AT,
    )  # fmt: skip


def _cohort(run: Run, strand: str = "families") -> Cohort:
    return services.add_cohort(
        code=strand.upper(), name=f"Families of {strand}", definition="", youngest=None, oldest=None,
        group=f"{CODE}:{run.strands[strand].pk}", by=run.manager, at=AT,
    )  # fmt: skip


def _newest(series: Any) -> tuple[Any, ...]:
    row = SeriesReading.objects.filter(series=series).latest("recorded_at", "id")
    return row.numerator, row.denominator, row.ends_on


def test_a_measure_is_counted_for_the_families_of_a_strand() -> None:
    """Seven of nine families are in it; one came in later than its step; families of a strand merged into it count too."""
    run = make_programme()
    cases = [_case(number) for number in range(9)]
    _put_in(run, "families", *cases[:6])
    _put_in(run, "families", cases[6], since=date(2026, 3, 1))
    for case in cases:
        record_event(
            events.LEVEL_CHANGED, source=case, by=BY, at=_moment(date(2026, 2, 1)), family_id=case.family_id,
            people=list(case.people.values_list("person_id", flat=True)), code="level_2",
        )  # fmt: skip
    measure = make_measure(code="STEPS", counter="step_downs")
    (everybody,), (strand,) = make_series(measure), make_series(measure, cohort=_cohort(run))
    services.count_readings(by=BY, at=AT)
    assert _newest(everybody) == (9, 9, Q1)
    assert _newest(strand) == (6, 6, Q1)
    _put_in(run, "safer", cases[7], cases[0])
    benefits.merge_strand(
        strand=run.strands["safer"], into=run.strands["families"], reason="The same families", by=run.manager, at=AT
    )
    services.count_readings(by=BY, at=AT)
    assert _newest(strand) == (7, 7, Q1)  # who is in both counts once
    page = counted(run.manager, strand.pk, Q1)
    assert page.units == ()  # of the families the programme manager works with none
    assert families_of_strands(run.manager, [f"{CODE}:{run.strands['families'].pk}"]) == {}


def test_statements_do_not_grow_with_the_families() -> None:
    run = make_programme()
    measure = make_measure(code="STEPS", counter="step_downs")
    make_series(measure, cohort=_cohort(run))
    counts = []
    for start in (0, 6):
        for number in range(start, start + 6):
            case = _case(number)
            _put_in(run, "families", case)
            record_event(
                events.LEVEL_CHANGED, source=case, by=BY, at=_moment(date(2026, 2, 1)), family_id=case.family_id, people=[],
                code="level_2",
            )  # fmt: skip
        services.count_readings(by=BY, at=AT)
        with CaptureQueriesContext(connection) as asked:
            services.count_readings(by=BY, at=AT)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_a_group_is_refused_for() -> None:
    run = make_programme()
    made = _cohort(run)
    for group, rule in ((made.group, "OC-36"), (f"{CODE}:{uuid4()}", "OC-35"), ("nothing", "OC-35")):
        with pytest.raises(Refused) as refused:
            services.add_cohort(
                code="OTHER",
                name="Others",
                definition="",
                youngest=None,
                oldest=None,
                group=group,
                by=run.manager,
                at=AT,
            )
        assert refused.value.rule == rule
    with pytest.raises(Refused) as elsewhere:
        make_series(make_measure(code="NEET2", counter="not_in_education"), cohort=made)
    assert elsewhere.value.rule == "OC-37"
    benefits.close_strand(strand=run.strands["safer"], reason="Done", by=run.manager, at=AT)
    assert [each.name for each in groups_offered(run.manager)] == ["Families together (Altogether better)"]
    stranger = make_post(role=Role.COMMISSIONER, employer=Organisation.objects.create(code="ELSE", name="Elsewhere"))[0]
    assert groups_offered(SimpleNamespace(roles=frozenset(), is_system=False, standings=())) == []
    assert stranger is not None


def test_the_page_that_adds_a_group_offers_the_strands() -> None:
    run = make_programme()
    visitor = Visitor(run.manager)
    assert "Safer communities (Altogether better)" in visitor.see("outcome_cohort_new")
    told = {"code": "SAFER", "name": "Families of safer communities", "group": f"{CODE}:{run.strands['safer'].pk}"}
    assert visitor.send("outcome_cohort_new", **told).status_code == 302
    assert Cohort.objects.get(code="SAFER").group == told["group"]


def test_outcomes_of_a_whole_family_count_for_its_locality() -> None:
    """Six families, each with an outcome of its own in its plan: where its youngest child lives, and for the whole."""
    register_families("casework.case", lambda viewer, ids: {str(each.pk): each.family_id for each in cases})
    north, south = (
        make_locality(code="N", name="North", prefixes=("ZZ1",)), make_locality(code="S", name="South", prefixes=("ZZ2",)),
    )  # fmt: skip
    cases = [_case(number, postcode="ZZ1 1AA" if number < 7 else "ZZ2 1AA") for number in range(8)]
    run = make_programme()
    _put_in(run, "families", *cases[:6])
    measure = make_measure(code="DIST", counter="distance_travelled")
    whole, there, elsewhere = make_series(measure, areas=(None, north, south))
    (strand,) = make_series(measure, cohort=_cohort(run))
    scale = Measure.objects.get(code="SCALE")
    for case in cases:
        said = {"people": [], "by": BY, "at": AT}
        start = services.record_baseline(
            measure=scale, subject=case, person_id=None, value=Decimal(3), on=date(2026, 1, 20), **said
        )
        services.record_reading(baseline=start, value=Decimal(5), on=date(2026, 2, 20), words="", source=case, **said)
    services.count_readings(by=BY, at=AT)
    assert [_newest(each)[1] for each in (whole, there, elsewhere, strand)] == [8, 7, 1, 6]


# --- Who is around a family -------------------------------------------------------------------------------------------


def test_whoever_visits_and_gives_help_is_one_professional() -> None:
    """By account: two posts of one person, and help that was written down with their name. Two of one name stay apart."""
    case = make_case(team=make_team(), at=_moment(date(2026, 1, 10)))
    account, post = make_post(role=Role.KEY_WORKER, team=make_team(), name="Amira Testerly")
    _, second = make_post(role=Role.KEY_WORKER, team=make_team(), account=account)
    CaseMember.objects.create(case=case, post=post, part="member", joined_at=_moment(date(2026, 1, 11)))
    for holder in (post, second):
        CaseNote.objects.create(
            case=case,
            kind="visit",
            result="seen",
            happened_at=_moment(date(2026, 2, 1)),
            words="x",
            post=holder,
            written_at=AT,
        )
    for who in ("Amira Testerly", "amira  testerly, key worker", "Amira Testerly (family hub)", "A dance teacher"):
        Intervention.objects.create(
            case=case, service="Help", words="x", delivered_by=who, starts_on=date(2026, 2, 1), recorded_at=AT
        )
    asked = {"since": FIRST, "on": Q1}
    found = professionals_around(BY, [case.family_id], **asked)[case.family_id]
    assert found == {f"person: {account.pk}": 5, "help: a dance teacher": 1}
    other, namesake = make_post(role=Role.KEY_WORKER, team=make_team(), name="Amira Testerly")
    CaseMember.objects.create(case=case, post=namesake, part="member", joined_at=_moment(date(2026, 1, 11)))
    apart = professionals_around(BY, [case.family_id], **asked)[case.family_id]
    assert (apart[f"person: {account.pk}"], apart[f"person: {other.pk}"], apart["help: amira testerly"]) == (2, 0, 1)
    assert professionals_around(BY, [], **asked) == {}
    with pytest.raises(NotVisible):
        counted(BY, uuid4(), Q1)
