"""What the demo's directory says: invented providers and their services. The words of categories follow the six groups of family
hubs; everything else is made up, and named so that nobody can doubt it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from joinedup.directory.services import ProviderSaid, TermSaid

CATEGORIES: tuple[TermSaid, ...] = (
    TermSaid("Activities, clubs and groups", under=(TermSaid("Activities"), TermSaid("Before and after school clubs"), TermSaid("Holiday clubs and schemes"))),
    TermSaid("Family support", under=(TermSaid("Bullying and cyber bullying"), TermSaid("Debt and welfare advice"), TermSaid("Domestic abuse"), TermSaid("Housing and homelessness"), TermSaid("Parenting support"), TermSaid("Young people support"))),
    TermSaid("Health", under=(TermSaid("Hearing and sight"), TermSaid("Mental health, social and emotional support"), TermSaid("Nutrition and weight management"))),
    TermSaid("Pregnancy, birth and early years", under=(TermSaid("Health visiting"), TermSaid("Infant feeding support"))),
    TermSaid("Special educational needs and disabilities", under=(TermSaid("Autism"), TermSaid("Short breaks"), TermSaid("Speech and language"))),
    TermSaid("Transport", under=(TermSaid("Community transport"),)),
)  # fmt: skip
NEEDS: tuple[TermSaid, ...] = (
    TermSaid("Child health", under=(TermSaid("Physical health"), TermSaid("Mental health"))),
    TermSaid("Home and family", under=(TermSaid("Money worries"), TermSaid("Feeling unsafe at home"))),
    TermSaid("Learning", under=(TermSaid("Attendance at school"),)),
)
# Invented postcodes of the demo's town with invented points of the grid, and an invented district.
DISTRICT = "E06999901"
POSTCODES: tuple[tuple[str, int, int, str], ...] = (
    ("ZZ1 1SA", 431000, 287000, DISTRICT), ("ZZ1 2TB", 432200, 287900, DISTRICT), ("ZZ2 3MB", 433800, 289100, DISTRICT),
    ("ZZ3 1EX", 435100, 284600, DISTRICT), ("ZZ4 2SF", 436400, 283300, DISTRICT), ("ZZ5 1TT", 434000, 280500, DISTRICT),
    ("ZZ5 2MM", 433100, 279800, DISTRICT), ("ZZ6 1PH", 437700, 278900, DISTRICT), ("ZZ6 2EX", 438600, 277200, DISTRICT),
    ("ZZ7 1TM", 440100, 275000, DISTRICT), ("ZZ7 3IN", 441500, 273800, DISTRICT), ("ZZ8 2SC", 443000, 272100, DISTRICT),
    ("ZZ9 9ZZ", 470000, 240000, "E06999902"),
)  # fmt: skip
PROVIDERS: dict[str, tuple[ProviderSaid, str]] = {
    "council": (ProviderSaid("Exampleshire Council", "The council’s services for children and families.", "families@council.example", "https://council.example/families", (("Local authority", "EXAMPLE"),)), "COUNCIL"),
    "nhs": (ProviderSaid("Exampleshire Community Health", "Health services for children in schools, clinics and at home.", "children@nhs.example", "https://nhs.example/children", (("ODS code", "ZZ001"),)), "NHS"),
    "placeholder": (ProviderSaid("Placeholder Family Support", "A charity that stands beside parents.", "hello@placeholder.example", "https://placeholder.example/", (("Charity number", "0000001"),)), "PLACEHOLDER"),
    "samplers": (ProviderSaid("Samplers Youth Trust", "Youth work, sport and music.", "hello@samplers.example", "https://samplers.example/", (("Charity number", "0000002"),)), "SAMPLERS"),
    "refuge": (ProviderSaid("Testharbour Refuge", "Safe places to stay for people who leave somebody who hurts them.", "help@testharbour.example", "https://testharbour.example/", (("Charity number", "0000003"),), is_address_secret=True), "TESTHARBOUR"),
    "school": (ProviderSaid("Alder Sample Academy", "A secondary school.", "office@alderacademy.example", "https://alderacademy.example/"), "ALDERACADEMY"),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One invented service. `days` is as the standard writes them; `place` is a name and a postcode."""

    provider: str
    name: str
    description: str
    categories: tuple[str, ...]
    ages: tuple[int | None, int | None] = (None, None)
    place: tuple[str, str] | None = None
    days: str = ""
    hours: tuple[str, str] = ("09:00", "17:00")
    price: float | None = 0
    catalogue: tuple[str, str, str, str, str] = ("social_care", "universal", "area", "single", "separate")
    more: dict[str, Any] = field(default_factory=dict)


