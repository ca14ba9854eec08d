"""What a family agrees to: help and sharing apart, who may say it, what a withdrawal ends and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, Refused
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.consenting import Sharing, Voice, ended_by_withdrawal, fault_of_voice, is_in_force
from joinedup.information_sharing.models import HelpAgreed, SharingBasis, Withdrawal
from joinedup.information_sharing.services import Said, Scope
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.person_index.models import Person
from joinedup.person_index.services import NewPerson, create_person

pytestmark = pytest.mark.django_db

MATTER = ("casework.case", "00000000-0000-7000-8000-000000000001")
PARENT = Said("Ash Testerfield", "parental_responsibility", "in_person", AT.date())


@pytest.fixture
def child() -> Person:
    facts = NewPerson(given_name="Rowan", family_name="Testerfield", birth_date=date(2013, 3, 4))
    return create_person(facts=facts, source="test", by=system(AT), at=AT)


@pytest.fixture
def school() -> Organisation:
    return make_organisation(code="SCHOOL", name="Testerfield School", kind="school")


def share(child: Person, school: Organisation, *, said: Said = PARENT, **more: Any) -> SharingBasis:
    scope = Scope([school.pk], ["assessment"], **more)
    return services.record_sharing_agreed(person=child, subject=MATTER, said=said, scope=scope, by=system(AT), at=AT)


def withdraw(child: Person, *, from_help: bool, from_sharing: bool, by: Actor | None = None) -> Withdrawal:
    return services.withdraw_agreement(
        person=child, subject=MATTER, said=PARENT, words="We have had enough.", from_help=from_help,
        from_sharing=from_sharing, by=by or system(AT), at=AT,
    )  # fmt: skip


def test_agreeing_to_help_lets_nobody_share(child: Person, school: Organisation) -> None:
    services.record_help_agreed(person=child, subject=MATTER, said=PARENT, by=system(AT), at=AT)
    on = AT.date()
    assert queries.is_service_agreed(system(AT), MATTER, child.pk, on=on)
    assert queries.bases_to_share(system(AT), child.pk, school.pk, "assessment", on=on) == ()
    share(child, school)
    assert len(queries.bases_to_share(system(AT), child.pk, school.pk, "assessment", on=on)) == 1
    assert queries.bases_to_share(system(AT), child.pk, school.pk, "health", on=on) == ()


def test_withdrawal_ends_at_once_what_rests_on_agreement_and_nothing_else(child: Person, school: Organisation) -> None:
    services.record_help_agreed(person=child, subject=MATTER, said=PARENT, by=system(AT), at=AT)
    share(child, school)
    scope = Scope([school.pk], ["assessment"])
    other = services.record_sharing_basis(
        person=child, subject=MATTER, basis="safeguarding", reason="A risk at home.", scope=scope, by=system(AT), at=AT
    )
    withdrawn = withdraw(child, from_help=False, from_sharing=True)
    left = queries.bases_to_share(system(AT), child.pk, school.pk, "assessment", on=AT.date())
    assert [each.id for each in left] == [other.pk]
    assert queries.is_service_agreed(system(AT), MATTER, child.pk, on=AT.date()), "help was not withdrawn"
    assert withdrawn.ended == {"help": 0, "sharing": 1, "requests": 0, "other_bases": 1}
    # AT is a Wednesday at ten: one working day is Thursday.
    assert withdrawn.due_at.date() == AT.date() + timedelta(days=1)
    assert Event.objects.filter(kind="information_sharing.agreement_withdrawn", people=[child.pk]).exists()
    withdraw(child, from_help=True, from_sharing=False)
    assert not queries.is_service_agreed(system(AT), MATTER, child.pk, on=AT.date())
    with pytest.raises(Refused) as nothing:
        withdraw(child, from_help=True, from_sharing=True)
    assert nothing.value.rule == "IS-69"


def test_a_manager_decides_once_and_says_why(child: Person, school: Organisation) -> None:
    share(child, school)
    row = withdraw(child, from_help=False, from_sharing=True)
    seen = queries.consents_of(system(AT), MATTER, [child.pk])
    assert [each.id for each in seen.waiting] == [row.pk]
    with pytest.raises(Refused) as unsaid:
        services.decide_withdrawal(withdrawal=row, decision="stop", reason=" ", by=system(AT), at=AT)
    assert unsaid.value.rule == "IS-72"
    services.decide_withdrawal(withdrawal=row, decision="stop", reason="No risk.", by=system(AT), at=AT)
    assert queries.consents_of(system(AT), MATTER, [child.pk]).waiting == ()
    with pytest.raises(Refused) as twice:
        services.decide_withdrawal(withdrawal=row, decision="stop", reason="Again.", by=system(AT), at=AT)
    assert twice.value.rule == "IS-71"


def test_only_who_works_with_them_records_it(child: Person) -> None:
    account, _ = make_post(role=Role.KEY_WORKER, name="Ben Testerson")
    with pytest.raises(NotPermitted):
        services.record_help_agreed(person=child, subject=MATTER, said=PARENT, by=actor_of(account, AT), at=AT)
    assert not HelpAgreed.objects.exists()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"capacity": "aunt"}, "IS-60"),
        ({"given_by": " "}, "IS-61"),
        ({"capacity": "competent_young_person"}, "IS-62"),
        ({"capacity": "sixteen_and_over"}, "IS-63"),
        ({"evidence": "hearsay"}, "IS-64"),
        ({"given_on": date(2026, 11, 19)}, "IS-65"),
    ],
)
def test_who_may_say_it(child: Person, change: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refused:
        services.record_help_agreed(person=child, subject=MATTER, said=replace(PARENT, **change), by=system(AT), at=AT)
    assert refused.value.rule == rule
    able = Said(
        "Rowan Testerfield", "competent_young_person", "in_person", AT.date(), "She weighed both sides herself."
    )
    row = services.record_help_agreed(person=child, subject=MATTER, said=able, by=system(AT), at=AT)
    assert row.reasons == "She weighed both sides herself."


def test_a_scope_names_agencies_and_information_and_runs_out(child: Person, school: Organisation) -> None:
    for scope, rule in (
        (Scope([], ["assessment"]), "IS-66"),
        (Scope([school.pk], []), "IS-66"),
        (Scope([school.pk], ["gossip"]), "IS-66"),
        (Scope([school.pk], ["plan"], AT.date() - timedelta(days=1)), "IS-67"),
        (Scope([school.pk], ["plan"], AT.date() + timedelta(days=800)), "IS-67"),
    ):
        with pytest.raises(Refused) as refused:
            services.record_sharing_agreed(person=child, subject=MATTER, said=PARENT, scope=scope, by=system(AT), at=AT)
        assert refused.value.rule == rule
    row = share(child, school, expires_on=AT.date())
    after = AT + timedelta(days=1)
    assert row.expires_on == AT.date()
    assert queries.bases_to_share(system(after), child.pk, school.pk, "assessment", on=after.date()) == ()


def test_a_no_is_written_down(child: Person, school: Organisation) -> None:
    services.record_sharing_declined(
        person=child, subject=MATTER, said=PARENT, words="Not with the school.", scope=Scope([school.pk], ["health"]),
        by=system(AT), at=AT,
    )  # fmt: skip
    declined = queries.consents_of(system(AT), MATTER, [child.pk]).declined
    assert [(each.words, each.organisations) for each in declined] == [
        ("Not with the school.", ("Testerfield School",))
    ]
    assert queries.bases_to_share(system(AT), child.pk, school.pk, "health", on=AT.date()) == ()


@given(st.lists(st.tuples(st.booleans(), st.booleans())))
def test_withdrawal_ends_exactly_the_live_ones_that_rest_on_agreement(rows: list[tuple[bool, bool]]) -> None:
    ended = ended_by_withdrawal([Sharing(*row) for row in rows])
    assert [one for one, (rests, has_ended) in zip(ended, rows, strict=True) if rests and not has_ended] == [
        True
    ] * sum(rests and not has_ended for rests, has_ended in rows)
    assert not any(one for one, (rests, _) in zip(ended, rows, strict=True) if not rests)


@given(st.dates(), st.one_of(st.none(), st.dates()), st.booleans(), st.dates())
def test_in_force_only_between_its_days(starts: date, ends: date | None, has_ended: bool, on: date) -> None:
    found = is_in_force(starts_on=starts, expires_on=ends, has_ended=has_ended, on=on)
    assert found is (not has_ended and starts <= on and (ends is None or on <= ends))


def test_sixteen_on_the_birthday_and_not_the_day_before() -> None:
    voice = Voice("Rowan", "sixteen_and_over", "", "in_person", date(2026, 3, 4), date(2010, 3, 4))
    assert fault_of_voice(voice, on=date(2026, 3, 4)) is None
    early = replace(voice, said_on=date(2026, 3, 3))
    fault = fault_of_voice(early, on=date(2026, 3, 3))
    assert fault is not None
    assert fault[0].code == "IS-63"


def test_a_partner_is_not_asked_on_an_agreement_that_was_withdrawn(child: Person, school: Organisation) -> None:
    from joinedup.information_sharing.services.requests import _has_withdrawn

    assert not _has_withdrawn(child.pk)
    share(child, school)
    withdraw(child, from_help=False, from_sharing=True)
    assert _has_withdrawn(child.pk)
    later = AT + timedelta(minutes=1)
    services.record_sharing_agreed(
        person=child, subject=MATTER, said=PARENT, scope=Scope([school.pk], ["assessment"]), by=system(later), at=later
    )
    assert not _has_withdrawn(child.pk)
