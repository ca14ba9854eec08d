"""The nightly look over the whole index: it asks, and never links, separates or overrules anybody."""

from __future__ import annotations

import csv
from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from joinedup.access.actor import system
from joinedup.access.roles import Role
from joinedup.core.errors import NotPermitted
from joinedup.core.models.jobs import Job
from joinedup.core.partnership import forget
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post, make_team
from joinedup.person_index import queries, services
from joinedup.person_index.models import LinkageRun, LinkProposal, RecordLink
from joinedup.person_index.open_work import _sources
from joinedup.person_index.queries.models import ModelLine
from joinedup.person_index.services import differences, reevaluation
from joinedup.person_index.services.differences import Clustered, Pair
from joinedup.person_index.services.reevaluation import _refresh_urgency, keep_matches_in_order
from joinedup.person_index.tests.factories import make_record, nhs_number, person_of

pytestmark = pytest.mark.django_db
BY = system(AT)
HOME: dict[str, Any] = {"address": "1 Invented Way", "postcode": "ZZ1 1AA"}


@pytest.fixture
def schools() -> Organisation:
    return make_organisation(code="SCHOOLS", name="Exampleshire Schools", kind="school")


class Bulk:
    """Stands for the bulk run: says which records are one, and remembers what it was told."""

    def __init__(self, *groups: Collection[Any], review: Collection[Pair] = ()) -> None:
        self.groups, self.review = groups, review
        self.rows: list[dict[str, str]] = []
        self.must: list[Pair] = []
        self.apart: list[Pair] = []

    def __call__(
        self, records: Path, model: Any, must: Collection[Pair], apart: Collection[Pair], tell: Any
    ) -> Clustered:
        self.rows = list(csv.DictReader(records.read_text(encoding="utf-8").splitlines()))
        self.must, self.apart = list(must), list(apart)
        found = [(each.pk, str(number)) for number, group in enumerate(self.groups) for each in group]
        return Clustered(iter(found), iter(self.review))


def look(bulk: Bulk, at: Any = AT) -> LinkageRun:
    return services.reevaluate(by=system(at), at=at, clusterer=bulk)


def links() -> list[tuple[Any, ...]]:
    return list(RecordLink.objects.order_by("pk").values_list("record_id", "person_id", "rule", "separated_at"))


def test_a_change_becomes_a_question_and_nothing_moves(schools: Organisation) -> None:
    one = make_record(given_name="Rowan", **HOME)
    other = make_record(agency=schools, given_name="Rowan", family_name="Otherfield", postcode="ZZ7 7AA")
    before = links()
    run = look(Bulk([one, other]))
    assert links() == before
    proposal = LinkProposal.objects.get()
    assert proposal.kind == "change"
    assert {proposal.left_id, proposal.right_id} == {person_of(one).pk, person_of(other).pk}
    assert (run.state, run.total, run.counts["new"]) == ("done", 2, 1)
    again = look(Bulk([one, other]), AT + timedelta(days=1))
    assert LinkProposal.objects.count() == 1
    assert again.counts.get("new", 0) == 0


def test_what_is_sent_and_how_decisions_go_with_it(schools: Organisation) -> None:
    one = make_record(given_name="Rowan", nhs_number=nhs_number(3), **HOME)
    other = make_record(agency=schools, given_name="Quill", family_name="Otherfield", birth_date=date(2015, 3, 15))
    third = make_record(agency=schools, given_name="Robin", birth_date=date(2011, 1, 1))
    services.link_record(record=other, person=person_of(one), reason="Same", by=BY, at=AT)
    services.link_record(record=third, person=person_of(one), reason="Same", by=BY, at=AT)
    services.separate_record(record=third, reason="A brother", by=BY, at=AT)
    bulk = Bulk([one, other, third])
    look(bulk)
    assert {row["record_id"] for row in bulk.rows} == {str(each.pk) for each in (one, other, third)}
    assert set(bulk.rows[0]) == {
        "record_id", "source", "forename", "middle", "surname", "dob", "sex", "address1", "postcode", "nhs_number", "upn",
    }  # fmt: skip
    assert (other.pk, one.pk) in bulk.must
    assert {frozenset(pair) for pair in bulk.apart} == {frozenset((third.pk, one.pk)), frozenset((third.pk, other.pk))}
    # Even where the bulk run says otherwise, what a person decided is no question any more.
    assert not LinkProposal.objects.filter(state="waiting").exists()
    look(Bulk([one], [other], [third]), AT + timedelta(days=1))
    assert not LinkProposal.objects.filter(record=other).exists()


