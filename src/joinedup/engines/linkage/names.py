"""Names as agencies write them: one plain form, known variants, and how they sound.

Everything here works on one forename or one surname at a time. Two spellings of
one name should meet in the plain form (``O'Brien``, ``OBRIEN``), in a group of
variants (``Liz``, ``Elizabeth``; ``Mohammed``, ``Muhammad``) or in a phonetic key
(``Haris``, ``Harris``). The groups are a modest list of our own, not a census:
a name that is missing is still found by its sound or its date of birth.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache

import jellyfish

from joinedup.engines.linkage.established import ENGLISH, ESTABLISHED
from joinedup.engines.linkage.spellings import ONE_SYLLABLE_SURNAMES, SHARED_FIRST_NAMES, SPELLINGS


def _set_of(text: str, between: str | None = None) -> frozenset[str]:
    """Return the words of a list, or its phrases with a mark between them."""
    return frozenset(text.split(between))


_TITLES = _set_of("mr mrs miss ms mx dr prof professor rev reverend sir dame lady lord master")
_SUFFIXES = _set_of("jr jnr junior sr snr senior")
_BABY_WORDS = _set_of("baby babe unborn infant newborn boy girl twin triplet quad foetus")
_BABY_DETAIL = _set_of("one two three four first second third 1 2 3 4 a b c d i ii iii male female of child")
_NOT_A_NAME = _set_of(
    "unknown|not known|not given|not stated|not recorded|no name|none|nil|nk|tbc|tba"
    "|n a|n k|nfn|nmn|not yet named|to be confirmed|to be advised|no forename"
    "|no surname|xx|xxx",
    "|",
)
_PARTICLES = _set_of("al el ul ur abu bin bint ibn da das de del della den der di do dos du la le van von st y")
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"})
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02bc\u02bb\u02bf\u02be\u2032]")
_NO_LETTER = re.compile("[^a-z0-9]+")

# Short forms of one name. A name may stand in several lines.
_NICKNAMES = """
abigail abi abby gail
abraham abe bram
adam ads
albert al bert bertie
alexander alex alec alexei sandy xander sasha lex
alexandra alex alexa sandra lexi sasha
alfred alf alfie fred
alice ali
alison ali
amanda mandy
andrew andy drew
angela angie
anne ann anna annie nan
annemarie annmarie anne ann
anthony antony tony ant
arthur art artie
barbara babs barb
benjamin ben benny benji
bernard bernie
beverley bev
bradley brad
bridget bridie
cameron cam
caroline carrie caz
catherine katherine kathryn katharine cath cathy kath kathy kate katie kitty kit
charles charlie chas chuck
charlotte charlie lottie lotte charley
christina christine tina chris chrissie kirsty
christopher chris kit topher
clifford cliff
constance connie
daniel dan danny
danielle dani
david dave davy dai
deborah debbie deb debra
dennis den denny
derek del
dominic dom nick
donald don donnie
dorothy dot dottie dolly
douglas doug dougie
edward ed eddie ned ted teddy
eleanor ellie nell elle nora elinor
elizabeth liz lizzie beth betty betsy eliza libby elspeth elsie bess lisa elisabeth
emily em emmie millie
emma em
ethan eth
evelyn evie eve
florence flo florrie flossie
frances fran frankie fanny
francis frank frankie
frederick fred freddie freddy
gabriel gabe
gabriella gabby ella
gareth gaz
geoffrey jeffrey geoff jeff
georgina george georgie gina
georgia georgie
gerald gerry jerry
graham graeme
gregory greg
gwendoline gwen
hannah han
harold harry hal
harriet hattie
henry harry hal hank
helen nell lena
hugh huw hughie
imogen immy
isaac ike zac
isabella isabelle isabel bella izzy issy belle isobel
jacob jake
jacqueline jackie jacqui
james jim jimmy jamie jem
jane janey jenny
janet jan
jasmine jas jazz yasmin
jason jay
jennifer jen jenny jenna
jeremy jerry jez
jessica jess jessie
joanne joanna jo
john jack johnny jon
jonathan jon jonny nathan johnathan
joseph joe joey
josephine jo josie
joshua josh
judith judy
julia julie jules
julian jules
katelyn caitlin kaitlin kate
kenneth ken kenny
kimberley kim
kyle ky
lauren laurie
laurence lawrence larry laurie lol
leonard len lenny leo
leonardo leo
lewis louis lou
lillian lilian lily lilly
louise lou
lucy lulu lucia
lydia liddy
madeleine maddie maddy madeline
malcolm mal
margaret maggie meg peggy madge marge margie greta daisy
maria mary marie molly polly
marjorie marge
martha mattie
martin marty
matilda tilly mattie tilda
matthew matt matty
maureen mo
maxwell max
maximilian max
megan meg
melanie mel
melissa mel lissa
mercedes mercy
michael mike mick mickey mikey
michelle shelley
mitchell mitch
mohammed mo
molly mollie
morgan mo
nathaniel nathan nat nate
natalie nat
natasha tasha
nicholas nick nicky nico
nicola nicky nikki
nigel nige
norman norm
oliver ollie oli
olivia liv livvy
oscar ozzy
owen owain
pamela pam
patricia pat patsy trish tricia
patrick pat paddy
pauline polly
penelope penny
peter pete
philip phillip phil pip
philippa pippa pip
phoebe fifi
priscilla cilla
rachel rach
raymond ray
rebecca becky becca bex rebekah
reginald reg reggie
richard rick ricky dick rich richie
robert rob bob bobby robbie bert robin
roberta bobbie
rodney rod
roger rodge
ronald ron ronnie
rosemary rose rosie
roseanne rosie rose
russell russ
samantha sam sammy
samuel sam sammy
sandra sandy
sarah sally sadie
sebastian seb bas
sidney sid
simon si
sophia sophie
stanley stan
stephanie steph
stephen steven steve stevie
stuart stewart stu
susan sue susie suzanne susannah
terence terry
theodore theo ted teddy
theresa teresa terry tess tessa
thomas tom tommy
timothy tim
tobias toby
tristan tris
valerie val
vanessa nessa
veronica ronnie vera
victor vic
victoria vicky tori vikki
vincent vince vinny
violet vi
virginia ginny
vivien viv
walter wally walt
warren waz
wendy wend
wilfred wilf fred
william will bill billy willy liam
winifred winnie freda
yvonne eve
zachary zac zak zach
"""


@lru_cache(maxsize=65_536)
def normalise(text: str) -> str | None:
    """Return a name's plain form, or ``None`` if it is no name at all.

    Small letters without accents or apostrophes; hyphens as spaces; titles and
    ``junior`` dropped; ``Mac`` as ``mc``. Placeholders (``Baby boy``, ``Unborn``,
    ``Twin 2``, ``Not known``) are ``None``: they say only that the name is missing.
    """
    words = _words(text)
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    if not words or " ".join(words) in _NOT_A_NAME or _is_baby(words):
        return None
    named = [word for word in words if not word.isdigit()]
    return " ".join(_mc(word) for word in named) or None


def compact(text: str) -> str | None:
    """Return a name's plain form without spaces: ``annemarie`` for ``Anne-Marie``."""
    plain = normalise(text)
    return plain.replace(" ", "") if plain else None


