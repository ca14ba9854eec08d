"""What somebody might try on the ledger by hand, with SQL of their own as the role the program runs as: one function for
each, with the rule or constraint that stops it. docs/ledger.md lists them by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from joinedup.core.models import new_id
from joinedup.funds import chart
from joinedup.funds.tests.ledgers import APRIL, World
from joinedup.organisations.tests.factories import AT


def midnight(day: date) -> datetime:
    """When a day begins in London."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo("Europe/London"))


class Session(Protocol):
    """A cursor or a connection: anything SQL can be sent to."""

    def execute(self, statement: Any, parameters: Any = None, /) -> Any:
        """Send one statement."""


@dataclass
class Hand:
    """Writes lines and entries by hand into the ledger of a world, as wrongly as wanted."""

    session: Session
    world: World
    other: World

    def line(self, entry: UUID, place: int, account: str, pence: int, **said: Any) -> None:
        """One line, in April's actual book unless said otherwise."""
        row = {
            "entry_id": entry, "place": place, "fund_id": self.world.fund.pk, "period_id": self.world.month(1).pk,
            "book": "actual", "account_id": self.world.accounts[account], "tier": "", "vat_code": "", "pence": pence,
            "memo": "",
        } | said  # fmt: skip
        self.insert("funds_posting", row)

    def lines(self, entry: UUID, *pence: int, begin: int = 1, **said: Any) -> None:
        """Some lines under bank and expenditure by turns."""
        for place, each in enumerate(pence, start=begin):
            self.line(entry, place, (chart.EXPENDITURE, chart.BANK)[place % 2], each, **said)

    def entry(self, entry: UUID, *, lines: int = 2, pence: int = 500, **said: Any) -> None:
        """The entry itself, which by right comes last."""
        row = {
            "id": entry, "fund_id": self.world.fund.pk, "period_id": self.world.month(1).pk, "book": "actual",
            "key": f"by hand {entry}", "kind": "ordinary", "dated_on": APRIL, "lines": lines, "pence": pence, "memo": "",
            "source_kind": "", "source_id": "", "posted_at": AT,
        } | said  # fmt: skip
        self.insert("funds_entry", row)

    def whole(self, **said: Any) -> UUID:
        """A sound entry of £5."""
        entry = new_id()
        shared = {name: said[name] for name in ("fund_id", "period_id", "book") if name in said}
        self.lines(entry, 500, -500, **shared)
        self.entry(entry, **said)
        return entry

    def insert(self, table: str, row: dict[str, Any]) -> None:
        """A plain INSERT."""
        places = ", ".join(["%s"] * len(row))
        self.session.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))

    def settle(self) -> None:
        """Check now what would be checked at the commit."""
        self.session.execute("SET CONSTRAINTS ALL IMMEDIATE")


@dataclass(frozen=True)
class Attack:
    """What is tried, and what must be in the database's answer."""

    name: str
    stopped_by: str
    tried: Callable[[Hand], None]


ATTACKS: list[Attack] = []


def attack(name: str, stopped_by: str) -> Callable[[Callable[[Hand], None]], Callable[[Hand], None]]:
    """Put a function on the list."""

    def put(tried: Callable[[Hand], None]) -> Callable[[Hand], None]:
        ATTACKS.append(Attack(name, stopped_by, tried))
        return tried

    return put


def _posted(hand: Hand, *pence: int, said: dict[str, Any] | None = None, **of_entry: Any) -> UUID:
    entry = new_id()
    hand.lines(entry, *pence, **(said or {}))
    hand.entry(entry, lines=of_entry.pop("lines", len(pence)), pence=of_entry.pop("pence", 500), **of_entry)
    return entry


@attack("unbalanced", "FU-202")
def _unbalanced(hand: Hand) -> None:
    _posted(hand, 500, -499)


@attack("one line", "funds_entry_two_lines")
def _one_line(hand: Hand) -> None:
    _posted(hand, 500)


@attack("no lines at all", "FU-201")
def _no_lines(hand: Hand) -> None:
    hand.entry(new_id())


