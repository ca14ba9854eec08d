"""The children that agreed indicators list, each with the reasons in words. For named posts only; every read is audited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.queries import names_of_accounts
from joinedup.core.errors import NotVisible
from joinedup.information_sharing import indicators as rules
from joinedup.information_sharing.codes import Part
from joinedup.information_sharing.indicators import OUTCOME_LABELS, Outcome, Reason, Seen, Sign, Weight
from joinedup.information_sharing.models import (
    Agreement,
    AgreementItem,
    AgreementPost,
    IndicatorLook,
    IndicatorLookReason,
    IndicatorVersion,
)
from joinedup.information_sharing.permissions import READ_LISTED
from joinedup.person_index.queries import Observed, Wanted, observed_of_children, people_named, withheld_among

if TYPE_CHECKING:
    from joinedup.organisations.models import Post

PAGE = 25
_FIND_EARLY = "find_early"


@dataclass(frozen=True)
class ListedChild:
    """A child on the list, with the reasons, the weightiest first."""

    person_id: UUID
    name: str
    birth_date: date | None
    reasons: tuple[Reason, ...]
    looked_before: str = ""


@dataclass(frozen=True)
class ListedPage:
    """A page of the list. `off` says which indicators are off and why; `next_after` is the person the next page starts
    after."""

    children: tuple[ListedChild, ...]
    listed: int
    off: tuple[tuple[str, str], ...]
    next_after: str


@dataclass(frozen=True)
class Look:
    """What somebody found who looked."""

    looked_at: datetime
    by: str
    outcome: str
    reason: str
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class ChildSeen:
    """One listed child: the reasons now, whether somebody has looked since, and what was found before."""

    person_id: UUID
    name: str
    birth_date: date | None
    reasons: tuple[Reason, ...]
    is_quiet: bool
    looks: tuple[Look, ...]


def named_post_of(viewer: Actor) -> Post | None:
    """The viewer's post that an agreement in force for noticing early names; None where none does."""
    day = timezone.localdate(viewer.at)
    named = AgreementPost.objects.filter(
        AgreementPost.is_named_at(viewer.at), Agreement.is_in_force(day, "agreement__"), part=Part.ASKS,
        post_id__in=viewer.post_ids, agreement__purposes__contains=[_FIND_EARLY],
    )  # fmt: skip
    found = named.select_related("post").order_by("named_at").first()
    return found.post if found else None


def may_see_listed(viewer: Actor) -> bool:
    """Whether any agreement in force names a post of the viewer; for navigation."""
    return can(viewer, READ_LISTED) and named_post_of(viewer) is not None


def _let_in(viewer: Actor) -> None:
    """Whoever no agreement names does not learn that there is a list."""
    if not viewer.is_system and not may_see_listed(viewer):
        raise NotVisible


@dataclass(frozen=True)
class _Speaking:
    """The versions that may speak for a viewer on a day, who shares what under their agreements, and what is off."""

    versions: list[IndicatorVersion]
    agencies: dict[str, set[UUID]]
    by_agreement: dict[UUID, dict[str, set[UUID]]]
    off: list[tuple[str, str]]


def _speaking(viewer: Actor) -> _Speaking:
    """An indicator speaks while its agreement is in force and names the viewer, and its review is not overdue."""
    day = timezone.localdate(viewer.at)
    rows = IndicatorVersion.objects.filter(ended_at__isnull=True).select_related("indicator", "agreement")
    speaking, off = [], []
    mine = _agreements_naming(viewer)
    for version in rows.order_by("indicator__name"):
        why = why_off(version, day)
        if why:
            off.append((version.indicator.name, why))
        elif mine is None or version.agreement_id in mine:
            speaking.append(version)
    shared = _shared_kinds({version.agreement_id for version in speaking})
    agencies: dict[str, set[UUID]] = defaultdict(set)
    for kinds in shared.values():
        for kind, ids in kinds.items():
            agencies[kind] |= ids
    return _Speaking(speaking, agencies, shared, off)


def why_off(version: IndicatorVersion, day: date) -> str:
    """Why an indicator is off on a day, in words; blank while it is on."""
    agreement = version.agreement
    if agreement.state_on(day) != "in_force":
        return rules.AGREEMENT_IN_FORCE.sentence.format(reference=agreement.reference)
    if day > version.review_on:
        return rules.REVIEW_IN_TIME.sentence.format(day=f"{version.review_on:%-d %B %Y}")
    return ""


