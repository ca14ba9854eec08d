"""Series of the partnership: written, corrected, compared, counted and brought in; who sees which number."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import Actor, system
from joinedup.access.background import run_in_name
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import events
from joinedup.casework.tests.factories import make_case, make_family
from joinedup.chronology.services import record_event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.formats import LONDON
from joinedup.core.models.jobs import Job
from joinedup.organisations.tests.factories import AT, actor_of, make_cluster, make_locality, make_post, make_team
from joinedup.outcomes import queries, services
from joinedup.outcomes.models import Cohort, SeriesImport, SeriesReading, SeriesTarget
from joinedup.outcomes.queries.counted import counted
from joinedup.outcomes.queries.pages import history, outcome_list
from joinedup.outcomes.services.computing import look_after_outcomes
from joinedup.outcomes.tests.factories import make_measure, make_series, read, said_of
from joinedup.outcomes.trajectory import Standing
from joinedup.person_index.tests.factories import make_person

pytestmark = pytest.mark.django_db
BY = system(AT)
Q1, Q2, Q3 = date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30)


@pytest.fixture
def people() -> dict[str, Actor]:
    """Connie commissions, Perry runs the programme, Fin answers for money, Nia manages a team, Amira works with families."""
    roles = {
        "connie": Role.COMMISSIONER,
        "perry": Role.PROGRAMME_MANAGER,
        "fin": Role.FINANCE_DIRECTOR,
        "amira": Role.KEY_WORKER,
    }
    return {name: actor_of(make_post(role=role, name=f"{name.title()} Testerly")[0]) for name, role in roles.items()}


def seen(series: Any) -> queries.SeriesSeen:
    return queries.series_seen(BY, series.pk)


def refused(rule: str, call: Any) -> Refused:
    with pytest.raises(Refused) as found:
        call()
    assert found.value.rule == rule
    return found.value


# --- Writing and correcting.


def test_a_reading_is_corrected_by_a_row_that_says_why_and_taken_back_by_another() -> None:
    (series,) = make_series()
    read(series, (Q1, "9"), (Q2, "8"))
    again = said_of(Q2, "7.5")
    refused("OC-22", lambda: services.write_reading(series=series, said=again, reason=" ", by=BY, at=AT))
    services.write_reading(series=series, said=again, reason="The late returns came.", by=BY, at=AT)
    said = seen(series)
    assert [(each.ends_on, each.value, each.is_corrected) for each in said.readings] == [
        (Q1, 9, False),
        (Q2, Decimal("7.5"), True),
    ]
    services.take_back_reading(series=series, ends_on=Q2, reason="Another year’s number.", by=BY, at=AT)
    assert [each.ends_on for each in seen(series).readings] == [Q1]
    refused("OC-32", lambda: services.take_back_reading(series=series, ends_on=Q2, reason="x", by=BY, at=AT))
    assert SeriesReading.objects.count() == 4


def test_what_was_read_is_never_changed_in_the_database() -> None:
    (series,) = make_series()
    read(series, (Q1, "9"))
    for change in (lambda: SeriesReading.objects.update(value=1), lambda: SeriesReading.objects.all().delete()):
        with pytest.raises((InternalError, ProgrammingError, IntegrityError)), transaction.atomic():
            change()
    assert SeriesReading.objects.get().value == 9


def test_a_value_that_cannot_be_is_refused_at_its_field() -> None:
    (series,) = make_series()
    wrong = refused(
        "OC-21", lambda: services.write_reading(series=series, said=said_of(Q1, "101"), reason="", by=BY, at=AT)
    )
    assert (wrong.field, wrong.sentence) == ("value", "Enter a share from 0 to 100.")
    late = said_of(date(2026, 12, 31), "9")
    assert (
        refused("OC-21", lambda: services.write_reading(series=series, said=late, reason="", by=BY, at=AT)).field
        == "ends_on"
    )


def test_a_trajectory_keeps_what_it_was_and_nothing_is_behind_before_it_starts() -> None:
    (series,) = make_series()
    services.set_baseline(series=series, said=said_of(date(2025, 12, 31), "9"), reason="", by=BY, at=AT)
    first = {date(2027, 3, 31): Decimal(8), date(2028, 3, 31): Decimal(6)}

    def set_(targets: dict[date, Decimal], starts: date | None, reason: str = "") -> list[SeriesTarget]:
        return services.set_trajectory(series=series, starts_on=starts, targets=targets, reason=reason, by=BY, at=AT)

    refused("OC-28", lambda: set_(first, date(2027, 3, 31)))
    assert len(set_(first, date(2026, 9, 30))) == 2
    read(series, (Q1, "9.4"), (Q3, "9.2"))
    assert seen(series).standing is Standing.NOT_BEGUN
    assert set_(first, date(2026, 9, 30)) == []
    refused("OC-22", lambda: set_({date(2028, 3, 31): Decimal(6)}, None))
    set_({date(2028, 3, 31): Decimal(6)}, None, "The first step was never agreed.")
    said = seen(series)
    assert [(each.on, each.value) for each in said.targets] == [(date(2028, 3, 31), 6)]
    assert said.standing is Standing.BEHIND
    assert SeriesTarget.objects.count() == 3


def test_a_measure_is_read_once_for_an_area_and_a_cohort() -> None:
    measure, north = make_measure(), make_locality(code="NORTH", name="North")
    make_series(measure, areas=(None, north))
    refused("OC-23", lambda: make_series(measure, areas=(north,)))
    refused("OC-24", lambda: make_series(measure, areas=()))
    counted_one = make_measure(code="STEPS", counter="step_downs")
    assert (counted_one.form, counted_one.direction) == ("share", "up")
    refused("OC-25", lambda: make_measure(code="STEPS2", counter="step_downs"))
    refused("OC-26", lambda: make_series(counted_one, areas=(make_cluster(locality=north),)))
    refused("OC-5", lambda: make_measure(code="STEPS"))
    services.end_partnership_measure(measure=measure, by=BY, at=AT)
    refused("OC-7", lambda: services.end_partnership_measure(measure=measure, by=BY, at=AT))
    assert [each.code for each in queries.series_to_choose(BY)] == []


# --- Small numbers.


def test_few_people_are_hidden_and_the_next_smallest_area_with_them() -> None:
    measure = make_measure()
    areas = [make_locality(code=name.upper(), name=name) for name in ("East", "North", "South")]
    whole, east, north, south = make_series(measure, areas=(None, *areas))
    for series, top, bottom in ((whole, 60, 600), (east, 3, 200), (north, 20, 200), (south, 37, 200)):
        services.write_reading(series=series, said=said_of(Q1, of=(top, bottom)), reason="", by=BY, at=AT)
    assert seen(whole).say_point(seen(whole).latest) == "10.0%"
    assert seen(east).say_point(seen(east).latest) == "fewer than 6"
    assert [seen(each).latest.is_hidden for each in (east, north, south)] == [True, True, False]  # type: ignore[union-attr]
    hidden = seen(north).latest
    assert hidden is not None
    assert (hidden.value, hidden.numerator, hidden.denominator) == (None, None, None)


# --- Comparing.


def test_a_step_of_the_scale_needs_its_group_and_the_effect_has_an_interval() -> None:
    measure = make_measure()
    other = services.add_cohort(
        code="SOUTH", name="A comparable town", definition="", youngest=None, oldest=None, by=BY, at=AT
    )
    (here,), (there,) = make_series(measure), make_series(measure, cohort=other)
    for series, before, after in ((here, (450, 5000), (300, 5000)), (there, (440, 4900), (430, 4800))):
        services.write_reading(series=series, said=said_of(Q1, of=before), reason="", by=BY, at=AT)
        services.write_reading(series=series, said=said_of(Q3, of=after), reason="", by=BY, at=AT)

    def compare(level: int, group: Any = None, before: date | None = None) -> Any:
        return services.record_comparison(
            series=here, level=level, words="Alike in size.", other=group, before_on=before, after_on=None, by=BY, at=AT
        )

    refused("OC-29", lambda: compare(3))
    refused("OC-30", lambda: compare(3, here, Q1))
    refused("OC-31", lambda: compare(3, there, Q2))
    compare(2)
    plain = queries.effect_of(BY, here.pk)
    assert plain is not None
    assert (plain.level, plain.difference, plain.sentences) == (2, None, ())
    compare(3, there, Q1)
    found = queries.effect_of(BY, here.pk)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert float(found.difference or 0) == pytest.approx((6 - 9) - (430 / 48 - 440 / 49), abs=1e-5)
    assert found.low < found.difference < found.high < 0  # type: ignore[operator]
    assert found.is_clear
    assert queries.effect_of(BY, there.pk) is None
    services.take_back_reading(series=there, ends_on=Q3, reason="Wrong year.", by=BY, at=AT)
    missing = queries.effect_of(BY, here.pk)
    assert missing is not None
    assert missing.difference is None
    assert missing.missing


# --- Who.


def test_money_and_commissioners_read_and_only_those_who_keep_the_measures_write(people: dict[str, Actor]) -> None:
    (series,) = make_series()
    said = said_of(Q1, "9")
    for name in ("connie", "perry"):
        services.write_reading(series=series, said=said, reason="Again.", by=people[name], at=AT)
    assert queries.latest_reading(people["fin"], series.pk) is not None
    assert [each.id for each in queries.series_to_choose(people["fin"])] == [series.pk]
    with pytest.raises(NotPermitted):
        services.write_reading(series=series, said=said, reason="Again.", by=people["fin"], at=AT)
    with pytest.raises(NotPermitted):
        queries.series_seen(people["amira"], series.pk)
    with pytest.raises(NotPermitted):
        services.count_readings(by=people["perry"], at=AT)
    with pytest.raises(NotVisible):
        queries.series_seen(people["fin"], uuid4())


# --- Counting.


def _quarter(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=LONDON)


def test_steps_are_counted_by_locality_again_when_more_is_recorded_and_never_over_a_person_s_word() -> None:
    north, south = (
        make_locality(code="N", name="North", prefixes=("ZZ1",)),
        make_locality(code="S", name="South", prefixes=("ZZ2",)),
    )
    whole, there, elsewhere = make_series(make_measure(code="STEPS", counter="step_downs"), areas=(None, north, south))
    team = make_team(localities=(north,))
    first = _quarter(date(2026, 1, 10))
    cases = []
    for number in range(8):
        child = make_person(given_name=f"Rowan{number}", birth_date=date(2015, 1, 1), postcode="ZZ1 1AA")
        cases.append(make_case(team=team, family=make_family((child, "child")), at=first))

    def step(case: Any, level: int, day: date) -> None:
        people = list(case.people.values_list("person_id", flat=True))
        record_event(events.LEVEL_CHANGED, source=case, by=BY, at=_quarter(day), people=people, code=f"level_{level}")

    for case in cases[:7]:
        step(case, 2, date(2026, 2, 1))
    assert services.count_readings(by=BY, at=AT) == 2
    assert services.count_readings(by=BY, at=AT) == 0
    step(cases[7], 4, date(2026, 3, 1))
    assert services.count_readings(by=BY, at=AT) == 2
    newest = SeriesReading.objects.filter(series=whole).latest("recorded_at", "id")
    assert (newest.numerator, newest.denominator, newest.ends_on, newest.way) == (7, 8, Q1, "computed")
    assert newest.reason
    assert not SeriesReading.objects.filter(series=elsewhere).exists()
    assert seen(there).latest is not None
    assert seen(there).latest.is_hidden  # type: ignore[union-attr]  # one of eight went up
    services.write_reading(
        series=whole, said=said_of(Q1, of=(8, 8)), reason="One was written to the wrong family.", by=BY, at=AT
    )
    assert services.count_readings(by=BY, at=AT) == 0
    assert seen(whole).latest.value == 100  # type: ignore[union-attr]


def test_what_is_counted_is_listed_for_whoever_may_see_the_family_and_is_a_number_for_the_others() -> None:
    (whole,) = make_series(make_measure(code="STEPS", counter="step_downs"))
    team = make_team()
    nia = actor_of(make_post(role=Role.TEAM_MANAGER, team=team, name="Nia Testnorth")[0])
    teams = [team, *[make_team()] * 6]
    for place, each in enumerate(teams):
        child = make_person(given_name=f"Rowan{place}", birth_date=date(2015, 1, 1))
        case = make_case(team=each, family=make_family((child, "child")), at=_quarter(date(2026, 1, 10)))
        day = _quarter(date(2026, 2, 1))
        record_event(events.LEVEL_CHANGED, source=case, by=BY, at=day, people=[child.pk], code="level_2")
    services.count_readings(by=BY, at=AT)
    page = counted(nia, whole.pk, Q1)
    assert [name for unit in page.units for _, name in unit.people] == ["Rowan0 Testerfield"]
    assert page.others == 6
    assert page.units[0].words == "From level 3 to level 2"
    row = AuditEvent.objects.latest("id")
    assert (row.kind, row.purpose, len(row.people)) == ("read", "outcomes", 1)
    with pytest.raises(NotVisible):
        counted(nia, whole.pk, Q2)


def test_cohorts_with_ages_are_counted_by_them() -> None:
    ages = services.add_cohort(
        code="TEENS", name="Aged 11 and over", definition="", youngest=11, oldest=18, by=BY, at=AT
    )
    (series,) = make_series(make_measure(code="STEPS", counter="step_downs"), cohort=ages)
    for number, birth in enumerate([date(2012, 1, 1)] * 6 + [date(2020, 1, 1)]):
        child = make_person(given_name=f"Rowan{number}", birth_date=birth)
        case = make_case(team=make_team(), family=make_family((child, "child")), at=_quarter(date(2026, 1, 10)))
        record_event(
            events.LEVEL_CHANGED, source=case, by=BY, at=_quarter(date(2026, 2, 1)), people=[child.pk], code="level_2"
        )
    services.count_readings(by=BY, at=AT)
    assert seen(series).latest.denominator == 6  # type: ignore[union-attr]


def test_it_is_counted_once_a_day_in_the_background() -> None:
    make_series(make_measure(code="STEPS", counter="step_downs"))
    look_after_outcomes(at=AT.replace(hour=3))
    assert Job.objects.count() == 0
    look_after_outcomes(at=AT)
    look_after_outcomes(at=AT + timedelta(hours=5))
    assert Job.objects.filter(kind="outcomes.count").count() == 1
    look_after_outcomes(at=AT + timedelta(days=1))
    assert Job.objects.filter(kind="outcomes.count").count() == 2


def test_the_worker_counts_and_says_how_many_are_new() -> None:
    """The job the keeper asks for is run as the worker runs it: in its starter's name, to its end, with its effect."""
    (whole,) = make_series(make_measure(code="STEPS", counter="step_downs"))
    for number in range(7):
        child = make_person(given_name=f"Rowan{number}", birth_date=date(2015, 1, 1))
        case = make_case(team=make_team(), family=make_family((child, "child")), at=_quarter(date(2026, 1, 10)))
        day = _quarter(date(2026, 2, 1))
        record_event(events.LEVEL_CHANGED, source=case, by=BY, at=day, people=[child.pk], code="level_2")
    look_after_outcomes(at=AT)
    job = Job.objects.get(kind="outcomes.count")
    assert job.state == "waiting"
    run_in_name(job.pk, clock=lambda: AT)
    job.refresh_from_db()
    assert (job.state, job.message) == ("done", "1 readings of outcomes are new.")
    assert seen(whole).latest.numerator == 7  # type: ignore[union-attr]
    run_in_name(job.pk, clock=lambda: AT)
    assert SeriesReading.objects.count() == 1


