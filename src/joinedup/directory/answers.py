"""What the directory answers on the first page of those who keep it true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from joinedup.access.actor import Actor
from joinedup.access.permissions import can
from joinedup.access.roles import Role
from joinedup.core.answers import Fact, register_answer
from joinedup.directory.lifecycle import FOUND
from joinedup.directory.models import Entry
from joinedup.directory.permissions import ASSURE_RECORDS, SEE_OWN_RECORDS
from joinedup.directory.settings import remind_after
from joinedup.directory.upkeep_models import Correction


def _mine(viewer: Actor) -> Q:
    """The records of an editor's organisation; every one for whoever assures."""
    if can(viewer, ASSURE_RECORDS):
        return Q()
    ids = {each.organisation_id for each in viewer.standings if each.role == Role.DIRECTORY_EDITOR}
    return Q(provider__organisation__in=ids)


def _page(viewer: Actor, only: str) -> str:
    return f"{reverse('directory_records')}?only={only}" if can(viewer, ASSURE_RECORDS) else reverse("my_services")


def waiting(viewer: Actor) -> Iterator[Fact]:
    """Changes that wait to be approved. One statement."""
    if can(viewer, SEE_OWN_RECORDS):
        n = Entry.objects.filter(_mine(viewer), waiting__isnull=False).count()
        if n:
            yield Fact("change[s] waiting to be approved", _page(viewer, "waiting"), n=n)


def to_confirm(viewer: Actor) -> Iterator[Fact]:
    """Records nobody made sure of lately. One statement."""
    if can(viewer, SEE_OWN_RECORDS):
        day = timezone.localdate(viewer.at)
        old = Q(assured_on=None) | Q(assured_on__lte=day - timedelta(days=remind_after(day)))
        n = Entry.objects.filter(_mine(viewer), old, state__in=FOUND, approved__isnull=False).count()
        if n:
            yield Fact("record[s] to confirm", _page(viewer, "all"), n=n, urgent=True)


def said_wrong(viewer: Actor) -> Iterator[Fact]:
    """What people say is wrong. One statement."""
    if can(viewer, SEE_OWN_RECORDS):
        rows = Entry.objects.filter(_mine(viewer)).values("pk")
        n = Correction.objects.filter(answered_at=None, entry__in=rows).count()
        if n:
            yield Fact("thing[s] said to be wrong", _page(viewer, "corrections"), n=n, urgent=True)


register_answer("directory.waiting", "changes of the directory that wait to be approved", waiting)
register_answer("directory.to_confirm", "records of the directory nobody made sure of lately", to_confirm)
register_answer("directory.said_wrong", "what people say is wrong in the directory", said_wrong)
