"""Whose page, the links and codes that open it, what was released to its reader, and what its reader wrote."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from joinedup.casework.models import Case
from joinedup.core.models import Record
from joinedup.person_index.models import Person


class AbuseMark(Record):
    """That domestic abuse is a factor in a case, as a worker said it for the family's pages. What assessments say counts
    without it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="abuse_marks")
    reason = models.TextField()
    marked_at = models.DateTimeField()
    marked_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    ended_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(ended_at__isnull=True), name="one_abuse_mark_for_a_case"
            )
        ]

    def __str__(self) -> str:
        return f"mark of {self.case_id}"


class FamilyPage(Record):
    """One reader's page in one case. A page that was closed is never opened again: the next one is a new row."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="family_pages")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="family_pages")
    is_young = models.BooleanField()  # a child's own space
    understanding = models.TextField(blank=True)  # why a younger child understands what it means
    abuse_reason = models.TextField(blank=True)
    # The facts about domestic abuse that were weighed when it was opened; another one closes it.
    abuse_weighed = ArrayField(models.CharField(max_length=80), default=list)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    looked_at = models.DateTimeField(null=True)  # when the program last looked whether it must be closed
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    closed_code = models.CharField(max_length=24, blank=True)
    closed_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "person"], condition=Q(closed_at__isnull=True), name="one_family_page_of_a_reader"
            ),
            models.CheckConstraint(
                condition=(Q(closed_at__isnull=True) & Q(closed_code="")) | (Q(closed_at__isnull=False) & ~Q(closed_code="")),
                name="family_page_closed_says_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"page of {self.person_id}"


class PageClearance(models.Model):
    """Somebody the reader's page may be about. Where that rests on parental responsibility it ends with it."""

    page = models.ForeignKey(FamilyPage, on_delete=models.PROTECT, related_name="clearances")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="family_page_clearances")
    by_responsibility = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "person"], name="family_page_clearance_once")]

    def __str__(self) -> str:
        return f"{self.page_id} about {self.person_id}"


class PageLink(Record):
    """A link to a page. Only a digest of it is kept. Opening a newer one ends it; asking for one ends nothing, because
    anybody can ask for anybody."""

    page = models.ForeignKey(FamilyPage, on_delete=models.PROTECT, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    entered_at = models.DateTimeField(null=True)  # first opened with a code

    class Meta:
        indexes = [models.Index(fields=["page", "-created_at"], name="family_page_links")]

    def __str__(self) -> str:
        return f"link of {self.page_id}"


class PageCode(Record):
    """A code sent to the contact that is safe. Only a keyed digest of it is kept; it opens once."""

    link = models.ForeignKey(PageLink, on_delete=models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["link", "-sent_at"], name="family_page_codes")]

    def __str__(self) -> str:
        return f"code of {self.link_id}"


class PageVisit(Record):
    """A page opened in one browser, which holds the secret of `digest` in its session."""

    link = models.ForeignKey(PageLink, on_delete=models.PROTECT, related_name="visits")
    digest = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["link", "-began_at"], name="family_page_visits")]

    def __str__(self) -> str:
        return f"visit of {self.link_id}"


class FamilyMessage(Record):
    """What a reader wrote. It is read by `due_at`, or the manager is told."""

    page = models.ForeignKey(FamilyPage, on_delete=models.PROTECT, related_name="messages")
    words = models.TextField()
    written_at = models.DateTimeField()
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(read_at__isnull=True), name="family_page_messages_unread"),
            models.Index(fields=["page", "-written_at"], name="family_page_messages"),
        ]

    def __str__(self) -> str:
        return f"message of {self.page_id}"


class Release(Record):
    """Words released to one reader, frozen as they were confirmed. The only thing a reader's page is made of.

    `source_key` names what it was made from (`need.ID`); `source_digest` is of what that said then, so that a change shows
    as a newer version to release. `concerns` are the people it is about.
    """

    page = models.ForeignKey(FamilyPage, on_delete=models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=12)
    source_key = models.CharField(max_length=80)
    source_digest = models.CharField(max_length=64, blank=True)
    message = models.ForeignKey(FamilyMessage, null=True, on_delete=models.PROTECT, related_name="answers")
    title = models.CharField(max_length=160)
    words = models.TextField()
    concerns = ArrayField(models.UUIDField(), default=list)
    until = models.DateTimeField(null=True)  # a meeting: after it, it is over
    override_reason = models.TextField(blank=True)  # why shown although the young person has not said yes
    released_at = models.DateTimeField()
    released_by = models.UUIDField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)
    first_seen_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "source_key"], condition=Q(withdrawn_at__isnull=True), name="one_live_release_of_a_source"
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["page", "-released_at"], name="family_page_releases")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.page_id}"


class YoungChoice(Record):
    """Whether a young person says that one parent may see something they were shown or wrote. No row is no yes."""

    page = models.ForeignKey(FamilyPage, on_delete=models.PROTECT, related_name="choices")
    source_key = models.CharField(max_length=80)
    parent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="family_page_choices")
    may_see = models.BooleanField()
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "source_key", "parent"], name="one_choice_of_a_young_person")
        ]

    def __str__(self) -> str:
        return f"{self.source_key} to {self.parent_id}: {self.may_see}"
