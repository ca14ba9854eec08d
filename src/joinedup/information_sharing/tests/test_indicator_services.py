"""Declaring indicators, who sees the list, what somebody found, and the review."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.information_sharing import queries, services
from joinedup.information_sharing.indicators import Condition, Outcome, Sign, Weight
from joinedup.information_sharing.models import Agreement, IndicatorLook, IndicatorVersion
from joinedup.information_sharing.services import IndicatorTerms, ItemTerms
from joinedup.information_sharing.tests.factories import AT, TODAY, World, make_agreement, make_world
from joinedup.organisations.models import Organisation
from joinedup.organisations.tests.factories import make_organisation
from joinedup.person_index.models import Observation, Person
from joinedup.person_index.services import import_observations
from joinedup.person_index.tests.factories import make_record, person_of

pytestmark = pytest.mark.django_db
SHARED = tuple(ItemTerms(code, code, "An early sign.") for code in ("attendance", "missing_episode", "suspension"))


@pytest.fixture
def world() -> World:
    made = make_world()
    police = make_organisation(code="POLICE", name="Exampleshire Police", kind="police")
    made.agreement = make_agreement(
        parties=[(made.council, ()), (made.school, SHARED), (police, SHARED)],
        askers=[(made.council, made.posts["Amira"])], answerers=[(made.school, made.posts["Rowan"])],
        purposes=("find_early",),
    )  # fmt: skip
    return made


def terms(covered: Agreement, **changes: Any) -> IndicatorTerms:
    made = IndicatorTerms(
        name="Often away", wording="Has missed a lot of school this half term.", weight=Weight.STRONG,
        sign=Sign((Condition("attendance", below=Decimal(85)),), 90), agreement=covered.reference,
        basis="public_task", agreed_by="The partnership board", agreed_on=TODAY - timedelta(days=30),
        review_on=TODAY + timedelta(days=200),
    )  # fmt: skip
    return replace(made, **changes)


def declare(world: World, **changes: Any) -> IndicatorVersion:
    return services.declare_indicator(terms=terms(world.agreement, **changes), by=system(AT), at=AT)


def observe(agency: Organisation, lines: str, at: datetime = AT) -> None:
    content = f"reference,kind,date,value\n{lines}".encode()
    result = import_observations(agency_code=agency.code, file_name="seen.csv", content=content, by=system(at), at=at)
    assert result.rejected == []


def a_pupil(world: World, reference: str = "P1", **facts: Any) -> Person:
    record = make_record(
        agency=world.school, agency_reference=reference, given_name=facts.pop("given_name", "Isla"),
        family_name="Testerwick", birth_date=facts.pop("birth_date", date(2014, 5, 2)), **facts,
    )  # fmt: skip
    return person_of(record)


@pytest.fixture
def listed(world: World) -> Person:
    declare(world)
    child = a_pupil(world)
    observe(world.school, "P1,attendance,2026-11-02,71")
    return child


# --- Declaring.


def test_an_indicator_is_declared_with_its_basis_and_agreement(world: World) -> None:
    made = declare(world)
    assert (made.number, made.agreement, made.basis.code, made.agreed_by) == (
        1, world.agreement, "public_task", "The partnership board",
    )  # fmt: skip
    assert AuditEvent.objects.filter(action="information_sharing.declare_indicator", kind="write").count() == 1


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"sign": Sign((), 90, facts=("ethnicity",))}, "IN-1"),
        ({"sign": Sign((), 90, facts=("postcode",))}, "IN-1"),
        ({"sign": Sign((Condition("missing_episode"),), 90, facts=("postcode",))}, "IN-2"),
        ({"wording": "Bad"}, "IN-8"),
        ({"name": " "}, "IN-8"),
        ({"agreed_by": ""}, "IN-9"),
        ({"agreed_on": TODAY + timedelta(days=1)}, "IN-9"),
        ({"review_on": None}, "IN-10"),
        ({"review_on": TODAY}, "IN-10"),
        ({"review_on": TODAY + timedelta(days=800)}, "IN-10"),
        ({"agreement": "SA-0000-0000"}, "IN-11"),
        ({"basis": "vital_interests"}, "IN-11"),
    ],
)
def test_what_is_refused_leaves_nothing(world: World, changes: dict[str, Any], rule: str) -> None:
    with pytest.raises(Refused) as refusal:
        declare(world, **changes)
    assert refusal.value.rule == rule
    assert not IndicatorVersion.objects.exists()


def test_an_agreement_for_something_else_covers_no_indicator(world: World) -> None:
    other = make_agreement(parties=[(world.council, ()), (world.school, SHARED)], askers=[(world.council, world.posts["Amira"])],
                           answerers=[(world.school, world.posts["Rowan"])])  # fmt: skip
    with pytest.raises(Refused, match="noticing early"):
        services.declare_indicator(terms=terms(other), by=system(AT), at=AT)


@pytest.mark.parametrize("name", ["Iris", "Marlow", "Amira"])
def test_nobody_declares_an_indicator_alone(world: World, name: str) -> None:
    with pytest.raises(NotPermitted):
        services.declare_indicator(terms=terms(world.agreement), by=world.by(name), at=AT)


def test_a_name_is_used_once(world: World) -> None:
    declare(world)
    with pytest.raises(Refused) as refusal:
        declare(world)
    assert refusal.value.rule == "IN-18"


def test_a_change_is_a_version_and_the_one_before_stays(world: World) -> None:
    first = declare(world)
    changed = terms(world.agreement, wording="Has missed very much school.")
    second = services.declare_next_version(
        indicator=first.indicator, terms=changed, reason="The limit was too high.", by=system(AT), at=AT
    )
    first.refresh_from_db()
    assert (second.number, first.ended_at, first.end_reason) == (2, AT, "The limit was too high.")
    seen = queries.indicator_seen(world.by("Marlow"), first.indicator_id)
    assert [version.number for version in seen.versions] == [2, 1]
    services.end_indicator(indicator=first.indicator, reason="It misleads.", by=world.by("Iris"), at=AT)
    with pytest.raises(Refused) as refusal:
        services.end_indicator(indicator=first.indicator, reason="Again.", by=world.by("Iris"), at=AT)
    assert refusal.value.rule == "IN-19"


# --- The list.


def test_a_child_is_listed_with_reasons_sources_and_days(world: World, listed: Person) -> None:
    page = queries.listed_children(world.by("Amira"))
    (child,) = page.children
    (reason,) = child.reasons
    assert child.person_id == listed.pk
    assert (reason.wording, reason.weight_label) == (
        "Has missed a lot of school this half term.", "A strong reason to look",
    )  # fmt: skip
    assert [(seen.words, seen.agency, seen.happened_on) for seen in reason.evidence] == [
        ("Attendance 71 per cent", "Alder Sample Academy", date(2026, 11, 2))
    ]


def test_every_read_of_the_list_names_who_was_shown(world: World, listed: Person) -> None:
    queries.listed_children(world.by("Amira"))
    row = AuditEvent.objects.filter(subject_kind="information_sharing.indicator").latest("id")
    assert (row.kind, row.people, row.purpose) == ("search", [listed.pk], "noticing early")


@pytest.mark.parametrize("name", ["Ben", "Cara", "Dev", "Rowan", "Marlow", "Iris"])
def test_whoever_no_agreement_names_sees_no_list(world: World, listed: Person, name: str) -> None:
    viewer = world.by(name)
    assert not queries.may_see_listed(viewer)
    with pytest.raises(NotVisible):
        queries.listed_children(viewer)
    with pytest.raises(NotVisible):
        queries.listed_child(viewer, listed.pk)
    with pytest.raises((NotVisible, NotPermitted)):
        services.record_look(person_id=listed.pk, outcome=Outcome.FALSE_POSITIVE, reason="No.", by=viewer, at=AT)
    assert not IndicatorLook.objects.exists()


def test_the_list_ends_with_the_agreement(world: World, listed: Person) -> None:
    assert world.agreement.expires_on is not None
    later = datetime.combine(world.agreement.expires_on, AT.timetz())
    with pytest.raises(NotVisible):
        queries.listed_children(world.by("Amira", later))
    page = queries.listed_children(system(later))
    assert (page.children, [name for name, _ in page.off]) == ((), ["Often away"])
    assert "is not in force" in page.off[0][1]


def test_an_indicator_that_was_not_reviewed_is_off(world: World, listed: Person) -> None:
    IndicatorVersion.objects.update(review_on=TODAY - timedelta(days=1), agreed_on=TODAY - timedelta(days=90))
    page = queries.listed_children(world.by("Amira"))
    assert (page.children, page.off[0][1]) == ((), "Off: it should have been looked at again by 17 November 2026.")


def test_what_an_agency_does_not_share_is_not_looked_at(world: World) -> None:
    """The NHS is no party: what it observed lists nobody."""
    declare(world, sign=Sign((Condition("missing_episode"),), 90), name="Missing")
    nhs = Organisation.objects.get(code="NHS")
    make_record(agency=nhs, agency_reference="N1", given_name="Isla", family_name="T", birth_date=date(2014, 5, 2))
    observe(nhs, "N1,missing_episode,2026-11-02,")
    assert queries.listed_children(world.by("Amira")).children == ()


def test_restricted_people_never_appear(world: World, listed: Person) -> None:
    from joinedup.person_index.models import Restriction

    Restriction.objects.create(
        person=listed, category="witness_protection", reason="Invented.", starts_at=AT - timedelta(days=1),
        review_by=TODAY + timedelta(days=90),
    )  # fmt: skip
    viewer = world.by("Amira")
    assert queries.listed_children(viewer).listed == 0
    with pytest.raises(NotVisible):
        queries.listed_child(viewer, listed.pk)
    with pytest.raises(NotVisible):
        services.record_look(person_id=listed.pk, outcome=Outcome.OFFERED_HELP, reason="Yes.", by=viewer, at=AT)


def test_the_list_is_read_in_as_many_statements_however_long(world: World, django_assert_max_num_queries: Any) -> None:
    declare(world)
    lines = []
    for number in range(40):
        a_pupil(world, f"Q{number}", given_name=f"Child{number}", birth_date=date(2014, 5, 2) + timedelta(days=number))
        lines.append(f"Q{number},attendance,2026-11-02,{40 + number}")
    observe(world.school, "\n".join(lines))
    viewer = world.by("Amira")
    with django_assert_max_num_queries(12):
        page = queries.listed_children(viewer)
    assert (len(page.children), page.listed) == (25, 40)
    rest = queries.listed_children(viewer, page.next_after)
    assert len(rest.children) == 15
    assert not {each.person_id for each in page.children} & {each.person_id for each in rest.children}


def test_a_stronger_sign_stands_for_a_weaker_one_and_both_were_there_for_the_review(
    clock: None, client: Any, world: World
) -> None:
    declare(
        world, name="A third", sign=Sign((Condition("attendance", below=Decimal(65)),), 90), wording="A third absent."
    )
    sixth = Sign((Condition("attendance", below=Decimal(84)),), 90)
    declare(world, name="A sixth", sign=sixth, weight=Weight.MODERATE, wording="One day in six absent.")
    child = a_pupil(world)
    observe(world.school, "P1,attendance,2026-11-02,60")
    ((reason,),) = [each.reasons for each in queries.listed_children(world.by("Amira")).children]
    assert (reason.indicator, [each.indicator for each in reason.folded]) == ("A third", ["A sixth"])
    client.force_login(world.accounts["Amira"])
    page = client.get(reverse("indicators_listed")).content.decode()
    assert (
        page.index("A third absent.") < page.index("1 weaker sign of the same") < page.index("One day in six absent.")
    )
    made = look(world, child)
    assert made.reasons.count() == 2
    observe(world.school, "P1,attendance,2026-11-16,80")  # new, and only the weaker one looks at it
    assert queries.listed_children(world.by("Amira")).listed == 1


def test_two_forms_of_one_sign_list_nobody_alone(world: World) -> None:
    for limit in (65, 84):
        sign = Sign((Condition("attendance", below=Decimal(limit)),), 90)
        declare(world, name=f"Below {limit}", sign=sign, weight=Weight.MODERATE)
    a_pupil(world)
    observe(world.school, "P1,attendance,2026-11-02,60")
    assert queries.listed_children(world.by("Amira")).listed == 0


# --- Looking.


def look(world: World, child: Person, outcome: Outcome = Outcome.FALSE_POSITIVE, at: datetime = AT) -> IndicatorLook:
    by = world.by("Amira", at)
    return services.record_look(person_id=child.pk, outcome=outcome, reason="A long illness.", by=by, at=at)


def test_somebody_looked_at_is_listed_again_only_for_something_new(world: World, listed: Person) -> None:
    viewer = world.by("Amira")
    look(world, listed)
    assert queries.listed_children(viewer).children == ()
    assert queries.listed_child(viewer, listed.pk).is_quiet
    observe(world.school, "P1,attendance,2026-11-02,71")  # the same again is not new
    assert queries.listed_children(viewer).children == ()
    observe(world.school, "P1,attendance,2026-11-16,60")
    (child,) = queries.listed_children(viewer).children
    assert "false positive: no help is needed. Something new has been observed since." in child.looked_before


def test_somebody_named_elsewhere_reads_what_was_found_under_another_agreement(world: World, listed: Person) -> None:
    make_agreement(
        parties=[(world.council, ()), (world.school, SHARED)], askers=[(world.council, world.posts["Ben"])],
        answerers=[(world.school, world.posts["Rowan"])], purposes=("find_early",),
    )  # fmt: skip
    look(world, listed)
    assert queries.listed_child(world.by("Amira"), listed.pk).looks
    with pytest.raises(NotVisible):
        queries.listed_child(world.by("Ben"), listed.pk)


def test_nothing_is_recorded_twice_or_without_a_reason(world: World, listed: Person) -> None:
    by = world.by("Amira")
    with pytest.raises(Refused) as refusal:
        services.record_look(person_id=listed.pk, outcome=Outcome.OFFERED_HELP, reason=" ", by=by, at=AT)
    assert refusal.value.rule == "IN-16"
    look(world, listed)
    with pytest.raises(Refused) as refusal:
        look(world, listed)
    assert refusal.value.rule == "IN-17"


def test_what_an_agency_takes_back_lists_nobody(world: World, listed: Person) -> None:
    observe(world.school, "P1,attendance,2026-11-02,97")
    assert queries.listed_children(world.by("Amira")).children == ()
    assert Observation.objects.filter(replaced_at=AT).count() == 1


def test_somebody_not_listed_cannot_be_looked_at(world: World) -> None:
    declare(world)
    child = a_pupil(world)
    with pytest.raises(NotVisible):
        look(world, child)


def test_the_review_counts_by_indicator_and_group(world: World) -> None:
    declare(world)
    children = []
    for number in range(12):
        born = date(2014, 5, 2) + timedelta(days=number)
        children.append(a_pupil(world, f"R{number}", given_name=f"Name{number}", birth_date=born, sex="MF"[number % 2]))
    observe(world.school, "\n".join(f"R{number},attendance,2026-11-02,50" for number in range(12)))
    for number, child in enumerate(children):
        look(world, child, Outcome.FALSE_POSITIVE if number < 6 else Outcome.OFFERED_HELP)
    found = queries.indicator_review(world.by("Iris"))
    assert found.looked == 12
    tables = {table.title: table for table in found.tables}
    (rate,) = tables["By indicator"].rates
    assert (rate.name, rate.looked, rate.rate_words) == ("Often away", 12, "50%")
    assert {each.name: (each.looked_words, each.rate_words) for each in tables["By sex"].rates} == {
        "Male": ("6", "too few to say"), "Female": ("6", "too few to say"),
    }  # fmt: skip
    with pytest.raises(NotPermitted):
        queries.indicator_review(world.by("Amira"))


# --- Pages.


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages read the clock; here it stands still."""
    monkeypatch.setattr(timezone, "now", lambda: AT)