def parts(text: str) -> tuple[str, ...]:
    """Return the names in a name: two in ``Smith-Jones``, one in ``Al Hassan``."""
    plain = normalise(text)
    if not plain:
        return ()
    words = plain.split()
    return tuple(word for word in words if word not in _PARTICLES) or tuple(words)


def surname_parts(text: str) -> tuple[str, ...]:
    """Return the names in a surname, also where the hyphen between two was lost: two in ``SmithJones``, one in
    ``MacLeod``."""
    return parts(_apart(text))


def _apart(text: str) -> str:
    """Return a text with a space before each capital in the middle of a word that begins another name."""
    if text[1:].islower() or text.isupper():  # as most are written
        return text
    cuts = [place for place in range(3, len(text) - 2) if text[place].isupper() and _begins_a_name(text, place)]
    for place in reversed(cuts):
        text = f"{text[:place]} {text[place:]}"
    return text


def _begins_a_name(text: str, place: int) -> bool:
    """Say whether small letters enough for a name stand before and after: ``Mac`` and ``De`` are none."""
    before, after = text[place - 3 : place], text[place + 1 : place + 3]
    return before.isalpha() and before.islower() and after.isalpha() and after.islower()


def first_part(text: str) -> str | None:
    """Return the first name of a forename that may hold middle names too."""
    return next(iter(parts(text)), None)


