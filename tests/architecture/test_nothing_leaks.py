"""Nobody who may not see a restricted person finds a trace of them on any page, export or answer of the API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architecture.conftest import Looked
from tests.architecture.urls_table import PEOPLE, TABLE

# Where what a referrer typed is shown to those whose work it is: the words are theirs, not the record's.
AS_TYPED = (
    "referrals/",
    "sent/",
    "api/v1/referrals",
    "handovers/",
    "worklist/",
    "api/v1/worklist",
    "guardian/",
    "drafts/",
)


def secrets_of(who: str) -> dict[str, set[str]]:
    """What must never be in an answer to somebody, by restricted person: ids, numbers and names of everybody withheld."""
    from django.utils import timezone

    from joinedup.access.models import Account
    from joinedup.access.queries import actor_for_account
    from joinedup.person_index.models import Person, withheld_ids

    at = timezone.now()
    viewer = actor_for_account(Account.objects.get(name=PEOPLE[who]).pk, at=at)
    found = {}
    for person in Person.objects.filter(pk__in=withheld_ids(viewer)):
        found[str(person.pk)] = {str(person.pk), str(person)} | ({person.nhs_number} - {""})
    return found


def filled(pattern: str, ids: dict[str, Any], person: str, others: dict[str, Any]) -> str:
    """The address with everything in it that leads to the restricted person."""
    import re

    if pattern.startswith("^"):
        return "/account/password/reset/key/abc-def/"
    wanted = ids | others | {"person_id": person}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(wanted[found.group(1)]), pattern)


def leading_to(person: str) -> dict[str, Any]:
    """Ids of what belongs to the restricted person."""
    from joinedup.person_index.models import BreakGlass, LookAlike, RecordLink, RestrictedMatch, Restriction

    found: dict[str, Any] = {}
    for name, row in (
        ("record_id", RecordLink.objects.filter(person_id=person).values_list("record_id", flat=True).first()),
        ("restriction_id", Restriction.objects.filter(person_id=person).values_list("pk", flat=True).first()),
        ("look_alike_id", LookAlike.objects.filter(person_id=person).values_list("pk", flat=True).first()),
        ("match_id", RestrictedMatch.objects.filter(person_id=person).values_list("pk", flat=True).first()),
        ("emergency_id", BreakGlass.objects.filter(person_id=person).values_list("pk", flat=True).first()),
    ):
        if row is not None:
            found[name] = row
    return found


@pytest.mark.parametrize("who", [*PEOPLE, "public"])
def test_no_answer_holds_a_trace_of_a_restricted_person(looked: Looked, who: str) -> None:
    secrets = secrets_of(who) if who != "public" else secrets_of("outsider")
    assert len(secrets) >= (1 if who == "governance" else 7), (
        "the demo has restricted people whom this viewer may not see"
    )
    kin = sorted(secrets, key=lambda person: (-len(leading_to(person)), person))[:2]  # those with most to lead to
    asked = 0
    for pattern in TABLE:
        paths = {looked.path(pattern)}
        if "<uuid" in pattern:
            paths |= {filled(pattern, looked.ids, person, leading_to(person)) for person in kin}
        for path in sorted(paths):
            answer = looked.answer_at(who, path)
            asked += 1
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = body.decode(errors="replace") + str(dict(answer.headers))
            for person, words in secrets.items():
                shown = {word for word in words if word in text and word not in path}
                if any(pattern.startswith(each) for each in AS_TYPED):
                    shown -= {word for word in shown if not any(letter.isdigit() for letter in word)}
                assert not shown, f"{who} at {path}: {shown} of {person}"
    assert asked > len(TABLE)


def test_the_walk_would_notice(looked: Looked) -> None:
    """The same walk finds the name where the viewer is the guardian: it is not blind."""
    page = looked.clients["governance"].get(looked.path("restricted/<uuid:restriction_id>/"))
    assert "Sage Quietfield" in page.content.decode()
