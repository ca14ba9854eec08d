"""Referrals as they are worked, with every move, rating and decision as a row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.casework.models import Case
from joinedup.core.models import Record
from joinedup.front_door.codes import Answer, Outcome, Rating
from joinedup.front_door.lifecycle import State
from joinedup.front_door.models.contacts import Contact, ContactPerson
from joinedup.organisations.models import Locality, Organisation, Post, Team
from joinedup.person_index.models import Family, Person, RestrictedMatch, withheld_ids


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals, narrowed to whose work they are."""

    def visible_to(self, viewer: Actor) -> ReferralQuerySet:
        """The front door sees them all; a team manager those for the team; a lead professional those on their case.

        A referrer sees their own contact through `queries.sent_contacts`, never the referral made of it.
        """
        if viewer.is_system:
            return self.all()
        if viewer.has_role(*FRONT_DOOR):
            return self.exclude(pk__in=withheld_referrals(viewer))
        managed = [
            standing.team_id for standing in viewer.standings if standing.role == Role.TEAM_MANAGER and standing.team_id
        ]
        theirs = Q(lead_professional_id__in=viewer.post_ids) | Q(team_id__in=managed)
        cases = Case.objects.visible_to(viewer).filter(theirs).values("pk")
        seen = self.filter(Q(team_id__in=managed) | Q(case_id__in=cases))
        return seen.exclude(pk__in=withheld_referrals(viewer))


def withheld_referrals(viewer: Actor) -> models.QuerySet[Any, UUID]:
    """The ids of referrals that name somebody withheld from the viewer, or that a guardian has taken over."""
    named = ReferralPerson.objects.filter(person_id__in=withheld_ids(viewer)).values_list("referral_id", flat=True)
    taken = RestrictedMatch.objects.filter(
        answer="take", about_kind=Referral._meta.label_lower, person_id__in=withheld_ids(viewer)
    )
    return named.union(taken.values_list("about_id", flat=True))


class Referral(Record):
    """A request for support, as the front door works it."""

    reference = models.CharField(max_length=16, unique=True)
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="referral")
    state = models.CharField(
        max_length=16, choices=[(each.value, each.value) for each in State], default=State.RECEIVED
    )
    received_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    rating = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Rating], blank=True)
    is_safeguarding_concern = models.BooleanField(default=False)
    family_knows = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in Answer], default=Answer.NOT_ASKED
    )
    family_agrees = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in Answer], default=Answer.NOT_ASKED
    )
    agreement_reason = models.TextField(blank=True)
    held_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="held_referrals")
    family = models.ForeignKey(Family, null=True, on_delete=models.PROTECT, related_name="referrals")
    locality = models.ForeignKey(Locality, null=True, on_delete=models.PROTECT, related_name="referrals")
    level = models.PositiveSmallIntegerField(null=True)
    outcome = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Outcome], blank=True)
    decided_at = models.DateTimeField(null=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="referrals")
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="referrals")

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__isnull=True) | (Q(level__gte=1) & Q(level__lte=4)), name="referral_level_1_to_4"
            ),
            models.CheckConstraint(
                condition=(Q(outcome="") & Q(decided_at__isnull=True)) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="referral_decided_has_outcome_and_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["decide_by", "id"],
                name="front_door_waiting",
                condition=Q(state__in=["received", "in_triage", "proposed"]),
            ),
            models.Index(fields=["state", "-received_at", "-id"], name="front_door_state"),
            models.Index(fields=["held_by", "state"], name="front_door_held"),
            models.Index(fields=["family", "-received_at"], name="front_door_household"),
        ]

    def __str__(self) -> str:
        return self.reference


class ReferralPerson(models.Model):
    """Somebody in a referral, and who they are in the person index once the front door has searched."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="people")
    contact_person = models.OneToOneField(ContactPerson, on_delete=models.PROTECT, related_name="referral_person")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="referral_places")
    part = models.CharField(max_length=10)
    searched_at = models.DateTimeField(null=True)
    searched_by = models.UUIDField(null=True)
    identified_at = models.DateTimeField(null=True)
    identified_by = models.UUIDField(null=True)
    how = models.CharField(max_length=12, blank=True)  # linked, created

    class Meta:
        constraints = [
            # Search before create, held by the database: nobody is identified before somebody has searched.
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(searched_at__isnull=False), name="searched_before_identified"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_person_id} of {self.referral_id}"


class ReferralTransition(models.Model):
    """One change of state, with its author and reason."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="transitions")
    start = models.CharField(max_length=16, blank=True)
    end = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.UUIDField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


class RatingGiven(models.Model):
    """One rating; the newest is in force, the others are history."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="ratings")
    rating = models.CharField(max_length=6, choices=[(each.value, each.value) for each in Rating])
    reason = models.TextField(blank=True)
    decide_by = models.DateTimeField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.rating


class Decision(Record):
    """What was proposed, by whom, and what a person with the standing to decide made of it."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Outcome])
    level = models.PositiveSmallIntegerField()
    reason = models.TextField()
    look_back = models.TextField(blank=True)
    advice_given = models.TextField(blank=True)
    agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="decisions")
    proposed_by = models.UUIDField(null=True)
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    sent_back_by = models.UUIDField(null=True)
    sent_back_at = models.DateTimeField(null=True)
    sent_back_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(sent_back_at__isnull=True), name="decision_one_way"
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(decided_at__isnull=True) & Q(sent_back_at__isnull=True),
                name="one_proposal_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.outcome
