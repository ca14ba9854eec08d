"""What was taken higher: to whom, about what, and since when it was so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import Record
from joinedup.organisations.models import Post

ESCALATED = {
    "action": "A board’s action is long overdue",
    "risk": "A risk is over what its board accepts",
    "benefit": "A benefit is lost",
}


class Escalation(Record):
    """Somebody who answers for a board or a strand was told of something that went wrong; once for as long as it stays so.
    `since` is the day from which on it was: an action’s due day, the review that found a risk too high, the day a benefit was
    lost. Sealed."""

    kind = models.CharField(max_length=10, choices=list(ESCALATED.items()))
    matter_id = models.UUIDField()
    since = models.DateField()
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="escalated_to")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "matter_id", "since", "post"], name="escalated_once"),
            models.CheckConstraint(condition=Q(kind__in=list(ESCALATED)), name="escalated_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.matter_id}"
