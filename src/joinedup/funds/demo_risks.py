"""What the demo's funds say beside their money: risks with whose they are, and where the measures of their aims stand."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from joinedup.funds.models import Fund, FundOutcome, FundRisk
from joinedup.funds.services.risks import RiskSaid, add_outcome, close_risk, raise_risk, say_actual

if TYPE_CHECKING:
    from joinedup.funds.demo_loading import Loading

_POOL = "Penny Testpool"
# fund: what could go wrong, because of what, what it would do, how likely, whose it is, what is done
_RISKS = {
    "COMM": (
        ("Child mental health sees more children than the contract counts on",
         "Referrals rose by a fifth since the schools began to ask about anxiety.",
         "Children wait longer than eighteen weeks, and the line ends the year over its budget.", "high", "Goldie Mockpenny",
         "Drop-ins in four schools; the contract is counted again in January."),
        ("Social work posts stay with agencies", "Three posts were advertised twice without an applicant.",
         "Families change their social worker, and each post costs a third more.", "medium", "Sterling Testpound",
         "A return-to-practice course with the university from September."),
        ("A stream of ring-fenced money is spent on what its conditions do not allow",
         "Education welfare and social work share a team.", "The grant is reclaimed.", "low", _POOL,
         "Each purchase is checked against the schools forum’s consent."),
    ),
    "DISAB": (
        ("Equipment arrives late", "One supplier delivers all standing frames.", "Children cannot use the short breaks booked.",
         "medium", _POOL, "A second supplier is on the framework from April."),
    ),
}  # fmt: skip
# fund: what is measured, where it should be, where it stood quarter by quarter of a year, what is said of it
_MEASURES = {
    "COMM": (
        ("Families with one plan and one lead professional", "600 by March", ("412", "455", "528", "611"),
         "Two localities began in autumn."),
        ("Children assessed by child mental health within eighteen weeks", "92%", ("81%", "79%", "84%", "88%"),
         "More children came than were planned for."),
    ),
    "DISAB": (("Families who had the short break they asked for", "85%", ("80%", "82%", "83%", "86%"), ""),),
}  # fmt: skip


def say_what_could_go_wrong(loading: Loading, fund: Fund) -> None:
    """The risks and the measures of a fund, as its year began."""
    at = loading.when(date(loading.year, 4, 8))
    by = loading.person(_POOL, at)
    for event, cause, effect, likelihood, owner, action in _RISKS[fund.code]:
        said = RiskSaid(event, cause, effect, likelihood, loading.posts[owner], action)
        raise_risk(fund=fund, said=said, by=by, at=at)
    for measure, target, _, _ in _MEASURES[fund.code]:
        add_outcome(fund=fund, measure=measure, target=target, starts_on=date(loading.year, 4, 1), by=by, at=at)


def say_where_it_stands(loading: Loading, fund: Fund, year: int, quarter: int, at: datetime) -> None:
    """Where each measure stood at the end of a quarter."""
    by = loading.person(_POOL, at)
    for row in FundOutcome.objects.filter(fund=fund).order_by("number"):
        _, _, stood, words = _MEASURES[fund.code][row.number - 1]
        say_actual(
            fund=fund, outcome=row, year=year, quarter=quarter, actual=stood[quarter - 1], narrative=words, by=by, at=at
        )


def dealt_with(loading: Loading, fund: Fund, at: datetime) -> None:
    """The posts were filled: that risk is closed once the year before is reported."""
    row = FundRisk.objects.select_related("fund").get(fund=fund, number=2)
    close_risk(
        fund=fund, risk=row, because="All three posts were filled in August.", by=loading.person(_POOL, at), at=at
    )
