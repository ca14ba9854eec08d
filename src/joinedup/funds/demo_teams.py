"""Lines of the demo's locality teams, cut from their partner's line for the place, and what was spent on them: for the demo of
parts above, which knows what the teams did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.engines.ledger import Line
from joinedup.funds import chart, services
from joinedup.funds.models import BudgetLine
from joinedup.funds.services import PartSaid
from joinedup.funds.services.booking import line_of
from joinedup.funds.services.ledger import Draft, post_entries

if TYPE_CHECKING:
    from joinedup.access.actor import Actor
    from joinedup.funds.models import Fund
    from joinedup.organisations.models import Locality


def cut_for_team(
    fund: Fund, place: Locality, parts: Sequence[tuple[str, str, int]], *, by: Actor, at: datetime
) -> list[BudgetLine]:
    """Of the council's line for a place one for each code, words and pence."""
    whole = BudgetLine.objects.get(fund=fund, year=fund.year, code=f"{place.code[:12]}-C")
    return [
        services.hand_on_budget(
            line=whole,
            said=PartSaid(f"{code}-{place.code[:12]}", f"{place.name}: {words}", pence, "locality", locality=place),
            by=by,
            at=at,
        )
        for code, words, pence in parts
    ]


def spend_on(fund: Fund, spent: Iterable[tuple[BudgetLine, date, int]], *, by: Actor, at: datetime) -> None:
    """Book what was spent on lines, each on its day."""
    drafts = [
        Draft(
            f"{line.code} {day:%Y-%m}", day, [line_of(line, pence), Line(chart.BANK, -pence)],
            memo="Illustration: invented", spending="provision",
        )
        for line, day, pence in spent
    ]  # fmt: skip
    if drafts:
        post_entries(fund=fund, drafts=drafts, by=by, at=at)
