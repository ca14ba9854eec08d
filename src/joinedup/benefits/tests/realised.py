"""A programme with a round whose benefits are taken up, a fund whose budget lines can be lowered, and a series that was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from joinedup.access.actor import Actor, system
from joinedup.access.roles import Role
from joinedup.benefits.lifecycle import BenefitState
from joinedup.benefits.models import (
    AvoidedEvent,
    BankEntry,
    Benefit,
    BusinessCase,
    InvestmentAgreement,
    Round,
)
from joinedup.benefits.realising import AVOIDED_KINDS, episode_of
from joinedup.benefits.services.avoided import EventSaid, claim_event
from joinedup.benefits.services.cases import begin_case, keep_round, take_over_model
from joinedup.benefits.services.realising import BankSaid, MoveSaid, bank_benefit, move_benefit, take_up_benefits
from joinedup.benefits.services.signing import SignatureSaid, sign_settlement
from joinedup.benefits.tests.factories import Run, make_programme
from joinedup.casework.tests.factories import make_case, make_family, make_person
from joinedup.core.models import new_id
from joinedup.funds import services as funds
from joinedup.funds.models import Posting
from joinedup.funds.tests.factories import Shared, make_open
from joinedup.organisations.tests.factories import AT, actor_of, make_post, make_team
from joinedup.outcomes.models import Series
from joinedup.outcomes.services import record_comparison
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

    def move(
        self, end: str, *, name: str = "SS1.0 COUNCIL", by: Actor | None = None, at: datetime = AT, **said: Any
    ) -> Benefit:
        """By the programme's manager, with everything a measured effect needs."""
        facts = {
            "reason": "The quarter's review.", "evidence": "Fewer came into care than in the towns beside us.",
            "series_id": self.series.pk, "level": 2, "worth_pence": 5_000_000,
            "differs": "The team worked with half of them.",
        }  # fmt: skip
        assert self.run.manager is not None
        return move_benefit(
            benefit=self.benefit(name),
            said=MoveSaid(BenefitState(end), **{**facts, **said}),
            by=by or self.run.manager,
            at=at,
        )

    def realise(self, *, name: str = "SS1.0 COUNCIL", pence: int = 5_000_000) -> Benefit:
        """Measured to be worth so much, with an event claimed for it where it rests on events."""
        self.move("emerging", name=name, worth_pence=0)
        row = self.move("realised", name=name, worth_pence=pence)
        if row.episode:
            self.claim(name=name)
        return row

    def claim(
        self, kind: str = "", *, name: str = "SS1.0 COUNCIL", again: AvoidedEvent | None = None, **days: date
    ) -> AvoidedEvent:
        """An event of somebody new, claimed by a key worker who leads their case; of the same person where `again`."""
        row = self.benefit(name)
        kind = kind or next(kind for kind in AVOIDED_KINDS if episode_of(kind) == row.episode)
        team = make_team(host=self.run.organisations["COUNCIL"])
        account, post = make_post(role=Role.KEY_WORKER, team=team, name="Key Testclaimer")
        person = again.person if again is not None else make_person()
        case = make_case(team=team, lead=post, family=make_family((person, "child")))
        said = EventSaid(
            person.pk, kind, days.get("starts_on", date(2026, 5, 1)), days.get("ends_on", date(2026, 6, 1)),
            "The panel did not need to meet.",
        )  # fmt: skip
        return claim_event(case=case, benefit=row, said=said, by=actor_of(account, AT), at=AT)

    def sign(self, row: InvestmentAgreement, *codes: str) -> InvestmentAgreement:
        """By the finance directors of these partners; of all of them unless said."""
        for code in codes or tuple(self.run.directors):
            said = SignatureSaid(self.run.organisations[code].pk, AT.date(), f"{code}, minute 4")
            sign_settlement(settlement=row, said=said, by=self.run.directors[code], at=AT)
        return row

    def put_back(self, pence: int) -> None:
        """The line is put up again, by a virement the other way."""
        self.reduce(pence, line="CAMHS-council", to="SHORT-council")

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


def make_realised(*, begun: datetime = AT) -> Realised:
    """The whole of it; the programme was set up and its benefits taken up at `begun`."""
    shared = make_open()
    run = make_programme(at=begun)
    by = system(begun)
    case = begin_case(strand=run.strands["families"], title="As agreed", by=by, at=begun)
    case = take_over_model(case=case, model=model(), version=case.version, source="a file", by=by, at=begun)
    kept = keep_round(case=case, why="", version=case.version, by=by, at=begun)
    made = take_up_benefits(programme=run.programme, by=by, at=begun)
    (series,) = make_series()
    read(series, (date(2026, 6, 30), "12"), (date(2026, 9, 30), "9"))
    named = {f"{each.code} {each.organisation.code}": each for each in made}
    record_comparison(
        series=series, level=2, words="Before and after.", other=None, before_on=None, after_on=None, by=BY, at=AT
    )
    return Realised(run, shared, case, kept, series, named)
