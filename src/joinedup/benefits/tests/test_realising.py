"""Benefits with PostgreSQL: moved with what was measured, banked once by the right director, taken back by a row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from joinedup.access.actor import system
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.benefits.models import AvoidedEvent, BankEntry, Benefit, BenefitMove, CohortMember, PostingUse
from joinedup.benefits.queries import realising as reading
from joinedup.benefits.queries.banked import rooms_of_lines
from joinedup.benefits.queries.investing import books_of, pack_content
from joinedup.benefits.services import put_in_families
from joinedup.benefits.services.avoided import EventSaid, claim_event, release_event
from joinedup.benefits.services.cases import keep_round, take_over_model
from joinedup.benefits.services.realising import reverse_banked, take_up_benefits
from joinedup.benefits.tests.realised import make_realised, model
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.funds.models import Entry, Posting
from joinedup.funds.queries import falls_of_lines
from joinedup.funds.queries.reductions import OPENING_KEY
from joinedup.funds.services.ledger import reverse_entry
from joinedup.organisations.tests.factories import AT, actor_of, make_organisation, make_post
from joinedup.outcomes.services import set_baseline
from joinedup.outcomes.tests.factories import make_measure, make_series, read, said_of

pytestmark = pytest.mark.django_db


def refusal(call: object) -> str:
    """The rule that refuses."""
    with pytest.raises(Refused) as refused:
        call()  # type: ignore[operator]
    return refused.value.rule


def test_taken_up_once_and_again_with_a_new_round() -> None:
    made = make_realised()
    assert made.run.manager is not None
    assert set(made.benefits) == {"SS1.0 COUNCIL", "CR2.0 NHS", "CR2.0 POLICE"}
    care, violence = made.benefit(), made.benefit("CR2.0 NHS")
    assert (care.forecast_pence, sum(care.cashable), care.starts_on) == (100_000_000, 50_000_000, date(2026, 4, 1))
    assert violence.starts_on == date(2028, 4, 1)
    again = {"programme": made.run.programme, "by": made.run.manager, "at": AT}
    assert refusal(lambda: take_up_benefits(**again)) == "BN-430"
    made.realise()
    made.case.refresh_from_db()
    smaller = model(50.0)
    smaller["benefits"] = smaller["benefits"][:1]
    case = take_over_model(
        case=made.case, model=smaller, version=made.case.version, source="a file", by=made.run.manager, at=AT
    )
    keep_round(case=case, why="Fewer families.", version=case.version, by=made.run.manager, at=AT + timedelta(hours=1))
    take_up_benefits(**again)
    care, violence = made.benefit(), made.benefit("CR2.0 NHS")
    assert (care.forecast_pence, care.state, care.measured_pence) == (50_000_000, "realised", 5_000_000)
    assert violence.forecast_pence == 0
    assert Benefit.objects.count() == 3


def test_a_move_needs_what_was_measured_and_keeps_it() -> None:
    made = make_realised()
    assert refusal(lambda: made.move("realised")) == "BN-401"
    assert refusal(lambda: made.move("banked")) == "BN-401"
    assert refusal(lambda: made.move("emerging", reason=" ")) == "BN-402"
    assert refusal(lambda: made.move("emerging", series_id=None)) == "BN-403"
    assert refusal(lambda: made.move("emerging", level=None)) == "BN-404"
    assert refusal(lambda: made.move("emerging", evidence=" ")) == "BN-404"
    assert refusal(lambda: made.move("emerging", worth_pence=None)) == "BN-406"
    made.move("emerging", worth_pence=0)
    assert refusal(lambda: made.move("realised", worth_pence=0)) == "BN-406"
    row = made.move("realised")
    assert (row.state, row.measured_pence, row.evidence_level) == ("realised", 5_000_000, 2)
    kept = BenefitMove.objects.filter(benefit=row).latest("at", "pk")
    assert (kept.measured["until"], kept.series_id) == ("2026-09-30", made.series.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        BenefitMove.objects.update(reason="Another")
    with pytest.raises(NotPermitted):
        made.move("lost", by=made.run.directors["COUNCIL"])
    assert made.move("lost").state == "lost"
    assert made.move("forecast").measured_pence is None


def test_banked_by_the_gaining_partners_director_from_the_posting() -> None:
    made = make_realised()
    posting = made.reduce(3_000_000)
    assert refusal(lambda: made.bank(posting, 1)) == "BN-410"
    made.realise()
    mine = made.benefit()
    assert [(each.source.posting_id, each.left) for each in reading.postings_to_bank(made.run.directors["COUNCIL"], mine)] == [
        (posting, 3_000_000)
    ]  # fmt: skip
    raised = Posting.objects.get(entry__postings=posting, pence=3_000_000)
    assert refusal(lambda: made.bank(raised.pk, 1)) == "BN-411"
    assert refusal(lambda: made.bank(10**9, 1)) == "BN-411"
    assert refusal(lambda: made.bank(posting, 0)) == "BN-416"
    assert refusal(lambda: made.bank(posting, 3_000_001)) == "BN-412"
    assert refusal(lambda: made.bank(posting, 1, provider="Mock Homes")) == "BN-414"
    with pytest.raises(NotPermitted):
        made.bank(posting, 1, by=made.run.directors["NHS"])
    entry = made.bank(posting, 2_000_000, key="once")
    assert made.bank(posting, 2_000_000, key="once").pk == entry.pk
    row = made.benefit()
    assert (row.state, row.banked_pence) == ("banked", 2_000_000)
    assert refusal(lambda: made.bank(posting, 1_000_001)) == "BN-412"
    made.bank(posting, 1_000_000)
    more = made.reduce(4_000_000)
    assert refusal(lambda: made.bank(more, 2_000_001)) == "BN-413"
    made.bank(more, 2_000_000)
    assert refusal(lambda: made.move("banked", worth_pence=4_999_999)) == "BN-407"
    assert made.benefit().banked_pence == 5_000_000


def test_two_benefits_never_bank_more_than_a_posting_reduced() -> None:
    made = make_realised()
    made.realise(name="CR2.0 NHS", pence=900_000)
    made.realise()
    posting = made.reduce(3_000_000)
    assert refusal(lambda: made.bank(posting, 1, name="CR2.0 NHS")) == "BN-411"  # not a line of the NHS
    made.bank(posting, 3_000_000)
    with pytest.raises(DatabaseError), transaction.atomic():
        PostingUse.objects.filter(pk=posting).update(banked_pence=3_000_001)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankEntry.objects.update(pence=1)


def test_reversal_is_a_row_and_frees_the_posting() -> None:
    made = make_realised()
    made.realise()
    posting = made.reduce(3_000_000)
    entry = made.bank(posting, 3_000_000)
    director = made.run.directors["COUNCIL"]
    told = {"benefit": made.benefit(), "entry": entry, "by": director, "at": AT}
    assert refusal(lambda: reverse_banked(**told, reason="")) == "BN-402"
    back = reverse_banked(**told, reason="The placement was bought again.")
    assert (back.pence, back.reverses_id) == (-3_000_000, entry.pk)
    assert (made.benefit().state, made.benefit().banked_pence) == ("realised", 0)
    assert refusal(lambda: reverse_banked(**told, reason="Again")) == "BN-415"
    assert refusal(lambda: reverse_banked(**{**told, "entry": back}, reason="Again")) == "BN-415"
    made.bank(posting, 3_000_000)
    page = reading.benefit_page(director, entry.benefit_id)
    assert [each.pence for each in page.banked] == [3_000_000, -3_000_000, 3_000_000]
    assert page.may == {"bank"}


def test_a_posting_that_is_taken_back_is_said_to_be_gone() -> None:
    made = make_realised()
    made.realise()
    posting = made.reduce(3_000_000)
    made.bank(
        posting, 1_000_000, provider="Mock Homes", fixed_cost_pence=300_000, notice_months=6, service_at_risk="A home"
    )
    ledger = Entry.objects.get(postings=posting)
    reverse_entry(entry=ledger, dated_on=AT.date(), reason="A mistake", by=system(AT), at=AT)
    director = made.run.directors["COUNCIL"]
    page = reading.benefit_page(director, made.benefit().pk)
    (seen,) = page.banked
    assert (seen.is_posting_gone, seen.notice_ends_on, seen.fixed_cost) == (True, date(2027, 5, 18), 300_000)
    assert refusal(lambda: made.bank(posting, 1)) == "BN-411"
    # And it is un-banked wherever it is counted.
    assert (page.seen.state, page.seen.banked, page.seen.unbanked) == ("realised", 0, 1_000_000)
    listed = reading.benefits_page(director, made.run.programme.pk)
    assert listed.totals.banked == 0
    assert not reading.benefits_page(director, made.run.programme.pk, state="banked").rows
    books = books_of(director, made.run.programme.pk)
    assert [each.banked for each in books.partners] == [0, 0, 0]
    assert {each["banked"] for each in pack_content(director, books)["benefits"]} == {0}


def test_a_virement_there_and_back_is_banked_once() -> None:
    made = make_realised()
    made.realise()
    first = made.reduce(2_000_000)
    made.bank(first, 2_000_000)
    made.put_back(2_000_000)
    assert reading.benefits_page(made.run.directors["COUNCIL"], made.run.programme.pk).totals.banked == 0
    second = made.reduce(2_000_000)
    assert reading.benefits_page(made.run.directors["COUNCIL"], made.run.programme.pk).totals.banked == 2_000_000
    assert refusal(lambda: made.bank(second, 1)) == "BN-417"
    assert reading.postings_to_bank(made.run.directors["COUNCIL"], made.benefit()) == []
    third = made.reduce(500_000)
    assert refusal(lambda: made.bank(third, 500_001)) == "BN-412"
    made.bank(third, 500_000)
    made.put_back(300_000)
    page = reading.benefit_page(made.run.directors["COUNCIL"], made.benefit().pk)
    assert (page.seen.banked, page.seen.unbanked) == (2_200_000, 300_000)  # what was banked last counts least
    assert [each.counts for each in page.banked] == [200_000, 2_000_000]


def test_what_rests_on_avoided_events_is_banked_on_claims() -> None:
    made = make_realised()
    row = made.benefit()
    assert (row.episode, row.unit_pence) == ("care", 5_000_000)
    assert made.benefit("CR2.0 NHS").unit_pence == 500_000
    made.move("emerging", worth_pence=0)
    made.move("realised", worth_pence=9_000_000)
    posting = made.reduce(9_000_000)
    assert refusal(lambda: made.bank(posting, 1)) == "BN-418"
    made.claim("exclusion")  # not an event of this benefit
    assert refusal(lambda: made.bank(posting, 1)) == "BN-418"
    claim = made.claim("care_entry")
    assert refusal(lambda: made.bank(posting, 5_000_001)) == "BN-418"
    made.bank(posting, 5_000_000)
    told: dict[str, Any] = {"event": claim, "reason": "It happened.", "by": made.run.manager, "at": AT}
    assert refusal(lambda: release_event(**told)) == "BN-425"
    other = made.claim("care_months")
    made.bank(posting, 4_000_000)
    assert refusal(lambda: release_event(**{**told, "event": other})) == "BN-425"
    page = reading.benefit_page(made.run.directors["COUNCIL"], row.pk)
    assert (page.claims, page.claims_worth) == (2, 10_000_000)


def test_one_event_is_banked_by_every_partner_of_its_line() -> None:
    made = make_realised()
    made.realise(name="CR2.0 NHS", pence=900_000)  # with one claim
    for end, pence in (("emerging", 0), ("realised", 900_000)):
        made.move(end, name="CR2.0 POLICE", worth_pence=pence)
    # One claim, of the NHS: it is worth the police's part, too.
    assert [reading.claims_worth(made.benefit(f"CR2.0 {code}")) for code in ("NHS", "POLICE")] == [(1, 500_000)] * 2
    # Only the council has lines in this fund, so the police's part is given to it.
    council, director = made.run.organisations["COUNCIL"], made.run.directors["COUNCIL"]
    Benefit.objects.filter(pk=made.benefit("CR2.0 POLICE").pk).update(organisation=council)
    posting = made.reduce(900_000)
    assert refusal(lambda: made.bank(posting, 500_001, name="CR2.0 POLICE", by=director)) == "BN-418"
    made.bank(posting, 500_000, name="CR2.0 POLICE", by=director)
    # What another partner banked on it keeps the claim of the NHS where it is.
    (claim,) = made.benefit("CR2.0 NHS").avoided_events.all()
    told: dict[str, Any] = {"reason": "It happened.", "by": made.run.manager, "at": AT}
    assert refusal(lambda: release_event(event=claim, **told)) == "BN-425"
    another = made.claim(name="CR2.0 POLICE")
    release_event(event=claim, **told)
    assert reading.claims_worth(made.benefit("CR2.0 NHS")) == (1, 500_000)
    assert refusal(lambda: release_event(event=another, **told)) == "BN-425"
    assert reading.claims_worth(made.benefit()) == (0, 0)


def test_the_months_of_one_child_are_one_unit() -> None:
    made = make_realised()
    for end, pence in (("emerging", 0), ("realised", 9_000_000)):
        made.move(end, worth_pence=pence)
    first = made.claim("care_months", starts_on=date(2026, 5, 1), ends_on=date(2026, 5, 31))
    for month in (6, 7, 8):
        made.claim("care_months", again=first, starts_on=date(2026, month, 1), ends_on=date(2026, month, 28))
    posting = made.reduce(9_000_000)
    with pytest.raises(Refused, match=r"1 claim of .* one person counts once in a year") as refused:
        made.bank(posting, 5_000_001)
    assert refused.value.rule == "BN-418"
    made.bank(posting, 5_000_000)
    # Any of the four may be given up while another counts.
    told: dict[str, Any] = {"reason": "It happened.", "by": made.run.manager, "at": AT}
    release_event(event=first, **told)
    assert reading.claims_worth(made.benefit()) == (1, 5_000_000)
    # Another line of the same strand cannot take what the first left within a year, neither way.
    violence = made.benefit("CR2.0 NHS")
    days = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 4, 2)}
    assert refusal(lambda: made.claim("care_entry", name="CR2.0 NHS", again=first, **days)) == "BN-420"
    with pytest.raises(DatabaseError, match="claimed already"), transaction.atomic():
        AvoidedEvent.objects.create(
            benefit=violence, case=first.case, person=first.person, kind="care_entry", why="x", claimed_at=AT, **days
        )


def test_nothing_is_claimed_from_before_the_programme() -> None:
    made = make_realised()
    days = {"starts_on": date(2026, 3, 31), "ends_on": date(2026, 4, 2)}
    with pytest.raises(Refused, match="began on 1 April 2026") as refused:
        made.claim(**days)
    assert refused.value.rule == "BN-426"
    assert made.claim(**{**days, "starts_on": date(2026, 4, 1)}).pk


def test_the_year_of_a_young_person_is_not_split_between_lines() -> None:
    """Time out of work in spring by one line, in autumn by another: one year's cost, counted once; violence each time."""
    made = make_realised()
    spring = {"starts_on": date(2026, 4, 1), "ends_on": date(2026, 5, 1)}
    later = {"starts_on": date(2026, 5, 20), "ends_on": date(2026, 6, 1)}
    for kind, rule in (("neet_months", "BN-420"), ("persistent_absence", "BN-420"), ("domestic_violence", "")):
        first = made.claim(kind, **spring)
        row = {"case": first.case, "person": first.person, "kind": kind, "why": "x", "claimed_at": AT, **later}
        if not rule:
            assert made.claim(kind, name="CR2.0 NHS", again=first, **later).pk
            continue
        assert refusal(lambda kind=kind, first=first: made.claim(kind, name="CR2.0 NHS", again=first, **later)) == rule  # type: ignore[misc]
        with pytest.raises(DatabaseError, match="claimed already"), transaction.atomic():
            AvoidedEvent.objects.create(benefit=made.benefit("CR2.0 NHS"), **row)