def test_a_named_post_reads_the_list_and_records_what_it_found(
    clock: None, client: Any, world: World, listed: Person
) -> None:
    client.force_login(world.accounts["Amira"])
    page = client.get(reverse("indicators_listed")).content.decode()
    assert "Isla Testerwick" in page
    assert "Attendance 71 per cent (Alder Sample Academy, 2 November 2026)" in page
    address = reverse("indicators_child", kwargs={"child_id": listed.pk})
    assert "A strong reason to look" in client.get(address).content.decode()
    empty = client.post(address, {})
    assert "Select what you found" in empty.content.decode()
    done = client.post(address, {"outcome": "false_positive", "reason": "She was in hospital."}, follow=True)
    assert "Nobody is listed" in done.content.decode()
    assert IndicatorLook.objects.get().outcome == Outcome.FALSE_POSITIVE


def test_the_register_and_its_forms(clock: None, client: Any, world: World, listed: Person) -> None:
    client.force_login(world.accounts["Iris"])
    assert "Often away" in client.get(reverse("indicators")).content.decode()
    made = declare(world, name="Missing twice", sign=Sign((Condition("missing_episode", times=2),), 90))
    end = reverse("indicator_end", kwargs={"indicator_id": made.indicator_id})
    client.post(end, {"reason": "It misleads."}, follow=True)
    assert "Used no more" in client.get(reverse("indicators")).content.decode()
    assert "Nobody has looked yet." in client.get(reverse("indicator_review")).content.decode()
    assert client.get(reverse("indicator_review_csv")).content.decode().startswith('"table","group"')


@pytest.mark.parametrize("name", ["Ben", "Cara", "Dev"])
def test_others_meet_a_page_that_is_not_there(
    clock: None, client: Any, world: World, listed: Person, name: str
) -> None:
    client.force_login(world.accounts[name])
    assert client.get(reverse("indicators_listed")).status_code == 404
    assert client.get(reverse("indicators_child", kwargs={"child_id": listed.pk})).status_code == 404
