"""The framework: begun with the standard elements, then changed by the partnership; its bands, which a board sets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.guard import note, service
from joinedup.core.formats import date_long
from joinedup.core.models import claim_version
from joinedup.governance import rules
from joinedup.governance.evidence import figure_named
from joinedup.governance.framework_colours import is_band
from joinedup.governance.framework_standard import LAYERS, STANDARD
from joinedup.governance.models import Board, Element, ElementFigure, FigureBand, Layer
from joinedup.governance.permissions import KEEP_FRAMEWORK, SET_BAND

if TYPE_CHECKING:
    from joinedup.organisations.models import Post


@dataclass(frozen=True)
class ElementSaid:
    """What is said of an element. `figures` are names of `evidence`."""

    letter: str
    name: str
    words: str = ""
    judged: str = ""
    figures: tuple[str, ...] = ()


@service(KEEP_FRAMEWORK)
def begin_framework(*, starts_on: date, by: Actor, at: datetime) -> list[Element]:
    """Begin with the four layers and the 23 standard elements. Refuses where there is a framework (GV-501)."""
    if Layer.objects.exists():
        raise rules.FRAMEWORK_BEGUN.refused()
    layers = {
        code: Layer.objects.create(code=code, name=name, position=place) for place, (code, name) in enumerate(LAYERS)
    }
    made = []
    for each in STANDARD:
        element = Element.objects.create(
            layer=layers[each.layer], letter=each.letter, name=each.name, judged=each.judged, starts_on=starts_on
        )
        ElementFigure.objects.bulk_create(ElementFigure(element=element, figure=name) for name in each.figures)
        made.append(element)
    note(changed=("framework",), words={"elements": len(made)})
    return made


@service(KEEP_FRAMEWORK)
def add_element(
    *, layer: Layer, said: ElementSaid, owner: Post | None, starts_on: date, by: Actor, at: datetime
) -> Element:
    """One element more. Refuses GV-502 to GV-504."""
    letter = _judge(said)
    if Element.objects.filter(letter=letter, ends_on=None).exists():
        raise rules.ELEMENT_LETTER.refused(letter=letter)
    made = Element.objects.create(
        layer=layer, letter=letter, name=said.name.strip()[:160], words=said.words.strip(), judged=said.judged.strip(),
        owner=owner, starts_on=starts_on,
    )  # fmt: skip
    _set_figures(made, said.figures)
    note(subject=made, changed=("element",))
    return made


@service(KEEP_FRAMEWORK)
def change_element(
    *, element: Element, said: ElementSaid, owner: Post | None, version: int, by: Actor, at: datetime
) -> Element:
    """Its name, what is asked for, what is judged, who answers for it and which figures speak for it. Reports that are
    published stay as they were. Refuses GV-502 to GV-505 and over what somebody else changed (CO-1)."""
    letter = _judge(said)
    if element.ends_on is not None:
        raise rules.ELEMENT_ENDED.refused(day=date_long(element.ends_on))
    if Element.objects.filter(letter=letter, ends_on=None).exclude(pk=element.pk).exists():
        raise rules.ELEMENT_LETTER.refused(letter=letter)
    claim_version(element, version)
    element.letter, element.name = letter, said.name.strip()[:160]
    element.words, element.judged, element.owner = said.words.strip(), said.judged.strip(), owner
    element.save(update_fields=["letter", "name", "words", "judged", "owner"])
    _set_figures(element, said.figures)
    note(subject=element, changed=("element",))
    return element


@service(KEEP_FRAMEWORK)
def end_element(*, element: Element, by: Actor, at: datetime) -> Element:
    """It is asked for no longer, from tomorrow on; reports that had it keep it. Refuses GV-505."""
    locked = Element.objects.select_for_update(of=("self",)).get(pk=element.pk)
    if locked.ends_on is not None:
        raise rules.ELEMENT_ENDED.refused(day=date_long(locked.ends_on))
    locked.ends_on = max(timezone.localdate(at), locked.starts_on)
    locked.save(update_fields=["ends_on"])
    note(changed=("ends_on",))
    return locked


@service(SET_BAND, on="board")
def set_band(
    *, board: Board, element: Element, figure: str, green_from: Decimal, amber_from: Decimal, source: str, starts_on: date,
    by: Actor, at: datetime,
) -> FigureBand:  # fmt: skip
    """Write down from which value on a figure is green and amber for an element, for periods that begin on a day or later;
    the day is not over yet, so that nobody draws the band round the value. Refuses GV-506 to GV-510."""
    found = figure_named(figure)
    if found is None or not element.figures.filter(figure=figure).exists():
        raise rules.BAND_FIGURE.refused()
    if not is_band(green_from, amber_from, is_more_better=found.is_more_better):
        raise rules.BAND_ORDER.refused(which="above" if found.is_more_better else "below")
    if not source.strip():
        raise rules.BAND_SOURCE.refused()
    day = timezone.localdate(at)
    if starts_on < day:
        raise rules.BAND_LATE.refused()
    if FigureBand.objects.filter(element=element, figure=figure, starts_on__gte=starts_on).exists():
        raise rules.BAND_DAY.refused()
    made = FigureBand.objects.create(
        element=element, figure=figure, green_from=green_from, amber_from=amber_from, board=board, source=source.strip()[:300],
        starts_on=starts_on, set_on=day, set_at=at, set_by=by.account_id,
    )  # fmt: skip
    note(subject=element, changed=("bands",), words={"figure": figure, "green_from": str(green_from)})
    return made


def _judge(said: ElementSaid) -> str:
    letter = said.letter.strip().upper()
    if not letter.isalnum() or len(letter) > 3:
        raise rules.ELEMENT_LETTER_WRONG.refused()
    if not said.name.strip():
        raise rules.ELEMENT_NAME.refused()
    return letter


def _set_figures(element: Element, names: Iterable[str]) -> None:
    wanted = {name for name in names if figure_named(name)}
    there = set(element.figures.values_list("figure", flat=True))
    element.figures.exclude(figure__in=wanted).delete()
    ElementFigure.objects.bulk_create(ElementFigure(element=element, figure=name) for name in sorted(wanted - there))