@attack("fewer lines than it says", "FU-201")
def _fewer(hand: Hand) -> None:
    _posted(hand, 500, -500, lines=3)


@attack("another amount than it says", "FU-202")
def _other_amount(hand: Hand) -> None:
    _posted(hand, 500, -500, pence=900)


@attack("a line of nought", "funds_posting_not_nought")
def _nought(hand: Hand) -> None:
    _posted(hand, 500, -500, 0)


@attack("two balanced lines added later", "FU-207")
def _late(hand: Hand) -> None:
    hand.lines(hand.whole(), 700, -700, begin=3)


@attack("lines added later under the entry's own stamp", "FU-207")
def _late_stamped(hand: Hand) -> None:
    entry = hand.whole()
    (stamp,) = _row(hand, "SELECT txid FROM funds_entry WHERE id = %s", entry)
    hand.lines(entry, 700, -700, begin=3, txid=stamp)


@attack("lines stamped with another transaction", "FU-207")
def _stamped(hand: Hand) -> None:
    _posted(hand, 500, -500, said={"txid": 1})


@attack("an entry stamped with another transaction", "FU-207")
def _entry_stamped(hand: Hand) -> None:
    _posted(hand, 500, -500, txid=1)


@attack("entry and lines in one statement, entry first", "FU-207")
def _one_statement(hand: Hand) -> None:
    entry, world = new_id(), hand.world
    hand.session.execute(
        "WITH e AS (INSERT INTO funds_entry (id, fund_id, period_id, book, key, kind, dated_on, lines, pence, memo,"
        " source_kind, source_id, posted_at) VALUES (%(entry)s, %(fund)s, %(period)s, 'actual', 'at once', 'ordinary',"
        " %(day)s, 2, 5, '', '', '', %(at)s)) INSERT INTO funds_posting (entry_id, place, fund_id, period_id, book,"
        " account_id, tier, vat_code, pence, memo) SELECT %(entry)s, p, %(fund)s, %(period)s, 'actual', %(bank)s, '', '',"
        " 5 * (3 - 2 * p), '' FROM generate_series(1, 2) AS p",
        {"entry": entry, "fund": world.fund.pk, "period": world.month(1).pk, "day": APRIL, "at": AT,
         "bank": world.accounts[chart.BANK]},
    )  # fmt: skip


@attack("a line without an entry", "funds_posting_of_entry")
def _orphan(hand: Hand) -> None:
    hand.lines(new_id(), 500, -500)
    hand.settle()


@attack("the same key twice", "funds_entry_once")
def _twice(hand: Hand) -> None:
    hand.whole(key="invoice 1")
    hand.whole(key="invoice 1")


@attack("the same key twice, overwriting", "denied")
def _overwriting(hand: Hand) -> None:
    hand.session.execute(
        "INSERT INTO funds_entry SELECT * FROM funds_entry ON CONFLICT (id) DO UPDATE SET memo = 'another'"
    )


def _forbidden(name: str, statement: str, stopped_by: str = "denied") -> None:
    def tried(hand: Hand) -> None:
        hand.whole()
        hand.session.execute(statement)

    attack(name, stopped_by)(tried)


