"""Forms somebody has begun and not sent."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models.records import Record


class Draft(Record):
    """What somebody has typed into a form so far. It belongs to whoever typed it and to nobody else; it is deleted when
    the form is sent, when they say so, or after a number of days.

    `holder` is an account, the holder of an e-mailed link, or a visitor's session (`core.drafts.holder_of`). `about` is
    the id of the record the form is about, empty where it is about none yet.
    """

    holder = models.CharField(max_length=80)
    form = models.CharField(max_length=60)
    about = models.CharField(max_length=60, blank=True)
    typed = models.JSONField()
    # Which opened page saved it last: a save that page sends twice is no other window's.
    page = models.CharField(max_length=32, blank=True)
    # Where a visitor without an account typed it, as a keyed digest, so that one place cannot fill the room for all.
    whence = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    # Abandoned, and for a while still to be taken up again.
    aside_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["holder", "form", "about", "-saved_at"], name="core_draft_of_holder"),
            models.Index(fields=["saved_at"], name="core_draft_age"),
            models.Index(fields=["whence", "saved_at"], name="core_draft_of_visitors", condition=~Q(whence="")),
        ]

    def __str__(self) -> str:
        return f"draft of {self.form}"
