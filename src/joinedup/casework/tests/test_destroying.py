"""The words of a case go, all of them: every text column of every table that hangs on a case is placed, and after the destruction
nothing that was planted in one is found anywhere in the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from joinedup.access import chain
from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.models import Case, CaseMember, CaseNote, CasePerson, FamilyPlace, WordsDestroyed, WordsHold
from joinedup.casework.queries.keeping import CASE
from joinedup.casework.settings import keep_words_years
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.casework.tests.test_notes import World, visit, world
from joinedup.chronology.models import EventWords
from joinedup.core import keeping
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import Draft, Job, OutboxMessage
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from tests.support.database import Database

__all__ = ["world"]
CANARY = "Zebrafinch"


def _models() -> list[type[models.Model]]:
    return [each for each in apps.get_models() if each.__module__.startswith("joinedup.")]


def _hanging() -> set[type[models.Model]]:
    """Every table that leads to a case by its keys, however far."""
    found: set[type[models.Model]] = {Case}
    while True:
        more = {
            each
            for each in _models()
            if each not in found
            and any(field.is_relation and field.related_model in found for field in each._meta.concrete_fields)
        }
        if not more:
            return found
        found |= more


def test_every_text_column_of_what_hangs_on_a_case_is_placed() -> None:
    placed = {each.model: each for each in keeping.holdings()}
    wrong = []
    for table in _hanging() | {each.table for each in keeping.holdings()}:
        texts = {field.name for field in table._meta.concrete_fields if keeping.is_text(field)}
        holding = placed.get(table._meta.label_lower)
        known = {*holding.words, *holding.stays} if holding else set()
        wrong += [f"{table._meta.label_lower}.{name}" for name in texts - known]
        wrong += [f"{table._meta.label_lower}.{name} is no text column" for name in known - texts]
    assert wrong == [], "say in the part's holding.py whether its words go, or why they stay"
    assert len(placed) == len(keeping.holdings())


def test_a_structure_keeps_its_scores_and_loses_what_was_said() -> None:
    said = {"score": 4, "words": "Late", "more": [{"yes": True, "why": "x"}, "y", {"a": "b"}], "none": None}
    assert keeping.without_words(said) == {"score": 4, "more": [{"yes": True}]}


# --- Everything of a case of the demonstration.


def _plant(roots: dict[str, list[Any]]) -> set[str]:
    """The same word in every column that is to go, of every row; which tables had one."""
    planted = set()
    for each in keeping.holdings():
        rows = each.rows(roots)
        for name in each.words:
            column = each.table._meta.get_field(name)
            if isinstance(column, models.BinaryField):
                n = rows.update(**{name: CANARY.encode()})
            elif isinstance(column, models.JSONField):
                n = rows.update(**{name: {"said": CANARY, "score": 3}})
            elif isinstance(column, models.CharField) and len(CANARY) > (column.max_length or 999):
                continue
            else:
                n = rows.exclude(**{name: ""}).update(**{name: CANARY})
            planted |= {each.model} if n else set()
    return planted


def _columns_with(word: str) -> list[str]:
    """Every column of the database in which the word stands, whatever its type."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND"
            " data_type IN ('text', 'character varying', 'jsonb', 'json', 'bytea', 'ARRAY')"
        )
        columns = cursor.fetchall()
        found = []
        for table, column, kind in columns:
            text = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
            cursor.execute(f'SELECT 1 FROM "{table}" WHERE {text} LIKE %s LIMIT 1', [f"%{word}%"])
            if cursor.fetchone():
                found.append(f"{table}.{column}")
    return found


def _richest() -> Case:
    counts = {
        case.pk: sum(1 for each in keeping.holdings() if each.rows(keeping.roots_of(CASE, [case.pk])).exists())
        for case in Case.objects.exclude(plans=None).order_by("pk")[:12]
    }
    return Case.objects.get(pk=max(counts, key=lambda key: counts[key]))