_forbidden("a line edited", "UPDATE funds_posting SET pence = pence * 2")
_forbidden("a line moved to another heading", "UPDATE funds_posting SET account_id = account_id")
_forbidden("an entry edited", "UPDATE funds_entry SET memo = 'another'")
_forbidden("a line deleted", "DELETE FROM funds_posting")
_forbidden("an entry deleted", "DELETE FROM funds_entry")
_forbidden("the lines emptied", "TRUNCATE funds_posting")
_forbidden("everything emptied", "TRUNCATE funds_entry CASCADE")
_forbidden("a heading turned into another kind", "UPDATE funds_account SET kind = 'income'")
_forbidden("a closed month opened again", "UPDATE funds_period SET state = 'open'")
_forbidden("a month stretched", "UPDATE funds_period SET ends_on = ends_on + 30 WHERE number = 12")
_forbidden("a month removed", "DELETE FROM funds_period")
_forbidden("a running total changed", "UPDATE funds_balance SET debit = debit + 1")
_forbidden("the head of the chain moved", "UPDATE funds_ledgerhead SET number = number + 1")
_forbidden("a seal changed", "UPDATE funds_entryseal SET digest = content")
_OTHER = "(SELECT o.id FROM {0} o WHERE o.id <> {1} LIMIT 1)"
for _name, _table, _set in (
    ("a budget line moved to another fund", "budgetline", "code = code || 'x', fund_id = " + _OTHER.format("funds_fund", "fund_id")),
    ("a budget line moved to another year", "budgetline", "year = year + 1"),
    ("a service moved to another fund", "scheme", "code = code || 'x', fund_id = " + _OTHER.format("funds_fund", "fund_id")),
    ("a fund put under another agreement", "fund", "agreement_id = " + _OTHER.format("funds_partnershipagreement", "agreement_id")),
):  # fmt: skip
    _forbidden(_name, f"UPDATE funds_{_table} SET {_set}", "FU-214")
_forbidden("a trigger switched off", "ALTER TABLE funds_posting DISABLE TRIGGER ALL", "must be owner")
_forbidden("every trigger switched off", "SET session_replication_role = 'replica'", "permission denied")


@attack("a seal forged", "FU-209")
def _seal(hand: Hand) -> None:
    hand.insert(
        "funds_entryseal",
        {"entry_id": new_id(), "fund_id": hand.world.fund.pk, "number": 9, "content": "0", "digest": "0"},
    )


@attack("a running total forged", "FU-209")
def _total(hand: Hand) -> None:
    hand.session.execute(_FORGED_TOTAL, [hand.world.fund.pk, hand.world.month(1).pk, hand.world.accounts[chart.BANK]])


_FORGED_TOTAL = (
    "INSERT INTO funds_balance (fund_id, period_id, book, is_closing, account_id, debit, credit, postings)"
    " VALUES (%s, %s, 'actual', false, %s, 900, 0, 1)"
)


@attack("a running total forged through a trigger of one's own", "FU-209")
def _total_by_trigger(hand: Hand) -> None:
    world = hand.world
    row = f"'{world.fund.pk}', '{world.month(1).pk}', 'actual', false, '{world.accounts[chart.BANK]}', 900, 0, 1"
    hand.session.execute("CREATE TEMP TABLE mine (id int)")
    hand.session.execute(
        "CREATE FUNCTION pg_temp.poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO funds_balance (fund_id,"
        f" period_id, book, is_closing, account_id, debit, credit, postings) VALUES ({row}); RETURN NEW; END $$"
    )
    hand.session.execute("CREATE TRIGGER t BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION pg_temp.poison()")
    hand.session.execute("INSERT INTO mine VALUES (1)")


@attack("a running total forged with a catalogue of one's own", "FU-209")
def _total_by_catalogue(hand: Hand) -> None:
    hand.session.execute("CREATE TEMP TABLE pg_roles AS SELECT oid, rolname FROM pg_catalog.pg_roles")
    hand.session.execute(
        "CREATE TEMP TABLE pg_class AS SELECT c.oid, c.relname, r.oid AS relowner FROM pg_catalog.pg_class c,"
        " pg_catalog.pg_roles r WHERE r.rolname = current_user"
    )
    _total_by_trigger(hand)


@attack("the seal's own function borrowed for another table", "FU-209")
def _borrowed(hand: Hand) -> None:
    hand.session.execute("CREATE TEMP TABLE mine (LIKE funds_entry)")
    hand.session.execute(
        "CREATE TRIGGER t AFTER INSERT ON mine REFERENCING NEW TABLE AS added FOR EACH STATEMENT"
        " EXECUTE FUNCTION funds_entry_added()"
    )
    entry = hand.whole()
    hand.session.execute("INSERT INTO mine SELECT * FROM funds_entry WHERE id = %s", [entry])


@attack("an entry that closes a year in April", "FU-223")
def _closing_early(hand: Hand) -> None:
    hand.whole(kind="closing")


