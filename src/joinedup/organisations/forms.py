"""What the administrator fills in to end or extend a post."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from joinedup.core.forms import DateField, Form, HiddenField, Option, RadiosField, TextareaField


def end_of(day: date) -> datetime:
    """The moment a day is over, as people mean it when they say "last day"."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))


class EndPostForm(Form):
    """End a post now, or at the end of a day."""

    when = RadiosField(
        label="When does the post end?",
        error="Select when the post ends",
        choices=[
            Option("now", "Now", "Open sessions lose their access with the next click"),
            Option("day", "At the end of a day"),
        ],
        conditional={"day": "last_day"},
    )
    last_day = DateField(label="Last day", hint="For example, 31 3 2027", error="Enter the last day")
    reason = TextareaField(label="Why does it end?", max_length=300, error="Enter why the post ends")
    version = HiddenField()


class ExtendPostForm(Form):
    """Move the end of a post to a later day."""

    last_day = DateField(label="New last day", hint="For example, 31 3 2027", error="Enter the new last day")
    reason = TextareaField(label="Why is it extended?", max_length=300, error="Enter why the post is extended")
    version = HiddenField()
