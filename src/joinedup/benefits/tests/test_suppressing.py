"""What the pages of a programme say of numbers of families, taken together: nothing small, and nothing it follows from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from joinedup.access.actor import system
from joinedup.access.models import Account
from joinedup.benefits import services, suppressing
from joinedup.benefits.cohort import Criteria
from joinedup.benefits.queries.cohorts import overlap_of
from joinedup.benefits.queries.home import home
from joinedup.benefits.queries.strands import strand_page
from joinedup.benefits.suppressing import StrandPlace, numbers_of, parts_in_words, tells_of_few
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import Refused
from joinedup.organisations.tests.factories import AT, make_team

PLACES = [StrandPlace("a"), StrandPlace("b"), StrandPlace("c", is_open=False, merged_into="a")]


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c", "ab", "ac", "bc", "abc"]), st.one_of(st.integers(1, 5), st.integers(1, 30))
    )
)
def test_no_small_number_is_said_or_taken_away(cells: dict[str, int]) -> None:
    """Whoever is in which strands, merged ones too: what is small is hidden, and the difference of two numbers that are shown,
    one of which holds the other, is never small."""
    families: dict[str, set[int]] = {code: set() for code in "abc"}
    number = 0
    for codes, many in cells.items():
        for family in range(number, number + many):
            for code in codes:
                families[code].add(family)
        number += many
    found = numbers_of(PLACES, families, 6)
    merged = families["a"] | families["c"]
    sets = {
        suppressing.strand("a"): merged, suppressing.strand("b"): families["b"], suppressing.strand("c"): families["c"],
        suppressing.ANY: merged | families["b"], suppressing.SEVERAL: merged & families["b"],
        suppressing.both("a", "b"): merged & families["b"], suppressing.exactly(["a"]): merged - families["b"],
        suppressing.exactly(["b"]): families["b"] - merged, suppressing.exactly(["a", "b"]): merged & families["b"],
    }  # fmt: skip
    for key, those in sets.items():
        assert found.counts.get(key, 0) == len(those)
        if 0 < len(those) < 6:
            assert not found.is_shown(key)
            assert found.words(key) in ("fewer than 6", "not shown")
        for other, fewer in sets.items():
            if fewer < those and found.is_shown(key) and found.is_shown(other):
                assert not 0 < len(those) - len(fewer) < 6, (key, other)


@pytest.mark.parametrize(
    ("whole", "parts", "is_shown", "words"),
    [
        (30, {"rule": 30, "hand": 0}, True, ["30", "0"]),
        (30, {"rule": 28, "hand": 2}, True, ["not shown", "fewer than 6"]),
        (40, {"rule": 20, "hand": 2, "file": 18}, True, ["20", "fewer than 6", "not shown"]),
        (3, {"rule": 3, "hand": 0}, True, ["not shown", "0"]),
        (30, {"rule": 30, "hand": 0}, False, ["not shown", "0"]),
    ],
)
def test_parts_of_a_number(whole: int, parts: dict[str, int], is_shown: bool, words: list[str]) -> None:
    """How families came in beside how many there are; where the whole is not said its parts are not."""
    assert list(parts_in_words(whole, parts, is_shown=is_shown, least=6).values()) == words
    assert list(parts_in_words(whole, parts, is_shown=is_shown, least=0).values()) == [
        str(each) for each in parts.values()
    ]


def _filled(run: Run, *, families: int, safer: int, shared: int) -> None:
    """So many families in each of the two strands, of whom so many are in both."""
    team = make_team(kind="case_management")
    cases = [make_case(team=team) for _ in range(families + safer - shared)]
    for code, mine in (("families", cases[:families]), ("safer", cases[families - shared :])):
        services.put_in_families(
            strand=run.strands[code], references=[each.reference for each in mine], starts_on=AT.date(), source="file",
            by=system(AT), at=AT,
        )  # fmt: skip


def _sums(a: int, both: int, b: int) -> dict[str, int]:
    return {"a": a + both, "b": b + both, "both": both, "column": both, "all": a + both + b, "a alone": a, "b alone": b}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("families", "safer", "shared"), [(9, 8, 2), (12, 3, 3), (7, 12, 6), (20, 14, 12), (8, 7, 0), (3, 2, 1), (6, 6, 6)]
)
def test_no_page_says_what_another_keeps_back(families: int, safer: int, shared: int) -> None:
    """Overlap, its picture and files, the programme and both strands, read together."""
    run = make_programme()
    _filled(run, families=families, safer=safer, shared=shared)
    nhs = run.directors["NHS"]
    page, front = overlap_of(nhs, run.programme.pk), home(nhs, run.programme.pk)
    said = {page.several, front.several, *(each.both for each in page.pairs)}
    assert len(said) == 1
    told: dict[str, set[str]] = {
        "a": {line.cohort.words for line in front.lines if line.strand.code == "families"},
        "b": {line.cohort.words for line in front.lines if line.strand.code == "safer"},
        "both": said, "all": {page.families},
    }  # fmt: skip
    for code, key in (("families", "a"), ("safer", "b")):
        told[key].add(strand_page(nhs, run.strands[code].pk).cohort.words)
    columns = {row[0]: row[2] for row in page.figure.table.rows}
    told |= {
        "a alone": {columns.get("Families together", "0")}, "b alone": {columns.get("Safer communities", "0")},
        "column": {columns.get("Families together and Safer communities", "0")},
    }  # fmt: skip
    exact = _sums(families - shared, shared, safer - shared)
    shown = {name: exact[name] for name, words in told.items() if words == {str(exact[name])}}
    for name, words in told.items():
        assert len(words) == 1, name
        assert name in shown or words <= {"fewer than 6", "not shown"}
        assert name not in shown or not 0 < exact[name] < 6
    could = [
        (a, both, b)
        for a, both, b in product(range(36), repeat=3)
        if all(many == _sums(a, both, b)[name] for name, many in shown.items())
    ]
    for place, many in enumerate((families - shared, shared, safer - shared)):
        if 0 < many < 6:
            assert {1, 2, 3, 4, 5} <= {each[place] for each in could}
    for pair in page.pairs:
        if not {"a", "b", "both"} <= shown.keys():
            assert not pair.percent
            assert not pair.is_advised


@pytest.mark.parametrize(
    ("one", "other", "tells"),
    [
        (range(20), range(20), False),  # the same families
        (range(20), range(21), True),
        (range(20), range(26), False),
        (range(20), [*range(17), 30, 31], True),  # five others in all
        (range(20), [*range(17), 30, 31, 32], False),
        (range(5), range(6), False),  # the smaller total is not shown
        (range(20), [], False),
    ],
)
def test_two_totals_that_tell_of_few(one: Iterable[int], other: Iterable[int], tells: bool) -> None:
    assert tells_of_few(set(one), set(other), 6) is tells
    assert tells_of_few(set(other), set(one), 6) is tells
    assert not tells_of_few(set(one), set(other), 0)


@pytest.mark.django_db
def test_a_rule_is_not_changed_by_a_few_families() -> None:
    """The total of one rule less the total of the next would say how many of a place are at another level; nor by way of a
    third rule, nor in another strand, and nothing is changed by asking."""
    run, team = make_programme(), make_team(kind="case_management")
    for level, number in ((2, 9), (3, 3), (4, 20)):
        for _ in range(number):
            make_case(team=team, level=level)

    def define(code: str, *levels: str) -> None:
        services.define_cohort(
            strand=run.strands[code],
            criteria=Criteria(levels=levels),
            expected=None,
            expected_source="",
            by=system(AT),
            at=AT,
        )

    define("families", "2")
    for code in ("families", "safer"):
        with pytest.raises(Refused, match="fewer than 6 families") as refused:
            define(code, "2", "3")
        assert refused.value.rule == "BN-139"
    assert strand_page(run.directors["NHS"], run.strands["families"].pk).cohort.words == "9"
    define("families", "2", "4")
    for levels in (("2", "3"), ("2", "3", "4")):
        with pytest.raises(Refused) as refused:
            define("families", *levels)
        assert refused.value.rule == "BN-139"
    define("safer", "4")
    define("families", "2")


@pytest.mark.django_db
def test_pages_tell_why_and_never_by_their_grammar() -> None:
    """One family is “fewer than 6 families”; why numbers are not shown stands on each page; files hide the same."""
    run = make_programme()
    _filled(run, families=27, safer=1, shared=1)
    client = Client()
    client.force_login(Account.objects.get(pk=run.directors["NHS"].account_id))
    strand, programme = run.strands["safer"].pk, run.programme.pk
    pages = [
        reverse("strand", args=[strand]),
        reverse("programme", args=[programme]),
        reverse("programme_overlap", args=[programme]),
    ]
    for page in pages:
        text = client.get(page).content.decode()
        assert "Nought is shown." in text
        assert "fewer than 6 family" not in text
        assert not re.search(r"\b26\b", re.sub(r"<[^>]*>", " ", text.split("<main")[1]))
    for table in ("combinations", "pairs"):
        csv = client.get(reverse("programme_overlap_csv", args=[programme, table])).content.decode()
        assert ",1\r" not in csv
        assert not re.search(r"\b26\b", csv)
