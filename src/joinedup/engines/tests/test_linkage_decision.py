"""What follows from a comparison: the table of truth, and joins that would contradict themselves."""

from datetime import date
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.engines.linkage.clustering import Clusters, Facts, Refusal, join_all
from joinedup.engines.linkage.decision import Outcome, decide, rules
from joinedup.engines.linkage.model import Model
from joinedup.engines.linkage.scoring import Frequencies, Scorer
from joinedup.engines.linkage.standard import Standard, standardise

SCORER = Scorer(Model.default())
CHILD = {
    "forename": "Rowan",
    "surname": "Testerfield",
    "dob": "2014-03-02",
    "sex": "F",
    "address1": "12 High Street",
    "postcode": "ZZ1 1AA",
}
MOVED = {"address1": "7 Low Road", "postcode": "ZZ8 8ZZ"}
NHS, ANOTHER = "9990000018", "9990000026"


def record(**said: str) -> Standard:
    return standardise(**(CHILD | said))  # type: ignore[arg-type]


def outcome(a: Standard, b: Standard, *, twins: bool = False, adults_born_by: int | None = None) -> tuple[Outcome, str]:
    score = SCORER.score(a, b)
    decided = decide(a, b, score, link=0.95, review=0.5, twins=twins, adults_born_by=adults_born_by)
    other = SCORER.score(b, a)
    assert decided == decide(b, a, other, link=0.95, review=0.5, twins=twins, adults_born_by=adults_born_by)
    return decided.outcome, decided.reasons[0].code if decided.reasons else ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        ({}, {"forename": "ROWAN", "surname": "Testerfeild"}),
        ({}, MOVED),
        ({}, {"surname": "Testerfield-Brown"}),
        ({}, {"surname": "Brown"}),  # at one address: a parent remarried
        ({"forename": "Elizabeth"}, {"forename": "Liz"}),
        ({"forename": "Testerfield", "surname": "Rowan"}, {}),
        ({}, {"dob": "2014-02-03"}),
        ({"nhs_number": NHS}, {"nhs_number": NHS, "surname": "Brown"} | MOVED),
        ({"forename": "Baby"}, {}),
        ({"forename": "Rowan Ivy"}, {}),  # the middle name stands in the forename's box
        ({"forename": "Kai Ming", "surname": "Wong"}, {"forename": "Kevin", "surname": "Wong"}),
        ({"forename": "Rowan", "address1": "1 A Priory Street"}, {"address1": "1A Priory Street"}),
    ],
)
def test_linked(one: dict[str, str], other: dict[str, str]) -> None:
    assert outcome(record(**one), record(**other))[0] == Outcome.LINKED


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ({"nhs_number": NHS}, {"nhs_number": ANOTHER}, "LK-1"),
        ({"forename": "Twin 1"}, {}, "LK-3"),
        ({"nhs_number": NHS}, {"nhs_number": NHS, "dob": "1986-11-29"}, "LK-4"),
        ({"forename": "Leo"}, {"forename": "Leon"}, "LK-5"),
        ({"forename": "Ronnie"}, {"forename": "Ryan"}, "LK-5"),
        ({"forename": "Hui"}, {"forename": "Hui Suet"}, "LK-5"),
        ({"forename": "Hassan"}, {"forename": "Hussain"}, "LK-5"),
        ({"forename": "Kai Ming", "surname": "Wong"}, {"forename": "Kai Wen", "surname": "Wong"}, "LK-5"),
        ({"forename": "Kai Ming", "surname": "Wong"}, {"forename": "Kevin", "surname": "Wong"} | MOVED, "LK-5"),
        ({"forename": "Frances"}, {"forename": "Francis"}, "LK-5"),
        ({}, {"surname": "Brown"} | MOVED, "LK-6"),
        ({}, {"surname": "Testerfield-Brown"} | MOVED, "LK-6"),
        ({}, {"dob": ""}, "LK-8"),
        ({}, {"dob": "1986-11-29"}, "LK-9"),
        ({"dob": "2014-01-01"}, {"dob": "2014-01-01"} | MOVED, "LK-10"),
        ({"middle": "Ivy"}, {"middle": "Hazel"}, "LK-12"),
        ({"middle": "Ivy"}, {"forename": "Ivy", "surname": "Brown", "address1": "9 High Street"}, "LK-14"),
        ({"dob": "2012-01-01"}, {"dob": "2010-01-01", "surname": "Brown"}, "LK-9"),  # two guesses, years apart
    ],
)
def test_held_back(one: dict[str, str], other: dict[str, str], code: str) -> None:
    found, why = outcome(record(**one), record(**other))
    assert (found is Outcome.LINKED, why) == (False, code)


