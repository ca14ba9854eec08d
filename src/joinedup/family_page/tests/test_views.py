"""The pages: what the reader's side says to whoever has no code, and what the team does by the page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from joinedup.access.actor import system
from joinedup.casework import services as casework
from joinedup.casework.meeting import Purpose
from joinedup.casework.planning import ActionSaid, NeedSaid, OutcomeSaid, StatutorySaid
from joinedup.core.partnership import forget
from joinedup.family_page import services
from joinedup.family_page.models import FamilyMessage, FamilyPage, PageVisit, Release
from joinedup.family_page.queries import Visit, reader_actor
from joinedup.family_page.services import Chosen
from joinedup.family_page.tests.factories import Home, code_of, make_home, open_page_for, token_of
from joinedup.organisations.tests.factories import make_post
from joinedup.outcomes.models import Measure

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def home() -> Home:
    return make_home(at=timezone.now() - timedelta(days=2))


def _inside(home: Home, person: Any = None, **more: Any) -> tuple[Client, FamilyPage]:
    """The reader's browser with their page open."""
    now = timezone.now()
    page = open_page_for(home, person or home.mary, cleared=[home.wren], at=now - timedelta(minutes=5), **more)
    client = Client()
    token = token_of(page)
    assert client.post(f"/family/{token}/").status_code == 302
    answer = client.post(f"/family/{token}/code/", {"code": code_of(page)})
    assert (answer.status_code, answer["Location"]) == (302, "/family/page/")
    return client, page


def _as(home: Home) -> Client:
    client = Client()
    client.force_login(home.lead.account, backend=BACKEND)
    return client


def test_a_wrong_link_answers_word_for_word_like_a_right_one(home: Home) -> None:
    page = open_page_for(home, home.mary, at=timezone.now())
    right, wrong = token_of(page), "x" * 43
    for path, data in (("", None), ("", {}), ("code/", None), ("code/", {"code": "123456"})):
        answers = []
        for token in (right, wrong):
            client = Client()
            address = f"/family/{token}/{path}"
            answer = client.get(address) if data is None else client.post(address, data)
            text = answer.content.decode().replace(token, "TOKEN")
            answers.append((answer.status_code, answer.get("Location", "").replace(token, "TOKEN"), _plain(text)))
        assert answers[0] == answers[1], path
        assert "Mary" not in answers[0][2]


def _plain(text: str) -> str:
    """Without what is new on every page: the anti-forgery token and the nonce."""
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)


