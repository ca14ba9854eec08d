"""What a purchase costs a fund once VAT is reclaimed, and what it would cost if another partner delivered it. Pure.

VAT follows the body that delivers (HMRC manual VATGPB6640): a council reclaims under section 33 of the Value Added Tax Act
1994, an NHS body under section 41 and only for contracted-out services on the Treasury's list. What cannot be reclaimed is a
cost of the scheme that bought it. Rates and regimes are dated data; hundredths of a per cent, so that 20% is 2000.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from joinedup.engines.money import Money

_WHOLE = 10_000


class VatCode(StrEnum):
    """How a supply is taxed."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    EXEMPT = "exempt"
    OUTSIDE = "outside"


VAT_CODES: dict[VatCode, str] = {
    VatCode.STANDARD: "Standard rate",
    VatCode.REDUCED: "Reduced rate",
    VatCode.ZERO: "Zero rate",
    VatCode.EXEMPT: "Exempt",
    VatCode.OUTSIDE: "Outside the scope of VAT",
}


@dataclass(frozen=True)
class DatedRate:
    """A rate from a day to the day before another takes its place."""

    code: VatCode
    rate: int
    starts_on: date
    ends_on: date | None = None  # the last day
    source: str = "Value Added Tax Act 1994, section 2"
    is_verified: bool = False


RATES: tuple[DatedRate, ...] = (
    DatedRate(VatCode.STANDARD, 1750, date(1991, 4, 1), date(2008, 11, 30)),
    DatedRate(VatCode.STANDARD, 1500, date(2008, 12, 1), date(2009, 12, 31)),
    DatedRate(VatCode.STANDARD, 1750, date(2010, 1, 1), date(2011, 1, 3)),
    DatedRate(VatCode.STANDARD, 2000, date(2011, 1, 4)),
    DatedRate(VatCode.REDUCED, 500, date(1997, 9, 1)),
)


def rate_on(code: VatCode, day: date, rates: Iterable[DatedRate] = RATES) -> int:
    """The rate of a code on a day; nought where there is nothing to charge. Raises ``LookupError`` where no rate of a
    taxed code is known for the day."""
    if code not in (VatCode.STANDARD, VatCode.REDUCED):
        return 0
    for each in rates:
        if each.code == code and each.starts_on <= day and (each.ends_on is None or day <= each.ends_on):
            return each.rate
    raise LookupError(f"No {VAT_CODES[code].lower()} of VAT is known for {day.day} {day:%B %Y}.")


class Regime(StrEnum):
    """How a body reclaims the VAT it pays."""

    S33 = "s33"
    S41_COS = "s41_cos"
    PARTIAL = "partial"
    NONE = "none"


REGIMES: dict[Regime, str] = {
    Regime.S33: "Section 33: a local authority, police or fire body reclaims all of it",
    Regime.S41_COS: "Section 41: an NHS body reclaims it on listed contracted-out services",
    Regime.PARTIAL: "Partly exempt: a fixed part of it is reclaimed",
    Regime.NONE: "Nothing is reclaimed",
}
REGIME_NAMES: dict[Regime, str] = {
    Regime.S33: "Section 33",
    Regime.S41_COS: "Section 41, contracted-out services",
    Regime.PARTIAL: "Partly exempt",
    Regime.NONE: "No refund",
}


@dataclass(frozen=True)
class Body:
    """Who delivers, and how it reclaims; `part` is what a partly exempt body gets back, in hundredths of a per cent."""

    name: str
    regime: Regime
    part: int = 0


@dataclass(frozen=True)
class Purchase:
    """One line of a purchase (V1). `cos_heading` is the listed contracted-out service it is, if it is one; it is kept
    whoever delivers, because what another host would reclaim hangs on it. `vat_pence` is what the invoice says."""

    scheme: str
    net_pence: int
    code: VatCode
    bought_on: date
    cos_heading: str = ""
    vat_pence: int | None = None