# --- Files.

_FILE = """measure,area,cohort,from,to,value,numerator,denominator,source
NEET,,,,2026-03-31,,90,1000,Connexions
NEET,North,,2026-01-01,31/03/2026,8.5,,,
NEET,Nowhere,,,2026-03-31,9,,,
NEET,,,,2026-06-30,,5,,
OTHER,,,,2026-06-30,7,,,
NEET,,Nobody,,2026-06-30,7,,,
NEET,,,,2027-06-30,7,,,
STEPS,,,,2026-06-30,7,,,
NEET,,,,31.03.2026,9.0,,,
"""


def test_a_file_s_good_rows_land_and_every_other_says_why_and_again_is_harmless() -> None:
    make_measure()
    make_measure(code="STEPS", counter="step_downs")
    make_locality(code="NORTH", name="North")
    run = services.import_readings(file_name="q4.csv", content=_FILE.encode(), by=BY, at=AT)
    assert run.counts == {"read": 9, "recorded": 2, "corrected": 0, "known": 0, "rejected": 7}
    assert [(each["row"], each["field"]) for each in run.rejected] == [
        ("4", "area"), ("5", "denominator"), ("6", "measure"), ("7", "cohort"), ("8", "to"), ("9", "measure"), ("10", "to"),
    ]  # fmt: skip
    again = services.import_readings(file_name="q4.csv", content=_FILE.encode(), by=BY, at=AT)
    assert (again.counts["recorded"], again.counts["known"]) == (0, 2)
    assert SeriesReading.objects.count() == 2
    changed = "measure,to,value\nneet,2026-03-31,8.9\n"
    third = services.import_readings(file_name="late.csv", content=changed.encode(), by=BY, at=AT)
    assert third.counts["corrected"] == 1
    newest = SeriesReading.objects.latest("recorded_at", "id")
    assert (newest.value, newest.source, newest.reason) == (
        Decimal("8.9"),
        "The council’s own count",
        "In the file late.csv",
    )
    assert SeriesImport.objects.count() == 3


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"measure,area\nNEET,North\n", b"a,b\n1,2\n"])
def test_a_file_that_is_no_table_of_readings_is_refused(content: bytes) -> None:
    make_measure()
    refused("OC-33", lambda: services.import_readings(file_name="x.csv", content=content, by=BY, at=AT))
    assert SeriesImport.objects.count() == 0


