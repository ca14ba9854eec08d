"""Accounts, keys of partners' systems, and the audit trail (events and seals only grow; words can be destroyed)."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from joinedup.core.models import Record, new_id


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by e-mail, whatever the case it is typed in."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """Used by Django's sign-in."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A person who signs in. Names no organisation: posts do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects = AccountManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """For Django's e-mails."""
        return self.name


class ApiKey(Record):
    """A key with which a partner's system acts in the name of one post. Only its digest is kept."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="api_keys")
    label = models.CharField(max_length=120)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # The proposal a second person agreed to; none for a key from before that was asked.
    approval = models.ForeignKey("Approval", null=True, on_delete=models.PROTECT, related_name="keys")

    def __str__(self) -> str:
        return self.label


class Approval(Record):
    """Something one person proposed and another must agree to: a powerful post, a key, a sign-in put back to its start.

    `payload` holds ids and plain facts to carry it out with; `summary` is the sentence both people read.
    """

    kind = models.CharField(max_length=20)  # appointment, key, reset
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="approvals")  # whom it gives access
    payload = models.JSONField(default=dict)
    summary = models.CharField(max_length=400)
    reason = models.CharField(max_length=300)
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, blank=True)  # approved, refused, withdrawn
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    used_at = models.DateTimeField(null=True)  # when a key was collected

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="withdrawn")
                | Q(decided_by__isnull=True)
                | (~Q(decided_by=F("proposed_by")) & ~Q(decided_by=F("account"))),
                name="approved_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="approval_decided_has_a_date",
            ),
        ]
        indexes = [models.Index(fields=["proposed_at"], name="access_approval_waiting", condition=Q(outcome=""))]

    def __str__(self) -> str:
        return self.summary


class AuditEvent(models.Model):
    """One thing somebody did, read, or was refused: ids, codes, times and digests, never a name."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=12)  # write, read, search, refusal, sign_in
    action = models.CharField(max_length=80)
    actor_id = models.UUIDField(null=True)
    post_ids = ArrayField(models.UUIDField(), default=list)
    via = models.CharField(max_length=12)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    people = ArrayField(models.UUIDField(), default=list)
    purpose = models.CharField(max_length=60, blank=True)
    rule = models.CharField(max_length=100, blank=True)
    changed = ArrayField(models.CharField(max_length=60), default=list)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    words_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="access_audit_subject"),
            models.Index(fields=["actor_id", "-id"], name="access_audit_actor"),
            # "Who has looked at my child's record?" must have an answer however long the trail is.
            GinIndex(fields=["people"], name="access_audit_people"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.action}"


class AuditWords(models.Model):
    """The personal words that belong to an event. They may be destroyed; the event keeps their salted digest, so the
    chain verifies with or without them."""

    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, primary_key=True, related_name="words")
    salt = models.CharField(max_length=32)
    words = models.JSONField(null=True)
    redacted_at = models.DateTimeField(null=True)
    redacted_by = models.UUIDField(null=True)
    redaction_reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"words of {self.event_id}"


class AuditSeal(models.Model):
    """The place of one event in the hash chain. Written within a second by the sealer, one at a time."""

    seq = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(AuditEvent, on_delete=models.PROTECT, related_name="seal", db_constraint=False)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"seal {self.seq}"
