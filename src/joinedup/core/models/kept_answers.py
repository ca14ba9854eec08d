"""What was answered to a request that carried a key of its own, so that sending it again does nothing twice."""

from __future__ import annotations

from django.db import models


class KeptAnswer(models.Model):
    """The answer to one request of one account. Written in the transaction of what it answers; gone after a day."""

    account_id = models.UUIDField()
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)  # of the address and of what was sent
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="core_answer_once")]
        indexes = [models.Index(fields=["kept_at"], name="core_answer_age")]

    def __str__(self) -> str:
        return f"answer to {self.key}"
