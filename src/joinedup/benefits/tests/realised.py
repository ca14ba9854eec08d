"""A programme with a round whose benefits are taken up, a fund whose budget lines can be lowered, and a series that was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from joinedup.access.actor import Actor, system
from joinedup.benefits.lifecycle import BenefitState
from joinedup.benefits.models import BankEntry, Benefit, BusinessCase, Round
from joinedup.benefits.services.cases import begin_case, keep_round, take_over_model
from joinedup.benefits.services.realising import BankSaid, MoveSaid, bank_benefit, move_benefit, take_up_benefits
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.core.models import new_id
from joinedup.funds import services as funds
from joinedup.funds.models import Posting
from joinedup.funds.tests.factories import Shared, make_open
from joinedup.organisations.tests.factories import AT
from joinedup.outcomes.models import Series
from joinedup.outcomes.tests.factories import make_series, read

BY = system(AT)


def model(size: float = 100.0) -> dict[str, Any]:
    """Care avoided, £200,000 a year for the council, half of it cashable; and from year three £40,000 shared by two."""
    line = {
        "prevalence": 0.1, "engagement": 1.0, "retention": 1.0, "impact": 0.5, "deadweight": 0.2, "grade": 1, "drop_off": 0.0,
    }  # fmt: skip
    return {
        "name": "Families together", "years": 5, "discount": "green-book",
        "cohort": {"size": size},
        "costs": [
            {"name": "Team", "amounts": [100_000.0] * 5, "grade": 1, "agencies": {"COUNCIL": 0.6, "NHS": 0.3, "POLICE": 0.1}}
        ],
        "benefits": [
            line | {"code": "SS1.0", "name": "Children in care", "lag": 0, "cashable": 0.5,
                    "unit_cost": {"fiscal": 50_000.0}, "agencies": {"COUNCIL": 1.0}},
            line | {"code": "CR2.0", "name": "Violence at home", "lag": 2, "cashable": 0.25,
                    "unit_cost": {"fiscal": 10_000.0}, "agencies": {"NHS": 0.5, "POLICE": 0.5}},
        ],
    }  # fmt: skip


@dataclass
class Realised:
    """Everything by a short name."""

    run: Run
    shared: Shared
    case: BusinessCase
    round: Round
    series: Series
    benefits: dict[str, Benefit]

    def benefit(self, name: str = "SS1.0 COUNCIL") -> Benefit:
        """As it is now."""
        return Benefit.objects.select_related("case__strand", "organisation").get(pk=self.benefits[name].pk)

    def move(self, end: str, *, name: str = "SS1.0 COUNCIL", by: Actor | None = None, **said: Any) -> Benefit:
        """By the programme's manager, with everything a measured effect needs."""
        facts = {
            "reason": "The quarter's review.", "evidence": "Fewer came into care than in the towns beside us.",
            "series_id": self.series.pk, "level": 3, "worth_pence": 5_000_000,
        }  # fmt: skip
        assert self.run.manager is not None
        return move_benefit(
            benefit=self.benefit(name),
            said=MoveSaid(BenefitState(end), **{**facts, **said}),
            by=by or self.run.manager,
            at=AT,
        )

    def realise(self, *, name: str = "SS1.0 COUNCIL", pence: int = 5_000_000) -> Benefit:
        """Measured to be worth so much."""
        self.move("emerging", name=name, worth_pence=0)
        return self.move("realised", name=name, worth_pence=pence)

    def reduce(self, pence: int = 3_000_000, line: str = "SHORT-council", to: str = "CAMHS-council") -> int:
        """A virement lowers a line; returns the posting that did."""
        asked = funds.ask_virement(
            from_line=self.shared.lines[line], to_line=self.shared.lines[to], pence=pence, reason="Fewer placements.",
            by=BY, at=AT,
        )  # fmt: skip
        asked.refresh_from_db()
        if asked.state == "asked":
            funds.approve_virement(virement=asked, decision="Cabinet, minute 3", by=BY, at=AT)
        posting = Posting.objects.filter(line=self.shared.lines[line], book="budget", pence=-pence).latest("pk")
        return posting.pk

    def bank(
        self,
        posting: int,
        pence: int,
        *,
        name: str = "SS1.0 COUNCIL",
        key: str = "",
        by: Actor | None = None,
        **said: Any,
    ) -> BankEntry:
        """By the gaining partner's finance director."""
        director = by or self.run.directors[name.split()[1]]
        facts = {"reason": "Two placements fewer were bought.", **said}
        return bank_benefit(
            benefit=self.benefit(name),
            said=BankSaid(posting, pence, **facts),
            key=key or str(new_id()),
            by=director,
            at=AT,
        )


def make_realised() -> Realised:
    """The whole of it."""
    shared = make_open()
    run = make_programme()
    assert run.manager is not None
    case = begin_case(strand=run.strands["families"], title="As agreed", by=run.manager, at=AT)
    case = take_over_model(case=case, model=model(), version=case.version, source="a file", by=run.manager, at=AT)
    kept = keep_round(case=case, why="", version=case.version, by=run.manager, at=AT)
    made = take_up_benefits(programme=run.programme, by=run.manager, at=AT)
    (series,) = make_series()
    read(series, (date(2026, 6, 30), "12"), (date(2026, 9, 30), "9"))
    named = {f"{each.code} {each.organisation.code}": each for each in made}
    return Realised(run, shared, case, kept, series, named)
