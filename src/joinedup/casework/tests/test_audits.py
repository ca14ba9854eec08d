"""Quality audits: who may draw, audit and look again; what an auditor sees and until when; what was found."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import Actor
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.casework import queries, services
from joinedup.casework.audit_document import audit_document, results_figures, results_tables
from joinedup.casework.auditing import CURRENT, Tally, audit_spec
from joinedup.casework.models import AuditSample, Case, CaseAccess, CaseAudit, CaseTask
from joinedup.casework.queries import audits as reading
from joinedup.casework.queries.audit_results import audit_results, effectiveness_of_teams
from joinedup.casework.services.audits import (
    FindingSaid,
    SampleWanted,
    ask_second_look,
    draw_audit,
    finish_audit,
    look_again,
    write_audit,
)
from joinedup.casework.services.notes import write_note
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.core.partnership import forget
from joinedup.core.spreadsheet import workbook_of
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.person_index.models import Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SPEC = audit_spec(CURRENT)
CODES = [item.code for item in SPEC.items]


def refused(rule: str):
    return pytest.raises(Refused, check=lambda refusal: refusal.rule == rule)


class World:
    """Nia manages the North team, whose cases are audited; Sanjay and Ciaran manage others; Amira leads in the North."""

    def __init__(self) -> None:
        self.north, south, central = (
            make_team(code=code, name=f"{code.title()} team") for code in ("NORTH", "SOUTH", "CENTRAL")
        )
        self.accounts, self.posts = {}, {}
        for name, role, team in (
            ("nia", Role.TEAM_MANAGER, self.north),
            ("sanjay", Role.TEAM_MANAGER, south),
            ("ciaran", Role.TEAM_MANAGER, central),
            ("amira", Role.KEY_WORKER, self.north),
            ("ben", Role.KEY_WORKER, south),
            ("marlow", Role.FRONT_DOOR_MANAGER, make_team(code="FD", kind="front_door")),
        ):
            self.accounts[name], self.posts[name] = make_post(role=role, team=team, name=name.title())
        self.case = make_case(team=self.north, lead=self.posts["amira"], at=AT - 90 * DAY)

    def actor(self, name: str, at: datetime = AT) -> Actor:
        return actor_of(self.accounts[name], at)

    def draw(self, *, auditor: str = "sanjay", by: str = "nia", size: int = 3, **more: object) -> AuditSample:
        wanted = SampleWanted(self.posts[auditor], size, "The monthly audit", **more)  # type: ignore[arg-type]
        return draw_audit(team=self.north, wanted=wanted, by=self.actor(by), at=AT)

    def audit(self) -> CaseAudit:
        self.draw()
        return CaseAudit.objects.select_related("case", "access", "auditor", "sample").get()

    def fill(
        self, audit: CaseAudit, answers: Mapping[str, str] | None = None, *, but: str = "", at: datetime = AT
    ) -> None:
        said = dict.fromkeys(CODES, "met") | dict(answers or {})
        for group in SPEC.groups:
            items = {item.code: (said[item.code], "Page 2") for item in group.items if item.code != but}
            write_audit(audit=audit, group=group.code, answers=items, by=self.actor("sanjay", at), at=at)

    def done(self, answers: Mapping[str, str] | None = None, *, at: datetime = AT) -> CaseAudit:
        audit = self.audit()
        self.fill(audit, answers, at=at)
        return finish_audit(audit=audit, strengths="Her words.", findings=[], by=self.actor("sanjay", at), at=at)


@pytest.fixture
def world() -> World:
    return World()


def seen_by(viewer: Actor, case: Case) -> bool:
    try:
        queries.case_frame(viewer, case.pk, purpose="test")
    except NotVisible:
        return False
    return True


def test_the_auditor_reads_the_case_until_a_day_and_changes_nothing(world: World) -> None:
    assert not seen_by(world.actor("sanjay"), world.case)
    world.audit()
    access = CaseAccess.objects.get()
    assert (access.starts_at, access.ends_at, access.post_id) == (AT, AT + 14 * DAY, world.posts["sanjay"].pk)
    person = world.case.people.get().person
    for days, sees in ((0, True), (13, True), (14, False)):
        viewer = world.actor("sanjay", AT + days * DAY)
        assert seen_by(viewer, world.case) is sees
        assert Person.objects.visible_to(viewer).filter(pk=person.pk).exists() is sees
        assert not Person.objects.visible_to(viewer, to_change=True).filter(pk=person.pk).exists()
    viewer = world.actor("sanjay")
    with pytest.raises(NotPermitted):
        write_note(
            case=world.case, kind="note", result="written", happened_at=AT, minutes=None, seen={}, words="x", child_words="",
            next_step="", next_due_on=None, by=viewer, at=AT,
        )  # fmt: skip
    with pytest.raises(NotPermitted):
        services.take_duty(case=world.case, reason="x", by=viewer, at=AT)
    # It is no case of theirs: it stands in none of their lists.
    assert queries.cases(viewer).rows == ()
    assert queries.due_in_teams(world.actor("sanjay", AT + 10 * DAY)).overdue_reviews == 0
    for name in ("ciaran", "ben", "marlow"):
        assert not seen_by(world.actor(name), world.case)
    row = AuditEvent.objects.get(action="casework.draw_audit", kind="write")
    assert person.pk in row.people


def test_who_draws_and_who_audits(world: World) -> None:
    for name in ("sanjay", "amira", "marlow"):
        with pytest.raises(NotPermitted):
            world.draw(by=name)
    for auditor in ("ben", "marlow"):
        with refused("CW-541"):
            world.draw(auditor=auditor)
    with refused("CW-550"):
        draw_audit(team=world.north, wanted=SampleWanted(world.posts["sanjay"], 1, " "), by=world.actor("nia"), at=AT)
    assert not CaseAccess.objects.exists()
    world.draw(auditor="nia")  # the manager's own look at their team


def test_never_a_case_the_auditor_worked_on(world: World) -> None:
    Post.objects.filter(pk=world.posts["sanjay"].pk).update(is_registered_social_worker=True)
    services.add_member(case=world.case, post=world.posts["sanjay"], by=world.actor("amira"), at=AT - 50 * DAY)
    member = world.case.members.get(post=world.posts["sanjay"])
    services.remove_member(member=member, reason="Done", by=world.actor("amira"), at=AT - 40 * DAY)
    with refused("CW-542"):
        world.draw()
    unled = make_case(team=world.north)  # Nia holds its duty
    with refused("CW-542"):
        draw_audit(
            team=world.north, wanted=SampleWanted(world.posts["nia"], 5, "Look", lead_id=world.posts["ben"].pk),
            by=world.actor("nia"), at=AT,
        )  # fmt: skip
    sample = world.draw(auditor="nia", size=5)
    assert [audit.case_id for audit in sample.audits.all()] == [world.case.pk]
    assert unled.pk not in {audit.case_id for audit in sample.audits.all()}


def test_a_sample_can_be_drawn_again(world: World) -> None:
    for level in (2, 3, 3, 4):
        make_case(team=world.north, lead=world.posts["amira"], level=min(level, 3), at=AT - 5 * DAY)
    sample = world.draw(size=2)
    chosen = {audit.case_id for audit in sample.audits.all()}
    assert (sample.drawn_from, len(chosen)) == (5, 2)
    CaseAudit.objects.all().delete()
    wanted = SampleWanted(world.posts["ciaran"], 2, "Again")
    again = draw_audit(team=world.north, wanted=wanted, seed=sample.seed, by=world.actor("nia"), at=AT)
    assert ({audit.case_id for audit in again.audits.all()}, again.digest) == (chosen, sample.digest)
    # Four are at level 3, of which at most two are in the audit that goes on.
    narrowed = draw_audit(
        team=world.north,
        wanted=SampleWanted(world.posts["ciaran"], 9, "Level 3", level=3),
        by=world.actor("nia"),
        at=AT,
    )
    assert {audit.case.level for audit in narrowed.audits.select_related("case")} == {3}


def test_done_when_every_item_has_an_answer_and_its_evidence(world: World) -> None:
    audit, by = world.audit(), world.actor("sanjay")
    world.fill(audit, but="R8")
    with refused("CW-544"):
        finish_audit(audit=audit, strengths="", findings=[], by=by, at=AT)
    write_audit(audit=audit, group="r", answers={"R8": ("not_met", " ")}, by=by, at=AT)
    with refused("CW-545"):
        finish_audit(audit=audit, strengths="", findings=[], by=by, at=AT)
    with refused("CW-544"):
        write_audit(audit=audit, group="r", answers={"P1": ("met", "")}, by=by, at=AT)
    with pytest.raises(NotPermitted):
        write_audit(audit=audit, group="r", answers={"R8": ("met", "")}, by=world.actor("ciaran"), at=AT)
    write_audit(audit=audit, group="r", answers={"R8": ("not_met", "Open 400 days")}, by=by, at=AT)
    finish_audit(audit=audit, strengths="Her words.", findings=[], by=by, at=AT)
    assert (audit.percent, audit.grade) == (97, "Very good")
    assert not seen_by(by, world.case)  # its time is over with it
    with refused("CW-543"):
        write_audit(audit=audit, group="r", answers={"R8": ("met", "")}, by=by, at=AT)


def test_what_must_be_put_right_is_a_task(world: World) -> None:
    audit, by = world.audit(), world.actor("sanjay")
    world.fill(audit)
    amira = world.posts["amira"].pk
    for wrong in (
        FindingSaid("", amira, AT.date()),
        FindingSaid("Ask the father", amira, AT.date() - DAY),
        FindingSaid("Ask the father", world.posts["ben"].pk, AT.date()),
    ):
        with refused("CW-546"):
            finish_audit(audit=audit, strengths="", findings=[wrong], by=by, at=AT)
    finish_audit(
        audit=audit, strengths="", findings=[FindingSaid("Ask the father", amira, AT.date() + DAY)], by=by, at=AT
    )
    task = CaseTask.objects.get()
    assert (task.words, task.owner_id) == ("Quality audit: Ask the father", amira)
    seen = reading.case_audit(world.actor("amira"), audit.pk)
    assert [(each.words, each.is_late) for each in seen.findings] == [("Quality audit: Ask the father", False)]


def test_who_reads_what_was_found(world: World) -> None:
    audit = world.audit()
    for name in ("nia", "amira", "ciaran", "ben"):  # not before it is done
        with pytest.raises(NotVisible):
            reading.case_audit(world.actor(name), audit.pk)
    world.fill(audit)
    finish_audit(audit=audit, strengths="", findings=[], by=world.actor("sanjay"), at=AT)
    for name in ("nia", "amira"):
        assert reading.case_audit(world.actor(name), audit.pk).percent == 100
    afterwards = reading.case_audit(world.actor("sanjay"), audit.pk)
    assert (afterwards.sees_case, afterwards.children) == (False, "")
    for name in ("ciaran", "ben"):
        with pytest.raises(NotVisible):
            reading.case_audit(world.actor(name), audit.pk)
    assert [row.percent for row in reading.audits(world.actor("nia")).found] == [100]
    assert reading.audits(world.actor("ciaran")).found == ()


def test_a_second_look(world: World) -> None:
    audit = world.audit()
    nia, ciaran = world.actor("nia"), world.actor("ciaran")
    with refused("CW-548"):
        ask_second_look(audit=audit, post=world.posts["ciaran"], by=nia, at=AT)
    world.fill(audit, {"C1": "not_met", "C2": "partly"})
    finish_audit(audit=audit, strengths="", findings=[], by=world.actor("sanjay"), at=AT)
    assert audit.percent == 96  # 37.5 of 39
    with refused("CW-547"):
        ask_second_look(audit=audit, post=world.posts["sanjay"], by=nia, at=AT)
    with refused("CW-547"):
        ask_second_look(audit=audit, post=world.posts["amira"], by=nia, at=AT)
    with pytest.raises(NotPermitted):
        ask_second_look(audit=audit, post=world.posts["ciaran"], by=ciaran, at=AT)
    ask_second_look(audit=audit, post=world.posts["ciaran"], by=nia, at=AT)
    assert seen_by(ciaran, world.case)
    with refused("CW-549"):
        look_again(audit=audit, answers={"C1": "met"}, words="", by=ciaran, at=AT)
    look_again(audit=audit, answers={"C1": "met", "A1": "not_applicable"}, words="It is on page 3.", by=ciaran, at=AT)
    assert (audit.first_percent, audit.percent) == (96, 99)  # 37.5 of 38
    assert not seen_by(ciaran, world.case)
    seen = reading.case_audit(nia, audit.pk)
    first = next(each for group in seen.groups for each in group.items if each.item.code == "C1")
    assert (first.answer, first.second) == ("not_met", "met")
    with refused("CW-548"):
        look_again(audit=audit, answers={}, words="Again", by=ciaran, at=AT)


def test_the_results_by_team_month_heading_and_item(world: World) -> None:
    world.done({"C1": "not_met", "C2": "not_applicable"})
    later = AT + 20 * DAY  # December
    CaseAudit.objects.update(done_at=AT)
    world.draw(auditor="ciaran")
    second = CaseAudit.objects.select_related("case", "access", "auditor", "sample").get(done_at__isnull=True)
    CaseAccess.objects.filter(audit=second).update(ends_at=later + DAY)
    for group in SPEC.groups:
        items = {item.code: ("partly", "p") for item in group.items}
        write_audit(audit=second, group=group.code, answers=items, by=world.actor("ciaran", later), at=later)
    second.refresh_from_db()
    finish_audit(audit=second, strengths="", findings=[], by=world.actor("ciaran", later), at=later)
    results = audit_results(world.actor("marlow", later))
    assert (results.overall.tally, results.overall.audits) == (Tally(37, 39, 1, 1), 2)
    assert results.overall.percent == 73  # 56.5 of 77
    assert [(found.name, found.percent, found.audits) for _, found in results.months] == [
        ("November 2026", 97, 1), ("December 2026", 50, 1),
    ]  # fmt: skip
    assert results.trend == -47
    assert [(found.name, found.audits) for found in results.teams] == [("North team", 2)]
    items = {found.name.split(".")[0]: found.tally for found in results.items}
    assert (items["C1"], items["C2"], items["C3"]) == (Tally(0, 1, 1, 0), Tally(0, 1, 0, 1), Tally(1, 1, 0, 0))
    assert results.groups[0].tally == Tally(3, 5, 1, 1)
    assert audit_results(world.actor("marlow", later), world.posts["ben"].team_id).overall.tally == Tally()
    assert effectiveness_of_teams(world.actor("nia", later), [world.north.pk]) == {world.north.pk: Tally(37, 39, 1, 1)}
    for name in ("amira", "ben"):
        with pytest.raises(NotPermitted):
            audit_results(world.actor(name))
    _comes_out(world, second)


def _comes_out(world: World, audit: CaseAudit) -> None:
    results = audit_results(world.actor("nia", AT + 21 * DAY))
    tables = results_tables(results)
    assert [figure.title for figure in results_figures(results)] == ["Effectiveness by month", "Effectiveness by team"]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(tables)))
    assert [sheet.title for sheet in book] == ["1 By team", "2 By month", "3 By heading", "4 By item"]
    assert [cell.value for cell in book["2 By month"][2]] == ["November 2026", 97, 1, 37, 0, 1, 1]
    assert book["4 By item"].max_row == 40
    assert tables[1].as_csv().splitlines()[1] == "November 2026,97,1,37,0,1,1"
    seen = reading.case_audit(world.actor("nia", AT + 21 * DAY), audit.pk)
    assert audit_document(seen, printed_by="Nia", printed_at=AT).as_pdf().startswith(b"%PDF")


def test_as_many_statements_however_many_audits(world: World) -> None:
    def statements() -> tuple[int, int]:
        counts = []
        for read in (reading.audits, audit_results):
            forget()  # settings are kept for five seconds: ask for them each time
            with CaptureQueriesContext(connection) as asked:
                read(world.actor("nia"))
            counts.append(len(asked))
        return counts[0], counts[1]

    world.done({"C1": "not_met"})
    world.draw(auditor="nia")
    few = statements()
    for _ in range(3):
        make_case(team=world.north, lead=world.posts["amira"], at=AT - 5 * DAY)
    world.draw(size=3, auditor="nia")
    assert statements() == few