def test_one_entry_that_may_be_two_people(schools: Organisation) -> None:
    one = make_record(given_name="Rowan", **HOME)
    other = make_record(agency=schools, given_name="Rowan", **HOME)
    assert person_of(one) == person_of(other)
    look(Bulk([one], [other]))
    proposal = LinkProposal.objects.get()
    assert (proposal.kind, proposal.left, proposal.right) == ("broken", person_of(one), None)
    assert proposal.record in (one, other)
    assert person_of(one) == person_of(other)


def test_people_who_contradict_themselves_are_flagged(schools: Organisation) -> None:
    one = make_record(given_name="Rowan", nhs_number=nhs_number(3), **HOME)
    other = make_record(agency=schools, given_name="Robin", nhs_number=nhs_number(4), birth_date=date(2010, 7, 8))
    services.link_record(record=other, person=person_of(one), reason="Same", by=BY, at=AT)
    look(Bulk([one, other]))
    proposal = LinkProposal.objects.get()
    assert (proposal.kind, proposal.record) == ("conflict", one)  # the other was a person's decision
    assert set(proposal.flags) >= {"nhs_numbers", "birth_dates"}


def test_pairs_worth_a_look_are_asked(schools: Organisation) -> None:
    one = make_record(given_name="Rowan", **HOME)
    other = make_record(agency=schools, given_name="Rowan", birth_date=None, **HOME)
    LinkProposal.objects.all().delete()
    look(Bulk([one], [other], review=[(one.pk, other.pk)]))
    assert LinkProposal.objects.get().kind == "possible"


def test_the_bulk_run_itself(schools: Organisation) -> None:
    """The real one, over a handful of records: its files are read back as they are written."""
    one = make_record(given_name="Rowan", nhs_number=nhs_number(3), **HOME)
    make_record(agency=schools, given_name="Robin", birth_date=date(2011, 2, 3), postcode="ZZ7 7AA")
    run = services.reevaluate(by=BY, at=AT)
    assert (run.state, run.total) == ("done", 2)
    assert person_of(one)


