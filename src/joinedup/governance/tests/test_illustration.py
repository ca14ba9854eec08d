"""What boards decide about a programme whose inputs are invented says so wherever it is shown; and a round that was accepted
is shown so with the programme."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.benefits.models import Round
from joinedup.benefits.queries import accepted_rounds, register_acceptances
from joinedup.benefits.services import cases
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.benefits.tests.test_cases_services import filled, save
from joinedup.funds.tests.visiting import Visitor
from joinedup.governance import services
from joinedup.governance.codes import ILLUSTRATION
from joinedup.governance.effects import invented_matters
from joinedup.governance.models import Decision, Paper
from joinedup.governance.queries.decisions import rounds_accepted
from joinedup.governance.services import ItemSaid
from joinedup.governance.tests.factories import BEGAN, EVERYBODY, Table, make_meeting, make_person, make_table, said_for
from joinedup.organisations.tests.factories import AT
from tests.support.statements import statements_of

pytestmark = pytest.mark.django_db


def _round(*, is_illustration: bool) -> tuple[Table, Run, Round]:
    """A board that may accept rounds and name sponsors, and a round that waits for it."""
    table = make_table()
    run = make_programme(is_illustration=is_illustration)
    kept = cases.keep_round(case=filled(run), why="", version=2, by=run.manager, at=AT)
    for kind in ("accept_round", "name_sponsor"):
        services.give_power(
            board=table.board, kind=kind, limit_pence=None, source="Minute 3", starts_on=BEGAN, by=table.officer, at=AT
        )
    return table, run, kept


def _item(kept: Round, **said: Any) -> ItemSaid:
    return ItemSaid("decision", "Accept the round", matter_kind="accept_round", matter_id=kept.pk, **said)


def _decided(table: Table, item: ItemSaid) -> Decision:
    row = make_meeting(table, item, there=EVERYBODY).items.get(position=1)
    return services.record_decision(item=row, said=said_for(table), by=table.chair, at=AT)


def _accepted(table: Table, made: Decision) -> None:
    for code in ("COUNCIL", "NHS", "POLICE"):
        services.record_approval(
            organisation=table.organisations[code], decision=made, agrees=True, body="Cabinet", approved_on=AT.date(),
            minute="17", by=table.chiefs[code], at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("is_illustration", [True, False])
def test_every_page_that_shows_it_says_that_it_is_invented(*, is_illustration: bool) -> None:
    """Offered for an agenda, on it, decided, listed, published; and none of them where the programme is a real one."""
    table, run, kept = _round(is_illustration=is_illustration)
    officer = Visitor(table.officer)
    called = make_meeting(table, _item(kept))
    item = called.items.get(position=1)
    empty = make_meeting(table, ItemSaid("other", "Next meeting"))
    services.attach_paper(item=item, title="The case", content=b"Figures of the case\n", by=table.officer, at=AT)
    pages: list[tuple[str, Any]] = [
        ("agenda_add", empty.pk), ("board_meeting", called.pk), ("meeting_published", called.pk), ("item_paper", item.pk),
        ("item_decide", item.pk), ("item_minute", item.pk),
    ]  # fmt: skip
    made = _decided(table, _item(kept))
    pages += [("board_decision", made.pk), ("board", table.board.pk), ("decision_answer", made.pk)]
    for page, key in pages:
        assert (ILLUSTRATION in officer.see(page, key)) is is_illustration, page
    assert (ILLUSTRATION in Visitor(table.chiefs["NHS"]).see("boards")) is is_illustration
    paper = officer.answer("board_paper", Paper.objects.get().pk)
    assert ("Illustration" in paper["Content-Disposition"]) is is_illustration
    assert paper.content == b"Figures of the case\n"
    assert invented_matters(table.officer, [("accept_round", kept.pk)]) == ({kept.pk} if is_illustration else set())
    strand = run.strands["safer"]
    assert bool(invented_matters(table.officer, [("name_sponsor", strand.pk)])) is is_illustration
    assert invented_matters(table.officer, [("accept_round", None), ("action", kept.pk), ("", None)]) == frozenset()


def test_the_forward_plan_says_it_too() -> None:
    from datetime import timedelta

    table, _, kept = _round(is_illustration=True)
    by = system(AT)
    meeting = services.plan_meeting(board=table.board, starts_at=AT + timedelta(days=5), place="Room 2", by=by, at=AT)
    officer = Visitor(table.officer)
    services.add_item(meeting=meeting, said=ItemSaid("decision", "Plain words"), by=by, at=AT)
    assert ILLUSTRATION not in officer.see("forward_plan")
    services.add_item(meeting=meeting, said=_item(kept), by=by, at=AT)
    assert ILLUSTRATION in officer.see("forward_plan")


def test_what_is_withheld_says_nothing_of_what_it_is_about() -> None:
    table, _, kept = _round(is_illustration=True)
    called = make_meeting(table, _item(kept, is_exempt=True, exempt_reason="Somebody’s affairs"))
    assert ILLUSTRATION not in Visitor(table.officer).see("meeting_published", called.pk)
    stranger = make_person(Role.COMMISSIONER, table.organisations["NHS"], "Stray Testneeds")
    assert ILLUSTRATION not in Visitor(stranger).see("board_meeting", called.pk)
    assert ILLUSTRATION in Visitor(table.officer).see("board_meeting", called.pk)


def test_statements_do_not_grow_with_what_is_invented() -> None:
    table, run, kept = _round(is_illustration=True)
    meeting = make_meeting(table, _item(kept))
    officer, counts = Visitor(table.officer), []
    for code in ("safer", "families"):
        services_item = ItemSaid("decision", code, matter_kind="name_sponsor", matter_id=run.strands[code].pk)
        services.add_item(meeting=meeting, said=services_item, by=table.officer, at=AT)
        officer.see("board_meeting", meeting.pk)
        with CaptureQueriesContext(connection) as asked:
            officer.see("board_meeting", meeting.pk)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24


# --- The programme's page.


def _see_programme(run: Run) -> str:
    assert run.manager is not None
    return Visitor(run.manager).see("programme", run.programme.pk)


def test_a_round_that_was_accepted_is_shown_with_the_programme() -> None:
    """Once every partner approved, not before; a newer round is not accepted with it."""
    table, run, kept = _round(is_illustration=True)
    made = _decided(table, _item(kept))
    assert "Accepted by" not in _see_programme(run)
    _accepted(table, made)
    page = _see_programme(run)
    assert "Accepted by Public services board on 18 November 2026" in page
    assert f"/boards/decisions/{made.pk}/" in page
    visitor = Visitor(run.manager)
    visitor.see("programme", run.programme.pk)
    with CaptureQueriesContext(connection) as asked:
        visitor.see("programme", run.programme.pk)
    assert sum("roundacceptance" in each["sql"] for each in asked) == 1
    assert statements_of(asked) <= 24
    case = kept.case
    case.refresh_from_db()
    case = save(run, case, "who", 0, {"intake_0": 800.0})
    cases.keep_round(case=case, why="Prices changed", version=case.version, by=run.manager, at=AT)
    assert "Accepted by" not in _see_programme(run)


def test_whose_decision_somebody_may_not_read_is_not_told() -> None:
    """An exempt item's decision is for the board and its auditor; somebody who reads no boards is told of none."""
    table, run, kept = _round(is_illustration=False)
    _accepted(table, _decided(table, _item(kept, is_exempt=True, exempt_reason="Somebody’s affairs")))
    assert "Accepted by" not in _see_programme(run)
    assert rounds_accepted(table.chair, [kept.pk])[kept.pk].board == "Public services board"
    assert rounds_accepted(table.chair, []) == {}
    holder = make_person(Role.BUDGET_HOLDER, table.organisations["NHS"], "Plain Testbudget")
    assert accepted_rounds(holder, [kept.pk]) == {}


def test_one_part_says_what_was_accepted() -> None:
    with pytest.raises(ValueError, match="registered already"):
        register_acceptances(lambda viewer, ids: {})
