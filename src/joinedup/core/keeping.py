"""What holds words about a matter, and how they go when the time for keeping them is over. Each part lists its own tables in
its `apps.py`; whoever answers for the matter counts and destroys them together. A test walks every text column of every table
that hangs on a matter: one that nobody has placed here fails it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, IntegerField, Q, QuerySet, Value

DESTROYED = "Words destroyed"  # stands where words stood, so that a page says why it is empty
Roots = Mapping[str, "list[UUID]"]
_TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)


@dataclass(frozen=True)
class Holding:
    """One table with words. `by` leads from it to the record of `of` it belongs to: a lookup (`plan__case`), `pk` where it is
    that record, or `KIND|ID`, the two columns that name it by kind and id. `words` go; `stays` says why each of the other text
    columns does not. A column with choices is a code, and stays."""

    model: str
    name: str  # as the page counts it: “reviews”
    by: str
    words: tuple[str, ...] = ()
    stays: Mapping[str, str] = field(default_factory=dict)
    of: str = "casework.case"

    @property
    def table(self) -> type[models.Model]:
        """The model itself."""
        return apps.get_model(self.model)

    def rows(self, roots: Roots) -> QuerySet[Any]:
        """Its rows of these records."""
        ids = roots.get(self.of, [])
        manager = self.table._base_manager
        if "|" in self.by:
            kind, key = self.by.split("|")
            return manager.filter(**{kind: self.of, f"{key}__in": [str(each) for each in ids]})
        return manager.filter(**{f"{self.by}__in": ids})

    def still(self) -> Q:
        """Which of its rows still have words; a condition."""
        found = Q(pk__in=[])
        for name in self.words:
            found |= _has_words(self.table._meta.get_field(name), name)
        return found

    def destroy(self, roots: Roots) -> int:
        """Take the words out of its rows; how many had any. Codes, numbers, dates and ids stay."""
        rows = self.rows(roots)
        gone = rows.filter(self.still()).count() if self.words else 0
        for name in self.words if gone else ():
            column = self.table._meta.get_field(name)
            left = rows.filter(_has_words(column, name))
            if isinstance(column, models.BinaryField):
                left.update(**{name: None})
            elif isinstance(column, models.JSONField):
                for key, said in list(left.values_list("pk", name)):
                    self.table._base_manager.filter(pk=key).update(**{name: without_words(said)})
            elif isinstance(column, (models.URLField, models.EmailField)):
                left.update(**{name: ""})
            else:
                left.update(
                    **{name: DESTROYED[: column.max_length] if isinstance(column, models.CharField) else DESTROYED}
                )
        return gone


def _has_words(column: Any, name: str) -> Q:
    if isinstance(column, models.BinaryField):
        return Q(**{f"{name}__isnull": False})
    if isinstance(column, models.JSONField):
        return Q(**{f"{name}__isnull": False}) & ~Q(**{f"{name}__in": [{}, []]})
    if isinstance(column, (models.URLField, models.EmailField)):
        return ~Q(**{name: ""})
    mark = DESTROYED[: column.max_length] if isinstance(column, models.CharField) else DESTROYED
    return ~Q(**{f"{name}__in": ["", mark]})


def without_words(said: Any) -> Any:
    """A structure with its numbers and yes or no, and without its texts: scores stay, what was said goes."""
    if isinstance(said, dict):
        kept = {name: without_words(each) for name, each in said.items()}
        return {name: each for name, each in kept.items() if each not in (None, {}, [])}
    if isinstance(said, list):
        return [each for each in (without_words(one) for one in said) if each not in (None, {}, [])]
    return None if isinstance(said, str) else said


@dataclass(frozen=True)
class Stop:
    """Why the words of a matter may not go yet. `among` gives those of some ids it is true of at a moment; one statement."""

    sentence: str
    among: Callable[[Collection[UUID], datetime], set[UUID]]


@dataclass(frozen=True)
class Reach:
    """Records through which words hang on a matter: those of `model` whose `by` is one of `of`."""

    model: str
    by: str
    of: str = "casework.case"


_holdings: list[Holding] = []
_reaches: list[Reach] = []
_stops: list[Stop] = []


def register_holdings(*found: Holding) -> None:
    """Add tables with words. Called from a part's `apps.py`."""
    _holdings.extend(found)


