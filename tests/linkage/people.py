"""Invented households: parents, children, twins, grandparents, step families, adopted and unaccompanied children."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from tests.linkage.names_british import SHORT_FORMS
from tests.linkage.places import Places
from tests.linkage.traditions import BY_CODE, TRADITIONS, FullName, Tradition, adult_name, child_name, gendered

NOW = date(2026, 9, 1).toordinal()
YEAR = 365.25
_PRIME = 99_999_989
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(slots=True)
class Person:
    """One invented person; surnames and homes are in order of time, the last is today's."""

    id: int
    household: int
    family: int
    role: str
    sex: str
    born: int
    group: str
    name: FullName
    surnames: list[str]
    homes: list[int]
    nhs: str
    upn: str
    mother: Person | None = None
    twins: int = 0
    adopted: int = 0
    estimated: bool = False
    often_moved: bool = False
    unseen: bool = False
    forenames: list[str] = field(default_factory=list)

    @property
    def age(self) -> float:
        return (NOW - self.born) / YEAR


def nhs_number_of(number: int, seed: int) -> str:
    """Return a number of the range that belongs to no patient, with its check digit, unique to ``number``."""
    for attempt in range(8):
        nine = f"9{((number * 8 + attempt) * 48_271 + seed * 7_919) % _PRIME:08d}"
        check = 11 - sum((10 - place) * int(digit) for place, digit in enumerate(nine)) % 11
        if check != 10:
            return nine + str(0 if check == 11 else check)
    return ""


def upn_of(number: int, seed: int, year: int, *, temporary: bool = False) -> str:
    """Return a unique pupil number, unique to ``number``, with its check letter."""
    seven = (number * 16_807 + seed * 104_729) % 9_999_991
    authority = (201, 316, 352, 866, 877, 895)[number % 6]
    rest = f"{authority}{seven:07d}"
    rest = rest[:7] + f"{year % 100:02d}" + rest[7:]
    if temporary:
        rest = rest[:-1] + _UPN_LETTERS[number % 23]
    values = [_UPN_LETTERS.index(each) if each in _UPN_LETTERS else int(each) for each in rest]
    return _UPN_LETTERS[sum(place * value for place, value in enumerate(values, start=2)) % 23] + rest


