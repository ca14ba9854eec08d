"""No journey hangs on luck: clicks and keys go through `tests/journeys/steps.py`, which waits for the page."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

JOURNEYS = Path(__file__).parents[1] / "journeys"
# What does not wait for a page to be ready, or waits for nothing in particular, and what to write instead.
INSTEAD = {
    "click": "press, follow or tap",
    "dblclick": "tap",
    "press_sequentially": "type_out",
    "keyboard": "keys",
    "mouse": "follow or tap",
    "requestSubmit": "press",
    "wait_for_load_state": "press, follow, next_page or settled",
    "wait_for_timeout": "expect or wait_for",
    "sleep": "expect or wait_for",
    "new_context": "the fixtures page and plain, or browser_of_their_own",
    "launch": "the fixtures page and plain, or browser_of_their_own",
    "is_visible": "expect(…).to_be_visible()",
    "is_checked": "expect(…).to_be_checked()",
}
# These stop processes in the middle of what they do: time passing is what they are about.
KILLING = {"test_autosave_killed.py", "test_killed_mid_journey.py"}


def _wrong(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in INSTEAD:
            yield f"line {node.lineno}: .{node.attr}: write {INSTEAD[node.attr]}"


@pytest.mark.parametrize("path", sorted(JOURNEYS.glob("test_*.py")), ids=lambda path: path.name)
def test_a_journey_waits_for_its_pages(path: Path) -> None:
    wrong = list(_wrong(ast.parse(path.read_text())))
    assert path.name in KILLING or wrong == []


def test_the_rule_would_notice() -> None:
    assert sorted(_wrong(ast.parse('page.keyboard.press("k")\nbutton.click()'))) == [
        "line 1: .keyboard: write keys",
        "line 2: .click: write press, follow or tap",
    ]
