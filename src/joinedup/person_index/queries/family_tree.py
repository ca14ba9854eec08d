"""The family tree (genogram) of some people, drawn from the relationships that are recorded and from who lives together."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from joinedup.access import audit
from joinedup.access.actor import Actor
from joinedup.core.charts import Bond, Figure, Relative, Tie, family_tree
from joinedup.core.formats import age
from joinedup.person_index.models import FamilyMember, Person, Relationship
from joinedup.person_index.queries.entries import entries_of
from joinedup.person_index.queries.families import members_beside
from joinedup.person_index.queries.kept import people_shown

# `person` is the … of `other`: which of these are drawn as a parent, and how.
_PARENTS = {
    "mother": "",
    "father": "",
    "parent": "",
    "step_parent": "step-parent",
    "adoptive_parent": "adoptive parent",
    "foster_carer": "foster carer",
    "carer": "carer",
    "guardian": "guardian",
    "grandparent": "grandparent",
}
_SIBLINGS = {"brother", "sister", "half_brother", "half_sister", "step_brother", "step_sister"}
_SEX = {"mother": "F", "father": "M", "brother": "M", "sister": "F", "half_brother": "M", "half_sister": "F"}
_HOUSEHOLD = "parent in the household’s record"
MOST = 40


def family_tree_of(
    viewer: Actor,
    person_ids: Collection[UUID],
    *,
    about: Collection[UUID] = (),
    household_family_id: UUID | None = None,
) -> Figure:
    """The tree of these people, of those related to them and of those in their families, as far as the viewer may see
    them. `about` are those it is about; who lives together is the family given, or that of those it is about. The caller
    has been let in to them; the read is audited with everybody shown."""
    today = timezone.localdate(viewer.at)
    entries = entries_of(person_ids)
    bonds = list(Relationship.objects.filter(_touching(entries)).select_related("person", "other").order_by("pk"))
    beside = [member for member in members_beside(entries) if member.ends_on is None or member.ends_on > today]
    found = {each.pk: each for bond in bonds for each in (bond.person, bond.other)}
    found |= {member.person_id: member.person for member in beside}
    found |= {each.pk: each for each in Person.objects.filter(pk__in=set(person_ids) - set(found))}
    seen = people_shown(viewer, set(found)) if found else set()
    owner = {each.pk: each.continued_by_id or each.pk for each in found.values() if each.pk in seen}
    home = _home(beside, owner, set(about), household_family_id)
    people = _people(found, owner, bonds, home, set(about), today)
    known = {each.id for each in people}
    ties, partners, pairs = _lines(bonds, beside, owner, known, today)
    audit.record_read(
        viewer,
        subject=(Person._meta.label_lower, "family tree"),
        people={UUID(each.id) for each in people},
        purpose="family tree",
    )
    note = "Broken lines: not by birth, or known only from the household’s record. Only people you may see are shown."
    return family_tree("Family tree", people, ties, partners, pairs=pairs, note=note)


def _touching(entries: list[UUID]) -> Q:
    return Q(person_id__in=entries) | Q(other_id__in=entries)


def _home(
    beside: Iterable[FamilyMember], owner: dict[UUID, UUID], about: set[UUID], family_id: UUID | None
) -> set[UUID]:
    families = {member.family_id for member in beside if owner.get(member.person_id) in about}
    lived = {family_id} if family_id else families
    return {owner[each.person_id] for each in beside if each.family_id in lived and each.person_id in owner}


def _people(
    found: dict[UUID, Person],
    owner: dict[UUID, UUID],
    bonds: Iterable[Relationship],
    home: set[UUID],
    about: set[UUID],
    today: date,
) -> list[Relative]:
    """One for each person, those it is about first where there are too many; sex from a relationship where no record
    says it."""
    sexes = {owner[bond.person_id]: _SEX.get(bond.kind, "") for bond in bonds if bond.person_id in owner}
    rows = {owner[pk]: row for pk, row in found.items() if pk in owner and (owner[pk] == pk or owner[pk] not in found)}
    ranked = sorted(rows, key=lambda each: (each not in about, each not in home, str(each)))[:MOST]
    people = []
    for each in ranked:
        row = rows[each]
        said = "has died" if row.died_on else age(row.birth_date, today) if row.birth_date else ""
        people.append(
            Relative(
                id=str(each),
                name=str(row),
                sex=row.sex if row.sex in {"M", "F"} else sexes.get(each) or "U",
                born=row.birth_date,
                has_died=row.died_on is not None,
                note=said,
                is_in_household=each in home,
                is_focus=each in about,
            )
        )
    return people


def _lines(
    bonds: Iterable[Relationship],
    beside: list[FamilyMember],
    owner: dict[UUID, UUID],
    known: set[str],
    today: date,
) -> tuple[list[Tie], list[Bond], list[tuple[str, str]]]:
    ties: dict[tuple[str, str], Tie] = {}
    partners: dict[frozenset[str], Bond] = {}
    pairs: set[tuple[str, str]] = set()
    for bond in bonds:
        one, other = str(owner.get(bond.person_id, "")), str(owner.get(bond.other_id, ""))
        if one not in known or other not in known or one == other:
            continue
        is_over = bond.ends_on is not None and bond.ends_on <= today
        if bond.kind in _PARENTS and not is_over:
            ties.setdefault((one, other), Tie(one, other, _PARENTS[bond.kind]))
        elif bond.kind in {"partner", "former_partner"}:
            over = is_over or bond.kind == "former_partner"
            partners[frozenset((one, other))] = Bond(min(one, other), max(one, other), is_over=over)
        elif bond.kind in _SIBLINGS and not is_over:
            pairs.add((min(one, other), max(one, other)))
    _add_household(ties, beside, owner, known)
    parents: dict[str, set[str]] = {}
    for tie in ties.values():
        parents.setdefault(tie.child, set()).add(tie.parent)
    apart = [pair for pair in sorted(pairs) if not parents.get(pair[0], set()) & parents.get(pair[1], set())]
    lonely = [pair for pair in apart if not parents.get(pair[0]) and not parents.get(pair[1])]
    return list(ties.values()), list(partners.values()), lonely


def _add_household(
    ties: dict[tuple[str, str], Tie], beside: list[FamilyMember], owner: dict[UUID, UUID], known: set[str]
) -> None:
    """Parent and child of one family between whom nothing is recorded: the family's own record says that much."""
    for parent in (member for member in beside if member.part == "parent"):
        for child in (member for member in beside if member.part == "child" and member.family_id == parent.family_id):
            one, other = str(owner.get(parent.person_id, "")), str(owner.get(child.person_id, ""))
            if one in known and other in known and one != other and (other, one) not in ties:
                ties.setdefault((one, other), Tie(one, other, _HOUSEHOLD))
