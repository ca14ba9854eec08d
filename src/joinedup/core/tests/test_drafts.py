"""Unfinished forms: whose they are, two windows at once, and when they go."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from joinedup.core import drafts
from joinedup.core.desk import differences, question_of
from joinedup.core.errors import Refused
from joinedup.core.models import Draft

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 18, 10, 0, tzinfo=ZoneInfo("Europe/London"))
FORM = drafts.declare_form("core.test_form", "A form", lambda about: f"/form/{about}")
MINE, THEIRS = f"account:{uuid4()}", f"account:{uuid4()}"


def keep(
    worry: str,
    *,
    holder: str = MINE,
    about: str = "",
    draft_id: UUID | None = None,
    version: int = 0,
    at: datetime = AT,
) -> drafts.Saved:
    return drafts.keep(
        holder=holder, form=FORM.name, about=about, draft_id=draft_id or uuid4(), version=version,
        typed={"worry": [worry]}, at=at,
    )  # fmt: skip


def test_what_is_kept_comes_back_to_its_author_alone() -> None:
    saved = keep("Tired.")
    found = drafts.newest(MINE, FORM.name)
    assert found is not None
    assert found.typed == {"worry": ["Tired."]}
    assert drafts.newest(THEIRS, FORM.name) is None
    assert drafts.draft_of(THEIRS, saved.draft.pk) is None
    assert drafts.discard(THEIRS, saved.draft.pk) == 0
    assert Draft.objects.count() == 1


def test_a_save_over_what_was_read_replaces_it() -> None:
    first = keep("Tired.").draft
    second = keep("Tired and hungry.", draft_id=first.pk, version=first.version)
    assert (second.draft.pk, second.draft.version, second.is_apart) == (first.pk, 2, False)
    assert Draft.objects.count() == 1


def test_two_windows_never_overwrite_each_other() -> None:
    first = keep("Tired.").draft
    keep("Tired and hungry.", draft_id=first.pk, version=1)
    other = keep("Tired and late.", draft_id=first.pk, version=1)
    assert other.is_apart
    assert [each.typed["worry"] for each in other.others] == [["Tired and hungry."]]
    assert sorted(each.typed["worry"][0] for each in Draft.objects.all()) == ["Tired and hungry.", "Tired and late."]
    again = keep("Tired, late and cold.", draft_id=other.draft.pk, version=other.draft.version)
    assert not again.is_apart
    assert Draft.objects.count() == 2


def test_a_page_whose_answer_was_lost_goes_on_with_its_own_draft() -> None:
    facts = {"holder": MINE, "form": FORM.name, "about": "", "at": AT, "page": "one"}
    first = drafts.keep(draft_id=uuid4(), version=0, typed={"worry": ["Tired."]}, **facts).draft
    again = drafts.keep(draft_id=first.pk, version=0, typed={"worry": ["Tired and late."]}, **facts)
    assert (again.draft.pk, again.is_apart) == (first.pk, False)
    other = facts | {"page": "two"}
    apart = drafts.keep(draft_id=first.pk, version=1, typed={"worry": ["Cold."]}, **other)
    assert apart.is_apart
    retried = drafts.keep(draft_id=first.pk, version=1, typed={"worry": ["Cold and late."]}, **other)
    assert retried.draft.pk == apart.draft.pk
    assert Draft.objects.count() == 2


def test_the_same_words_twice_are_one_version() -> None:
    first = keep("Tired.").draft
    again = keep("Tired.", draft_id=first.pk, version=first.version)
    assert (again.draft.version, again.is_apart, Draft.objects.count()) == (1, False, 1)
    stale = keep("Tired.", draft_id=first.pk, version=0)
    assert not stale.is_apart


def test_somebody_elses_id_stays_theirs() -> None:
    theirs = keep("Theirs.", holder=THEIRS).draft
    mine = keep("Mine.", draft_id=theirs.pk).draft
    assert mine.pk != theirs.pk
    theirs.refresh_from_db()
    assert theirs.typed == {"worry": ["Theirs."]}


def test_what_was_sent_does_not_come_back() -> None:
    saved = keep("Sent.", about="R1").draft
    keep("Another version.", about="R1")
    drafts.discard_form(MINE, FORM.name, "R1")
    assert Draft.objects.count() == 0
    with pytest.raises(drafts.Gone):
        keep("Late.", about="R1", draft_id=saved.pk, version=1)


def test_a_form_nobody_declared_and_a_text_too_long_are_refused() -> None:
    with pytest.raises(Refused):
        drafts.keep(holder=MINE, form="nobody.knows", about="", draft_id=uuid4(), version=0, typed={}, at=AT)
    with pytest.raises(Refused, match="too long"):
        keep("x" * 250_000)
    with pytest.raises(Refused):
        keep("No holder.", holder="")


def test_old_ones_go_by_the_setting_and_visitors_soon() -> None:
    keep("Old.", at=AT - timedelta(days=15))
    keep("New.", at=AT - timedelta(days=13))
    keep("Left.", holder="visitor:abc", at=AT - timedelta(hours=3))
    keep("Here.", holder="visitor:def", at=AT - timedelta(hours=1))
    assert drafts.tidy_drafts(at=AT) == 2
    assert sorted(each.typed["worry"][0] for each in Draft.objects.all()) == ["Here.", "New."]
    assert drafts.tidy_drafts(at=AT) == 0


def test_a_visitor_keeps_at_most_five() -> None:
    for number in range(8):
        keep(f"Number {number}", holder="visitor:abc", at=AT + timedelta(minutes=number))
    assert Draft.objects.filter(holder="visitor:abc").count() == 5
    newest = drafts.newest("visitor:abc", FORM.name)
    assert newest is not None
    assert newest.typed == {"worry": ["Number 7"]}


def test_the_list_of_unfinished_forms() -> None:
    saved = keep("Comes to school hungry and tired, three days running, and says that nobody is up.").draft
    row = drafts.unfinished(MINE, at=AT)[0]
    assert (row.title, row.href) == ("A form", f"/form/?draft={saved.pk}")
    assert row.says.startswith("Comes to school hungry")
    assert row.says.endswith("…")
    assert row.deleted_on == AT + timedelta(days=14)
    assert drafts.count_unfinished(MINE) == 1
    assert drafts.unfinished(THEIRS, at=AT) == []


def test_who_holds_a_draft() -> None:
    account = uuid4()
    session: dict[str, str] = {}
    assert drafts.holder_of(account, {"draft_link": "x"}) == f"account:{account}"
    assert drafts.holder_of(None, session) == ""
    assert drafts.holder_of(None, session, make=True).startswith("visitor:")
    assert drafts.holder_of(None, {"draft_link": "abc"}) == "link:abc"
    marks = {drafts.mark_of(holder) for holder in (f"account:{account}", "link:abc", "", "visitor:1", "visitor:2")}
    assert len(marks) == 3
    assert not any(str(account) in mark for mark in marks)


def test_differences_name_the_questions() -> None:
    there = {"worry": ["One"], "children-0-given_name": ["Ash"], "children-count": ["1"], "same": ["x"]}
    here = {"worry": ["Two"], "children-count": ["2"], "same": ["x "]}
    assert differences(there, here) == (("Worry", "One", "Two"), ("Children given name", "Ash", ""))
    assert question_of("carers-2-family_name") == "Carers family name"


# --- Visitors without an account share a limited room.


def visit(n: int, *, whence: str = "a", minutes: int = 0, is_sent: bool = False, worry: str = "Tired.") -> drafts.Saved:
    return drafts.keep(
        holder=f"visitor:{n}", form=FORM.name, about="", draft_id=uuid4(), version=0, typed={"worry": [worry]},
        at=AT + timedelta(minutes=minutes), whence=whence, is_sent=is_sent,
    )  # fmt: skip


@pytest.fixture
def small_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "_MOST_OF_A_PLACE", 3)
    monkeypatch.setattr(drafts, "_MOST_OF_VISITORS", 5)


@pytest.mark.usefixtures("small_room")
def test_one_place_cannot_fill_the_room_of_all_visitors() -> None:
    """The attack: save again and again, each time as a new visitor."""
    for n in range(3):
        visit(n)
    with pytest.raises(Refused) as caught:
        visit(3)
    assert caught.value.rule == "CO-8"
    assert Draft.objects.count() == 3
    visit(4, whence="b")  # elsewhere people go on
    keep("Signed in.")  # and so does whoever has an account


@pytest.mark.usefixtures("small_room")
def test_many_places_together_have_a_limit_too() -> None:
    for n in range(5):
        visit(n, whence=f"place {n}")
    with pytest.raises(Refused):
        visit(5, whence="place 5")
    assert Draft.objects.count() == 5


@pytest.mark.usefixtures("small_room")
def test_what_is_there_already_goes_on_being_kept_in_a_full_room() -> None:
    saved, *_ = [visit(n).draft for n in range(3)]
    again = drafts.keep(
        holder="visitor:0", form=FORM.name, about="", draft_id=saved.pk, version=1, typed={"worry": ["Hungry."]},
        at=AT, whence="a",
    )  # fmt: skip
    assert again.draft.typed == {"worry": ["Hungry."]}


@pytest.mark.usefixtures("small_room")
def test_in_a_full_room_what_nobody_touched_for_twenty_minutes_goes_first() -> None:
    left = [visit(n).draft for n in range(2)]
    typing = visit(2, minutes=19).draft
    visit(3, minutes=21)
    assert not Draft.objects.filter(pk__in=[each.pk for each in left]).exists()
    assert Draft.objects.filter(pk=typing.pk).exists()


@pytest.mark.usefixtures("small_room")
def test_a_full_room_stops_nobody_from_sending() -> None:
    first, *_ = [visit(n, minutes=n).draft for n in range(3)]
    sent = visit(9, minutes=3, is_sent=True).draft
    assert Draft.objects.filter(pk=sent.pk).exists()
    assert not Draft.objects.filter(pk=first.pk).exists()
    assert Draft.objects.count() == 3


def test_a_visitors_form_has_less_room_than_an_accounts() -> None:
    keep("x" * 150_000)
    with pytest.raises(Refused, match="too long"):
        visit(1, worry="x" * 150_000)


def test_where_a_visitor_types_is_kept_by_digest() -> None:
    whence = drafts.whence_of("192.0.2.7")
    assert "192.0.2.7" not in whence
    assert visit(1, whence=whence).draft.whence == whence
    assert keep("Mine.").draft.whence == ""
