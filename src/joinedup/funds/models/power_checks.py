"""That a lawyer checked a legal power: who, when, what was found, and where that is written."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.core.models import new_id
from joinedup.funds.models.agreements import PartnershipAgreement


class PowerCheck(models.Model):
    """A named lawyer checked what this program says of the power an agreement is made under. The latest one counts; none is
    ever changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(PartnershipAgreement, on_delete=models.PROTECT, related_name="power_checks")
    power = models.CharField(max_length=20)
    lawyer = models.CharField(max_length=120)
    lawyer_of = models.CharField(max_length=160)
    checked_on = models.DateField()
    is_right = models.BooleanField()
    words = models.TextField(blank=True)
    written = models.CharField(max_length=300)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(is_right=True) | ~Q(words=""), name="funds_power_check_says_what"),
            models.CheckConstraint(condition=~Q(lawyer=""), name="funds_power_check_names"),
        ]
        indexes = [models.Index(fields=["agreement", "power", "-checked_on"], name="funds_power_checks_of")]

    def __str__(self) -> str:
        return f"{self.power} by {self.lawyer}"
