"""The keeper goes on whatever happens, and says once what is wrong."""

from __future__ import annotations

import sys
from datetime import datetime
from types import ModuleType

import pytest

from joinedup.cli.keeper import DUTIES, FIRST_ROUND, NOW_AND_THEN, ROUNDS_BETWEEN, Keeper


@pytest.fixture
def duties(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = ModuleType("pretended_duties")
    monkeypatch.setitem(sys.modules, "pretended_duties", module)
    return module


def test_a_failing_duty_does_not_stop_the_others_and_is_reported_once(
    duties: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[datetime] = []
    broken = [True]

    def fail(*, at: datetime) -> None:
        if broken:
            raise RuntimeError("the row of a person\nwith words")

    duties.fail = fail  # type: ignore[attr-defined]
    duties.work = lambda *, at: done.append(at)  # type: ignore[attr-defined]
    keeper = Keeper(("pretended_duties:fail", "pretended_duties:work"))
    keeper.go_round()
    keeper.go_round()
    assert len(done) == 2
    assert done[0].tzinfo is not None
    assert capsys.readouterr().err == "keeper: fail: RuntimeError: the row of a person\n"
    broken.clear()
    keeper.go_round()
    assert capsys.readouterr().err == "keeper: fail: works again\n"


def test_some_duties_are_done_now_and_then(duties: ModuleType) -> None:
    done: list[datetime] = []
    duties.tidy = lambda *, at: done.append(at)  # type: ignore[attr-defined]
    keeper = Keeper((), ("pretended_duties:tidy",))
    for _ in range(FIRST_ROUND - 1):
        keeper.go_round()
    assert done == []
    for _ in range(ROUNDS_BETWEEN + 1):
        keeper.go_round()
    assert len(done) == 2


@pytest.mark.parametrize("name", [*DUTIES, *NOW_AND_THEN])
def test_every_duty_exists(name: str) -> None:
    from joinedup.cli.keeper import Keeper

    assert callable(Keeper((name,))._duty(name))
