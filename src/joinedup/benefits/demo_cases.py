"""The demo's business cases, one for each strand. Every input is invented, and every page says so; unit costs are the quoted
figures of `engines.appraisal.cited`, or said to be invented beside them. What they come to is whatever the engine makes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from joinedup.access.actor import system
from joinedup.benefits.services import cases as services
from joinedup.engines.appraisal.cited import cited_shares, cited_unit_costs

if TYPE_CHECKING:
    from joinedup.benefits.models import BusinessCase, Programme

Data = dict[str, Any]
_CODES = {"Council": "COUNCIL", "NHS": "NHS", "Police": "POLICE"}
_RATINGS = {"R": "red", "A": "amber", "G": "green"}
_INVENTED = "Invented for the demonstration"


def load(programme: Programme, at: datetime, begun: datetime) -> None:
    """A case for every strand with its rounds; one more option that is finished and one that somebody is still writing. When
    the programme was begun every strand had its first round; what was reviewed again since is three weeks old."""
    by, one_day = system(at), timedelta(days=1)
    moments = (begun - 85 * one_day, begun - one_day, at - 24 * one_day)
    strands = {each.code: each for each in programme.strands.all()}
    for code, title, rounds in _CASES:
        if code not in strands:
            continue
        case = services.begin_case(strand=strands[code], title=title, by=by, at=moments[0])
        for (model, why), moment in zip(rounds, moments if len(rounds) > 2 else moments[1:], strict=False):
            case = _taken(case, model, moment)
            services.keep_round(case=case, why=why, version=case.version, by=by, at=moment)
            case.refresh_from_db()
    if "families" in strands:
        smaller = services.begin_case(strand=strands["families"], title="Families together, two teams", by=by, at=at)
        _taken(smaller, _families(people=300, teams=1_350_000, engagement=0.72, impact=0.25, transition=True), at)
    if "ageing" in strands:
        half = services.begin_case(strand=strands["ageing"], title="Ageing well, with telecare", by=by, at=at)
        values = {"intake_0": 400.0, "intake_1": 600.0, "grade": 4}
        services.save_part(case=half, part="who", place=0, values=values, seen=_mark(half, "who"), by=by, at=at)
        named = {"name": "Fewer falls at home", "code": "FALL", "prevalence": 0.3, "engagement": 0.8}
        services.save_part(case=half, part="changes", place=0, values=named, seen=_mark(half, "changes"), by=by, at=at)


def _mark(case: BusinessCase, part: str) -> str:
    from joinedup.benefits.case_building import mark_of

    return mark_of(part, case.model, 0)


def _taken(case: BusinessCase, model: Data, at: datetime) -> BusinessCase:
    return services.take_over_model(
        case=case, model=model, version=case.version, source="the demonstration", by=system(at), at=at
    )


def _whole(sizes: list[float], grade: int, costs: list[Data], benefits: list[Data]) -> Data:
    return {
        "years": 5, "discount": "green-book", "price_year": "2024", "cohort": {"size": sizes, "grade": grade},
        "costs": costs, "benefits": benefits,
    }  # fmt: skip


def _cost(code: str, name: str, amounts: list[float], grade: int, **agencies: float) -> Data:
    return {"code": code, "name": name, "amounts": amounts, "grade": grade, "agencies": agencies}


def _benefit(code: str, name: str, chain: tuple[float, ...], grade: int, **more: Any) -> Data:
    """A line worth one of the quoted figures. `chain` is prevalence, engagement, retention, impact, deadweight."""
    entry = cited_unit_costs()[code]
    keys = ("prevalence", "engagement", "retention", "impact", "deadweight")
    line: Data = {
        "code": code, "name": name, **dict(zip(keys, chain, strict=True)), "grade": grade,
        "unit_cost": {kind: price.value for kind, price in entry.prices.items()},
        "price_year": next(iter(entry.prices.values())).year, "source": entry.source, "rag": _RATINGS[entry.rag],
        "agencies": {_CODES.get(name, name): share for name, share in cited_shares(code).items()}, **more,
    }  # fmt: skip
    return line | ({"caveat": entry.caveat} if entry.caveat else {})


def _invented(
    code: str, name: str, chain: tuple[float, ...], grade: int, fiscal: float, agencies: Data, **more: Any
) -> Data:
    keys = ("prevalence", "engagement", "retention", "impact", "deadweight")
    return {
        "code": code, "name": name, **dict(zip(keys, chain, strict=True)), "grade": grade, "unit_cost": {"fiscal": fiscal},
        "price_year": "2024", "source": _INVENTED, "rag": "red", "agencies": agencies, **more,
    }  # fmt: skip


def _families(
    *, people: float, teams: float, engagement: float, impact: float, transition: bool, worse: int = 0
) -> Data:
    costs = [
        _cost("teams", "Locality teams with key workers", [teams * 0.8, *[teams] * 4], 2, COUNCIL=0.55, NHS=0.2, POLICE=0.15, HOUSING=0.1)
    ]  # fmt: skip
    if transition:
        amounts = [620_000.0, 240_000.0, 0.0, 0.0, 0.0]
        costs.append(_cost("change", "Training and its cover, one case record", amounts, 4, COUNCIL=0.7, NHS=0.3))
    benefits = [
        _benefit("SS1.0", "Children who do not come into care", (0.3, engagement, 0.85, impact, 0.25), 3 + worse, lag=1, drop_off=0.1, cashable=0.45),
        _benefit("CR2.0", "Domestic abuse incidents avoided", (2.1, engagement, 0.8, impact * 0.7, 0.3), 4, drop_off=0.2, cashable=0.05),
        _benefit("E&S1.0", "Children at school who were persistently absent", (0.5, engagement, 0.85, impact, 0.3), 3 + worse, drop_off=0.25),
        _benefit("HE12.0", "Children’s mental health treatment avoided", (0.4, engagement, 0.8, impact * 0.5, 0.3), 5, lag=1, drop_off=0.2),
    ]  # fmt: skip
    return _whole([people * 0.8, people, people, people, people], 2, costs, benefits)


_EARLY = _whole(
    [900.0, 1200.0, 1200.0, 1200.0, 1200.0], 2,
    [
        _cost("access", "Single access team", [740_000.0, 910_000.0, 910_000.0, 910_000.0, 910_000.0], 3, COUNCIL=0.6, NHS=0.25, POLICE=0.15),
        _cost("change", "Building, training and its cover, technology", [380_000.0, 90_000.0, 0.0, 0.0, 0.0], 4, COUNCIL=0.8, NHS=0.2),
    ],
    [
        _benefit("SS6.2", "Repeat referrals avoided", (1.4, 0.9, 0.9, 0.35, 0.2), 2, cashable=0.3, drop_off=0.15),
        _benefit("SS5.0", "Six months of a child in need avoided", (0.6, 0.78, 0.88, 0.36, 0.25), 3, cashable=0.35, drop_off=0.15),
        _benefit("SS1.0", "Children who do not come into care", (0.05, 0.75, 0.85, 0.32, 0.3), 4, lag=1, cashable=0.45, drop_off=0.1),
    ],
)  # fmt: skip
_WORK = _whole(
    [240.0, 320.0, 320.0, 320.0, 320.0], 3,
    [_cost("advisers", "Advisers and placements", [690_000.0, 820_000.0, 820_000.0, 820_000.0, 820_000.0], 3, COUNCIL=0.75, HOUSING=0.25)],
    [
        _benefit("E&E10.0", "Young people in work or learning", (1.0, 0.65, 0.75, 0.38, 0.35), 3, drop_off=0.2),
        _benefit("CR4.0", "First offences avoided", (0.12, 0.65, 0.75, 0.25, 0.3), 5, lag=1, drop_off=0.2),
    ],
)  # fmt: skip
_SAFER = _whole(
    [1160.0, 1160.0, 1160.0, 1160.0, 1160.0], 1,
    [
        _cost("advocates", "Advocates and work with perpetrators", [880_000.0, *[1_050_000.0] * 4], 2, POLICE=0.4, COUNCIL=0.35, NHS=0.15, HOUSING=0.1),
    ],
    [
        _benefit("CR2.0", "Domestic abuse incidents avoided", (2.2, 0.6, 0.7, 0.3, 0.2), 3, cashable=0.08, drop_off=0.2),
        _benefit("SS5.0", "Six months of a child in need avoided", (0.35, 0.6, 0.7, 0.25, 0.25), 4, cashable=0.3, drop_off=0.2),
    ],
)  # fmt: skip


def _ageing(engagement: float, why_grade: int) -> Data:
    return _whole(
        [1500.0, 1800.0, 1800.0, 1800.0, 1800.0], 2,
        [
            _cost("teams", "Community teams for older people", [2_100_000.0, *[2_450_000.0] * 4], 2, NHS=0.6, COUNCIL=0.4),
            _cost("change", "Joint record and training", [540_000.0, 180_000.0, 0.0, 0.0, 0.0], 4, NHS=0.5, COUNCIL=0.5),
        ],
        [
            _invented("ADM", "Unplanned hospital admissions avoided", (1.6, engagement, 0.85, 0.26, 0.2), why_grade, 2_900.0, {"NHS": 1.0}, cashable=0.15, drop_off=0.3),
            _invented("HOME", "Months in residential care avoided", (1.5, engagement, 0.85, 0.24, 0.25), why_grade + 1, 3_400.0, {"COUNCIL": 1.0}, cashable=0.5, lag=1, drop_off=0.2),
        ],
    )  # fmt: skip


_ASSETS = _whole(
    [4.0, 5.0, 3.0], 1,
    [
        _cost("works", "Shared buildings: works and moving", [3_900_000.0, 4_600_000.0, 1_400_000.0, 0.0, 0.0], 3, COUNCIL=0.6, NHS=0.25, POLICE=0.15),
        _cost("run", "Facilities team", [180_000.0] * 5, 2, COUNCIL=1.0),
    ],
    [
        _invented("BLDG", "Running a building that is given up", (1.0, 1.0, 1.0, 0.95, 0.15), 2, 310_000.0, {"COUNCIL": 0.65, "NHS": 0.2, "POLICE": 0.15}, cashable=0.9, lag=1),
    ],
)  # fmt: skip

_CASES: tuple[tuple[str, str, tuple[tuple[Data, str], ...]], ...] = (
    (
        "families", "Families together",
        (
            (_families(people=525, teams=2_250_000, engagement=0.9, impact=0.4, transition=False), ""),
            (
                _families(people=525, teams=2_250_000, engagement=0.78, impact=0.32, transition=True),
                "The first review asked for the cost of changing over, and for what other areas saw of take-up and effect.",
            ),
            (
                _families(people=500, teams=2_400_000, engagement=0.75, impact=0.3, transition=True, worse=1),
                "The finance directors held the evidence to be a grade weaker, and posts had been left out of the teams.",
            ),
        ),
    ),
    ("early", "Early support", ((_EARLY, "As the access team proposed it."),)),
    ("work", "Work-ready individuals", ((_WORK, "What it brings falls to bodies outside the partnership."),)),
    ("safer", "Safer communities", ((_SAFER, "As the police proposed it."),)),
    (
        "ageing", "Ageing well",
        (
            (_ageing(0.85, 3), ""),
            (_ageing(0.7, 4), "The pilot reached fewer people than planned, and is not a controlled comparison."),
        ),
    ),
    ("assets", "Integrated assets", ((_ASSETS, "It does not pay within five years, and is kept to say so."),)),
)  # fmt: skip
