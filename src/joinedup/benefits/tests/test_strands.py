"""Strands with PostgreSQL: sponsorship, families, mergers and their undoing, delivery, published figures, the demo."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from joinedup.access.actor import system
from joinedup.benefits import services
from joinedup.benefits.cohort import Criteria
from joinedup.benefits.lifecycle import CostKind, DeliveryState
from joinedup.benefits.models import CohortMember
from joinedup.benefits.queries.claims import claim_subjects, table_of_claims
from joinedup.benefits.queries.cohorts import overlap_of
from joinedup.benefits.queries.delivery import cost_lines, delivery_seen
from joinedup.benefits.queries.home import home
from joinedup.benefits.queries.strands import strand_page
from joinedup.benefits.services import ClaimSaid, ProgrammeSaid, StaffSaid, StrandSaid
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.casework.tests.factories import make_case
from joinedup.core.errors import NotPermitted, Refused
from joinedup.organisations.tests.factories import AT, make_organisation, make_team

pytestmark = pytest.mark.django_db
DAY = AT.date()


def _later(days: int):  # type: ignore[no-untyped-def]
    return AT + timedelta(days=days)


def test_a_sponsor_is_a_partner_with_a_reason_and_hands_over() -> None:
    """The history says who sponsored it from when to when, and why."""
    run = make_programme()
    strand, police = run.strands["families"], run.organisations["POLICE"]
    stranger = make_organisation(code="OTHER", name="Another council")
    say = {"strand": strand, "officer": None, "starts_on": DAY, "by": run.manager, "at": AT}
    with pytest.raises(Refused, match="no partner"):
        services.sponsor_strand(sponsor=stranger, reason="Why not", **say)
    with pytest.raises(Refused, match="lose or to gain"):
        services.sponsor_strand(sponsor=police, reason=" ", **say)
    services.sponsor_strand(sponsor=police, reason="It is called out.", **say)
    page = strand_page(run.directors["NHS"], strand.pk)
    assert [each.organisation for each in page.sponsorships] == ["Exampleshire Police", "Exampleshire Council"]
    assert page.sponsor is not None
    assert page.sponsor.reason == "It is called out."
    assert page.sponsorships[1].ends_on == DAY
    with pytest.raises(NotPermitted):
        services.sponsor_strand(
            strand=strand, sponsor=police, officer=None, reason="x", starts_on=DAY, by=run.directors["NHS"], at=AT
        )


def test_families_come_by_rule_and_by_reference() -> None:
    """By rule they come and go; whom somebody put in stays; nobody unknown is put in."""
    run = make_programme()
    strand = run.strands["families"]
    team = make_team(kind="case_management")
    first, second, third = make_case(team=team), make_case(team=team), make_case(team=team)
    services.define_cohort(
        strand=strand,
        criteria=Criteria(levels=(str(first.level),)),
        expected=None,
        expected_source="",
        by=run.manager,
        at=AT,
    )
    assert {each.family_id for each in CohortMember.objects.all()} == {
        first.family_id,
        second.family_id,
        third.family_id,
    }
    services.put_in_families(
        strand=strand, references=[second.reference], starts_on=DAY, source="hand", by=system(AT), at=AT
    )
    services.define_cohort(
        strand=strand,
        criteria=Criteria(levels=("4",)),
        expected=9,
        expected_source="Counted",
        by=run.manager,
        at=_later(1),
    )
    there = CohortMember.objects.filter(ends_on__isnull=True)
    assert [(each.family_id, each.source) for each in there] == [(second.family_id, "hand")]
    with pytest.raises(Refused, match="C-NONE-0000"):
        services.put_in_families(
            strand=strand,
            references=["C-NONE-0000", first.reference],
            starts_on=DAY,
            source="file",
            by=system(AT),
            at=_later(1),
        )
    assert (
        services.take_out_families(
            strand=strand, references=[second.reference.lower()], reason="Moved", by=system(AT), at=_later(2)
        )
        == 1
    )
    seen = strand_page(run.directors["NHS"], strand.pk)
    assert seen.cohort.my_cases == ()
    assert "Counted" in seen.cohort.expected_source


def test_strands_merge_and_part_while_nothing_was_done() -> None:
    """The families of the merged one count in the other; the one who loses sponsorship is named; undone only at once."""
    run = make_programme()
    families, safer = run.strands["families"], run.strands["safer"]
    team = make_team(kind="case_management")
    case, other = make_case(team=team), make_case(team=team)
    for strand, cases in ((families, [case, other]), (safer, [case])):
        services.put_in_families(
            strand=strand,
            references=[each.reference for each in cases],
            starts_on=DAY,
            source="hand",
            by=system(AT),
            at=AT,
        )
    page = overlap_of(run.directors["NHS"], run.programme.pk)
    assert (page.several, page.pairs[0].both, page.pairs[0].merged, page.pairs[0].loses) == (
        "not shown",
        "not shown",
        "Safer communities",
        "Exampleshire Police",
    )
    assert page.advised == ()  # small numbers are not said, and nothing is advised about them
    with pytest.raises(Refused, match="another open strand"):
        services.merge_strand(strand=safer, into=safer, reason="Same families", by=run.manager, at=_later(1))
    services.merge_strand(strand=safer, into=families, reason="Same families", by=run.manager, at=_later(1))
    seen = strand_page(run.directors["NHS"], families.pk)
    assert seen.cohort.words in ("fewer than 6", "not shown")
    assert [name for _, name in seen.merged_here] == ["Safer communities"]
    assert "Exampleshire Police sponsors it no longer." in strand_page(run.directors["NHS"], safer.pk).steps[0].words
    with pytest.raises(Refused, match="not open"):
        services.put_in_families(
            strand=safer, references=[other.reference], starts_on=DAY, source="hand", by=system(AT), at=_later(1)
        )
    services.unmerge_strand(strand=safer, reason="Too early", by=run.manager, at=_later(2))
    services.merge_strand(strand=safer, into=families, reason="Now", by=run.manager, at=_later(3))
    services.rename_strand(strand=families, name="One plan", reason="", by=run.manager, at=_later(4))
    with pytest.raises(Refused, match="One plan since the merger"):
        services.unmerge_strand(strand=safer, reason="Again", by=run.manager, at=_later(5))


def test_strands_are_added_closed_and_taken_up_again() -> None:
    """Each name once; a code is made of it."""
    run = make_programme()
    nhs = run.organisations["NHS"]
    add = {"programme": run.programme, "sponsor": nhs, "by": run.manager, "at": AT}
    made = services.add_strand(said=StrandSaid("", "Families of adults who drink", "Its beds."), **add)
    assert made.code == "families-of-adults-who-dri"
    with pytest.raises(Refused, match="of this name already"):
        services.add_strand(said=StrandSaid("", "safer COMMUNITIES", "Its beds."), **add)
    services.close_strand(strand=made, reason="Done", by=run.manager, at=AT)
    with pytest.raises(Refused, match="closed cannot become closed"):
        services.close_strand(strand=made, reason="Done", by=run.manager, at=AT)
    services.reopen_strand(strand=made, reason="Not done", by=run.manager, at=AT)
    assert [each.title for each in strand_page(run.directors["NHS"], made.pk).steps] == [
        "Taken up again",
        "Closed",
        "Added to the programme",
    ]


def test_a_partner_that_sponsors_stays() -> None:
    """And whoever does not may leave."""
    run = make_programme()
    council, police, nhs = (run.organisations[code] for code in ("COUNCIL", "POLICE", "NHS"))
    said = ProgrammeSaid("Altogether better", "", date(2026, 4, 1), 4)
    change = {"programme": run.programme, "said": said, "by": run.manager, "at": AT}
    with pytest.raises(Refused, match="Exampleshire Police sponsors a strand"):
        services.change_programme(partners=[council, nhs], version=run.programme.version, **change)
    run.programme.refresh_from_db()
    services.change_programme(partners=[council, police], version=run.programme.version, **change)
    assert [each.organisation for each in run.programme.partners.order_by("position")] == [council, police]


def _model(run: Run):  # type: ignore[no-untyped-def]
    council, nhs = run.organisations["COUNCIL"], run.organisations["NHS"]
    by = {"by": run.manager, "at": AT}
    model = services.draw_up_delivery(strand=run.strands["families"], name="Key workers", words="", grade=3, **by)
    said = StaffSaid(council, "Key worker", "Hub", 3, Decimal("2.5"), 0, 4)
    services.add_staff(model=model, said=said, **by)
    services.add_delivery_cost(
        model=model, kind=CostKind.TECHNOLOGY, name="System", amounts=[5_000_000, 0, 0, 0, 0], is_unfunded=True, **by
    )
    return model, council, nhs, by


def test_delivery_is_paid_for_and_says_what_is_not() -> None:
    """A model is chosen once its staff have pay; its lines name partners by code and what nobody pays."""
    run = make_programme()
    model, council, nhs, by = _model(run)
    with pytest.raises(Refused, match="nothing for Key worker in year 1"):
        services.move_delivery(model=model, end=DeliveryState.CHOSEN, **by)
    services.set_pay(
        programme=run.programme,
        grade="Key worker",
        annual_pence=4_000_000,
        starts_on=date(2026, 4, 1),
        source="Scale",
        **by,
    )
    with pytest.raises(Refused, match="more than 100 per cent"):
        services.apportion_funding(
            model=model, shares={0: {council.pk: 9_000, nhs.pk: 2_000}}, version=model.version, **by
        )
    services.apportion_funding(
        model=model, shares={year: {council.pk: 7_500, nhs.pk: 2_500} for year in range(5)}, version=model.version, **by
    )
    services.move_delivery(model=model, end=DeliveryState.CHOSEN, **by)
    seen = delivery_seen(run.directors["NHS"], model.pk)
    assert (seen.total, seen.unfunded, seen.transition) == (55_000_000, 5_000_000, 5_000_000)
    lines = {(each["name"], *each["agencies"]): each["amounts"] for each in cost_lines(run.directors["NHS"], model.pk)}
    assert lines == {
        ("Staff: COUNCIL", "COUNCIL"): [75_000] * 5,
        ("Staff: NHS", "NHS"): [25_000] * 5,
        ("Changing over: not yet funded", "UNFUNDED"): [50_000, 0, 0, 0, 0],
    }
    page = home(run.directors["POLICE"], run.programme.pk)
    assert page.unfunded == 5_000_000
    with pytest.raises(Refused, match="cannot be shorter"):
        services.change_programme(
            programme=run.programme,
            said=ProgrammeSaid("A", "", date(2026, 4, 1), 3),
            partners=[council, nhs],
            version=1,
            **by,
        )


def test_figures_stand_beside_each_other() -> None:
    """Two gross figures that differ are said to; what is corrected stays; somebody else's own programme is not seen."""
    run = make_programme()
    by = {"by": run.manager, "at": AT}
    subject = services.add_claim_subject(title="Six strands", programme=run.programme, **by)
    gross = ClaimSaid("Benefits", "gross", "forecast", "An interview", 10_600_000_000, area="Testshire")
    first = services.register_claim(subject=subject, said=gross, **by)
    services.register_claim(
        subject=subject, said=ClaimSaid("Benefits", "gross", "unknown", "A leaflet", 10_800_000_000), **by
    )
    services.register_claim(
        subject=subject,
        said=ClaimSaid("Return", "ratio", "unknown", "A leaflet", number=Decimal("2.20"), unit="for each £1"),
        **by,
    )
    [seen] = claim_subjects(run.directors["NHS"], text="interview testshire")
    assert seen.conflicts == ("Gross",)
    assert [each.figure for each in seen.claims] == ["£106m", "£108m", "2.2 for each £1"]
    services.correct_claim(
        claim=first, said=ClaimSaid("Benefits", "net", "forecast", "An interview", 5_100_000_000), **by
    )
    with pytest.raises(Refused, match="corrected or withdrawn already"):
        services.withdraw_claim(claim=first, reason="Wrong", **by)
    [seen] = claim_subjects(run.directors["NHS"])
    assert seen.conflicts == ()
    assert [each.figure for each in seen.live] == ["£108m", "£51m", "2.2 for each £1"]
    assert len(table_of_claims([seen]).rows) == 4
    with pytest.raises(Refused, match="either a sum of money or another number"):
        services.register_claim(subject=subject, said=ClaimSaid("Both", "net", "unknown", "x", 1, Decimal(1)), **by)
    with pytest.raises(Refused, match="where the figure was published"):
        services.register_claim(subject=subject, said=ClaimSaid("None", "net", "unknown", " ", 1), **by)