def test_a_strand_claims_for_the_families_it_works_with() -> None:
    """Where it says who is in it: from the day a family came in until its last, and of no family that was never in it."""
    made = make_realised()
    strand = made.run.strands["families"]
    inside = made.claim()
    put_in_families(
        strand=strand,
        references=[inside.case.reference],
        starts_on=date(2026, 6, 20),
        source="file",
        by=system(AT),
        at=AT,
    )
    days = {"starts_on": date(2026, 6, 10), "ends_on": date(2026, 6, 19)}
    assert refusal(lambda: made.claim("domestic_violence", **days)) == "BN-427"
    assert CohortMember.objects.filter(strand=strand).count() == 1
    case, benefit = inside.case, made.benefit()
    worker = actor_for_account(inside.claimed_by, at=AT) if inside.claimed_by else None
    assert worker is not None

    def claim(last: date) -> AvoidedEvent:
        said = EventSaid(inside.person_id, "domestic_violence", date(2026, 6, 10), last, "Nothing happened.")
        return claim_event(case=case, benefit=benefit, said=said, by=worker, at=AT)

    assert refusal(lambda: claim(date(2026, 6, 19))) == "BN-427"
    assert claim(date(2026, 6, 20)).pk


def test_an_approval_taken_back_is_no_fall() -> None:
    made = make_realised()
    made.realise()
    line = made.shared.lines["SHORT-council"]
    opening = Entry.objects.get(postings__line=line, key__startswith=OPENING_KEY)
    reverse_entry(entry=opening, dated_on=AT.date(), reason="The wrong year", by=system(AT), at=AT)
    back = Posting.objects.get(entry__reverses=opening, line=line, book="budget", account__kind="expenditure")
    assert back.pence < 0
    director = made.run.directors["COUNCIL"]
    assert falls_of_lines(director, [line.pk])[line.pk].pence == 0
    assert reading.postings_to_bank(director, made.benefit()) == []
    assert rooms_of_lines(director, [line.pk])[line.pk].left == 0