@dataclass(frozen=True)
class Cost:
    """A purchase taken apart: the VAT on it, what is reclaimed, and what it costs the fund (V2)."""

    net: Money
    vat: Money
    reclaimed: Money

    @property
    def irrecoverable(self) -> Money:
        """VAT that nobody gives back; it falls on the scheme of the line (V3)."""
        return Money(self.vat - self.reclaimed)

    @property
    def to_the_fund(self) -> Money:
        """Net with what is irrecoverable."""
        return Money(self.net + self.irrecoverable)


def vat_on(purchase: Purchase) -> Money:
    """The VAT of a purchase: what the invoice says, else by the rate of its day, to the nearest penny, a half away from
    nought. Raises ``ValueError`` for VAT on what bears none or of the other sign than the net."""
    rate = rate_on(purchase.code, purchase.bought_on)
    if purchase.vat_pence is None:
        return _nearest(Fraction(purchase.net_pence * rate, _WHOLE))
    if purchase.vat_pence and (rate == 0 or (purchase.vat_pence > 0) != (purchase.net_pence > 0)):
        raise ValueError(f"There is no VAT of that kind on a purchase that is {VAT_CODES[purchase.code].lower()}.")
    return Money(purchase.vat_pence)


def reclaimed(purchase: Purchase, body: Body) -> Money:
    """What the body that delivers gets back of the VAT."""
    vat = vat_on(purchase)
    if body.regime is Regime.S33 or (body.regime is Regime.S41_COS and purchase.cos_heading.strip()):
        return vat
    if body.regime is Regime.PARTIAL:
        return _nearest(Fraction(vat * body.part, _WHOLE))
    return Money(0)


def cost_of(purchase: Purchase, body: Body) -> Cost:
    """What a purchase costs the fund when this body delivers."""
    return Cost(Money(purchase.net_pence), vat_on(purchase), reclaimed(purchase, body))


@dataclass(frozen=True)
class Leakage:
    """One line under two bodies (V4): what would be lost (above nought) or won if the other delivered."""

    purchase: Purchase
    now: Cost
    then: Cost

    @property
    def difference(self) -> Money:
        """What the fund would pay more."""
        return Money(self.then.to_the_fund - self.now.to_the_fund)


def leakage(purchases: Sequence[tuple[Purchase, Body]], other: Body) -> list[Leakage]:
    """The same lines, each as it is and as it would be if `other` delivered all of them."""
    return [Leakage(line, cost_of(line, body), cost_of(line, other)) for line, body in purchases]


def leaked(lines: Iterable[Leakage]) -> Money:
    """What all of it would cost the fund more."""
    return Money(sum(line.difference for line in lines))


def leaked_by_scheme(lines: Iterable[Leakage]) -> dict[str, Money]:
    """The same for each scheme, in the order in which they come."""
    found: dict[str, Money] = {}
    for line in lines:
        found[line.purchase.scheme] = Money(found.get(line.purchase.scheme, 0) + line.difference)
    return found


class Mode(StrEnum):
    """How money passes between partners (V5)."""

    POOLED = "pooled"  # contributions to common funds: outside the scope
    AGENCY = "agency"  # one supplies the other: its invoice carries VAT


def vat_between_partners(mode: Mode, net_pence: int, day: date) -> Money:
    """The VAT on what one partner pays another: none on a contribution, the standard rate on a recharge by an agency."""
    if mode is Mode.POOLED:
        return Money(0)
    return _nearest(Fraction(net_pence * rate_on(VatCode.STANDARD, day), _WHOLE))


def passed_on_to_principal(purchases: Sequence[tuple[Purchase, Body]], principal: Body) -> Money:
    """Where the host is only an agent, it invoices its principal for the part of the VAT that the principal would have
    reclaimed itself (Scottish guidance on integrated finance, chapter 5: any reasonable apportionment)."""
    return Money(sum(reclaimed(line, principal) for line, _ in purchases))


def needs_reason(mode_before: Mode, mode_now: Mode, saved_pence: int, reason: str) -> bool:
    """Whether an arrangement that saves VAT still lacks its reason in the service (V6): HMRC looks at arrangements that
    have none but the tax."""
    return mode_before is not mode_now and saved_pence > 0 and not reason.strip()


def _nearest(exact: Fraction) -> Money:
    rounded = int(abs(exact) + Fraction(1, 2))
    return Money(-rounded if exact < 0 else rounded)
