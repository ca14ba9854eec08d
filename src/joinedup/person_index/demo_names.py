"""Names for an invented town, in the traditions an English town has. Family names are made so that nobody can take them
for real: every one holds Test, Sample, Mock, Exampl, Fict, Trial, Invent or Placehol. Pure data."""

from __future__ import annotations

from dataclasses import dataclass

_STEMS = ("Test", "Sample", "Mock", "Exampl", "Fict", "Trial", "Invent", "Placehol")
_MIDDLES = ("", "er", "en", "ing", "el", "or", "an", "ar", "in", "on", "ow", "ul")


@dataclass(frozen=True)
class Tradition:
    """How some families name themselves. `share` is of a hundred families; `endings` go behind a stem."""

    name: str
    share: int
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    endings: tuple[str, ...]
    short: tuple[tuple[str, str], ...] = ()  # a name and what friends and some agencies write instead
    is_double: bool = False  # two family names, of which some agencies keep one
    is_swapped: bool = False  # the family name comes first, so that some agencies take it for the forename
    women_end: tuple[str, str] = ("", "")  # an ending and what it becomes for women and girls
    ethnicity: str = "White British"  # as a school would have it for most of them

    def surname(self, number: int) -> str:
        """The family name with this number; numbers far apart may share one."""
        stem, rest = _STEMS[number % len(_STEMS)], number // len(_STEMS)
        middle, rest = _MIDDLES[rest % len(_MIDDLES)], rest // len(_MIDDLES)
        return f"{stem}{middle}{self.endings[rest % len(self.endings)]}"

    @property
    def surnames(self) -> int:
        """How many different ones there are."""
        return len(_STEMS) * len(_MIDDLES) * len(self.endings)


