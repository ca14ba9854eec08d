"""The partnership's outcomes in the demo: two that were published of Swindon, and what Joinedup counts of the demo's own work.

Of Swindon only four numbers are published: young people not in education, employment or training "from around 9% last year to
6% this year" in one locality, and year-six obesity "from 19% in 2008 to 16.5% a year later". Everything else is invented and
every page of it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from joinedup.access.actor import Actor, system
from joinedup.access.queries import actor_for_account
from joinedup.organisations.queries import demo_people, localities
from joinedup.outcomes import services
from joinedup.outcomes.codes import ILLUSTRATION
from joinedup.outcomes.counting import COUNTERS, period_of
from joinedup.outcomes.models import Cohort, PartnershipMeasure, PartnershipOutcome, Series
from joinedup.outcomes.services.series import NewPartnershipMeasure
from joinedup.outcomes.valuing import Said

_KEEPER = "Perry Testplan"
_PUBLISHED = "Published of Swindon: {what}. The number of young people behind it is invented"
_INVENTED = "Invented for the illustration"
# Young people of 1,200 by quarter from April 2008: in the locality, and in a town like it that did not change its ways.
_NEET = (110, 106, 111, 108, 112, 107, 110, 108, 99, 89, 80, 72)
_ELSEWHERE = (109, 112, 107, 111, 110, 108, 113, 109, 108, 105, 107, 104)
_YOUNG = 1200
# Per cent of children in year six, by school year from 2003 to 2004.
_OBESE = ("18.1", "18.6", "18.2", "18.8", "19", "16.5")


def load(*, at: datetime) -> None:
    """Two measures of Swindon, and every measure Joinedup counts, in the whole partnership and each locality."""
    by = _keeper(at)
    everybody = Cohort.objects.get(code="ALL")
    work = services.add_outcome(
        code="WORK", name="Young people learn and work", words="More of those aged 16 and over are in education, employment or training.",
        entry="ECM5", by=by, at=at,
    )  # fmt: skip
    well = services.add_outcome(code="HEALTHY", name="Children are healthy", words="", entry="ECM1", by=by, at=at)
    _young_people(work, everybody, by, at)
    _obesity(well, everybody, by, at)
    _live(everybody, by, at)
    services.count_readings(by=system(at), at=at)


def _keeper(at: datetime) -> Actor:
    """Whoever runs the programme writes it down; the program itself where nobody does."""
    found = next((each for _, some in demo_people(system(at)) for each in some if each.name == _KEEPER), None)
    actor = actor_for_account(found.account_id, at=at) if found else None
    return actor or system(at)


def _young_people(outcome: PartnershipOutcome, everybody: Cohort, by: Actor, at: datetime) -> None:
    measure = _measure(
        outcome, "NEET-SWINDON", "Young people not in education, employment or training, Swindon",
        "Of the young people aged 16 to 18 of one locality of Swindon, those who neither learned nor worked at the end of the quarter.",
        "quarter", by, at,
    )  # fmt: skip
    town = services.add_cohort(
        code="LIKE-IT", name="A town like it", definition="Invented: a town of the same size that kept its services apart.",
        youngest=None, oldest=None, by=by, at=at,
    )  # fmt: skip
    here, there = (
        services.add_series(measure=measure, cohort=cohort, areas=[None], starts_on=None, by=by, at=at)[0]
        for cohort in (everybody, town)
    )
    ends = _quarters(len(_NEET))
    published = {ends[7]: "around 9% last year", ends[11]: "6% this year"}
    for series, numbers in ((here, _NEET), (there, _ELSEWHERE)):
        for day, number in zip(ends, numbers, strict=True):
            told = published.get(day, "") if series is here else ""
            source = _PUBLISHED.format(what=told) if told else _INVENTED
            _read(series, Said(period_of("quarter", day)[0], day, None, source, Decimal(number), _YOUNG), by, at)
    first = Said(
        period_of("quarter", ends[7])[0],
        ends[7],
        None,
        _PUBLISHED.format(what=published[ends[7]]),
        Decimal(108),
        _YOUNG,
    )
    services.set_baseline(series=here, said=first, reason="", by=by, at=at)
    services.set_trajectory(series=here, starts_on=ends[7], targets={ends[11]: Decimal("6.5")}, reason="", by=by, at=at)
    services.record_comparison(
        series=here, level=3, words="Invented: the two towns are of one size and had the same share for two years before.",
        other=there, before_on=ends[7], after_on=None, by=by, at=at,
    )  # fmt: skip


def _quarters(many: int) -> list[date]:
    """The last days of so many quarters, from the one that ended in March 2008 to December 2010."""
    months = ((3, 31), (6, 30), (9, 30), (12, 31))
    return [date(2008 + place // 4, *months[place % 4]) for place in range(many)]


def _obesity(outcome: PartnershipOutcome, everybody: Cohort, by: Actor, at: datetime) -> None:
    measure = _measure(
        outcome, "OBESE-SWINDON", "Children in year six who are obese, Swindon",
        "Of the children of Swindon measured in year six, those who were obese.", "year", by, at,
    )  # fmt: skip
    (series,) = services.add_series(measure=measure, cohort=everybody, areas=[None], starts_on=None, by=by, at=at)
    published = {2008: "19% in 2008", 2009: "16.5% a year later"}
    said = {}
    for place, value in enumerate(_OBESE):
        year = 2004 + place
        source = f"Published of Swindon: {published[year]}" if year in published else _INVENTED
        said[year] = Said(date(year - 1, 9, 1), date(year, 8, 31), Decimal(value), source)
        _read(series, said[year], by, at)
    services.set_baseline(series=series, said=said[2008], reason="", by=by, at=at)
    services.set_trajectory(
        series=series, starts_on=date(2008, 8, 31), targets={date(2010, 8, 31): Decimal(16)}, reason="", by=by, at=at
    )
    services.record_comparison(
        series=series, level=2, words="Measured before and after. No other place was measured beside it.", other=None,
        before_on=None, after_on=None, by=by, at=at,
    )  # fmt: skip


def _measure(
    outcome: PartnershipOutcome, code: str, name: str, definition: str, frequency: str, by: Actor, at: datetime
) -> PartnershipMeasure:
    said = NewPartnershipMeasure(
        code=code, name=name, definition=definition, form="share", unit="per cent", direction="down",
        source="An article on Swindon’s pooled budgets and integrated teams; what it does not say is invented",
        frequency=frequency, stamp=ILLUSTRATION,
    )  # fmt: skip
    return services.add_partnership_measure(outcome=outcome, measure=said, by=by, at=at)


def _read(series: Series, said: Said, by: Actor, at: datetime) -> None:
    services.write_reading(series=series, said=said, reason="", by=by, at=at)


# Outcome of a framework, the outcome's name, and the counters that measure it.
_LIVE: tuple[tuple[str, str, str, str, Sequence[str]], ...] = (
    ("LASTING", "Change that lasts", "Families reach what they set out for, and it lasts.", "SF5",
     ("distance_travelled", "step_downs", "rereferrals", "sustained")),
    ("SAFE", "Children are safe at home", "Fewer children need to come into care.", "ECM2", ("care_entries",)),
    ("LEARN", "Children and young people learn", "They attend school, and go on to learn or work.", "ECM3",
     ("attendance", "not_in_education")),
)  # fmt: skip
# What the partnership wants, in per cent, and the years ahead by which: the first return is not due for a year.
_WANTED = {"distance_travelled": (Decimal(70), 2), "rereferrals": (Decimal(10), 2), "not_in_education": (Decimal(6), 3)}


def _live(everybody: Cohort, by: Actor, at: datetime) -> None:
    places = [None, *localities(by)]
    begins = date(at.year + 1, 4, 1)
    for code, name, words, entry, counters in _LIVE:
        outcome = services.add_outcome(code=code, name=name, words=words, entry=entry, by=by, at=at)
        for counter in counters:
            said = NewPartnershipMeasure(
                code=counter.replace("_", "-").upper()[:20], name=COUNTERS[counter].name, definition=COUNTERS[counter].how,
                form="", unit="", direction="", source="Joinedup’s own record of the work", frequency="quarter", counter=counter,
                places=0 if COUNTERS[counter].form == "count" else 1,
            )  # fmt: skip
            measure = services.add_partnership_measure(outcome=outcome, measure=said, by=by, at=at)
            made = services.add_series(measure=measure, cohort=everybody, areas=places, starts_on=begins, by=by, at=at)
            if counter in _WANTED:
                value, years = _WANTED[counter]
                targets = {date(begins.year + years, 3, 31): value}
                services.set_trajectory(series=made[0], starts_on=begins, targets=targets, reason="", by=by, at=at)
