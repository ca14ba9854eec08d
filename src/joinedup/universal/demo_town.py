"""A year of universal support for an invented town: programmes in every locality, their sessions and registers, and what
the young people do. Written in bulk: by its services it would take hours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from joinedup.access.actor import system
from joinedup.core.bulk import fill_temporary, insert_from
from joinedup.core.formats import london
from joinedup.core.models import new_id
from joinedup.organisations.queries import localities, organisation_with_code, teams_serving
from joinedup.universal.models import Attendance, Participation, Programme, Session
from joinedup.universal.settings import confirmed_days

_WEEKS = 36
# name, kind, youngest, oldest, run by the council's team there (else by the schools), weekday, from, to, how many come
_EACH = (
    ("stay and play", "stay_and_play", 0, 4, True, 1, "09:30", "11:00"),
    ("baby clinic", "baby_clinic", 0, 1, True, 3, "10:00", "12:00"),
    ("breakfast club", "breakfast_club", 5, 11, False, 0, "07:45", "08:45"),
    ("homework club", "after_school", 8, 16, False, 2, "15:30", "17:00"),
    ("youth club", "youth_club", 11, 18, True, 4, "18:00", "20:30"),
)
_PLACES = ("Alder", "Birch", "Cedar", "Damson", "Elder", "Fern", "Gorse", "Hazel")
_PROGRAMME = {
    "id": "uuid", "name": "text", "kind": "text", "organisation_id": "uuid", "team_id": "uuid", "locality_id": "uuid",
    "place": "text", "youngest": "int", "oldest": "int", "weekday": "int", "starts": "time", "ends": "time",
    "regulars": "int", "district": "text", "born_after": "date", "born_until": "date",
}  # fmt: skip


def load(*, at: datetime, regulars: int = 28) -> int:
    """Write them; `regulars` are how many come to each programme more or less often. Returns how many attendances."""
    day = london(at).date()
    fill_temporary("town_programme", _PROGRAMME, _programmes(at, regulars))
    insert_from(Programme, "town_programme", {
        "id": "id", "name": "name", "kind": "kind", "organisation_id": "organisation_id", "team_id": "team_id",
        "locality_id": "locality_id", "place": "place", "youngest": "youngest", "oldest": "oldest",
        "opened_at": f"timestamptz '{at.isoformat()}' - interval '300 days'",
    })  # fmt: skip
    monday = day - timedelta(days=day.weekday())
    weeks = f"town_programme p CROSS JOIN generate_series(1, {_WEEKS}) AS week (back)"
    held = f"(date '{monday.isoformat()}' - week.back * 7 + p.weekday)"
    insert_from(Session, weeks, {
        "id": "gen_random_uuid()", "programme_id": "p.id", "held_on": held, "starts_time": "p.starts", "ends_time": "p.ends",
        "state": "'held'", "finished_at": f"({held} + p.ends) AT TIME ZONE 'Europe/London'",
        "adults": "CASE WHEN p.oldest < 5 THEN 4 + (abs(hashtext(p.name || week.back)) %% 9) ELSE 0 END",
        "children": "abs(hashtext(week.back || p.name)) %% 4",
    })  # fmt: skip
    came = _write_registers()
    _write_participation(at)
    return came


def _programmes(at: datetime, regulars: int) -> list[tuple[object, ...]]:
    by, day = system(at), london(at).date()
    council, schools = (organisation_with_code(by, code) for code in ("COUNCIL", "SCHOOLS"))
    rows: list[tuple[object, ...]] = []
    for number, locality in enumerate(localities(by)):
        team = teams_serving(by, locality, on=day)[0]
        for half in range(2):
            name = _PLACES[(2 * number + half) % len(_PLACES)]
            for words, kind, youngest, oldest, is_council, weekday, starts, ends in _EACH:
                runs = council if is_council else schools
                rows.append((
                    new_id(), f"{name} {words}", kind, runs.pk, team.pk if is_council else None, locality.pk,
                    f"{name} Family Hub" if is_council else f"{name} Example School", youngest, oldest, weekday, starts, ends,
                    regulars, f"ZZ{2 * number + half + 1} ", _years_before(day, oldest + 1), _years_before(day, youngest),
                ))  # fmt: skip
    return rows


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


# A programme's regulars: children of its ages whose record of the organisation lies in its district, in an order that is
# theirs; each comes to about two sessions in three.
_REGULARS = """
(SELECT p.id AS programme_id, r.id AS record_id, p.regulars,
        row_number() OVER (PARTITION BY p.id ORDER BY md5(r.id::text || p.name)) AS place
 FROM town_programme p
 JOIN person_index_agencyrecord r ON r.agency_id = p.organisation_id AND r.postcode LIKE p.district || '%%'
  AND r.birth_date > p.born_after AND r.birth_date <= p.born_until) one
JOIN universal_session s ON s.programme_id = one.programme_id AND one.place <= one.regulars
 AND hashtext(s.id::text || one.record_id::text) %% 3 <> 0
"""
_YOUNG = """
(SELECT p.id, abs(hashtext(p.id::text)) %% 100 AS lot, d.day - abs(hashtext(p.id::text || 'c')) %% 70 AS confirmed
 FROM person_index_person p CROSS JOIN town_day d
 WHERE p.continued_by_id IS NULL AND p.died_on IS NULL
   AND p.birth_date > d.day - interval '20 years' AND p.birth_date <= d.day - interval '14 years'
   AND NOT EXISTS (SELECT 1 FROM universal_participation u WHERE u.person_id = p.id)) young
JOIN town_doing doing ON young.lot BETWEEN doing.first AND doing.last
"""
_DOING = (("education", "", 0, 83), ("employment", "", 84, 90), ("training", "", 91, 93), ("neither", "seeking", 94, 95),
          ("neither", "not_said", 96, 97))  # fmt: skip


def _write_registers() -> int:
    return insert_from(Attendance, _REGULARS, {
        "id": "gen_random_uuid()", "session_id": "s.id", "record_id": "one.record_id",
        "mark": "CASE abs(hashtext(one.record_id::text || s.id::text)) %% 12 WHEN 0 THEN 'late' WHEN 1 THEN 'absent'"
        " ELSE 'present' END",
        "marked_at": "s.finished_at",
    })  # fmt: skip


def _write_participation(at: datetime) -> None:
    """Of a hundred young people about 84 learn, 7 work, 3 are in training, 4 do neither; of the rest nobody has said."""
    by, day = system(at), london(at).date()
    schools = organisation_with_code(by, "SCHOOLS")
    fill_temporary("town_day", {"day": "date", "at": "timestamptz", "source": "uuid"}, [(day, at, schools.pk)])
    columns = {"status": "text", "reason": "text", "first": "int", "last": "int", "days": "int"}
    fill_temporary("town_doing", columns, [(*each, confirmed_days(each[0], day)) for each in _DOING])
    insert_from(Participation, f"{_YOUNG} CROSS JOIN town_day d", {
        "id": "gen_random_uuid()", "person_id": "young.id", "status": "doing.status", "provider": "''",
        "reason": "doing.reason", "confirmed_on": "young.confirmed", "expires_on": "young.confirmed + doing.days",
        "starts_on": "young.confirmed - 30 - abs(hashtext(young.id::text || 'x')) %% 300", "source_id": "d.source",
        "recorded_at": "d.at - interval '1 day'",
    })  # fmt: skip
