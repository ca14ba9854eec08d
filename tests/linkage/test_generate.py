"""The labelled sets are the same every time, true to themselves, and as varied as they claim."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from joinedup.engines.linkage import identifiers
from tests.linkage.generate import PROFILES, RECORD, make
from tests.linkage.noise import AGENCIES, FIELDS, Rates, Writer, plain
from tests.linkage.people import Town, nhs_number_of, upn_of, usual_shares
from tests.linkage.places import Places, written, written_otherwise
from tests.linkage.traditions import TRADITIONS, gendered
from tests.linkage.words import words

FILES = ("records", "truth", "queries", "queries_truth")
WANTED = {"known": 120, "twin": 20, "absent": 40, "absent_sibling": 20, "absent_twin": 10, "adopted": 20}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("set")
    make(4000, 3, "mixed", out, wanted=WANTED, processes=1)
    return out


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return found


def test_the_same_seed_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    make(4000, 3, "mixed", tmp_path, wanted=WANTED, processes=1)
    for name in FILES:
        assert (folder / f"{name}.parquet").read_bytes() == (tmp_path / f"{name}.parquet").read_bytes()


def test_another_seed_gives_other_people(folder: Path, tmp_path: Path) -> None:
    make(1000, 4, "mixed", tmp_path, wanted=WANTED, processes=1)
    names = {(each["forename"], each["surname"], each["dob"]) for each in rows(folder, "records")}
    others = {(each["forename"], each["surname"], each["dob"]) for each in rows(tmp_path, "records") if each["dob"]}
    assert len(names & others) < 5


def test_every_record_has_its_truth_and_the_columns_of_the_command(folder: Path) -> None:
    records, truth = rows(folder, "records"), rows(folder, "truth")
    assert tuple(records[0]) == RECORD
    assert [each["record_id"] for each in records] == [each["record_id"] for each in truth] == list(range(1, 4001))
    assert {each["source"] for each in records} <= {each.code for each in AGENCIES}
    for each in records:
        assert each["dob"] is None or date.fromisoformat(each["dob"])
        assert all(value != "" for value in each.values())


def test_what_the_truth_calls_clean_is_clean(folder: Path) -> None:
    by_person: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for record, true in zip(rows(folder, "records"), rows(folder, "truth"), strict=True):
        if true["noise"] == "":
            by_person[true["person_id"]].append(record)
    for held in by_person.values():
        assert len({each["sex"][0].upper() for each in held}) == 1
        for key in ("dob", "address1"):
            assert len({each[key] for each in held}) == 1
        assert len({(each["forename"].casefold(), each["surname"].casefold()) for each in held}) == 1
        for key in ("nhs_number", "upn"):
            assert len({each[key].replace(" ", "") for each in held if each[key]}) <= 1


def test_twins_share_a_birthday_and_a_home_but_not_a_number(folder: Path) -> None:
    sets: dict[int, set[int]] = defaultdict(set)
    households: dict[int, set[int]] = defaultdict(set)
    for each in rows(folder, "truth"):
        if each["twin_set_id"]:
            sets[each["twin_set_id"]].add(each["person_id"])
            households[each["twin_set_id"]].add(each["household_id"])
    assert sum(len(each) > 1 for each in sets.values()) >= 10
    assert all(len(each) == 1 for each in households.values())


def test_the_two_identities_of_an_adopted_child_are_two_people_with_nothing_but_birth_in_common(folder: Path) -> None:
    pairs: dict[int, dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for record, true in zip(rows(folder, "records"), rows(folder, "truth"), strict=True):
        if true["adopted_pair_id"]:
            pairs[true["adopted_pair_id"]][true["person_id"]].append(record | {"household": true["household_id"]})
    both = [list(each.values()) for each in pairs.values() if len(each) == 2]
    assert len(both) >= 3
    for before, after in both:
        assert not {each["household"] for each in before} & {each["household"] for each in after}
        numbers = [{each["nhs_number"] for each in side if each["nhs_number"]} for side in (before, after)]
        assert not numbers[0] & numbers[1]


def test_questions_are_about_whom_they_say(folder: Path) -> None:
    known = {each["person_id"] for each in rows(folder, "truth")}
    asked, answers = rows(folder, "queries"), rows(folder, "queries_truth")
    assert [each["query_id"] for each in asked] == [each["query_id"] for each in answers]
    assert tuple(asked[0]) == ("query_id", *FIELDS)
    kinds = Counter(each["kind"] for each in answers)
    assert kinds["known"] == 120
    assert kinds["absent"] == 40
    for question, each in zip(asked, answers, strict=True):
        assert any(question[name] for name in FIELDS)
        if each["kind"].startswith("absent"):
            assert each["person_id"] is None
        else:
            assert each["person_id"] in known
        if each["kind"] in ("twin", "absent_twin", "absent_sibling"):
            assert set(each["others"]) & known
        if each["answerable"]:
            assert question["forename"] or question["surname"]
            assert any(question[name] for name in ("dob", "postcode", "nhs_number", "upn"))


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_profile_makes_a_set(profile: str, tmp_path: Path) -> None:
    make(600, 5, profile, tmp_path, wanted=WANTED, processes=1)
    assert len(rows(tmp_path, "records")) == 600


def test_noise_follows_the_profile(tmp_path: Path) -> None:
    clean = {}
    for profile in ("clean", "mixed", "hard"):
        make(3000, 6, profile, tmp_path, wanted=WANTED, processes=1)
        clean[profile] = sum("typo" in each["noise"] for each in rows(tmp_path, "truth"))
    assert clean["clean"] < clean["mixed"] < clean["hard"]


def test_numbers_are_well_formed_and_nobody_shares_one() -> None:
    nhs = [nhs_number_of(number, 7) for number in range(1, 3000)]
    assert len(set(nhs)) == len(nhs)
    assert all(identifiers.nhs_number(each, allow_synthetic=True) == each for each in nhs)
    upns = [upn_of(number, 7, 2019) for number in range(1, 3000)]
    assert len(set(upns)) == len(upns)
    assert all(identifiers.upn(each) == each for each in upns)
    assert all(identifiers.is_temporary_upn(upn_of(each, 7, 2019, temporary=True)) for each in range(1, 50))


def test_all_traditions_and_kinds_of_household_come_up() -> None:
    town = Town(Random(8), Places(8, 4000), first_id=0, seed=8, shares=usual_shares())
    for _ in range(3000):
        town.add_household()
    assert {each.group for each in town.people} == {each.code for each in TRADITIONS}
    assert any(each.estimated for each in town.people)
    assert any(each.unseen for each in town.people)
    assert all(each.nhs for each in town.people)
    for each in town.people:
        if each.mother:
            assert each.mother.born < each.born - 15 * 365


def test_kinds_of_noise_are_named() -> None:
    town = Town(Random(9), Places(9, 4000), first_id=0, seed=9, shares=usual_shares())
    for _ in range(1200):
        town.add_household()
    writer = Writer(Random(9), town.places, Rates().times(2), 9)
    seen = Counter(kind for who in town.people for kind in writer.record(who, AGENCIES[0])[1])
    for kind in words(
        """nickname middle_as_forename names_swapped forename_typo surname_typo initial_only double_barrel_part
        punctuation spelling plain_letters middle_joined prefix_dropped placeholder dob_digit dob_swapped dob_near
        dob_year dob_default dob_missing dob_expected postcode_typo postcode_missing address_missing address_style
        old_address former_surname nhs_slip nhs_of_mother sex_missing sex_wrong known_as given_name_parts"""
    ):
        assert seen[kind] > 0, kind


def test_small_forms() -> None:
    assert plain("Łukasz Şimşek Éabha") == "Lukasz Simsek Eabha"
    assert gendered("Kowalski", "F") == "Kowalska"
    assert gendered("Kowalska", "M") == "Kowalski"
    assert gendered("Nowak", "F") == "Nowak"
    places = Places(1, 2000)
    assert len({written(places.home(each)) + places.home(each).postcode for each in range(2000)}) > 1950
    assert all(written_otherwise(places.home(each), Random(each)) for each in range(300))
