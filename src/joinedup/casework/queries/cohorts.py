"""Families as programmes see them: which have an open case of a kind, who was around them, and which cases lead there.
Ids and numbers, and nobody's name; the caller counts, hides small numbers and links only what a viewer may open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from joinedup.access.actor import Actor
from joinedup.casework.lifecycle import AssessmentState
from joinedup.casework.models import (
    AssessmentSection,
    Case,
    CaseMember,
    CaseNote,
    CasePerson,
    Intervention,
    PlanNeed,
    StatutoryPlan,
)
from joinedup.core.formats import LONDON


@dataclass(frozen=True)
class Sought:
    """What is asked of a family's open case: of each kind any will do, and every kind that is asked must be there."""

    levels: Collection[int] = ()
    needs: Collection[str] = ()
    factors: Collection[str] = ()
    statutory: Collection[str] = ()
    team_ids: Collection[UUID] = ()
    locality_ids: Collection[UUID] = ()


def families_sought(viewer: Actor, sought: Sought, *, on: date) -> set[UUID]:
    """The ids of the families whose open case is as asked; one statement. Whoever is withheld from the viewer is left
    out: the program itself leaves nobody out, and shows no one."""
    rows = Case.objects.visible_to(viewer).open()
    for field, wanted in (("level", sought.levels), ("team_id", sought.team_ids), ("locality_id", sought.locality_ids)):
        rows = rows.filter(**{f"{field}__in": list(wanted)}) if wanted else rows
    for part in _beside(sought, on):
        rows = rows.filter(Exists(part))
    return set(rows.values_list("family_id", flat=True))


def _beside(
    sought: Sought, on: date
) -> Iterable[QuerySet[PlanNeed] | QuerySet[AssessmentSection] | QuerySet[StatutoryPlan]]:
    """What must stand beside the case, as subqueries about it."""
    if sought.needs:
        yield PlanNeed.objects.filter(
            plan__case=OuterRef("pk"), code__in=list(sought.needs), removed_at__isnull=True, ended_at__isnull=True
        )
    if sought.factors:
        named = Q()
        for code in sought.factors:
            named |= Q(answers__factors__contains=[code])
        signed = Q(assessment__state=AssessmentState.SIGNED)
        yield AssessmentSection.objects.filter(named, signed, assessment__case=OuterRef("pk"))
    if sought.statutory:
        ended = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        yield StatutoryPlan.objects.filter(
            ended, section__plan__case=OuterRef("pk"), kind__in=list(sought.statutory), starts_on__lte=on,
            removed_at__isnull=True,
        )  # fmt: skip


@dataclass(frozen=True)
class FamilyNamed:
    """A family somebody named by the reference of a case they work with, and the people of that case."""

    family_id: UUID
    people: frozenset[UUID]


def families_of_references(viewer: Actor, references: Collection[str]) -> dict[str, FamilyNamed]:
    """Which family each of these case references is about, of the cases that the viewer works with or answers for: for all
    others a reference is as good as unknown, so that nobody learns by asking whether there is such a case. Two statements."""
    rows = Case.objects.around(viewer).filter(reference__in=list(references))
    found = list(rows.values_list("reference", "pk", "family_id"))
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for case_id, person_id in CasePerson.objects.filter(case__in=[pk for _, pk, _ in found]).values_list("case_id", "person_id"):  # fmt: skip
        people[case_id].add(person_id)
    return {reference: FamilyNamed(family_id, frozenset(people[pk])) for reference, pk, family_id in found}


def professionals_around(
    viewer: Actor, family_ids: Collection[UUID], *, since: date, on: date
) -> dict[UUID, dict[str, int]]:
    """Around each family, every professional with how often they came, in the time from one day to another: whoever was in
    the team around the child (nought where they wrote of no visit), whoever visited, and whoever gave help (once for each
    thing given). A professional is a person: one with two posts is one, and so is one who visits and is named as having
    given help; help by anybody else goes by the name that was written. Three statements however many families there are."""
    begins, ends = _start_of(since), _start_of(on + timedelta(days=1))
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    named: dict[UUID, dict[str, str]] = defaultdict(dict)  # of each family: who is called so
    ids = list(family_ids)
    members = CaseMember.objects.filter(
        Q(left_at__isnull=True) | Q(left_at__gte=begins), case__family_id__in=ids, joined_at__lt=ends
    )
    rows = members.values_list("case__family_id", "post__account_id", "post__account__name").distinct()
    for family_id, account_id, name in rows:
        found[family_id][_person(named[family_id], account_id, name)] = 0
    visits = CaseNote.objects.filter(
        case__family_id__in=ids, kind="visit", happened_at__gte=begins, happened_at__lt=ends, taken_out_at__isnull=True,
        post__isnull=False,
    )  # fmt: skip
    made = visits.values_list("case__family_id", "post__account_id", "post__account__name").annotate(n=Count("pk"))
    for family_id, account_id, name, number in made:
        _add(found[family_id], _person(named[family_id], account_id, name), number)
    given = Intervention.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=since), case__family_id__in=ids)
    given = given.filter(starts_on__lte=on, taken_back_at__isnull=True)
    for family_id, name, number in given.values_list("case__family_id", "delivered_by").annotate(n=Count("pk")):
        _add(found[family_id], _helper(named[family_id], name), number)
    return dict(found)


def _person(named: dict[str, str], account_id: UUID, name: str) -> str:
    """The key of whoever holds a post: their account, so that two posts of one person are one."""
    key = f"person: {account_id}"
    plain = _plain(name)
    named[plain] = key if named.get(plain, key) == key else ""  # two of one name: neither is meant for sure
    return key


def _helper(named: dict[str, str], written: str) -> str:
    """The key of who gave help, as it was written: whoever around this family is called so, also where what they do stands
    behind the name."""
    for name in (written, written.partition(",")[0], written.partition("(")[0]):
        if key := named.get(_plain(name)):
            return key
    return f"help: {_plain(written)}"


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _add(counts: dict[str, int], key: str, number: int) -> None:
    counts[key] = counts.get(key, 0) + number


def cases_to_open(viewer: Actor, family_ids: Collection[UUID]) -> list[tuple[UUID, str]]:
    """The open cases of these families that the viewer works with or answers for, by reference: id and reference. One
    statement."""
    rows = Case.objects.around(viewer).open().filter(family_id__in=list(family_ids)).order_by("reference")
    return list(rows.values_list("pk", "reference"))


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)
