"""What a written agreement must say: the items of regulation 7(3), cited, and what this program asks beside them. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One thing the agreement says. `cites` is the paragraph of SI 2000/617; `is_verified` False where its words were not
    seen in full. `prompts` help whoever writes it."""

    code: str
    name: str
    asks: str
    cites: str
    prompts: tuple[str, ...] = ()
    is_verified: bool = True


_REG = "SI 2000/617, regulation 7(3)"

AIMS = "aims"
OUTCOMES = "outcomes"
FIRST = (AIMS, OUTCOMES)

ITEMS: tuple[Item, ...] = (
    Item(AIMS, "Aims", "What do the partners want to achieve together?", f"{_REG}(a)", (
        "For which children and families is this?", "Why together, and not each alone?",
    )),
    Item(OUTCOMES, "Outcomes", "What will be better for children, and how will you see it?", f"{_REG}(a)", (
        "Name the measure, where it stands today and where it should be by when.",
    )),
    Item("contributions", "Contributions and how they vary",
         "What does each partner put in, and how may that be changed?", f"{_REG}(b)", (
             "The amounts stand in the schedule of contributions.", "Who may change them, by when in the year?",
         )),
    Item("functions", "Functions covered", "Which NHS functions and which functions of the council does it cover?",
         f"{_REG}(c)"),
    Item("people", "People and services", "For whom, and which kinds of services?", f"{_REG}(d)"),
    Item("resources", "Staff, goods, services and accommodation",
         "What does each partner provide beside money?", f"{_REG}(e)", ("Secondments are attached to the agreement.",)),
    Item("duration", "Duration, review, variation and ending",
         "How long does it run, when is it reviewed, how is it varied and how does it end?", f"{_REG}(f)"),
    Item("management", "How the fund is managed and monitored",
         "Who manages the fund day to day, what is reported to whom and when?", f"{_REG}(g)",
         ("Quarterly reports and an annual return go to every partner.",), is_verified=False),
    Item("risk_share", "Over- and underspends", "Who bears an overspend, and who keeps an underspend?",
         "clauses of section 75 agreements", ("The method and its figures are set with the fund.",)),
    Item("vat", "VAT", "Whose VAT regime applies to what, and why the services are arranged so.",
         "HMRC manual VATGPB6640", ("It follows whoever delivers the service.",)),
    Item("disputes", "Disputes", "Who settles a dispute, in which steps and within how many days?",
         "clauses of section 75 agreements"),
)  # fmt: skip
BY_CODE = {item.code: item for item in ITEMS}


def order_broken(code: str, filled: set[str]) -> bool:
    """An item is written before the aims and the outcomes are (Swindon: set those first, the rest follows)."""
    return (code not in FIRST and not set(FIRST) <= filled) or (code == OUTCOMES and AIMS not in filled)


@dataclass(frozen=True)
class Standing:
    """What there is of an agreement, for the gate to look at."""

    filled: frozenset[str]
    partners: tuple[str, ...]
    kinds_missing: tuple[str, ...]
    host: str
    pool_manager: str
    starts: bool
    review: bool
    virement_scheme: bool
    sheets: frozenset[str]  # partners that have published theirs
    authorised: frozenset[str]
    funds: int
    unbalanced: tuple[str, ...]  # partners whose contributions do not come to their budget
    unconsented: tuple[str, ...]  # ring-fenced streams used without consent


@dataclass(frozen=True)
class Task:
    """One line of the task list. `what` is the missing thing in the words of a refusal, empty once it is done."""

    code: str
    name: str
    group: str
    is_done: bool
    what: str
    cites: str = ""
    is_verified: bool = True


_SWINDON = "after Swindon’s tips on pooling budgets"


def tasks(found: Standing) -> tuple[Task, ...]:
    """Everything that must be there before the agreement opens, in the order it is best done."""
    rows = [_written(item, found) for item in ITEMS if item.code in FIRST]
    rows.append(
        Task("partners", "Two or more partners", "Partners", len(found.partners) >= 2, "a second partner", f"{_REG}")
    )
    rows.append(
        Task("eligible", "Partners the power needs", "Partners", not found.kinds_missing,
             " and ".join(f"a partner that is a {kind}" for kind in found.kinds_missing), "the legal power")
    )  # fmt: skip
    rows += [
        Task(f"sheet:{name}", f"How the budget of {name} works", "Partners", name in found.sheets,
             f"the budget sheet of {name}", _SWINDON)
        for name in found.partners
    ]  # fmt: skip
    rows += [_written(item, found) for item in ITEMS if item.code not in FIRST]
    rows += _posts(found)
    rows += _money(found)
    rows += [
        Task(f"authorised:{name}", f"Authorised by {name}", "Authorisation", name in found.authorised,
             f"the authorisation of {name}’s chief finance officer", "local: every chief finance officer authorises")
        for name in found.partners
    ]  # fmt: skip
    return tuple(rows)


def _written(item: Item, found: Standing) -> Task:
    group = "Aims first" if item.code in FIRST else "What the agreement says"
    return Task(item.code, item.name, group, item.code in found.filled, f"“{item.name}”", item.cites, item.is_verified)


def _posts(found: Standing) -> list[Task]:
    cites = "SI 2000/617, regulation 7(4)"
    return [
        Task("host", "Host", "Host and dates", bool(found.host), "a host", cites, is_verified=False),
        Task("pool_manager", "Pool manager", "Host and dates", bool(found.pool_manager), "a pool manager", cites,
             is_verified=False),
        Task("dates", "First day and review", "Host and dates", found.starts and found.review,
             "its first day and the day of its review", f"{_REG}(f)"),
    ]  # fmt: skip


def _money(found: Standing) -> list[Task]:
    return [
        Task("fund", "A fund with its budget", "Money", found.funds > 0, "a fund with budget lines", f"{_REG}(b)"),
        Task("balanced", "Contributions come to the budget", "Money", found.funds > 0 and not found.unbalanced,
             "contributions that come to the budget" + (f" ({', '.join(found.unbalanced)})" if found.unbalanced else ""),
             f"{_REG}(b)"),
        Task("consents", "Consent to ring-fenced money", "Money", not found.unconsented,
             "consent to use " + " and ".join(found.unconsented), "conditions of the grants"),
        Task("virement_scheme", "Who may approve a virement", "Money", found.virement_scheme, "a virement scheme",
             "local: the partners’ financial regulations"),
    ]  # fmt: skip


def missing(found: Standing, *, but_for: str = "") -> list[str]:
    """What is still missing, in words; `but_for` leaves a group out."""
    return [task.what for task in tasks(found) if not task.is_done and task.group != but_for]
