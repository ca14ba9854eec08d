"""Naming families by the references of their cases: by whoever works with them, and nobody learns anything by trying."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.actor import Actor, system
from joinedup.access.models import Account, AuditEvent
from joinedup.access.roles import Role
from joinedup.benefits import services
from joinedup.benefits.cohort import Criteria
from joinedup.benefits.models import CohortMember
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.casework.models import Case
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team

pytestmark = pytest.mark.django_db
DAY = AT.date()


def _nia(run: Run, *, organisation: str = "COUNCIL") -> tuple[Actor, Case, Case]:
    """A team manager of a partner, a case of her team, and one of another team."""
    mine, other = make_team(kind="case_management"), make_team(kind="case_management")
    account, _ = make_post(
        role=Role.TEAM_MANAGER, team=mine, employer=run.organisations[organisation], name="Nia Testnorth"
    )
    return actor_of(account), make_case(team=mine), make_case(team=other)


def _put(run: Run, by: Actor, *references: str, code: str = "families") -> int:
    return services.put_in_families(
        strand=run.strands[code], references=list(references), starts_on=DAY, source="hand", by=by, at=AT
    )


def _out(run: Run, by: Actor, *references: str, last_day: date | None = None, days: int = 0) -> int:
    return services.take_out_families(
        strand=run.strands["families"], references=list(references), reason="Moved away", by=by,
        at=AT + timedelta(days=days), last_day=last_day,
    )  # fmt: skip


def _sentence(rule: str, call: object) -> str:
    with pytest.raises(Refused) as found:
        call()  # type: ignore[operator]
    assert found.value.rule == rule
    return found.value.sentence


def test_only_who_works_with_a_family_names_it_and_others_learn_nothing() -> None:
    """Another team's reference is answered as one that was never given; so is any reference to whoever runs the programme."""
    run = make_programme()
    nia, mine, other = _nia(run)
    assert _put(run, nia, mine.reference) == 1
    row = AuditEvent.objects.latest("id")
    assert {str(each) for each in row.people} == {str(each) for each in mine.people.values_list("person_id", flat=True)}
    unknown = _sentence("BN-135", lambda: _put(run, nia, "C-NONE-0000")).replace("C-NONE-0000", "X")
    for by, case in ((nia, other), (run.manager, mine), (run.manager, other)):
        assert by is not None
        for call in (_put, _out):
            said = _sentence("BN-135", lambda by=by, case=case, call=call: call(run, by, case.reference))  # type: ignore[misc]
            assert said.replace(case.reference, "X") == unknown
    assert CohortMember.objects.count() == 1
    with pytest.raises(NotPermitted):
        _put(run, run.directors["NHS"], mine.reference)


def test_in_a_strand_made_by_rule_a_reference_tells_nothing() -> None:
    """Whom its rule finds and whom it does not is answered alike, and nobody it finds is taken out to come back tomorrow."""
    run = make_programme()
    nia, mine, _ = _nia(run)
    found, not_found = mine, make_case(team=mine.team, level=2)
    services.define_cohort(
        strand=run.strands["families"], criteria=Criteria(levels=(str(found.level),)), expected=None, expected_source="",
        by=system(AT), at=AT,
    )  # fmt: skip
    assert found.family_id in {each.family_id for each in CohortMember.objects.all()}
    one = _sentence("BN-137", lambda: _out(run, nia, found.reference))
    assert one == _sentence("BN-137", lambda: _out(run, nia, not_found.reference))
    assert CohortMember.objects.get(family=found.family_id).ends_on is None
    assert _put(run, nia, not_found.reference) == 1
    assert _out(run, nia, not_found.reference) == 1


def test_from_a_list_whether_it_was_in_is_answered_alike() -> None:
    """Who was in the strand leaves it; who was not is not, and the page says the same of both."""
    run = make_programme()
    nia, mine, _ = _nia(run)
    other = make_case(team=mine.team)
    _put(run, nia, mine.reference)
    client = Client()
    client.force_login(Account.objects.get(pk=nia.account_id))
    strand = str(run.strands["families"].pk)
    said = {"strand": strand, "doing": "out", "day": DAY.isoformat(), "reason": "Moved"}
    pages = [
        client.post(reverse("strand_of_case", args=[case.pk]), said, follow=True).content.decode()
        for case in (mine, other)
    ]
    assert all("It is written down." in page for page in pages)
    assert CohortMember.objects.get().ends_on == DAY


def test_a_family_counts_until_the_day_it_left() -> None:
    """Its last day is a day in it; a later last day than today is none; one before it came leaves it its first day."""
    run = make_programme()
    nia, mine, _ = _nia(run)
    _put(run, nia, mine.reference)
    _sentence("BN-138", lambda: _out(run, nia, mine.reference, last_day=DAY + timedelta(days=1)))
    _out(run, nia, mine.reference, last_day=DAY + timedelta(days=3), days=10)
    on = CohortMember.objects.filter
    assert [on(CohortMember.on(DAY + timedelta(days=each))).count() for each in (0, 3, 4, 10)] == [1, 1, 0, 0]
    _put(run, nia, mine.reference, code="safer")
    services.take_out_families(
        strand=run.strands["safer"], references=[mine.reference], reason="By mistake", by=nia, at=AT,
        last_day=DAY - timedelta(days=9),
    )  # fmt: skip
    assert CohortMember.objects.get(strand=run.strands["safer"]).ends_on == DAY


def test_the_page_of_a_case_offers_the_strands_of_its_partners_programmes() -> None:
    """Nobody else's case has such a page; a closed strand is not offered."""
    run = make_programme()
    nia, mine, other = _nia(run)
    services.close_strand(strand=run.strands["safer"], reason="Done", by=system(AT), at=AT)
    client = Client()
    client.force_login(Account.objects.get(pk=nia.account_id))
    page = client.get(reverse("strand_of_case", args=[mine.pk])).content.decode()
    assert "Families together, Altogether better" in page
    assert "Safer communities" not in page
    assert client.get(reverse("strand_of_case", args=[other.pk])).status_code == 404
    assert "Put the family into a programme’s strand" in client.get(reverse("case", args=[mine.pk])).content.decode()