def test_nothing_is_kept_found_or_passed_on(home: Home) -> None:
    client, page = _inside(home)
    for path in ("/family/", f"/family/{token_of(page)}/", "/family/page/", "/family/page/tell/"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "same-origin"
        title = answer.content.decode().split("<title>")[1].split("</title>")[0]
        assert "Mary" not in title
        assert "govuk-exit-this-page" in answer.content.decode()


def test_exit_ends_the_visit_and_leads_away(home: Home) -> None:
    client, _ = _inside(home)
    answer = client.get("/family/exit/")
    assert answer["Location"] == "https://www.bbc.co.uk/weather"
    assert PageVisit.objects.get().ended_at is not None
    assert client.get("/family/page/")["Location"] == "/family/"


def test_a_visit_runs_out_and_a_worker_s_browser_never_has_one(home: Home) -> None:
    client, _ = _inside(home)
    client.force_login(home.lead.account, backend=BACKEND)
    assert client.get("/family/page/").status_code == 302
    client, _ = _inside(home, home.john)
    PageVisit.objects.update(seen_at=timezone.now() - timedelta(minutes=21))
    assert client.get("/family/page/").status_code == 302


def test_what_is_read_is_written_down(home: Home) -> None:
    client, page = _inside(home)
    now = timezone.now()
    services.release_items(page=page, items=[Chosen("own", "For you", "Wren sings.")], by=home.by(now), at=now)
    assert "Wren sings." in client.get("/family/page/").content.decode()
    assert Release.objects.get().first_seen_at is not None


def test_a_message_says_when_it_is_read_and_stays_with_its_writer(home: Home) -> None:
    client, _ = _inside(home)
    assert "We will read this by" in client.get("/family/page/tell/").content.decode()
    assert "Write what you want to tell us" in client.post("/family/page/tell/", {"words": " "}).content.decode()
    client.post("/family/page/tell/", {"words": "Please ring me."})
    assert "Please ring me." in client.get("/family/page/").content.decode()
    other, _ = _inside(home, home.john)
    assert "Please ring me." not in other.get("/family/page/").content.decode()


def test_statutory_work_and_who_should_lead_it_are_not_told_the_family(home: Home) -> None:
    """That a child is in need, and that no registered social worker leads, is said to the team alone: whoever reads the page
    reads the same before and after."""
    client, _ = _inside(home)
    before = client.get("/family/page/").content.decode()
    now = timezone.now()
    plan = casework.open_plan(case=home.case, family_words="", by=home.by(now), at=now)
    said = StatutorySaid("child_in_need", timezone.localdate(now), "Qsentinelholder", "Qsentinelstatus")
    section = plan.sections.get(person=home.wren)
    casework.link_statutory_plan(plan=plan, section_id=section.pk, said=said, by=home.by(now), at=now)
    assert "Social worker to lead" in _as(home).get(f"/cases/{home.case.pk}/").content.decode()
    after = client.get("/family/page/").content.decode()
    for words in ("Qsentinel", "ocial work", "tatutory", "in need"):
        assert (words in after) == (words in before)


def test_a_lost_link_gets_the_same_answer_whoever_asks(home: Home) -> None:
    open_page_for(home, home.mary, at=timezone.now())
    answers = [Client().post("/family/", {"contact": each}) for each in ("mary@home.example", "who@nowhere.example")]
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, "/family/sent/")}


def test_only_what_was_looked_at_is_shared(home: Home) -> None:
    page = open_page_for(home, home.mary, cleared=[home.wren], at=timezone.now())
    client, path = _as(home), f"/cases/{home.case.pk}/family-page/{page.pk}/share/words/"
    said = {"item": "own", "title-0": "For you", "words-0": "Wren sings."}
    looked = client.post(path, said | {"look": "yes"}).content.decode()
    assert "This is exactly what Mary Testerfield will see" in looked
    shown = looked.split('name="shown" value="')[1].split('"')[0]
    changed = client.post(path, said | {"words-0": "Wren sings well.", "send": "yes", "shown": shown}).content.decode()
    assert "You changed the words" in changed
    assert not Release.objects.exists()
    assert client.post(path, said | {"send": "yes", "shown": shown}).status_code == 302
    assert Release.objects.get().words == "Wren sings."


def test_words_that_give_somebody_away_are_said_before_they_are_refused(home: Home) -> None:
    page = open_page_for(home, home.john, cleared=[home.wren], at=timezone.now())
    client, path = _as(home), f"/cases/{home.case.pk}/family-page/{page.pk}/share/words/"
    said = {"item": "own", "title-0": "For you", "words-0": "Mary brings Wren."}
    looked = client.post(path, said | {"look": "yes"}).content.decode()
    assert "gives away" in looked
    shown = looked.split('name="shown" value="')[1].split('"')[0]
    assert "Change them" in client.post(path, said | {"send": "yes", "shown": shown}).content.decode()
    assert not Release.objects.exists()


def test_the_deputy_reads_what_was_written_and_a_colleague_does_not(home: Home) -> None:
    now = timezone.now()
    _, page = _inside(home)
    visit = PageVisit.objects.get()
    held = Visit(visit, page)
    message = services.write_message(visit=held, words="Please ring me.", by=reader_actor(system(now)), at=now)
    _, deputy = make_post(team=home.team, name="Hazel Mockwell")
    _, other = make_post(team=home.team, name="Ben Testerson")
    for post in (deputy, other):
        casework.add_member(case=home.case, post=post, words="", by=home.managing(now), at=now)
    casework.name_deputy(case=home.case, post=deputy, by=home.managing(now), at=now)
    path = f"/cases/{home.case.pk}/family-page/messages/{message.pk}/"
    client = Client()
    client.force_login(other.account, backend=BACKEND)
    assert client.get(path).status_code == 403
    client.force_login(deputy.account, backend=BACKEND)
    assert "Please ring me." in client.get(path).content.decode()
    assert FamilyMessage.objects.get().read_by == deputy.account_id


