"""Who is withheld from whom: the one row filter that every list of people, referrals, cases and events ends with."""

from __future__ import annotations

from django.db.models.expressions import RawSQL

from joinedup.access.actor import Actor


def withheld_ids(viewer: Actor) -> RawSQL:
    """The ids of everybody withheld from a viewer, for `pk__in`: restricted people who are not open to them, whatever
    entry or look-alike they have, and for staff their own family. The rule is one function in the database, so that no
    list can forget a part of it."""
    if viewer.is_system:
        return RawSQL("SELECT NULL::uuid WHERE false", [])  # the program itself sees everybody
    return RawSQL(
        "SELECT person_index_withheld(%s::uuid, %s::uuid[], %s::text[], %s::timestamptz)",
        [viewer.account_id, sorted(viewer.post_ids), sorted(role.value for role in viewer.roles), viewer.at],
    )


def withheld_array(viewer: Actor) -> RawSQL:
    """As `withheld_ids`, for rows that hold an array of person ids."""
    if viewer.is_system:
        return RawSQL("'{}'::uuid[]", [])
    return RawSQL(
        "ARRAY(SELECT person_index_withheld(%s::uuid, %s::uuid[], %s::text[], %s::timestamptz))",
        [viewer.account_id, sorted(viewer.post_ids), sorted(role.value for role in viewer.roles), viewer.at],
    )
