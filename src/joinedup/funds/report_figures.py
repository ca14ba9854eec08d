"""The tables of a report with what each figure opens to: the lines of the ledger as it stood when the report was frozen, or
the place in the report where it is worked out. Pure; made from the frozen content alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joinedup.core.figures import Table
from joinedup.funds.pounds import in_pounds

Said = Mapping[str, Any] | str
"""Which lines (as `queries.behind` reads them), or a place on the page such as `#line-by-line`."""
DECISIONS = {"agreed": "Agreed", "disputed": "Disputed", "": "Not signed"}
LINES, STEPS = "line-by-line", "step-by-step"


@dataclass(frozen=True)
class Figured:
    """One cell: its words, and where it is a figure its pence and what it opens to."""

    text: str
    pence: int | None = None
    opens: Said | None = None


@dataclass(frozen=True)
class Linked:
    """A table whose figures open; `anchor` is where other figures point to."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Figured, ...], ...]
    caption: str
    anchor: str = ""

    @property
    def table(self) -> Table:
        """The same in words alone."""
        return Table(self.columns, tuple(tuple(cell.text for cell in row) for row in self.rows), self.caption)


def _money(pence: int, opens: Said | None = None) -> Figured:
    return Figured(in_pounds(pence), pence, opens)


class _Opening:
    """Which lines a figure of this report is the sum of."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.year = content["year"]
        self.quarter = content["quarter"]
        self.month = (content["quarter"] or 4) * 3
        self.upto = content.get("ledger", {}).get("number")

    def lines(self, key: Any, **said: Any) -> Said | None:
        """None where an older report does not name what it is about."""
        return {"year": self.year, "upto": self.upto, **said} if key else None

    def money(self, each: Mapping[str, Any], name: str) -> Said | None:
        until = None if name in {"agreed", "in_kind"} else self.month
        book = "memorandum" if name == "in_kind" else "actual"
        return self.lines(
            each.get("id"), partner=each.get("id"), money=name, until=until, turned=name == "received", book=book
        )

    def service(self, each: Mapping[str, Any], name: str, **narrow: Any) -> Said | None:
        book = {"budget": "budget", "spent": "actual", "committed": "commitment"}[name]
        until = self.month if name == "spent" else None
        return self.lines(each.get("id"), book=book, kind="expenditure", until=until, **narrow)


def linked_tables(content: Mapping[str, Any]) -> list[Linked]:
    """Every table of a report, in its order."""
    at = _Opening(content)
    found = [_income(content, at), _services(content, at)]
    if content.get("lines"):
        found.append(_lines(content, at))
    if content["shared"]:
        found.append(_share(content["shared"], at))
        if content["shared"].get("steps"):
            found.append(_steps(content["shared"]))
    if content["not_shared"]:
        anchor = f"#{LINES}" if content.get("lines") else None
        rows = tuple((Figured(each["partner"]), _money(each["pence"], anchor)) for each in content["not_shared"])
        found.append(Linked(("Partner", "Over or under"), rows, "Over or under that is not shared"))
    if content["virements"]:
        found.append(_virements(content["virements"], at))
    rows2 = tuple(
        (Figured(e["partner"]), Figured(DECISIONS[e["decision"]]), Figured(e["words"])) for e in content["balances"]
    )
    found.append(Linked(("Partner", "Balances", "Why"), rows2, "Agreement of balances"))
    if content.get("risks"):
        found.append(_risks(content["risks"]))
    if content.get("outcomes"):
        found.append(_outcomes(content["outcomes"]))
    if content.get("disputes"):
        found.append(_disputes(content["disputes"]))
    if content.get("memorandum"):
        found.append(_memorandum(content["memorandum"]))
    return found


def _income(content: Mapping[str, Any], at: _Opening) -> Linked:
    names = ("agreed", "due", "received", "overdue", "in_kind")
    # Paid before it is due is nothing overdue, and nothing to open.
    rows = tuple(
        (
            Figured(each["partner"]),
            *(_money(each[name], at.money(each, "owed" if name == "overdue" else name)) for name in names),
        )
        for each in content["income"]
    )
    return Linked(("Partner", "Agreed", "Due", "Received", "Overdue", "In kind"), rows, "Income")


def _services(content: Mapping[str, Any], at: _Opening) -> Linked:
    anchor = f"#{LINES}" if content.get("lines") else None
    rows = tuple(
        (
            Figured(each["service"]),
            *(_money(each[name], at.service(each, name, scheme=each.get("id"), tier="reported")) for name in ("budget", "spent", "committed")),
            _money(each["forecast"], anchor), _money(each["forecast"] - each["budget"], anchor),
        )
        for each in content["services"]
    )  # fmt: skip
    return Linked(("Service", "Budget", "Spent", "Committed", "Forecast", "Over or under"), rows, "Spending by service")


def _lines(content: Mapping[str, Any], at: _Opening) -> Linked:
    """How each forecast is made up: what is spent, and what is expected beside it."""
    rows = tuple(
        (
            Figured(each["name"]),
            *(_money(each[name], at.service(each, name, line=each["id"])) for name in ("budget", "spent", "committed")),
            _money(each["forecast"] - each["spent"], ""), _money(each["forecast"], ""), Figured(each["method"]),
            Figured("Shared" if each["shared"] else "Its owner’s"),
        )
        for each in content["lines"]
    )  # fmt: skip
    columns = (
        "Line",
        "Budget",
        "Spent",
        "Committed",
        "Expected beside what is spent",
        "Forecast",
        "Worked out by",
        "Over or under is",
    )
    return Linked(columns, rows, "Line by line: how the forecast is made up", LINES)


def _share(shared: Mapping[str, Any], at: _Opening) -> Linked:
    rows = [
        (
            Figured(each["partner"]), _money(each["contributed"], at.lines(each.get("id"), partner=each.get("id"), money="agreed")),
            _money(each["pence"], _borne(shared, each, at)),
        )
        for each in shared["partners"]
    ]  # fmt: skip
    for key, words in (("contingency", "From the contingency"), ("unallocated", "Nobody’s yet: the host’s exposure")):
        if shared[key]:
            rows.append(
                (Figured(words), Figured(""), _money(shared[key], f"#{STEPS}" if shared.get("steps") else None))
            )
    return Linked(
        ("Partner", "Opening contribution", "Bears (below nought: gets back)"), tuple(rows), "What each bears"
    )


def _borne(shared: Mapping[str, Any], each: Mapping[str, Any], at: _Opening) -> Said | None:
    if shared.get("posted"):
        return at.lines(each.get("id"), partner=each.get("id"), run=at.quarter or 4)
    return f"#{STEPS}" if shared.get("steps") else None


def _steps(shared: Mapping[str, Any]) -> Linked:
    """How what each bears was worked out from what the services are over or under."""
    names = [each["partner"] for each in shared["partners"]]
    rows = tuple(
        (Figured(f"{place}. {step['words']}"), _money(step["pence"], ""), *(_money(pence, "") for pence in step["shares"]),
         _money(step["rest"], ""))
        for place, step in enumerate(shared["steps"], start=1)
    )  # fmt: skip
    return Linked(("Step", "Of it", *names, "Nobody’s or contingency"), rows, "Step by step: how it is shared", STEPS)


def _virements(rows: Sequence[Mapping[str, Any]], at: _Opening) -> Linked:
    cells = tuple(
        (
            Figured(each["from"]), Figured(each["to"]),
            _money(each["pence"], at.lines(each.get("entry"), entry=each.get("entry"), line=each.get("line"), book="budget")),
        )
        for each in rows
    )  # fmt: skip
    return Linked(("From", "To", "Amount"), cells, "Virements")


def _disputes(rows: Sequence[Mapping[str, Any]]) -> Linked:
    cells = tuple(
        (
            Figured(f"{each['partner']}, {each['when']}"), Figured("; ".join(each["lines"])), _money(each["pence"], ""),
            Figured(f"{each['step']}, by {each['ends_on']}"), Figured(each["words"]),
        )
        for each in rows
    )  # fmt: skip
    return Linked(
        ("Dispute", "Lines", "Amount", "Who tries to settle it", "Why"), cells, "Disputes that are not settled"
    )


RISKS, OUTCOMES = "What could go wrong", "What was reached"


def _risks(rows: Sequence[Mapping[str, Any]]) -> Linked:
    columns = ("Risk", "Because", "What it would do", "How likely", "Who answers for it", "What is done")
    cells = tuple(
        (
            Figured(f"{each['reference']}: {each['event']}"), Figured(each["cause"]), Figured(each["effect"]),
            Figured(each["likelihood"]), Figured(each["owner"]),
            Figured(" ".join(filter(None, (each["action"], each["closed"])))),
        )
        for each in rows
    )  # fmt: skip
    return Linked(columns, cells, RISKS)


def _outcomes(rows: Sequence[Mapping[str, Any]]) -> Linked:
    names = ("measure", "target", "actual", "narrative")
    cells = tuple(tuple(Figured(each[name]) for name in names) for each in rows)
    return Linked(("Measure", "By the end of the year", "Where it stands", "What is to be said"), cells, OUTCOMES)


def _memorandum(rows: Sequence[Mapping[str, Any]]) -> Linked:
    columns = (
        "Treatment", "Partner", "Expenditure", "From partners", "Net", "Bank", "Owed by partners", "Owed to partners",
        "Owed to suppliers",
    )  # fmt: skip
    keys = ("expenditure", "income", "net", "bank", "owed_by", "owed_to", "suppliers")
    cells = tuple(
        (
            Figured(each["treatment"]), Figured(each["partner"]),
            *(_money(each[key], f"memorandum/{each['code']}/{each['id']}" if each.get("id") else None) for key in keys),
        )
        for each in rows
    )  # fmt: skip
    return Linked(columns, cells, "Memorandum account")


def balance_of(content: Mapping[str, Any]) -> dict[str, tuple[int, Said | None]]:
    """What the facts of the annual return open to, by their words. What is carried forward is the sum of the other three."""
    if "balance" not in content:
        return {}
    at, sums = _Opening(content), content["balance"]
    return {
        "Brought forward": (sums["opening"], at.lines(True, control="carried", years="before", turned=True)),
        "Income": (sums["income"], at.lines(True, kind="income", turned=True)),
        "Spent": (sums["spent"], at.lines(True, kind="expenditure")),
    }


def says(content: Mapping[str, Any]) -> str:
    """What a report means, in one sentence a board may begin with."""
    budget = sum(each["budget"] for each in content["services"])
    over = sum(each["forecast"] - each["budget"] for each in content["services"])
    overdue = sum(each["overdue"] for each in content["income"])
    verb = "ended " if content["quarter"] is None else "is expected to end "
    if over > 0:
        where = f"{in_pounds(over)} over its budget of {in_pounds(budget)}"
    elif over < 0:
        where = f"{in_pounds(-over)} under its budget of {in_pounds(budget)}"
    else:
        where = f"exactly on its budget of {in_pounds(budget)}"
    money = (
        f", and {in_pounds(overdue)} of contributions is overdue"
        if overdue
        else ", and every contribution due has come in"
    )
    return f"The year {verb}{where}{money}."