@attack("another time of recording than the database's own", "FU-209")
def _recorded_before(hand: Hand) -> None:
    hand.whole(recorded_at=midnight(APRIL))


@attack("a day outside the period", "FU-205")
def _wrong_day(hand: Hand) -> None:
    hand.whole(dated_on=date(2026, 5, 1))


@attack("another fund's period", "FU-205")
def _wrong_period(hand: Hand) -> None:
    hand.whole(period_id=hand.other.month(1).pk)


@attack("a closed period", "FU-206")
def _closed(hand: Hand) -> None:
    _close(hand, 1)
    hand.whole()


@attack("lines in another period than the entry", "FU-213")
def _lines_of_may(hand: Hand) -> None:
    _posted(hand, 500, -500, said={"period_id": hand.world.month(2).pk})


@attack("books mixed", "FU-213")
def _books(hand: Hand) -> None:
    entry = new_id()
    hand.line(entry, 1, chart.EXPENDITURE, 500, book="budget")
    hand.line(entry, 2, chart.BANK, -500)
    hand.entry(entry)


@attack("a book nobody knows", "funds_entry_book")
def _unknown_book(hand: Hand) -> None:
    hand.whole(book="petty cash")


@attack("lines in another fund than the entry", "FU-213")
def _across(hand: Hand) -> None:
    entry = new_id()
    hand.line(entry, 1, chart.BANK, 500)
    hand.line(entry, 2, chart.BANK, -500, fund_id=hand.other.fund.pk)
    hand.entry(entry)


@attack("a heading of another fund", "FU-204")
def _other_heading(hand: Hand) -> None:
    _posted(hand, 500, -500, said={"account_id": hand.other.accounts[chart.BANK]})


@attack("a budget line of another fund", "FU-214")
def _other_line(hand: Hand) -> None:
    _posted(hand, 500, -500, said={"line_id": hand.other.lines[0].pk})


@attack("a scheme of another fund", "FU-214")
def _other_scheme(hand: Hand) -> None:
    _posted(hand, 500, -500, said={"scheme_id": hand.other.scheme.pk})


@attack("a partner of another agreement", "FU-214")
def _other_partner(hand: Hand) -> None:
    _posted(hand, 500, -500, said={"partner_id": hand.other.partners[0].pk})


@attack("a reversal of a reversal", "FU-210")
def _reversal_of_reversal(hand: Hand) -> None:
    back = _posted(hand, -500, 500, kind="reversal", reverses_id=hand.whole())
    _posted(hand, 500, -500, kind="reversal", reverses_id=back)


@attack("the same entry reversed twice", "funds_entry_reverses_id_key")
def _reversed_twice(hand: Hand) -> None:
    entry = hand.whole()
    for _ in range(2):
        _posted(hand, -500, 500, kind="reversal", reverses_id=entry)


@attack("a reversal of another amount", "FU-212")
def _half_back(hand: Hand) -> None:
    _posted(hand, -400, 400, kind="reversal", pence=400, reverses_id=hand.whole())


@attack("a reversal under other headings", "FU-212")
def _back_elsewhere(hand: Hand) -> None:
    entry, back = hand.whole(), new_id()
    hand.line(back, 1, chart.BANK, 500)
    hand.line(back, 2, chart.CREDITORS, -500)
    hand.entry(back, kind="reversal", reverses_id=entry)


@attack("a reversal of another fund's entry", "FU-212")
def _back_across(hand: Hand) -> None:
    there = Hand(hand.session, hand.other, hand.world)
    _posted(hand, -500, 500, kind="reversal", reverses_id=there.whole())


@attack("a reversal that names nothing", "funds_entry_reversal")
def _back_of_nothing(hand: Hand) -> None:
    hand.whole(kind="reversal")


@attack("money to another fund without its counterpart", "FU-218")
def _one_sided(hand: Hand) -> None:
    _to_other(hand, -500, None)


@attack("money to another fund that arrives as less", "FU-218")
def _less(hand: Hand) -> None:
    pair = new_id()
    _to_other(hand, -500, pair)
    _to_other(Hand(hand.session, hand.other, hand.world), 400, pair)
    hand.settle()


