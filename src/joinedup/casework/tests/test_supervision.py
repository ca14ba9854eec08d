"""Supervision: written down by whoever supervises, read by the two of them, its case parts in the case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from joinedup.access.actor import Actor
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import queries
from joinedup.casework.models import CaseTask, Supervision, SupervisionCase
from joinedup.casework.queries import supervision as reading
from joinedup.casework.queries.own_work import OwnWork, own_work
from joinedup.casework.services.supervision import (
    CaseTalkedAbout,
    SupervisionSaid,
    add_to_supervision,
    answer_supervision,
    make_task_of_supervision,
    write_supervision,
)
from joinedup.casework.supervision_document import supervision_document
from joinedup.casework.tests.assessed import Work, make_work
from joinedup.casework.tests.factories import make_case
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.models import OutboxMessage
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


@pytest.fixture
def work() -> Work:
    return make_work()


def talked(work: Work, **more: object) -> CaseTalkedAbout:
    said = CaseTalkedAbout(work.case.pk, "She is quieter since March.", "See her at school first.")
    return replace(said, **more)


def said_of(work: Work, **more: object) -> SupervisionSaid:
    said = SupervisionSaid(AT.date(), "Workload.", "Sleeps badly.", "Wants the trauma course.", cases=[talked(work)])
    return replace(said, **more)


def written(work: Work, said: SupervisionSaid | None = None) -> Supervision:
    return write_supervision(worker=work.posts["amira"], said=said or said_of(work), by=work.actor("manager"), at=AT)


def test_the_two_of_them_and_whoever_supervises_the_manager_read_it(work: Work) -> None:
    head, head_post = make_post(role=Role.TEAM_MANAGER, team=make_team(code="HEAD"), name="Hal Testhead")
    Post.objects.filter(pk=work.posts["manager"].pk).update(line_supervisor=head_post)
    held = written(work)
    for who in (work.actor("amira"), work.actor("manager"), actor_of(head, AT)):
        seen = reading.supervision(who, held.pk)
        assert (seen.wellbeing, seen.development) == ("Sleeps badly.", "Wants the trauma course.")
    # The manager's manager does not see the case, so not what was said of it.
    seen = reading.supervision(actor_of(head, AT), held.pk)
    assert (seen.cases, seen.unseen) == ((), 1)
    for name in ("noor", "ben", "cara"):
        with pytest.raises(NotVisible):
            reading.supervision(work.actor(name), held.pk)
        assert reading.supervisions(work.actor(name)).rows == ()
    assert AuditEvent.objects.filter(kind="read", subject_id=str(held.pk)).count() == 4


def test_what_was_said_of_a_family_stands_in_its_case(work: Work) -> None:
    written(work)
    for name in ("noor", "cara"):  # in the team around the child, of whichever partner
        viewer = work.actor(name)
        parts = reading.supervised_of_case(viewer, queries.case_frame(viewer, work.case.pk, purpose="test"))
        assert [(each.reflection, each.decision) for each in parts] == [
            ("She is quieter since March.", "See her at school first.")
        ]
    with pytest.raises(NotVisible):
        queries.case_frame(work.actor("ben"), work.case.pk, purpose="test")
    event = Event.objects.get(kind="casework.supervised")
    assert not hasattr(event, "words")


def test_only_whoever_supervises_them_writes_it(work: Work) -> None:
    south = make_post(role=Role.TEAM_MANAGER, team=work.posts["ben"].team, name="Sanjay Testsouth")
    for who in (work.actor("noor"), work.actor("amira"), actor_of(south[0], AT), work.actor("cara")):
        with pytest.raises(NotPermitted):
            write_supervision(worker=work.posts["amira"], said=said_of(work), by=who, at=AT)
    with pytest.raises(NotPermitted):
        write_supervision(worker=work.posts["manager"], said=said_of(work), by=work.actor("manager"), at=AT)
    # A supervisor who is named on the post may, from another team; they do not see the case.
    Post.objects.filter(pk=work.posts["amira"].pk).update(clinical_supervisor=south[1])
    worker = Post.objects.get(pk=work.posts["amira"].pk)
    with refused("CW-505"):
        write_supervision(worker=worker, said=said_of(work), by=actor_of(south[0], AT), at=AT)
    held = write_supervision(worker=worker, said=said_of(work, cases=[]), by=actor_of(south[0], AT), at=AT)
    assert held.manager_id == south[1].pk


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"held_on": AT.date() + DAY}, "CW-502"),
        ({"discussed": "  "}, "CW-504"),
        ({"next_on": AT.date() + 29 * DAY}, "CW-503"),
        ({"next_on": AT.date()}, "CW-503"),
    ],
)
def test_refusals(work: Work, more: dict[str, object], rule: str) -> None:
    with refused(rule):
        written(work, said_of(work, **more))
    assert not Supervision.objects.exists()


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"decision": ""}, "CW-505"),
        ({"action": "Ring", "owner": "worker"}, "CW-506"),
        ({"action": "Ring", "due_on": AT.date()}, "CW-506"),
        ({"action": "Ring", "owner": "worker", "due_on": AT.date() - DAY}, "CW-506"),
    ],
)
def test_refusals_about_a_family(work: Work, more: dict[str, object], rule: str) -> None:
    with refused(rule):
        written(work, said_of(work, cases=[talked(work, **more)]))
    assert not Supervision.objects.exists()


def test_the_worker_answers_once_in_their_own_words(work: Work) -> None:
    held = written(work)
    with pytest.raises(NotPermitted):
        answer_supervision(
            supervision=held, agrees=True, words="", version=held.version, by=work.actor("manager"), at=AT
        )
    with refused("CW-508"):
        answer_supervision(
            supervision=held, agrees=False, words="", version=held.version, by=work.actor("amira"), at=AT
        )
    answer_supervision(
        supervision=held, agrees=False, words="I did ask.", version=held.version, by=work.actor("amira"), at=AT
    )
    assert reading.supervision(work.actor("manager"), held.pk).answer_words == "I did ask."
    assert OutboxMessage.objects.filter(subject="A supervision is seen differently").count() == 1
    with refused("CW-507"):
        answer_supervision(supervision=held, agrees=True, words="", version=held.version, by=work.actor("amira"), at=AT)


def test_what_is_wrong_is_put_right_beside_it(work: Work) -> None:
    held = written(work)
    with pytest.raises(NotPermitted):
        add_to_supervision(supervision=held, words="It was April.", by=work.actor("noor"), at=AT)
    with refused("CW-510"):
        add_to_supervision(supervision=held, words=" ", by=work.actor("amira"), at=AT)
    add_to_supervision(supervision=held, words="It was April.", by=work.actor("amira"), at=AT)
    seen = reading.supervision(work.actor("manager"), held.pk)
    assert [(each.words, each.by) for each in seen.additions] == [("It was April.", "Amira Testerly")]
    assert seen.discussed == "Workload."


def test_an_action_becomes_a_task_once(work: Work) -> None:
    held = written(
        work, said_of(work, cases=[talked(work, action="Ring the school", owner="worker", due_on=AT.date() + DAY)])
    )
    part = SupervisionCase.objects.get(supervision=held)
    with pytest.raises(NotPermitted):
        make_task_of_supervision(case=work.case, part=part, by=work.actor("ben"), at=AT)
    make_task_of_supervision(case=work.case, part=part, by=work.actor("manager"), at=AT + 3 * DAY)
    task = CaseTask.objects.get()
    assert (task.words, task.owner_id, task.due_on) == ("Ring the school", work.posts["amira"].pk, AT.date() + 3 * DAY)
    with refused("CW-509"):
        make_task_of_supervision(case=work.case, part=part, by=work.actor("manager"), at=AT)
    assert reading.supervision(work.actor("amira"), held.pk).cases[0].is_task


def test_who_is_overdue(work: Work) -> None:
    written(work)

    def due(days: int) -> dict[str, bool]:
        people = reading.people_to_supervise(_at(work.actor("manager"), days))
        return {each.name: each.is_overdue for each in people}

    # Amira's next is in four weeks; Noor's is due four weeks after she joined her first team around a child, however long she
    # has been in post; Ola works with no family, so that no clock runs.
    _, ola = make_post(team=work.case.team, name="Ola Testerly")
    assert due(0) == {"Amira Testerly": False, "Noor Testerly": False, "Ola Testerly": False}
    assert due(29) == {"Amira Testerly": True, "Noor Testerly": True, "Ola Testerly": False}
    page = reading.supervisions(_at(work.actor("manager"), 29))
    assert {each.name for each in page.people} == {"Amira Testerly", "Noor Testerly"}
    assert [(each.name, each.due_on) for each in page.idle] == [("Ola Testerly", None)]
    make_case(team=work.case.team, lead=ola, at=AT + 10 * DAY)
    assert due(38)["Ola Testerly"] is False
    assert due(39)["Ola Testerly"] is True
    manager = _at(work.actor("manager"), 29)
    assert (reading.count_overdue_supervisions(manager), own_work(manager)) == (2, OwnWork())
    assert (reading.count_overdue_supervisions(work.actor("amira")), own_work(work.actor("amira"))) == (
        0,
        OwnWork(supervisions=1),
    )


def _at(actor: Actor, days: int) -> Actor:
    return replace(actor, at=AT + days * DAY)


def test_it_prints(work: Work) -> None:
    held = written(work)
    document = supervision_document(
        reading.supervision(work.actor("amira"), held.pk), printed_by="Amira Testerly", printed_at=AT
    )
    assert document.as_pdf().startswith(b"%PDF")
    assert "See her at school first." in str(document.blocks)
