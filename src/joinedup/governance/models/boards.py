"""Boards with their terms of reference, seats, who sits on them, and what power they were given."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from joinedup.core.models import Record
from joinedup.governance.codes import BOARD_KINDS, SEAT_KINDS
from joinedup.organisations.models import Organisation, Post


class Board(Record):
    """A body of the partnership. What it is called and what it is for is said in its terms of reference, which are dated."""

    reference = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=16, choices=list(BOARD_KINDS.items()))
    host = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="boards_hosted")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    set_up_at = models.DateTimeField()
    set_up_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(parent=F("id")), name="board_not_its_own_part")]

    def __str__(self) -> str:
        return self.reference


class BoardTerms(Record):
    """The terms of reference from a day on, until the next: name, duties, quorum, how often it meets, how long scrutiny may
    call a decision in. Rows are sealed: what a board was for on any day can be read."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="terms")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    duties = models.TextField()
    legal_basis = models.CharField(max_length=300, blank=True)
    quorum_members = models.PositiveSmallIntegerField()
    quorum_bodies = models.PositiveSmallIntegerField(default=1)
    months_between = models.PositiveSmallIntegerField(default=3)
    call_in_days = models.PositiveSmallIntegerField(default=0)  # working days; nought where there is no call-in
    starts_on = models.DateField()
    why = models.CharField(max_length=400, blank=True)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board", "number"], name="board_terms_once"),
            models.UniqueConstraint(fields=["board", "starts_on"], name="board_terms_one_a_day"),
            models.CheckConstraint(condition=Q(quorum_members__gte=2), name="board_quorum_of_two"),
            models.CheckConstraint(condition=Q(months_between__gte=1), name="board_meets"),
        ]

    def __str__(self) -> str:
        return self.name


class Seat(Record):
    """A place at the table: a role, for a body where it is one’s, with or without a vote."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="seats")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=list(SEAT_KINDS.items()))
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="board_seats")
    has_vote = models.BooleanField(default=True)
    is_chair = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    starts_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["board"], condition=Q(is_chair=True), name="board_one_chair"),
            models.UniqueConstraint(fields=["board", "position"], name="board_seat_order"),
        ]

    def __str__(self) -> str:
        return self.title


class Appointment(Record):
    """Somebody in a seat, from a day to a day. Members without an account (a young person, a non-executive) have a name
    alone; `how` says who appointed them and where that is written."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="appointments")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="board_appointments")
    name = models.CharField(max_length=160)
    how = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last day
    end_reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(ends_on__isnull=True), name="board_seat_held_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="board_appointment_days"
            ),
        ]
        indexes = [models.Index(fields=["post"], name="board_appointment_of_post")]

    def __str__(self) -> str:
        return self.name


class Delegation(Record):
    """A power to decide that a board was given, up to a limit, from a day to a day."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="delegations")
    kind = models.CharField(max_length=30)  # a kind of `effects`, or "other" for what has no effect of its own
    limit_pence = models.BigIntegerField(null=True)  # none: without a limit
    source = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["board", "kind"], condition=Q(ends_on__isnull=True), name="board_power_once"
            ),
            models.CheckConstraint(
                condition=Q(limit_pence__isnull=True) | Q(limit_pence__gt=0), name="board_power_above_nought"
            ),
        ]

    def __str__(self) -> str:
        return self.kind
