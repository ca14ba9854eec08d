"""Keeping the directory true: changes wait while the approved version stays, ages are told once, and nothing said changes a record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.actor import Actor, public, system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted, NotVisible, Refused, Stale
from joinedup.core.models import OutboxMessage
from joinedup.directory import services
from joinedup.directory.comparing import differences, is_small
from joinedup.directory.completeness import completeness_of, next_best
from joinedup.directory.editing import answers_of, written
from joinedup.directory.lifecycle import RECORD_LABELS, RECORD_MOVES, RecordDates, RecordState, state_on, status_in
from joinedup.directory.models import Entry, Provider
from joinedup.directory.queries import feed, finding, keeping
from joinedup.directory.queries.finding import Wanted
from joinedup.directory.rules import reminder_stage
from joinedup.directory.tests.factories import make_entry, make_provider
from joinedup.directory.upkeep_models import Correction, RecordMove, Reminder
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days", "stage"),
    [(0, ""), (59, ""), (60, "remind"), (89, "remind"), (90, "flag"), (119, "flag"), (120, "hide"), (None, "hide")],
)
def test_how_a_record_ages(days: int | None, stage: str) -> None:
    assured = None if days is None else ON - timedelta(days=days)
    assert reminder_stage(assured, ON, remind_after=60, flag_after=90, hide_after=120) == stage


@pytest.mark.parametrize(
    ("dates", "state", "status"),
    [
        (RecordDates(False), RecordState.PROPOSED, "active"),
        (RecordDates(True), RecordState.PUBLIC, "active"),
        (RecordDates(True, visible_from=ON + timedelta(1)), RecordState.SCHEDULED, "inactive"),
        (RecordDates(True, visible_from=ON, visible_until=ON), RecordState.PUBLIC, "active"),
        (RecordDates(True, visible_until=ON - timedelta(1)), RecordState.ENDED, "inactive"),
        (RecordDates(True, closed_from=ON, closed_until=ON), RecordState.CLOSED, "temporarily closed"),
        (RecordDates(True, closed_from=ON), RecordState.CLOSED, "temporarily closed"),
        (RecordDates(True, closed_from=ON + timedelta(1)), RecordState.PUBLIC, "active"),
        (RecordDates(True, closed_from=ON - timedelta(2), closed_until=ON - timedelta(1)), RecordState.PUBLIC, "active"),
        (RecordDates(True, is_archived=True, closed_from=ON), RecordState.ARCHIVED, "defunct"),
    ],
)  # fmt: skip
def test_where_a_record_stands(dates: RecordDates, state: RecordState, status: str) -> None:
    assert state_on(dates, ON) == state
    assert status_in(state, "active") == status
    assert set(RECORD_MOVES) == set(RECORD_LABELS) == set(RecordState)


def test_what_is_complete_what_differs_and_what_the_form_writes() -> None:
    plain: dict[str, Any] = {"name": "Play", "status": "active", "description": "Short."}
    score, missing = completeness_of(plain, is_address_secret=False)
    assert (score, len(missing), missing[0]) == (0, 12, "description")
    assert "place" not in completeness_of(plain, is_address_secret=True)[1]
    assert next_best(missing).startswith("Say what happens")
    assert next_best(()) == ""
    said = answers_of(plain) | {"phone": "01632 960001", "days": ["MO"], "opens_at": "09:30", "closes_at": ""}
    changed = written(plain, said, terms={}, is_address_secret=False)
    assert [each.label for each in differences(plain, changed)] == ["When", "Phone"]
    assert answers_of(changed)["days"] == ["MO"]
    secret = written(
        plain, said | {"postal_code": "ZZ1 1SA", "address_1": "1 Test Street"}, terms={}, is_address_secret=True
    )
    assert "ZZ1" not in str(secret)
    assert is_small({**plain, "phones": []}, {**plain, "phones": [{"number": "1"}]})
    assert not is_small(plain, {**plain, "name": "Other"})
    assert not is_small(plain, plain)


@pytest.fixture
def provider() -> Provider:
    made = make_provider()
    made.organisation = make_organisation(code="PLACEHOLDER", name="Placeholder", kind="voluntary")
    made.save()
    return made


@pytest.fixture
def editor(provider: Provider) -> Actor:
    return actor_of(make_post(role=Role.DIRECTORY_EDITOR, employer=provider.organisation, name="Piper Samplecare")[0])


@pytest.fixture
def manager() -> Actor:
    return actor_of(make_post(role=Role.DIRECTORY_MANAGER, name="Asher Testproof")[0])


def _public(entry: Entry) -> str:
    return str(feed.service(public(AT), entry.pk)["description"])


@pytest.mark.django_db
def test_a_change_waits_while_the_approved_version_stays(provider: Provider, editor: Actor, manager: Actor) -> None:
    entry = make_entry(provider)
    was = _public(entry)
    document = {**entry.approved.document, "description": "Play on Mondays too."}  # type: ignore[union-attr]
    version = services.write_record(provider=provider, entry=entry, document=document, number=1, by=editor, at=AT)
    assert _public(entry) == was
    assert finding.services_found(public(AT), Wanted(words="mondays")).rows == ()
    page = keeping.record_page(manager, entry.pk)
    assert [(each.before, each.after) for each in page.waiting.changes] == [(was, "Play on Mondays too.")]  # type: ignore[union-attr]
    assert page.may_decide
    assert not keeping.record_page(editor, entry.pk).may_decide
    with pytest.raises(NotPermitted):
        services.decide_version(entry_version=version, is_approved=True, by=editor, at=AT)
    with pytest.raises(Refused, match="mended"):
        services.decide_version(entry_version=version, is_approved=False, by=manager, at=AT)
    entry.refresh_from_db()
    with pytest.raises(Refused) as waits:
        services.confirm_entry(entry=entry, by=editor, at=AT)
    assert waits.value.rule == "DR-211"
    version.entry.refresh_from_db()
    services.decide_version(entry_version=version, is_approved=False, reason="At what time?", by=manager, at=AT)
    assert keeping.provider_home(editor).rows[0].is_sent_back
    with pytest.raises(Refused, match="already"):
        services.withdraw_version(entry_version=version, by=editor, at=AT)
    entry.refresh_from_db()
    with pytest.raises(Stale) as stale:
        services.write_record(
            provider=provider, entry=entry, document=document | {"name": "Mine"}, number=1, by=editor, at=AT
        )
    assert (stale.value.extra["theirs"]["Name"], stale.value.extra["yours"]["Name"]) == ("Stay and play", "Mine")
    first = entry.versions.get(number=1)
    back = services.return_to_version(entry=entry, entry_version=first, by=editor, at=AT)
    services.withdraw_version(entry_version=back, by=editor, at=AT)
    entry.refresh_from_db()
    assert (_public(entry), entry.waiting_id, entry.versions.count()) == (was, None, 3)


@pytest.mark.django_db
def test_others_see_and_write_nothing_and_small_changes_of_the_trusted_go_through(
    provider: Provider, editor: Actor, manager: Actor
) -> None:
    theirs = make_entry(make_provider("Samplers Youth Trust"))
    with pytest.raises(NotVisible):
        keeping.record_page(editor, theirs.pk)
    with pytest.raises(NotPermitted):
        services.write_record(
            provider=theirs.provider, entry=theirs, document=theirs.approved.document, by=editor, at=AT
        )  # type: ignore[union-attr]
    with pytest.raises(NotVisible):
        services.write_record(provider=provider, entry=theirs, document=theirs.approved.document, by=editor, at=AT)  # type: ignore[union-attr]
    entry = make_entry(provider)
    services.set_trust(provider=provider, is_trusted=True, by=manager, at=AT)
    document = {**entry.approved.document, "phones": [{"number": "01632 960001"}]}  # type: ignore[union-attr]
    services.write_record(provider=provider, entry=entry, document=document, by=editor, at=AT)
    assert feed.service(public(AT), entry.pk)["phones"] == [{"number": "01632 960001"}]
    assert services.draw_sample(size=9, is_of_trusted=True, by=manager, at=AT).items.get().entry_id == entry.pk
    entry.refresh_from_db()
    services.write_record(provider=provider, entry=entry, document={**document, "name": "New name"}, by=editor, at=AT)
    assert feed.service(public(AT), entry.pk)["name"] == "Stay and play"
    for who in (editor, public(AT)):
        with pytest.raises(NotPermitted):
            services.draw_sample(size=1, by=who, at=AT)


@pytest.mark.django_db
def test_closed_ended_and_archived(provider: Provider, editor: Actor, manager: Actor) -> None:
    entry = make_entry(provider)
    day = AT.date()
    with pytest.raises(Refused, match="instead"):
        services.close_for_now(entry=entry, starts_on=day, ends_on=day, instead=" ", by=editor, at=AT)
    services.close_for_now(entry=entry, starts_on=day, ends_on=day, instead="Go to Birch.", by=editor, at=AT)
    assert feed.service(public(AT), entry.pk)["status"] == "temporarily closed"
    later = AT + timedelta(days=1)
    assert services.keep_records_true(at=later) >= 1
    entry.refresh_from_db()
    assert (entry.state, feed.service(public(later), entry.pk)["status"]) == ("public", "active")
    services.schedule_entry(entry=entry, visible_from=None, visible_until=day, by=editor, at=later)
    assert feed.service(public(later), entry.pk)["status"] == "inactive"
    assert finding.services_found(public(later), Wanted()).total == 0
    with pytest.raises(NotPermitted):
        services.archive_entry(entry=entry, why="Gone", by=editor, at=later)
    services.archive_entry(entry=entry, why="Gone", by=manager, at=later)
    with pytest.raises(NotVisible):
        feed.service(public(later), entry.pk)
    services.bring_back(entry=entry, why="Back", by=manager, at=later)
    assert (entry.state, RecordMove.objects.count()) == ("ended", 5)


@pytest.mark.django_db
def test_the_clock_tells_once_for_a_stage(provider: Provider, editor: Actor) -> None:
    entry = make_entry(provider)
    services.assure_entry(entry=entry, how="Rang.", by=system(AT), at=AT)
    told = [services.keep_records_true(at=AT + timedelta(days=days)) for days in (59, 60, 61, 90, 119, 120, 121)]
    assert told == [0, 1, 0, 1, 0, 1, 0]
    assert list(Reminder.objects.order_by("sent_at").values_list("stage", flat=True)) == ["remind", "flag", "hide"]
    assert OutboxMessage.objects.filter(subject__contains="still right").count() == 3
    later = AT + timedelta(days=122)
    entry.refresh_from_db()
    services.confirm_entry(
        entry=entry, by=Actor(editor.account_id, editor.name, later, standings=editor.standings), at=later
    )
    assert services.keep_records_true(at=later) == 0
    assert entry.assurances.filter(method="provider").exists()


@pytest.mark.django_db
def test_what_people_say_changes_nothing_and_is_answered(provider: Provider, editor: Actor, manager: Actor) -> None:
    entry = make_entry(provider)
    was, address = _public(entry), reverse("say_wrong", args=[entry.pk])
    client = Client()
    sent = {"what": "times", "words": "Not on Mondays", "email": "reader@family.example"}
    assert "Thank you" in client.post(address, sent).content.decode()
    assert "Thank you" in client.post(address, sent).content.decode()
    assert "Thank you" in client.post(address, sent | {"words": "Buy now", "more": "x"}).content.decode()
    assert "There is a problem" in client.post(address, {"what": "times"}).content.decode()
    row = Correction.objects.get()
    assert (row.times, row.said_by, _public(entry)) == (2, None, was)
    assert "reader@" not in "".join(OutboxMessage.objects.values_list("body", flat=True))
    assert keeping.provider_home(editor).corrections[0].what.startswith("The days")
    services.answer_correction(correction=row, outcome="right", answer="Mondays it is.", by=editor, at=AT)
    assert OutboxMessage.objects.filter(to="reader@family.example").count() == 1
    row.refresh_from_db()
    assert row.email == ""
    for _ in range(9):
        answer = client.post(address, sent | {"words": "Again and again"})
    assert "Try again in a minute" in answer.content.decode()
    item = services.draw_sample(size=1, seed="a", by=manager, at=AT).items.get()
    services.check_item(item=item, result="wrong", words="It rings out.", by=manager, at=AT)
    line, rows = keeping.sample_page(manager, item.sample_id)
    assert (line.effective, len(rows), Correction.objects.filter(answered_at=None, words="It rings out.").count()) == (
        0,
        1,
        1,
    )
