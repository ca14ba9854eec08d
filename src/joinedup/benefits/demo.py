"""The demo's programme: six strands, every figure of it invented and said to be."""

from __future__ import annotations

from datetime import date, datetime

from joinedup.access.actor import system
from joinedup.benefits import demo_cases, services
from joinedup.benefits.services import ProgrammeSaid, StrandSaid
from joinedup.organisations.queries import open_organisations

STRANDS = (
    ("families", "Families together", "COUNCIL"),
    ("early", "Early support", "COUNCIL"),
    ("work", "Work-ready individuals", "COUNCIL"),
    ("safer", "Safer communities", "POLICE"),
    ("ageing", "Ageing well", "NHS"),
    ("assets", "Integrated assets", "COUNCIL"),
)


def load(*, at: datetime) -> None:
    """Set the programme up with its strands."""
    by = system(at)
    partners = {
        each.code: each for each in open_organisations(by) if each.code in {"COUNCIL", "NHS", "POLICE", "HOUSING"}
    }
    said = ProgrammeSaid(
        "Altogether better", "One budget and one plan for what the partners do for the same families.",
        date(at.year, 4, 1), 5, is_illustration=True,
    )  # fmt: skip
    order = [partners[code] for code in ("COUNCIL", "NHS", "POLICE", "HOUSING") if code in partners]
    programme = services.set_up_programme(said=said, partners=order, by=by, at=at)
    for code, name, sponsor in STRANDS:
        services.add_strand(programme=programme, said=StrandSaid(code, name, "It has most to gain."), sponsor=partners[sponsor], by=by, at=at)
    demo_cases.load(programme, at)
