"""The demo's notes: visits, calls, a correction, a file, tasks, help given, and a chronology put right, in the cases Amira
leads. Played through the services at the times and by the people it would have been."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.casework.demo_times import OfficeHours, next_working_day
from joinedup.casework.models import Case, CasePerson
from joinedup.casework.services.chronology import mark_entry, take_out_entry
from joinedup.casework.services.interventions import HelpGiven, record_intervention
from joinedup.casework.services.notes import add_file, correct_note, write_note
from joinedup.casework.services.tasks import set_task
from joinedup.chronology.queries import entries
from joinedup.organisations.queries import demo_people

_LEAD = "Amira Testerly"


def load_notes(*, at: datetime) -> None:
    """Play it in each open case that Amira leads. Nothing is dated after `at`."""
    found = [person for _, people in demo_people(system(at)) for person in people if person.name == _LEAD]
    if not found:
        return
    lead = actor_for_account(found[0].account_id, at=at)
    for case in Case.objects.open().filter(lead_professional__account__name=_LEAD).order_by("opened_at", "pk"):
        _play(case, lead, at)


def _play(case: Case, lead: Actor, at: datetime) -> None:
    places = list(CasePerson.objects.filter(case=case).order_by("pk"))
    children = [place.person_id for place in places if place.part == "child"]
    adults = [place.person_id for place in places if place.part != "child"]
    joined = case.members.filter(post_id__in=lead.post_ids).order_by("-joined_at")[0].joined_at
    long = at - joined
    if not children:
        return

    office = OfficeHours(joined, at)

    def when(part: float) -> datetime:
        return office(joined + long * part)

    def by(part: float) -> Actor:
        return replace(lead, at=when(part))

    first = write_note(
        case=case, kind="visit", result="no_answer", happened_at=when(0.2), minutes=10, seen={},
        words="Knocked twice and left a card. The curtains were open.", child_words="", next_step="", by=by(0.21),
        at=when(0.21),
    )  # fmt: skip
    written = write_note(
        case=case, kind="visit", result="seen", happened_at=when(0.4), minutes=55,
        seen={children[0]: True, **dict.fromkeys([*children[1:], *adults[:1]], False)},
        words="A warm, tidy flat with food in the cupboard. Mornings are the hard part. The children came and went and "
        "showed me the room they share.",
        child_words="I like it when Gran comes. I don’t like it when it is loud at night.",
        next_step="Ask school about breakfast club", next_due_on=next_working_day(timezone.localdate(at) + timedelta(days=2)),
        by=by(0.42), at=when(0.42),
    )  # fmt: skip
    correct_note(written=written, words="The room is shared by the two youngest only.", by=by(0.5), at=when(0.5))
    add_file(
        written=written, name="what the child drew.txt", content=b"A house with four people and a cat. The sun is big.",
        by=by(0.5), at=when(0.5),
    )  # fmt: skip
    call = write_note(
        case=case, kind="phone", result="seen", happened_at=when(0.7), minutes=12,
        seen=dict.fromkeys(adults[:1] or children[:1], False),
        words="The housing officer has offered a plan for the arrears.", child_words="", next_step="", by=by(0.7), at=when(0.7),
    )  # fmt: skip
    set_task(
        case=case, words="Ring the housing officer about the plan for the arrears", owner_id=min(lead.post_ids),
        due_on=timezone.localdate(at), by=lead, at=at,
    )  # fmt: skip
    record_intervention(
        case=case,
        given=HelpGiven(
            "Stronger Parents group", "Weekly group for parents", "Testfield Children’s Centre", when(0.5).date(),
            hours=Decimal(6), quantity=Decimal(3), unit="sessions",
        ),
        people=adults[:1] or children[:1], by=lead, at=at,
    )  # fmt: skip
    _put_right(case, {first.pk: "first", written.pk: "visit", call.pk: "call"}, lead, at)


def _put_right(case: Case, notes: dict[object, str], lead: Actor, at: datetime) -> None:
    """The visit mattered; the card at the door was next door's."""
    named = {str(pk): name for pk, name in notes.items()}
    for entry in entries(lead, family_id=case.family_id):
        name = named.get(entry.source[1], "")
        if name == "visit":
            mark_entry(
                case=case, event_id=entry.id, is_significant=True, by=lead, at=at,
                impact="First time somebody asked what the nights are like, and was told.",
            )  # fmt: skip
        elif name == "first":
            take_out_entry(
                case=case, event_id=entry.id, code="wrong", words="The card was left next door.", by=lead, at=at
            )
