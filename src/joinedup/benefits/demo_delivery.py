"""How the demo's strands are delivered: invented posts, pay and costs, with something that nobody has promised yet."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.benefits import services
from joinedup.benefits.lifecycle import CostKind, DeliveryState
from joinedup.benefits.services import StaffSaid

if TYPE_CHECKING:
    from uuid import UUID

    from joinedup.benefits.models import DeliveryModel, Programme, Strand
    from joinedup.organisations.models import Organisation

_PAY = (
    ("Manager", 62_400), ("Key worker", 41_300), ("Support worker", 32_800), ("Health visitor", 47_900),
    ("Police officer", 54_600), ("Adviser", 36_700), ("Nurse", 49_200),
)  # fmt: skip
_LATER = (("Key worker", 42_500), ("Health visitor", 49_100))
# Strand: name, words, grade, staff (agency, grade, base, people, full-time posts), costs (kind, name, thousands a year,
# whether nobody has promised it), and which per cent of every year each partner pays.
_MODELS = (
    (
        "families", "Key workers in three locality teams", "One key worker and one plan for each family, in three places.",
        3,
        (("COUNCIL", "Manager", "Exampleshire House", 3, "3"), ("COUNCIL", "Key worker", "Alder Family Hub", 14, "12.8"),
         ("NHS", "Health visitor", "Birch Children’s Centre", 5, "4.2"), ("POLICE", "Police officer", "Elder Family Hub", 3, "3"),
         ("JOBCENTRE", "Adviser", "Elder Family Hub", 2, "1.5")),
        ((CostKind.FEASIBILITY, "Design with families and practitioners", (85,), False),
         (CostKind.TRAINING, "Training in one way of working", (120, 40), False),
         (CostKind.TRAINING_COVER, "Cover while staff are trained", (95,), False),
         (CostKind.TECHNOLOGY, "One record for every agency", (210, 60), True),
         (CostKind.RUNNING, "Rooms, travel and families’ own budgets", (140, 140, 145, 145, 150), False)),
        (("COUNCIL", 52), ("NHS", 18), ("POLICE", 16), ("JOBCENTRE", 6), ("HOUSING", 4)),
    ),
    (
        "early", "A single front door with early support", "Agencies compare notes on a contact on the day it comes.", 3,
        (("COUNCIL", "Manager", "Exampleshire House", 1, "1"), ("COUNCIL", "Support worker", "Exampleshire House", 8, "7.2"),
         ("NHS", "Nurse", "Exampleshire House", 2, "1.6")),
        ((CostKind.BUILDING, "Rooms for agencies that sit together", (160,), False),
         (CostKind.TRAINING, "Training", (30, 10), False),
         (CostKind.RUNNING, "Rooms and telephones", (48, 48, 49, 49, 50), False)),
        (("COUNCIL", 70), ("NHS", 20), ("POLICE", 10)),
    ),
    (
        "safer", "Advisers beside officers", "An adviser comes with the officer, and stays.", 4,
        (("POLICE", "Police officer", "Elder Family Hub", 4, "4"), ("PROBATION", "Adviser", "Elder Family Hub", 3, "2.4")),
        ((CostKind.TRAINING, "Training in risk and safety planning", (45, 15), False),
         (CostKind.OTHER, "Moving files between police and probation", (25,), True)),
        (("POLICE", 60), ("PROBATION", 25), ("COUNCIL", 15)),
    ),
    (
        "work", "Work coaches in children’s centres", "A coach where families are anyway.", 4,
        (("JOBCENTRE", "Adviser", "Alder Family Hub", 6, "5.4"),),
        ((CostKind.RUNNING, "Courses and childcare", (120, 120, 120, 120, 120), False),),
        (("JOBCENTRE", 80), ("COUNCIL", 20)),
    ),
    (
        "ageing", "Nurses and carers in one team", "People with long-term conditions are kept well at home.", 4,
        (("NHS", "Nurse", "Mock Lane", 12, "10.6"), ("COUNCIL", "Support worker", "Mock Lane", 9, "8.1")),
        ((CostKind.TECHNOLOGY, "Telecare", (180, 90), False),),
        (("NHS", 55), ("COUNCIL", 40)),
    ),
    (
        "assets", "Fewer buildings, used together", "Services first, then the floors they leave.", 5,
        (("HOUSING", "Manager", "Exampleshire House", 1, "1"),),
        ((CostKind.FEASIBILITY, "Survey of floors", (60,), False), (CostKind.BUILDING, "Conversion", (0, 420, 260), True)),
        (("HOUSING", 50), ("COUNCIL", 50)),
    ),
)  # fmt: skip


def load(
    programme: Programme, strands: dict[str, Strand], partners: dict[str, Organisation], *, by: Actor, at: datetime
) -> None:
    """The pay table, a chosen model for every strand, and one that is still being drawn up."""
    first = programme.starts_on
    for rows, day in ((_PAY, first), (_LATER, date(first.year + 2, first.month, first.day))):
        for post, pounds in rows:
            services.set_pay(
                programme=programme, grade=post, annual_pence=pounds * 100, starts_on=day, source="Illustration: invented",
                by=by, at=at,
            )  # fmt: skip
    last = programme.years - 1
    for code, name, words, grade, staff, costs, shares in _MODELS:
        model = services.draw_up_delivery(strand=strands[code], name=name, words=words, grade=grade, by=by, at=at)
        for agency, title, base, people, full in staff:
            said = StaffSaid(partners[agency], title, base, people, Decimal(full), 0, last)
            services.add_staff(model=model, said=said, by=by, at=at)
        for kind, called, thousands, is_unfunded in costs:
            amounts = [each * 100_000 for each in (*thousands, *(0,) * programme.years)[: programme.years]]
            services.add_delivery_cost(
                model=model, kind=kind, name=called, amounts=amounts, is_unfunded=is_unfunded, by=by, at=at
            )
        of_year = {partners[agency].pk: percent * 100 for agency, percent in shares}
        services.apportion_funding(
            model=model, shares=dict.fromkeys(range(programme.years), of_year), version=model.version, by=by, at=at
        )
        if code == "families":
            _reviewed(model, partners, of_year, programme.years, by, at)
        services.move_delivery(model=model, end=DeliveryState.CHOSEN, by=by, at=at)
    other = services.draw_up_delivery(
        strand=strands["families"], name="Key workers of a voluntary provider", words="The same work, bought.", grade=5,
        by=by, at=at,
    )  # fmt: skip
    services.add_delivery_cost(
        model=other, kind=CostKind.RUNNING, name="Contract", amounts=[105_000_000] * programme.years, is_unfunded=True,
        by=by, at=at,
    )  # fmt: skip


def _reviewed(
    model: DeliveryModel,
    partners: dict[str, Organisation],
    shares: dict[UUID, int],
    years: int,
    by: Actor,
    at: datetime,
) -> None:
    """The first strand's model went through rounds of review: what the partners first offered, and what they came to."""
    services.keep_delivery_version(
        model=model, why="As the partners first offered.", version=model.version, by=by, at=at
    )
    services.add_delivery_cost(
        model=model, kind=CostKind.TRAINING_COVER, name="Cover while health visitors are trained",
        amounts=[3_500_000, *(0,) * (years - 1)], is_unfunded=True, by=by, at=at,
    )  # fmt: skip
    services.keep_delivery_version(
        model=model, why="Health visitors cannot be trained without cover, which nobody had counted.", version=model.version,
        by=by, at=at,
    )  # fmt: skip
    later = {**shares, partners["NHS"].pk: shares[partners["NHS"].pk] + 200}
    services.apportion_funding(
        model=model,
        shares={year: later if year else shares for year in range(years)},
        version=model.version,
        by=by,
        at=at,
    )
    services.keep_delivery_version(
        model=model, why="The health service takes on two hundredths more from the second year: it gains most from then on.",
        version=model.version, by=by, at=at,
    )  # fmt: skip
