"""Letters to a family asked to a meeting: each to their own safe address, nobody's way to be reached in another's."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joinedup.casework import queries, services
from joinedup.casework.lettering import STANDARD, address_lines, given_away
from joinedup.casework.models import LetterSent, Meeting
from joinedup.casework.tests.test_meetings import DAY, WHEN, Table, plan, refused, table
from joinedup.core.errors import NotPermitted, NotVisible, Stale
from joinedup.core.letters import Letter
from joinedup.core.models import OutboxMessage
from joinedup.organisations.tests.factories import AT, actor_of, make_post
from joinedup.person_index.models import Person, SafeContact
from tests.support.pdf import pages_of, structure_of

pytestmark = pytest.mark.django_db
__all__ = ["table"]
ALEX, SAM = "3 Mock Lane, Mockham, ZZ1 1AA", "88 Hidden Row, Farfield, ZZ9 9ZZ"


def safe(person: Person, how: str, details: str = "") -> None:
    SafeContact.objects.create(person=person, how=how, details=details, recorded_at=AT, source="test")


@pytest.fixture
def meeting(table: Table) -> Meeting:
    """The mother and the father live apart, and a letter is safe for both."""
    safe(table.mother, "letter", ALEX)
    safe(table.father, "letter", SAM)
    return plan(table)


def seen(table: Table, meeting: Meeting) -> queries.MeetingLetters:
    return queries.letters_for(actor_of(table.amira), table.case.pk, meeting.pk)[1]


def test_each_has_a_sheet_with_their_own_address_and_nobody_else_s(table: Table, meeting: Meeting) -> None:
    letters = seen(table, meeting).letters
    pages = pages_of(letters.as_pdf())
    assert len(pages) == 2
    for page, name, own, other in ((pages[0], "Alex", ALEX, SAM), (pages[1], "Sam", SAM, ALEX)):
        assert f"Dear {name} Testerfield" in page
        assert all(line in page for line in address_lines(own))
        assert not any(line in page for line in address_lines(other))
        assert page.count("Testerfield Children’s Centre") == 1
        assert "Amira on 01632 960 401" in page.replace("\n", " ")
    assert "Alex" not in pages[1]
    assert "Sam" not in pages[0]
    assert "Rowan" not in "".join(pages)
    assert "P" in structure_of(letters.as_pdf())
    word = docx.Document(BytesIO(letters.as_docx()))
    windows = [each.rows[1].cells[0].text.split("\n") for each in word.tables]
    assert windows == [["Alex Testerfield", *address_lines(ALEX)], ["Sam Testerfield", *address_lines(SAM)]]


def test_who_gets_none_is_listed_with_why(table: Table) -> None:
    safe(table.mother, "phone", "01632 960 777")
    found = seen(table, plan(table))
    assert (found.by_post, found.by_email, found.letters.letters) == ((), (), [])
    why = {each.name.split()[0]: each.why for each in found.without}
    assert why["Alex"] == "By telephone: 01632 960 777."
    assert why["Sam"].startswith("How to reach them safely has not been recorded")
    assert [each.split(",")[0] for each in found.professionals] == ["Amira", "Cara"]


def test_an_address_that_is_not_with_the_safe_way_is_the_one_that_is_known(table: Table) -> None:
    safe(table.mother, "letter")
    (nowhere,) = [each for each in seen(table, plan(table)).without if each.name.startswith("Alex")]
    assert nowhere.why == "A letter is safe, but no address is known."


def test_words_are_kept_and_two_who_change_them_keep_both(table: Table, meeting: Meeting) -> None:
    by = actor_of(table.amira)
    assert seen(table, meeting).words == STANDARD
    told: dict[str, Any] = {"meeting": meeting, "by": by, "at": AT}
    services.write_letter(**told, words="Please come.", version=0)
    found = seen(table, meeting)
    assert (found.words, found.version) == ("Please come.", 1)
    assert "Please come." in pages_of(found.letters.as_pdf())[0]
    with pytest.raises(Stale) as stale:
        services.write_letter(**told, words="Do come.", version=0)
    assert (stale.value.extra["theirs"], stale.value.extra["yours"]) == (
        {"words": "Please come."},
        {"words": "Do come."},
    )
    services.write_letter(**told, words="Do come.", version=1)
    with refused("CW-234"):
        services.write_letter(**told, words="  ", version=2)
    with pytest.raises(NotPermitted):  # in the team, but neither leads nor manages it
        services.write_letter(**told | {"by": actor_of(table.cara)}, words="x", version=2)


@pytest.mark.parametrize(
    "words",
    [
        "Sam is at 88 Hidden Row now.",
        "We also write to zz99zz.",
        "He lives at 88 HIDDEN ROW, Farfield",
        "near ZZ9  9ZZ",
    ],
)
def test_words_that_say_how_somebody_is_reached_are_refused(table: Table, meeting: Meeting, words: str) -> None:
    with refused("CW-233"):
        services.write_letter(meeting=meeting, words=words, version=0, by=actor_of(table.amira), at=AT)


def test_words_that_were_harmless_are_looked_at_again_before_they_go(table: Table, meeting: Meeting) -> None:
    by = actor_of(table.amira)
    services.write_letter(meeting=meeting, words="We meet near 5 New Road.", version=0, by=by, at=AT)
    safe(table.father, "letter", "5 New Road, ZZ3 3ZZ")  # he has moved there since
    with refused("CW-233"):
        services.record_letters_posted(meeting=meeting, by=by, at=AT)
    assert not LetterSent.objects.exists()


def test_posted_is_written_down_once_and_again_after_the_meeting_has_moved(table: Table, meeting: Meeting) -> None:
    by = actor_of(table.amira)
    assert services.record_letters_posted(meeting=meeting, by=by, at=AT) == 2
    assert services.record_letters_posted(meeting=meeting, by=by, at=AT) == 0
    found = seen(table, meeting)
    assert (found.to_post, {each.sent_by for each in found.by_post}) == (0, {"Amira"})
    assert {seat.told_by for seat in found.meeting.seats if seat.person_id} == {"letter"}
    meeting.refresh_from_db()
    later = WHEN.__class__(starts_at=AT + 3 * DAY, minutes_long=60, place="School")
    services.move_meeting(meeting=meeting, when=later, version=meeting.version, by=by, at=AT)
    found = seen(table, meeting)
    assert found.to_post == 2
    assert "School" in pages_of(found.letters.as_pdf())[0]
    assert services.record_letters_posted(meeting=meeting, by=by, at=AT) == 2
    assert LetterSent.objects.count() == 4


def test_an_e_mail_goes_only_where_that_is_safe_and_has_one_address(table: Table) -> None:
    safe(table.mother, "email", "alex@home.example")
    safe(table.father, "letter", SAM)
    meeting = plan(table)
    before = OutboxMessage.objects.count()
    assert services.email_letters(meeting=meeting, by=actor_of(table.amira), at=AT) == 1
    assert services.email_letters(meeting=meeting, by=actor_of(table.amira), at=AT) == 0
    message = OutboxMessage.objects.order_by("pk").last()
    assert OutboxMessage.objects.count() == before + 1
    assert message is not None
    assert message.to == "alex@home.example"
    assert message.body.startswith("Dear Alex Testerfield")
    assert "Where: Testerfield Children’s Centre" in message.body
    assert not re.search("Sam|Hidden|ZZ9|Rowan", message.body)


def test_nobody_else_finds_the_letters(table: Table, meeting: Meeting) -> None:
    stranger, _ = make_post(name="Ben Testerson")
    with pytest.raises(NotVisible):
        queries.letters_for(actor_of(stranger), table.case.pk, meeting.pk)


def test_a_meeting_that_is_over_has_no_letters(table: Table, meeting: Meeting) -> None:
    after = actor_of(table.amira, AT + timedelta(days=2))
    services.cancel_meeting(meeting=meeting, reason="Ill.", by=actor_of(table.amira), at=AT)
    with refused("CW-225"):
        services.record_letters_posted(meeting=meeting, by=after, at=after.at)


# --- Pure.


def test_an_address_is_written_as_on_an_envelope() -> None:
    assert address_lines("17 Imagined Lane, Testerfield zz1 1aa") == ("17 Imagined Lane", "Testerfield", "ZZ1 1AA")
    assert address_lines("17 Imagined Lane", "ZZ1 1AA") == ("17 Imagined Lane", "ZZ1 1AA")
    assert address_lines("") == ()
    many = Letter(to=["Alex", "Flat 2", "The Mill", "1 Lane", "Town", "County", "ZZ1 1AA"], words="x")
    assert many.window == ["Alex", "Flat 2", "The Mill", "1 Lane, Town, County", "ZZ1 1AA"]


@given(
    way=st.sampled_from([ALEX, SAM, "sam@home.example", "07700 900 123"]),
    before=st.text(max_size=40),
    after=st.text(max_size=40),
    spaced=st.booleans(),
)
def test_a_way_to_be_reached_is_seen_wherever_it_stands(way: str, before: str, after: str, spaced: bool) -> None:
    said = " ".join(way) if spaced else way.upper()
    assert given_away(f"{before} {said} {after}", [way]) == way


def test_what_says_nothing_is_left_alone() -> None:
    assert given_away(STANDARD, [ALEX, SAM, "", "1", "sam@home.example"]) == ""
