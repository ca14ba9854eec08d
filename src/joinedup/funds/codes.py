"""The words and code lists of shared money. Pure."""

from __future__ import annotations

from enum import StrEnum


class Model(StrEnum):
    """How a fund is held. Whether money may cross between partners, who bears a variance and whose VAT it is follow."""

    POOLED = "pooled"
    ALIGNED = "aligned"
    JOINT = "joint"
    GRANT = "grant"


MODELS: dict[Model, str] = {
    Model.POOLED: "Pooled",
    Model.ALIGNED: "Aligned",
    Model.JOINT: "Joint",
    Model.GRANT: "Grant",
}
MODEL_SENTENCES: dict[Model, str] = {
    Model.POOLED: "One fund in the host’s hands that the partners own together.",
    Model.ALIGNED: "Each partner keeps its own money; the budgets are seen side by side and never cross.",
    Model.JOINT: "The host pays and invoices the other partners for their share of the cost.",
    Model.GRANT: "One partner pays another under conditions; there is no common fund.",
}


class Tier(StrEnum):
    """How far one budget line is inside the fund. An attribute of the line: a fund that is mostly aligned says so."""

    POOLED = "pooled"
    POOLED_ALIGNED = "pooled_aligned"
    IN_VIEW = "in_view"
    OUTSIDE = "outside"


TIERS: dict[Tier, str] = {
    Tier.POOLED: "Pooled",
    Tier.POOLED_ALIGNED: "Pooled-aligned",
    Tier.IN_VIEW: "In view",
    Tier.OUTSIDE: "Outside",
}
TIER_SENTENCES: dict[Tier, str] = {
    Tier.POOLED: "In the fund: the partners share what is over or under.",
    Tier.POOLED_ALIGNED: "Planned together and shown together; what is over or under stays with its owner.",
    Tier.IN_VIEW: "Outside the agreement, shown because decisions here change it.",
    Tier.OUTSIDE: "Outside the agreement and its decisions; known for the whole picture.",
}
# Whose over- and underspends the partners share; which lines are under the agreement at all.
SHARED_TIERS = frozenset({Tier.POOLED})
INSIDE_TIERS = frozenset({Tier.POOLED, Tier.POOLED_ALIGNED})


class Place(StrEnum):
    """Whose budget a line is, from the whole fund down to one family."""

    FUND = "fund"
    LOCALITY = "locality"
    CLUSTER = "cluster"
    FAMILY = "family"


PLACES: dict[Place, str] = {
    Place.FUND: "The whole fund",
    Place.LOCALITY: "A locality",
    Place.CLUSTER: "A cluster of schools",
    Place.FAMILY: "One family",
}
# A budget of one place hangs under one of a wider place.
WIDER: dict[Place, frozenset[Place]] = {
    Place.FUND: frozenset(),
    Place.LOCALITY: frozenset({Place.FUND}),
    Place.CLUSTER: frozenset({Place.FUND, Place.LOCALITY}),
    Place.FAMILY: frozenset({Place.FUND, Place.LOCALITY, Place.CLUSTER}),
}


class StreamKind(StrEnum):
    """Where money comes from before a partner puts it in."""

    CORE = "core"
    DEDICATED_SCHOOLS_GRANT = "dedicated_schools_grant"
    PUBLIC_HEALTH = "public_health"
    NHS = "nhs"
    GRANT = "grant"


STREAM_KINDS: dict[StreamKind, str] = {
    StreamKind.CORE: "Council’s own money",
    StreamKind.DEDICATED_SCHOOLS_GRANT: "Dedicated schools grant",
    StreamKind.PUBLIC_HEALTH: "Public health grant",
    StreamKind.NHS: "NHS allocation",
    StreamKind.GRANT: "Another grant",
}

# How likely a risk is.
LIKELIHOODS = {"low": "Unlikely", "medium": "Possible", "high": "Likely", "now": "It has happened"}