def test_a_twin_is_never_the_other_twin() -> None:
    for one, other in permutations(["Rowan", "Hazel", "Ivy", "Oscar"], 2):
        assert outcome(record(forename=one), record(forename=other)) == (Outcome.APART, "LK-5")
    assert outcome(record(forename="Baby"), record(), twins=True)[0] != Outcome.LINKED


def test_an_adopted_childs_two_lives_are_never_joined() -> None:
    before = record(nhs_number=NHS, upn="")
    after = record(surname="Brown", nhs_number=ANOTHER, **MOVED)
    assert outcome(before, after)[0] != Outcome.LINKED
    assert outcome(before, record(surname="Brown", **MOVED))[0] != Outcome.LINKED


def test_a_former_surname_kept_as_a_middle_name_does_not_link_at_another_address() -> None:
    after = record(middle="Testerfield", surname="Brown", **MOVED)
    assert outcome(record(), after) == (Outcome.POSSIBLE, "LK-6")
    assert outcome(record(), after, adults_born_by=1990) == (Outcome.APART, "LK-15")


@pytest.mark.parametrize(("surname", "another"), [("Lam", "Lin"), ("Testerfield", "Testerfield-Brown")])
def test_a_childs_surname_that_agrees_in_part_is_no_link_at_another_address(surname: str, another: str) -> None:
    """However rare the forename: Lam and Lin are one name in two languages, and one of them an adoptive parent's."""
    scorer = Scorer(Model.default(), Frequencies({"rowan": 0.00001}, {}))
    said = {"upn": "", "surname": surname}
    one, other = record(**said), record(**said | {"surname": another} | MOVED)
    score = scorer.score(one, other)
    found = decide(one, other, score, link=0.95, review=0.5, adults_born_by=1990)
    assert (found.outcome, found.reasons[0].code) == (Outcome.POSSIBLE, "LK-6")
    assert decide(one, other, score, link=0.95, review=0.5, adults_born_by=2020).outcome is Outcome.LINKED
    upn = {"upn": "G895018819764"}
    one, other = record(**said | upn), record(**said | upn | {"surname": another} | MOVED)
    known = decide(one, other, scorer.score(one, other), link=0.95, review=0.5, adults_born_by=1990)
    assert known.outcome is Outcome.LINKED


@pytest.mark.parametrize(
    "after",
    [{"surname": "Brown"}, {"surname": "Brown", "forename": "Ro"}, {"surname": "Brown", "dob": "2014-02-03"}],
)
def test_nobody_is_shown_both_lives_of_an_adopted_child(after: dict[str, str]) -> None:
    """LK-15: where it is known who is grown up, the pair is no question for a person either."""
    assert outcome(record(), record(**after, **MOVED), adults_born_by=1990)[0] == Outcome.APART


def test_a_number_in_common_makes_another_life_a_question() -> None:
    before, after = record(upn="G895018819764"), record(upn="G895018819764", surname="Brown", **MOVED)
    assert before.upn.upn is not None
    assert outcome(before, after, adults_born_by=1990) == (Outcome.POSSIBLE, "LK-6")


def test_a_grown_woman_may_have_married() -> None:
    anne = {"forename": "Rowan", "middle": "Hazel", "dob": "1971-03-02"}
    scorer = Scorer(Model.default(), Frequencies({"rowan": 0.0005}, {}))
    one, other = record(**anne), record(**anne, surname="Brown", **MOVED)
    decided = decide(one, other, scorer.score(one, other), link=0.95, review=0.5, adults_born_by=1990)
    assert (decided.outcome, decided.reasons[0].code) == (Outcome.LINKED, "LK-6")


