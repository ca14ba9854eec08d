"""The demo's agreements are what they are said to be."""

from __future__ import annotations

import pytest

from joinedup.access.actor import system
from joinedup.information_sharing import demo, queries
from joinedup.organisations import demo as organisations_demo
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db


def test_the_demo_has_an_agreement_of_every_kind() -> None:
    partnership = organisations_demo.load(at=AT)
    demo.load(at=AT, organisations=partnership.organisations, posts=partnership.posts)
    rows = {row.title: row for row in queries.agreements(system(AT))}
    assert sorted(row.state.value for row in rows.values()) == ["draft", "expired", "in_force"]
    deciding = rows["Deciding together what help a family needs"]
    assert deciding.is_review_near
    assert deciding.signed == len(deciding.parties) == 9
    record = queries.agreement(system(AT), deciding.id)
    assert sum(post.part == "asks" for post in record.posts) >= 5
    assert {post.name for post in record.posts if post.part == "answers"} >= {
        "Rowan Testerfield", "Hazel Mockwell", "Bryn Samplewell", "Posy Mockhouse", "Kit Testhelp",
    }  # fmt: skip
    notice = queries.privacy_notice(system(AT))
    assert [shared.title for shared in notice] == ["Deciding together what help a family needs"]
    assert all(item.justification for shared in notice for party in shared.parties for item in party.items)
