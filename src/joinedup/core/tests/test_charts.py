"""Charts: labels that do not lie on each other, words escaped, the same data in the table, deterministic family trees."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.core.charts import (
    Bond,
    Distance,
    Figure,
    Line,
    Mark,
    Relative,
    Series,
    Tie,
    bars,
    distance,
    family_tree,
    line,
    radar,
    timeline,
)
from joinedup.core.drawing import width_of
from joinedup.core.family_layout import COLUMN, arranged
from joinedup.core.figures import safe_cell

_NS = "{http://www.w3.org/2000/svg}"
ELEMENTS = [
    "General health", "Physical development", "Speech, language, communication", "Emotional and social development",
    "Behavioural development", "Identity, self-esteem, self-image, social presentation", "Family and social relationships",
    "Self-care skills and independence", "Understanding, reasoning, problem solving",
    "Participation in learning, education, employment", "Progress and achievement in learning", "Aspirations",
    "Basic care, ensuring safety and protection", "Emotional warmth and stability", "Guidance, boundaries and stimulation",
    "Family history, functioning and well-being", "Wider family", "Housing, employment and financial considerations",
    "Social and community elements and resources, including education",
]  # fmt: skip


def boxes(figure: Figure) -> list[tuple[float, float, float, float, str]]:
    """Where each label is: left, top, right, bottom."""
    found = []
    for text in ET.fromstring(figure.svg).iter(f"{_NS}text"):  # our own drawing
        words, size = text.text or "", float(text.attrib["font-size"])
        wide = width_of(words, size, is_bold="font-weight" in text.attrib)
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.attrib["text-anchor"]]
        found.append((left, y - size * 0.75, left + wide, y + size * 0.22, words))
    return found


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Labels that lie on each other."""
    return [
        (one[4], other[4])
        for one, other in itertools.combinations(boxes(figure), 2)
        if one[0] < other[2] - 1 and other[0] < one[2] - 1 and one[1] < other[3] - 1 and other[1] < one[3] - 1
    ]