def _all(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_BRITISH_GIRLS = _all(
    "Olivia Amelia Isla Ava Lily Freya Florence Willow Elsie Evie Rosie Sophia Grace Poppy Harper Charlotte Maisie Ella "
    "Matilda Phoebe Daisy Ruby Alice Eliza Millie Imogen Esme Penelope Ivy Violet Robyn Nancy Thea Hallie Orla Beatrice "
    "Bonnie Luna Margot Ottilie Summer Lottie Molly Jessica Heidi Aurora Summer Zara Katherine Elizabeth Megan Chloe"
)
_BRITISH_BOYS = _all(
    "Noah George Oliver Arthur Leo Harry Oscar Archie Jack Henry Charlie Freddie Theodore Alfie Thomas Finley Jacob "
    "Reuben Albie Lucas Tommy Joshua Louie Ronnie Jude William James Edward Alexander Samuel Joseph Daniel Benjamin Max "
    "Toby Rory Elliot Caleb Ezra Jasper Bobby Roman Arlo Hudson Rowan Sonny Felix Callum Connor Ethan Logan Mason"
)
TRADITIONS: tuple[Tradition, ...] = (
    Tradition(
        "british", 66, _BRITISH_GIRLS, _BRITISH_BOYS,
        _all("ley ford ham by ton worth field wood bury well comb dale wick croft hurst stone bridge marsh lake more"),
        short=(
            ("Olivia", "Liv"), ("Charlotte", "Lottie"), ("Matilda", "Tilly"), ("Elizabeth", "Lizzie"), ("Alice", "Ally"),
            ("Katherine", "Katie"), ("Millie", "Amelia"), ("Theodore", "Theo"), ("Alexander", "Alex"),
            ("Samuel", "Sam"), ("Joseph", "Joe"), ("Daniel", "Dan"), ("Benjamin", "Ben"), ("William", "Billy"),
            ("Thomas", "Tom"), ("Joshua", "Josh"), ("Edward", "Ted"), ("Harry", "Henry"), ("Archie", "Archibald"),
        ),
    ),
    Tradition(
        "british double", 5, _BRITISH_GIRLS, _BRITISH_BOYS, _all("son er man smith ward kins"), is_double=True
    ),
    Tradition(
        "south asian", 9,
        _all("Aisha Fatima Zainab Maryam Anaya Simran Priya Ananya Aaliyah Hafsa Khadija Inaya Jasleen Harleen Diya "
             "Kavya Riya Nimra Saira Amina"),
        _all("Muhammad Yusuf Ibrahim Zayn Arjun Aarav Rohan Ishaan Kabir Hamza Bilal Ayaan Rayyan Gurpreet Harjit Vihaan "
             "Dev Imran Faisal Umar"),
        _all("ani pal ji wala kar deep singh khan"),
        short=(("Muhammad", "Mohammed"), ("Yusuf", "Yousuf"), ("Khadija", "Khadijah"), ("Fatima", "Fatema")), ethnicity="Asian or Asian British"),
    Tradition(
        "polish", 5,
        _all("Zofia Maja Hanna Julia Oliwia Lena Zuzanna Aleksandra Nikola Wiktoria Kinga Natalia"),
        _all("Jakub Szymon Antoni Filip Kacper Mikolaj Oskar Aleksander Bartosz Wojciech Mateusz Igor"),
        _all("owski ewski inski"), short=(("Aleksandra", "Ola"), ("Zofia", "Zosia"), ("Jakub", "Kuba"),
                                          ("Aleksander", "Olek")), women_end=("ski", "ska"), ethnicity="White other"),
    Tradition(
        "west african", 3,
        _all("Adaeze Chidinma Ngozi Temi Folake Ama Efua Abena Kemi Amara Ifeoma Yewande"),
        _all("Chidi Emeka Tunde Kwame Kofi Obinna Segun Femi Kwabena Chukwudi Ayo Ikenna"),
        _all("wole ade chukwu ola nkwo"),
        short=(("Chidinma", "Chichi"), ("Chukwudi", "Chudi"), ("Yewande", "Wande")), ethnicity="Black or Black British"),
    Tradition(
        "arabic and somali", 3,
        _all("Layla Noor Amal Hodan Ayaan Sumaya Rahma Yasmin Huda Salma Ikram Fartun"),
        _all("Omar Ali Abdi Hassan Khalid Yahya Mustafa Liban Idris Zakaria Abdirahman Sami"),
        _all("ibn abdi omar hussein"), short=(("Abdirahman", "Abdi"), ("Yahya", "Yehia")), is_double=True, ethnicity="Arab or other"),
    Tradition(
        "chinese and vietnamese", 2,
        _all("Mei Xin Ling Yan Hui Linh Thao Mai Jia Wei"), _all("Wei Jun Hao Minh Duc Ming Bao Long Tian Khoa"),
        _all("nguyen ling chan tran"), is_swapped=True, ethnicity="Chinese"),
    Tradition(
        "iberian", 3,
        _all("Ines Beatriz Leonor Mariana Lucia Sofia Carmen Valeria Joana Matilde"),
        _all("Tiago Duarte Mateo Santiago Diogo Rodrigo Afonso Javier Hugo Martim"),
        _all("ez eira ado inho"), is_double=True, ethnicity="White other"),
    Tradition(
        "romanian", 2, _all("Ioana Andreea Bianca Daria Elena Mihaela Teodora Raluca"),
        _all("Andrei Luca Stefan Matei Ionut Vlad Rares Darius"), _all("escu eanu oiu"), ethnicity="White other"),
    Tradition(
        "welsh and irish", 2, _all("Seren Cerys Ffion Nia Saoirse Niamh Aoife Ciara Eira Mared"),
        _all("Osian Macsen Ioan Cian Oisin Tadhg Rhys Gethin Eoin Fionn"), _all("wyn gwyn agh egan"),
        short=(("Saoirse", "Sersha"), ("Niamh", "Neve"), ("Aoife", "Eva")),
    ),
)  # fmt: skip

STREETS: tuple[str, ...] = _all(
    "Placeholder Sample Mockingbird Example Trial Specimen Inventory Fiction Testament Pattern Dummy Template Fable "
    "Sketch Draft Prototype Rehearsal Model Practice Outline"
)
STREET_ENDINGS: tuple[str, ...] = _all("Lane Street Close Avenue Terrace Row Way Drive Road Place Gardens Court")
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
