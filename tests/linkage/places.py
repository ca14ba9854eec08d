"""Invented dwellings: towns, streets, flats, postcodes in the real form."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.linkage.words import words

_FIRST = words("""High Station Church Victoria Park Mill London Queens Kings Albert Grange Springfield Manor Alexandra Chester
George Chapel North South West East New York Stanley Windsor School Richmond Highfield Green Brook Water Oak Ash Elm
Cedar Beech Birch Lime Poplar Willow Hawthorn Rowan Holly Laurel Sycamore Maple Chestnut Primrose Rose Lily Daisy
Bluebell Foxglove Heather Meadow Orchard Field Farm Hill Valley River Lake Canal Bridge Castle Tower Abbey Priory
St-Johns St-Marys St-Pauls St-Peters St-Andrews Nelson Wellington Trafalgar Waterloo Albion Britannia Union Clarence
Cambridge Oxford Derby Lincoln Norfolk Suffolk Essex Kent Devon Cornwall Dorset Somerset Moor Heath Common Warren
Fox Hare Badger Otter Heron Swallow Lark Kestrel Falcon Eagle Swan Mallard Kingfisher Mossley Brindle Carden Tarvin
Delph Ridge Quarry Pit Furnace Foundry Weaver Dyer Cooper Tanner Potter Market Cross Gate Wall Back Long Broad Short""")
_KIND = (
    ("Road", "Rd", 30),
    ("Street", "St", 26),
    ("Avenue", "Ave", 14),
    ("Close", "Cl", 12),
    ("Drive", "Dr", 9),
    ("Lane", "Ln", 9),
    ("Way", "Way", 4),
    ("Crescent", "Cres", 5),
    ("Grove", "Gr", 4),
    ("Court", "Ct", 4),
    ("Gardens", "Gdns", 3),
    ("Terrace", "Terr", 3),
    ("Place", "Pl", 3),
)
_HOUSES = words(
    """Rose Ivy Holly Oak Orchard Meadow Church Mill School Station Hill Brook Willow Garden Forge Stable"""
)
_TOWNS = """CW1 CW2 CW7|CH1 CH2 CH3 CH65|SN1 SN2 SN3 SN25|WA7 WA8|SK10 SK11|WV1 WV2 WV10|LE2 LE3 LE5|BD3 BD7 BD8|
PR1 PR2|HU5 HU6|SA1 SA5|CF11 CF24|E6 E7 E12|SE15 SE5|B8 B10 B11|M8 M14 M19|NE4 NE6|PO1 PO2|LU1 LU4|TS1 TS3"""
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class Home:
    """One dwelling."""

    flat: str
    number: str
    name: str
    street: str
    kind: str
    short: str
    postcode: str


class Places:
    """All dwellings of the towns of one data set; a dwelling is a number from 0 up."""

    def __init__(self, seed: int, dwellings: int, *, towns: int = 6, per_street: int = 24) -> None:
        rng = Random(f"places {seed}")
        listed = [each.split() for each in _TOWNS.replace("\n", "").split("|")]
        self.towns = rng.sample(listed, towns)
        self.streets = max(len(self.towns) * 4, dwellings // per_street)
        self.depth = max(2, dwellings // self.streets)
        self.dwellings = self.streets * self.depth
        kinds = [each[:2] for each in _KIND]
        weights = [each[2] for each in _KIND]
        used: set[str] = set()
        self._street: list[tuple[str, str, str, str, str, bool, int]] = []
        for place in range(self.streets):
            districts = self.towns[place % len(self.towns)]
            kind, short = rng.choices(kinds, weights)[0]
            first = _FIRST[int(len(_FIRST) * rng.random() ** 1.3)].replace("-", " ")
            codes = [self._postcode(rng, rng.choice(districts), used) for _ in range(2)]
            self._street.append((first, kind, short, *codes, rng.random() < 0.12, rng.randint(1, 90)))

    def _postcode(self, rng: Random, district: str, used: set[str]) -> str:
        for _ in range(200):
            code = f"{district} {rng.randint(0, 9)}{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}"
            if code not in used:
                break
        used.add(code)
        return code

    def any(self, rng: Random) -> int:
        return rng.randrange(self.dwellings)

    def near(self, rng: Random, dwelling: int) -> int:
        """Return another dwelling, three times in four in the same town."""
        if rng.random() > 0.75:
            return self.any(rng)
        towns = len(self.towns)
        street = (dwelling % self.streets) % towns + towns * rng.randrange(self.streets // towns)
        return street + self.streets * rng.randrange(self.depth)

    def home(self, dwelling: int) -> Home:
        """Return the parts of an address; homes from ``communal`` on are large houses with a name."""
        street = dwelling % self.streets
        first, kind, short, lower, upper, is_block, base = self._street[street]
        place = (dwelling // self.streets) % (self.depth + 50)
        code = lower if place * 2 < self.depth else upper
        if dwelling >= self.dwellings:
            return Home("", str(base), f"{first} House", first, kind, short, lower)
        if is_block:
            return Home(str(place + 1), str(base), "", first, kind, short, lower)
        chance = (dwelling * 2654435761) % 1000
        if chance < 20:
            return Home("", "", f"{_HOUSES[dwelling % len(_HOUSES)]} Cottage", first, kind, short, code)
        if chance < 80:
            return Home("ABC"[dwelling % 3], str(place + 1), "", first, kind, short, code)
        return Home("", str(place + 1), "", first, kind, short, code)

    def communal(self, rng: Random, of: int) -> int:
        """Return a hotel, hostel or refuge, one of ``of``."""
        return self.dwellings + rng.randrange(max(1, of))


def written(home: Home) -> str:
    """Return the first line of an address as most write it."""
    street = f"{home.street} {home.kind}"
    if home.flat in ("A", "B", "C"):
        return f"{home.number}{home.flat} {street}"
    if home.flat:
        return f"Flat {home.flat}, {home.number} {street}"
    if home.name:
        return f"{home.name}, {home.number} {street}".replace(",  ", ", ")
    return f"{home.number} {street}"


def written_otherwise(home: Home, rng: Random) -> str:
    """Return the first line as some write it: short forms, other orders, a part left out."""
    street = f"{home.street} {home.short if rng.random() < 0.6 else home.kind}"
    if home.flat in ("A", "B", "C"):
        return rng.choice((f"{home.number} {home.flat} {street}", f"Flat {home.flat}, {home.number} {street}"))
    if home.flat:
        flat, number = home.flat, home.number
        ways = (f"{flat}/{number} {street}", f"{number}/{flat} {street}", f"Apt {flat} {number} {street}")
        return rng.choice((*ways, f"Flat {flat} {number} {street}", f"{number} {street} Flat {flat}"))
    if home.name:
        return rng.choice((home.name, f"{home.name} {street}", f"{home.number} {street}".strip()))
    return rng.choice((f"{home.number}, {street}", f"{home.number} {street}", f"{home.number} {street.upper()}"))