def family(*, children: int = 3, former: bool = True) -> tuple[list[Relative], list[Tie], list[Bond]]:
    people = [
        Relative("g1", "Nettie Testerfield", "F", date(1950, 1, 1), note="76 years"),
        Relative("g2", "Old Testerfield", "M", date(1948, 1, 1), has_died=True, note="has died"),
        Relative("m", "Marigold Thistlewood-Testerfield", "F", date(1988, 1, 1), note="38 years", is_in_household=True),
        Relative("d", "Dan Testerfield", "M", date(1985, 1, 1), note="41 years"),
    ]
    ties = [Tie("g1", "d"), Tie("g2", "d")]
    bonds = [Bond("g1", "g2"), Bond("m", "d", is_over=former)]
    for place in range(children):
        born = date(2009 + 2 * (place // 2), 3, 3)  # twins in pairs
        people.append(Relative(f"c{place}", f"Child {place} Testerfield", "FMU"[place % 3], born, is_in_household=True))
        ties += [Tie("m", f"c{place}"), Tie("d", f"c{place}")]
    return people, ties, bonds


def every() -> list[Figure]:
    people, ties, bonds = family(children=5)
    return [
        radar("Scores", ELEMENTS, [Series("3 March 2026", [5] * 19), Series("18 November 2026", [None, *[10] * 18])]),
        distance("Distance", [Distance(each, place % 10 + 1, (place * 3) % 10 + 1) for place, each in enumerate(ELEMENTS)]),
        line("Attendance", [Line("Rowan", [(date(2025, 9, 1), 62), (date(2026, 9, 1), 93)]), Line("Wren", [(date(2026, 1, 5), 1200)])]),
        line("Nothing", []),
        bars("Hours", [("Parenting group", 12), ("A very long name of a service that goes on past any edge", 0), ("c", 3.5)]),
        bars("Nothing", []),
        timeline(
            "What happened",
            [Mark(date(2024 + n % 3, 1 + n % 12, 3), f"event {n}", ("Police", "School", "Health")[n % 3], n % 2 == 0) for n in range(60)],
            starts=date(2024, 1, 1), ends=date(2026, 12, 31),
        ),
        timeline("One day", [Mark(date(2026, 1, 1), "x", "y")], starts=date(2026, 1, 1), ends=date(2026, 1, 1)),
        family_tree("Family", people, ties, bonds),
        family_tree("Nobody", []),
    ]  # fmt: skip


@pytest.mark.parametrize("figure", every(), ids=lambda figure: figure.title)
def test_no_label_lies_on_another_or_past_the_edge(figure: Figure) -> None:
    assert overlapping(figure) == []
    for left, top, right, bottom, words in boxes(figure):
        assert left >= -1, words
        assert right <= figure.width + 1, words
        assert top >= -1, words
        assert bottom <= figure.height + 1, words


@pytest.mark.parametrize("figure", every(), ids=lambda figure: figure.title)
def test_every_drawing_is_named_and_passes_the_content_policy(figure: Figure) -> None:
    root = ET.fromstring(figure.svg)  # our own drawing
    assert root.attrib["role"] == "img"
    title, desc = root.find(f"{_NS}title"), root.find(f"{_NS}desc")
    assert title is not None
    assert desc is not None
    assert (title.text, desc.text) == (figure.title, figure.description)
    assert root.attrib["aria-labelledby"].split() == [title.attrib["id"], desc.attrib["id"]]
    names = {each.tag.removeprefix(_NS) for each in root.iter()}
    assert names <= {"svg", "title", "desc", "line", "polyline", "polygon", "circle", "rect", "text"}
    assert not any("style" in each.attrib for each in root.iter())


@pytest.mark.parametrize("figure", every(), ids=lambda figure: figure.title)
def test_the_csv_is_the_table(figure: Figure) -> None:
    rows = list(csv.reader(io.StringIO(figure.csv)))
    assert rows == [[safe_cell(cell) for cell in row] for row in (figure.table.columns, *figure.table.rows)]


def test_words_are_escaped() -> None:
    nasty = "<script>&\"'"
    for figure in (
        bars(nasty, [(nasty, 1)]), distance(nasty, [Distance(nasty, 1, 2)]), radar(nasty, [nasty] * 3, [Series(nasty, [1, 2, 3])]),
        line(nasty, [Line(nasty, [(date(2026, 1, 1), 1)])]), family_tree(nasty, [Relative("a", nasty)]),
        timeline(nasty, [Mark(date(2026, 1, 1), nasty, nasty, is_significant=True)], starts=date(2026, 1, 1), ends=date(2026, 2, 1)),
    ):  # fmt: skip
        assert "<script" not in figure.svg
        ET.fromstring(figure.svg)  # our own drawing


def test_a_cell_that_a_spreadsheet_would_run_is_disarmed() -> None:
    assert [safe_cell(each) for each in ("=1+1", "@x", "+44", "-3", "-x", "–", "plain")] == [
        "'=1+1", "'@x", "'+44", "-3", "'-x", "–", "plain",
    ]  # fmt: skip


def test_distance_says_what_changed() -> None:
    figure = distance("D", [Distance("a", 4, 7), Distance("b", 7, 4), Distance("c", 5, 5), Distance("d", 5, None)])
    assert [row[-1] for row in figure.table.rows] == ["+3", "−3", "0", "–"]
    assert figure.description == "Of 4, 1 better, 1 the same and 1 worse than at the start."
    turned = distance("D", [Distance("a", 4, 7)], is_more_better=False)
    assert "1 worse" in turned.description


def test_significant_events_are_numbered_in_the_order_of_their_days() -> None:
    marks = [Mark(date(2026, month, 1), f"m{month}", "Lane", month % 2 == 1) for month in (5, 3, 2, 1)]
    figure = timeline("T", marks, starts=date(2026, 1, 1), ends=date(2026, 12, 31))
    assert [row[3] for row in figure.table.rows] == ["Significant (1)", "", "Significant (2)", "Significant (3)"]
    assert "4 events, 3 of them significant" in figure.description


def test_a_family_stands_in_generations_by_age_with_twins_from_one_point() -> None:
    people, ties, bonds = family(children=4)
    layout = arranged(people, ties, bonds)
    assert layout.rows == 3
    assert {layout.row[each] for each in ("m", "d")} == {1}
    assert abs(layout.x["m"] - layout.x["d"]) == COLUMN
    across = sorted((layout.x[f"c{place}"], place) for place in range(4))
    assert [place for _, place in across] == [0, 1, 2, 3]
    svg = family_tree("F", people, ties, bonds).svg
    assert svg == family_tree("F", list(people), list(ties), list(bonds)).svg


def test_a_circle_in_the_data_does_not_hang() -> None:
    people = [Relative("a", "A"), Relative("b", "B"), Relative("c", "C")]
    layout = arranged(
        people, [Tie("a", "b"), Tie("b", "c"), Tie("c", "a")], [Bond("a", "c"), Bond("a", "a")], [("b", "b")]
    )
    assert set(layout.row) == {"a", "b", "c"}


@settings(max_examples=150, deadline=None)
@given(data=st.data(), size=st.integers(1, 14))
def test_nobody_ever_stands_on_anybody(data: st.DataObject, size: int) -> None:
    ids = [str(place) for place in range(size)]
    pick = st.sampled_from(ids)
    people = [
        Relative(each, f"Person {each} Testerfield", data.draw(st.sampled_from("MFU")), date(1990, 1, 1))
        for each in ids
    ]
    ties = [Tie(*pair) for pair in data.draw(st.lists(st.tuples(pick, pick), max_size=16))]
    bonds = [Bond(*pair) for pair in data.draw(st.lists(st.tuples(pick, pick), max_size=6))]
    layout = arranged(people, ties, bonds)
    for row in range(layout.rows):
        across = sorted(layout.x[each] for each in ids if layout.row[each] == row)
        assert all(second - first >= COLUMN - 0.01 for first, second in itertools.pairwise(across))
    assert overlapping(family_tree("F", people, ties, bonds)) == []
