"""How it is safe to reach somebody. Asked by everything that writes, rings, texts or prints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from joinedup.access.actor import Actor
from joinedup.person_index.codes import CONTACT_WAYS
from joinedup.person_index.models import SafeContact, withheld_ids
from joinedup.person_index.queries.entries import entries_of

# What was recorded as safe covers these ways of reaching somebody; nothing else is assumed (PI-8).
_COVERS = {
    "phone": {"phone"},
    "text": {"text"},
    "email": {"email"},
    "letter": {"letter"},
    "in_person": {"in_person"},
    "through": {"through"},
    "none": set[str](),
}


@dataclass(frozen=True)
class SafeContactAdvice:
    """What to do, in a sentence, and what it rests on. `how` is empty where nothing has been recorded."""

    person_id: UUID
    how: str
    details: str
    when: str
    not_through: str
    recorded_at: datetime | None
    source: str

    @property
    def is_recorded(self) -> bool:
        """Somebody has asked and written the answer down."""
        return bool(self.how)

    @property
    def is_do_not_contact(self) -> bool:
        """Any contact may put them at risk."""
        return self.how == "none"

    @property
    def way(self) -> str:
        """The way in words."""
        return CONTACT_WAYS.get(self.how, "Not recorded")

    @property
    def sentence(self) -> str:
        """What to do, for the top of a page and a print."""
        if not self.is_recorded:
            return "How to reach them safely has not been recorded. Ask before you write, ring or text."
        if self.is_do_not_contact:
            return "Do not contact them. Speak to whoever recorded this first."
        said = f"{self.way}{': ' + self.details if self.details else ''}."
        said += f" When: {self.when}." if self.when else ""
        return said + (f" Not through {self.not_through}." if self.not_through else "")

    def allows(self, how: str) -> bool:
        """Whether this way was recorded as safe (PI-8)."""
        return how in _COVERS.get(self.how, set())


def safe_contact_for(person_id: UUID) -> SafeContactAdvice:
    """The advice in force for somebody the caller has been let in to; never None, so that nobody can forget to ask."""
    ids = entries_of([person_id])
    row = SafeContact.objects.filter(person_id__in=ids).order_by("-recorded_at", "-pk").first()
    return advice_of(person_id, row)


def advice_of(person_id: UUID, row: SafeContact | None) -> SafeContactAdvice:
    """A row as advice; nothing recorded is advice, too."""
    if row is None:
        return SafeContactAdvice(person_id, "", "", "", "", None, "")
    return SafeContactAdvice(person_id, row.how, row.details, row.when, row.not_through, row.recorded_at, row.source)


def may_contact(person_id: UUID, how: str) -> bool:
    """Whether somebody may be reached this way: phone, text, email, letter, in_person or through."""
    return safe_contact_for(person_id).allows(how)


def safe_contacts_confirmed(viewer: Actor) -> QuerySet[SafeContact]:
    """Each time somebody was asked whether the safe way to reach them is still right, and it was: a row that says what
    the one before it of the same person said. To be counted only; whoever is withheld from the viewer is left out. The
    caller has let the viewer in and audits."""
    earlier = SafeContact.objects.filter(person_id=OuterRef("person_id"), recorded_at__lt=OuterRef("recorded_at"))
    before = Subquery(earlier.order_by("-recorded_at").values("pk")[:1])
    same = SafeContact.objects.filter(
        pk=OuterRef("before"), how=OuterRef("how"), details=OuterRef("details"), when=OuterRef("when"),
        not_through=OuterRef("not_through"),
    )  # fmt: skip
    rows = SafeContact.objects.annotate(before=before).filter(Exists(same))
    return rows if viewer.is_system else rows.exclude(person_id__in=withheld_ids(viewer))
