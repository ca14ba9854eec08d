"""Contacts as they came, referrals as they are worked, and every rating, decision and answer as a row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from joinedup.access.actor import Actor
from joinedup.access.roles import FRONT_DOOR, Role
from joinedup.casework.models import Case
from joinedup.core.models import OutboxMessage, Record
from joinedup.front_door.codes import Answer, Channel, Outcome, Rating
from joinedup.front_door.lifecycle import State
from joinedup.organisations.models import Locality, Organisation, Post, Team
from joinedup.person_index.models import Family, Person


def _choices(
    values: type[Rating] | type[Outcome] | type[Answer] | type[Channel] | type[State],
) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


class Contact(Record):
    """What somebody told the front door, kept exactly as it came. Never edited; the referral carries the work."""

    reference = models.CharField(max_length=16, unique=True)
    channel = models.CharField(max_length=8, choices=_choices(Channel))
    received_at = models.DateTimeField()
    # Who it is from. For a signed-in professional the post; for a call, who took it is `taken_by`.
    submitted_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="contacts")
    taken_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="contacts_taken")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="contacts")
    source_code = models.CharField(max_length=2)
    referrer_name = models.CharField(max_length=120, blank=True)
    referrer_role = models.CharField(max_length=120, blank=True)
    referrer_phone = models.CharField(max_length=30, blank=True)
    referrer_email = models.CharField(max_length=254, blank=True)
    relationship_to_child = models.CharField(max_length=120, blank=True)
    is_anonymous = models.BooleanField(default=False)
    # What they said.
    worry = models.TextField()
    going_well = models.TextField(blank=True)
    tried_already = models.TextField(blank=True)
    wanted = models.TextField(blank=True)
    childs_words = models.TextField(blank=True)
    need_code = models.CharField(max_length=2, blank=True)
    is_immediate_danger = models.BooleanField(default=False)
    is_safeguarding_concern = models.BooleanField(default=False)
    is_about_staff_member = models.BooleanField(default=False)
    family_knows = models.CharField(max_length=10, choices=_choices(Answer), default=Answer.NOT_ASKED)
    family_agrees = models.CharField(max_length=10, choices=_choices(Answer), default=Answer.NOT_ASKED)
    agreement_reason = models.TextField(blank=True)
    # How to reach the family (for the public page: the person asking) safely.
    safe_contact_how = models.CharField(max_length=20, blank=True)
    safe_contact_details = models.CharField(max_length=254, blank=True)
    safe_contact_when = models.CharField(max_length=200, blank=True)
    safe_contact_not_through = models.CharField(max_length=300, blank=True)
    interpreter_language = models.CharField(max_length=60, blank=True)
    communication_needs = models.CharField(max_length=300, blank=True)
    idempotency_key = models.CharField(max_length=80, blank=True)
    as_supplied = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submitted_by", "taken_by", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                nulls_distinct=False,
                name="contact_once_for_a_key",
            )
        ]
        indexes = [models.Index(fields=["submitted_by", "-received_at"], name="front_door_own_contacts")]

    def __str__(self) -> str:
        return self.reference


class ContactPerson(models.Model):
    """Somebody named in a contact, as typed. Linking to the person index happens on the referral, not here."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="people")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10)  # child, parent, other
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    birth_date = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    sex = models.CharField(max_length=1, default="U")
    address = models.CharField(max_length=300, blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    is_no_fixed_address = models.BooleanField(default=False)
    nhs_number = models.CharField(max_length=10, blank=True)
    upn = models.CharField(max_length=13, blank=True)
    school = models.CharField(max_length=160, blank=True)
    relationship = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=30, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contact", "position"], name="contact_person_place")]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "name not given"


class ReferralQuerySet(models.QuerySet["Referral"]):
    """Referrals, narrowed to whose work they are."""

    def visible_to(self, viewer: Actor) -> ReferralQuerySet:
        """The front door sees them all; a team manager those for the team; a lead professional those on their case.

        A referrer sees their own contact through `queries.sent_contacts`, never the referral made of it.
        """
        if viewer.is_system or viewer.has_role(*FRONT_DOOR):
            return self.all()
        managed = [
            standing.team_id for standing in viewer.standings if standing.role == Role.TEAM_MANAGER and standing.team_id
        ]
        theirs = Q(lead_professional_id__in=viewer.post_ids) | Q(team_id__in=managed)
        cases = Case.objects.visible_to(viewer).filter(theirs).values("pk")
        return self.filter(Q(team_id__in=managed) | Q(case_id__in=cases))


class Referral(Record):
    """A request for support, as the front door works it."""

    reference = models.CharField(max_length=16, unique=True)
    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="referral")
    state = models.CharField(max_length=16, choices=_choices(State), default=State.RECEIVED)
    received_at = models.DateTimeField()
    decide_by = models.DateTimeField()
    rating = models.CharField(max_length=6, choices=_choices(Rating), blank=True)
    is_safeguarding_concern = models.BooleanField(default=False)
    family_knows = models.CharField(max_length=10, choices=_choices(Answer), default=Answer.NOT_ASKED)
    family_agrees = models.CharField(max_length=10, choices=_choices(Answer), default=Answer.NOT_ASKED)
    agreement_reason = models.TextField(blank=True)
    held_by = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="held_referrals")
    family = models.ForeignKey(Family, null=True, on_delete=models.PROTECT, related_name="referrals")
    locality = models.ForeignKey(Locality, null=True, on_delete=models.PROTECT, related_name="referrals")
    level = models.PositiveSmallIntegerField(null=True)
    outcome = models.CharField(max_length=20, choices=_choices(Outcome), blank=True)
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
    rating = models.CharField(max_length=6, choices=_choices(Rating))
    reason = models.TextField(blank=True)
    decide_by = models.DateTimeField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return self.rating


