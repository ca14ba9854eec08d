"""The risk register: scores as truth tables, what is kept and refused, who is told, what comes before a board, who sees it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import system
from joinedup.access.permissions import NotPermitted
from joinedup.access.roles import Role
from joinedup.core.errors import Refused
from joinedup.core.models import OutboxMessage
from joinedup.funds.tests.visiting import Visitor
from joinedup.governance import services
from joinedup.governance.agenda import Asking, due_for
from joinedup.governance.models import Risk, RiskReview
from joinedup.governance.queries.risks import Wanted, register, risk_page
from joinedup.governance.risk_scoring import (
    Score,
    Scores,
    fault_of,
    grid_of,
    is_over,
    level_of,
    months_on,
    movement_of,
)
from joinedup.governance.services import RiskSaid
from joinedup.governance.tests.factories import (
    BEGAN,
    EVERYBODY,
    Table,
    make_meeting,
    make_person,
    make_table,
    said_for,
)
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT


@pytest.mark.parametrize(
    ("value", "level"), [(1, "low"), (4, "low"), (5, "medium"), (10, "medium"), (12, "high"), (16, "high"), (20, "very high"), (25, "very high")]
)  # fmt: skip
def test_a_score_has_a_level(value: int, level: str) -> None:
    assert level_of(value) == level


@pytest.mark.parametrize(
    ("inherent", "current", "target", "fault"),
    [
        ((4, 5), (3, 4), (2, 2), ""), ((4, 5), (4, 5), (4, 5), ""), ((2, 2), (3, 2), (1, 1), "controls"),
        ((4, 4), (2, 2), (3, 2), "target"), ((0, 4), (1, 1), (1, 1), "grid"), ((5, 6), (1, 1), (1, 1), "grid"),
    ],
)  # fmt: skip
def test_which_scores_cannot_be(
    inherent: tuple[int, int], current: tuple[int, int], target: tuple[int, int], fault: str
) -> None:
    assert fault_of(Scores(Score(*inherent), Score(*current), Score(*target))) == fault


@pytest.mark.parametrize(
    ("value", "appetite", "over"), [(12, None, False), (12, 12, False), (13, 12, True), (1, 1, False), (25, 1, True)]
)
def test_over_is_above_what_a_board_accepts(value: int, appetite: int | None, *, over: bool) -> None:
    assert is_over(value, appetite) is over


def test_movement_the_grid_and_the_months() -> None:
    assert [movement_of(each) for each in ([9], [9, 12], [9, 12, 4], [4, 4])] == ["new", "up", "down", "same"]
    grid = grid_of([(Score(3, 4), "a"), (Score(3, 4), "b"), (Score(4, 3), "c")])
    assert (len(grid), grid[Score(3, 4)], grid[Score(4, 3)], grid[Score(5, 5)]) == (25, ["a", "b"], ["c"], [])
    assert months_on(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_on(date(2026, 12, 1), 12) == date(2027, 12, 1)


def _post(table: Table, name: str) -> Post:
    found: Post | None = table.members[name].post
    assert found is not None
    return found


def _said(current: tuple[int, int] = (4, 3), **said: object) -> RiskSaid:
    scores = Scores(Score(4, 4), Score(*current), Score(2, 2))
    plain = {"kind": "staff", "title": "Too few are trained", "cause": "Few courses", "event": "Posts stay open",
             "effect": "Families wait", "scores": scores, "review_months": 3}  # fmt: skip
    return RiskSaid(**(plain | said))  # type: ignore[arg-type]


def _raised(table: Table, **said: object) -> Risk:
    return services.raise_risk(board=table.board, said=_said(**said), owner=_post(table, "icb"), by=table.chair, at=AT)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_it_is_raised_reviewed_and_its_scores_stay() -> None:
    table = make_table()
    risk = _raised(table)
    assert (risk.next_review_on, RiskReview.objects.get().number) == (months_on(AT.date(), 3), 1)
    assert OutboxMessage.objects.get().to == _post(table, "icb").account.email
    later = AT + timedelta(days=30)
    scores = Scores(Score(4, 4), Score(2, 3), Score(2, 2))
    day = (later + timedelta(days=60)).date()
    services.review_risk(
        risk=risk, scores=scores, why="A course was run.", next_review_on=day, number=1, by=table.chair, at=later
    )
    for number, why, next_on, rule in (
        (1, "Again.", day, "GV-410"), (2, " ", day, "GV-407"), (2, "Again.", later.date(), "GV-408"),
        (2, "Again.", day + timedelta(days=400), "GV-408"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            services.review_risk(
                risk=risk, scores=scores, why=why, next_review_on=next_on, number=number, by=table.chair, at=later
            )
        assert refused.value.rule == rule
    page = risk_page(table.officer, risk.pk)
    assert [each.current.value for each in page.reviews] == [12, 6]
    assert (page.line.movement, page.row.next_review_on) == ("down", day)
    assert page.picture.table.rows[0][1:] == ("16", "12", "4")
    with pytest.raises(DatabaseError), transaction.atomic():  # no right to change, and a trigger beneath
        RiskReview.objects.update(why="Rewritten")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"title": " "}, "GV-402"), ({"cause": ""}, "GV-401"), ({"kind": "other"}, "GV-403"), ({"current": (5, 5)}, "GV-405"),
        ({"current": (1, 1)}, "GV-406"), ({"scores": Scores(Score(6, 1), Score(1, 1), Score(1, 1))}, "GV-404"),
    ],
)  # fmt: skip
def test_what_is_no_risk_is_refused(said: dict[str, object], rule: str) -> None:
    table = make_table()
    with pytest.raises(Refused) as refused:
        _raised(table, **said)
    assert (refused.value.rule, Risk.objects.count()) == (rule, 0)


@pytest.mark.django_db
def test_only_those_around_it_keep_it() -> None:
    """Whoever sits on the board, owns it or keeps the boards; a board member of elsewhere reads it and a key worker does not."""
    table = make_table()
    risk = _raised(table)
    elsewhere = make_person(Role.DIRECTOR, table.organisations["POLICE"], "Dana Testaway")
    worker = make_person(Role.KEY_WORKER, table.organisations["COUNCIL"], "Kay Testwork")
    assert services.add_control(risk=risk, words="A course", works="works", by=table.officer, at=AT).words == "A course"
    with pytest.raises(NotPermitted):
        services.add_control(risk=risk, words="Another", works="works", by=elsewhere, at=AT)
    assert Visitor(elsewhere).answer("risk", risk.pk).status_code == 200
    assert Visitor(elsewhere).answer("risk_review", risk.pk).status_code == 403
    assert Visitor(worker).answer("risks").status_code == 403


@pytest.mark.django_db
def test_over_what_is_accepted_comes_before_the_board() -> None:
    table = make_table()
    risk = _raised(table)
    asking = Asking(table.board.pk, frozenset(), AT.date())
    assert not [each for each in due_for(table.officer, asking) if each.matter_kind == "risk"]
    set_it = {"board": table.board, "kind": "staff", "starts_on": BEGAN, "by": table.chair, "at": AT}
    for most, source, rule in ((9, "", "GV-421"), (26, "Minute 4", "GV-420")):
        with pytest.raises(Refused) as refused:
            services.set_appetite(most=most, source=source, **set_it)  # type: ignore[arg-type]
        assert refused.value.rule == rule
    services.set_appetite(most=9, source="Minute 4", **set_it)  # type: ignore[arg-type]
    due = [each for each in due_for(table.officer, asking) if each.matter_kind == "risk"]
    assert [each.matter_id for each in due] == [risk.pk]
    page = register(table.officer, Wanted(only="over"))
    assert ([each.id for each in page.lines], page.over) == ([risk.pk], 1)
    services.set_appetite(most=12, source="Minute 5", **(set_it | {"starts_on": AT.date()}))  # type: ignore[arg-type]
    assert register(table.officer).over == 0
    assert not [each for each in due_for(table.officer, asking) if each.matter_kind == "risk"]


@pytest.mark.django_db
def test_actions_are_done_before_it_is_closed_and_whoever_is_late_is_told_once() -> None:
    table = make_table()
    risk = _raised(table)
    owner = _post(table, "dcs")
    kept = {"risk": risk, "words": "Run a course", "owner": owner, "by": table.chair, "at": AT}
    with pytest.raises(Refused, match="before today"):
        services.set_risk_action(due_on=AT.date() - timedelta(days=1), **kept)  # type: ignore[arg-type]
    action = services.set_risk_action(due_on=AT.date() + timedelta(days=5), **kept)  # type: ignore[arg-type]
    OutboxMessage.objects.all().delete()
    assert services.look_after_risks(at=AT + timedelta(days=5)) == 0
    assert services.look_after_risks(at=AT + timedelta(days=6)) == 1
    assert services.look_after_risks(at=AT + timedelta(days=7)) == 0
    assert OutboxMessage.objects.get().to == owner.account.email
    assert services.look_after_risks(at=AT + timedelta(days=120)) == 1  # the review of the risk
    with pytest.raises(Refused) as refused:
        services.close_risk(risk=risk, why="It is over.", by=table.chair, at=AT)
    assert refused.value.rule == "GV-419"
    services.finish_risk_action(action=action, words="It was run.", by=system(AT), at=AT)
    services.close_risk(risk=risk, why="It is over.", by=table.chair, at=AT)
    with pytest.raises(Refused) as refused:
        services.add_control(risk=risk, words="More", works="works", by=table.chair, at=AT)
    assert refused.value.rule == "GV-409"
    assert [each.id for each in register(table.officer, Wanted(only="closed")).lines] == [risk.pk]


@pytest.mark.django_db
def test_what_a_proposal_means_stands_with_it_until_it_is_decided() -> None:
    table = make_table()
    risk = _raised(table)
    meeting = make_meeting(table, there=EVERYBODY)
    item = meeting.items.get(position=1)
    said = {"item": item, "environmental": "Fewer journeys.", "risks": [risk], "by": table.chair, "at": AT}
    with pytest.raises(Refused) as refused:
        services.write_implications(financial=" ", **said)  # type: ignore[arg-type]
    assert refused.value.rule == "GV-430"
    services.write_implications(financial="£10,000 once.", **said)  # type: ignore[arg-type]
    services.write_implications(financial="£12,000 once.", **said)  # type: ignore[arg-type]
    visitor = Visitor(table.officer)
    page = visitor.see("board_meeting", meeting.pk)
    assert "£12,000 once." in page
    assert "£10,000" not in page
    assert item.title in visitor.see("risk", risk.pk)
    made = services.record_decision(item=item, said=said_for(table), by=table.chair, at=AT)
    assert "Fewer journeys." in visitor.see("board_decision", made.pk)
    with pytest.raises(Refused) as refused:
        services.write_implications(financial="Late.", **said)  # type: ignore[arg-type]
    assert refused.value.rule == "GV-431"


@pytest.mark.django_db
def test_the_pages_ask_and_the_files_hold_the_register() -> None:
    table = make_table()
    chair = Visitor(table.chair)
    _raised(table)
    page = chair.see("risks")
    assert "1 risk" in page
    assert "cell=4-3" in page
    assert "Too few are trained</a>" not in chair.see("risks", cell="1-1")
    for kind, start in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("docx", b"PK")):
        assert chair.answer("risk_file", kind).content.startswith(start)
    sent = {
        "board": str(table.board.pk), "kind": "children", "kind_words": "", "title": "Harm", "cause": "a", "event": "b",
        "effect": "c", "owner": str(_post(table, "icb").pk), "review_months": "3", "inherent_likelihood": "4",
        "inherent_impact": "5", "current_likelihood": "3", "current_impact": "5", "target_likelihood": "1", "target_impact": "5",
    }  # fmt: skip
    assert chair.send("risk_new", **sent).status_code == 302
    assert Risk.objects.get(title="Harm").reviews.get().current_likelihood == 3
