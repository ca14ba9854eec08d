"""Who may approve moving money between budget lines: bands by amount, as data. Pure.

The band is found on everything moved on the line in the year, this virement included, so that splitting one large virement
into several small ones needs the same approval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """Up to and including `limit_pence` (None: any amount) this level approves. `notice_only` needs no second person."""

    limit_pence: int | None
    level: str
    words: str
    notice_only: bool = False
    is_body: bool = False  # a committee: its decision is recorded by whoever keeps its minutes


@dataclass(frozen=True)
class Scheme:
    """A partner's scheme of delegation for virements. `steps_up` when capital and revenue or two services are crossed."""

    code: str
    name: str
    source: str
    bands: tuple[Band, ...]
    steps_up: bool = False
    is_verified: bool = True


_EXECUTIVE = "The executive"
_COUNCIL = "Full council"

SCHEMES: Mapping[str, Scheme] = {
    scheme.code: scheme
    for scheme in (
        Scheme(
            "waverley",
            "Five bands, one level up across services (after Waverley)",
            "local: Waverley Borough Council, financial regulations, as seen on 22 November 2026",
            (
                Band(9_999, "budget_manager", "The budget manager, who tells finance", notice_only=True),
                Band(100_000, "chief_officer", "A chief officer with the finance director"),
                Band(500_000, "management_board", "The management board", is_body=True),
                Band(5_000_000, "executive", _EXECUTIVE, is_body=True),
                Band(None, "council", _COUNCIL, is_body=True),
            ),
            steps_up=True,
        ),
        Scheme(
            "west_lancashire",
            "Four bands (after West Lancashire)",
            "local: West Lancashire Borough Council, 18 October 2023, as seen on 22 November 2026",
            (
                Band(2_500_000, "service_head", "A head of service"),
                Band(5_000_000, "chief_officer", "A chief officer with the section 151 officer"),
                Band(10_000_000, "cabinet", "Cabinet", is_body=True),
                Band(None, "council", _COUNCIL, is_body=True),
            ),
        ),
    )
}


def band_for(scheme: Scheme, cumulative_pence: int, *, crosses: bool = False) -> Band:
    """The first band whose limit reaches the amount; one level up where the scheme says so and the virement crosses from
    service to service or between capital and revenue."""
    place = next(
        (n for n, band in enumerate(scheme.bands) if band.limit_pence is None or band.limit_pence >= cumulative_pence),
        len(scheme.bands) - 1,
    )
    if crosses and scheme.steps_up:
        place = min(place + 1, len(scheme.bands) - 1)
    return scheme.bands[place]


def reaches(scheme: Scheme, level: str, needed: str) -> bool:
    """Whoever approves the larger approves the smaller, too."""
    order = [band.level for band in scheme.bands]
    return level in order and needed in order and order.index(level) >= order.index(needed)


def level_words(scheme_code: str, level: str) -> str:
    """A level in words."""
    scheme = SCHEMES.get(scheme_code)
    return next((band.words for band in scheme.bands if band.level == level), level) if scheme else level
