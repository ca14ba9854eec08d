"""Forms kept on the server, and referrals by an e-mailed link, page by page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from joinedup.core.models import Draft, OutboxMessage
from joinedup.front_door import services
from joinedup.front_door.codes import Outcome
from joinedup.front_door.models import Contact, Referral, ReferralLink
from joinedup.front_door.tests.factories import AT, Partnership, decide, identify_all, make_partnership, triage
from joinedup.front_door.tests.pages import Visitor, errors, heading, primary_buttons, words
from joinedup.front_door.tests.test_forms import ASKED, WHOLE
from joinedup.organisations.tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts_left_over() -> Any:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def place() -> Partnership:
    return make_partnership()


def hidden(page: Any) -> dict[str, str]:
    """What a kept form carries of itself."""
    return dict(re.findall(r'<input type="hidden" name="(_draft\w*)" value="([^"]*)"', page.content.decode()))


def save(visitor: Visitor, own: dict[str, str], **typed: str) -> Any:
    return visitor.send("draft_save", own | typed)


class TestKept:
    def test_saved_listed_given_back_and_gone_once_sent(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        own = hidden(visitor.open("refer"))
        first = save(visitor, own, worry="Tired.").json()
        assert (first["version"], first["others"]) == (1, [])
        again = save(visitor, own | {"_draft": first["id"], "_draft_version": "1"}, worry="Tired and hungry.").json()
        assert (again["id"], again["version"]) == (first["id"], 2)
        page = visitor.open("refer")
        assert "We kept what you typed at 10am on 18 November 2026." in words(page)
        assert "Tired and hungry." in words(page)
        assert errors(page) == []
        assert "Tired and hungry." in words(visitor.open("drafts"))
        assert "1 your unfinished form" in words(visitor.open("home"))
        visitor.send("refer", WHOLE | hidden(page))
        visitor.send("refer_check")
        assert Contact.objects.count() == 1
        assert not Draft.objects.exists()
        late = save(visitor, hidden(page), worry="Tired and hungry.")
        assert late.status_code == 410
        assert not Draft.objects.exists()

    def test_nobody_elses(self, place: Partnership) -> None:
        author, other = Visitor(place.accounts["teacher"]), Visitor(place.accounts["key_worker"])
        own = hidden(author.open("refer"))
        kept = save(author, own, worry="Tired.").json()["id"]
        assert save(other, own, worry="Overwritten.").status_code == 401
        assert other.send("draft_delete", draft_id=kept).status_code == 404
        assert "Tired." not in words(other.open("refer", query=f"?draft={kept}"))
        assert "Tired." not in words(other.open("drafts"))
        assert Visitor().send("draft_delete", draft_id=kept).status_code == 404
        assert Draft.objects.get().typed["worry"] == ["Tired."]

    def test_after_signing_out_nothing_is_kept_for_whoever_comes_next(self, place: Partnership) -> None:
        own = hidden(Visitor(place.accounts["teacher"]).open("refer"))
        assert save(Visitor(), own, worry="Tired.").status_code == 401
        told = Visitor().open("draft_token").json()
        assert told["holder"] == "visitor"
        assert not Draft.objects.exists()

    def test_two_windows(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        own = hidden(visitor.open("refer"))
        save(visitor, own, worry="Tired.")
        one, two = hidden(visitor.open("refer")), hidden(visitor.open("refer"))
        assert one["_draft"] == two["_draft"]
        save(visitor, one, worry="Tired and hungry.")
        other = save(visitor, two, worry="Tired and late.").json()
        assert other["id"] != two["_draft"]
        assert other["others"][0]["differences"] == [["Worry", "Tired and hungry.", "Tired and late."]]
        page = words(visitor.open("refer"))
        assert "Another unfinished referral was kept" in page
        assert "Tired and hungry." in page
        assert "Tired and late." in page

    def test_without_scripts_there_is_a_button(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        page = visitor.open("refer")
        assert "Save and come back later" in words(page)
        assert primary_buttons(page) == 1
        answer = visitor.send("draft_keep", hidden(page) | WHOLE | {"worry": "", "save_draft": "yes"})
        assert answer.url == "/drafts/"
        assert "Rowan Testerfield" in words(visitor.open("drafts"))
        kept = Draft.objects.get().pk
        assert visitor.send("draft_delete", {"from_list": "yes"}, draft_id=kept).url == "/drafts/"
        assert not Draft.objects.exists()

    def test_a_decision_is_kept_for_one_referral(self, place: Partnership) -> None:
        one, two = triage(place), triage(place)
        visitor = Visitor(place.accounts["worker"])
        own = hidden(visitor.open("referral_decision", referral_id=one.pk))
        assert own["_draft_about"] == str(one.pk)
        save(visitor, own, reason="A young carer.")
        assert "A young carer." in words(visitor.open("referral_decision", referral_id=one.pk))
        assert "A young carer." not in words(visitor.open("referral_decision", referral_id=two.pk))
        colleague = Visitor(place.accounts["colleague"])
        assert "A young carer." not in words(colleague.open("referral_decision", referral_id=one.pk))

    @pytest.mark.parametrize("name", ["referral_rating", "referral_agreement", "referral_decision"])
    def test_every_long_question_of_triage_is_kept(self, place: Partnership, name: str) -> None:
        referral = triage(place)
        page = Visitor(place.accounts["worker"]).open(name, referral_id=referral.pk)
        assert 'data-autosave="/drafts/save/"' in page.content.decode()
        assert "Save and come back later" in words(page)
        assert primary_buttons(page) == 1

    def test_the_public_page_keeps_for_this_browser_and_forgets_on_leaving(self) -> None:
        visitor = Visitor()
        page = visitor.open("ask_for_help_form")
        assert hidden(page)["_draft_holder"] == "visitor"
        save(visitor, hidden(page), worry="I am scared.")
        assert "I am scared." in words(visitor.open("ask_for_help_form"))
        assert "I am scared." not in words(Visitor().open("ask_for_help_form"))
        assert visitor.send("draft_forget").status_code == 204
        assert not Draft.objects.exists()
        assert "I am scared." not in words(visitor.open("ask_for_help_form"))

    def test_the_public_page_leaves_no_draft_once_sent(self) -> None:
        visitor = Visitor()
        own = hidden(visitor.open("ask_for_help_form"))
        save(visitor, own, worry="I am scared.")
        visitor.send("ask_for_help_form", ASKED | own)
        visitor.send("ask_for_help_check")
        assert Contact.objects.count() == 1
        assert not Draft.objects.exists()

    @pytest.mark.parametrize(
        "change",
        [
            {"_draft_form": "nobody.knows"},
            {"_draft": "x"},
            {"_draft": ""},
            {"worry": "x" * 250_000},
            {"_draft_about": "x" * 99},
        ],
    )
    def test_what_no_page_sends_is_refused(self, place: Partnership, change: dict[str, str]) -> None:
        visitor = Visitor(place.accounts["teacher"])
        answer = visitor.send("draft_save", hidden(visitor.open("refer")) | {"worry": "x"} | change)
        assert answer.status_code in {409, 410}
        assert not Draft.objects.exists()

    def test_an_address_of_nothing(self, place: Partnership) -> None:
        visitor = Visitor(place.accounts["teacher"])
        assert visitor.send("draft_delete", draft_id=uuid4()).status_code == 404
        assert visitor.open("refer", query=f"?draft={uuid4()}").status_code == 200


ADDRESS = "jo.mockley@school.example"


def ask_for_link(visitor: Visitor, email: str = ADDRESS) -> str:
    """Ask, and read the link in the e-mail; empty when none came."""
    before = OutboxMessage.objects.count()
    answer = visitor.send("link_ask", {"email": email})
    assert answer.url == "/referrals/by-link/asked/"
    if OutboxMessage.objects.count() == before:
        return ""
    message = OutboxMessage.objects.order_by("created_at", "pk").last()
    assert message is not None
    assert message.to == email.lower()
    found = re.search(r"/referrals/by-link/open/([\w-]+)/", message.body)
    assert found
    return found[1]


@pytest.fixture
def school(place: Partnership) -> Partnership:
    place.school.email = "office@school.example"
    place.school.save(update_fields=["email"])
    return place


class TestByLink:
    def test_from_the_address_to_the_one_line(self, school: Partnership) -> None:
        visitor = Visitor()
        token = ask_for_link(visitor)
        opened = visitor.open("link_open", token=token)
        assert heading(opened) == "Open your referral"
        assert ReferralLink.objects.get().opened_at is None  # looking at the page opens nothing
        assert visitor.send("link_open", token=token).url == "/referrals/by-link/form/"
        form = visitor.open("link_refer")
        assert "For Testerfield School. We answer to jo.mockley@school.example." in words(form)
        assert primary_buttons(form) == 1
        told = WHOLE | hidden(form) | {"referrer_name": "Jo Mockley", "referrer_role": "Teacher"}
        assert errors(visitor.send("link_refer", told | {"referrer_name": ""})) == ["Enter your name"]
        assert visitor.send("link_refer", told).url == "/referrals/by-link/check/"
        assert "Jo Mockley" in words(visitor.open("link_check"))
        assert visitor.send("link_check").url == "/referrals/by-link/status/"
        contact = Contact.objects.get()
        assert (contact.organisation, contact.source_code, contact.referrer_email) == (school.school, "2A", ADDRESS)
        assert contact.submitted_by is None
        assert not Draft.objects.exists()
        status = words(visitor.open("link_status"))
        assert contact.reference in status
        assert "Received" in status
        assert "Rowan" not in status
        assert visitor.open("link_refer").url == "/referrals/by-link/status/"

    def test_the_reply_reaches_the_address(self, school: Partnership) -> None:
        visitor = Visitor()
        visitor.send("link_open", token=ask_for_link(visitor))
        told = WHOLE | {"referrer_name": "Jo Mockley", "referrer_role": "Teacher"}
        visitor.send("link_refer", told)
        visitor.send("link_check")
        referral = Referral.objects.get()
        worker = school.actor("worker")
        services.take_referral(referral=referral, by=worker, at=AT)
        identify_all(school, referral)
        decide(school, referral, Outcome.ADVICE, 1)
        referral.refresh_from_db()
        assert referral.reply.may_be_told == "decision"
        services.tell_referrer(referral=referral, how="email", text="Thank you.", by=worker, at=AT)
        assert OutboxMessage.objects.filter(to=ADDRESS, body__contains="Thank you.").count() == 1

    def test_only_a_digest_is_kept(self, school: Partnership) -> None:
        token = ask_for_link(Visitor())
        link = ReferralLink.objects.get()
        assert link.digest == services.links.digest_of(token)
        assert token not in str(vars(link))
        assert link.expires_at == AT + timedelta(days=7)

    @pytest.mark.parametrize("email", ["somebody@nowhere.example", "jo@gmail.com", "jo@school.example.evil.example"])
    def test_the_same_answer_where_nothing_is_sent(self, school: Partnership, email: str) -> None:
        visitor = Visitor()
        assert ask_for_link(visitor, email) == ""
        assert heading(visitor.open("link_asked")) == "Check your email"
        assert not ReferralLink.objects.exists()

    def test_an_address_two_organisations_share_is_nobodys(self, school: Partnership) -> None:
        make_organisation(code="TWIN", name="Twin School", kind="school", email="head@school.example")
        assert ask_for_link(Visitor()) == ""

    def test_another_browser_cannot_open_it_and_a_new_link_ends_the_old(self, school: Partnership) -> None:
        first, thief = Visitor(), Visitor()
        token = ask_for_link(first)
        first.send("link_open", token=token)
        save(first, hidden(first.open("link_refer")), worry="Tired.")
        stolen = thief.send("link_open", token=token)
        assert stolen.status_code == 409
        assert "opened in another browser" in words(stolen)
        assert thief.open("link_refer").url == "/referrals/by-link/"
        assert first.send("link_open", token=token).url == "/referrals/by-link/form/"  # in its own browser again
        home = Visitor()
        renewed = ask_for_link(home)
        assert first.open("link_refer").status_code == 200  # until the new one is opened
        home.send("link_open", token=renewed)
        assert "Tired." in words(home.open("link_refer"))
        assert "run out" in words(first.send("link_open", token=token))
        late = save(first, hidden(home.open("link_refer")), worry="Overwritten.")
        assert late.status_code == 401
        assert Draft.objects.get().typed["worry"] == ["Tired."]

    def test_nobody_cuts_off_anothers_link_by_asking_for_one(self, school: Partnership) -> None:
        """The attack: type somebody's address again and again. What they have open goes on, and is sent."""
        visitor, attacker = Visitor(), Visitor()
        visitor.send("link_open", token=ask_for_link(visitor))
        save(visitor, hidden(visitor.open("link_refer")), worry="Tired.")
        unopened = [ask_for_link(attacker) for _ in range(7)]
        assert sum(map(bool, unopened)) == 4  # five an hour go to one address
        assert ReferralLink.objects.filter(ended_at__isnull=False).count() == 0
        assert attacker.open("link_refer").url == "/referrals/by-link/"
        told = WHOLE | hidden(visitor.open("link_refer")) | {"referrer_name": "Jo Mockley", "referrer_role": "Teacher"}
        assert visitor.send("link_refer", told).url == "/referrals/by-link/check/"
        assert visitor.send("link_check").url == "/referrals/by-link/status/"

    def test_an_older_link_opened_after_a_newer_one_is_refused(self, school: Partnership) -> None:
        older, newer = ask_for_link(Visitor()), ask_for_link(Visitor())
        home = Visitor()
        assert home.send("link_open", token=newer).url == "/referrals/by-link/form/"
        assert "run out" in words(Visitor().send("link_open", token=older))
        assert ReferralLink.objects.filter(ended_at__isnull=True).count() == 1

    def test_whoever_finds_a_used_link_reads_no_version_that_was_left(self, school: Partnership) -> None:
        visitor, thief = Visitor(), Visitor()
        token = ask_for_link(visitor)
        visitor.send("link_open", token=token)
        own = hidden(visitor.open("link_refer"))
        save(visitor, own | {"_draft": str(uuid4()), "_draft_page": "another"}, worry="Left behind.")
        visitor.send("link_refer", WHOLE | own | {"referrer_name": "Jo Mockley", "referrer_role": "Teacher"})
        visitor.send("link_check")
        assert Draft.objects.get().typed["worry"] == ["Left behind."]
        assert thief.send("link_open", token=token).url == "/referrals/by-link/status/"
        mine = own | {"_draft": str(uuid4()), "_draft_page": "mine", "_draft_opened": ""}
        mine["_draft_holder"] = thief.open("draft_token").json()["holder"]
        assert "Left behind" not in save(thief, mine, worry="Mine.").content.decode()

    def test_it_expires_and_is_renewed_to_the_same_address(self, school: Partnership) -> None:
        visitor = Visitor()
        token = ask_for_link(visitor)
        visitor.send("link_open", token=token)
        save(visitor, hidden(visitor.open("link_refer")), worry="Tired.")
        visitor.at = AT + timedelta(days=7)
        assert visitor.open("link_refer").url == "/referrals/by-link/"
        assert "run out" in words(visitor.send("link_open", token=token))
        assert visitor.send("link_open", {"renew": "yes"}, token=token).url == "/referrals/by-link/asked/"
        assert ReferralLink.objects.filter(email=ADDRESS, ended_at=None, expires_at__gt=visitor.at).count() == 1
        assert visitor.send("link_open", {"renew": "yes"}, token="nonsense").url == "/referrals/by-link/asked/"

    def test_at_most_five_an_hour_to_one_address(self, school: Partnership) -> None:
        sent = [bool(ask_for_link(Visitor())) for _ in range(7)]
        assert sent == [True] * 5 + [False] * 2

    def test_what_is_not_ones_link_is_nothing(self, school: Partnership) -> None:
        visitor = Visitor()
        for name in ("link_refer", "link_check", "link_status"):
            assert visitor.open(name).status_code == 302
        assert visitor.send("link_open", token="x" * 43).status_code == 409
        assert Visitor(school.accounts["teacher"]).open("link_ask").url == "/referrals/new/"

    def test_a_sent_link_leaves_the_outbox(self, school: Partnership, settings: Any) -> None:
        ask_for_link(Visitor())
        OutboxMessage.objects.update(sent_at=AT)
        settings.DEMO = True
        assert services.tidy_links(at=AT) == 0
        settings.DEMO = False
        assert services.tidy_links(at=AT) == 1
        assert OutboxMessage.objects.get().body == ""

    def test_a_domain_named_in_the_setting(self, school: Partnership, monkeypatch: Any) -> None:
        from joinedup.front_door.queries import links
        from joinedup.front_door.settings import REFERRAL_DOMAINS

        monkeypatch.setattr(links, "REFERRAL_DOMAINS", replace(REFERRAL_DOMAINS, default={"nhs.example": "SCHOOL"}))
        assert ask_for_link(Visitor(), "jo@nhs.example")