@attack("money to another fund that never arrives", "FU-218")
def _never(hand: Hand) -> None:
    _to_other(hand, -500, new_id())
    hand.settle()


def _to_other(hand: Hand, pence: int, pair: UUID | None) -> None:
    entry = new_id()
    hand.line(entry, 1, chart.BANK, pence)
    hand.line(entry, 2, chart.OTHER_FUNDS, -pence)
    hand.entry(entry, pence=abs(pence), pair=pair)


@attack("a month that overlaps another", "FU-221")
def _overlap(hand: Hand) -> None:
    hand.insert(
        "funds_period",
        {"id": new_id(), "fund_id": hand.world.fund.pk, "year": 2027, "number": 1, "starts_on": date(2027, 3, 1),
         "ends_on": date(2027, 4, 30), "state": "open"},
    )  # fmt: skip


@attack("a month closed before the one before it", "FU-216")
def _out_of_order(hand: Hand) -> None:
    _close(hand, 2)


@attack("a month closed on its last day", "FU-232")
def _closed_early(hand: Hand) -> None:
    _close(hand, 1, midnight(hand.world.month(1).ends_on) + timedelta(hours=23))


@attack("a month closed twice", "FU-216")
def _closed_twice(hand: Hand) -> None:
    _close(hand, 1)
    _close(hand, 1)


@attack("a month closed with money in suspense", "FU-215")
def _suspense(hand: Hand) -> None:
    entry = new_id()
    hand.line(entry, 1, chart.SUSPENSE, 500)
    hand.line(entry, 2, chart.BANK, -500)
    hand.entry(entry)
    _close(hand, 1)


@attack("a year closed with money nobody owes", "FU-217")
def _unallocated(hand: Hand) -> None:
    entry = new_id()
    hand.line(entry, 1, chart.UNALLOCATED, 500)
    hand.line(entry, 2, chart.BANK, -500)
    hand.entry(entry)
    for number in range(1, 13):
        _close(hand, number)


@attack("a year closed with income and expenditure left", "FU-223")
def _result(hand: Hand) -> None:
    hand.whole()
    for number in range(1, 13):
        _close(hand, number)


@attack("one wrong entry among a thousand posted at once", "FU-202")
def _bulk(hand: Hand) -> None:
    ids: Sequence[UUID] = [new_id() for _ in range(1000)]
    world, bad = hand.world, ids[700]
    hand.session.execute(
        "INSERT INTO funds_posting (entry_id, place, fund_id, period_id, book, account_id, tier, vat_code, pence, memo)"
        " SELECT e, p, %s, %s, 'actual', %s, '', '', CASE WHEN e = %s AND p = 1 THEN 6 ELSE 5 * (3 - 2 * p) END, ''"
        " FROM unnest(%s::uuid[]) AS e, generate_series(1, 2) AS p",
        [world.fund.pk, world.month(1).pk, world.accounts[chart.BANK], bad, list(ids)],
    )
    hand.session.execute(
        "INSERT INTO funds_entry (id, fund_id, period_id, book, key, kind, dated_on, lines, pence, memo, source_kind,"
        " source_id, posted_at) SELECT e, %s, %s, 'actual', e::text, 'ordinary', %s, 2, 5, '', '', '', %s"
        " FROM unnest(%s::uuid[]) AS e",
        [world.fund.pk, world.month(1).pk, APRIL, AT, list(ids)],
    )


def _close(hand: Hand, number: int, at: datetime | None = None) -> None:
    """The day after its last one, unless said otherwise."""
    month = hand.world.month(number)
    row = {
        "period_id": month.pk,
        "closed_at": at or midnight(month.ends_on) + timedelta(days=1),
        "number": 0,
        "digest": "",
    }
    hand.insert("funds_periodclosing", row)


def _row(hand: Hand, statement: str, *values: Any) -> Any:
    asked = hand.session.execute(statement, list(values))
    return (asked or hand.session).fetchone()  # type: ignore[attr-defined]
