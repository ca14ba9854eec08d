"""Figures that were really published about programmes of this kind, with where; nothing here is invented. They conflict."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from joinedup.access.actor import Actor
from joinedup.benefits import services
from joinedup.benefits.services import ClaimSaid

if TYPE_CHECKING:
    from joinedup.benefits.models import Programme

_M = 100_000_000  # pence of a million pounds
_ROOM = "Room 151, interview with the programme manager"
_WEST = "Cheshire West and Chester"
_FIVE = "Five years from 2013/14"

_WEST_CHESHIRE = (
    ClaimSaid("Potential financial benefits of the six business cases together", "gross", "forecast", _ROOM, 106 * _M,
              period=_FIVE, area=_WEST, published="2013", words="“It is still just a forecast”, after three rounds of treasury analysis."),
    ClaimSaid("The same, after cost", "net", "forecast", _ROOM, 51 * _M, period=_FIVE, area=_WEST, published="2013",
              words="Gross less net is a cost of £55m that the source does not state."),
    ClaimSaid("Saved", "gross", "unknown", "Local Government Association, case study", 108 * _M, area=_WEST,
              words="For £41m invested: net £67m, which the source does not state."),
    ClaimSaid("Invested", "cost", "unknown", "Local Government Association, case study", 41 * _M, area=_WEST),
    ClaimSaid("Savings", "gross", "forecast", "Public Finance", 56 * _M, area=_WEST, published="March 2013",
              words="Not said whether gross or net; close to the net figure of others."),
    ClaimSaid("Families Together", "net", "forecast", "West Cheshire, written evidence CB 09", 2 * _M, period="Five years",
              area=_WEST, words="For a cohort of 525 families."),
    ClaimSaid("Cohort of Families Together", "size", "unknown", "West Cheshire, written evidence CB 09",
              number=Decimal(525), unit="families", area=_WEST),
)  # fmt: skip
_TROUBLED = (
    ClaimSaid("Saving for a family turned around", "gross", "unknown", "gov.uk, press release", 1_200_000, unit="per family",
              area="England", published="2015", words="Against a cost of £5,493: £2.18 for each £1."),
    ClaimSaid("Cost of a family", "cost", "unknown", "gov.uk, press release", 549_300, unit="per family", area="England", published="2015"),
    ClaimSaid("Saving for a family", "gross", "unknown", "Department for Communities and Local Government report, in Children and Young People Now",
              1_120_000, unit="per family", area="England", published="2015", words="Against a cost of £5,214: 2.15. The year before cost £26,000."),
    ClaimSaid("Cost of a family", "cost", "unknown", "Department for Communities and Local Government report, in Children and Young People Now",
              521_400, unit="per family", area="England", published="2015"),
    ClaimSaid("Return", "ratio", "unknown", "Manchester", number=Decimal("2.20"), unit="for each £1", area="Manchester", published="2015"),
    ClaimSaid("Saved in all", "gross", "unknown", "gov.uk, press release", 1_200 * _M, area="England", published="2015",
              words="Disputed by a fact check: outcomes were reported by areas themselves, and the figure is gross."),
)  # fmt: skip
_EVALUATION = (
    ClaimSaid("Net economic benefit", "net", "measured", "National evaluation of the Troubled Families programme 2019", 366 * _M,
              area="England", published="2019", words="At £2.28 for each £1."),
    ClaimSaid("Net fiscal benefit", "net", "measured", "National evaluation of the Troubled Families programme 2019", 147 * _M,
              area="England", published="2019", words="At £1.51 for each £1. Economic and fiscal benefit are two things: they are not added."),
    ClaimSaid("Economic return", "ratio", "measured", "National evaluation of the Troubled Families programme 2019",
              number=Decimal("2.28"), unit="for each £1", area="England", published="2019"),
    ClaimSaid("Fiscal return", "ratio", "measured", "National evaluation of the Troubled Families programme 2019",
              number=Decimal("1.51"), unit="for each £1", area="England", published="2019"),
)  # fmt: skip


def load(programme: Programme, *, by: Actor, at: datetime) -> None:
    """The register: three subjects, each with what explains that its figures differ."""
    subjects = (
        ("West Cheshire: six strands of a community budget", programme, _WEST_CHESHIRE,
         "£106m less £51m is a cost of £55m; £108m less £41m would be £67m. The sources do not say the same about cost, "
         "the years or whether a figure is gross, and none gives the year of its prices. All were made before anything was "
         "delivered: the full business case tables are not published."),
        ("Troubled Families: what a family saved", None, _TROUBLED,
         "Two reports of one year divide by different costs and count different families. Savings are gross and by what "
         "areas said themselves, without a comparison of families who were not in the programme."),
        ("Troubled Families: national evaluation", None, _EVALUATION,
         "Fiscal benefit is what public purses keep; economic benefit counts earnings and output as well. Both are set "
         "against a comparison group: 2.5 per cent of its children came into care, 1.7 per cent in the programme."),
    )  # fmt: skip
    for title, beside, figures, explains in subjects:
        subject = services.add_claim_subject(title=title, programme=beside, by=by, at=at)
        for said in figures:
            services.register_claim(subject=subject, said=said, by=by, at=at)
        services.explain_difference(subject=subject, words=explains, by=by, at=at)