def test_everybody_is_a_cohort_from_the_start() -> None:
    assert Cohort.objects.get(code="ALL").name == "Everybody"


def test_thousands_of_rows_take_as_many_statements_as_ten() -> None:
    """Read, made, locked and written all at once; the report stays, and the same file again writes nothing."""
    make_measure()
    for number in range(4):
        make_locality(code=f"L{number}", name=f"Place {number}")

    def rows(many: int) -> bytes:
        days = [
            date(1995 + year, month, last)
            for year in range(30)
            for month, last in ((3, 31), (6, 30), (9, 30), (12, 31))
        ]
        told = [f"NEET,Place {place},,{day},{place + 7}" for day in days for place in range(4)][:many]
        return "\n".join(["measure,area,cohort,to,value", *told, "NEET,Nowhere,,2020-03-31,9", told[0]]).encode()

    def take(content: bytes) -> tuple[int, SeriesImport]:
        with CaptureQueriesContext(connection) as statements:
            run = services.import_readings(file_name="years.csv", content=content, by=BY, at=AT)
        return len(statements), run

    few, first = take(rows(10))
    many, second = take(rows(480))
    assert (first.counts["recorded"], second.counts["recorded"], second.counts["known"]) == (10, 470, 10)
    assert [(each["field"], each["reason"][:11]) for each in second.rejected] == [
        ("area", "There is no"), ("to", "Another row"),
    ]  # fmt: skip
    assert many <= few <= 40
    again, third = take(rows(480))
    assert again <= few
    assert (third.counts["recorded"], third.counts["known"], SeriesReading.objects.count()) == (0, 480, 480)