SERVICES: tuple[Said, ...] = (
    Said("placeholder", "Stay and play at Alder", "Play, sing and meet other parents while your children find their feet. No need to book: come when you can, and stay as long as you like.", ("Activities", "Parenting support"), (0, 4), ("Alder Family Hub", "ZZ1 1SA"), "TU,TH", ("09:30", "11:30")),
    Said("nhs", "Health visitor clinic", "Have your baby weighed, and ask a health visitor about sleep, feeding, teeth or anything that worries you.", ("Health visiting", "Infant feeding support"), (0, 5), ("Birch Children’s Centre", "ZZ3 1EX"), "MO,WE", ("10:00", "12:00"), catalogue=("health", "universal", "area", "joint", "pooled")),
    Said("nhs", "Speech and language drop-in", "Talk to a therapist about how your child speaks, listens or swallows. You can come without a letter from a doctor.", ("Speech and language",), (2, 11), ("Cedar Clinic", "ZZ5 1TT"), "FR", ("13:00", "16:00"), catalogue=("health", "targeted", "area", "joint", "aligned")),
    Said("nhs", "Mental health support in school", "A worker in school helps with worry, low mood and sleep, one to one or in a small group.", ("Mental health, social and emotional support",), (11, 18), ("Alder Sample Academy", "ZZ1 1SA"), "MO,TU,WE,TH,FR", catalogue=("health", "targeted", "school", "joint", "pooled")),
    Said("samplers", "Friday night football", "Football for anybody, whatever you can do. Boots and bibs are there for you.", ("Activities", "Young people support"), (11, 17), ("Elder Sports Ground", "ZZ7 1TM"), "FR", ("18:00", "20:00"), 1.5, catalogue=("education", "universal", "area", "single", "separate")),
    Said("samplers", "Music and beats", "Make your own music with people who know how. Headphones, laptops and instruments are here.", ("Activities",), (13, 19), ("Samplers House", "ZZ6 1PH"), "SA", ("11:00", "15:00"), 0, catalogue=("education", "universal", "area", "single", "separate")),
    Said("council", "Parenting programme: calm together", "Eight weeks in a small group for parents whose children are often angry or upset. It is run by two trained workers, and a crèche looks after younger ones.", ("Parenting support",), (3, 10), ("Elder Family Hub", "ZZ7 3IN"), "WE", ("18:00", "20:00"), catalogue=("social_care", "targeted", "area", "joint", "pooled")),
    Said("council", "Money and debt advice for families", "Free and private advice on bills, debts and what you may claim. We help you fill in the forms.", ("Debt and welfare advice",), (None, None), ("Birch Children’s Centre", "ZZ3 1EX"), "TH", ("09:00", "13:00")),
    Said("council", "Short breaks for disabled children", "Time away from home for your child, and a rest for you: an afternoon, a day or a weekend.", ("Short breaks",), (5, 18), ("Damson House", "ZZ6 2EX"), "SA,SU", price=None, catalogue=("social_care", "targeted", "area", "joint", "aligned"), more={"fees": "It depends on what you can pay. Ask us."}),
    Said("refuge", "A safe place to stay", "If somebody at home hurts or frightens you, we find a safe place for you and your children, day or night.", ("Domestic abuse", "Housing and homelessness"), (None, None), ("", ""), "", catalogue=("social_care", "targeted", "area", "joint", "pooled")),
    Said("school", "Breakfast club", "Breakfast, games and help with homework before school begins.", ("Before and after school clubs",), (11, 16), ("Alder Sample Academy", "ZZ1 1SA"), "MO,TU,WE,TH,FR", ("07:45", "08:40"), 0.5, catalogue=("education", "universal", "school", "single", "separate")),
    Said("placeholder", "Rides to the clinic", "Volunteers drive families without a car to the doctor, the dentist and the hospital.", ("Community transport",), (None, None), None, "MO,TU,WE,TH,FR", price=0),
)  # fmt: skip
