"""What people say, and what records call it: the first rows of a table that the partnership keeps itself. Pure.

A row is a phrase as somebody types it (lower case, no apostrophes), what is searched too, and the topic it is counted under.
"""

from __future__ import annotations

import re

_ROWS: tuple[tuple[str, str, str], ...] = (
    ("Baby and toddler", "health visiting or infant feeding", "baby not sleeping; newborn; weaning; potty training; teething; colic; breastfeeding; breast feeding; bottle feeding; tongue tie; baby weighed"),
    ("Sleep", "sleep or health visiting or parenting support", "sleep; wont sleep; not sleeping; bedtime; up all night; bed wetting"),
    ("Head lice and minor illness", "school nurse or health visiting or head lice", "nits; head lice; worms; verrucas; chickenpox"),
    ("Going to school", "attendance at school or attendance or mental health support in school", "wont go to school; refuses school; school refusal; skipping school; bunking off; truancy; scared of school; missing school"),
    ("Behaviour", "parenting support or parenting programme", "tantrums; meltdowns; naughty; bad behaviour; hitting; biting; wont listen; out of control; angry child; anger"),
    ("Worry and low mood", "mental health or emotional support", "anxious; anxiety; worried; sad; low mood; depressed; depression; panic attacks; stressed; self harm; self harming; feeling down; mental health"),
    ("Eating", "nutrition or weight management or infant feeding", "fussy eater; wont eat; picky eater; overweight; obesity; eating disorder; diet"),
    ("Talking and hearing", "speech and language or hearing and sight", "not talking; late talker; stammer; stutter; lisp; cant hear; deaf; glasses; eyesight"),
    ("Autism and ADHD", "autism or special educational needs", "autistic; asd; adhd; add; aspergers; sensory; spectrum"),
    ("Disability and local offer", "short breaks or special educational needs", "disabled; disability; respite; sen; send; ehcp; carer break; wheelchair"),
    ("Money and food", "debt and welfare advice or money", "skint; no money; broke; debt; bills; food bank; foodbank; hungry; benefits; universal credit; cost of living; cant afford"),
    ("Home", "housing and homelessness", "evicted; eviction; homeless; sofa surfing; rent arrears; damp; mould; overcrowded; nowhere to live"),
    ("Harm at home", "domestic abuse", "hits me; hurts me; violent partner; abusive; abuse; domestic violence; scared of my partner; controlling partner; leave my husband; leave him"),
    ("Drink and drugs", "substance misuse or young people support", "drugs; drinking; alcohol; weed; vaping; cannabis"),
    ("Bullying", "bullying and cyber bullying", "bullied; picked on; bullies; online bullying; trolled"),
    ("Childcare and clubs", "activities or before and after school clubs or holiday clubs", "something to do; after school; half term; summer holidays; school holidays; playgroup; toddler group; mums and tots; babysitter; nursery; football; things to do"),
    ("Parents apart", "family support or parenting support", "divorce; separation; split up; contact with dad; contact with mum; custody; step family"),
    ("Grief", "bereavement or emotional support", "died; death; grief; grieving; lost their dad; lost their mum"),
    ("Young people", "young people support or activities", "bored; youth club; gangs; contraception; sexual health; coming out; lgbt; gender"),
    ("Getting there", "community transport", "lift to hospital; no car; cant get there; bus fare; transport"),
    ("Young carers", "young carers or young people support", "looking after mum; looking after my mum; looking after my dad; young carer; caring for"),
    ("Pregnancy", "pregnancy or health visiting", "pregnant; expecting; antenatal; midwife; due date"),
)  # fmt: skip
ROWS: tuple[tuple[str, str, str], ...] = tuple(
    (phrase.strip(), means, topic) for topic, means, phrases in _ROWS for phrase in phrases.split(";")
)
OTHER_TOPIC, NO_TOPIC = "Something else", "No words, only choices"
TOPICS: tuple[str, ...] = tuple(dict.fromkeys(topic for topic, _, _ in _ROWS))


def plain(text: str) -> str:
    """Words as they are compared: lower case, no apostrophes, single spaces, no other marks."""
    bare = re.sub(r"[’'`]", "", text.lower())
    return " ".join(re.findall(r"[^\W_]+", bare))


def phrases_in(text: str, known: tuple[tuple[str, str, str], ...]) -> list[tuple[str, str, str]]:
    """Rows whose phrase stands in a text as whole words, the longest first; what lies inside a longer one is left out."""
    padded, found = f" {plain(text)} ", []
    for row in sorted(known, key=lambda each: -len(each[0])):
        if f" {row[0]} " in padded:
            found.append(row)
            padded = padded.replace(f" {row[0]} ", " | ")
    return found
