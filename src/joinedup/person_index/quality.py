"""What can be wanting in an agency's records: each measure with what it says of a record, the question to send back, and
the condition in SQL. Pure.

`r` is the record and `l` its live link; other agencies' records are asked whether they differ, never what they say.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """One thing that can be wanting. `kind` is missing, doubtful or conflicting."""

    code: str
    name: str
    kind: str
    question: str
    sql: str


_OTHER = """EXISTS (
  SELECT 1 FROM person_index_recordlink ol JOIN person_index_agencyrecord o ON o.id = ol.record_id
  WHERE ol.person_id = l.person_id AND ol.separated_at IS NULL AND o.id <> r.id AND {what})"""

MEASURES: tuple[Measure, ...] = (
    Measure("no_name", "First or last name missing", "missing", "What is their full name?",
            "(r.given_name = '' OR r.family_name = '')"),
    Measure("no_birth_date", "Date of birth missing", "missing", "What is their date of birth?", "r.birth_date IS NULL"),
    Measure("no_sex", "Sex missing", "missing", "What sex is recorded for them?", "r.sex = 'U'"),
    Measure("no_address", "Address or postcode missing", "missing", "What is their address and postcode?",
            "(r.address = '' OR r.postcode = '')"),
    Measure("no_number", "Neither NHS number nor pupil number", "missing", "Do you hold an NHS number or pupil number?",
            "(r.nhs_number = '' AND r.upn = '')"),
    Measure("default_date", "Date of birth is 1 January", "doubtful",
            "Is 1 January their real date of birth, or was it entered because none was known?",
            "(EXTRACT(day FROM r.birth_date) = 1 AND EXTRACT(month FROM r.birth_date) = 1)"),
    Measure("placeholder", "A placeholder in place of a name", "doubtful", "What is their name by now?",
            r"r.given_name ~* '^(baby|twin|triplet|infant|unborn|unknown|not known|no name|test|boy|girl|male|female)\y'"),
    Measure("old", "Not confirmed for two years", "doubtful", "Is this still right, and are they still known to you?",
            "coalesce(r.as_of, r.supplied_at::date) < %(old)s"),
    Measure("moved", "A newer address elsewhere", "doubtful", "Another agency has a newer address. Do they still live here?",
            _OTHER.format(what="o.agency_id <> r.agency_id AND o.postcode <> '' AND r.postcode <> '' AND o.postcode <> "
                          "r.postcode AND coalesce(o.as_of, o.supplied_at::date) > coalesce(r.as_of, r.supplied_at::date)")),
    Measure("duplicate", "Twice among your own records", "conflicting",
            "This person has more than one record with you. Are they the same, and can they become one?",
            _OTHER.format(what="o.agency_id = r.agency_id")),
    Measure("shared_number", "One NHS number on two people", "conflicting",
            "The same NHS number stands on the record of somebody else with you. Whose is it?",
            """(r.nhs_number <> '' AND EXISTS (
  SELECT 1 FROM person_index_agencyrecord o JOIN person_index_recordlink ol ON ol.record_id = o.id
  WHERE o.agency_id = r.agency_id AND o.nhs_number = r.nhs_number AND o.id <> r.id AND ol.separated_at IS NULL
    AND ol.person_id <> l.person_id))"""),
    Measure("number_differs", "Another NHS number or pupil number elsewhere", "conflicting",
            "Another agency has a different number for this person. Please check yours.",
            _OTHER.format(what="o.agency_id <> r.agency_id AND ((o.nhs_number <> '' AND r.nhs_number <> '' AND "
                          "o.nhs_number <> r.nhs_number) OR (o.upn <> '' AND r.upn <> '' AND o.upn <> r.upn))")),
    Measure("date_differs", "Another date of birth elsewhere", "conflicting",
            "Another agency has a different date of birth for this person. Please check yours.",
            _OTHER.format(what="o.agency_id <> r.agency_id AND o.birth_date <> r.birth_date")),
)  # fmt: skip
BY_CODE = {measure.code: measure for measure in MEASURES}
KINDS = {"missing": "Missing", "doubtful": "Doubtful", "conflicting": "Conflicting"}
# What is counted at every import, from the rows it brought alone.
OF_AN_IMPORT = tuple(m.code for m in MEASURES if m.code not in {"old", "moved", "duplicate", "shared_number", "number_differs", "date_differs"})  # fmt: skip
