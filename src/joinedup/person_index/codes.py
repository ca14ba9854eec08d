"""The code lists of the person index: parts in a family, relationships, kinds of name, ways to reach somebody. Pure."""

from __future__ import annotations

FAMILY_PARTS: dict[str, str] = {
    "child": "Child",
    "parent": "Parent",
    "carer": "Carer",
    "other": "Other member of the household",
}

NAME_KINDS: dict[str, str] = {
    "usual": "Name",
    "former": "Former name",
    "known_as": "Known as",
}

# `person` is the … of `other`.
RELATIONSHIPS: dict[str, str] = {
    "mother": "Mother",
    "father": "Father",
    "parent": "Parent",
    "step_parent": "Step-parent",
    "adoptive_parent": "Adoptive parent",
    "foster_carer": "Foster carer",
    "carer": "Carer",
    "guardian": "Guardian",
    "grandparent": "Grandparent",
    "aunt_or_uncle": "Aunt or uncle",
    "brother": "Brother",
    "sister": "Sister",
    "half_brother": "Half-brother",
    "half_sister": "Half-sister",
    "step_brother": "Step-brother",
    "step_sister": "Step-sister",
    "partner": "Partner",
    "former_partner": "Former partner",
    "other": "Other",
}

CONTACT_WAYS: dict[str, str] = {
    "phone": "By telephone",
    "text": "By text message",
    "email": "By e-mail",
    "letter": "By letter",
    "in_person": "In person only",
    "through": "Only through somebody named",
    "none": "Do not contact",
}