# --- What is not shown, in the database.


def test_a_whole_a_cohort_and_a_baseline_give_no_small_number_away() -> None:
    """Areas, ages and what stood there before are judged together; the list of outcomes shows no more than the measure."""
    measure = make_measure(form="count")
    teens = services.add_cohort(code="TEENS", name="Teens", definition="", youngest=11, oldest=18, by=BY, at=AT)
    north = make_locality(code="NORTH", name="North")
    whole, there = make_series(measure, areas=(None, north))
    (young,) = make_series(measure, cohort=teens)
    for series, number in ((whole, "40"), (there, "30"), (young, "37")):
        read(series, (Q1, number))
    assert [seen(each).say_point(seen(each).latest) for each in (whole, there, young)] == [
        "40.0 families", "30.0 families", "not shown",
    ]  # fmt: skip
    services.set_baseline(series=there, said=said_of(Q1, "38"), reason="", by=BY, at=AT)
    said = seen(there)
    assert said.baseline is not None
    assert (said.baseline.value, said.readings[0].value) == (None, None)
    services.write_reading(series=whole, said=said_of(Q1, "42"), reason="Two came late.", by=BY, at=AT)
    assert [each.value for each in history(BY, whole.pk)] == ["42.0 families", "not shown"]
    listed = next(row.row for each in outcome_list(BY).outcomes for row in each.measures if row.row)
    assert listed.series.latest is not None
    assert listed.series.say_point(listed.series.latest) == seen(whole).say_point(seen(whole).latest)
