"""What the owner of the database can do with the triggers switched off, and that `ledger verify` finds it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from joinedup.access import chain
from joinedup.access.actor import system
from joinedup.engines.ledger import GENESIS, content_digest, link
from joinedup.funds.models import Entry, EntrySeal
from joinedup.funds.posted import as_engine_entries
from joinedup.funds.queries.ledger import head_of_ledger
from joinedup.funds.queries.verifying import verify_ledger
from joinedup.funds.services.anchoring import anchor_ledger
from joinedup.funds.services.ledger import close_period, post_entries
from joinedup.funds.tests.ledgers import World, make_world
from joinedup.organisations.tests.factories import AT
from tests.support.database import Database

BY = system(AT)
_TABLES = ("funds_posting", "funds_entry", "funds_entryseal", "funds_ledgerhead", "funds_balance", "funds_period",
           "funds_periodclosing", "funds_account")  # fmt: skip
_ONE = "(SELECT entry_id FROM funds_entryseal ORDER BY number OFFSET 3 LIMIT 1)"

TAMPERING: dict[str, tuple[str, str]] = {
    "amounts changed, still balanced": ("changed", f"UPDATE funds_posting SET pence = pence * 2 WHERE entry_id = {_ONE}"),
    "an amount changed": ("changed", f"UPDATE funds_posting SET pence = pence + 1 WHERE entry_id = {_ONE} AND place = 1"),
    "a line moved to another heading": (
        "changed",
        "UPDATE funds_posting SET account_id = (SELECT id FROM funds_account WHERE code = '2000')"
        f" WHERE entry_id = {_ONE} AND place = 2",
    ),
    "a line moved to another budget line": (
        "changed",
        "UPDATE funds_posting SET line_id = (SELECT id FROM funds_budgetline WHERE code = 'L2')"
        f" WHERE entry_id = {_ONE} AND place = 1",
    ),
    "a memo rewritten": ("changed", f"UPDATE funds_entry SET memo = 'nothing to see' WHERE id = {_ONE}"),
    "an entry put under another day": ("changed", f"UPDATE funds_entry SET dated_on = dated_on + 1 WHERE id = {_ONE}"),
    "an approval put in afterwards": ("changed", f"UPDATE funds_entry SET approved_by = id WHERE id = {_ONE}"),
    "balanced lines added": (
        "changed",
        "INSERT INTO funds_posting (entry_id, txid, place, fund_id, period_id, book, account_id, tier, vat_code, pence, memo)"
        " SELECT entry_id, txid, place + 2, fund_id, period_id, book, account_id, '', '', pence, '' FROM funds_posting"
        f" WHERE entry_id = {_ONE}",
    ),
    "lines removed": ("changed", f"DELETE FROM funds_posting WHERE entry_id = {_ONE}"),
    "an entry removed with its lines": (
        "removed",
        f"WITH gone AS (DELETE FROM funds_posting WHERE entry_id = {_ONE} RETURNING entry_id) DELETE FROM funds_entry"
        " WHERE id IN (SELECT entry_id FROM gone)",
    ),
    "an entry removed with its seal": (
        "gap",
        f"WITH s AS (DELETE FROM funds_entryseal WHERE entry_id = {_ONE} RETURNING entry_id), p AS (DELETE FROM"
        " funds_posting WHERE entry_id IN (SELECT entry_id FROM s)) DELETE FROM funds_entry WHERE id IN (SELECT entry_id"
        " FROM s)",
    ),
    "the last entry cut off with its seal": (
        "head",
        "WITH s AS (DELETE FROM funds_entryseal WHERE number = (SELECT max(number) FROM funds_entryseal) RETURNING entry_id),"
        " p AS (DELETE FROM funds_posting WHERE entry_id IN (SELECT entry_id FROM s)) DELETE FROM funds_entry WHERE id IN"
        " (SELECT entry_id FROM s)",
    ),
    "an entry posted past the seal": (
        "unsealed",
        "WITH e AS (INSERT INTO funds_entry (id, fund_id, period_id, book, key, kind, dated_on, lines, pence, memo,"
        " source_kind, source_id, posted_at) SELECT gen_random_uuid(), fund_id, period_id, book, 'forged', kind, dated_on, 2,"
        f" 1, '', '', '', posted_at FROM funds_entry WHERE id = {_ONE} RETURNING *) INSERT INTO funds_posting (entry_id,"
        " place, fund_id, period_id, book, account_id, tier, vat_code, pence, memo) SELECT e.id, p.place, e.fund_id,"
        f" e.period_id, e.book, p.account_id, '', '', sign(p.pence), '' FROM e, funds_posting p WHERE p.entry_id = {_ONE}",
    ),
    "lines without an entry": (
        "orphan",
        "INSERT INTO funds_posting (entry_id, place, fund_id, period_id, book, account_id, tier, vat_code, pence, memo)"
        " SELECT gen_random_uuid(), place, fund_id, period_id, book, account_id, '', '', pence, '' FROM funds_posting"
        f" WHERE entry_id = {_ONE}",
    ),
    "a seal rewritten": ("order", f"UPDATE funds_entryseal SET digest = md5('x') || md5('y') WHERE entry_id = {_ONE}"),
    "two entries exchanged in the chain": (
        "order",
        "UPDATE funds_entryseal SET number = CASE number WHEN 3 THEN -1 ELSE 3 END WHERE number IN (3, 4);"
        " UPDATE funds_entryseal SET number = 4 WHERE number = -1",
    ),
    "the head moved": ("head", "UPDATE funds_ledgerhead SET number = number + 1"),
    "a running total changed": ("total", "UPDATE funds_balance SET debit = debit + 7, credit = credit + 7"),
    "a running total removed": ("total", "DELETE FROM funds_balance WHERE id = (SELECT min(id) FROM funds_balance)"),
    "a closed month opened again": ("closed", "UPDATE funds_period SET state = 'open'"),
    "an open month shut without a closing": ("closed", "UPDATE funds_period SET state = 'closed' WHERE number = 5"),
    "what a closing kept was changed": ("anchor", "UPDATE funds_periodclosing SET digest = md5('x') || md5('y')"),
}  # fmt: skip


@pytest.fixture
def ledger(fresh_database: Database) -> World:
    world = make_world()
    drafts = [world.spend(f"invoice {number}", 100 + number, line=number % 2) for number in range(8)]
    post_entries(fund=world.fund, drafts=drafts, by=BY, at=AT)
    close_period(period=world.month(1), by=BY, at=AT)
    assert verify_ledger(BY).is_sound
    return world


def past_the_triggers(database: Database, statement: str) -> None:
    """As somebody who owns the database; the triggers stay off."""
    with psycopg.connect(database.urls.superuser, autocommit=True) as connection:
        for table in _TABLES:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        connection.execute(statement)


@pytest.mark.parametrize("how", TAMPERING)
def test_tampering_is_found(ledger: World, fresh_database: Database, how: str) -> None:
    code, statement = TAMPERING[how]
    past_the_triggers(fresh_database, statement)
    assert code in {fault.code for fault in verify_ledger(BY).faults}


def rewritten_chain(world: World) -> str:
    """Every link worked out again from the entries as they now are, with the head and what the closing kept."""
    seals = list(EntrySeal.objects.filter(fund=world.fund).order_by("number").values_list("entry_id", flat=True))
    entries = {entry.id: entry for entry in as_engine_entries(Entry.objects.filter(pk__in=seals))}
    last, statements = GENESIS, []
    for each in seals:
        content = content_digest(entries[str(each)])
        last = link(last, content)
        statements.append(
            f"UPDATE funds_entryseal SET content = '{content}', digest = '{last}' WHERE entry_id = '{each}'"
        )
    statements += [f"UPDATE {table} SET digest = '{last}'" for table in ("funds_ledgerhead", "funds_periodclosing")]
    return ";".join(statements)


def test_every_tampering_is_in_the_document() -> None:
    text = (Path(__file__).parents[4] / "docs" / "ledger.md").read_text(encoding="utf-8")
    assert [how for how, (code, _) in TAMPERING.items() if f"\n| {how} | {code} |\n" not in text] == []


_TWICE = (
    "UPDATE funds_posting SET pence = pence * 2; UPDATE funds_entry SET pence = pence * 2;"
    " UPDATE funds_balance SET debit = debit * 2, credit = credit * 2"
)


def rewrite(ledger: World, database: Database) -> None:
    """Every amount doubled, and every digest, total and closing worked out again to fit."""
    past_the_triggers(database, _TWICE)
    past_the_triggers(database, rewritten_chain(ledger))


def without_the_trail(database: Database) -> None:
    """What the audit trail keeps of the ledger is destroyed."""
    with psycopg.connect(database.urls.superuser, autocommit=True) as connection:
        connection.execute("UPDATE access_auditwords SET words = NULL")


def test_a_chain_rewritten_whole_is_found_by_a_head_kept_elsewhere(ledger: World, fresh_database: Database) -> None:
    number, digest = head_of_ledger(BY, ledger.fund)
    kept = {ledger.fund.code: (number, digest)}
    assert verify_ledger(BY, kept=kept).is_sound
    rewrite(ledger, fresh_database)
    without_the_trail(fresh_database)
    assert verify_ledger(BY).is_sound  # nothing in the database says so any more
    assert [fault.code for fault in verify_ledger(BY, kept=kept).faults] == ["anchor"]


def test_a_chain_rewritten_whole_is_found_by_the_trail_of_a_closing(ledger: World, fresh_database: Database) -> None:
    rewrite(ledger, fresh_database)
    (fault,) = verify_ledger(BY).faults
    assert fault.code == "anchor"
    assert fault.sentence == (
        "The chain no longer has the digest that was kept of entry 8. It was kept in the audit trail on 18 November 2026."
    )


def test_a_chain_rewritten_whole_is_found_by_the_trail_of_a_day(fresh_database: Database) -> None:
    world = make_world()
    post_entries(fund=world.fund, drafts=[world.spend("one"), world.spend("two")], by=BY, at=AT)
    assert anchor_ledger(fund=world.fund, by=BY, at=AT) == 2
    post_entries(fund=world.fund, drafts=[world.spend("three")], by=BY, at=AT)
    assert verify_ledger(BY).is_sound
    rewrite(world, fresh_database)
    assert [fault.code for fault in verify_ledger(BY).faults] == ["anchor"]


def test_the_trail_put_right_as_well_is_found_by_its_own_digest(ledger: World, fresh_database: Database) -> None:
    number, digest = head_of_ledger(BY, ledger.fund)
    rewrite(ledger, fresh_database)
    _, now = head_of_ledger(BY, ledger.fund)
    assert verify_ledger(BY).heads[ledger.fund.code] == {"number": number, "digest": now}
    with psycopg.connect(fresh_database.urls.superuser, autocommit=True) as connection:
        connection.execute("UPDATE access_auditwords SET words = replace(words::text, %s, %s)::jsonb", [digest, now])
    assert {fault.code for fault in verify_ledger(BY).faults} == {"trail"}
    assert not chain.verify(at=AT).is_sound


@pytest.mark.parametrize("statement", ["UPDATE funds_posting SET pence = 1", "DELETE FROM funds_entry", "TRUNCATE funds_entry CASCADE",
                                       "UPDATE funds_period SET state = 'open'", "UPDATE funds_balance SET debit = 1",
                                       "DELETE FROM funds_entryseal", "DELETE FROM funds_account", "UPDATE funds_ledgerhead SET number = 1"])  # fmt: skip
def test_the_owner_too_is_refused_while_the_triggers_stand(
    ledger: World, fresh_database: Database, statement: str
) -> None:
    with fresh_database.as_owner() as connection, pytest.raises(psycopg.errors.IntegrityError):
        connection.execute(statement)
    assert verify_ledger(BY).is_sound