def is_multiple_birth(text: str) -> bool:
    """Say whether a placeholder name marks a twin or triplet: ``Twin 1``."""
    return normalise(text) is None and bool({"twin", "triplet", "quad"} & set(_words(text)))


def is_unnamed_child(text: str) -> bool:
    """Say whether a placeholder name marks a child with no name yet: ``Baby``, ``Unborn``."""
    return normalise(text) is None and bool(_BABY_WORDS & set(_words(text)))


@lru_cache(maxsize=65_536)
def known_variants(name: str) -> frozenset[str]:
    """Return the short forms and spellings of a plain name, itself included."""
    groups = _GROUPS_OF.get(name, ())
    return frozenset({name}).union(*(_GROUPS[each] for each in groups))


def is_listed(name: str) -> bool:
    """Say whether a plain name is in our lists, so is a name and not a slip of the pen."""
    return name in _GROUPS_OF or name in ESTABLISHED


def is_english(name: str) -> bool:
    """Say whether a plain forename is one in common use in England, or a short form of one."""
    return name in _ENGLISH


def is_shared(name: str) -> bool:
    """Say whether a plain first name may be half of one, or an honour, that brothers and sisters have in common."""
    return name in SHARED_FIRST_NAMES or is_of_syllables(name, most=1)


def is_of_syllables(name: str, *, most: int = 3) -> bool:
    """Say whether a plain forename can be read as a few Chinese, Vietnamese or Korean syllables, and is not English."""
    if name in _ENGLISH or len(name) < 2:
        return False
    return _IN_SYLLABLES[most].fullmatch(name) is not None


def is_one_syllable_surname(name: str) -> bool:
    """Say whether a plain surname is one of those of a single syllable that Chinese, Vietnamese and Korean families bear."""
    return name in ONE_SYLLABLE_SURNAMES


def connected_group(name: str) -> int | None:
    """Return a number shared by every name that a chain of groups leads to, too wide for more than searching."""
    found = _GROUPS_OF.get(name)
    return _connected()[found[0]] if found else None


@lru_cache(maxsize=1)
def _connected() -> tuple[int, ...]:
    """Return the least group to which each group is joined by names in common."""
    least = list(range(len(_GROUPS)))
    changed = True
    while changed:
        changed = False
        for places in _GROUPS_OF.values():
            lowest = min(least[place] for place in places)
            changed = changed or any(least[place] != lowest for place in places)
            for place in places:
                least[place] = lowest
    return tuple(least)


def groups_of(name: str) -> tuple[int, ...]:
    """Return the numbers of the groups of variants in which a plain name stands."""
    return tuple(_GROUPS_OF.get(name, ()))


def is_variant(one: str, other: str) -> bool:
    """Say whether two plain names are forms of one name (``liz``, ``elizabeth``).

    They must stand in one group: ``jon`` goes with ``john`` and with ``jonathan``,
    but ``jack`` does not go with ``jonathan`` by way of ``jon``.
    """
    return one == other or bool(set(_GROUPS_OF.get(one, ())) & set(_GROUPS_OF.get(other, ())))


def name_variants(text: str) -> frozenset[str]:
    """Return every plain form under which a name might be recorded.

    The whole name, spaced and not, each part of it, and the known short forms
    and spellings of each. Empty for a placeholder.
    """
    plain = normalise(text)
    if not plain:
        return frozenset()
    forms = {plain, plain.replace(" ", ""), *parts(text)}
    return frozenset().union(*(known_variants(form) for form in forms))