def _close(case: Case, at: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(state="closed", closed_at=at, review_due_on=None)
    CaseMember.objects.filter(case=case, left_at=None).update(left_at=at)
    FamilyPlace.objects.filter(case=case, left_at=None).update(left_at=at)


def test_nothing_that_was_planted_is_found_afterwards(demo_database: Database, tmp_path: Path) -> None:
    now = timezone.now() + timedelta(minutes=1)
    case = _richest()
    roots = keeping.roots_of(CASE, [case.pk])
    planted = _plant(roots)
    assert len(planted) >= 25, sorted(planted)
    for kind, ids in keeping.ids_of(roots):
        for key in ids[:1]:
            Draft.objects.create(holder="x", form="x", about=key, typed={"words": CANARY}, started_at=now, saved_at=now)
            OutboxMessage.objects.create(
                to=f"{CANARY}@test.invalid", subject=CANARY, body=CANARY, about_kind=kind, about_id=key, created_at=now,
                sent_at=now, next_try_at=now,
            )  # fmt: skip
            Job.objects.create(
                kind="x", words=CANARY, about_kind=kind, about_id=key, state="done", asked_at=now, ended_at=now,
                message=CANARY,
            )  # fmt: skip
    EventWords.objects.filter(event__family_id=case.family_id).update(words={"said": CANARY})
    assert len(_columns_with(CANARY)) > len(planted)
    _close(case, now)
    years = keep_words_years(timezone.localdate(now))
    later = now.replace(year=now.year + years + 1)
    chain.seal()
    before = case.assessments.count(), case.notes.count(), case.transitions.count()
    people = list(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    # Of this family alone: a child in two households, and what is still to be answered, have their own test.
    with patch("joinedup.casework.services.keeping.waits_of", return_value={case.pk: []}):
        gone = services.destroy_words(case=case, reason="Its time is over.", by=system(later), at=later)
    assert gone > 100
    assert _columns_with(CANARY) == []
    assert (case.assessments.count(), case.notes.count(), case.transitions.count()) == before
    assert set(people) == set(CasePerson.objects.filter(case=case).values_list("person_id", flat=True))
    written = WordsDestroyed.objects.get()
    assert (written.reason, written.years, sum(written.counts.values())) == ("Its time is over.", years, gone)
    assert AuditEvent.objects.get(action="casework.destroy_words", kind="write").subject_id == str(case.pk)
    chain.seal()
    assert chain.verify(at=later, anchors=tmp_path / "none").is_sound


# --- When they may not go.


@pytest.fixture
def over(world: World) -> tuple[World, Any, datetime]:
    """A case whose time is over, whoever answers for that, and now."""
    visit(world)
    iris, _ = make_post(role=Role.INFORMATION_GOVERNANCE, name="Iris Testguard")
    _close(world.case, AT)
    world.case.refresh_from_db()
    later = AT.replace(year=AT.year + 26)
    return world, iris, later


@pytest.mark.django_db
def test_what_is_held_waits_until_the_hold_ends(over: tuple[World, Any, datetime]) -> None:
    world, account, later = over
    iris = actor_of(account, later)
    facts: dict[str, Any] = {"case": world.case, "by": iris, "at": later}
    said = {
        **facts,
        "kind": "complaint",
        "reason": "Number 7.",
        "review_on": timezone.localdate(later) + timedelta(days=90),
    }
    with pytest.raises(NotPermitted):
        services.hold_words(**said | {"by": actor_of(make_post(role=Role.TEAM_MANAGER)[0], later)})
    for wrong, rule in (
        ({"kind": "fun"}, "CW-432"), ({"reason": " "}, "CW-432"), ({"review_on": timezone.localdate(later)}, "CW-433"),
        ({"review_on": timezone.localdate(later) + timedelta(days=400)}, "CW-433"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            services.hold_words(**said | wrong)
        assert refusal.value.rule == rule
    held = services.hold_words(**said)
    with pytest.raises(Refused) as refusal:
        services.hold_words(**said)
    assert refusal.value.rule == "CW-434"
    with pytest.raises(Refused) as refusal:
        services.destroy_words(**facts, reason="Over.")
    assert (refusal.value.rule, CaseNote.objects.get().words) == ("CW-431", "Warm and tidy.")
    listed = queries.words_due(iris)
    assert [bool(row.waits) for row in listed.rows] == [True]
    assert [each.kind for each in listed.holds] == ["A complaint that is being looked into"]
    held.refresh_from_db()
    services.review_hold(hold=held, reason="Closed.", review_on=None, version=held.version, by=iris, at=later)
    assert WordsHold.objects.get().ended_reason == "Closed."
    assert services.destroy_words(**facts, reason="Over.") > 1
    assert queries.words_due(iris).rows == ()


@pytest.mark.django_db
def test_an_open_case_of_somebody_in_it_and_an_unanswered_check_stop_it(over: tuple[World, Any, datetime]) -> None:
    world, account, later = over
    facts: dict[str, Any] = {"case": world.case, "by": actor_of(account, later), "at": later, "reason": "Over."}
    again = make_case(
        team=world.case.team, family=make_family((make_person(), "child"), (world.parent, "parent")), at=later
    )
    with pytest.raises(Refused, match="open case"):
        services.destroy_words(**facts)
    _close(again, later)
    from joinedup.casework.models import Closure, SustainedCheck

    closure = Closure.objects.create(case=world.case, code="RC7", words="Done.", closed_at=AT)
    check = SustainedCheck.objects.create(closure=closure, due_on=AT.date())
    with pytest.raises(Refused, match="to be answered"):
        services.destroy_words(**facts)
    SustainedCheck.objects.filter(pk=check.pk).update(result="lasted", checked_at=AT)
    assert services.destroy_words(**facts) > 1
    closure.refresh_from_db()
    assert (closure.words, closure.code) == (keeping.DESTROYED, "RC7")


@pytest.mark.django_db
def test_a_run_that_is_interrupted_leaves_the_case_whole(over: tuple[World, Any, datetime]) -> None:
    world, account, later = over
    facts: dict[str, Any] = {"case": world.case, "by": actor_of(account, later), "at": later, "reason": "Over."}
    broken = patch("joinedup.core.keeping.destroy_beside", side_effect=RuntimeError("the power went"))
    with broken, pytest.raises(RuntimeError):
        services.destroy_words(**facts)
    assert CaseNote.objects.get().words == "Warm and tidy."
    assert CaseNote.objects.get().destroyed_at is None
    assert not WordsDestroyed.objects.exists()
