"""Level 4 is the word of whoever asks: what was asked at once and decided lower comes before a manager who did not ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from joinedup.access.models import AuditEvent
from joinedup.core.errors import NotPermitted, NotVisible, Refused
from joinedup.front_door import queries, services
from joinedup.front_door.codes import Answer, Outcome
from joinedup.front_door.models import Asking, AskingReview, Referral
from joinedup.front_door.tests.factories import AT, decide
from joinedup.front_door.tests.partners import Partners, ask, make_partners, referral_of

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=2)


@pytest.fixture
def partners() -> Partners:
    return make_partners()


def asked_at_four(partners: Partners, *, who: str = "worker", decided_level: int = 2) -> tuple[Referral, Asking]:
    """Asked at level 4 without agreement, decided at another level."""
    referral = referral_of(partners, family_knows=Answer.NOT_ASKED, family_agrees=Answer.NOT_ASKED)
    asked = ask(partners, referral, "school", level=4, why="It looks very serious.", who=who)
    assert asked.sent == 1
    if decided_level < 4:
        decide(partners.place, referral, outcome=Outcome.ADVICE, level=decided_level, who="worker")
    return referral, asked.asking


def test_level_4_said_without_ground_comes_before_a_manager(partners: Partners) -> None:
    """The attack: say level 4, ask everybody without agreement, then decide at level 2. It is found and reviewed."""
    referral, asking = asked_at_four(partners)
    manager = partners.by("manager", LATER)
    (row,) = queries.asked_at_once(manager)
    assert (row.id, row.referral_id, row.said, row.outcome) == (asking.pk, referral.pk, "Level 4", "")
    assert row.decided_as.startswith("Level 2")
    assert queries.count_asked_at_once(manager) == 1
    services.review_asking(asking=asking, outcome="wrong", words="Spoke to the worker.", by=manager, at=LATER)
    review = AskingReview.objects.get()
    assert (review.reviewed_by, review.reviewed_at, review.outcome) == (manager.account_id, LATER, "wrong")
    written = AuditEvent.objects.get(action="front_door.review_asking")
    assert set(written.people) == set(asking.people)
    (row,) = queries.asked_at_once(manager)
    assert (row.words, row.reviewed_by) == ("Spoke to the worker.", manager.name)
    assert queries.count_asked_at_once(manager) == 0


def test_what_is_undecided_or_level_4_or_agreed_is_not_listed(partners: Partners) -> None:
    asked_at_four(partners, decided_level=4)  # nobody has decided yet
    agreed = referral_of(partners)
    ask(partners, agreed, "school", level=4)
    decide(partners.place, agreed, outcome=Outcome.ADVICE, level=2, who="worker")
    assert queries.asked_at_once(partners.by("manager", LATER)) == []


def test_a_review_is_by_another_and_once(partners: Partners) -> None:
    _, own = asked_at_four(partners, who="manager")
    manager = partners.by("manager", LATER)
    assert queries.asked_at_once(manager)[0].is_own
    with pytest.raises(Refused) as caught:
        services.review_asking(asking=own, outcome="right", words="Mine.", by=manager, at=LATER)
    assert caught.value.rule == "FD-145"


def test_a_second_review_is_refused(partners: Partners) -> None:
    _, asking = asked_at_four(partners)
    manager = partners.by("manager", LATER)
    services.review_asking(asking=asking, outcome="right", words="Known then.", by=manager, at=LATER)
    with pytest.raises(Refused) as caught:
        services.review_asking(asking=asking, outcome="wrong", words="No.", by=manager, at=LATER)
    assert caught.value.rule == "FD-144"
    assert AskingReview.objects.get().outcome == "right"


@pytest.mark.parametrize(("outcome", "words", "rule"), [("", "Seen.", "FD-142"), ("right", "  ", "FD-143")])
def test_what_a_review_needs(partners: Partners, outcome: str, words: str, rule: str) -> None:
    _, asking = asked_at_four(partners)
    with pytest.raises(Refused) as caught:
        services.review_asking(asking=asking, outcome=outcome, words=words, by=partners.by("manager"), at=AT)
    assert caught.value.rule == rule


def test_only_a_manager_sees_and_reviews(partners: Partners) -> None:
    _, asking = asked_at_four(partners)
    worker = partners.by("worker", LATER)
    with pytest.raises(NotPermitted):
        queries.asked_at_once(worker)
    with pytest.raises(NotPermitted):
        services.review_asking(asking=asking, outcome="right", words="Mine.", by=worker, at=LATER)


def test_an_asking_that_waits_for_no_review_is_nobodys_to_review(partners: Partners) -> None:
    referral = referral_of(partners)
    asking = ask(partners, referral, "school").asking
    with pytest.raises(NotVisible):
        services.review_asking(asking=asking, outcome="right", words="Fine.", by=partners.by("manager"), at=AT)


def test_the_page_lists_and_takes_the_review(partners: Partners, client: Client) -> None:
    referral, asking = asked_at_four(partners)
    client.force_login(partners.place.accounts["manager"])
    page = client.get(reverse("asked_at_once")).content.decode()
    assert referral.reference in page
    assert reverse("referral", kwargs={"referral_id": referral.pk}) in page
    address = reverse("asking_review", kwargs={"serious_id": asking.pk})
    assert client.post(address, {"outcome": "right"}).status_code == 200  # no words: the form again
    assert not AskingReview.objects.exists()
    assert client.post(address, {"outcome": "right", "words": "Known then."}).status_code == 302
    assert "Known then." in client.get(address).content.decode()
