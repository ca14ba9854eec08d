"""Opening, entering, sharing, taking back, writing: success and refusal together."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from joinedup.access.actor import system
from joinedup.access.models import AuditEvent
from joinedup.access.roles import Role
from joinedup.chronology.models import Event
from joinedup.core.errors import NotPermitted, Refused
from joinedup.core.models import OutboxMessage
from joinedup.family_page import queries, services
from joinedup.family_page.models import FamilyMessage, FamilyPage, PageCode, Release
from joinedup.family_page.queries import reader_actor, visit_held
from joinedup.family_page.services import Chosen
from joinedup.family_page.tests.factories import (
    SECRET,
    address_of,
    code_of,
    enter,
    make_home,
    mark_safe,
    open_page_for,
    token_of,
)
from joinedup.organisations.models import Post
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(minutes=5)


def _read(visit: queries.Visit, at: datetime = AT) -> queries.ReaderPage | None:
    return queries.read_page(reader_actor(system(at)), visit)


def _texts(page: queries.ReaderPage | None) -> list[str]:
    assert page is not None
    things = [*page.meetings, *(each for _, several in page.sections for each in several)]
    return [text for each in things for text in (each.title, *each.lines)]


def _share(home, page, words: str, *, title: str = "For you", reason: str = "", at: datetime = AT):
    return services.release_items(page=page, items=[Chosen("own", title, words)], reason=reason, by=home.by(at), at=at)


def test_a_page_is_opened_read_and_closed() -> None:
    home = make_home()
    page = open_page_for(home, home.mary, cleared=[home.rowan, home.wren])
    _share(home, page, "Wren starts at breakfast club on Monday.")
    visit = enter(page)
    read = _read(visit)
    assert read is not None
    assert (read.lead.name, read.lead.phone, read.is_lead) == ("Amira Testerly", "01632 960 201", True)
    assert "Wren starts at breakfast club on Monday." in _texts(read)
    services.close_page(page=page, reason="She asked us to.", by=home.by(), at=LATER)
    assert visit_held(reader_actor(system(LATER)), visit.id, SECRET) is None
    assert Event.objects.filter(kind="family_page.page_opened", people=[home.mary.pk]).count() == 1
    assert AuditEvent.objects.filter(kind="read", via="family", people=[home.mary.pk], purpose="family page").exists()


def test_only_the_lead_or_the_manager_opens_a_page() -> None:
    home = make_home()
    _, ben = make_post(team=make_team(name="South team"), name="Ben Testerson")
    with pytest.raises(NotPermitted):
        services.open_page(
            case=home.case,
            person_id=home.mary.pk,
            cleared=[],
            address_of=address_of,
            by=actor_of(ben.account, AT),
            at=AT,
        )
    assert services.open_page(
        case=home.case, person_id=home.mary.pk, cleared=[], address_of=address_of, by=home.managing(), at=AT
    ).pk


def test_a_page_needs_a_safe_contact() -> None:
    home = make_home()
    with pytest.raises(Refused) as refused:
        open_page_for(home, home.wren, understanding="She asked for it.")
    assert refused.value.rule == "FP-1"
    mark_safe(home.john, "01632 960 300", how="phone")
    with pytest.raises(Refused) as refused:
        open_page_for(home, home.john)
    assert refused.value.rule == "FP-1"


def test_a_younger_child_needs_reasons() -> None:
    home = make_home()
    mark_safe(home.wren, "wren@home.example")
    with pytest.raises(Refused) as refused:
        open_page_for(home, home.wren)
    assert refused.value.rule == "FP-4"
    assert open_page_for(home, home.wren, understanding="She reads and knows whom it is from.").is_young


def test_where_domestic_abuse_is_a_factor_every_page_starts_closed() -> None:
    home = make_home()
    page = open_page_for(home, home.mary)
    visit = enter(page)
    services.mark_abuse(case=home.case, reason="Told on a visit.", by=home.by(), at=LATER)
    assert visit_held(reader_actor(system(LATER)), visit.id, SECRET) is None
    with pytest.raises(Refused) as refused:
        open_page_for(home, home.mary, at=LATER)
    assert refused.value.rule == "FP-3"
    again = open_page_for(home, home.mary, abuse_reason="Her telephone is her own.", at=LATER)
    assert _read(enter(again, at=LATER), LATER) is not None
    with pytest.raises(Refused) as refused:
        open_page_for(home, home.john, at=LATER)
    assert refused.value.rule == "FP-3", "for each reader separately"


def test_a_new_fact_about_abuse_closes_a_page_at_the_next_reading() -> None:
    home = make_home()
    page = open_page_for(home, home.mary)
    visit = enter(page)
    assert _read(visit) is not None
    mark_safe(home.wren, "", how="none", at=LATER)
    assert _read(visit, LATER) is None
    assert services.close_family_pages(at=LATER) == 1
    assert FamilyPage.objects.get(pk=page.pk).closed_code == "abuse"


def test_a_wrong_code_a_wrong_link_and_an_old_code_come_to_the_same() -> None:
    home = make_home()
    page = open_page_for(home, home.mary)
    they = reader_actor(system(AT))
    token = token_of(page)
    services.send_code(token="no-such-link", by=they, at=AT)
    assert not PageCode.objects.exists()
    services.send_code(token=token, by=they, at=AT)
    code = code_of(page)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    say = {"secret": SECRET, "by": they}
    assert services.enter(token="no-such-link", code=code, at=AT, **say) is None
    assert services.enter(token=token, code=code, at=AT + timedelta(minutes=16), **say) is None
    for _ in range(5):
        assert services.enter(token=token, code=wrong, at=AT, **say) is None
    assert services.enter(token=token, code=code, at=AT, **say) is None, "tried too often"
    assert PageCode.objects.get().tries == 5


def test_codes_are_limited_and_messages_say_nothing() -> None:
    home = make_home()
    page = open_page_for(home, home.mary)
    they = reader_actor(system(AT))
    for _ in range(8):
        services.send_code(token=token_of(page), by=they, at=AT)
    assert PageCode.objects.count() == 5
    for sent in OutboxMessage.objects.filter(about_kind="family_page.pagelink"):
        assert sent.to == "mary@home.example"
        said = f"{sent.subject} {sent.body}"
        assert not any(
            word in said for word in ("Mary", "Testerfield", "Amira", "child", "council", "Joinedup", "case")
        )


def test_a_lost_link_is_sent_again_only_to_the_safe_contact() -> None:
    home = make_home()
    page = open_page_for(home, home.mary)
    they = reader_actor(system(AT))
    services.ask_for_link(contact="nobody@home.example", address_of=address_of, by=they, at=LATER)
    assert page.links.count() == 1
    first = token_of(page)
    services.ask_for_link(contact=" MARY@home.example ", address_of=address_of, by=they, at=LATER)
    assert page.links.count() == 2
    services.send_code(token=first, by=they, at=LATER)
    assert PageCode.objects.count() == 1, "asking ends nothing"
    enter(page, at=LATER)
    services.send_code(token=first, by=they, at=LATER)
    assert PageCode.objects.count() == 2, "opening the newer one did"


def test_words_that_give_somebody_away_are_refused() -> None:
    home = make_home()
    page = open_page_for(home, home.john, cleared=[home.wren])
    for words in ("Mary will bring him.", "Ring 07700 900 123.", "ask rowan’s teacher", "write to mary@home.example"):
        if "07700" in words:
            mark_safe(home.mary, "07700900123", how="text")
        with pytest.raises(Refused) as refused:
            _share(home, page, words)
        assert refused.value.rule == "FP-7", words
    assert not Release.objects.exists()
    assert _share(home, page, "Wren’s other parent will bring her.")


def test_what_is_shared_with_one_parent_never_reaches_the_other() -> None:
    home = make_home()
    mine, theirs = (
        open_page_for(home, home.mary, cleared=[home.wren]),
        open_page_for(home, home.john, cleared=[home.wren]),
    )
    _share(home, mine, "The club is paid for.")
    assert "The club is paid for." in _texts(_read(enter(mine)))
    assert _texts(_read(enter(theirs))) == []


def test_a_thing_taken_back_is_gone_at_once() -> None:
    home = make_home()
    page = open_page_for(home, home.mary)
    (row,) = _share(home, page, "Bring the letter.")
    visit = enter(page)
    read = _read(visit)
    shown = [each.id for _, several in read.sections for each in several]
    services.note_reading(visit=visit, shown=shown, by=reader_actor(system(AT)), at=AT)
    services.take_back(page=page, release=row, reason="It was wrong.", by=home.by(), at=LATER)
    assert _texts(_read(visit, LATER)) == []
    row.refresh_from_db()
    assert (row.first_seen_at, row.withdrawn_reason) == (AT, "It was wrong.")


def test_a_young_person_decides_and_is_told() -> None:
    home = make_home()
    young = open_page_for(home, home.rowan, cleared=[home.mary])
    parent = open_page_for(home, home.mary, cleared=[home.rowan])
    with pytest.raises(Refused) as refused:
        _share(home, parent, "Rowan likes the new group.")
    assert refused.value.rule == "FP-9"
    _share(home, parent, "Rowan likes the new group.", reason="The group needs a lift home.")
    told = _texts(_read(enter(young)))
    assert "The group needs a lift home." in told
    assert any("Mary" in text for text in told)


def test_a_young_person_s_own_words_are_shown_only_with_their_yes() -> None:
    home = make_home()
    young, parent = (
        open_page_for(home, home.rowan, cleared=[home.mary]),
        open_page_for(home, home.mary, cleared=[home.rowan]),
    )
    visit = enter(young)
    they = reader_actor(system(AT))
    message = services.write_message(visit=visit, words="I want to stay at my school.", by=they, at=AT)
    key = f"message.{message.pk}"
    offered = queries.page_seen(home.by(), home.case.pk, parent.pk).suggestions
    assert key not in {each.key for each in offered}
    services.choose_for_parents(visit=visit, chosen={key: {home.mary.pk}}, by=they, at=AT)
    offered = queries.page_seen(home.by(), home.case.pk, parent.pk).suggestions
    (there,) = [each for each in offered if each.key == key]
    services.release_items(page=parent, items=[Chosen(key, there.title, there.words)], by=home.by(), at=AT)
    other = enter(parent)
    assert "I want to stay at my school." in _texts(_read(other))
    services.choose_for_parents(visit=visit, chosen={}, by=they, at=LATER)
    assert _texts(_read(other, LATER)) == []
    with pytest.raises(Refused) as refused:
        services.choose_for_parents(visit=visit, chosen={key: {home.john.pk}}, by=they, at=LATER)
    assert refused.value.rule == "FP-19"


def test_a_space_of_their_own_takes_back_what_parents_saw() -> None:
    home = make_home()
    parent = open_page_for(home, home.mary, cleared=[home.rowan])
    (row,) = _share(home, parent, "Hello.")
    Release.objects.filter(pk=row.pk).update(concerns=[home.rowan.pk])
    open_page_for(home, home.rowan)
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_what_a_family_writes_is_read_answered_or_escalated() -> None:
    home = make_home()
    page = open_page_for(home, home.mary)
    visit = enter(page)
    they = reader_actor(system(AT))
    row = services.write_message(visit=visit, words="Can we talk?", by=they, at=AT)
    assert row.due_at.date() == (AT + timedelta(days=1)).date()
    sent = OutboxMessage.objects.get(about_id=str(row.pk))
    assert sent.to == home.lead.account.email
    assert "Mary" not in sent.body
    assert services.chase_family_messages(at=row.due_at) == 0
    late = row.due_at + timedelta(minutes=1)
    assert services.chase_family_messages(at=late) == 1
    assert services.chase_family_messages(at=late) == 0
    assert OutboxMessage.objects.filter(to=home.manager.account.email, about_id=str(row.pk)).count() == 1
    (waiting,) = queries.messages_waiting(home.managing(late))
    assert waiting.is_late
    services.answer_message(page=page, message=row, words="Yes, today at four.", by=home.managing(late), at=late)
    assert queries.messages_waiting(home.by(late)) == ()
    read = _read(enter(page, at=late), late)
    assert read is not None
    assert read.messages[0].answers[0].lines == ("Yes, today at four.",)
    assert FamilyMessage.objects.get().read_at == late


def test_what_a_family_writes_to_a_statutory_team_goes_higher_too() -> None:
    home = make_home()
    row = services.write_message(
        visit=enter(open_page_for(home, home.mary)), words="Ring me.", by=reader_actor(system(AT)), at=AT
    )
    statutory = make_team(kind="statutory")
    _, officer = make_post(role=Role.STATUTORY_OFFICER, team=statutory, name="Stella Testwick")
    home.case.team = statutory
    home.case.save(update_fields=["team"])
    assert services.chase_family_messages(at=row.due_at + timedelta(minutes=1)) == 1
    assert OutboxMessage.objects.filter(to=officer.account.email, about_id=str(row.pk)).count() == 1


def test_what_a_family_writes_goes_to_the_director_where_nobody_manages_the_team() -> None:
    home = make_home()
    row = services.write_message(
        visit=enter(open_page_for(home, home.mary)), words="Ring me.", by=reader_actor(system(AT)), at=AT
    )
    Post.objects.filter(pk=home.manager.pk).update(ends_at=AT)
    late = row.due_at + timedelta(minutes=1)
    assert services.chase_family_messages(at=late) == 0  # nobody could be told yet: it is not crossed off
    assert FamilyMessage.objects.get().escalated_at is None
    _, director = make_post(role=Role.DIRECTOR, host=home.case.team.host, name="Dora Testdirector")
    assert services.chase_family_messages(at=late) == 1
    sent = OutboxMessage.objects.filter(about_id=str(row.pk), subject__startswith="Nobody has read")
    assert [each.to for each in sent] == [director.account.email]


def test_who_leads_is_current_and_the_manager_stands_in() -> None:
    home = make_home()
    page = open_page_for(home, home.mary)
    visit = enter(page)
    home.lead.ends_at = LATER
    home.lead.save()
    again = visit_held(reader_actor(system(LATER)), visit.id, SECRET)
    assert again is not None
    read = _read(again, LATER)
    assert read is not None
    assert (read.lead.name, read.is_lead) == ("Nia Testnorth", False)