def register_reach(reach: Reach) -> None:
    """Add records through which more hangs on the matter than by its own key. In the order in which one leads to the next."""
    _reaches.append(reach)


def register_stop(stop: Stop) -> None:
    """Add a reason why words may not go yet."""
    _stops.append(stop)


def holdings() -> list[Holding]:
    """Every table that was listed."""
    return list(_holdings)


def stops() -> list[Stop]:
    """Every reason that was added."""
    return list(_stops)


def roots_of(root: str, ids: Collection[UUID]) -> dict[str, list[UUID]]:
    """The records of a matter and those through which more hangs on it; a statement for each `Reach`."""
    found = {root: list(ids)}
    for each in _reaches:
        rows = apps.get_model(each.model)._base_manager.filter(**{f"{each.by}__in": found.get(each.of, [])})
        found[each.model] = list(rows.values_list("pk", flat=True))
    return found


def count_words(roots: Roots) -> dict[str, int]:
    """How many rows still have words, by the name the page counts them under; one statement."""
    listed = [each for each in _holdings if each.words and roots.get(each.of)]
    counted = [
        each.rows(roots)
        .filter(each.still())
        .order_by()
        .annotate(_which=Value(number, IntegerField()))
        .values("_which")
        .annotate(_n=Count("pk"))
        .values_list("_which", "_n")
        for number, each in enumerate(listed)
    ]
    found: dict[str, int] = {}
    if counted:
        for which, n in counted[0].union(*counted[1:], all=True):
            found[listed[which].name] = found.get(listed[which].name, 0) + n
    return {name: n for name, n in found.items() if n}


def ids_of(roots: Roots) -> Iterator[tuple[str, list[str]]]:
    """The ids of every row of the matter, by its kind: by them letters, drafts and the trail are found."""
    for kind, ids in roots.items():
        yield kind, [str(each) for each in ids]
    for each in _holdings:
        if each.model not in roots:
            yield each.model, [str(key) for key in each.rows(roots).values_list("pk", flat=True)]


def is_text(column: Any) -> bool:
    """Whether a column can hold words; one with choices holds a code."""
    inner = column.base_field if isinstance(column, ArrayField) else column
    return isinstance(inner, _TEXTS) and not inner.choices


def destroy_beside(ids: Collection[str]) -> dict[str, int]:
    """What lies beside those records in the tables everybody shares: begun forms are deleted, messages that were sent lose
    their words and their address, and background work what it said. How many of each."""
    from joinedup.core.models import Draft, Job, OutboxMessage

    known = list(ids)
    drafts, _ = Draft.objects.filter(about__in=known).delete()
    sent = OutboxMessage.objects.filter(about_id__in=known, sent_at__isnull=False).exclude(body=DESTROYED)
    jobs = Job.objects.filter(about_id__in=known).exclude(words=DESTROYED)
    return {
        "forms that were begun": drafts,
        "messages that were sent": sent.update(to="", subject=DESTROYED, body=DESTROYED, problem=""),
        "background work": jobs.update(words=DESTROYED, message=""),
    }


def count_beside(ids: Collection[str]) -> dict[str, int]:
    """How many of each there are now; three statements."""
    from joinedup.core.models import Draft, Job, OutboxMessage

    known = list(ids)
    sent = OutboxMessage.objects.filter(about_id__in=known, sent_at__isnull=False).exclude(body=DESTROYED)
    return {
        "forms that were begun": Draft.objects.filter(about__in=known).count(),
        "messages that were sent": sent.count(),
        "background work": Job.objects.filter(about_id__in=known).exclude(words=DESTROYED).count(),
    }