class Town:
    """Makes households one after another from one seed; ``people`` grows."""

    def __init__(self, rng: Random, places: Places, *, first_id: int, seed: int, shares: dict[str, float]) -> None:
        self.rng = rng
        self.places = places
        self.people: list[Person] = []
        self.seed = seed
        self.next_id = first_id
        self.household = first_id
        self.family = first_id
        self._kinds = [BY_CODE[code] for code in shares]
        self._shares = list(shares.values())
        self._waiting: list[Person] = []

    def add_household(self) -> None:
        """Add one more household of a kind drawn by chance."""
        self.household += 1
        builders = (
            (self._couple, 34),
            (self._lone_parent, 21),
            (self._step_family, 8),
            (self._three_generations, 7),
            (self._adults_only, 23),
            (self._kinship, 2),
            (self._foster, 1.6),
            (self._placement, 0.22),
        )
        build = self.rng.choices([each[0] for each in builders], [each[1] for each in builders])[0]
        build(self.rng.choices(self._kinds, self._shares)[0])
        self._adopt_waiting()

    # --- members ---

    def _person(
        self, role: str, sex: str, born: int, kind: Tradition, name: FullName, homes: list[int], family: int
    ) -> Person:
        self.next_id += 1
        number = self.next_id
        year = min(2026, date.fromordinal(born).year + 5)
        who = Person(
            number,
            self.household,
            family,
            role,
            sex,
            born,
            kind.code,
            name,
            [name.surname],
            homes,
            nhs_number_of(number, self.seed),
            upn_of(number, self.seed, year) if 2.5 <= (NOW - born) / YEAR < 19 else "",
        )
        self.people.append(who)
        return who

    def _homes(self) -> list[int]:
        rng = self.rng
        communal = rng.random() < 0.02
        homes = [self.places.communal(rng, self.places.dwellings // 900) if communal else self.places.any(rng)]
        while rng.random() < 0.38 and len(homes) < 4:
            if rng.random() < 0.03:
                homes.insert(0, self.places.communal(rng, self.places.dwellings // 900))
            else:
                homes.insert(0, self.places.near(rng, homes[0] % self.places.dwellings))
        return homes

    def _adult(self, kind: Tradition, sex: str, age: float, homes: list[int]) -> Person:
        self.family += 1
        born = NOW - int((age + self.rng.random()) * YEAR)
        return self._person("adult", sex, born, kind, adult_name(self.rng, kind, sex), homes, self.family)

    def _partners(self, kind: Tradition, homes: list[int], age: float | None = None) -> tuple[Person, Person]:
        rng = self.rng
        age = age if age is not None else rng.triangular(20, 55, 34)
        her = self._adult(kind, "F", age, homes)
        other = kind if rng.random() < 0.88 else rng.choices(self._kinds, self._shares)[0]
        him = self._adult(other, "M", age + rng.gauss(2, 3), homes)
        if kind.style in ("inherit", "polish") and rng.random() < 0.62:
            married = gendered(him.surnames[-1], "F") if other.style == "polish" else him.surnames[-1]
            if rng.random() < 0.08 and "-" not in her.surnames[-1]:
                married = f"{her.surnames[-1]}-{married}"
            her.surnames.append(married)
        elif kind.style == "patronym":
            her.surnames[-1] = him.name.forename
        return her, him

    # --- children ---

    def _children(
        self, kind: Tradition, mother: Person | None, father: FullName | None, surname: str, homes: list[int]
    ) -> list[Person]:
        rng = self.rng
        self.family += 1
        births = rng.choices((1, 2, 3, 4, 5, 6), (38, 37, 16, 6, 2, 1))[0]
        latest = 0.0 if mother is None else max(0.0, mother.age - 43)
        oldest = 18.4 if mother is None else max(0.4, min(18.4, mother.age - 17))
        made: list[Person] = []
        ages = sorted((rng.uniform(min(latest, oldest), oldest) for _ in range(births)), reverse=True)
        for earlier, age in zip([None, *ages], ages, strict=False):
            if earlier is not None and earlier - age < 0.85:
                continue
            born = NOW - int(age * YEAR)
            if rng.random() < 0.028:
                made += self._twins(kind, mother, father, surname, homes, born, made)
            else:
                made.append(self._child(kind, mother, father, surname, homes, born, rng.choice("MF"), made))
        if rng.random() < 0.05 and made and father is not None and mother is not None:
            before = mother.surnames[0]
            for each in made:  # the parents married later: all the children changed their surname
                if each.surnames[-1] != before:
                    each.surnames.insert(0, before)
        return made

    def _child(
        self,
        kind: Tradition,
        mother: Person | None,
        father: FullName | None,
        surname: str,
        homes: list[int],
        born: int,
        sex: str,
        brothers: list[Person],
    ) -> Person:
        rng = self.rng
        taken = {(each.name.forename, each.name.middles[:1] if _is_shared(each.name) else ()) for each in brothers}
        for _ in range(20):
            name = child_name(rng, kind, sex, father, surname)
            if (name.forename, name.middles[:1] if _is_shared(name) else ()) not in taken:
                break
        if sex == "M" and father is not None and rng.random() < 0.025:
            name.forename, name.known_as = father.forename, ""  # after his father
        child = self._person("child", sex, born, kind, name, homes, self.family)
        child.mother = mother
        return child

    def _twins(
        self,
        kind: Tradition,
        mother: Person | None,
        father: FullName | None,
        surname: str,
        homes: list[int],
        born: int,
        brothers: list[Person],
    ) -> list[Person]:
        rng = self.rng
        sex = rng.choice("MF")
        first = self._child(kind, mother, father, surname, homes, born, sex, brothers)
        made = [first]
        for _ in range(2 if rng.random() < 0.04 else 1):
            same = rng.random() < 0.66
            sex = first.sex if same else ("F" if first.sex == "M" else "M")
            late = 1 if rng.random() < 0.02 else 0
            other = self._child(kind, mother, father, surname, homes, born + late, sex, brothers + made)
            if same and rng.random() < 0.22:
                self._sounds_alike(kind, first, other, made)
            other.surnames = list(first.surnames)
            made.append(other)
        for each in made:  # nobody gives a twin the other's name as a second one
            names = {one.name.forename for one in made}
            if each.name.forename != "Muhammad":
                each.name.middles = tuple(name for name in each.name.middles if name not in names)
        for each in made:
            each.twins = first.id
        if rng.random() < 0.15:
            rng.choice(made).unseen = True
        return made

    def _sounds_alike(self, kind: Tradition, first: Person, other: Person, made: list[Person]) -> None:
        """Give a twin a name near the other's: Leo and Leon, Hui and Hui Suet, Muhammad Hassan and Muhammad Hussain."""
        rng = self.rng
        taken = {each.name.forename for each in made}
        forename = first.name.forename
        if kind.style == "muslim" and first.sex == "M":
            pairs = (("Hassan", "Hussain"), ("Hasan", "Husain"), ("Ali", "Aliyan"), ("Zain", "Zayan"))
            one, two = rng.choice(pairs)
            first.name.forename = other.name.forename = "Muhammad"
            first.name.middles, other.name.middles = (one,), (two,)
            return
        if kind.style == "chinese":
            other.name.forename = (
                f"{forename.split()[0].split('-')[0]} {kind.forename(rng, 'F', adult=False).split()[0]}"
            )
            if other.name.forename not in taken:
                return
        names = (kind.girls if first.sex == "F" else kind.boys).values
        near = [
            each for each in names if each[:2] == forename[:2] and each not in taken and not same_name(each, forename)
        ]
        if near:
            other.name.forename = rng.choice(near)

    # --- households ---

    def _couple(self, kind: Tradition) -> None:
        homes = self._homes()
        her, him = self._partners(kind, homes)
        self._finish(self._children(kind, her, him.name, her.surnames[0], homes))

    def _lone_parent(self, kind: Tradition) -> None:
        rng, homes = self.rng, self._homes()
        mother = self._adult(kind, "F", rng.triangular(17, 50, 30), homes)
        father = adult_name(rng, kind, "M") if rng.random() < 0.55 else None
        if rng.random() < 0.2:
            mother.surnames.append(kind.family_name(rng))
        self._finish(self._children(kind, mother, father, mother.surnames[0], homes))

    def _step_family(self, kind: Tradition) -> None:
        rng, homes = self.rng, self._homes()
        her, him = self._partners(kind, homes)
        before = self._children(kind, her, adult_name(rng, kind, "M"), her.surnames[0], homes[:])
        for each in before:
            if rng.random() < 0.3:
                each.surnames.append(him.surnames[-1])
        if rng.random() < 0.6:
            self._finish(self._children(kind, her, him.name, her.surnames[0], homes)[:2])
        self._finish(before)

    def _three_generations(self, kind: Tradition) -> None:
        rng, homes = self.rng, self._homes()
        older, grandfather = self._partners(kind, homes, age=rng.uniform(55, 72))
        cousins: list[list[Person]] = []
        self.family += 1
        brothers = self.family
        for _ in range(2 if rng.random() < 0.3 else 1):
            son = self._person(
                "adult",
                "M",
                older.born + int(rng.uniform(19, 30) * YEAR),
                kind,
                child_name(rng, kind, "M", grandfather.name, older.surnames[0], adult=True),
                homes,
                brothers,
            )
            wife = self._adult(kind, "F", max(18.0, son.age - rng.uniform(0, 6)), homes)
            if kind.style in ("inherit", "polish") and rng.random() < 0.6:
                wife.surnames.append(gendered(son.surnames[-1], "F") if kind.style == "polish" else son.surnames[-1])
            cousins.append(self._children(kind, wife, son.name, wife.surnames[0], homes))
            self._finish(cousins[-1])
        if len(cousins) == 2 and rng.random() < 0.4:
            one, two = rng.choice(cousins[0]), rng.choice(cousins[1])
            if one.sex == two.sex and one.born != two.born:  # cousins with one name at one address
                two.name.forename, two.surnames = one.name.forename, list(one.surnames)

    def _adults_only(self, kind: Tradition) -> None:
        homes = self._homes()
        if self.rng.random() < 0.45:
            self._partners(kind, homes, age=self.rng.uniform(20, 80))
        else:
            self._adult(kind, self.rng.choice("MF"), self.rng.uniform(18, 85), homes)

    def _kinship(self, kind: Tradition) -> None:
        homes = self._homes()
        older, _ = self._partners(kind, homes, age=self.rng.uniform(48, 68))
        father = adult_name(self.rng, kind, "M") if self.rng.random() < 0.6 else None
        for each in self._children(kind, None, father, older.surnames[0], [self.places.any(self.rng), *homes]):
            each.often_moved = True

    def _foster(self, kind: Tradition) -> None:
        """Carers with one to three looked-after children of other families, who have moved often."""
        rng, homes = self.rng, self._homes()
        self._partners(kind, homes, age=rng.uniform(38, 60))
        for _ in range(rng.choice((1, 1, 2, 3))):
            other = rng.choices(self._kinds, self._shares)[0]
            before = [self.places.any(rng)]
            while rng.random() < 0.7 and len(before) < 7:
                before.append(self.places.near(rng, before[-1]))
            father = adult_name(rng, other, "M") if rng.random() < 0.5 else None
            for each in self._children(other, None, father, other.family_name(rng), [*before, homes[-1]])[:2]:
                each.often_moved = True
                if rng.random() < 0.22 and each.age < 12:
                    self._waiting.append(each)

    def _placement(self, kind: Tradition) -> None:
        """A house where unaccompanied children live: eight or so, now and then forty."""
        rng = self.rng
        home = self.places.communal(rng, self.places.dwellings // 900) if rng.random() < 0.3 else self.places.any(rng)
        size = 38 if rng.random() < 0.03 else rng.randint(5, 10)
        codes = (*["arabic_afghan_eritrean"] * 6, "somali", "vietnamese")
        for _ in range(size):
            other = BY_CODE[rng.choice(codes)]
            self.family += 1
            year = 2026 - rng.choice((14, 15, 16, 16, 17, 17, 18))
            guessed = rng.random() < 0.72
            born = date(year, 1, 1).toordinal() + (0 if guessed else rng.randrange(365))
            sex = "M" if rng.random() < 0.88 else "F"
            homes = [*(self.places.any(rng) for _ in range(rng.choice((0, 0, 1, 2)))), home]
            who = self._person("child", sex, born, other, adult_name(rng, other, sex), homes, self.family)
            who.estimated = True

    def _finish(self, children: list[Person]) -> None:
        for each in children:
            if each.adopted == 0 and self.rng.random() < 0.002:
                self._waiting.append(each)

    def _adopt_waiting(self) -> None:
        """Give each child who waits a second identity with other parents; to linkage it is another person."""
        rng = self.rng
        for child in self._waiting:
            self.household += 1
            kind = rng.choices(self._kinds, self._shares)[0] if rng.random() < 0.3 else BY_CODE[child.group]
            homes = [self.places.any(rng)]
            _, him = self._partners(kind, homes, age=rng.uniform(30, 50))
            while him.surnames[-1] in child.surnames:
                him.surnames = [kind.family_name(rng)]
            self.family += 1
            fresh = kind.forename(rng, child.sex, adult=False)
            forename = child.name.forename if rng.random() < 0.65 else fresh
            middles = (child.name.forename,) if forename == fresh and rng.random() < 0.4 else child.name.middles
            name = FullName(forename, middles if rng.random() < 0.6 else (), him.surnames[-1])
            after = self._person("child", child.sex, child.born, kind, name, homes, self.family)
            after.adopted = child.adopted = child.id
        self._waiting = []


def same_name(one: str, other: str) -> bool:
    """Say whether two forenames are short forms of one, as no parents would call twins."""
    return any(one in line.split() and other in line.split() for line in SHORT_FORMS.split("|"))


def _is_shared(name: FullName) -> bool:
    """Say whether the forename is one that brothers share, so that the next name tells them apart."""
    return name.forename.startswith(("Moham", "Muham"))


def even_shares() -> dict[str, float]:
    """Return every tradition with the same share."""
    return {each.code: 1.0 for each in TRADITIONS}


def usual_shares() -> dict[str, float]:
    """Return the traditions as they are in a mixed English town."""
    return {each.code: each.share for each in TRADITIONS}