def _agreements_naming(viewer: Actor) -> set[UUID] | None:
    """The agreements that name a post of the viewer; None for the program itself, which may look at all."""
    if viewer.is_system:
        return None
    named = AgreementPost.objects.filter(
        AgreementPost.is_named_at(viewer.at), part=Part.ASKS, post_id__in=viewer.post_ids
    )
    return set(named.values_list("agreement_id", flat=True))


def _shared_kinds(agreements: Collection[UUID]) -> dict[UUID, dict[str, set[UUID]]]:
    """For each agreement, which agencies' records may be looked at for which kind of observation."""
    found: dict[UUID, dict[str, set[UUID]]] = defaultdict(lambda: defaultdict(set))
    items = AgreementItem.objects.filter(party__agreement_id__in=list(agreements), is_allowed=True)
    columns = ("code", "party__agreement_id", "party__organisation_id", "party__records_from_id")
    for code, agreement_id, organisation_id, records_from_id in items.values_list(*columns):
        found[agreement_id][code].add(records_from_id or organisation_id)
    return found


def _wanted(versions: Iterable[IndicatorVersion], day: date) -> dict[str, Wanted]:
    """The observations that can matter to any of them, so that nothing else is read."""
    found: dict[str, Wanted] = {}
    for version in versions:
        since = day - timedelta(days=version.window_days)
        for condition in version.sign.conditions:
            one = Wanted(since, condition.below, condition.reaching)
            there = found.get(condition.kind)
            found[condition.kind] = one if there is None else _wider(there, one)
    return found


def _wider(one: Wanted, other: Wanted) -> Wanted:
    below = None if one.below is None or other.below is None else max(one.below, other.below)
    above = None if one.above is None or other.above is None else min(one.above, other.above)
    return replace(one, since=min(one.since, other.since), below=below, above=above)


def _reasons(viewer: Actor, speaking: _Speaking, people: Collection[UUID] | None = None) -> dict[UUID, list[Reason]]:
    """Why each child is listed, by child; only those for whom it is enough (IN-14)."""
    day = timezone.localdate(viewer.at)
    if not speaking.versions:
        return {}
    wanted = _wanted(speaking.versions, day)
    observed: dict[UUID, list[Observed]] = defaultdict(list)
    for each in observed_of_children(viewer, wanted, agencies=speaking.agencies, people=people):
        observed[each.person_id].append(each)
    found: dict[UUID, list[Reason]] = {}
    signs = [(version, version.sign) for version in speaking.versions]
    possible: dict[frozenset[str], list[tuple[IndicatorVersion, Sign]]] = {}
    for person_id, several in observed.items():
        kinds = frozenset(each.kind for each in several)
        if kinds not in possible:
            possible[kinds] = _possible(signs, kinds)
        said = [_reason(version, sign, several, speaking, day) for version, sign in possible[kinds]]
        reasons = [reason for reason in said if reason is not None]
        if rules.is_enough(reason.weight for reason in reasons):
            standing = rules.fold(reasons)
            if rules.is_enough(reason.weight for reason in standing):
                found[person_id] = standing
    return found


def _possible(
    signs: list[tuple[IndicatorVersion, Sign]], kinds: Collection[str]
) -> list[tuple[IndicatorVersion, Sign]]:
    """What may speak of a child of whom these kinds were observed; nothing where all of it together is not enough, as
    for most children."""
    able = [one for one in signs if one[1].may_speak_of(kinds)]
    return able if rules.is_enough(Weight(version.weight) for version, _ in able) else []


def _reason(
    version: IndicatorVersion, sign: Sign, observed: list[Observed], speaking: _Speaking, day: date
) -> Reason | None:
    shared = speaking.by_agreement[version.agreement_id]
    wanted = {condition.kind for condition in sign.conditions}
    seen = [
        Seen(each.id, each.kind, each.happened_on, each.value, each.agency, each.agency_id, each.detail)
        for each in observed
        if each.kind in wanted and each.agency_id in shared.get(each.kind, ())
    ]
    evidence = rules.evidence_of(sign, seen, birth_date=observed[0].birth_date, on=day)
    if not evidence:
        return None
    return Reason(version.pk, version.indicator.name, version.wording, Weight(version.weight), evidence, sign)


