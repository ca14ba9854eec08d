"""The framework and its reports: bands as truth tables, evidence equal to a fresh count, what keeps a report from being
published, what is frozen, what changed, and what others published."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.models import Account
from joinedup.access.permissions import NotPermitted
from joinedup.access.queries import actor_for_account
from joinedup.access.roles import Role
from joinedup.core.errors import Refused
from joinedup.core.formats import LONDON
from joinedup.core.tabular import UnreadableFile
from joinedup.funds.tests.visiting import Visitor
from joinedup.governance import demo_progress, services
from joinedup.governance.evidence import Period, count_figures, every_figure
from joinedup.governance.framework_colours import allowed, banded, is_band
from joinedup.governance.framework_standard import STANDARD
from joinedup.governance.models import (
    Element,
    ElementFigure,
    OtherEntry,
    ProgressReport,
    PublishedReport,
    ReportCount,
    ReportEntry,
)
from joinedup.governance.progress_content import changes, faults_of, needs_signature, tally
from joinedup.governance.progress_file import read_reports, template
from joinedup.governance.queries.progress import (
    comparison,
    content_of,
    element_as_it_stands,
    entry_for,
    is_intact,
    report_page,
)
from joinedup.governance.services import EntrySaid
from joinedup.governance.tests.factories import Table, make_person, make_table
from joinedup.organisations.tests.factories import AT
from tests.support.statements import statements_of

SINCE, UNTIL = (AT - timedelta(days=180)).date(), (AT - timedelta(days=1)).date()


@pytest.mark.parametrize(
    ("value", "more", "colour"),
    [("80", True, "green"), ("79.9", True, "amber"), ("60", True, "amber"), ("59.99", True, "red"),
     ("24", False, "green"), ("24.1", False, "amber"), ("72", False, "amber"), ("73", False, "red")],
)  # fmt: skip
def test_a_band_gives_a_colour(value: str, more: bool, colour: str) -> None:
    bounds = ("80", "60") if more else ("24", "72")
    assert banded(Decimal(value), *(Decimal(each) for each in bounds), is_more_better=more) == colour
    assert is_band(*(Decimal(each) for each in bounds), is_more_better=more)
    assert not is_band(*(Decimal(each) for each in reversed(bounds)), is_more_better=more)


@pytest.mark.parametrize(
    ("colours", "may"),
    [([], ()), (["green"], ("green",)), (["green", "amber"], ("green", "green_amber", "amber")),
     (["red", "amber", "amber"], ("amber", "amber_red", "red"))],
)  # fmt: skip
def test_figures_leave_open_what_lies_between_them(colours: list[str], may: tuple[str, ...]) -> None:
    assert allowed(colours) == may


def _evidence(value: str | None, colour: str) -> list[dict[str, Any]]:
    return [{"value": value, "colour": colour}]


@pytest.mark.parametrize(
    ("colour", "evidence", "needs"),
    [("red", [], False), ("red", _evidence(None, ""), False), ("green", _evidence("9", "green"), False),
     ("green_amber", _evidence("9", "green"), True), ("green", _evidence("9", ""), True)],
)  # fmt: skip
def test_which_colours_are_signed_for(colour: str, evidence: list[dict[str, Any]], needs: bool) -> None:
    assert needs_signature(colour, evidence) is needs


def test_the_standard_has_23_elements_and_the_reported_colours() -> None:
    assert "".join(each.letter for each in STANDARD) == "ABCDEFGHJKLMNOQRSTUWXYZ"
    named = {each.name for each in every_figure()}
    assert {name for each in STANDARD for name in each.figures} <= named
    colours = [each[1] for each in demo_progress.REPORTED]
    counted = [colours.count(each) for each in ("green", "green_amber", "amber", "red")]
    assert (counted, [each[0] for each in demo_progress.REPORTED]) == (
        [3, 6, 13, 1],
        [each.letter for each in STANDARD],
    )


def test_a_file_of_others_is_checked_row_by_row() -> None:
    head = "partnership,period,ends_on,letter,name,colour,reason\n"
    rows = (
        "Mockton,2026,2026-03-31,A,Centres,Green/Amber,In hand\n" "Mockton,2026,2026-03-31,A,Centres,red,Twice\n"
        "Mockton,2026,31/03/2026,B,Schools,red,\n" "Mockton,2026,2026-03-31,C,Youth,blue,\n" ",2026,2026-03-31,D,Skills,red,\n"
    )  # fmt: skip
    read = read_reports("others.csv", (head + rows).encode())
    assert [(each.letter, each.colour) for each in read.reports[0].entries] == [("A", "green_amber")]
    assert [each["field"] for each in read.rejected] == ["letter", "ends_on", "colour", "partnership"]
    assert not read_reports("t.csv", template().encode()).rejected
    for name, content in (("a.json", b"[1]"), ("a.csv", b"one,two\n1,2\n")):
        with pytest.raises(UnreadableFile):
            read_reports(name, content)


def _director(table: Table) -> Actor:
    return make_person(Role.DIRECTOR, table.organisations["NHS"], "Nora Testsign")


def _begun(table: Table) -> Any:
    then = AT - timedelta(days=200)
    services.begin_framework(starts_on=then.date(), by=system(then), at=then)
    element = Element.objects.get(letter="Y")
    ElementFigure.objects.exclude(element=element).delete()  # the others are judgement only
    services.change_element(
        element=element, owner=None, version=1, by=table.officer, at=AT,
        said=services.ElementSaid("Y", "Trust board", figures=("seats",)),
    )  # fmt: skip
    band: dict[str, Any] = {
        "board": table.board,
        "element": element,
        "figure": "seats",
        "source": "Minute 9",
        "by": table.chair,
    }
    for said, rule in (
        ({"green_from": Decimal(60), "amber_from": Decimal(90)}, "GV-507"), ({"source": " "}, "GV-508"), ({"figure": "leads"}, "GV-506"),
        ({"starts_on": then.date() - timedelta(days=1)}, "GV-509"),
    ):  # fmt: skip
        plain = {"green_from": Decimal(90), "amber_from": Decimal(60), "starts_on": then.date(), "at": then}
        with pytest.raises(Refused) as refused:
            services.set_band(**(band | plain | said))
        assert refused.value.rule == rule
    services.set_band(green_from=Decimal(90), amber_from=Decimal(60), starts_on=then.date(), at=then, **band)
    return services.begin_report(
        board=table.board, title="Progress", starts_on=SINCE, ends_on=UNTIL, by=table.officer, at=AT
    )


def _written(table: Table, report: Any, letter: str, colour: str, second: str = "") -> ReportEntry:
    entry = report.entries.select_related("element", "report").get(element__letter=letter)
    said = EntrySaid("Done.", "More.", "In line.", colour, "So it is.", second)
    return services.write_entry(entry=entry, said=said, version=entry.version, by=table.officer, at=AT)


@pytest.mark.django_db
def test_a_colour_outside_its_band_is_published_only_with_a_signed_reason() -> None:
    """Five of six seats are held: 83.3 per cent is amber by its band. Judged green, somebody else signs; judged otherwise after
    that, the signature counts no more. What was published stays as it was, whatever happens later."""
    table = make_table()
    report = _begun(table)
    for each in STANDARD:
        _written(table, report, each.letter, "amber")
    _written(table, report, "Y", "green")
    entry = entry_for(table.officer, report.entries.get(element__letter="Y").pk)
    found = element_as_it_stands(table.officer, entry)
    assert (found["basis"], found["evidence"][0]["said"]) == ("By its bands: amber", "83.3 per cent (5 of 6)")
    director = _director(table)
    publish = {"report": report, "by": table.officer, "at": AT}
    with pytest.raises(Refused, match="Nobody signed") as refused:
        services.publish_report(**publish)
    assert refused.value.rule == "GV-524"
    for by, words, rule in ((director, " ", "GV-532"),):
        with pytest.raises(Refused) as refused:
            services.sign_reason(entry=entry, words=words, by=by, at=AT)
        assert refused.value.rule == rule
    with pytest.raises(NotPermitted):
        services.sign_reason(entry=entry, words="I say so.", by=table.officer, at=AT)
    services.sign_reason(entry=entry, words="The sixth is appointed next week.", by=director, at=AT)
    _written(table, report, "Y", "green_amber", "One seat is empty.")
    assert "Nobody signed" in " ".join(faults_of(content_of(table.officer, report)))
    _written(table, report, "Y", "green")
    entry = entry_for(table.officer, entry.pk)
    services.sign_reason(
        entry=entry, words="The sixth is appointed next week.", by=director, at=AT + timedelta(minutes=1)
    )
    made = services.publish_report(report=report, by=table.officer, at=AT + timedelta(minutes=2))
    assert is_intact(made)
    shown = Visitor(table.officer).see("progress_report", report.pk)
    assert "The sixth is appointed next week." in shown
    with pytest.raises(Refused) as refused:
        _written(table, report, "Y", "red")
    assert refused.value.rule == "GV-523"
    services.end_appointment(
        appointment=table.members["police"],
        ends_on=AT.date() - timedelta(days=2),
        reason="Left",
        by=table.officer,
        at=AT,
    )
    assert content_of(table.officer, report) == made.content
    made.content["layers"][0]["elements"][0]["colour"] = "green"
    assert not is_intact(made)


@pytest.mark.django_db
def test_what_changed_and_how_others_stand() -> None:
    table = make_table()
    report = _begun(table)
    for each in STANDARD:
        _written(table, report, each.letter, "amber")
    before = services.publish_report(report=report, by=table.officer, at=AT).content
    assert tally(before) == {"amber": 23}
    later = services.begin_report(
        board=table.board, title="Next", starts_on=UNTIL, ends_on=AT.date(), by=table.officer, at=AT
    )
    assert later.entries.get(element__letter="A").done == "Done."
    _written(table, later, "A", "green")
    _written(table, later, "B", "red")
    found = {each.letter: each for each in changes(before, content_of(table.officer, later))}
    assert [found[each].movement for each in "ABC"] == ["Better", "Worse", "No longer reported"]
    read = read_reports("x.json", json.dumps(before | {"partnership": "Mockton"}, ensure_ascii=False).encode())
    sent = {"file_name": "x.json", "read": read, "digest": "d", "source": "", "by": table.officer, "at": AT}
    services.import_reports(**sent)  # type: ignore[arg-type]
    services.import_reports(**sent)  # type: ignore[arg-type]
    assert OtherEntry.objects.count() == 23
    assert [row[2] for row in comparison(table.officer).rows][:2] == [("amber", "amber")] * 2
    visitor = Visitor(table.officer)
    for page, args in (
        ("progress_reports", ()), ("framework", ()), ("progress_compare", ()), ("progress_changes", (later.pk,)), ("progress_report", (later.pk,)),
        ("progress_texts", (later.pk,)), ("progress_begin", ()), ("progress_import", ()), ("framework_element_new", ()),
        ("progress_entry", (later.entries.get(element__letter="Y").pk,)), ("framework_band", (Element.objects.get(letter="Y").pk,)),
    ):  # fmt: skip
        visitor.see(page, *args)
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("json", b"{")):
        assert visitor.answer("progress_file", report.pk, kind).content.startswith(start)


def _sql(words: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(words, values)
        return cursor.fetchone()


def test_every_figure_equals_a_fresh_count(demo_database: object) -> None:
    """Of the demo: each figure as the report counts it, beside a statement of its own to the same tables."""
    now = timezone.now()
    since, until = (now - timedelta(days=365)).astimezone(LONDON).date(), now.astimezone(LONDON).date()
    figures = [each.name for each in every_figure()]
    counted = count_figures(system(now), figures, Period(since, until))
    first = datetime.combine(since, datetime.min.time(), LONDON)
    last = datetime.combine(until + timedelta(days=1), datetime.min.time(), LONDON)
    fresh: dict[str, tuple[int, int] | float | int | None] = {
        "leads": _sql("""SELECT count(DISTINCT (c.family_id, p.account_id)), count(DISTINCT c.family_id) FROM casework_casemember m
            JOIN casework_case c ON c.id = m.case_id JOIN organisations_post p ON p.id = m.post_id WHERE m.part = 'lead'
            AND m.joined_at < %s AND (m.left_at IS NULL OR m.left_at > %s)""", last, first),
        "contact": _sql("""SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM casework_casenote n WHERE n.case_id = c.id
            AND n.post_id = c.lead_professional_id AND n.kind IN ('visit', 'phone', 'elsewhere') AND n.result = 'seen'
            AND n.taken_out_at IS NULL AND n.happened_at < %s AND n.happened_at >= %s)), count(*) FROM casework_case c
            WHERE c.opened_at < %s AND (c.closed_at IS NULL OR c.closed_at >= %s) AND c.lead_professional_id IS NOT NULL""",
            last, last - timedelta(days=28), last, last),
        "several_bodies": _sql("""SELECT count(*) FILTER (WHERE (SELECT count(DISTINCT p.employer_id) FROM casework_casemember m
            JOIN organisations_post p ON p.id = m.post_id WHERE m.case_id = c.id AND m.joined_at < %s
            AND (m.left_at IS NULL OR m.left_at >= %s)) >= 2), count(*) FROM casework_case c
            WHERE c.opened_at < %s AND (c.closed_at IS NULL OR c.closed_at >= %s)""", last, last, last, last),
        "help_given": _sql("SELECT count(*) FROM casework_intervention WHERE starts_on BETWEEN %s AND %s AND taken_back_at IS NULL", since, until)[0],
        "assessments": _sql("SELECT count(*) FROM casework_assessment WHERE signed_at >= %s AND signed_at < %s", first, last)[0],
        "one_form": _sql("""SELECT count(*) FILTER (WHERE c.channel = 'form'), count(*) FROM front_door_referral r JOIN front_door_contact c
            ON c.id = r.contact_id WHERE r.received_at >= %s AND r.received_at < %s""", first, last),
        "decision_hours": _sql("""SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM decided_at - received_at) / 3600)
            FROM front_door_referral WHERE decided_at >= %s AND decided_at < %s""", first, last)[0],
        "agreements": _sql("SELECT count(*) FROM information_sharing_agreement WHERE state = 'in_force' AND starts_on <= %s "
            "AND (expires_on IS NULL OR expires_on >= %s) AND (ended_on IS NULL OR ended_on > %s)", until, until, until)[0],
        "spending_agreements": _sql("SELECT count(*) FROM funds_partnershipagreement WHERE state IN ('open', 'varied', 'in_notice')")[0],
    }  # fmt: skip
    fresh["named_lead"] = _sql(
        """SELECT count(*) FILTER (WHERE named_lead = 'yes'), count(*) FROM (SELECT DISTINCT ON (c.family_id) r.named_lead
        FROM casework_review r JOIN casework_plan p ON p.id = r.plan_id JOIN casework_case c ON c.id = p.case_id
        WHERE r.held_on BETWEEN %s AND %s AND r.named_lead IN ('yes', 'no') ORDER BY c.family_id, r.held_on DESC, r.begun_at DESC) x""",
        since,
        until,
    )
    fresh["directory"] = _sql("""SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM directory_assurance a WHERE a.entry_id = e.id
        AND a.assured_on > %s AND a.assured_on <= %s)), count(*) FROM directory_entry e
        WHERE e.approved_id IS NOT NULL AND e.status <> 'defunct'""", until - timedelta(days=90), until)  # fmt: skip
    for course, name in (("common_assessment", "assessors"), ("lead_professional", "leads_trained")):
        fresh[name] = _sql("""SELECT count(DISTINCT account_id) FROM workforce_training WHERE course = %s AND completed_on <= %s
            AND valid_until >= %s AND taken_back_at IS NULL""", course, until, until)[0]  # fmt: skip
    for model in ("pooled", "aligned", "joint"):
        fresh[model] = _sql("""SELECT coalesce(sum(a.total_pence), 0) FROM funds_fund f JOIN LATERAL (SELECT total_pence FROM
            funds_budgetapproval WHERE fund_id = f.id AND year = f.year ORDER BY at DESC, id DESC LIMIT 1) a ON true
            WHERE f.model = %s""", model)[0]  # fmt: skip
    seats = """SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM governance_appointment a LEFT JOIN organisations_post p ON p.id = a.post_id
        WHERE a.seat_id = s.id AND a.starts_on <= %s AND (a.ends_on IS NULL OR a.ends_on >= %s) AND (p.ends_at IS NULL OR p.ends_at > %s))),
        count(*) FROM governance_seat s JOIN governance_board b ON b.id = s.board_id WHERE s.starts_on <= %s"""  # fmt: skip
    for name, more in (
        ("seats", ""), ("director", " AND s.kind = 'director'"), ("lead_member", " AND s.kind = 'lead_member'"),
        ("trust_seats", " AND b.kind = 'trust'"), ("safeguarding_seats", " AND b.kind = 'safeguarding'"),
    ):  # fmt: skip
        fresh[name] = _sql(seats + more, until, until, now, until)
    # Of the plan in force: its actions by what was reported last, and its own parts beside what was frozen of them.
    in_force = """WITH plan AS (SELECT p.id FROM governance_adoptedplan f JOIN governance_childrenplan p ON p.id = f.plan_id
        WHERE (f.adopted_at AT TIME ZONE 'Europe/London')::date <= %s AND %s BETWEEN p.starts_on AND p.ends_on
        ORDER BY f.adopted_at DESC LIMIT 1) """
    fresh["plan_actions"] = _sql(in_force + """SELECT count(*) FILTER (WHERE s.state = 'done' OR (s.state = 'on_course' AND a.due_on >= %s)),
        count(*) FROM plan JOIN governance_planpriority r ON r.plan_id = plan.id JOIN governance_planaction a ON a.priority_id = r.id
        LEFT JOIN LATERAL (SELECT state FROM governance_planactionstep WHERE action_id = a.id
            AND (at AT TIME ZONE 'Europe/London')::date <= %s ORDER BY at DESC, id DESC LIMIT 1) s ON true""",
        until, until, until, until)  # fmt: skip
    fresh["plan_aligned"] = _sql(
        in_force + "SELECT count(*) FROM governance_planalignment WHERE plan_id = (SELECT id FROM plan)", until, until
    )[0]
    fresh["plan_asked"] = _sql(in_force + """SELECT sum(g.answered) FROM governance_consultedgroup g
        JOIN governance_planconsultation c ON c.id = g.consultation_id
        WHERE c.plan_id = (SELECT id FROM plan) AND g.group IN ('children', 'young_people')""", until, until)[0]  # fmt: skip
    assert all(fresh[each] for each in ("plan_aligned", "plan_asked"))
    for name, wanted in fresh.items():
        reading = counted[name]
        assert reading is not None, name
        if isinstance(wanted, tuple):
            assert (reading.number, reading.of) == wanted, name
        else:
            assert reading.value == round(Decimal(str(wanted)), 1), name
    days = _days_without_lead(now, first)
    assert counted["duty_days"] is not None
    assert (counted["duty_days"].number, counted["duty_days"].of) == days
    assert set(figures) - set(fresh) == {"duty_days"}


def _days_without_lead(now: datetime, first: datetime) -> tuple[int, int]:
    """By ranges of the database: the time cases were open, less the time somebody led them."""
    alone, whole = _sql(
        """WITH c AS (SELECT id, tstzrange(greatest(opened_at, %s), least(coalesce(closed_at, %s), %s)) AS open FROM casework_case
           WHERE opened_at < %s AND (closed_at IS NULL OR closed_at > %s)),
           led AS (SELECT c.id, range_agg(tstzrange(m.joined_at, greatest(m.joined_at, least(coalesce(m.left_at, 'infinity'),
             coalesce(p.ends_at, 'infinity')))) * c.open) AS spans FROM c JOIN casework_casemember m ON m.case_id = c.id AND m.part = 'lead'
             JOIN organisations_post p ON p.id = m.post_id GROUP BY c.id),
           pieces AS (SELECT c.open, tstzmultirange(c.open) - coalesce(led.spans, '{}') AS alone FROM c LEFT JOIN led ON led.id = c.id)
           SELECT (SELECT sum(upper(one) - lower(one)) FROM pieces, unnest(pieces.alone) AS one), sum(upper(open) - lower(open)) FROM pieces""",
        first, now, now, now, first,
    )  # fmt: skip
    return (alone.days if alone else 0), whole.days


def test_the_demo_s_report_has_the_colours_of_2006(demo_database: object) -> None:
    frozen = PublishedReport.objects.get()
    assert tally(frozen.content) == {"green": 3, "green_amber": 6, "amber": 13, "red": 1}
    assert is_intact(frozen)
    assert frozen.content["is_illustration"]


def test_a_draft_shows_its_figures_as_they_were_counted_last_in_few_statements(demo_database: object) -> None:
    draft = ProgressReport.objects.get(state="draft")
    gale = actor_for_account(Account.objects.get(name="Gale Testminute").pk, at=timezone.now())
    visitor = Visitor(gale, timezone.now())
    visitor.see("boards")
    for page in ("progress_report", "progress_changes", "framework", "progress_reports", "progress_compare"):
        with CaptureQueriesContext(connection) as ran:
            visitor.see(page, *([draft.pk] if page in {"progress_report", "progress_changes"} else []))
        assert statements_of(ran) <= 24, (page, statements_of(ran))
    with transaction.atomic():
        kept = ReportCount.objects.get(report=draft)
        kept.readings["agreements"] = ["7777", None, None]
        kept.save()
        assert "7,777" in json.dumps(report_page(gale, draft.pk).content)
        assert "7,777" not in json.dumps(content_of(gale, draft))  # a file counts afresh
        services.count_again(report=draft, by=gale, at=gale.at)
        page = report_page(gale, draft.pk)
        assert page.content == content_of(gale, draft)
        assert page.counted_at == gale.at
        transaction.set_rollback(True)
