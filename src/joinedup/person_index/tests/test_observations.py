"""Observations: what is read from a file, what is kept, what is reported, and that the same file changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from joinedup.access.actor import system
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.tabular import read_table
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.person_index.models import Observation, ObservationRun
from joinedup.person_index.observing import KINDS, NoSuchColumns, read_observations
from joinedup.person_index.services import ObservationImport, import_observations
from joinedup.person_index.tests.factories import make_record

TODAY = AT.date()


def read(text: str) -> object:
    return read_observations(read_table(text.encode()), today=TODAY)


@pytest.mark.parametrize(
    ("line", "field", "sentence"),
    [
        ("P1,attendance,2/11/2026,71", "", ""),
        ("P1,Missing from home,2 November 2026,", "", ""),
        ("P1,A&E attendance,2026-11-02,", "", ""),
        ("P1,attendance,2026-11-02,71%", "", ""),
        (",attendance,2026-11-02,71", "agency_reference", "The agency's own reference"),
        ("P1,horoscope,2026-11-02,", "kind", "is not a kind of observation"),
        ("P1,attendance,,71", "happened_on", "The day is missing."),
        ("P1,attendance,31 February 2026,71", "happened_on", "is not a date"),
        ("P1,attendance,19/11/2026,71", "happened_on", "still to come"),
        ("P1,attendance,2026-11-02,", "value", "Give a number of per cent."),
        ("P1,attendance,2026-11-02,101", "value", "between 0 and 100 per cent"),
        ("P1,suspension,2026-11-02,NaN", "value", "between 0.5 and 45 days"),
    ],
)
def test_what_is_read_of_a_row(line: str, field: str, sentence: str) -> None:
    found = read_observations(read_table(f"Pupil ID,Event type,Date,Value\n{line}\n".encode()), today=TODAY)
    if not field:
        assert len(found.rows) == 1
        assert found.rejected == []
    else:
        assert found.rows == []
        assert [(each.row, each.field) for each in found.rejected] == [(2, field)]
        assert sentence in found.rejected[0].reason


def test_a_file_without_its_columns_is_refused_whole() -> None:
    with pytest.raises(NoSuchColumns, match="no column for the kind"):
        read("reference,date\nP1,2026-11-02\n")


def test_every_kind_can_be_said_in_words() -> None:
    for kind in KINDS.values():
        assert ("{value}" in kind.words) == bool(kind.unit)


def bring(text: str, *, dry_run: bool = False) -> ObservationImport:
    return import_observations(
        agency_code="SCHOOLS", file_name="seen.csv", content=text.encode(), dry_run=dry_run, by=system(AT), at=AT
    )


HEAD = "reference,kind,date,value\n"


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_a_change_keeps_what_was_said() -> None:
    record = make_record(agency=make_organisation(code="SCHOOLS", kind="school"), agency_reference="P1")
    text = f"{HEAD}P1,attendance,2026-11-02,71\nP1,attendance,2026-11-02,71\nP1,attendance,2026-11-02,72\nX9,suspension,2026-11-02,2\n"
    first = bring(text)
    assert first.counts == {"read": 4, "created": 1, "unchanged": 0, "updated": 0, "rejected": 2, "duplicates": 1}
    assert [(each.row, each.field) for each in first.rejected] == [(4, "date"), (5, "agency_reference")]
    again = bring(text)
    assert (again.counts["created"], again.counts["unchanged"]) == (0, 1)
    changed = bring(f"{HEAD}P1,attendance,2026-11-02,95.5\n")
    assert changed.counts["updated"] == 1
    rows = Observation.objects.order_by("supplied_at", "pk").values_list(
        "record", "happened_on", "value", "replaced_at"
    )
    assert sorted(rows, key=lambda row: row[2]) == [
        (record.pk, date(2026, 11, 2), Decimal("71.00"), AT),
        (record.pk, date(2026, 11, 2), Decimal("95.50"), None),
    ]


@pytest.mark.django_db
def test_a_dry_run_leaves_nothing() -> None:
    make_record(agency=make_organisation(code="SCHOOLS", kind="school"), agency_reference="P1")
    assert bring(f"{HEAD}P1,attendance,2026-11-02,71\n", dry_run=True).counts["created"] == 1
    assert not Observation.objects.exists()
    assert not ObservationRun.objects.exists()


@pytest.mark.django_db
def test_an_unknown_agency_and_a_stranger_are_refused() -> None:
    with pytest.raises(Refused, match="no agency with the code"):
        bring(f"{HEAD}P1,attendance,2026-11-02,71\n")
    account, _ = make_post()
    with pytest.raises(NotPermitted):
        import_observations(agency_code="X", file_name="x.csv", content=b"x", by=actor_of(account), at=AT)
