"""Reading the framework: its layers and elements, the figures that speak for each, and the bands in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can, check
from joinedup.core.errors import NotVisible
from joinedup.governance.evidence import Figure, figure_named
from joinedup.governance.models import Element, FigureBand, Layer
from joinedup.governance.permissions import KEEP_FRAMEWORK, READ_PROGRESS


@dataclass(frozen=True)
class FigureOf:
    """A figure of an element, with its band in words; empty where none is set."""

    figure: Figure
    band: str
    source: str


@dataclass(frozen=True)
class ElementSeen:
    """An element with its figures."""

    row: Element
    figures: tuple[FigureOf, ...]
    owner: str

    @property
    def basis(self) -> str:
        """What speaks for it."""
        return "Evidence and judgement" if self.figures else "Judgement only"


@dataclass(frozen=True)
class FrameworkPage:
    """The layers in their order, each with its elements."""

    layers: tuple[tuple[Layer, tuple[ElementSeen, ...]], ...]
    may_keep: bool


def bands_on(viewer: Actor, day: date) -> dict[tuple[UUID, str], FigureBand]:
    """The bands in force on a day, by element and figure."""
    rows = FigureBand.objects.filter(starts_on__lte=day).order_by("starts_on")
    return {(each.element_id, each.figure): each for each in rows}


def band_words(figure: Figure, band: FigureBand) -> str:
    """`Green from 80 per cent, amber from 60 per cent`."""
    side = "from" if figure.is_more_better else "to"
    return f"Green {side} {figure.bound(band.green_from)}, amber {side} {figure.bound(band.amber_from)}"


def framework_page(viewer: Actor) -> FrameworkPage:
    """The framework as it stands."""
    check(viewer, READ_PROGRESS)
    rows = Element.objects.filter(ends_on=None).select_related("owner__account").prefetch_related("figures")
    bands = bands_on(viewer, timezone.localdate(viewer.at))
    by_layer: dict[UUID, list[ElementSeen]] = {}
    for each in rows.order_by("letter"):
        by_layer.setdefault(each.layer_id, []).append(_seen(each, bands))
    layers = tuple((each, tuple(by_layer.get(each.pk, ()))) for each in Layer.objects.order_by("position"))
    return FrameworkPage(layers, can(viewer, KEEP_FRAMEWORK))


def element_seen(viewer: Actor, element_id: UUID) -> ElementSeen:
    """One element."""
    row = element_for(viewer, element_id)
    return _seen(row, bands_on(viewer, timezone.localdate(viewer.at)))


def _seen(row: Element, bands: dict[tuple[UUID, str], FigureBand]) -> ElementSeen:
    figures = []
    for each in sorted(row.figures.all(), key=lambda one: one.figure):
        found, band = figure_named(each.figure), bands.get((row.pk, each.figure))
        if found is not None:
            figures.append(FigureOf(found, band_words(found, band) if band else "", band.source if band else ""))
    return ElementSeen(row, tuple(figures), row.owner.account.name if row.owner else "")


def element_for(viewer: Actor, element_id: UUID) -> Element:
    """One element, to hand to a service."""
    check(viewer, READ_PROGRESS)
    rows = Element.objects.select_related("layer", "owner__account").prefetch_related("figures")
    found = rows.filter(pk=element_id).first()
    if found is None:
        raise NotVisible
    return found


def layers_to_choose(viewer: Actor) -> list[Layer]:
    """The layers in their order."""
    check(viewer, READ_PROGRESS)
    return list(Layer.objects.order_by("position"))