def test_every_rule_has_a_code_and_a_sentence() -> None:
    found = rules()
    assert [rule.code for rule in found] == [f"LK-{number}" for number in range(1, len(found) + 1)]
    assert all(rule.sentence.endswith(".") and rule.sentence[0].isupper() for rule in found)


def test_a_score_adds_up_and_says_why() -> None:
    scorer = Scorer(Model.default(), Frequencies({"rowan": 0.001}, {"testerfield": 0.0001}))
    score = scorer.score(record(), record(**MOVED))
    assert score.bits == pytest.approx(score.prior + sum(each.bits for each in score.fields))
    assert 0 < score.probability <= 1
    assert {each.field: each.sentence for each in score.fields}["birth"] == "Same date of birth"
    common = Scorer(Model.default(), Frequencies({"rowan": 0.01}, {"testerfield": 0.01}))
    assert common.score(record(), record(**MOVED)).bits < score.bits
    assert scorer.score(record(), record(), communal=True).one_dwelling is False


# --- Clusters ------------------------------------------------------------------------


def facts(size: int, **known: dict[int, object]) -> Facts:
    def column(name: str) -> list[object]:
        return [known.get(name, {}).get(place) for place in range(size)]

    return Facts(column("nhs"), column("upn"), column("birthday"), column("forename"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({"nhs": {0: 1, 2: 2}}, Refusal.NHS),
        ({"upn": {0: 1, 2: 2}}, Refusal.UPN),
        ({"birthday": {0: date(2014, 3, 2), 2: date(1986, 11, 29)}}, Refusal.BIRTHDAYS),
    ],
)
def test_a_bridge_does_not_join_what_contradicts(known: dict[str, dict[int, object]], why: Refusal) -> None:
    clusters = Clusters(facts(3, **known), 3)
    assert [each.why for each in join_all(clusters, [(0, 1), (1, 2)])] == [why]
    assert clusters.roots() == [0, 0, 2]


def test_guessed_birthdays_may_be_a_year_apart() -> None:
    known = {0: date(2009, 1, 1), 1: date(2010, 6, 9)}
    clusters = Clusters(facts(2, birthday=known), 2)
    assert join_all(clusters, [(0, 1)]) == []


def test_a_fathers_record_without_a_birthday_is_not_his_sons() -> None:
    """The record is of an agency that knows adults only; the boy of the same name at the same address is two."""
    known = facts(3, birthday={1: date(2024, 5, 6), 2: date(1981, 5, 6)})
    known.years = {0: (1930, 2008)}
    clusters = Clusters(known, 3)
    assert clusters.join(0, 1) == Refusal.AGES
    assert clusters.join(0, 2) is None


PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda each: each[0] != each[1]), max_size=25)


@given(
    links=PAIRS, apart=PAIRS, together=PAIRS, numbers=st.lists(st.sampled_from([None, 1, 2]), min_size=10, max_size=10)
)
def test_what_people_decided_always_holds(
    links: list[tuple[int, int]],
    apart: list[tuple[int, int]],
    together: list[tuple[int, int]],
    numbers: list[int | None],
) -> None:
    clusters = Clusters(facts(10, nhs=dict(enumerate(numbers))), 10)
    clusters.keep_apart(apart, decided=True)
    before = [(pair, clusters.join_decided(*pair)) for pair in together]
    refused = join_all(clusters, links)
    roots = clusters.roots()
    assert all(roots[a] != roots[b] for a, b in apart)
    assert all(roots[a] == roots[b] for (a, b), why in before if why is None)
    assert all(why is Refusal.DECIDED for _, why in before if why)
    assert all(roots[a] == roots[b] for a, b in links if (a, b) not in {(each.left, each.right) for each in refused})
    pinned = {record for pair in together for record in pair}
    for root in set(roots):
        members = [record for record in range(10) if roots[record] == root]
        assert clusters.members(root) == clusters.members(members[-1])
        assert sorted(clusters.members(root)) == members
        if not pinned & set(members):
            assert len({numbers[record] for record in members} - {None}) <= 1
