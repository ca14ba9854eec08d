"""Two sessions at once, with real commits: one event is claimed once, one posting is banked once."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg

from joinedup.access.roles import Role
from joinedup.benefits.models import AvoidedEvent, Benefit, PostingUse
from joinedup.benefits.queries.avoided import register_of
from joinedup.benefits.queries.realising import claims_on
from joinedup.benefits.services.avoided import EventSaid, claim_event, release_event
from joinedup.benefits.tests.realised import make_realised
from joinedup.casework.tests.factories import make_case
from joinedup.cli.doctor import _avoided_events
from joinedup.core.errors import Refused
from joinedup.core.models import new_id
from joinedup.funds.tests.test_ledger_races import meanwhile
from joinedup.funds.tests.visiting import Visitor
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from tests.support.database import Database


def test_of_two_who_claim_at_once_the_second_is_told_who_was_first(fresh_database: Database) -> None:
    made = make_realised()
    team = make_team(host=made.run.organisations["COUNCIL"])
    account, post = make_post(role=Role.KEY_WORKER, team=team, name="Amira Testerly")
    case = make_case(team=team, lead=post)
    person = case.people.get().person_id
    said = EventSaid(person, "care_entry", date(2026, 5, 1), date(2026, 6, 1), "The panel did not meet.")
    with psycopg.connect(fresh_database.urls.application) as first:
        first.execute(
            "INSERT INTO benefits_avoidedevent (id, version, benefit_id, person_id, case_id, kind, starts_on, ends_on, why,"
            " claimed_at, released_why) VALUES (%s, 1, %s, %s, %s, 'care_entry', '2026-06-01', '2026-07-01', 'x', %s, '')",
            [new_id(), made.benefit().pk, person, case.pk, AT],
        )
        thread, caught = meanwhile(
            fresh_database,
            lambda: claim_event(
                case=case, benefit=made.benefit("CR2.0 NHS"), said=said, by=actor_of(account, AT), at=AT
            ),
        )
        first.commit()
        thread.join()
    (refused,) = caught
    assert isinstance(refused, Refused)
    assert (refused.rule, "Families together" in refused.sentence) == ("BN-420", True)
    assert AvoidedEvent.objects.count() == 1


def test_of_two_who_bank_at_once_the_second_finds_the_posting_used(fresh_database: Database) -> None:
    made = make_realised()
    made.realise()
    posting = made.reduce(3_000_000)
    made.bank(posting, 1_000_000)
    with psycopg.connect(fresh_database.urls.application) as first:
        first.execute(
            "UPDATE benefits_postinguse SET banked_pence = banked_pence + 2000000 WHERE posting_id = %s", [posting]
        )
        thread, caught = meanwhile(fresh_database, lambda: made.bank(posting, 1))
        first.commit()
        thread.join()
    (refused,) = caught
    assert isinstance(refused, Refused)
    assert refused.rule == "BN-412"
    assert PostingUse.objects.get().banked_pence == 3_000_000


def test_what_was_claimed_twice_before_counts_once(fresh_database: Database) -> None:
    made = make_realised()
    first = made.claim()
    violence = made.benefit("CR2.0 NHS")
    Benefit.objects.filter(pk=violence.pk).update(episode="care")  # another line that rests on care
    row = {
        "id": new_id(),
        "benefit": violence.pk,
        "person": first.person_id,
        "case": first.case_id,
        "at": AT + timedelta(hours=1),
    }
    with fresh_database.as_owner() as owner:  # as the migration found it
        owner.execute("ALTER TABLE benefits_avoidedevent DISABLE TRIGGER avoided_event_once")
        owner.execute(
            "INSERT INTO benefits_avoidedevent (id, version, benefit_id, person_id, case_id, kind, episode, starts_on, ends_on, why,"
            " claimed_at, released_why) VALUES (%(id)s, 1, %(benefit)s, %(person)s, %(case)s, 'care_months', 'care', '2026-06-01',"
            " '2026-07-01', 'x', %(at)s, '')",
            row,
        )
        owner.execute("ALTER TABLE benefits_avoidedevent ENABLE ALWAYS TRIGGER avoided_event_once")

    def counts() -> list[int]:
        return [len(claims_on(made.benefit(name))) for name in ("SS1.0 COUNCIL", "CR2.0 NHS")]

    assert counts() == [1, 0]
    assert made.run.manager is not None
    page = register_of(made.run.manager, made.run.programme.pk)
    assert [[each.id for each in one.rows] for one in page.twice] == [[first.pk, row["id"]]]
    assert "Claimed twice before" in Visitor(made.run.manager).see("avoided_events", made.run.programme.pk)
    finding = _avoided_events()
    assert (finding.is_ok, finding.says.split()[:3]) == (False, ["1", "claimed", "twice"])
    release_event(event=first, reason="The other has it.", by=made.run.manager, at=AT)
    assert counts() == [0, 1]
    assert register_of(made.run.manager, made.run.programme.pk).twice == ()
    assert _avoided_events().is_ok