def test_evidence_and_pounds_are_held_to_the_series() -> None:
    made = make_realised()
    assert refusal(lambda: made.move("emerging", level=3)) == "BN-408"
    assert refusal(lambda: made.move("emerging", differs=" ")) == "BN-409"
    (counted,) = make_series(make_measure(code="CARE", form="count"))
    read(counted, (date(2026, 6, 30), "10"), (date(2026, 9, 30), "11"))
    first = said_of(date(2026, 3, 31), "12")
    set_baseline(series=counted, said=first, reason="", by=system(AT), at=AT)
    told: dict[str, Any] = {"series_id": counted.pk, "differs": ""}
    # Nobody said of this series how far it is the work's doing.
    assert refusal(lambda: made.move("emerging", level=2, **told)) == "BN-408"
    with pytest.raises(Refused, match=r"against 12\.0 families before it, at £50,000 each come to £150,000") as refused:
        made.move("emerging", level=1, worth_pence=14_000_000, **told)
    assert refused.value.rule == "BN-409"
    made.move("emerging", level=1, worth_pence=15_000_000, **told)
    made.move("realised", level=1, worth_pence=14_000_000, **{**told, "differs": "One came for another reason."})
    kept = BenefitMove.objects.filter(benefit=made.benefit()).latest("at", "pk").measured
    assert made.run.manager is not None
    assert (kept["worked_out"], kept["why_differs"], kept["signed_by"]) == (
        15_000_000, "One came for another reason.", made.run.manager.name,
    )  # fmt: skip


def test_who_sees_benefits_and_what_is_due() -> None:
    made = make_realised()
    page = reading.benefits_page(made.run.directors["POLICE"], made.run.programme.pk)
    shown = {(each.code, each.partner_code): (each.standing.words, each.due) for each in page.rows}
    assert shown["CR2.0", "POLICE"] == ("Not due yet", 0)
    assert shown["SS1.0", "COUNCIL"][0] == "Due, not measured yet"
    assert shown["SS1.0", "COUNCIL"][1] == 20_000_000 * 232 // 365
    narrowed = reading.benefits_page(made.run.directors["POLICE"], made.run.programme.pk, partner="NHS")
    assert [each.code for each in narrowed.rows] == ["CR2.0"]
    other = make_organisation(code="OTHER", name="Another council")
    stranger = actor_of(make_post(role=Role.FINANCE_DIRECTOR, employer=other, name="Other Testpurse")[0], AT)
    with pytest.raises(NotVisible):
        reading.benefit_page(stranger, made.benefit().pk)
    with pytest.raises(NotPermitted):
        reading.benefit_page(actor_of(make_post(name="Key Testworker")[0], AT), made.benefit().pk)
