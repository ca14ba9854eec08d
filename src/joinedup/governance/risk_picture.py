"""The pictures of the risk register: the grid with what stands in each cell, and how one risk moved. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from joinedup.core import charts
from joinedup.core.drawing import GRID, INK, QUIET, Drawing
from joinedup.core.figures import Figure, Table
from joinedup.governance.risk_scoring import IMPACTS, LIKELIHOODS, Score, level_of

_WIDTH, _LEFT, _SIDE = 340.0, 84.0, 50.0
# Pale enough that the number in them is read, and told apart in grey by the letter beside it.
_SHADES = {"low": "#e3f1e5", "medium": "#fff7d6", "high": "#fbe0c3", "very high": "#f3c6c0"}
_LETTERS = {"low": "L", "medium": "M", "high": "H", "very high": "V"}


def grid_picture(cells: Mapping[Score, Sequence[str]], title: str = "Risks by likelihood and impact") -> Figure:
    """The 5×5 grid, likelihood upwards and impact to the right, with how many risks stand in each cell; `cells` holds their
    names. The table names them."""
    drawing = Drawing(_WIDTH)
    drawing.text(_LEFT, 14, "Likelihood upwards, impact to the right", size=12, fill=QUIET)
    top = 22.0
    for row, likelihood in enumerate(sorted(LIKELIHOODS, reverse=True)):
        y = top + row * 38
        words = LIKELIHOODS[likelihood].split()
        for place, word in enumerate(words):
            drawing.text(_LEFT - 8, y + (23 if len(words) == 1 else 16 + 14 * place), word, size=12, anchor="end")
        for column, impact in enumerate(sorted(IMPACTS)):
            score = Score(likelihood, impact)
            x, level, count = _LEFT + column * _SIDE, level_of(score.value), len(cells.get(score, ()))
            drawing.box(x, y, _SIDE, 38, fill=_SHADES[level], stroke=GRID, line=1)
            drawing.text(x + 4, y + 12, f"{score.value}{_LETTERS[level]}", size=10, fill=QUIET)
            if count:
                drawing.circle(x + _SIDE / 2 + 9, y + 24, 10.5, fill="#ffffff", stroke=INK)
                drawing.text(x + _SIDE / 2 + 9, y + 28.5, str(count), anchor="middle", is_bold=True)
    bottom = top + 5 * 38
    for column, impact in enumerate(sorted(IMPACTS)):
        drawing.text(_LEFT + (column + 0.5) * _SIDE, bottom + 15, IMPACTS[impact], size=11, anchor="middle")
    drawing.text(_LEFT, bottom + 34, "L low   M medium   H high   V very high", size=12, fill=QUIET)
    rows = tuple(
        (str(score.value), LIKELIHOODS[score.likelihood], IMPACTS[score.impact], level_of(score.value), "; ".join(names))
        for score, names in sorted(cells.items(), key=lambda each: (-each[0].value, each[0]))
        if names
    )  # fmt: skip
    table = Table(("Score", "Likelihood", "Impact", "Level", "Risks"), rows, title)
    number = sum(len(names) for names in cells.values())
    worst = max((score.value for score, names in cells.items() if names), default=0)
    said = (
        f"{number} {'risk' if number == 1 else 'risks'} on the grid, the highest score {worst}."
        if number
        else "No risk."
    )
    return Figure(drawing.svg(title, said), title, said, table, table.as_csv(), int(_WIDTH), int(drawing.height + 8))


def movement_picture(reviews: Sequence[tuple[date, int, int, int]], appetite: int | None) -> Figure:
    """How the inherent, current and target scores of a risk moved from review to review; the appetite as a line of its own."""
    kept = {
        "Without controls": [(on, float(inherent)) for on, inherent, _, _ in reviews],
        "Now": [(on, float(current)) for on, _, current, _ in reviews],
        "Target": [(on, float(target)) for on, _, _, target in reviews],
    }
    lines = [charts.Line(name, points) for name, points in kept.items()]
    if appetite is not None and reviews:
        days = sorted({row[0] for row in (reviews[0], reviews[-1])})
        lines.append(charts.Line("What the board accepts", [(day, float(appetite)) for day in days]))
    return charts.line("How its score moved", lines, unit="score")