def test_the_order_follows_the_work_people_do(schools: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    one = make_record(given_name="Rowan", nhs_number=nhs_number(1), **HOME)
    make_record(agency=schools, given_name="Rowan", nhs_number=nhs_number(2), **HOME)
    proposal = LinkProposal.objects.get()
    assert proposal.urgency == 1
    kept = list(_sources)
    monkeypatch.setattr(
        "joinedup.person_index.open_work._sources",
        [*kept, lambda: RecordLink.objects.filter(record=one).values_list("person_id", flat=True)],
    )
    assert _refresh_urgency(AT) == 1
    proposal.refresh_from_db()
    assert proposal.urgency == 0
    monkeypatch.setattr("joinedup.person_index.open_work._sources", [])
    grown = AT.replace(year=2040)
    assert _refresh_urgency(grown) == 1
    proposal.refresh_from_db()
    assert proposal.urgency == 2
    forget()


def test_a_large_import_is_linked_in_the_background(schools: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("joinedup.person_index.services.records.most_at_once", lambda on: 1)
    first = make_record(given_name="Katherine", **HOME)
    text = "reference,given_name,family_name,birth_date,address,postcode\n" + "".join(
        f'S{number},{name},Testerfeild,14/03/2015,"1 Invented Way",ZZ1 1AA\n'
        for number, name in enumerate(("Kate", "Robert", "Susan"))
    )
    services.import_records(agency_code="SCHOOLS", file_name="a.csv", content=text.encode(), by=BY, at=AT)
    assert RecordLink.objects.filter(person=person_of(first), separated_at=None).count() == 1
    run = LinkageRun.objects.get()
    assert (run.state, run.total) == ("running", 3)
    for _ in range(5):
        run = services.link_next_part(linkage_run_id=run.pk, most=2, by=BY, at=AT)
    assert (run.state, run.done) == ("done", 3)
    assert run.counts["linked"] == 1
    assert RecordLink.objects.filter(person=person_of(first), separated_at=None).count() == 2


@pytest.mark.parametrize("page", [1, 2, 500])
def test_it_reads_page_by_page_whatever_there_is(
    schools: Organisation, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(differences, "PAGE", page)
    sizes: list[int] = []
    asking = reevaluation._propose_all
    monkeypatch.setattr(
        reevaluation, "_propose_all", lambda asked, **more: sizes.append(len(asked)) or asking(asked, **more)
    )
    pairs = []
    for number in range(5):
        home = {"address": f"{number} Invented Way", "postcode": f"ZZ{number + 1} 1AA"}
        born = date(2010 + number, 3, 14)
        one = make_record(given_name="Rowan", birth_date=born, **home)
        other = make_record(agency=schools, given_name="Rowan", birth_date=born, family_name="Otherfield")
        pairs.append((one, other))
    whole = make_record(given_name="Quill", birth_date=date(2001, 5, 6), **HOME)
    parts = [make_record(agency=schools, given_name="Quill", birth_date=date(2001, 5, 6), **HOME) for _ in range(2)]
    assert len({person_of(each) for each in (whole, *parts)}) == 1
    LinkProposal.objects.all().delete()
    run = look(Bulk(*pairs, [whole, parts[0]], [parts[1]]))
    assert max(sizes) <= page
    assert run.counts["new"] == 6
    kinds = LinkProposal.objects.values_list("kind", flat=True)
    assert sorted(kinds) == ["broken", *["change"] * 5]
    assert LinkProposal.objects.get(kind="broken").record == parts[1]


def test_one_night_is_looked_over_once_whoever_begins(schools: Organisation) -> None:
    night = AT.replace(hour=3)
    for _ in range(2):
        keep_matches_in_order(at=night)
    runs = LinkageRun.objects.filter(kind="nightly")
    assert runs.count() == 1
    assert services.start_reevaluation(night=night.date(), by=system(night), at=night) is None  # a second keeper
    assert (runs.count(), Job.objects.filter(kind="person_index.reevaluate").count()) == (1, 1)
    keep_matches_in_order(at=night + timedelta(days=1))
    assert list(runs.order_by("started_at").values_list("state", flat=True)) == ["failed", "running"]
    last = runs.latest("started_at")
    done = services.reevaluate(linkage_run_id=last.pk, by=BY, at=AT, clusterer=Bulk())
    assert (done.pk, done.state) == (last.pk, "done")
    assert services.reevaluate(linkage_run_id=last.pk, by=BY, at=AT, clusterer=Bulk()).ended_at == done.ended_at


def test_who_may_see_and_start_it() -> None:
    iris = actor_of(make_post(role=Role.INFORMATION_GOVERNANCE, team=make_team(code="OFFICE"))[0], AT)
    faith = actor_of(make_post(role=Role.SOCIAL_WORKER, team=make_team(code="DOOR", kind="front_door"))[0], AT)
    assert queries.linkage_page(iris).models[-1].is_in_use
    for act in (lambda: queries.linkage_page(faith), lambda: services.start_reevaluation(by=iris, at=AT)):
        with pytest.raises(NotPermitted):
            act()


def test_a_group_too_small_says_nothing() -> None:
    figures = {
        "recall_by_name_group": {
            "polish": {"found": 930, "of": 1000},
            "welsh": {"found": 30, "of": 49},
            "british": 0.97,
        }
    }
    line = ModelLine("m", None, 0, None, None, True, figures)
    assert [(each.group, each.words) for each in line.by_group] == [
        ("polish", "93.0%: 930 of 1,000"),
        ("british", "97.0%, of how many was not recorded"),
        ("welsh", "Not enough to say: 30 of 49"),
    ]
