"""Each attack is refused by the database itself and leaves nothing behind; and two sessions at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import Error, connection, transaction

from joinedup.access.actor import system
from joinedup.funds.models import Balance, Entry, EntrySeal, Posting
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.funds.tests.hostile import ATTACKS, Attack, Hand
from joinedup.funds.tests.ledgers import make_world
from joinedup.organisations.tests.factories import AT

pytestmark = pytest.mark.django_db
_TABLE = Path(__file__).parents[4] / "docs" / "ledger.md"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_the_database_refuses(attack: Attack) -> None:
    world, other = make_world(), make_world()
    with connection.cursor() as cursor:
        with pytest.raises(Error) as refused, transaction.atomic():
            attack.tried(Hand(cursor, world, other))
        assert attack.stopped_by in str(refused.value)
    for table in (Entry, Posting, EntrySeal, Balance):
        assert not table._default_manager.filter(fund__in=[world.fund.pk, other.fund.pk]).exists()
    assert verify_ledger(system(AT)).is_sound


def test_what_is_right_is_not_refused() -> None:
    world, other = make_world(), make_world()
    with connection.cursor() as cursor:
        Hand(cursor, world, other).whole()
        Hand(cursor, world, other).settle()
    assert Entry.objects.filter(fund=world.fund).count() == 1
    assert verify_ledger(system(AT)).is_sound


def test_no_two_attacks_are_the_same() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) > 50


def test_every_attack_is_in_the_document() -> None:
    text = _TABLE.read_text(encoding="utf-8")
    assert [each.name for each in ATTACKS if f"\n| {each.name} | {each.stopped_by} | refused |\n" not in text] == []
