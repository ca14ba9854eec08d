"""The tables of parameters a programme's results rest on, and the figures its benefits are worth: with their source, their
date, and whether somebody held them against it. They stand beside every page whose results they touch."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import check
from joinedup.benefits import costing
from joinedup.benefits.case_building import label_of
from joinedup.benefits.case_figures import Kind, shown
from joinedup.benefits.lifecycle import StrandState
from joinedup.benefits.models import Programme, Round
from joinedup.benefits.permissions import READ_PROGRAMMES
from joinedup.engines.appraisal.tables import OLD_PRICE, first_year


@dataclass(frozen=True)
class ParameterSeen:
    """A table of parameters, and the strands whose newest round rests on it."""

    title: str
    source: str
    dated: str
    is_verified: bool
    in_force: bool
    note: str
    strands: tuple[str, ...]


@dataclass(frozen=True)
class FigureSeen:
    """What one event or year of a benefit is worth, and where the figure is from."""

    strand: str
    benefit: str
    worth: str
    price_year: str
    source: str
    rag: str
    is_old: bool


@dataclass(frozen=True)
class ParametersSeen:
    """Everything the newest rounds of a programme's open strands rest on."""

    tables: tuple[ParameterSeen, ...]
    figures: tuple[FigureSeen, ...]

    def as_content(self) -> dict[str, Any]:
        """As a frozen pack holds them, so that it says in years to come what it rested on."""
        return {
            "parameters": [asdict(each) for each in self.tables], "unit_costs": [asdict(each) for each in self.figures]
        }  # fmt: skip

    @property
    def unverified(self) -> int:
        """How many tables nobody has held against their source."""
        return sum(not each.is_verified for each in self.tables)


def parameters_of_programme(viewer: Actor, programme_id: UUID) -> ParametersSeen:
    """The parameters behind a programme's results: those of the newest round of each open strand. One statement."""
    check(viewer, READ_PROGRAMMES)
    rows = Round.objects.filter(
        case__strand__programme_id=programme_id, case__strand__programme__in=Programme.objects.visible_to(viewer),
        case__strand__state=StrandState.OPEN, case__withdrawn_at=None,
    ).order_by("case__strand__position", "-kept_at", "-number", "-pk")  # fmt: skip
    newest: dict[UUID, tuple[str, Any, Any]] = {}
    for strand_id, name, model, tables in rows.values_list(
        "case__strand_id", "case__strand__name", "model", "results__parameters"
    ):
        newest.setdefault(strand_id, (name, model, tables))
    found: dict[tuple[str, str], ParameterSeen] = {}
    figures: list[FigureSeen] = []
    year = costing.quarter_on(timezone.localdate(viewer.at))[0]
    for name, model, tables in newest.values():
        for each in tables or ():
            key = (each["name"], each["title"])
            before = found[key].strands if key in found else ()
            found[key] = ParameterSeen(
                each["title"],
                each["source"],
                each["dated"],
                each["verified"],
                each["in_force"],
                each["note"],
                (*before, name),
            )
        figures += [_figure(name, line, place, model, year) for place, line in enumerate(model.get("benefits", ()))]
    return ParametersSeen(tuple(found.values()), tuple(figures))


def _by_kind(unit_cost: dict[str, float]) -> list[tuple[str, float]]:
    """Public purses first."""
    return [(kind, unit_cost.get(kind) or 0) for kind in ("fiscal", "economic", "social")]


def _figure(strand: str, line: dict[str, Any], place: int, model: dict[str, Any], year: int) -> FigureSeen:
    worth = "; ".join(
        f"{kind} {shown(Kind.POUNDS, value)}" for kind, value in _by_kind(line.get("unit_cost", {})) if value
    ).capitalize()
    of_year = str(line.get("price_year") or model.get("price_year") or "")
    return FigureSeen(
        strand, label_of(line, place), worth or "Nothing", of_year or "not said", line.get("source") or "no source given",
        line.get("rag") or "not rated", bool(of_year) and year - first_year(of_year) > OLD_PRICE,
    )  # fmt: skip