def _quiet(viewer: Actor, found: dict[UUID, list[Reason]]) -> set[UUID]:
    """Those somebody has looked at, with nothing new since."""
    looks: dict[UUID, list[UUID]] = {}
    for person_id, observations in (
        IndicatorLook.objects.filter(person_id__in=list(found))
        .order_by("looked_at")
        .values_list("person_id", "observations")
    ):
        looks[person_id] = observations
    return {
        person_id
        for person_id, observations in looks.items()
        if rules.is_quiet({seen for reason in found[person_id] for seen in reason.observed}, observations)
    }


def listed_children(viewer: Actor, after: str = "") -> ListedPage:
    """The list, what weighs most first, a page at a time; one row in the audit trail names everybody on the page.

    NotVisible for whoever no agreement in force names.
    """
    _let_in(viewer)
    speaking = _speaking(viewer)
    found = _reasons(viewer, speaking)
    for person_id in _quiet(viewer, found):
        del found[person_id]
    ordered = sorted(found, key=lambda person_id: (rules.order_of(found[person_id]), str(person_id)))
    start = next((place + 1 for place, person_id in enumerate(ordered) if str(person_id) == after), 0)
    shown = ordered[start : start + PAGE]
    names = people_named(shown)
    before = _looked_before(shown)
    audit.record_read(
        viewer, subject=("information_sharing.indicator", "list"), people=shown, purpose="noticing early", search=True
    )
    children = tuple(
        ListedChild(person_id, names[person_id].name, names[person_id].birth_date, tuple(found[person_id]),
                    before.get(person_id, ""))
        for person_id in shown
    )  # fmt: skip
    more = str(shown[-1]) if start + PAGE < len(ordered) else ""
    return ListedPage(children, len(ordered), tuple(speaking.off), more)


def _looked_before(people: Collection[UUID]) -> dict[UUID, str]:
    """What was found of somebody the last time, where something new has been observed since."""
    rows = IndicatorLook.objects.filter(person_id__in=list(people)).order_by("looked_at")
    return {
        person_id: f"Looked at on {timezone.localtime(at):%-d %B %Y}: {OUTCOME_LABELS[Outcome(outcome)].lower()}. "
        "Something new has been observed since."
        for person_id, at, outcome in rows.values_list("person_id", "looked_at", "outcome")
    }


def reasons_about(viewer: Actor, person_id: UUID) -> list[Reason]:
    """Why one child is listed now for the viewer, whether or not somebody has looked; empty when they are not.

    For services of this part and the front door's, whose own read or write is audited.
    """
    return _reasons(viewer, _speaking(viewer), [person_id]).get(person_id, [])


def listed_child(viewer: Actor, person_id: UUID) -> ChildSeen:
    """One listed child with everything said. The read is audited. NotVisible where nothing lists them for the viewer and
    nobody has looked, and for whoever no agreement names."""
    _let_in(viewer)
    reasons = reasons_about(viewer, person_id)
    looks = _looks(viewer, person_id)
    if (not reasons and not looks) or withheld_among(viewer, [person_id]):
        raise NotVisible
    audit.record_read(
        viewer, subject=("person_index.person", str(person_id)), people=[person_id], purpose="noticing early"
    )
    named = people_named([person_id])[person_id]
    quiet = bool(_quiet(viewer, {person_id: reasons})) if reasons else True
    return ChildSeen(person_id, named.name, named.birth_date, tuple(reasons), quiet, tuple(looks))


def _looks(viewer: Actor, person_id: UUID) -> list[Look]:
    rows = IndicatorLook.objects.filter(person_id=person_id).prefetch_related("reasons__indicator_version__indicator")
    mine = _agreements_naming(viewer)
    if mine is not None:  # what was found under an agreement that does not name the viewer is others' to read
        under = IndicatorLookReason.objects.filter(indicator_version__agreement_id__in=mine)
        rows = rows.filter(pk__in=under.values("look_id"))
    found = list(rows.order_by("-looked_at"))
    names = names_of_accounts(viewer, {row.looked_by for row in found if row.looked_by})
    return [
        Look(
            row.looked_at, names.get(row.looked_by, "") if row.looked_by else "Joinedup",
            OUTCOME_LABELS[Outcome(row.outcome)], row.reason,
            tuple(sorted(each.indicator_version.indicator.name for each in row.reasons.all())),
        )
        for row in found
    ]  # fmt: skip