def test_queries_stay_within_bounds_and_do_not_grow(home: Home) -> None:
    client, page = _inside(home)
    now = timezone.now()
    counts = []
    for several in (1, 12):
        items = [Chosen("own", "For you", f"Number {n}.") for n in range(several)]
        services.release_items(page=page, items=items, by=home.by(now), at=now)
        client.get("/family/page/")
        forget()  # settings are kept for five seconds: ask for them each time
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/family/page/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 25, counts


def _more_in_the_case(home: Home, page: FamilyPage, several: int, at: datetime) -> None:
    """A plan with needs, outcomes and actions, meetings held and to come, things shared and messages: `several` of each."""
    by, case = home.by(at), type(home.case).objects.get(pk=home.case.pk)
    plan = case.plans.first() or casework.open_plan(case=case, family_words="Quiet mornings.", by=by, at=at)
    measure, today = Measure.objects.order_by("code")[0], at.date()
    section = plan.sections.get(person_id=home.wren.pk)
    for n in range(several):
        need = casework.add_need(plan=plan, said=NeedSaid("N4", f"Need {n}.", section.pk), by=by, at=at)
        said = OutcomeSaid(f"Outcome {n}.", measure.pk, Decimal(3), today, Decimal(5), today + timedelta(days=40))
        outcome = casework.add_outcome(plan=plan, need_id=need.pk, said=said, by=by, at=at)
        for owner in ({"post_id": home.lead.pk}, {"person_id": page.person_id}):
            action = ActionSaid(f"Action {n}.", today + timedelta(days=7), **owner)  # type: ignore[arg-type]
            casework.add_action(plan=plan, outcome_id=outcome.pk, said=action, by=by, at=at)
        for days in (0, 9):
            when = casework.WhenAndWhere(at + timedelta(days=days, hours=1), 60, "The school")
            meeting = casework.plan_meeting(
                case=case, purpose=Purpose.OTHER, when=when, posts=[], people=[page.person_id], by=by, at=at
            )
            if not days:
                later = at + timedelta(hours=2)
                undertaken = casework.Undertaking("Ring the club", today + timedelta(days=9), person_id=page.person_id)
                minutes = casework.Minutes([page.person_id], "We met.", decided=["We go on."], actions=[undertaken])
                casework.write_minutes(
                    meeting=meeting, minutes=minutes, version=meeting.version, by=home.by(later), at=later
                )
        services.release_items(page=page, items=[Chosen("own", "For you", f"Number {n}.")], by=by, at=at)
        held = Visit(PageVisit.objects.get(), page)
        services.write_message(visit=held, words=f"Message {n}.", by=reader_actor(system(at)), at=at)


def test_the_teams_pages_take_as_many_statements_however_much_there_is(home: Home) -> None:
    """At most twenty-five, with a plan, meetings, messages and all that could be shared."""
    _, page = _inside(home)
    now = timezone.now()
    tab = f"/cases/{home.case.pk}/family-page/"
    of_page = f"{tab}{page.pk}/"
    paths = (tab, of_page, f"{of_page}close/", f"{of_page}as-reader/", f"{of_page}share/", f"{of_page}share/words/")
    counts: list[dict[str, int]] = []
    for several in (1, 5):
        _more_in_the_case(home, page, several, now)
        team, asked_of = _as(home), {}
        for path in paths:
            team.get(path)
            forget()
            with CaptureQueriesContext(connection) as asked:
                assert team.get(path).status_code == 200
            asked_of[path] = len(asked)
        counts.append(asked_of)
    assert counts[0] == counts[1]
    assert max(counts[1].values()) <= 25, counts[1]