class Decision(Record):
    """What was proposed, by whom, and what a person with the standing to decide made of it."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=20, choices=_choices(Outcome))
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


class DutyPeriod(Record):
    """Who is on duty from a moment to a moment; the first by order is paged first."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="duty_periods")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["starts_at", "ends_at"], name="front_door_duty")]

    def __str__(self) -> str:
        return f"duty {self.order}"


class DutyPage(Record):
    """A red referral paged to the duty person. Overdue from the start until a named person accepts it."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="pages")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="pages")
    paged_at = models.DateTimeField()
    repeat_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)  # when the next person was paged instead
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.UUIDField(null=True)
    message = models.ForeignKey(OutboxMessage, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["repeat_at"],
                name="front_door_pages_waiting",
                condition=Q(accepted_at__isnull=True, superseded_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"page for {self.referral_id}"


class Allocation(Record):
    """A referral handed to a team: which rule chose it, and why."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="allocation")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="allocations")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="allocations")
    rule = models.CharField(max_length=10)
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.referral_id} to {self.team_id}"


class Handover(Record):
    """A level 4 referral handed to the council's statutory system, with its receipt and what was read back."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="handover")
    receipt = models.CharField(max_length=20, unique=True)
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)
    content = models.JSONField()
    status = models.CharField(max_length=20, default="sent")  # sent, received, open, assessment, plan, closed
    statutory_reference = models.CharField(max_length=40, blank=True)
    worker = models.CharField(max_length=120, blank=True)
    received_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(null=True)
    next_date = models.DateField(null=True)
    next_date_means = models.CharField(max_length=80, blank=True)
    closed_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.receipt


class CaseNotice(Record):
    """A contact about a family with an open case: the lead professional and the manager owe an acknowledgement."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="case_notice")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notices")
    sent_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.UUIDField(null=True)
    response = models.TextField(blank=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.UUIDField(null=True)
    return_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.referral_id} to {self.case_id}"


class ReferrerReply(Record):
    """The duty to tell the referrer, with its own clock. What may be told depends on what kind of referrer it is."""

    referral = models.OneToOneField(Referral, on_delete=models.PROTECT, related_name="reply")
    may_be_told = models.CharField(max_length=12)  # decision, receipt, nothing
    why_nothing = models.CharField(max_length=300, blank=True)  # where nothing is owed
    due_by = models.DateTimeField()
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.UUIDField(null=True)
    how = models.CharField(max_length=20, blank=True)  # email, phone, letter, on_screen
    message = models.ForeignKey(OutboxMessage, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                fields=["due_by"],
                name="front_door_replies_owed",
                condition=Q(told_at__isnull=True, may_be_told="decision"),
            )
        ]

    def __str__(self) -> str:
        return f"reply for {self.referral_id}"


class StaffAllegation(Record):
    """An allegation against somebody who works with children: the designated officer's alone. No referral, no link to
    a person, no event in a child's chronology comes of it."""

    contact = models.OneToOneField(Contact, on_delete=models.PROTECT, related_name="allegation")
    received_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    state = models.CharField(max_length=12, default="received")  # received, taken, closed
    taken_at = models.DateTimeField(null=True)
    taken_by = models.UUIDField(null=True)
    notes = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True)
    closing_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.contact.reference