@lru_cache(maxsize=65_536)
def sound(name: str) -> str:
    """Return how a plain name sounds in English (metaphone); the name if that fails."""
    return jellyfish.metaphone(name).replace(" ", "") or name


@lru_cache(maxsize=65_536)
def broad_sound(name: str) -> str:
    """Return a plain name's NYSIIS code, which forgives other slips than metaphone."""
    return jellyfish.nysiis(name) or name


def phonetic_keys(name: str) -> frozenset[str]:
    """Return both phonetic codes of a plain name, marked so that they never meet."""
    return frozenset({f"m:{sound(name)}", f"n:{broad_sound(name)}"})


def sounds_alike(one: str, other: str) -> bool:
    """Say whether two plain names share a phonetic code."""
    return bool(phonetic_keys(one) & phonetic_keys(other))


def split_full_name(text: str) -> tuple[str, str]:
    """Split one line into forename and surname: ``Ann Lee``, ``LEE, Ann``.

    The last word is the surname, with the small words before it (``van der
    Berg``). One word alone is a surname.
    """
    if "," in text:
        surname, _, forename = text.partition(",")
        return forename.strip(), surname.strip()
    words = text.split()
    place = max(len(words) - 1, 0)
    while place > 1 and words[place - 1].casefold() in _PARTICLES:
        place -= 1
    return " ".join(words[:place]), " ".join(words[place:])


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a name without case, accents or punctuation."""
    bare = _APOSTROPHES.sub("", text).casefold().translate(_PLAIN_LETTERS)
    if bare.isascii():
        return _joined_up(_NO_LETTER.sub(" ", bare).split())
    kept = []
    for each in unicodedata.normalize("NFKD", bare):
        if unicodedata.combining(each) or unicodedata.category(each) == "Cf":
            continue
        kept.append(each if unicodedata.category(each)[0] in "LMN" else " ")
    return _joined_up("".join(kept).split())


def _joined_up(words: list[str]) -> tuple[str, ...]:
    """Return words with a first one that is part of the next put before it: O Neill, Mac Donald."""
    if len(words) > 1 and words[0] == "o":
        words = [f"o{words[1]}", *words[2:]]
    if len(words) > 1 and words[0] in {"mac", "mc"}:
        words = [f"mc{words[1]}", *words[2:]]
    return tuple(words)


def _mc(word: str) -> str:
    """Return ``mcdonald`` for ``macdonald``, leaving ``macy`` and ``mack`` alone."""
    return re.sub(r"^mac(?=[a-z]{3})", "mc", word)


def _is_baby(words: tuple[str, ...]) -> bool:
    """Say whether words stand for a child with no name yet."""
    if words[0] in {"unborn", "baby", "newborn", "babyboy", "babygirl", "infant"}:
        return True
    found = set(words)
    return bool(found & _BABY_WORDS) and found <= _BABY_WORDS | _BABY_DETAIL


def _grouped(text: str) -> list[frozenset[str]]:
    """Return the groups of names in a list of lines."""
    return [frozenset(line.split()) for line in text.strip().splitlines()]


_ENGLISH = frozenset(_NICKNAMES.split()) | ESTABLISHED | ENGLISH
_SYLLABLE = (
    "(?:zh|ch|sh|ts|tz|ng|nh|ph|th|tr|kh|gi|qu|kw|gw|hs|hw|[bcdfghjklmnpqrstvwxyz])?"
    "(?:eung|eong|yeo|[iu]?[aeiou]{1,2}|y[aeiou]{0,2}|sz|tsz)(?:ng|nh|ch|[nmptkcrl])?"
)
_IN_SYLLABLES = {most: re.compile(f"(?:{_SYLLABLE}){{1,{most}}}") for most in (1, 3)}
_GROUPS = _grouped(_NICKNAMES) + _grouped(SPELLINGS)
_GROUPS_OF: dict[str, list[int]] = defaultdict(list)
for _place, _group in enumerate(_GROUPS):
    for _name in _group:
        _GROUPS_OF[_name].append(_place)
