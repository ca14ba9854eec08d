"""Reading the partnership."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from joinedup.access.actor import Standing
from joinedup.access.roles import Role
from joinedup.organisations.models import Post


def standings_of_account(account_id: UUID, at: datetime) -> list[Standing]:
    """The posts an account holds at a moment, as standings. The half-open interval is what ends a secondment's access
    at the minute it ends."""
    held = (
        Post.objects.filter(account_id=account_id, starts_at__lte=at)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
        .select_related("host")
        .order_by("starts_at", "id")
    )
    return [
        Standing(
            role=Role(post.role),
            source_id=post.pk,
            title=post.title,
            organisation_id=post.host_id,
            organisation_name=post.host.name,
            team_id=post.team_id,
            is_registered_social_worker=post.is_registered_social_worker,
            ends_at=post.ends_at,
        )
        for post in held
    ]
